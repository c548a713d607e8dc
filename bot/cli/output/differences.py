"""What changed and what differs, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.cli.output.present import moment
from bot.localization import _
from bot.text import visible, visible_line
from bot.wording.differences import became, counted, summary
from bot.wording.standings import replaced
from index.comparing.comparison import Comparison, Relation
from index.comparing.stretches import Stretch, stretches
from index.document import Span

if TYPE_CHECKING:
    from bot.library import ChangedDocument

_WORDS, _PLACE = "bold yellow", "dim"


def changes(
    since: datetime,
    begins: datetime,
    found: Sequence[tuple[ChangedDocument, Comparison | None]],
) -> Iterator[RenderableType]:
    """Yield what changed since a moment, and of each document what it says otherwise."""
    day = _day(max(since, begins))
    if found:
        counts = counted([changed.became for changed, _comparison in found])
        yield Text(_("Since {day}: {counts}").format(day=day, counts=counts), style="bold")
    else:
        yield Text(_("Nothing changed since {day}.").format(day=day), style="bold")
    if since < begins:
        yield Text(_("What changed before {day} is not known.").format(day=_day(begins)))
    for changed, comparison in found:
        yield ""
        said = became(changed.became, day=_day(changed.at), times=changed.times)
        names = visible_line(changed.name)
        if changed.before:
            names = _("{name}, before {before}").format(
                name=names, before=visible_line(changed.before)
            )
        yield Text.assemble(
            (visible_line(changed.title), "bold"), f" — {said}", (f" — {names}", _PLACE)
        )
        if successor := changed.successor:
            now = replaced(successor, changed.title, visible_line)
            yield Text(f"  {now} — {visible_line(successor.document)}", style=_PLACE)
        if comparison:
            yield from _differences(comparison, _("Before:"), _("Now:"), one_document=True)


def compared(comparison: Comparison, *, one_document: bool = False) -> Iterator[RenderableType]:
    old, new = comparison.old, comparison.new
    if one_document:
        yield Text(visible_line(new.title), style="bold")
        yield from _differences(comparison, _("Before:"), _("Now:"), one_document=True)
        return
    for one in (old, new):
        yield Text.assemble(
            (visible_line(one.title), "bold"), (f" — {visible_line(one.name)}", _PLACE)
        )
    labels = f"{visible_line(old.name)}:", f"{visible_line(new.name)}:"
    yield from _differences(comparison, *labels, one_document=False)


def _differences(
    comparison: Comparison, old: str, new: str, *, one_document: bool
) -> Iterator[RenderableType]:
    found = stretches(comparison)
    yield Text(summary(comparison, found, one_document=one_document))
    for stretch in found:
        if stretch.relation is not Relation.MOVED:
            yield ""
            yield from _stretch(stretch, old, new)


def _stretch(stretch: Stretch, old: str, new: str) -> Iterator[RenderableType]:
    place = [visible_line(" › ".join(stretch.heading))] if stretch.heading else []
    if stretch.page:
        place.append(_("page {page:,}").format(page=stretch.page))
    if place:
        yield Text(", ".join(place), style=_PLACE)
    if stretch.header:
        yield Text(visible(stretch.header), style=_PLACE)
    old_words, new_words = stretch.words
    for label, span, text, words in (
        (old, stretch.old, stretch.old_text, old_words),
        (new, stretch.new, stretch.new_text, new_words),
    ):
        if span:
            yield Text(label)
            yield Padding(_emphasised(text, words), (0, 0, 0, 4))


def _emphasised(text: str, words: Sequence[Span]) -> Text:
    shown, position = Text("“"), 0
    for span in words:
        shown.append(visible(text[position : span.start]))
        shown.append(visible(span.of(text)), style=_WORDS)
        position = span.end
    return shown.append(visible(text[position:])).append("”")


def _day(at: datetime) -> str:
    return moment(at.isoformat())
