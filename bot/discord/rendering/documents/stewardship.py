"""What people decide about documents: overdue reviews, and which document replaces which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import messages
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import EMPTY_LINE, Button, MessagePart, packed
from bot.documents.reviews import Overdue
from bot.localization import LazyText, _, ngettext
from bot.wording.standings import overdue_since, short_day
from index.answering.versions.proposals import Proposal

NOTHING_OVERDUE = LazyText("No document that you may see is overdue for a review.")
NO_SUCCESSIONS = LazyText(
    "No document seems to replace another, beyond what the documents say themselves. `/replaced` "
    "says it of any two."
)
_NO_OWNER = LazyText("No owner is named")
_OWNED_BY = LazyText("Owner: {owner}")

_NAME, _OWNER = 300, 150
_DOT = " · "


def overdue_count(number: int) -> str:
    return ngettext("{n:,} overdue for review", "{n:,} overdue for review", number).format(n=number)


def proposals_count(number: int) -> str:
    return ngettext(
        "{n:,} proposal: what replaces what", "{n:,} proposals: what replaces what", number
    ).format(n=number)


# Reviews


def overdue_list(
    shown: Sequence[tuple[int, Overdue]],
    *,
    content: str = "",
    footer: str | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Return numbered documents that are overdue, below their owners."""
    if not shown:
        return packed([str(NOTHING_OVERDUE)], content=content, colour=INFO)
    blocks = list(_by_owner(shown))
    return packed(
        blocks, between=EMPTY_LINE, content=content, colour=INFO, footer=footer, rows=rows
    )


def reminder(
    mention: str, shown: Sequence[tuple[int, Overdue]], rows: Sequence[Sequence[Button]]
) -> list[MessagePart]:
    """Return a reminder of documents to whoever is mentioned; it pings in the content alone."""
    said = ngettext(
        "{mention} A document of yours is due for a review. Is it still right?",
        "{mention} {n:,} documents of yours are due for a review. Are they still right?",
        len(shown),
    ).format(mention=mention, n=len(shown))
    blocks = ["\n".join(_overdue(number, each)) for number, each in shown]
    return packed(blocks, between=EMPTY_LINE, content=said, colour=INFO, rows=rows)


def _by_owner(shown: Sequence[tuple[int, Overdue]]) -> Iterator[str]:
    before: str | None = ""
    for number, each in shown:
        lines = list(_overdue(number, each))
        owner = (each.owner or "").casefold()
        if owner != before or number == shown[0][0]:
            named = escape_line(each.owner, _OWNER) if each.owner else ""
            head = _OWNED_BY.format(owner=named) if named else _NO_OWNER
            lines.insert(0, f"__{head}__")
        before = owner
        yield "\n".join(lines)


def _overdue(number: int, each: Overdue) -> Iterator[str]:
    yield f"**{number}.** {bold(each.title.strip() or each.document, _NAME)}"
    yield _DOT.join(
        (
            overdue_since(each.since, has_ended=each.has_ended, review=each.review),
            escape_line(each.document, _NAME),
        )
    )


# Successions


def successions_list(
    lines: Sequence[str],
    *,
    content: str = "",
    footer: str | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Return proposals and decisions, each a block of markup."""
    return packed(
        lines or [str(NO_SUCCESSIONS)],
        between=EMPTY_LINE,
        content=content,
        colour=INFO,
        footer=footer,
        rows=rows,
    )


def proposal_line(number: int, proposal: Proposal) -> str:
    new = _titled(proposal.new, proposal.new_title, proposal.new_date)
    old = _titled(proposal.old, proposal.old_title, proposal.old_date)
    said = _("**{number}.** {new}\nseems to replace {old}\n{why}")
    return said.format(number=number, new=new, old=old, why=messages.why_proposed(proposal))


def stated_line(number: int, old: str, new: str) -> str:
    """Say that one document replaces another by what one of them says."""
    said = _("**{number}.** {new} replaces {old}: one of the two says so.")
    return said.format(number=number, new=bold(new, _NAME), old=bold(old, _NAME))


def succession_line(number: int, old: str, new: str, *, confirmed: bool) -> str:
    said = _("**{number}.** Decided: {new}\nreplaces {old}")
    if not confirmed:
        said = _("**{number}.** Decided: {new}\ndoes not replace {old}")
    return said.format(number=number, new=bold(new, _NAME), old=bold(old, _NAME))


def _titled(name: str, title: str, day: str | None) -> str:
    facts = [bold(title.strip() or name, _NAME), escape_line(name, _NAME)]
    return _DOT.join([*facts, escape_line(short_day(day))] if day else facts)
