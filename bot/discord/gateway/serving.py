"""Keeps the bot connected until it is told to go."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any

import aiohttp
import discord

from bot import messages
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.transport import steady
from bot.documents.upgrade import rebuild_outdated
from bot.documents.watcher import Watcher
from bot.errors import BadSettings, NoToken
from bot.observing.memory import give_back_in_time
from bot.observing.pages import Pages, pages
from bot.records.retention import remove_in_time
from bot.services import Services

__all__ = ["load_and_serve", "serve"]

_PATIENCE = 7.5
"""Seconds for answers in flight; what stops us (systemd, Docker) kills after ten."""
_AT_LATEST = 9.5
"""Seconds after a signal that the process ends, whatever hangs."""
_CLOSING = 1.0
"""Seconds for saying good-bye to Discord."""
_LONGEST_PAUSE = 60.0
_HELD = 600.0
"""Seconds; a connection that held for so long is no failure in a row."""
_REFUSED = 4004
"""The gateway's way of saying that the token is not, or no longer, taken."""
_log = logging.getLogger(__name__)


async def load_and_serve(
    settings: Settings,
    load: Callable[[], Services],
    build: Callable[[Services], BriefingBot],
    token: str,
    *,
    stop: asyncio.Event | None = None,
) -> None:
    """As `serve`, and before it `load` in a thread, which a Ctrl-C waits for. Where the settings
    name a port, health and metrics are served there from the first moment on. Raises also what
    `load` does."""
    async with AsyncExitStack() as stack:
        shown = None
        if settings.http_port is not None:
            opened = pages(settings.http_host, settings.http_port)
            shown = await stack.enter_async_context(opened)
        services = await asyncio.to_thread(load)
        await serve(services, lambda: build(services), token, stop=stop, shown=shown)


async def serve(
    services: Services,
    build: Callable[[], BriefingBot],
    token: str,
    *,
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    stop: asyncio.Event | None = None,
    shown: Pages | None = None,
) -> None:
    """Returns when SIGTERM or SIGINT came, or `stop` is set, and the answers in flight are out.

    discord.py reconnects and resumes by itself; what it gives up on (a defect in its parser, say)
    is logged, and a new bot, made by `build` over the same services, connects after a pause that
    grows with every failure in a row. Where the settings ask for it, changes of the documents are
    noticed. Meanwhile the services are `shown`. Raises NoToken and BadSettings where trying again
    is of no use. The services are of no more use afterwards. A signal ends the process in any case,
    within ten seconds: a worker that hangs would else keep it from ending for good.
    """
    stop = stop or asyncio.Event()
    services.watchdog.start()
    if shown:
        shown.services = services
    stopping = asyncio.create_task(stop.wait())
    removing = asyncio.create_task(remove_in_time(services.records, services.settings))
    giving_back = asyncio.create_task(give_back_in_time())
    updating = asyncio.create_task(
        asyncio.to_thread(rebuild_outdated, services.live, services.reindexing)
    )
    try:
        async with AsyncExitStack() as stack:
            stack.enter_context(_told_by_signals(stop))
            settings = services.settings
            if settings.watch_seconds is not None:
                watching = Watcher(services.reindexer, services.reindexing, settings.watch_seconds)
                watching.start()
                stack.push_async_callback(asyncio.to_thread, watching.stop)
            await _stay_connected(build, token, pause, stopping)
    finally:
        stopping.cancel()
        removing.cancel()
        giving_back.cancel()
        services.reindexing.stop()
        if shown:
            shown.services = None
        await updating
        await asyncio.to_thread(services.watchdog.stop)
        await asyncio.to_thread(services.records.close)


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
            # The line for answers is another one than that which failed, and may still do.
            await bot.all_sent(_PATIENCE)
        await _close(bot)
        connection.cancel()
        await asyncio.wait({connection})
        if stopping.done():
            return
        error = _error(connection)
        _give_up_on(error)
        failures = 0 if loop.time() - began > _HELD else failures + 1
        seconds = min(_LONGEST_PAUSE, 2.0 ** min(failures, 10))
        if isinstance(error, aiohttp.ClientConnectionError):
            # Nothing in this program: where it broke off would not help whoever reads the log.
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
    # First, so that whoever began it is told among the answers that are waited for.
    bot.services.reindexing.stop()
    if not await bot.finish(_PATIENCE):
        _log.warning("Some answers were not finished in %.0f s", _PATIENCE)


async def _close(bot: BriefingBot) -> None:
    """Without a `close` the socket would stay open, and Discord would go on sending to it."""
    try:
        async with asyncio.timeout(_CLOSING):
            await bot.close()
    except Exception as exc:
        _log.warning("The connection was not closed properly: %r", exc)
    bot.services.metrics.disconnect()


def _error(connection: asyncio.Task[None]) -> BaseException | None:
    return None if connection.cancelled() else connection.exception()


def _give_up_on(error: BaseException | None) -> None:
    """Raises what no new connection would mend."""
    refused = isinstance(error, discord.ConnectionClosed) and error.code == _REFUSED
    if refused or isinstance(error, discord.LoginFailure):
        raise NoToken(messages.TOKEN_REFUSED) from error
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise BadSettings(messages.INTENT_MISSING) from error


@contextmanager
def _told_by_signals(stop: asyncio.Event) -> Iterator[None]:
    def told() -> None:
        stop.set()
        # A thread that ends with the process, however: a loop that hangs would run no timer.
        last_resort = threading.Timer(_AT_LATEST, _end_at_once)
        last_resort.daemon = True
        last_resort.start()

    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    with suppress(NotImplementedError):  # Windows knows no such handlers
        for sign in signals:
            loop.add_signal_handler(sign, told)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for sign in signals:
                loop.remove_signal_handler(sign)


def _end_at_once() -> None:
    _log.error("Not everything ended in time; the process ends all the same")
    logging.shutdown()
    os._exit(1)
