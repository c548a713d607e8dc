"""/gaps: questions without a good answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import discord
from discord import app_commands

from bot.access import Viewer
from bot.clock import utc_now
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.admins import begin_for_admin, shown_to_admins
from bot.discord.permissions.channel_readers import can_read
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.viewer_sources import asker_alone
from bot.discord.rendering.answers.unanswered import closed_line, gap_block, gaps_page, place_line
from bot.discord.rendering.limits import LAYOUT_AIM
from bot.discord.rendering.message import Button, MessagePart, size
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.paging import page_of, pages_that_fit
from bot.discord.ui.sending import follow_up
from bot.localization import N_, NP_, LazyText, _, ngettext
from bot.records import Exchange, UnsatisfiedQuestion
from bot.records.unanswered import Gap, gaps_in
from bot.services import Services
from index.errors import IndexUnavailable

GAPS_NOT_KEPT = LazyText(
    "Questions are not kept, so I cannot say which had no sure answer. The setting "
    "BRIEFING_KEEP_QUESTIONS_DAYS keeps them from then on."
)
_GAPS_NEWEST = LazyText(
    "Only the newest {number:,} were looked at; ask for fewer days to see all of them."
)

_DAYS, _MOST_DAYS = 30, 365
_MOST_QUESTIONS = 1_000
"""Embedding so many takes a second or two, and the likeness of all pairs takes 4 MB."""
_GAPS_ON_A_PAGE, _CLOSED_SHOWN = 5, 5
_ROOM = LAYOUT_AIM - 5 * 300 - 500
"""Units for the gaps of a page, besides where their answers would belong, the head and notes."""


class Gaps(BotCog):
    @app_commands.command(
        name=NP_("command", "gaps"),
        description=N_("What people asked that the documents do not answer, or not well"),
    )
    @app_commands.describe(days=N_("Of how many days (30 if you say nothing)"))
    @shown_to_admins
    async def gaps(
        self, interaction: Interaction, days: app_commands.Range[int, 1, _MOST_DAYS] = _DAYS
    ) -> None:
        await begin_for_admin(interaction)
        await follow_up(interaction, await _page(interaction, days, 1))


class TurnGaps(Click, template=r"x:gp:(?P<days>\d+):(?P<page>\d+)", admins=True):
    """Shows another page of /gaps."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await _page(interaction, _days(self), self.number("page"))


class SettleGap(Click, template=r"x:gd:(?P<exchange>\d+):(?P<days>\d+):(?P<page>\d+)", admins=True):
    """Settles a gap that this admin is shown, and shows the page anew without it."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        days, exchange = _days(self), self.number("exchange")
        for gap in (await _gaps(interaction, days)).gaps:
            numbers = [each.id for each in gap.exchanges]
            if exchange in numbers:
                settle = services.records.closed_gaps.settle
                await services.admission.run_quick(settle, numbers, interaction.user.id)
        return await _page(interaction, days, self.number("page"))


def _days(click: Click) -> int:
    return min(max(1, click.number("days")), _MOST_DAYS)


@dataclass(frozen=True, slots=True)
class _Gaps:
    """What is open, the number of its questions, and what is said beside it.

    `answered`: lines on what is answered by now.
    """

    gaps: Sequence[Gap]
    number: int
    notes: Sequence[str]
    answered: Sequence[str]


async def _gaps(interaction: Interaction, days: int) -> _Gaps:
    """Return the questions of the last days that were not surely or well answered."""
    services = interaction.client.services
    since = utc_now() - timedelta(days=days)
    found = await services.admission.run_quick(
        services.records.unsatisfied, interaction.guild_id, since
    )
    viewer = await interaction.client.viewers.asker(interaction)
    # Discord's permissions are looked at on the event loop, the documents and the model off it.
    found, answered = await services.admission.run_quick(_divided, found, services, viewer)
    readable, known = (
        [question for question in some if _is_readable(question.exchange, interaction.user)]
        for some in (found, [question for question, _ in answered])
    )
    questions = await services.admission.run_quick(_without_hidden, readable, services, viewer)
    known = await services.admission.run_quick(_without_hidden, known, services, viewer)
    newest = questions[-_MOST_QUESTIONS:]
    gaps = await asyncio.to_thread(gaps_in, newest, services.embedder)
    notes = []
    # This number may depend on documents that the admin may not see.
    if services.access.sees_all(viewer) and (hidden := len(found) - len(readable)):
        notes.append(_hidden(hidden))
    kept = services.settings.keep_questions_days or 0
    if kept < days:
        notes.append(_kept(kept))
    if len(newest) < len(questions):
        notes.append(_GAPS_NEWEST.format(number=_MOST_QUESTIONS))
    titles = {question.exchange.id: titles for question, titles in answered}
    closed = _answered([(one, titles[one.exchange.id]) for one in known])
    return _Gaps(gaps, len(questions), notes, closed)


async def _page(interaction: Interaction, days: int, number: int) -> list[MessagePart]:
    """Return a page of what is open; where each answer would belong is looked up for it alone."""
    services = interaction.client.services
    if services.settings.keep_questions_days is None:
        return [MessagePart(str(GAPS_NOT_KEPT))]
    found = await _gaps(interaction, days)
    fitting = pages_that_fit(
        found.gaps, _GAPS_ON_A_PAGE, lambda gap: size(gaps_page([gap_block(gap)], head="")), _ROOM
    )
    pages = [(shown, found.notes) for shown in fitting if shown]
    if found.answered or not pages:
        pages.append(([], [*found.notes, *found.answered]))
    page = page_of(pages, number, 1)
    ((shown, notes),) = page.values
    places = await _places(interaction, shown)
    end = f"{days}:{page.number}"
    return gaps_page(
        [
            gap_block(gap, place, Button(_("Done"), f"x:gd:{gap.exchanges[-1].id}:{end}"))
            for gap, place in zip(shown, places, strict=True)
        ],
        head=gaps_head(days=days, number=found.number),
        notes=notes,
        footer=page.footer,
        rows=[page.turns(f"x:gp:{days}:")],
    )


async def _places(interaction: Interaction, gaps: Sequence[Gap]) -> list[str]:
    """Return where the answers would belong, as far as this admin may see; without documents, and
    for answers that were marked down, nothing is said.
    """
    services, viewers = interaction.client.services, interaction.client.viewers
    open_ones = [gap.question for gap in gaps if gap.marked_down < gap.count]
    viewer, alone = await viewers.asker(interaction), asker_alone(viewers, interaction)
    try:
        async with services.admission.turn(interaction.user.id):
            found = await services.belonging.nearest(open_ones, viewer, alone)
    except IndexUnavailable:
        return [""] * len(gaps)
    lines = map(place_line, found)
    return [next(lines) if gap.marked_down < gap.count else "" for gap in gaps]


def _divided(
    found: Sequence[UnsatisfiedQuestion], services: Services, viewer: Viewer
) -> tuple[list[UnsatisfiedQuestion], list[tuple[UnsatisfiedQuestion, list[str]]]]:
    """Return what is open, and what is answered by now with the titles of what answers. Blocks."""
    try:
        catalog = services.current.generation().catalog
        visible = services.access.visible(viewer)
    except IndexUnavailable:
        return list(found), []
    seen = frozenset(catalog.document_names()) if visible is None else visible
    closed = services.records.closed_gaps.closed_by(seen)
    still_open, answered = [], []
    for question in found:
        if (names := closed.get(question.exchange.id)) is None:
            still_open.append(question)
        else:
            rows = (catalog.beginning(name, 0) for name in names)
            answered.append((question, [row.title for row in rows if row is not None]))
    return still_open, answered


def _is_readable(exchange: Exchange, person: discord.User | discord.Member) -> bool:
    """Return whether the person can read the channel in which the question was asked.

    A private question is not readable. Nor is one of a channel that the bot does not know: the
    channel is gone, or the thread is closed.
    """
    if exchange.private or not isinstance(person, discord.Member):
        return False
    channel = person.guild.get_channel_or_thread(exchange.channel)
    return channel is not None and can_read(person, channel)


def _without_hidden(
    questions: Sequence[UnsatisfiedQuestion], services: Services, viewer: Viewer
) -> list[UnsatisfiedQuestion]:
    """Return the questions without words of documents that are hidden from the viewer. Blocks."""
    access = services.access
    return [
        question
        for question in questions
        if access.may_know_of_all(viewer, question.exchange.source_documents)
    ]


def _answered(questions: Sequence[tuple[UnsatisfiedQuestion, Sequence[str]]]) -> list[str]:
    """Return lines on the newest questions that are answered by now."""
    if not questions:
        return []
    head = ngettext(
        "**{n:,} more was open, and is answered by now**",
        "**{n:,} more were open, and are answered by now**",
        len(questions),
    ).format(n=len(questions))
    newest = questions[: -_CLOSED_SHOWN - 1 : -1]
    lines = [closed_line(one.exchange.rewritten, titles) for one, titles in newest]
    return ["\n".join([head, *lines])]


def gaps_head(*, days: int, number: int) -> str:
    """Say how many questions of the last days had no sure answer, or were marked down."""
    since = ngettext("the last day", "the last {n:,} days", days).format(n=days)
    if not number:
        return _(
            "**No question of {since} went without a sure answer or was marked down.**"
        ).format(since=since)
    return ngettext(
        "**{n:,} question of {since} went without a sure answer or was marked down**, most "
        "frequent first.",
        "**{n:,} questions of {since} went without a sure answer or were marked down**, most "
        "frequent first.",
        number,
    ).format(n=number, since=since)


def _hidden(number: int) -> str:
    return ngettext(
        "{n:,} more was asked in private, or where you cannot look (any more), so the words are "
        "not shown.",
        "{n:,} more were asked in private, or where you cannot look (any more), so the words are "
        "not shown.",
        number,
    ).format(n=number)


def _kept(days: int) -> str:
    return ngettext(
        "Only the questions of the last day are kept.",
        "Only the questions of the last {n:,} days are kept.",
        days,
    ).format(n=days)
