"""/status: how the bot is; /gaps: what people asked in vain."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot import messages
from bot.access import Viewer, redact, visible_counts
from bot.app.services import Services
from bot.discord.permissions.admins import require_admin, shown_to_admins
from bot.discord.permissions.channel_readers import can_read
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.rendering.changes import audit_entries
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import MessagePart
from bot.discord.rendering.reports import state
from bot.discord.rendering.unanswered import gaps_page
from bot.discord.ui.auditing import shown
from bot.discord.ui.buttons import Click
from bot.discord.ui.paging import page_buttons, page_of
from bot.discord.ui.sending import follow_up
from bot.documents.status import IndexState, index_state
from bot.records import Exchange, Unsatisfied
from bot.records.unanswered import Gap, group
from index.errors import IndexUnavailable

__all__ = ["Status"]

_PROBLEM = 500
"""Characters of it that are shown."""
_AUDITS, _AUDITS_LOOKED_AT = 5, 1_000
"""Shown, and looked through for some that the admin may be told."""
_DAYS, _MOST_DAYS = 30, 365
_MOST_QUESTIONS = 1_000
"""Embedding them takes a second or two; the likeness of all pairs, 4 MB."""
_GAPS_ON_A_PAGE = 5


class Status(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(TurnGaps)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(TurnGaps)

    @app_commands.command(name="status", description=messages.STATUS_DESCRIPTION)
    @shown_to_admins
    async def status(self, interaction: Interaction) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        admission = self.services.admission.state

        viewer = await self.bot.viewers.asker(interaction)

        def looked_up() -> list[MessagePart]:
            found = _as_seen(index_state(self.services.settings), self.services, viewer)
            return state(found, admission, more=_beside_the_index(self.services, viewer))

        await follow_up(
            interaction, await self.services.admission.run_quick(looked_up), private=True
        )

    @app_commands.command(name="gaps", description=messages.GAPS_DESCRIPTION)
    @app_commands.describe(days=messages.GAPS_DAYS)
    @shown_to_admins
    async def gaps(
        self, interaction: Interaction, days: app_commands.Range[int, 1, _MOST_DAYS] = _DAYS
    ) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        await follow_up(interaction, [await _gaps(interaction, days, 1)], private=True)


class TurnGaps(Click, template=r"x:gp:(?P<days>\d+):(?P<page>\d+)"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        days = min(max(1, self.number("days")), _MOST_DAYS)
        page = await _gaps(interaction, days, self.number("page"))
        await follow_up(interaction, [page], private=True)


def _as_seen(found: IndexState, services: Services, viewer: Viewer) -> IndexState:
    """As if there were only the documents that the viewer may see."""
    access = services.access
    try:
        generation = services.live.generation()
    except IndexUnavailable as exc:
        if access.sees_all(viewer):
            return found
        return IndexState(index=found.index, corpus=found.corpus, problem=str(exc))
    all_of_it, visible = access.sees_all(viewer), access.visible_in(generation, viewer)
    names, passages = visible_counts(generation, visible)
    return replace(
        found,
        documents=len(names),
        passages=passages,
        failing=tuple(name for name in found.failing if visible is None or name in visible),
        changes=found.changes and redact(found.changes, access, viewer, generation, generation),
        index_bytes=found.index_bytes if all_of_it else 0,
        problem=found.problem if all_of_it else None,
    )


def _beside_the_index(services: Services, viewer: Viewer) -> list[str]:
    lines = [messages.status_loop(seconds=services.watchdog.worst_seconds)]
    # They are on answers from all documents, in private and in every server.
    if services.access.sees_all(viewer):
        counts = services.records.counts()
        lines.append(messages.status_feedback(up=counts.up, down=counts.down))
    if services.reindexing.running:
        lines.append(messages.STATUS_REINDEXING)
    elif services.access.sees_all(viewer) and (last := services.reindexing.last) and last.problem:
        lines.append(messages.status_reindex_failed(problem=escape_line(last.problem, _PROBLEM)))
    if entries := shown(services.records.audits(_AUDITS_LOOKED_AT), services, viewer):
        lines += ["", messages.STATUS_AUDIT, *audit_entries(entries[:_AUDITS])]
    return lines


async def _gaps(interaction: Interaction, days: int, page: int) -> MessagePart:
    services = interaction.client.services
    kept = services.settings.keep_questions_days
    if kept is None:
        return MessagePart(messages.GAPS_NOT_KEPT)
    since = datetime.now(UTC) - timedelta(days=days)
    found = await services.admission.run_quick(
        lambda: services.records.unsatisfied(interaction.guild_id, since)
    )
    viewer = await interaction.client.viewers.asker(interaction)
    # Who may see a question is known to the event loop; what it means takes a model.
    placed = [one for one in found if _may_see(interaction, one.exchange)]
    open_ones = await services.admission.run_quick(lambda: _known(placed, services, viewer))
    newest = open_ones[-_MOST_QUESTIONS:]
    gaps = await asyncio.to_thread(_grouped, services, newest)
    on_page, page, count = page_of(gaps, page, _GAPS_ON_A_PAGE)
    notes = []
    # How many went unanswered may depend on documents that this admin may not see.
    if services.access.sees_all(viewer) and (hidden := len(found) - len(placed)):
        notes.append(messages.gaps_hidden(number=hidden))
    if kept < days:
        notes.append(messages.gaps_kept(days=kept))
    if len(newest) < len(open_ones):
        notes.append(messages.gaps_newest(number=_MOST_QUESTIONS))
    return gaps_page(
        on_page,
        head=messages.gaps_head(days=days, number=len(open_ones)),
        notes=notes,
        page=page,
        count=count,
        rows=[page_buttons(f"x:gp:{days}:", "", page, count)],
    )


def _known(questions: list[Unsatisfied], services: Services, viewer: Viewer) -> list[Unsatisfied]:
    """Those without words of a document that the viewer may not see. Blocks."""
    access = services.access
    return [
        one for one in questions if access.may_know_of_all(viewer, one.exchange.source_documents)
    ]


def _grouped(services: Services, questions: list[Unsatisfied]) -> list[Gap]:
    if not questions:
        return []
    texts = [one.exchange.rewritten for one in questions]
    different = list(dict.fromkeys(texts))
    rows = {text: row for row, text in enumerate(different)}
    vectors = services.embedder.embed_passages(different)
    return group(questions, vectors[[rows[text] for text in texts]])


def _may_see(interaction: Interaction, exchange: Exchange) -> bool:
    """Whether the words of a question may be shown: not where only the asker, or only some, read
    along. A channel that is not known is one that is gone, or a thread that is closed."""
    if exchange.private or interaction.guild is None:
        return False
    channel = interaction.guild.get_channel_or_thread(exchange.channel)
    if channel is None or not isinstance(interaction.user, discord.Member):
        return False
    return can_read(interaction.user, channel)
