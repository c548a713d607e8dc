"""Reads the policy and the guild settings anew while the bot runs.

On SIGHUP, and when one of the files has changed. With a mistake in one of them both stay as they
are, and admins are told at once: a bot that ended, or forgot who may see what, would be worse.
"""

from __future__ import annotations

import asyncio
import logging
import tomllib
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.access import Openings, Policy, openings_under
from bot.clock import utc_now
from bot.config.files import text_of
from bot.config.guilds import GuildBook
from bot.discord.gateway.client import BriefingBot
from bot.discord.rendering.escape import escape_line
from bot.discord.ui.sending import NOT_SENT
from bot.errors import BadSettings, RecordsUnavailable
from bot.localization import LazyText, _, speaking
from bot.services import Services

_EVERY = 2.0
"""Seconds between two looks at the files. A file counts as written when two looks are the same."""
_PATIENCE = 2.0
"""Seconds that Discord has to take a line before the files are looked at again."""
_LONGEST = 1_500
_NOT_READ = LazyText(
    "**The settings were not read anew**, and those from before go on to count. {why}"
)
_WHY_ELSEWHERE = LazyText("The log and `briefing-bot check` say what the mistake is.")
_READ = LazyText("**The settings were read anew**: {names}.")
_AFTER_RESTART = LazyText(
    "Channels for questions count after the bot is started again, since they need the Message "
    "Content intent."
)
_log = logging.getLogger(__name__)


class Reloading:
    """Keeps the policy and the guild settings of `services` as their files say. For one loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings
        self._paths = [path for path in (settings.policy, settings.guilds) if path is not None]
        self._refused = ""
        self._telling: set[asyncio.Task[None]] = set()
        self.bot: BriefingBot | None = None
        """The one that is connected, or connects."""

    async def keep(
        self,
        asked: asyncio.Event,
        pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    ) -> None:
        """Reload when `asked` is set, and after each change of a file, until cancelled."""
        failed = ""
        read: object = None  # they may have changed since they were read at the start
        before = await asyncio.to_thread(self._stamp)
        while True:
            await pause(_EVERY)
            try:
                stamp = await asyncio.to_thread(self._stamp)
                if asked.is_set() or (stamp == before != read):
                    told = asked.is_set()
                    asked.clear()
                    await self.reload(is_asked=told)
                    read, failed = stamp, ""
                before = stamp
            except Exception as exc:  # tried again at the next look
                if repr(exc) != failed:
                    _log.exception("The settings could not be read anew")
                read, failed = None, repr(exc)

    async def reload(self, *, is_asked: bool = False) -> bool:
        """Read the files; return whether they could be used. Raises nothing for a mistake.

        Raises RecordsUnavailable where it could not be written down what is open since when. The
        files count all the same: what they close is closed.
        """
        away = None
        try:
            policy, book = await asyncio.to_thread(self._read)
            try:
                openings = await asyncio.to_thread(
                    openings_under, policy, self._services.records, utc_now()
                )
            except RecordsUnavailable as exc:
                away, openings = exc, self._services.access.openings.under(policy, utc_now())
        except BadSettings as exc:
            if is_asked or str(exc) != self._refused:
                self._refused = str(exc)
                _log.error("The settings were not read anew; the old ones stay: %s", str(exc))
                await self._tell(lambda: _NOT_READ.format(why=_WHY_ELSEWHERE), str(exc))
            return False
        self._refused = ""
        changed = self._take(policy, book, openings)
        if changed or is_asked:
            _log.info("The settings were read anew", extra={"changed": changed})
        if changed:
            await self._tell(self._changed)
        if away:
            raise away
        return True

    def _changed(self) -> str:
        names = ", ".join(escape_line(str(path)) for path in self._paths)
        return " ".join([_READ.format(names=names)] + [str(_AFTER_RESTART)] * self._needs_restart())

    def _read(self) -> tuple[Policy, GuildBook]:
        services = self._services
        settings, policy, book = services.settings, services.access.policy, services.guilds
        if settings.policy is not None:
            policy = Policy.read(settings.policy)
            if policy == Policy(path=settings.policy) != services.access.policy:
                _require_words(settings.policy)
        if settings.guilds is not None:
            book = GuildBook.read(settings.guilds)
        return policy, book

    def _take(self, policy: Policy, book: GuildBook, openings: Openings) -> list[str]:
        """Let them count from now on; return which of them differ from those before."""
        services, changed = self._services, []
        if policy != services.access.policy:
            changed.append("policy")
            if self.bot:
                self.bot.viewers.policy = policy
        services.access.become(policy, openings)  # also what another bot knows to be opened since
        if book != services.guilds:
            changed.append("guilds")
            services.guilds.become(book)
        return changed

    def _needs_restart(self) -> bool:
        bot = self.bot
        return bool(
            bot and self._services.guilds.reads_messages and not bot.intents.message_content
        )

    async def _tell(self, text: Callable[[], str], detail: str = "") -> None:
        """Send a line to every audit channel, and wait a little for it, since Discord may not
        answer: a file that is corrected meanwhile must count.

        The `detail` may name folders and audiences, so it is only for readers who may see them all.
        """
        if self.bot is not None:
            task = asyncio.create_task(self._send(self.bot, text, detail))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
            await asyncio.wait({task}, timeout=_PATIENCE)

    async def _send(self, bot: BriefingBot, text: Callable[[], str], detail: str) -> None:
        guilds = self._services.guilds
        sections = (guilds.default, *guilds.sections.values())
        for channel in sorted({one.audit_channel for one in sections if one.audit_channel}):
            readers = bot.viewers.readers_in(channel)
            place = bot.get_channel(channel)
            with speaking(bot.languages.here(getattr(place, "guild", None))):
                line = text()
                if detail and self._services.access.sees_all(readers):
                    line = _NOT_READ.format(why=escape_line(detail, _LONGEST))
            try:
                await bot.get_partial_messageable(channel).send(content=line)
            except NOT_SENT as exc:  # the channel is gone, or closed to the bot
                _log.warning("Channel %d could not be told of the settings: %s", channel, exc)
            except Exception:  # nobody waits for it
                _log.exception("Channel %d could not be told of the settings", channel)

    def _stamp(self) -> list[object]:
        """Return a value that changes when one of the files does, or where a link leads."""
        stamps: list[object] = []
        for path in self._paths:
            found: object = None
            with suppress(OSError):
                stat = path.stat()
                # The last one also tells of another owner, without whose rights nobody reads it.
                found = stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_ctime_ns
            stamps.append(found)
        return stamps


def _require_words(path: Path) -> None:
    """Raise BadSettings for a file that says nothing, as a full disk leaves it: all would open."""
    if not tomllib.loads(text_of(path)):
        raise BadSettings(
            _(
                'The policy {path} says nothing. To open all documents, write default = "open".'
            ).format(path=path)
        )
