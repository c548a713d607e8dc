"""/reindex and /rollback, and the reindex that follows an upload or a removal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from discord import ButtonStyle, app_commands

from bot import messages
from bot.access import redact
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.admins import begin_for_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.documents.changes import confirm_rollback
from bot.discord.rendering.escape import bold
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.rendering.reports import progress, reindexed, reindexed_text
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.audit_log import audit
from bot.discord.ui.documents.held_back import (
    HELD_PAGE,
    RELEASE,
    held_back,
    held_button,
    held_parts,
)
from bot.discord.ui.documents.successions import proposals_on, statements_on
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.live_message import LiveMessage
from bot.discord.ui.sending import follow_up
from bot.documents.reindexing.process import ReindexProgress
from bot.documents.reindexing.rollback import plan_rollback, roll_back
from bot.errors import CorpusNotChanged, NotAllowed, ReindexFailed
from bot.library import key_of
from bot.localization import N_, NP_, LazyText, _
from bot.services import Services
from index.errors import BriefingError, CorpusShrunk, IndexBusy, IndexDamaged, IndexUnavailable
from index.indexing.report import ReindexReport
from index.store.generation import Generation

REINDEX_WAITS = LazyText("Another reindex is running; this one begins when it has ended …")
_REINDEX_NOT_YOURS = LazyText(
    "The reindex failed, and nothing was changed. An admin who may see all documents can see why."
)
RELEASE_OVERTAKEN = LazyText("That file has changed or was taken in since, so nothing was done.")
DROP_MISSING = LazyText("They are meant to go")
WENT_BACK = LazyText("Done: I answer as before the last reindex.")
_AUDIT_FAILED = LazyText("failed: {reason}")
_AUDIT_WENT_BACK = LazyText(
    "from generation {before:,} to what answered before it, as generation {generation:,}"
)

_TRIES, _RETRY_SECONDS = 3_600, 1.0
"""How often a reindex is tried again while another one runs, and the seconds between two tries."""
_NAME = 300
_LISTED = 40
"""Documents of each list that are named in the message."""


def cancel_button() -> Button:
    return Button(str(messages.CANCEL), "x:no")


class Reindexing(BotCog):
    @app_commands.command(
        name=NP_("command", "reindex"),
        description=N_("Take in what was added, changed or removed since the last time"),
    )
    @app_commands.describe(dry_run=N_("Only say what would be done"))
    @shown_to_admins
    async def reindex(self, interaction: Interaction, dry_run: bool = False) -> None:
        await begin_for_admin(interaction)
        await reindex_and_tell(interaction, dry_run=dry_run)

    @app_commands.command(name=NP_("command", "rollback"), description=N_("Undo the last reindex"))
    @shown_to_admins
    async def rollback(self, interaction: Interaction) -> None:
        await begin_for_admin(interaction)
        viewer = await self.bot.viewers.asker(interaction)
        access, index = self.services.access, self.services.current
        plan = await asyncio.to_thread(
            lambda: plan_rollback(
                index.store,
                index.recipe,
                lambda generation: access.visible_in(generation, viewer),
            )
        )
        yes = Button(_("Go back"), f"x:rb:{plan.current}", ButtonStyle.danger)
        await follow_up(interaction, confirm_rollback(plan, rows=[[yes, cancel_button()]]))


class ConfirmRollback(Click, template=r"x:rb:(?P<current>\d+)", admins=True):
    """Goes back to the generation before the current one."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        current = self.number("current")
        try:
            made = await asyncio.to_thread(
                roll_back, services.current.store, services.current.recipe, current
            )
        except IndexDamaged as exc:
            await audit(interaction, "rollback", _AUDIT_FAILED.format(reason=str(exc)))
            raise
        detail = _AUDIT_WENT_BACK.format(generation=made, before=current)
        await audit(interaction, "rollback", detail)
        rows = (tuple(ways),) if (ways := held_button(await held_back(interaction))) else ()
        return [MessagePart(str(WENT_BACK), rows=rows)]


class DropMissing(Click, template=r"x:drop", admins=True):
    """Reindexes although many documents are missing."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await reindex_and_tell(interaction, drop_missing=True)


class TurnHeld(Click, template=rf"{HELD_PAGE}(?P<page>\d{{1,6}})", admins=True):
    """Shows a page of what stays out since a rollback."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return held_parts(await held_back(interaction), self.number("page"))


class Release(Click, template=RELEASE, admins=True):
    """Takes a file in that stays out since a rollback, if it is still what was shown."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        key, version = self.found["key"], self.found["version"]
        held = [
            each
            for each in await held_back(interaction)
            if key_of(each.name) == key and each.sha256.startswith(version)
        ]
        if not held:
            raise CorpusNotChanged(RELEASE_OVERTAKEN)
        (name,) = (each.name for each in held)
        await audit(interaction, "release", name, document=name)
        done = _("Taken in again: {name}.").format(name=bold(name, _NAME))
        await reindex_and_tell(interaction, done, release=[name], patient=True)


class Cancel(Click, template=r"x:no", admins=True):
    """Declines a change that nothing was prepared for."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return messages.NOTHING_CHANGED_BY_YOU


async def reindex_and_tell(
    interaction: Interaction,
    done: str = "",
    but: Callable[[str], str] | None = None,
    *,
    dry_run: bool = False,
    drop_missing: bool | str = False,
    release: Sequence[str] = (),
    only: Sequence[str] = (),
    patient: bool = False,
) -> None:
    """Reindex, with its progress and then its result in the first response of the interaction.

    `done` stands above the result, and `but` makes what is said of the problem, if there is one.
    """
    async with LiveMessage(interaction) as live:
        try:
            report = await _reindex(
                interaction,
                live,
                dry_run=dry_run,
                drop_missing=drop_missing,
                release=release,
                only=only,
                patient=patient,
            )
        except Exception as exc:
            said, rows = sentence_of(exc), list[list[Button]]()
            if isinstance(exc, CorpusShrunk) and not (done or drop_missing):
                drop = Button(str(DROP_MISSING), "x:drop", ButtonStyle.danger)
                rows = [[drop, cancel_button()]]
            framed = but is not None or rows
            said = but(said) if but else said
            await live.end(packed([said], rows=rows) if framed else [MessagePart(said)])
        else:
            await _show_report(interaction, live, report, done)


async def _show_report(
    interaction: Interaction, live: LiveMessage, report: ReindexReport, content: str = ""
) -> None:
    """End a live message with the result of a reindex, below `content`, and with what the documents
    that came or changed seem to replace.

    Long lists are shortened, and a file has them in full, since a hundred messages would help
    nobody.
    """
    lists = (report.added, report.changed, report.removed, report.failed)
    file = ""
    if any(len(names) > _LISTED for names in lists):
        file = await asyncio.to_thread(reindexed_text, report)
    if content:  # what stays out is for whoever asks how the documents are
        report = replace(report, held=())
    first, *others = reindexed(report, most=_LISTED, rows=[held_button(report.held)])
    if not report.dry_run and (came := {*report.added, *report.changed}):
        with suppress(BriefingError):
            others += await look_up(interaction, statements_on, came)
            others += await look_up(interaction, proposals_on, came)
    await live.end([replace(first, content=content), *others], file)


async def _reindex(
    interaction: Interaction,
    live: LiveMessage,
    *,
    dry_run: bool = False,
    drop_missing: bool | str = False,
    release: Sequence[str] = (),
    only: Sequence[str] = (),
    patient: bool,
) -> ReindexReport:
    """Reindex in a thread, show the progress in `current`, and write the result to the audit log.

    While another reindex runs, this one waits if `patient`, and otherwise raises IndexBusy. Raises
    ReindexFailed, and CorpusShrunk if more documents are missing than `drop_missing` expects.
    """
    services = interaction.client.services
    reindexing, access = services.reindexing, services.access
    viewer = await interaction.client.viewers.asker(interaction)
    before = await asyncio.to_thread(_current, services)
    sees_all = access.sees_all(viewer)
    if drop_missing is True and not sees_all:
        raise NotAllowed(_REINDEX_NOT_YOURS)

    def show(state: ReindexProgress) -> None:
        if sees_all:
            live.show(progress(state))

    async def record(detail: str) -> None:
        if not dry_run:
            await audit(interaction, "reindex", detail)

    live.show(progress(ReindexProgress()))
    for tries_left in range(_TRIES if patient else 0, -1, -1):
        try:
            report = await asyncio.to_thread(
                reindexing.run,
                dry_run=dry_run,
                drop_missing=drop_missing,
                release=release,
                only=only,
                progress=show,
            )
            break
        except IndexBusy:
            if not tries_left:
                raise
            live.show(MessagePart(str(REINDEX_WAITS)))
            await asyncio.sleep(_RETRY_SECONDS)
        except Exception as exc:
            await record(_AUDIT_FAILED.format(reason=str(exc)))
            if sees_all or not isinstance(exc, CorpusShrunk | ReindexFailed):
                raise
            # Its text may name documents that are hidden from this admin.
            raise ReindexFailed(_REINDEX_NOT_YOURS) from exc
    await record(_detail(report))
    after = await asyncio.to_thread(_current, services)
    return await asyncio.to_thread(redact, report, access, viewer, before, after)


def _current(services: Services) -> Generation | None:
    """Return the generation that answers questions, or None if there is none. Blocks."""
    try:
        return services.current.generation()
    except IndexUnavailable:
        return None


def _detail(report: ReindexReport) -> str:
    counts = (
        (_("{n:,} added"), report.added),
        (_("{n:,} changed"), report.changed),
        (_("{n:,} removed"), report.removed),
        (_("{n:,} not read"), report.failed),
    )
    told = [said.format(n=len(names)) for said, names in counts if names] or [_("no changes")]
    return _("generation {generation:,}: {counts}, in {seconds}").format(
        generation=report.generation or 0,
        counts=_(", ").join(told),
        seconds=messages.seconds(round(report.seconds)),
    )
