"""A list over all documents as text for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot import messages
from bot.cli.output.present import header_of
from bot.localization import _
from bot.text import visible, visible_line
from bot.wording.places import place_of
from bot.wording.replies import Surface, reply_text
from index.answering.answer import Reply, Says
from index.answering.rollups.rows import RollUp, RollUpRow, reply_of


def roll_up(found: RollUp) -> Iterator[RenderableType]:
    extent = found.extent
    yield Text(reply_text(reply_of(extent, extent.rows), where=Surface.TERMINAL), style="bold")
    if extent.undated:
        undated = Reply(Says.UNDATED, {"number": extent.undated})
        yield Text(reply_text(undated, where=Surface.TERMINAL))
    yield ""
    for number, row in enumerate(found.rows, start=found.first):
        yield Group(*_row(number, row, extent.is_of_documents))
    left = extent.rows - (found.first - 1) - len(found.rows)
    if left > 0:
        following = found.first + len(found.rows)
        yield Text(
            _("{n:,} more; --first {following} shows them, --format md has all.").format(
                n=left, following=following
            ),
            style="dim",
        )


def _row(number: int, row: RollUpRow, is_document: bool) -> Iterator[RenderableType]:
    quote = row.quote
    day = ""
    if row.day:
        first, last = row.day.first.isoformat(), row.day.last.isoformat()
        day = first if first == last else _("{first} to {last}").format(first=first, last=last)
    facts = [row.document, row.date or ""]
    if quote:
        facts += map(visible_line, place_of(quote).facts)
    if quote and (origin := messages.origin(quote.origin)):
        facts.append(origin)
    facts += [f"{value.label}: {value.text}" for value in row.values if value.label]
    if row.further and is_document:
        facts.append(_("further places: {n:,}").format(n=row.further))
    if row.replaced_by:
        facts.append(_("replaced by {title}").format(title=row.replaced_by.title))
    if row.copies:
        facts.append(_("also as {names}").format(names=", ".join(row.copies)))
    yield Text.assemble(
        (f"{number:>3} ", "bold cyan"),
        (f"{day}  " if day else "", "bold"),
        (visible_line(row.title), "bold"),
        (" — " + " — ".join(visible_line(fact) for fact in facts if fact), "dim"),
    )
    if quote:
        text = Text(f"“{visible(quote.quote)}”")
        for span in quote.emphasis if visible(quote.quote) == quote.quote else ():
            start = span.start - quote.span.start + 1
            text.stylize("bold yellow", start, start + len(span))
        yield Padding(Group(*header_of(quote), text), (0, 0, 0, 4))
