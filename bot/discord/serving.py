"""Keeps the bot connected until it is told to go."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import discord

from bot import words
from bot.discord.client import BriefingBot
from bot.errors import BadSettings, NoToken

__all__ = ["serve"]

_PATIENCE = 8.0
"""Seconds for answers in flight; what stops us (systemd, Docker) kills after ten."""
_LONGEST_PAUSE = 60.0
_log = logging.getLogger(__name__)


async def serve(
    build: Callable[[], BriefingBot],
    token: str,
    *,
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    stop: asyncio.Event | None = None,
) -> None:
    """Returns when SIGTERM or SIGINT came, or `stop` is set, and the answers in flight are out.

    discord.py reconnects and resumes by itself; what it gives up on (a defect in its parser, say)
    is logged, and a new bot connects after a pause that grows with every failure in a row. Raises
    NoToken and BadSettings where trying again is of no use.
    """
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    stopping = asyncio.create_task(stop.wait())
    failures = 0
    try:
        while not stop.is_set():
            bot = build()
            connection = asyncio.create_task(bot.start(token))
            began = loop.time()
            await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                await _leave(bot, connection)
                return
            await bot.close()
            _give_up_on(connection)
            # A connection that held for a while is no failure in a row.
            failures = 0 if loop.time() - began > 600 else failures + 1
            seconds = min(_LONGEST_PAUSE, 2.0 ** min(failures, 10))
            _log.error(
                "The connection failed; a new one in %.0f s", seconds, exc_info=_error(connection)
            )
            waiting = asyncio.create_task(pause(seconds))
            await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
    finally:
        stopping.cancel()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(sign)


async def _leave(bot: BriefingBot, connection: asyncio.Task[None]) -> None:
    if not await bot.finish(_PATIENCE):
        _log.warning("Some answers were not finished in %.0f s", _PATIENCE)
    await bot.close()
    connection.cancel()
    await asyncio.wait({connection})


def _error(connection: asyncio.Task[None]) -> BaseException | None:
    return None if connection.cancelled() else connection.exception()


def _give_up_on(connection: asyncio.Task[None]) -> None:
    """Raises what no new connection would mend."""
    error = _error(connection)
    if isinstance(error, discord.LoginFailure):
        raise NoToken(words.TOKEN_REFUSED) from error
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise BadSettings(words.INTENT_MISSING) from error
