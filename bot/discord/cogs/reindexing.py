"""/reindex and /rollback, and the reindexing that other capabilities end with."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from discord import ButtonStyle, app_commands
from discord.ext import commands

from bot import messages
from bot.access import redact
from bot.discord.gateway.client import BriefingBot
from bot.discord.permissions.admins import require_admin, shown_to_admins
from bot.discord.rendering.changes import confirm_way_back
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.rendering.reports import progress, reindexed, reindexed_text
from bot.discord.ui.auditing import audit
from bot.discord.ui.buttons import Click, Interaction
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.live_message import LiveMessage
from bot.discord.ui.sending import follow_up
from bot.documents.reindex_process import ReindexProgress
from bot.documents.rollback import plan_rollback, roll_back
from bot.errors import NotAllowed, ReindexFailed
from bot.localization import _
from bot.services import Services
from index.errors import CorpusShrunk, IndexBusy, IndexDamaged, IndexUnavailable
from index.indexing.report import ReindexReport
from index.store.generation import Generation

__all__ = ["CANCEL", "Reindexing", "reindex", "tell"]

REINDEX_WAITS = _("Another reindex is running; this one begins when it has ended …")
_REINDEX_NOT_YOURS = _(
    "The reindex failed, and nothing was changed. An admin who may see all documents can see why."
)
DROP_MISSING = _("They are meant to go")
WENT_BACK = _("Generation {generation:,} answers now: what answered before generation {before:,}.")
_AUDIT_FAILED = _("failed: {reason}")
_AUDIT_WENT_BACK = _(
    "from generation {before:,} to what answered before it, as generation {generation:,}"
)

_PATIENCE, _LOOK_AGAIN = 3_600, 1.0
"""How often, every so many seconds, it is tried again while another reindex runs."""
_LISTED = 40
CANCEL = Button(messages.CANCEL, "x:no")


class Reindexing(commands.Cog):
    def __init__(self, bot: BriefingBot) -> None:
        self.bot = bot
        self.services = bot.services

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(GoBack, DropMissing, Cancel)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(GoBack, DropMissing, Cancel)

    @app_commands.command(
        name="reindex",
        description=_("Take in what was added, changed or removed since the last time"),
    )
    @app_commands.describe(dry_run=_("Only say what would be done"))
    @shown_to_admins
    async def reindex(self, interaction: Interaction, dry_run: bool = False) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        async with LiveMessage(interaction) as live:
            try:
                report = await reindex(interaction, live, dry_run=dry_run, patient=False)
            except CorpusShrunk as exc:
                said = messages.corpus_shrunk(gone=exc.gone, known=exc.known)
                drop = Button(DROP_MISSING, "x:drop", ButtonStyle.danger)
                await live.end(packed([said], rows=[[drop, CANCEL]]))
            except Exception as exc:
                await live.end([MessagePart(sentence_of(exc))])
            else:
                await tell(live, report)

    @app_commands.command(
        name="rollback", description=_("Go back to the state of the index before the last reindex")
    )
    @shown_to_admins
    async def rollback(self, interaction: Interaction) -> None:
        require_admin(interaction, self.services.guilds)
        await interaction.response.defer(thinking=True, ephemeral=True)
        viewer = await self.bot.viewers.asker(interaction)
        access, live = self.services.access, self.services.live
        way = await asyncio.to_thread(
            lambda: plan_rollback(
                live.store,
                live.recipe,
                lambda generation: access.visible_in(generation, viewer),
            )
        )
        yes = Button(_("Go back"), f"x:rb:{way.current}", ButtonStyle.danger)
        await follow_up(interaction, confirm_way_back(way, rows=[[yes, CANCEL]]), private=True)


class GoBack(Click, template=r"x:rb:(?P<current>\d+)"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await interaction.response.defer()
        current = self.number("current")
        try:
            made = await asyncio.to_thread(
                roll_back, services.live.store, services.live.recipe, current
            )
        except IndexDamaged as exc:
            await audit(interaction, "rollback", _AUDIT_FAILED.format(reason=str(exc)))
            raise
        detail = _AUDIT_WENT_BACK.format(generation=made, before=current)
        await audit(interaction, "rollback", detail)
        said = WENT_BACK.format(generation=made, before=current)
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
        raise NotAllowed(_REINDEX_NOT_YOURS)

    def show(now: ReindexProgress) -> None:
        if sees_all:
            live.show(progress(done=now.done, total=now.total, embedded=now.embedded))

    async def noted(detail: str) -> None:
        if not dry_run:
            await audit(interaction, "reindex", detail)

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
            live.show(MessagePart(REINDEX_WAITS))
            await asyncio.sleep(_LOOK_AGAIN)
        except Exception as exc:
            await noted(_AUDIT_FAILED.format(reason=str(exc)))
            if sees_all or not isinstance(exc, CorpusShrunk | ReindexFailed):
                raise
            # Its words may be about documents that are none of theirs.
            raise ReindexFailed(_REINDEX_NOT_YOURS) from exc
    await noted(_detail(report))
    after = await asyncio.to_thread(_answering, services)
    return await asyncio.to_thread(redact, report, access, viewer, before, after)


def _answering(services: Services) -> Generation | None:
    try:
        return services.live.generation()
    except IndexUnavailable:
        return None


def _detail(report: ReindexReport) -> str:
    return _(
        "generation {generation:,}: {added:,} added, {changed:,} changed, {removed:,} removed, "
        "{failed:,} not read, in {seconds}"
    ).format(
        generation=report.generation or 0,
        added=len(report.added),
        changed=len(report.changed),
        removed=len(report.removed),
        failed=len(report.failed),
        seconds=messages.seconds(round(report.seconds)),
    )
