"""Sources by themselves: a view of a document, passages found, a list of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType

from bot import messages
from bot.discord.rendering import limits
from bot.discord.rendering.answers.excerpts import ending, quoted, source_line, starting
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.documents.found import shown_passage
from bot.discord.rendering.escape import bold, escape_line, timestamp
from bot.discord.rendering.limits import units
from bot.discord.rendering.message import EMPTY_LINE, Block, Button, MessagePart, Section, packed
from bot.discord.rendering.typesetting import typeset
from bot.library import View
from bot.localization import LazyText, _, ngettext
from bot.wording.engine import translate
from bot.wording.places import page_words, pages_words, place_of_hit
from bot.wording.standings import replaced as replaced_by
from bot.wording.standings import reviewed, short_day
from index.answering.answer import Hit, Standing, Successor
from index.decisions import Review
from index.document import Span, Style, StyleKind, clip_styles, shift_styles
from index.store.catalog.document_table import DocumentRow

_STALE = LazyText(
    "The file as it is now could not be read: {reason}. Its last good version answers."
)

_NAME, _REASON, _QUERY, _WORD, _SUCCESSOR = 400, 700, 250, 60, 100
_MOST_DOUBTFUL = 12
_LINKS, _LINK = 4, 200
"""Most links whose addresses are told, and most units of each."""
_DOT = " · "


def source(
    view: View, *, note: str | None = None, rows: Sequence[Sequence[Button]] = ()
) -> list[MessagePart]:
    """Return a page of a document, or an excerpt with the text around it, below its source.

    `note` is plain text above everything, such as that the document has changed. The result is one
    message, for which the text around an excerpt is shortened. Only a very long excerpt takes more.
    """
    header = _header(view, note)
    start = view.span.start
    place = Span(start + len(view.before), start + len(view.before) + len(view.excerpt))
    head = _head_of_table(view, place.start)
    own_text, own = _below(view, head or view.columns, place)
    excerpt = list(quoted(own_text, styles=own)) if view.excerpt else []
    taken = units(header) + sum(units(block) + 2 for block in excerpt) + _LINKS * _LINK
    room = limits.LAYOUT_AIM - taken - 8
    if excerpt:
        # A header right above the excerpt goes with it.
        with_it = head is not None and not _text(view, Span(head.end, place.start)).strip()
        over = Span(start, head.start if head is not None and with_it else place.start)
        text_above, above = _below(view, view.columns, over)
        rest = Span(place.end, place.end + len(view.after))
        text_below, below = _below(view, _head_of_table(view, place.end) or view.columns, rest)
        before = ending(text_above, above, room // 2)
        after = starting(text_below, below, room - units(before))
        before = ending(text_above, above, room - units(after))
    else:
        text, styles = _below(view, view.columns, view.span)
        before, after = typeset(text, styles, quotes=True), ""
        if units(before) > limits.BLOCK:
            before = typeset(text)
    body = [block for block in (before, *excerpt, after) if block.strip()] or [
        _("There is no text here.")
    ]
    links = "\n".join(_links(view, place if excerpt else view.span))
    body += [links] if links else []
    blocks = [header, EMPTY_LINE.strip("\n"), body[0], *(f"\n{block}" for block in body[1:])]
    footer = (
        _("Part {number:,} of {count:,}").format(number=view.number, count=view.count)
        if view.count > 1 and (view.previous or view.following)
        else None
    )
    return packed(blocks, between="\n", colour=INFO, footer=footer, rows=rows)


def passages(
    hits: Sequence[Hit],
    *,
    query: str,
    opener: Callable[[Hit], Button],
    standings: Sequence[Standing] = (),
    absent: Sequence[str] = (),
    is_none_said: bool = False,
    is_narrowed: bool = False,
    footer: str | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Return ranked passages, each with its source.

    Of a long one there are the rows, or the sentences, with the words that were looked for.

    The source says by `standings` how old its document is, and whether it holds. `opener` makes
    the button of a passage. No document has the words that are `absent`, or none of the query's
    where there `is_none_said`; where it `is_narrowed`, none of those that were looked at.
    """
    standing_of = {each.document: each for each in standings}
    content = _("Passages for: {words}").format(words=bold(" ".join(query.split()), _QUERY))
    if absent and hits:
        words = [escape_line(word, _WORD) for word in absent]
        if is_none_said:
            content = messages.nearest_only(words, is_narrowed=is_narrowed)
        else:
            content += f"\n-# {messages.absent(words, is_narrowed=is_narrowed)}"
    if not hits:
        return packed([str(messages.NOTHING_FOUND)], content=content, colour=INFO, rows=rows)
    blocks: list[Block] = []
    for hit in hits:
        passage, shown = hit.passage, shown_passage(hit)
        line = source_line(
            title=passage.title,
            heading=passage.heading,
            page=passage.page,
            document=passage.document,
            number=hit.rank,
            origin=passage.origin,
            standing=standing_of.get(passage.document),
            styles=[
                style for span in sorted(shown.spans) for style in clip_styles(hit.styles, span)
            ],
            clause=place_of_hit(hit).clause_below_heading,
        )
        *before, last = shown.quotes
        left = [f"-# {_rows_left(shown.rows_left)}"] if shown.rows_left else []
        blocks += [*before, (last, Section("\n".join([*left, f"-# {line}"]), opener(hit)))]
    return packed(blocks, content=content, colour=INFO, footer=footer, rows=rows)


def _rows_left(number: int) -> str:
    return ngettext("… and {n:,} more row", "… and {n:,} more rows", number).format(n=number)


def document_rows(
    documents: Sequence[DocumentRow],
    *,
    footer: str | None = None,
    unread: Sequence[str] = (),
    how_read: bool = False,
    reviews: Mapping[str, Review] = MappingProxyType({}),
    replaced: Mapping[str, Successor] = MappingProxyType({}),
    rows: Sequence[Sequence[Button]] = (),
    none: LazyText = messages.NO_DOCUMENTS,
) -> list[MessagePart]:
    """Return a list of documents and how well each was parsed.

    With `how_read` it says into how many passages each was read, and when. `unread` are lines on
    kinds of files that are not read; `reviews`, by name, what people said of these documents, and
    `replaced` what replaces them. `none` is said where there is nothing.
    """
    if not documents and not unread:
        return packed([str(none)], colour=INFO, rows=rows)
    blocks = [
        "\n".join(_document(row, reviews.get(row.name), replaced.get(row.name), how_read))
        for row in documents
    ]
    if unread:
        blocks.append("\n".join(f"❌ {escape_line(line, _REASON)}" for line in unread))
    return packed(blocks, between=EMPTY_LINE, colour=INFO, footer=footer, rows=rows)


# A source


def _head_of_table(view: View, at: int) -> Span | None:
    """Return the header of the table whose next row begins `at`, if it stands above in the view."""
    text = _text(view, Span(at, view.span.end))
    start = at + len(text) - len(text.lstrip())
    rows = (style for style in view.styles if style.kind is StyleKind.ROW)
    row = next((style for style in rows if style.span.start == start), None)
    heads = [
        style.span
        for style in view.styles
        if row is not None
        and style.kind is StyleKind.HEADER
        and style.level == row.level
        and style.span.end <= at
    ]
    return Span(heads[0].start, heads[-1].end) if heads else None


def _below(view: View, head: Span | str | None, span: Span) -> tuple[str, tuple[Style, ...]]:
    """Return a stretch of a view and how it is set, below the header of the table that it is in.

    A header that stands above the view is given as its text: it belongs to the table that the view
    begins in.
    """
    text, styles = _text(view, span), clip_styles(view.styles, span)
    row = next((style for style in styles if style.kind is StyleKind.ROW), None)
    if isinstance(head, str) and (row is None or not _is_first_table(view, row)):
        head = None
    if head is None:
        return text, shift_styles(styles, -span.start)
    if isinstance(head, str):
        assert row is not None
        above = head
        set_above: Sequence[Style] = [Style(StyleKind.HEADER, Span(0, len(head)), row.level)]
    else:
        above = _text(view, head)
        set_above = shift_styles(clip_styles(view.styles, head), -head.start)
    text = text.lstrip("\n")
    at = span.end - len(text)
    return f"{above}\n{text}", (*set_above, *shift_styles(styles, len(above) + 1 - at))


def _is_first_table(view: View, row: Style) -> bool:
    """Return whether a row is of the table that a view begins in."""
    tables = (style for style in view.styles if style.kind in (StyleKind.ROW, StyleKind.HEADER))
    return next(tables).level == row.level


def _text(view: View, span: Span) -> str:
    start = view.span.start
    return (view.before + view.excerpt + view.after)[span.start - start : span.end - start]


def _header(view: View, note: str | None) -> str:
    lines = [] if note is None else [f"⚠️ {escape_line(note, _REASON)}"]
    lines.append(
        source_line(
            title=view.title,
            heading=view.heading,
            page=None,
            document=view.document,
            styles=clip_styles(view.styles, view.place),
            clause=view.clause,
        )
    )
    facts = []
    if view.page:
        facts.append(page_words(view.document, view.page, view.pages))
    facts += map(messages.origin, view.origins)
    if view.date:
        facts.append(_("dated {date}").format(date=escape_line(short_day(view.date))))
    if view.review:
        facts.append(reviewed(view.review))
    lines.append(f"-# {_DOT.join([*facts, escape_line(view.document, _NAME)])}")
    if view.doubtful:
        words = messages.doubtful(view.doubtful[:_MOST_DOUBTFUL], len(view.doubtful))
        lines.append(f"⚠️ {escape_line(words, _REASON)}")
    return "\n".join(lines)


def _links(view: View, span: Span) -> Iterator[str]:
    """Yield the addresses of the first links of a view, which are shown and not followed."""
    links = [style for style in clip_styles(view.styles, span) if style.kind is StyleKind.LINK]
    for link in links[:_LINKS]:
        words = _text(view, link.span)
        yield f"↗ {escape_line(words, _LINK // 3)}: {escape_line(link.text, _LINK // 2)}"


# A document


def _document(
    row: DocumentRow, review: Review | None, successor: Successor | None, how_read: bool
) -> Iterator[str]:
    sign, why = _how_read(row)
    yield f"{sign} {bold(row.title or row.name, _NAME)}".lstrip()
    facts = [escape_line(row.name, _NAME)] if row.title else []
    if row.date:
        facts.append(escape_line(short_day(row.date)))
    if successor:
        shown = partial(escape_line, most=_SUCCESSOR)
        facts.append(replaced_by(successor, row.title or "", shown))
    if row.pages:
        facts.append(pages_words(row.name, row.pages))
    if row.indexed_at and how_read:
        facts.append(messages.passages(row.passages))
        moment = timestamp(datetime.fromisoformat(row.indexed_at), "d")
        facts.append(_("indexed {moment}").format(moment=moment))
    if review:
        facts.append(reviewed(review))
    if facts:
        yield f"-# {_DOT.join(facts)}"
    if why:
        yield why


def _how_read(row: DocumentRow) -> tuple[str, str]:
    """Return a sign and a sentence for what a document could not be read of; empty if nothing."""
    if row.failure:
        reason = escape_line(translate(row.failure.rstrip(".")), _REASON)
        if row.indexed_at:
            return "🕒", _STALE.format(reason=reason)
        return "❌", _("Not read: {reason}.").format(reason=reason)
    if row.remarks:
        return "⚠️", _("Read with remarks: {remarks}").format(
            remarks=escape_line(" ".join(map(translate, row.remarks)), _REASON)
        )
    return "", ""
