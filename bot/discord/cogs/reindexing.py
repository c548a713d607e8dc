"""/reindex and /rollback, and the reindexing that other capabilities end with."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from discord import ButtonStyle, app_commands
from discord.ext import commands

from bot import messages
from bot.access import redact
from bot.app import composition
from bot.app.services import Services
from bot.discord.permissions.admins import require_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.rendering.changes import confirm_way_back
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.rendering.reports import progress, reindexed, reindexed_text
from bot.discord.ui.auditing import audit
from bot.discord.ui.buttons import Click
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.live_message import LiveMessage
from bot.discord.ui.sending import follow_up
from bot.documents.reindex_process import ReindexProgress
from bot.documents.rollback import plan_rollback, roll_back
from bot.errors import NotAllowed, ReindexFailed
from index.errors import CorpusShrunk, IndexBusy, IndexDamaged, IndexUnavailable
from index.indexing.reindex import ReindexReport
from index.store.generation import Generation

__all__ = ["CANCEL", "Reindexing", "reindex", "tell"]

_PATIENCE, _LOOK_AGAIN = 3_600, 1.0
"""How often, every so many seconds, it is tried again while another reindex runs."""
_LISTED = 40
CANCEL = Button(messages.CANCEL, "x:no")


class Reindexing(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(GoBack, DropMissing, Cancel)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(GoBack, DropMissing, Cancel)

    @app_commands.command(name="reindex", description=messages.REINDEX_DESCRIPTION)
    @app_commands.describe(dry_run=messages.REINDEX_DRY_RUN)
    @shown_to_admins
    async def reindex(self, interaction: Interaction, dry_run: bool = False) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        async with LiveMessage(interaction) as live:
            try:
                report = await reindex(interaction, live, dry_run=dry_run, patient=False)
            except CorpusShrunk as exc:
                said = messages.corpus_shrunk(gone=exc.gone, known=exc.known)
                drop = Button(messages.DROP_MISSING, "x:drop", ButtonStyle.danger)
                await live.end(packed([said], rows=[[drop, CANCEL]]))
            except Exception as exc:
                await live.end([MessagePart(sentence_of(exc))])
            else:
                await tell(live, report)

    @app_commands.command(name="rollback", description=messages.ROLLBACK_DESCRIPTION)
    @shown_to_admins
    async def rollback(self, interaction: Interaction) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        settings = self.services.settings
        viewer = await self.bot.viewers.asker(interaction)
        access = self.services.access
        way = await asyncio.to_thread(
            lambda: plan_rollback(
                self.services.live.store,
                composition.recipe(settings),
                lambda generation: access.visible_in(generation, viewer),
            )
        )
        yes = Button(messages.GO_BACK, f"x:rb:{way.current}", ButtonStyle.danger)
        await follow_up(interaction, confirm_way_back(way, rows=[[yes, CANCEL]]), private=True)


class GoBack(Click, template=r"x:rb:(?P<current>\d+)"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        current = self.number("current")
        try:
            made = await asyncio.to_thread(
                lambda: roll_back(
                    services.live.store, composition.recipe(services.settings), current
                )
            )
        except IndexDamaged as exc:
            await audit(
                interaction, messages.AUDIT_ROLLBACK, messages.audit_failed(reason=str(exc))
            )
            raise
        detail = messages.audit_went_back(generation=made, before=current)
        await audit(interaction, messages.AUDIT_ROLLBACK, detail)
        said = messages.went_back(generation=made, before=current)
        await follow_up(interaction, [MessagePart(said)], private=True)


class DropMissing(Click, template=r"x:drop"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        async with LiveMessage(interaction) as live:
            try:
                report = await reindex(interaction, live, drop_missing=True, patient=False)
            except Exception as exc:
                await live.end([MessagePart(sentence_of(exc))])
            else:
                await tell(live, report)


class Cancel(Click, template=r"x:no"):
    """On a question to which a "no" leaves nothing to be done."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        await follow_up(interaction, [MessagePart(messages.NOTHING_CHANGED_BY_YOU)], private=True)


async def tell(live: LiveMessage, report: ReindexReport, content: str = "") -> None:
    """Ends with what a reindex did, under `content`. Long lists are shortened; then a file has them
    in full: a hundred messages, one for each hundred documents, would help nobody."""
    lists = (report.added, report.changed, report.removed, report.failed)
    file = ""
    if any(len(one) > _LISTED for one in lists):
        file = await asyncio.to_thread(reindexed_text, report)
    first, *more = reindexed(report, most=_LISTED)
    await live.end([replace(first, content=content), *more], file)


async def reindex(
    interaction: Interaction,
    live: LiveMessage,
    *,
    dry_run: bool = False,
    drop_missing: bool | str = False,
    patient: bool,
) -> ReindexReport:
    """Reindexes in a thread, shows in `live` how far it is, and writes down what came of it.

    Where another one is running it waits, if `patient`, or raises IndexBusy. Raises ReindexFailed,
    and CorpusShrunk where more is missing than `drop_missing` expects.
    """
    services = interaction.client.services
    running, access = services.reindexing, services.access
    viewer = await interaction.client.viewers.asker(interaction)
    before = await asyncio.to_thread(_answering, services)
    sees_all = access.sees_all(viewer)
    if drop_missing is True and not sees_all:
        raise NotAllowed(messages.REINDEX_NOT_YOURS)

    def show(now: ReindexProgress) -> None:
        if sees_all:
            live.show(progress(done=now.done, total=now.total, embedded=now.embedded))

    async def noted(detail: str) -> None:
        if not dry_run:
            await audit(interaction, messages.AUDIT_REINDEX, detail)

    live.show(progress(done=0, total=0, embedded=0))
    for patience in range(_PATIENCE if patient else 0, -1, -1):
        try:
            report = await asyncio.to_thread(
                running.run, dry_run=dry_run, drop_missing=drop_missing, progress=show
            )
            break
        except IndexBusy:
            if not patience:
                raise
            live.show(MessagePart(messages.REINDEX_WAITS))
            await asyncio.sleep(_LOOK_AGAIN)
        except Exception as exc:
            await noted(messages.audit_failed(reason=str(exc)))
            if sees_all or not isinstance(exc, CorpusShrunk | ReindexFailed):
                raise
            # Its words may be about documents that are none of theirs.
            raise ReindexFailed(messages.REINDEX_NOT_YOURS) from exc
    await noted(_detail(report))
    after = await asyncio.to_thread(_answering, services)
    return await asyncio.to_thread(redact, report, access, viewer, before, after)


def _answering(services: Services) -> Generation | None:
    try:
        return services.live.generation()
    except IndexUnavailable:
        return None


def _detail(report: ReindexReport) -> str:
    return messages.audit_reindexed(
        generation=report.generation or 0,
        added=len(report.added),
        changed=len(report.changed),
        removed=len(report.removed),
        failed=len(report.failed),
        seconds=report.seconds,
    )
