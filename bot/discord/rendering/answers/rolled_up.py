"""A page of a list over all documents: a few lines for each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot import messages
from bot.discord.rendering.answers.excerpts import number_mark
from bot.discord.rendering.answers.rows import below_header, short_record
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.escape import bold, escape_line, quote, quote_costs, quote_of_part
from bot.discord.rendering.limits import units
from bot.discord.rendering.message import Block, Button, MessagePart, Section, packed
from bot.discord.rendering.typesetting import typeset
from bot.localization import _, ngettext
from bot.wording.places import Place, place_of
from bot.wording.replies import Surface, reply_text
from bot.wording.standings import short_day
from index.answering.answer import Excerpt, Reply, Says
from index.answering.rollups.rows import RollUp, RollUpRow, reply_of
from index.document import Span, clip_styles, shift_styles
from index.parsing.text.dates import Period

ROWS_ON_A_PAGE = 5
"""So many have one row of buttons, and fit into one message however long their texts are."""
_TITLE, _PLACE, _QUOTE = 160, 160, 320
"""Most units of each, of what a row shows."""
_CONTEXT = 100
"""Characters before the first word that was asked for, where a quote is shortened."""
_LINES = 4
_SET = 2 * _QUOTE
"""Most units of a quote as its document sets it."""
_RECORD = 260
"""Most units of a row with the names of its columns."""
_DOT = " · "


def rolled_up_message(
    found: RollUp,
    footer: str | None,
    rows: Sequence[Sequence[Button]],
    opener: Callable[[int, RollUpRow], Button],
) -> list[MessagePart]:
    """Return one page of a list, with what is said of all of it above.

    `opener` makes the button of the row with a number.
    """
    extent = found.extent
    replies = [reply_of(extent, extent.rows)]
    if extent.undated:
        replies.append(Reply(Says.UNDATED, {"number": extent.undated}))
    said = [reply_text(reply, where=Surface.DISCORD, escape=escape_line) for reply in replies]
    blocks = [
        _row(number, row, opener(number, row), is_document=extent.is_of_documents)
        for number, row in enumerate(found.rows, start=found.first)
    ]
    return packed(
        blocks,
        content="\n".join(said),
        colour=INFO,
        footer=footer,
        rows=rows,
    )


def _row(number: int, row: RollUpRow, button: Button, *, is_document: bool) -> Block:
    facts = [bold(row.title.strip() or row.document, _TITLE)]
    if row.day:
        facts = [bold(_days(row.day)), *facts]
    elif row.date:
        facts.append(escape_line(short_day(row.date)))
    if row.further and is_document:
        facts.append(
            ngettext("{n:,} more place", "{n:,} more places", row.further).format(n=row.further)
        )
    head = f"{number_mark(number)} {_DOT.join(facts)}"
    if row.quote is None:
        return (Section(f"{head}\n-# {_place(row)}", button),)
    return (f"{head}\n{_quote(row.quote)}", Section(f"-# {_place(row)}", button))


def _place(row: RollUpRow) -> str:
    quoted = row.quote
    where = place_of(quoted) if quoted else Place()
    heading = "".join(f"› {part} " for part in where.heading)
    places = [escape_line(heading.strip() or row.document, _PLACE)]
    places += [escape_line(fact, _PLACE) for fact in where.facts]
    if quoted and (of_file := messages.origin(quoted.origin)):
        places.append(of_file)
    labelled = [f"{value.label}: {value.text}" for value in row.values if value.label]
    if labelled and not (quoted and quoted.header):  # whose names stand in the quote
        places.append(escape_line("; ".join(labelled), _PLACE))
    if row.replaced_by:
        title = escape_line(row.replaced_by.title, _PLACE)
        places.append(_("replaced by {title}").format(title=title))
    if row.copies:
        names = escape_line(row.copies[0], _PLACE)
        others = len(row.copies) - 1
        text = _("also as {names}").format(names=names)
        places.append(f"{text} {messages.and_more(number=others)}" if others else text)
    return ", ".join(places)


def _quote(shown: Excerpt) -> str:
    """Return a quote, or what stands around the first words that were asked for in a long one.

    A row of a table stands below the names of its columns.
    """
    if shown.header:
        text = short_record(below_header([shown]), _RECORD)
        if units(text) <= _SET:
            return "\n".join(f"> {line}" for line in text.split("\n"))
    text, begins = shown.quote, shown.span.start
    spans = [each.moved(-begins) for each in shown.emphasis]
    start = 0
    if sum(quote_costs(text, spans)) > _QUOTE or text.count("\n") >= _LINES:
        first = spans[0].start if spans else 0
        start = _word_before(text, max(0, first - _CONTEXT))
    end = _end(text, start, spans)
    part = text[start:end].strip("\n")
    start += len(text[start:end]) - len(text[start:end].lstrip("\n"))
    within = [
        Span(max(each.start, start) - start, min(each.end, start + len(part)) - start)
        for each in spans
        if each.start < start + len(part) and each.end > start
    ]
    kept = Span(begins + start, begins + start + len(part))
    styles = shift_styles(clip_styles(shown.styles, kept), -kept.start)
    quoted = "\n".join(f"> {line}" for line in typeset(part, styles, within).split("\n"))
    if units(quoted) > _SET:
        quoted = quote(part, within)
    after = start + len(part) < len(text.rstrip())
    return quote_of_part(quoted, before=bool(start), after=after)


def _word_before(text: str, at: int) -> int:
    """Return where to begin to show a text, at a word; the beginning if it is near."""
    if at < _CONTEXT // 2:
        return 0
    space = text.find(" ", at)
    return space + 1 if 0 <= space < at + _CONTEXT // 2 else at


def _end(text: str, start: int, spans: Sequence[Span]) -> int:
    """Return where to end to show a text from `start` on, after as much as a row shows."""
    costs, lines, end = 0, 0, start
    for cost, sign in zip(quote_costs(text, spans)[start:], text[start:], strict=True):
        costs, lines = costs + cost, lines + (sign == "\n")
        if costs > _QUOTE or lines >= _LINES:
            space = text.rfind(" ", start, end)
            return space if sign != "\n" and space > start else end
        end += 1
    return end


def _days(period: Period) -> str:
    first, last = short_day(period.first.isoformat()), short_day(period.last.isoformat())
    return first if first == last else _("{first} to {last}").format(first=first, last=last)
