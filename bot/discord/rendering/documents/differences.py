"""What differs between two documents or versions, old beside new, and lists of changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import messages
from bot.discord.rendering.answers.excerpts import number_mark, quoted
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.escape import bold, escape_line, timestamp
from bot.discord.rendering.limits import BLOCK, units
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.library import ChangedDocument
from bot.localization import _
from bot.wording.command_names import command_name
from bot.wording.differences import became, counted
from bot.wording.standings import replaced
from index.comparing.comparison import Relation
from index.comparing.stretches import Stretch
from index.document import Document, Span, shift_styles
from index.store.catalog.layouts import layout_within

_NAME, _HEADER = 300, 300
_SIDE = 80
_IN_DIGEST = 12
_MOST_TOGETHER = BLOCK - 2 * _NAME - _HEADER
"""Units of both quotes that are kept together."""
_DOT = " · "


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two sides are called, as markup: above a quote of each, and of what only one has."""

    old: str
    new: str
    only_old: str
    only_new: str


def versions() -> Sides:
    return Sides(_("Before:"), _("Now:"), _("No longer there:"), _("New:"))


def two_documents(old: str, new: str) -> Sides:
    one, other = bold(old, _SIDE), bold(new, _SIDE)
    only = _("Only in {title}:")
    return Sides(f"{one}:", f"{other}:", only.format(title=one), only.format(title=other))


def changed_line(number: int, changed: ChangedDocument) -> str:
    """Return one document of a list, with what became of it and when."""
    title = bold(changed.title.strip() or changed.name, _NAME)
    said = became(changed.became, day=timestamp(changed.at), times=changed.times)
    facts = [f"{number_mark(number)} {title}", said, *_replaced(changed)]
    name = escape_line(changed.name, _NAME)
    if changed.before:
        name = _("{name}, before {before}").format(
            name=name, before=escape_line(changed.before, _NAME)
        )
    return f"{_DOT.join(facts)}\n{name}"


def difference_blocks(stretch: Stretch, sides: Sides, number: int) -> Iterator[str]:
    """Yield a stretch as markup: where it stands, and the quotes of its sides, with the words set
    off that differ."""
    place, is_bare = number_mark(number), not (stretch.heading or stretch.page)
    if stretch.heading:
        place = f"{place} {escape_line(' › '.join(stretch.heading), _NAME)}"
    if stretch.page:
        place = _("{place}, page {page:,}").format(place=place, page=stretch.page)
    changed = stretch.relation is Relation.CHANGED
    old_words, new_words = stretch.words
    quotes = list[tuple[str, list[str]]]()
    if stretch.old:
        label = sides.old if changed else sides.only_old
        quotes.append((label, _quotes(stretch, stretch.comparison.old, stretch.old, old_words)))
    if stretch.new:
        label = sides.new if changed else sides.only_new
        quotes.append((label, _quotes(stretch, stretch.comparison.new, stretch.new, new_words)))
    pieces = [piece for label, blocks in quotes for piece in _labelled(label, blocks)]
    whole = "\n\n".join(pieces)  # an empty line ends a quote
    if is_bare:
        whole, pieces[0] = f"{place} {whole}", f"{place} {pieces[0]}"
        yield from [whole] if units(whole) <= _MOST_TOGETHER else pieces
        return
    yield from [f"{place}\n{whole}"] if units(whole) <= _MOST_TOGETHER else [place, *pieces]


def _quotes(stretch: Stretch, document: Document, span: Span, words: Sequence[Span]) -> list[str]:
    """Return quotes of a side, a row below the header of its table, as its document sets them."""
    above = stretch.header_span
    text, styles = span.of(document.text), shift_styles(layout_within(document, span), -span.start)
    if above is None or len(above) > _HEADER:
        return list(quoted(text, styles=styles, emphasis=words))
    header = f"{stretch.header}\n"
    by = len(header)
    heads = shift_styles(layout_within(stretch.document, above), -above.start)
    return list(
        quoted(
            header + text,
            styles=[*heads, *shift_styles(styles, by)],
            emphasis=[word.moved(by) for word in words],
        )
    )


def _labelled(label: str, blocks: Sequence[str]) -> Iterator[str]:
    yield f"{label}\n{blocks[0]}"
    yield from blocks[1:]


def digest_message(
    found: Sequence[ChangedDocument],
    *,
    since: datetime,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    counts = counted([each.became for each in found])
    lines = [
        _("**What changed in the documents since {day}**: {counts}").format(
            day=timestamp(since), counts=counts
        )
    ]
    lines += [_digest_line(each) for each in found[:_IN_DIGEST]]
    if len(found) > _IN_DIGEST:
        more = messages.and_more(number=len(found) - _IN_DIGEST)
        lines.append(f"… {more}: `/{command_name('changes')}`" if rows else f"… {more}")
    return packed(lines, between="\n", colour=INFO, rows=rows)


def _digest_line(changed: ChangedDocument) -> str:
    title = bold(changed.title.strip() or changed.name, _SIDE)
    said = became(changed.became, day=timestamp(changed.at), times=changed.times)
    facts = [title, said, *_replaced(changed), escape_line(changed.name, _SIDE)]
    return f"- {_DOT.join(facts)}"


def _replaced(changed: ChangedDocument) -> Iterator[str]:
    if successor := changed.successor:
        yield replaced(successor, changed.title, lambda title: escape_line(title, _SIDE))
