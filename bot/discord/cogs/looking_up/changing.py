"""/changes: what changed in the documents; /compare: two documents, or versions of one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from discord import app_commands

from bot import messages
from bot.clock import utc_now
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.admins import is_admin
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up_in_line
from bot.discord.rendering.message import MessagePart
from bot.discord.rendering.naming import with_guesses
from bot.discord.ui.choices import document_choices, folder_choices
from bot.discord.ui.documents.differences import (
    changes_page,
    compared_page,
    version_page,
)
from bot.discord.ui.sending import begin, follow_up
from bot.errors import RecordsUnavailable
from bot.library import Library
from bot.localization import N_, NP_, LazyText
from bot.requests.periods import beginning, first_day, generation_in

_SINCE = N_("A date, “last week”, or nothing for since your last visit")
_FIRST_VISIT = timedelta(days=7)
_MARGIN = timedelta(minutes=1)
"""A generation may be published so much later than its changes say that they were made."""
_Start = Callable[[Library], datetime]


def _ever(library: Library) -> datetime:
    return datetime.fromtimestamp(0, UTC)


_VISITS = ("my last visit", "last visit", "my last time", "last time")
FIRST_TIME = LazyText(
    "The last seven days, as you have not looked here before; `since` goes back further."
)
LAST_TIME = LazyText("Since you looked here last; `since` goes back further.")


class Changing(BotCog):
    @app_commands.command(
        name=NP_("command", "changes"),
        description=N_("See what changed in the documents, old beside new"),
    )
    @app_commands.describe(
        since=_SINCE, folder=N_("Only documents in this folder"), document=messages.ASK_DOCUMENT
    )
    @app_commands.autocomplete(folder=folder_choices, document=document_choices)
    async def changes(
        self,
        interaction: Interaction,
        since: app_commands.Range[str, 1, 100] | None = None,
        folder: str | None = None,
        document: str | None = None,
    ) -> None:
        await begin(interaction)
        now = utc_now()
        if document is not None:
            await self._version(interaction, document, since)
            return
        note = ""
        if since is None or " ".join(since.split()).casefold() in _VISITS:
            last = await self.services.admission.run_quick(
                self.services.records.visits.last, interaction.user.id
            )
            start, note = self._since_visit(interaction, last)
        else:
            start = self._start(interaction, since)
        parts = await look_up_in_line(interaction, _changes, start, folder, note)
        await follow_up(interaction, parts)
        if folder is None:
            with suppress(RecordsUnavailable):  # what is shown is right without it
                await self.services.admission.run_quick(
                    self.services.records.visits.come, interaction.user.id, now
                )

    @app_commands.command(
        name=NP_("command", "compare"),
        description=N_("See what differs between two documents, or what changed in one"),
    )
    @app_commands.describe(
        document=N_("The one document, or the older one"),
        other=N_("The other document; without it, the same one as it was before"),
        since=N_("Without another document: as it was then"),
    )
    @app_commands.rename(other="with")
    @app_commands.autocomplete(document=document_choices, other=document_choices)
    async def compare(
        self,
        interaction: Interaction,
        document: str,
        other: str | None = None,
        since: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        await begin(interaction)
        if other is None:
            await self._version(interaction, document, since, or_replaced=since is None)
            return
        parts = await look_up_in_line(interaction, _compared, document, other)
        await follow_up(interaction, parts)

    async def _version(
        self,
        interaction: Interaction,
        document: str,
        since: str | None,
        *,
        or_replaced: bool = False,
    ) -> None:
        """Show a document beside what it was; the time is as it was typed.

        With `or_replaced`, one of no earlier text is shown beside the document that it replaces.
        """
        start = self._start(interaction, since) if since else _ever
        admin = is_admin(interaction, self.services.guilds)
        parts = await look_up_in_line(interaction, _version, start, document, admin, or_replaced)
        await follow_up(interaction, parts)

    def _since_visit(self, interaction: Interaction, last: datetime | None) -> tuple[_Start, str]:
        """Return since when a person has not looked, and what to say of it."""
        guild = interaction.guild_id
        if last is None:
            day = self.services.today(guild) - _FIRST_VISIT
            start, note = midnight(day, self.services.timezone(guild)), str(FIRST_TIME)
        else:
            start, note = last - _MARGIN, str(LAST_TIME)
        return lambda library: start, note

    def _start(self, interaction: Interaction, since: str) -> _Start:
        """Return what finds the moment since which something is asked; raises BadPeriod."""
        if (number := generation_in(since)) is not None:
            return partial(_when_answered, number=number, typed=since)
        guild = interaction.guild_id
        today, timezone = self.services.today(guild), self.services.timezone(guild)
        start = midnight(beginning(since, today), timezone)
        return lambda library: start


def _when_answered(library: Library, number: int, typed: str) -> datetime:
    """Return when a generation answered; raises BadPeriod for those who may not know."""
    return library.changes().of_generation(number) or midnight(first_day(typed), "UTC")


def midnight(day: date, timezone: str) -> datetime:
    """Return the moment at which a day begins in a time zone."""
    return datetime.combine(day, time(), ZoneInfo(timezone))


def _changes(library: Library, start: _Start, folder: str | None, note: str) -> list[MessagePart]:
    since = start(library)
    found = library.find_folder(folder) if folder else ""
    first, *others = changes_page(library, since, found, 1)
    # Where less is known, the page itself names its first day.
    content = f"-# {note}" if note and library.changes().begins() <= since else ""
    return [replace(first, content=content), *others]


def _version(
    library: Library, start: _Start, document: str, admin: bool, or_replaced: bool
) -> list[MessagePart]:
    found, changes = library.named(document), library.changes()
    replaced = changes.predecessor(found.name) if or_replaced else None
    if replaced and not changes.has_earlier_text(found.name):
        page = compared_page(library, replaced, found.name, 1)
    else:
        page = version_page(library, start(library), found.name, 1, admin)
    return with_guesses(page, found)


def _compared(library: Library, document: str, other: str) -> list[MessagePart]:
    one, two = library.named(document), library.named(other)
    if one.name == two.name:
        page = version_page(library, _ever(library), one.name, 1, admin=False)
    else:
        page = compared_page(library, one.name, two.name, 1)
    return with_guesses(page, one, two)
