"""What is decided about documents, and what is overdue, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from bot import messages
from bot.localization import LazyText, _
from bot.text import visible_line
from bot.wording.standings import overdue_since, short_day

if TYPE_CHECKING:
    from bot.documents.reviews import Overdue
    from bot.documents.successions import KnownSuccessions
    from index.answering.versions.proposals import Proposal
    from index.decisions import Review

_NOTHING_OVERDUE = LazyText("No document is overdue for a review.")
_NO_SUCCESSIONS = LazyText("No document replaces another, or seems to.")
_HOW_TO_DECIDE = LazyText(
    "`briefing-bot successions confirm OLD NEW` says so, `refuse OLD NEW` says that not."
)


def overdue(found: Sequence[Overdue]) -> Iterator[RenderableType]:
    """Yield documents that are overdue, below their owners."""
    if not found:
        yield Text(str(_NOTHING_OVERDUE))
    before: str | None = None
    for number, each in enumerate(found):
        owner = (each.owner or "").casefold()
        if number == 0 or owner != before:
            head = _("No owner is named")
            if each.owner:
                head = _("Owner: {owner}").format(owner=visible_line(each.owner))
            yield Text(head, style="bold")
        before = owner
        line = f"  {visible_line(each.document)} — {visible_line(each.title)}"
        since = overdue_since(each.since, has_ended=each.has_ended, review=each.review)
        yield Text.assemble(line, (f" — {since}", "yellow"))


def successions(found: KnownSuccessions) -> Iterator[RenderableType]:
    if not any((found.proposed, found.stated, found.confirmed, found.refused)):
        yield Text(str(_NO_SUCCESSIONS))
    if found.proposed:
        yield from proposed(found.proposed)
    for heading, pairs in (
        (_("Stated by the documents ({number:,}):"), found.stated),
        (_("Confirmed ({number:,}):"), found.confirmed),
        (_("Refused ({number:,}):"), found.refused),
    ):
        if pairs:
            yield Text(heading.format(number=len(pairs)), style="bold")
            template = _("  {new} replaces {old}")
            if pairs is found.refused:
                template = _("  {new} does not replace {old}")
            yield from (
                Text(template.format(new=visible_line(new), old=visible_line(old)))
                for old, new in pairs
            )


def proposed(found: Sequence[Proposal]) -> Iterator[RenderableType]:
    """Yield which document seems to replace which."""
    heading = _("Proposed ({number:,}):").format(number=len(found))
    yield Text(heading, style="bold")
    for each in found:
        said = _("  {new} seems to replace {old}").format(
            new=visible_line(each.new), old=visible_line(each.old)
        )
        yield Text.assemble(said, (f" — {messages.why_proposed(each)}", "dim"))
    yield Text(str(_HOW_TO_DECIDE), style="dim")


def decided(old: str, new: str, confirmed: bool | None) -> Iterator[RenderableType]:
    said = {
        True: _("Recorded: {new} replaces {old}."),
        False: _("Recorded: {new} does not replace {old}."),
        None: _("Nothing is decided on {new} and {old} any more."),
    }[confirmed]
    yield Text(said.format(new=visible_line(new), old=visible_line(old)))


def review(document: str, said: Review | None) -> Iterator[RenderableType]:
    template = _("Nothing is said of {document} any more.")
    if said is not None:
        template = _("Recorded: {document} is not right any more.")
    if said is not None and said.until:
        template = _("Recorded: {document} is still right; its next review is due by {day}.")
    day = short_day(said.until) if said and said.until else ""
    yield Text(template.format(document=visible_line(document), day=day))
