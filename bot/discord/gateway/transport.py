"""What discord.py 2.7.1 leaves undone between the bot and Discord.

It sends a request again where the connection was reset on macOS or Windows, but knows neither
Linux' number for that nor a server that hangs up without a word; what Discord answers with 503 it
sends again only where that belongs to an interaction; where Discord limits everything and whoever
was told so is cancelled while they wait, nobody sends anything any more; and a gateway that accepts
and then hangs up is tried again without a pause, hundreds of times a second. `steady` mends all of
it for one bot, at the two places that all its traffic goes through.
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

__all__ = ["steady"]

T = TypeVar("T")

_CUT = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)
_PAUSES = (0.1, 0.4, 1.5)
"""Seconds before a request is sent again: an interaction has to be acknowledged within three."""
_ALREADY_ACKNOWLEDGED = 40060
_LIMITED = 1.0
"""Seconds until others send again where whoever waited for them all is gone; if that is too early,
Discord says so to the next."""

_FREE = 2
"""Connections to the gateway in quick succession that need not wait: one that is lost is resumed
at once, and one more may be sent elsewhere."""
_QUICK = 60.0
"""Seconds; whoever connects again within them does so in quick succession."""
_LONGEST_WAIT = 30.0
"""Seconds; discord.py gives a connection up that has taken 60."""
_log = logging.getLogger(__name__)


def steady(bot: discord.Client) -> None:
    """To be called in the task that runs the bot, before it starts: other tasks keep what they had.

    What is sent twice because only its answer was lost does no harm: an edit changes nothing the
    second time, a message carries a nonce by which Discord knows it again, and an acknowledgement
    is refused as a second one, which is as good as an answer. Only a follow-up may then stand there
    twice; Discord takes no nonce for it, and a part of an answer twice is better than none.
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
    """Interactions and their follow-ups go this way, past the client's own `request`."""

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
            if exc.code == _ALREADY_ACKNOWLEDGED and attempts > 1:
                # All that discord.py reads of the answer to a response without a message.
                return {"interaction": {"id": route.webhook_id, "type": 1}}
            raise


async def _persistently(
    route: Route,
    files: Sequence[discord.File] | None,
    send: Callable[[], Awaitable[T]],
    *,
    unavailable: int | None = None,
) -> T:
    """Sends again while the connection is cut, or this status is answered, but not for ever."""
    for pause in _PAUSES:
        try:
            return await send()
        except _CUT as exc:
            # The path as a template: the real one has an interaction's token in it.
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
    """Makes connections wait that follow each other quickly, each twice as long as the last."""

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
