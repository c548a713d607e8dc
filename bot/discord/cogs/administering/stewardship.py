"""/replaced, the buttons on overdue documents and on proposals, and reminders of reviews."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

import discord
from discord import app_commands

from bot.chat.recheck import ViewerSource
from bot.clock import utc_now
from bot.config.guilds import Owner
from bot.discord.cogs.bot_cog import BotCog, Work
from bot.discord.permissions.admins import begin_for_admin, shown_to_admins
from bot.discord.permissions.channel_readers import can_view
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up, look_up_for
from bot.discord.permissions.viewer_sources import readers_by_id
from bot.discord.rendering.audiences import mention_of
from bot.discord.rendering.documents.stewardship import reminder
from bot.discord.ui.choices import document_choices
from bot.discord.ui.documents.overdue import review_rows
from bot.discord.ui.documents.successions import decide_and_tell
from bot.discord.ui.sending import NOT_SENT, pings_of, send
from bot.documents.reindexing.upkeep import after_each_reindex, once_a_day
from bot.documents.reviews import Overdue, overdue
from bot.documents.successions import lapse
from bot.library import Library
from bot.localization import N_, NP_, speaking

_MOST = 5
"""Documents of which somebody is reminded at once, each in a row of buttons; others follow."""
_PAUSE = timedelta(days=7)
"""Between two reminders of the same document."""
_DECISIONS = {N_("it does"): True, N_("it does not"): False, N_("undo"): None}
_log = logging.getLogger(__name__)


class Stewardship(BotCog):
    def background(self) -> Iterable[Work]:
        services = self.services
        yield once_a_day(
            "reviews",
            self.remind,
            services.records,
            lambda: services.settings.timezone,
            shard=services.settings.shard,
        )
        # For all servers, whichever share of them this bot serves.
        yield after_each_reindex("refusals", self._lapse, services.records, services.current)

    @app_commands.command(
        name=NP_("command", "replaced"),
        description=N_("Say that a document is replaced by another, or is not"),
    )
    @app_commands.describe(
        document=N_("The older one"),
        by=N_("The newer one"),
        decision=N_("Whether it does; “it does” if you say nothing"),
    )
    @app_commands.autocomplete(document=document_choices, by=document_choices)
    @app_commands.choices(
        decision=[app_commands.Choice(name=name, value=name) for name in _DECISIONS]
    )
    @shown_to_admins
    async def replaced(
        self, interaction: Interaction, document: str, by: str, decision: str = "it does"
    ) -> None:
        await begin_for_admin(interaction)
        # What is decided at once is decided of documents that were named, not of guesses.
        old = await look_up(interaction, Library.named, document, guess=False)
        new = await look_up(interaction, Library.named, by, guess=False)
        confirmed = _DECISIONS.get(decision, True)
        await decide_and_tell(interaction, old.name, new.name, confirmed=confirmed)

    async def _lapse(self, _before: int | None, _now: int) -> None:
        """Forget refusals on documents that have become others."""

        def work() -> None:
            for each in lapse(
                self.services.records.decided, self.services.current.generation().catalog
            ):
                _log.info("A refusal has lapsed", extra={"document": each.old, "by": each.new})

        await asyncio.to_thread(work)

    # Reminders

    async def remind(self, today: date) -> None:
        """Remind the owners of what is overdue, each of a document once a week at most."""
        await self.bot.wait_until_ready()
        for guild in filter(self.services.settings.shard.has, sorted(self.bot.viewers.home)):
            settings = self.services.guilds.of(guild)
            for owner in sorted(set(settings.owners.values())):
                try:
                    await self._remind(guild, owner, settings.review_channel, today)
                except NOT_SENT as exc:  # another owner may well be reached
                    _log.warning("Owner %d could not be reminded: %s", owner.id, exc)

    async def _remind(self, guild: int, owner: Owner, channel: int | None, today: date) -> None:
        """Remind one owner in the channel for reviews; a person directly, of what not all may see
        there, or where they do not read it, or there is none.
        """
        viewers = self.bot.viewers
        if channel is not None and (owner.is_role or await self._reads(guild, owner.id, channel)):
            target = self.bot.get_partial_messageable(channel)
            await self._send(guild, owner, readers_by_id(viewers, channel), target, today)
        if owner.is_role:
            if channel is None:
                _log.info("Role %d is not reminded of reviews: no review_channel", owner.id)
            return
        person = self.bot.get_user(owner.id) or await self.bot.fetch_user(owner.id)
        recipient = partial(viewers.person_now, person, None, None)
        await self._send(guild, owner, recipient, person, today)

    async def _reads(self, guild: int, person: int, channel: int) -> bool:
        server = self.bot.get_guild(guild)
        found = server.get_channel_or_thread(channel) if server else None
        if server is None or found is None:
            return False
        try:
            return can_view(await server.fetch_member(person), found)
        except discord.NotFound:
            return False

    def _due(self, library: Library, guild: int, owner: Owner, today: date) -> list[Overdue]:
        """Return what an owner is to be reminded of, the oldest first."""
        generation, names = library.generation_and_names()
        guilds = self.services.guilds
        found = [
            each
            for each in overdue(generation, names, library.decisions(), today)
            if not each.is_wrong and owner in guilds.owners_of([guild], each.owner)
        ]
        return sorted(found, key=lambda each: (each.since, each.document))

    async def _send(
        self,
        guild: int,
        owner: Owner,
        place: ViewerSource,
        target: discord.abc.Messageable,
        today: date,
    ) -> None:
        """Send a reminder of what is due and all may see who would see it there."""
        services = self.services
        decided = services.records.decided
        due = await look_up_for(services, place, self._due, guild, owner, today)
        names = [each.document for each in due]
        since = utc_now() - _PAUSE
        told = await services.admission.run_quick(decided.remind, owner.id, names, since, _MOST)
        if not told:
            return
        shown = list(enumerate((each for each in due if each.document in told), start=1))
        languages, server = self.bot.languages, self.bot.get_guild(guild)
        directly = isinstance(target, discord.User | discord.Member)
        with speaking(
            languages.of_person(owner.id, server) if directly else languages.here(server)
        ):
            parts = reminder(mention_of(owner), shown, review_rows(shown, 0))
        try:
            await send(target, parts, pings_of(owner))
        except NOT_SENT as exc:
            _log.warning("Owner %d could not be reminded: %s", owner.id, exc)
            await services.admission.run_quick(decided.not_reminded, owner.id, told)
