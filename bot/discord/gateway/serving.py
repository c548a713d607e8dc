"""Keeps the bot connected until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot import messages
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.reloading import Reloading
from bot.discord.gateway.taking_over import TakingOver
from bot.discord.gateway.transport import steady
from bot.documents.reindexing.upgrade import rebuild_outdated
from bot.documents.reindexing.watcher import Watcher
from bot.errors import BadSettings, NoToken
from bot.observing.lasting import lasting
from bot.observing.memory import give_back_in_time
from bot.observing.pages import Pages, pages
from bot.observing.service_manager import keep_telling
from bot.observing.state_log import StateLog
from bot.records.retention import remove_in_time
from bot.records.writing_later import write_in_time
from bot.services import Services

if TYPE_CHECKING:
    from bot.records.databases.standby import ShareLock

_PATIENCE = 7.5
"""Seconds for answers in flight; systemd and Docker kill the process after ten."""
_AT_LATEST = 9.5
"""Seconds after a signal until the process ends, even if something hangs."""
_CLOSING = 1.0
"""Seconds for closing the connection to Discord."""
_LONGEST_PAUSE = 60.0
_STABLE_SECONDS = 600.0
"""Seconds; if a connection lasted longer, the pause starts again from the shortest."""
_REFUSED = 4004
"""The gateway's close code for a token that it does not accept, or no longer."""
_log = logging.getLogger(__name__)


async def load_and_serve(
    settings: Settings,
    load: Callable[[], Services],
    build: Callable[[Services], BriefingBot],
    token: str,
    *,
    stop: asyncio.Event | None = None,
    turn: ShareLock | None = None,
) -> None:
    """Load the services in a thread, then `serve`; Ctrl-C waits for the thread.

    With a `turn`, first stand by until that comes, and end when another bot has taken over. If the
    settings name a port, health and metrics are served there from the first moment on.
    Raises what `load` and `serve` raise.
    """
    reload = asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.enter_context(_reload_on_signal(reload))
        shown = None
        if settings.http_port is not None:
            opened = pages(settings.http_host, settings.http_port)
            shown = await stack.enter_async_context(opened)
        services = await asyncio.to_thread(load)
        if turn is not None:
            stop = stop or asyncio.Event()
            if not await asyncio.to_thread(turn.wait):
                await asyncio.to_thread(services.records.close)
                return
            await stack.enter_async_context(turn.watched(stop))
            await Reloading(services).reload()  # it may have stood by for days
        await serve(services, lambda: build(services), token, stop=stop, shown=shown, reload=reload)


async def serve(
    services: Services,
    build: Callable[[], BriefingBot],
    token: str,
    *,
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    stop: asyncio.Event | None = None,
    shown: Pages | None = None,
    reload: asyncio.Event | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or `stop`, and until the answers in flight are sent.

    discord.py reconnects and resumes by itself. An error that it gives up on, such as a defect in
    its parser, is logged; then `build` makes a new bot over the same services, which connects after
    a pause that grows with every failure in a row. If the settings ask for it, the documents are
    watched for changes. The policy and the guild settings are read anew when their files change,
    and when `reload` is set. `shown` gets the services for its pages of health and metrics. Raises
    NoToken and BadSettings if another try would fail the same way.

    The services cannot be used afterwards. After a signal the process ends within ten seconds in
    any case, since a worker that hangs would otherwise keep it alive.
    """
    stop = stop or asyncio.Event()
    services.watchdog.start()
    if shown:
        shown.services = services
    stopping = asyncio.create_task(stop.wait())
    is_first = services.settings.shard.is_first
    reloading = Reloading(services)
    left_behind = TakingOver(services.claiming)
    states = StateLog(services.current, services.settings.corpus)
    keeping = [
        asyncio.create_task(lasting(name, work))
        for name, work in {
            "Writing what waits": lambda: write_in_time(services.records),
            "Giving memory back": give_back_in_time,
            "Reading the settings anew": lambda: reloading.keep(reload or asyncio.Event()),
            "Logging the state": states.keep,
            "Taking over questions": lambda: left_behind.keep(token),
            "Telling the service manager": keep_telling,
            # What is done once for all bots, the one of the first share does.
            "Removing what is too old": lambda: (
                remove_in_time(services.records, services.settings)
                if is_first
                else asyncio.sleep(0)
            ),
        }.items()
    ]

    def build_known() -> BriefingBot:
        reloading.bot = left_behind.bot = build()
        return reloading.bot

    updating = asyncio.create_task(
        asyncio.to_thread(rebuild_outdated, services.current, services.reindexing)
        if is_first
        else asyncio.sleep(0)
    )
    try:
        async with AsyncExitStack() as stack:
            stack.enter_context(_stop_on_signals(stop))
            settings = services.settings
            if settings.watch_seconds is not None and is_first:
                watching = Watcher(services.reindexer, services.reindexing, settings.watch_seconds)
                watching.start()
                stack.push_async_callback(asyncio.to_thread, watching.stop)
            await _stay_connected(build_known, token, pause, stopping)
    finally:
        for task in (stopping, *keeping):
            task.cancel()
        await services.claiming.close()
        await asyncio.to_thread(services.reindexing.stop)
        if shown:
            shown.services = None
        await updating
        await asyncio.to_thread(services.watchdog.stop)
        await asyncio.to_thread(services.records.close)
        _log.info("Stopped")


async def _stay_connected(
    build: Callable[[], BriefingBot],
    token: str,
    pause: Callable[[float], Coroutine[Any, Any, None]],
    stopping: asyncio.Task[Any],
) -> None:
    loop = asyncio.get_running_loop()
    failures = 0
    while not stopping.done():
        bot = build()
        connection = asyncio.create_task(_connect(bot, token))
        began = loop.time()
        await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.done():
            await _finish(bot)
        else:
            # Answers go over REST, which may still work although the gateway failed.
            await bot.all_sent(_PATIENCE)
        await _close(bot)
        connection.cancel()
        await asyncio.wait({connection})
        if stopping.done():
            return
        error = _error(connection)
        _raise_if_permanent(error)
        failures = 0 if loop.time() - began > _STABLE_SECONDS else failures + 1
        seconds = min(_LONGEST_PAUSE, 2.0 ** min(failures, 10))
        if isinstance(error, aiohttp.ClientConnectionError):
            # A traceback would not help the reader of the log: the fault is not in this program.
            _log.error("Discord cannot be reached (%s); the next try in %.0f s", error, seconds)
        else:
            _log.error("The connection failed; a new one in %.0f s", seconds, exc_info=error)
        waiting = asyncio.create_task(pause(seconds))
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()


async def _connect(bot: BriefingBot, token: str) -> None:
    steady(bot)
    await bot.start(token)


async def _finish(bot: BriefingBot) -> None:
    # First, so that `finish` also waits for the message to the admin who started the reindex.
    await asyncio.to_thread(bot.services.reindexing.stop)  # it waits for a process
    if not await bot.finish(_PATIENCE):
        _log.warning("Some answers were not finished in %.0f s", _PATIENCE)


async def _close(bot: BriefingBot) -> None:
    """Close the connection; otherwise Discord would keep sending to the open socket."""
    try:
        async with asyncio.timeout(_CLOSING):
            await bot.close()
    except Exception as exc:
        _log.warning("The connection was not closed properly: %r", exc)
    bot.services.metrics.disconnect()


def _error(connection: asyncio.Task[None]) -> BaseException | None:
    return None if connection.cancelled() else connection.exception()


def _raise_if_permanent(error: BaseException | None) -> None:
    """Raise NoToken or BadSettings for an error that a new connection would not repair."""
    refused = isinstance(error, discord.ConnectionClosed) and error.code == _REFUSED
    if refused or isinstance(error, discord.LoginFailure):
        raise NoToken(messages.TOKEN_REFUSED) from error
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise BadSettings(messages.INTENT_MISSING) from error


@contextmanager
def _stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    def on_signal(sign: signal.Signals) -> None:
        _log.info("Stopping on %s", sign.name)
        stop.set()
        # A thread of its own, since a loop that hangs would run no timer; a daemon, so that it does
        # not keep the process alive.
        last_resort = threading.Timer(_AT_LATEST, _end_at_once)
        last_resort.daemon = True
        last_resort.start()

    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    with suppress(NotImplementedError):  # Windows has no such handlers
        for sign in signals:
            loop.add_signal_handler(sign, on_signal, sign)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for sign in signals:
                loop.remove_signal_handler(sign)


@contextmanager
def _reload_on_signal(reload: asyncio.Event) -> Iterator[None]:
    """Set `reload` on SIGHUP, which would end the process otherwise."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError, AttributeError):  # Windows has neither
        loop.add_signal_handler(signal.SIGHUP, reload.set)
    try:
        yield
    finally:
        with suppress(NotImplementedError, AttributeError):
            loop.remove_signal_handler(signal.SIGHUP)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # while the process ends


def _end_at_once() -> None:
    _log.error("Not everything ended in time; the process ends all the same")
    logging.shutdown()
    os._exit(1)
