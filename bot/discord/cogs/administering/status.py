"""/status: how the bot is, in the order in which an admin wants to know it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from discord import app_commands

from bot import messages
from bot.access import Viewer, redact, visible_counts
from bot.clock import utc_now
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.admins import begin_for_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.answers.notices import faults_line
from bot.discord.rendering.documents.changes import audit_entries
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import MessagePart
from bot.discord.rendering.reports import state
from bot.discord.ui.audit_log import visible_entries
from bot.discord.ui.sending import follow_up
from bot.documents.reindexing.status import IndexState, index_state
from bot.documents.reviews import overdue
from bot.localization import N_, NP_, LazyText, _, ngettext
from bot.records.entries import Counts
from bot.services import Services
from bot.wording.engine import translate
from index.errors import IndexGone, IndexMissing, IndexUnavailable

_RECORDS_WAIT = LazyText(
    "The disk takes nothing, so what I answer waits in memory until there is room, and is lost "
    "if I am stopped before. The log says more."
)

_PROBLEM = 500
"""Characters of a problem that are shown."""
_AUDITS, _AUDITS_LOOKED_AT = 5, 1_000
"""Audit entries that are shown, and that are searched for those that the admin may see."""
_COUNTED = timedelta(days=30)
"""Of how long the questions are counted, as long as /gaps looks back."""


class Status(BotCog):
    @app_commands.command(
        name=NP_("command", "status"),
        description=N_("How I am: what I answer from, what was asked, what admins did last"),
    )
    @shown_to_admins
    async def status(self, interaction: Interaction) -> None:
        await begin_for_admin(interaction)
        services, waiting = self.services, self.services.admission.state.waiting
        viewer = await self.bot.viewers.asker(interaction)
        today = services.today(interaction.guild_id)

        def report() -> list[MessagePart]:
            return state(
                _visible_state(_index_state(services), services, viewer),
                problems=list(_problems(services, viewer)),
                more=list(_other_lines(services, viewer, today, waiting)),
                reading=services.reindexing.running,
            )

        await follow_up(interaction, await services.admission.run_quick(report))


def _index_state(services: Services) -> IndexState:
    return index_state(
        services.current.store,
        services.settings.corpus,
        lambda: services.reindexer.run(dry_run=True),
    )


def _visible_state(found: IndexState, services: Services, viewer: Viewer) -> IndexState:
    """Return the state of the index as if it had only the documents that the viewer may see."""
    access, sees_all = services.access, services.access.sees_all(viewer)
    try:
        generation = services.current.generation()
    except IndexUnavailable as exc:
        if sees_all and not isinstance(exc, IndexGone):
            return found
        return IndexState(
            index=found.index,
            corpus=found.corpus,
            problem=str(exc),
            is_missing=isinstance(exc, IndexMissing | IndexGone),
            is_gone=isinstance(exc, IndexGone),
        )
    visible = access.visible_in(generation, viewer)
    names, passages = visible_counts(generation, visible)
    return replace(
        found,
        documents=len(names),
        passages=passages,
        failing=tuple(name for name in found.failing if visible is None or name in visible),
        unread=tuple(each for each in found.unread if visible is None or each[0] in visible),
        changes=found.changes and redact(found.changes, access, viewer, generation, generation),
        index_bytes=found.index_bytes if sees_all else 0,
        problem=found.problem if sees_all else None,
    )


def _problems(services: Services, viewer: Viewer) -> Iterator[str]:
    if services.records.problem is not None:
        yield str(_RECORDS_WAIT)
    last = services.reindexing.last
    if (
        not services.reindexing.running
        and services.access.sees_all(viewer)
        and last is not None
        and last.problem
    ):
        problem = escape_line(translate(last.problem), _PROBLEM)
        if last.shrunk:
            problem = messages.corpus_shrunk(gone=last.shrunk.gone, known=last.shrunk.known)
        yield _("The last reindex: {problem}").format(problem=problem)


def _other_lines(services: Services, viewer: Viewer, today: date, waiting: int) -> Iterator[str]:
    """Yield lines on the questions, what is overdue, and what admins did."""
    # Questions are asked of all documents, in private and in every server.
    if services.access.sees_all(viewer):
        yield from _asked(services.records.counts(utc_now() - _COUNTED))
        if handed := len(services.records.handed.all_open()):
            yield _handed(handed)
    if waiting:
        yield ngettext(
            "{n:,} question is being answered now.",
            "{n:,} questions are being answered now.",
            waiting,
        ).format(n=waiting)
    with suppress(IndexUnavailable):
        library = services.libraries.of(viewer)
        generation, names = library.generation_and_names()
        if late := overdue(generation, names, library.decisions(), today):
            yield _overdue_documents(len(late))
    if entries := visible_entries(services.records.audits(_AUDITS_LOOKED_AT), services, viewer):
        yield ""
        yield _("**What admins did last**")
        yield from audit_entries(entries[:_AUDITS])


def _asked(counts: Counts) -> Iterator[str]:
    """Yield what became of the questions of the last days, and what people thought of it."""
    if not counts.exchanges:
        yield _("Nobody has asked anything in the last {days:,} days.").format(days=_COUNTED.days)
    else:
        silent = counts.exchanges - counts.answered - counts.unsure
        yield _(
            "**{questions}** in the last {days:,} days: {answered:,} answered, {unsure:,} unsure, "
            "{silent:,} silent."
        ).format(
            questions=messages.questions(counts.exchanges),
            days=_COUNTED.days,
            answered=counts.answered,
            unsure=counts.unsure,
            silent=silent,
        ) + (_(" `/gaps` lists those without a good answer.") if counts.unsure + silent else "")
    if counts.up or counts.down:
        yield _("What people thought of answers: {up:,} {helpful}, {down:,} {not_helpful}.").format(
            up=counts.up,
            down=counts.down,
            helpful=messages.HELPFUL,
            not_helpful=messages.NOT_HELPFUL,
        ) + (f" {messages.NOT_HELPFUL} {faults_line(counts.faults)}." if counts.faults else "")


def _handed(number: int) -> str:
    return ngettext(
        "{n:,} question waits for a person's answer.",
        "{n:,} questions wait for people's answers.",
        number,
    ).format(n=number)


def _overdue_documents(number: int) -> str:
    return ngettext(
        "{n:,} document is overdue for a review: `/documents show`.",
        "{n:,} documents are overdue for a review: `/documents show`.",
        number,
    ).format(n=number)
