"""The bot as Discord sees it: which intents it asks for, which cogs it has, how errors are told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.app.services import Services
from bot.discord.gateway.sync import sync_commands
from bot.discord.permissions.interaction import ServingClient
from bot.discord.permissions.viewers import Viewers
from bot.discord.ui.errors import tell_error
from bot.errors import Busy
from bot.observing.metrics import Metrics
from bot.observing.questions import in_question

__all__ = ["BriefingBot"]

_log = logging.getLogger(__name__)


class BriefingBot(ServingClient):
    """Built anew for every connection from scratch; what lasts longer is in `services`."""

    def __init__(
        self,
        services: Services,
        cogs: Sequence[Callable[[ServingClient], commands.Cog]],
        *,
        sync_anyway: bool = False,
    ) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=_Tree,
            intents=_intents(services),
            # Nothing the bot says, least of all a document's text, may call anybody.
            allowed_mentions=discord.AllowedMentions.none(),
            # Records, not memory, know which message belongs to which question.
            max_messages=None,
            http_trace=_counting(services.metrics),
        )
        self.services = services
        self.viewers = Viewers(self, services.access.policy, services.records)
        self._cogs_to_add = cogs
        self._sync_anyway = sync_anyway
        self._answers = 0
        self._all_sent = asyncio.Event()
        self._all_sent.set()

    async def setup_hook(self) -> None:
        for cog in self._cogs_to_add:
            await self.add_cog(cog(self))
        await self.viewers.recall()
        await sync_commands(self.tree, self.services.records, anyway=self._sync_anyway)

    async def on_ready(self) -> None:
        await self.viewers.settle()

    async def on_guild_join(self, _: discord.Guild) -> None:
        await self.viewers.settle()

    async def on_connect(self) -> None:
        self.services.metrics.connect()

    async def on_resumed(self) -> None:
        self.services.metrics.connect()

    async def on_disconnect(self) -> None:
        self.services.metrics.disconnect()

    async def on_message(self, message: discord.Message, /) -> None:
        """There are no prefix commands: cogs listen for messages themselves."""

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        _log.exception("Handling %s failed", event_method)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Around what must not be cut off half-way when the bot is told to go."""
        self._answers += 1
        self._all_sent.clear()
        began = time.perf_counter()
        try:
            yield
            if in_question():  # and not in a reindex, which must not be cut off either
                self.services.metrics.replied(time.perf_counter() - began)
        finally:
            self._answers -= 1
            if not self._answers:
                self._all_sent.set()

    async def finish(self, patience: float) -> bool:
        """Takes no more questions; True if all answers were out within `patience` seconds."""
        began = asyncio.get_running_loop().time()
        # A part is kept for telling those who still wait in line that they waited in vain.
        done = await self.services.admission.close(patience * 0.8)
        left = patience - (asyncio.get_running_loop().time() - began)
        return await self.all_sent(max(0.0, left)) and done

    async def all_sent(self, patience: float) -> bool:
        """True if the answers that are being given now were out within `patience` seconds."""
        try:
            if not self._all_sent.is_set():  # without patience, `wait_for` would not look
                await asyncio.wait_for(self._all_sent.wait(), patience)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        # discord.py announces "ready" two seconds after it connected, even if it is closed by then,
        # and complains that nobody waits for that.
        ready = self._connection._ready_task
        while ready is not None and not ready.done():
            ready.cancel()  # once is not enough: until 3.12 `asyncio.wait_for` may swallow it
            await asyncio.sleep(0)
        await super().close()


class _Tree(app_commands.CommandTree[BriefingBot]):
    async def interaction_check(self, interaction: discord.Interaction[BriefingBot], /) -> bool:
        """Whether one person may have one thing more going on."""
        try:
            interaction.client.services.admission.enter(interaction.user.id)
        except Busy as exc:
            if interaction.type is not discord.InteractionType.autocomplete:
                await tell_error(interaction, exc)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction[BriefingBot], error: app_commands.AppCommandError, /
    ) -> None:
        await tell_error(interaction, error)


def _counting(metrics: Metrics) -> aiohttp.TraceConfig:
    """Sees every answer of Discord's, also those after which discord.py sends a request again."""
    trace = aiohttp.TraceConfig()

    async def answered(_: object, __: object, seen: aiohttp.TraceRequestEndParams) -> None:
        metrics.requested(seen.response.status)

    async def cut_off(_: object, __: object, ___: object) -> None:
        metrics.requested(None)

    trace.on_request_end.append(answered)
    trace.on_request_exception.append(cut_off)
    return trace


def _intents(services: Services) -> discord.Intents:
    """The fewest: guilds and their messages; what people write only where it is needed.

    Without the message-content intent Discord still sends what mentions the bot or is written to
    it directly.
    """
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = services.guilds.reads_messages
    return intents
