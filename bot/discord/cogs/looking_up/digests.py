"""Digests: what changed in the documents, told in a channel by the bot itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import discord

from bot.access import STRANGER, Viewer
from bot.chat.recheck import Found, rechecked
from bot.clock import Clock, utc_now
from bot.config.guilds import GuildSettings
from bot.discord.cogs.bot_cog import BotCog, Work
from bot.discord.permissions.interaction import ServingClient
from bot.discord.permissions.viewer_sources import readers_by_id
from bot.discord.rendering.documents.differences import digest_message
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.documents.differences import changes_button
from bot.discord.ui.sending import NOT_SENT, send
from bot.documents.reindexing.upkeep import now_and_then
from bot.library import ChangesNotKept, Library
from bot.localization import speaking

_HOUR = 8
"""When a daily or weekly digest is due, by the clock of the guild."""
_MARGIN = timedelta(minutes=1)
"""A generation may be published so much later than its changes say that they were made."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Sent:
    """How far a channel has been told: until when, and up to which generation."""

    at: datetime
    generation: int

    @classmethod
    def read(cls, stored: str) -> _Sent:
        generation, at = stored.split(" ")
        return cls(datetime.fromisoformat(at), int(generation))

    def __str__(self) -> str:
        return f"{self.generation} {self.at.isoformat(timespec='seconds')}"


class Digests(BotCog):
    """How far each channel has been told is kept after its digest was sent, so that after a crash
    one may come twice and none is left out."""

    def __init__(self, bot: ServingClient, clock: Clock = utc_now) -> None:
        super().__init__(bot)
        self._clock = clock

    def background(self) -> Iterable[Work]:
        yield now_and_then("digest", self.send_due)

    async def send_due(self) -> None:
        """Send every digest that is due, once the bot is connected."""
        for guild, settings in self._with_digest():
            try:
                await self._send_if_due(guild, settings)
            except NOT_SENT as exc:  # the channel is closed to the bot; it is tried again
                _log.warning("The digest for server %d could not be sent: %s", guild.id, exc)

    def _with_digest(self) -> Iterator[tuple[discord.Guild, GuildSettings]]:
        for guild in self.bot.guilds if self.bot.is_ready() else ():
            settings = self.services.guilds.of(guild.id)
            if settings.digest_channel and guild.get_channel_or_thread(settings.digest_channel):
                yield guild, settings

    async def _send_if_due(self, guild: discord.Guild, settings: GuildSettings) -> None:
        assert settings.digest_channel is not None
        records, key = self.services.records, f"digest {settings.digest_channel}"
        stored = await asyncio.to_thread(records.recall, key)
        now, current = self._clock(), await asyncio.to_thread(self._current)
        sent = _Sent.read(stored) if stored else None
        if sent is None or sent.generation > current:  # the first time, or the index began anew
            await asyncio.to_thread(records.remember, key, str(_Sent(now, current)))
        elif self._is_due(settings, sent, current, now, self.services.timezone(guild.id)):
            with speaking(self.bot.languages.here(guild)):
                told = await self._send(settings, sent)
            await asyncio.to_thread(records.remember, key, str(_Sent(now, told)))

    def _current(self) -> int:
        return self.services.current.generation().number

    def _is_due(
        self, settings: GuildSettings, sent: _Sent, current: int, now: datetime, timezone: str
    ) -> bool:
        if settings.digest == "reindex":
            return sent.generation != current
        zone = ZoneInfo(timezone)
        day = now.astimezone(zone).date()
        if settings.digest == "weekly":
            day -= timedelta(days=day.weekday())
        due = datetime.combine(day, time(_HOUR), zone)
        return sent.at < due <= now

    async def _send(self, settings: GuildSettings, sent: _Sent) -> int:
        """Tell a channel what all of its readers may know; return up to which generation."""
        services, channel = self.services, settings.digest_channel
        assert channel is not None
        readers, run_quick = readers_by_id(self.bot.viewers, channel), services.admission.run_quick
        button = not settings.is_off("changes")

        async def find(viewer: Viewer) -> Found[tuple[list[MessagePart], int]]:
            if viewer is STRANGER:
                return Found(([], sent.generation), is_shown=False)
            names = await run_quick(services.access.visible, viewer)
            library = services.libraries.of(viewer)
            return Found(await run_quick(_digest, library, sent, button), names)

        parts, told = await rechecked(
            services.access, services.admission, readers, await readers(), find
        )
        if parts:
            await send(self.bot.get_partial_messageable(channel), parts)
        return told


def _digest(library: Library, sent: _Sent, button: bool) -> tuple[list[MessagePart], int]:
    """Return the digest, empty where nothing changed, and the generation up to which it goes."""
    changes = library.changes()
    start = sent.at - _MARGIN
    try:
        found = changes.since(datetime.fromtimestamp(0, UTC), after=sent.generation)
    except ChangesNotKept:
        found = []
    rows = [[changes_button(start)]] if button else []
    parts = digest_message(found, since=sent.at, rows=rows) if found else []
    return parts, changes.generation
