"""Repairs what discord.py 2.7.1 does not handle between the bot and Discord.

- discord.py retries a request after a connection reset on macOS and Windows. It knows neither
  Linux' error number for that, nor a server that closes the connection without an answer.
- It retries a 503 only for interactions.
- Under a global rate limit, one task waits and all others wait for it. If that task is cancelled,
  nothing is sent any more.
- If the gateway accepts a connection and closes it at once, discord.py connects again without a
  pause, hundreds of times a second.

`steady` repairs this for one bot, at the two places that all its traffic goes through.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.chat.claiming import is_taken_over

T = TypeVar("T")

_CUT = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)
_PAUSES = (0.1, 0.4, 1.5)
"""Seconds before a request is sent again: an interaction has to be acknowledged within three."""
_ALREADY_ACKNOWLEDGED = 40060
_LIMITED = 1.0
"""Seconds until other tasks send again, if the task that waited for a global limit is cancelled.

If that is too early, Discord answers the next request with the limit again."""

_FREE = 2
"""Connections to the gateway in quick succession that need not wait.

A lost connection is resumed at once, and Discord may send the next one to another address."""
_QUICK = 60.0
"""Seconds between two connections that count as quick succession."""
_LONGEST_WAIT = 30.0
"""Seconds; discord.py gives up a connection after 60."""
_log = logging.getLogger(__name__)


def steady(bot: discord.Client) -> None:
    """Make a bot retry requests and pause between connections.

    To be called in the task that runs the bot, before it starts; other tasks are not changed.

    A request may be sent twice if only its answer was lost. That does no harm: a second edit
    changes nothing, Discord recognises a message by its nonce, and it refuses a second
    acknowledgement, which is as good as an answer. Only a follow-up can appear twice, since
    Discord takes no nonce for it; a part of an answer twice is better than none.
    """
    http = bot.http
    request, connect = http.request, http.ws_connect
    pace = _Pace(time.monotonic, asyncio.sleep)

    async def persistent_request(
        route: Route, *, files: Sequence[discord.File] | None = None, **rest: Any
    ) -> Any:
        try:
            return await _persistently(
                route, files, lambda: request(route, files=files, **rest), unavailable=503
            )
        except asyncio.CancelledError:
            if not http._global_over.is_set():
                asyncio.get_running_loop().call_later(_LIMITED, http._global_over.set)
            raise

    async def paced_connect(url: str, **rest: Any) -> Any:
        await pace.step()
        return await connect(url, **rest)

    vars(http).update(request=persistent_request, ws_connect=paced_connect)
    async_context.set(_PersistentAdapter())


class _PersistentAdapter(AsyncWebhookAdapter):
    """Sends interactions and their follow-ups, which do not use the client's own `request`."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # discord.py's has no annotations

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        files: Sequence[discord.File] | None = None,
        **rest: Any,
    ) -> Any:
        attempts = 0

        async def send() -> Any:
            nonlocal attempts
            attempts += 1
            return await super(_PersistentAdapter, self).request(
                route, session, files=files, **rest
            )

        try:
            return await _persistently(route, files, send)
        except discord.HTTPException as exc:
            if exc.code == _ALREADY_ACKNOWLEDGED and (attempts > 1 or is_taken_over()):
                # discord.py reads no more of the answer to a response without a message.
                return {"interaction": {"id": route.webhook_id, "type": 1}}
            raise


async def _persistently(
    route: Route,
    files: Sequence[discord.File] | None,
    send: Callable[[], Awaitable[T]],
    *,
    unavailable: int | None = None,
) -> T:
    """Retry a few times if the connection is cut, or if Discord answers with this status."""
    for pause in _PAUSES:
        try:
            return await send()
        except _CUT as exc:
            # The template of the path, since the real path contains an interaction's token.
            _log.info("%s %s was cut off: %s", route.method, route.path, type(exc).__name__)
        except discord.DiscordServerError as exc:
            if exc.status != unavailable:
                raise
            _log.info("%s %s was answered with %d", route.method, route.path, exc.status)
        await asyncio.sleep(pause)
        for file in files or ():
            file.reset()
    return await send()


class _Pace:
    """Delays connections in quick succession, each twice as long as the one before."""

    def __init__(
        self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._last: float | None = None
        self._quick = 0

    async def step(self) -> None:
        now = self._clock()
        if self._last is None or now - self._last > _QUICK:
            self._quick = 0
        over = self._quick - _FREE
        self._quick += 1
        if over >= 0:
            wait = min(_LONGEST_WAIT, 2.0 ** min(over, 10))
            _log.warning("The connection was lost again; the next one in %.0f s", wait)
            await self._sleep(wait)
        self._last = self._clock()
