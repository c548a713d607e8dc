"""The bot that connects to Discord: its intents, its cogs and how it reports errors."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.config.shard import Shard
from bot.discord.gateway.sync import sync_commands
from bot.discord.gateway.translating import CommandTranslator
from bot.discord.permissions.interaction import (
    Interaction,
    ServingClient,
    enter,
    received_interaction,
    require_on,
)
from bot.discord.permissions.languages import Languages
from bot.discord.permissions.viewers import Viewers
from bot.discord.ui.actions import Click, Form
from bot.discord.ui.errors import tell_error
from bot.errors import Busy, HandledElsewhere, NotAllowed
from bot.observing.metrics import Metrics
from bot.observing.questions import in_question
from bot.services import Services

_log = logging.getLogger(__name__)


class BriefingBot(ServingClient):
    """One connection to Discord. What outlives a connection is in `services`."""

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
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            intents=_intents(services),
            # Nothing that the bot sends, least of all a document's text, may mention anybody.
            allowed_mentions=discord.AllowedMentions.none(),
            # The records, not discord.py's cache, know which message belongs to which question.
            max_messages=None,
            **_sharding(services.settings.shard),
            http_trace=_count_requests(services.metrics),
        )
        parsers = self._connection.parsers
        parsers["INTERACTION_CREATE"] = _kept_while(parsers["INTERACTION_CREATE"])
        self.services = services
        self.languages = Languages(services.guilds)
        self.viewers = Viewers(self, services.access.policy, services.records)
        self.context = Context()
        """What holds in the task that runs the connection, such as how requests are sent."""
        self._cogs_to_add = cogs
        self._sync_anyway = sync_anyway
        self._answers = 0
        self._all_sent = asyncio.Event()
        self._all_sent.set()

    async def setup_hook(self) -> None:
        self.context = copy_context()
        for cog in self._cogs_to_add:
            await self.add_cog(cog(self))
        self.add_dynamic_items(*Click.kinds)
        await self.viewers.recall()
        await self.tree.set_translator(CommandTranslator())
        await sync_commands(self.tree, self.services.records, anyway=self._sync_anyway)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Dispatch an event, but of interactions only forms, so that no other waits for a look."""
        if event == "interaction" and args[0].type is not discord.InteractionType.modal_submit:
            return
        super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        _log.info("Ready", extra={"bot": str(self.user), "servers": len(self.guilds)})
        await self.viewers.settle()

    async def on_guild_join(self, _: discord.Guild) -> None:
        await self.viewers.settle()

    async def on_connect(self) -> None:
        self.services.metrics.connect()

    async def on_resumed(self) -> None:
        self.services.metrics.connect()

    async def on_disconnect(self) -> None:
        self.services.metrics.disconnect()

    async def on_interaction(self, interaction: Interaction) -> None:
        await Form.submit(interaction)

    async def on_message(self, message: discord.Message, /) -> None:
        """Do nothing: there are no prefix commands, and cogs listen for messages themselves."""

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        _log.exception("Handling %s failed", event_method)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Make `finish` wait for the answer that is sent within this context."""
        self._answers += 1
        self._all_sent.clear()
        began = time.perf_counter()
        try:
            yield
            if in_question():  # a reindex is no question, but `finish` waits for it as well
                self.services.metrics.replied(time.perf_counter() - began)
        finally:
            self._answers -= 1
            if not self._answers:
                self._all_sent.set()

    async def finish(self, patience: float) -> bool:
        """Refuse new questions; return whether all answers are sent within `patience` seconds."""
        began = asyncio.get_running_loop().time()
        # The rest of the time is for telling people in line that there will be no answer.
        done = await self.services.admission.close(patience * 0.8)
        left = patience - (asyncio.get_running_loop().time() - began)
        return await self.all_sent(max(0.0, left)) and done

    async def all_sent(self, patience: float) -> bool:
        """Return whether the current answers are sent within `patience` seconds."""
        try:
            if not self._all_sent.is_set():  # without patience, `wait_for` would not look
                await asyncio.wait_for(self._all_sent.wait(), patience)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        # discord.py announces "ready" two seconds after it has connected, even if it is closed by
        # then, and warns that nobody waits for that task.
        ready = self._connection._ready_task
        while ready is not None and not ready.done():
            ready.cancel()  # once is not enough: until 3.12 `asyncio.wait_for` may swallow it
            await asyncio.sleep(0)
        await super().close()


class _Tree(app_commands.CommandTree[BriefingBot]):
    async def interaction_check(self, interaction: discord.Interaction[BriefingBot], /) -> bool:
        """Return whether the person may have another interaction at the same time, and the command
        is switched on here."""
        try:
            await enter(interaction)
            require_on(interaction)
        except HandledElsewhere:
            return False
        except (Busy, NotAllowed) as exc:
            if interaction.type is not discord.InteractionType.autocomplete:
                await tell_error(interaction, exc)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction[BriefingBot], error: app_commands.AppCommandError, /
    ) -> None:
        await tell_error(interaction, error)


def _kept_while(parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """Let tasks that begin while an interaction is parsed know it as Discord sent it."""

    def parse_and_keep(data: Any) -> None:
        token = received_interaction.set(data)
        try:
            parse(data)
        finally:
            received_interaction.reset(token)

    return parse_and_keep


def _count_requests(metrics: Metrics) -> aiohttp.TraceConfig:
    """Return a trace that counts every response, also those after which discord.py retries."""
    trace = aiohttp.TraceConfig()

    async def answered(_: object, __: object, seen: aiohttp.TraceRequestEndParams) -> None:
        metrics.requested(seen.response.status)

    async def cut_off(_: object, __: object, ___: object) -> None:
        metrics.requested(None)

    trace.on_request_end.append(answered)
    trace.on_request_exception.append(cut_off)
    return trace


def _sharding(shard: Shard) -> dict[str, Any]:
    if shard.count == 1:
        return {}
    return {"shard_id": shard.number, "shard_count": shard.count}


def _intents(services: Services) -> discord.Intents:
    """Return the fewest intents: guilds, messages, and the messages' text only if it is needed.

    Without the message-content intent, Discord still sends the text of messages that mention the
    bot and of direct messages.
    """
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        message_content=services.guilds.reads_messages,
    )
