"""/gaps: questions without a good answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from discord import app_commands
from discord.ext import commands

from bot.access import Viewer
from bot.clock import utc_now
from bot.discord.cogs.closing_gaps import is_closed
from bot.discord.cogs.open_questions import is_readable, without_hidden
from bot.discord.permissions.admins import require_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.rendering.message import MessagePart
from bot.discord.rendering.unanswered import closed_line, gaps_page
from bot.discord.ui.buttons import Click
from bot.discord.ui.paging import page_buttons, page_of
from bot.discord.ui.sending import follow_up
from bot.localization import N_, LazyText, _, ngettext
from bot.records import Unsatisfied
from bot.records.unanswered import gaps_in
from bot.services import Services
from index.errors import IndexUnavailable

__all__ = ["Gaps"]

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


class Gaps(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(TurnGaps)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(TurnGaps)

    @app_commands.command(
        name="gaps",
        description=N_("What people asked that the documents do not answer, or not well"),
    )
    @app_commands.describe(days=N_("Of how many days (30 if you say nothing)"))
    @shown_to_admins
    async def gaps(
        self, interaction: Interaction, days: app_commands.Range[int, 1, _MOST_DAYS] = _DAYS
    ) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        await follow_up(interaction, [await _gaps(interaction, days, 1)], private=True)


class TurnGaps(Click, template=r"x:gp:(?P<days>\d+):(?P<page>\d+)"):
    """Shows another page of /gaps."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        days = min(max(1, self.number("days")), _MOST_DAYS)
        page = await _gaps(interaction, days, self.number("page"))
        await follow_up(interaction, [page], private=True)


async def _gaps(interaction: Interaction, days: int, page: int) -> MessagePart:
    """Return a page of the questions of the last days that were not surely or well answered."""
    services = interaction.client.services
    kept = services.settings.keep_questions_days
    if kept is None:
        return MessagePart(str(GAPS_NOT_KEPT))
    since = utc_now() - timedelta(days=days)
    found = await services.admission.run_quick(
        lambda: services.records.unsatisfied(interaction.guild_id, since)
    )
    viewer = await interaction.client.viewers.asker(interaction)
    # Discord's permissions are looked at on the event loop, the documents and the model off it.
    found, answered = await services.admission.run_quick(_divided, found, services, viewer)
    readable, known = (
        [question for question in some if is_readable(question.exchange, interaction.user)]
        for some in (found, [question for question, _ in answered])
    )
    questions = await services.admission.run_quick(without_hidden, readable, services, viewer)
    known = await services.admission.run_quick(without_hidden, known, services, viewer)
    newest = questions[-_MOST_QUESTIONS:]
    gaps = await asyncio.to_thread(gaps_in, newest, services.embedder)
    notes = []
    # This number may depend on documents that the admin may not see.
    if services.access.sees_all(viewer) and (hidden := len(found) - len(readable)):
        notes.append(_hidden(hidden))
    if kept < days:
        notes.append(_kept(kept))
    if len(newest) < len(questions):
        notes.append(_GAPS_NEWEST.format(number=_MOST_QUESTIONS))
    titles = {question.exchange.id: titles for question, titles in answered}
    closed = _answered([(one, titles[one.exchange.id]) for one in known])
    starts = range(0, len(gaps), _GAPS_ON_A_PAGE)
    pages = [(gaps[start : start + _GAPS_ON_A_PAGE], notes) for start in starts]
    if closed or not pages:
        pages.append(([], [*notes, *closed]))
    ((on_page, notes),), page, count = page_of(pages, page, 1)
    return gaps_page(
        on_page,
        head=gaps_head(days=days, number=len(questions)),
        notes=notes,
        page=page,
        count=count,
        rows=[page_buttons(f"x:gp:{days}:", "", page, count)],
    )


def _divided(
    found: Sequence[Unsatisfied], services: Services, viewer: Viewer
) -> tuple[list[Unsatisfied], list[tuple[Unsatisfied, list[str]]]]:
    """Return what is open, and what is answered by now with the titles of what answers. Blocks."""
    try:
        catalog = services.current.generation().catalog
        visible = services.access.visible(viewer)
    except IndexUnavailable:
        return list(found), []
    seen = frozenset(catalog.document_names()) if visible is None else visible
    checks = services.records.closed_gaps.checks()
    still_open, answered = [], []
    for question in found:
        check = checks.get(question.exchange.id)
        if check is None or not is_closed(check, seen):
            still_open.append(question)
        else:
            rows = (catalog.beginning(name, 0) for name in check.documents)
            answered.append((question, [row.title for row in rows if row is not None]))
    return still_open, answered


def _answered(questions: Sequence[tuple[Unsatisfied, Sequence[str]]]) -> list[str]:
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
