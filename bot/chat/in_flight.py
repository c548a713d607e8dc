"""Questions from the moment they come in until they are answered: of a message, the newest wording.

Its question may be edited while it is answered, several times in a row when a connection is taken
up again, and deleted. Nothing here knows Discord.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

__all__ = ["InFlight"]

_log = logging.getLogger(__name__)


class InFlight:
    """Used from one event loop. Everything goes by the id of the message; each of its wordings is
    the business of the task that heard of it."""

    def __init__(self) -> None:
        self.in_work: dict[int, asyncio.Task[Any]] = {}
        """Questions that are being answered: one that is deleted meanwhile is dropped, one that is
        edited begins anew."""
        self.on_their_way: dict[int, asyncio.Task[None]] = {}
        """Answers that are being sent: too late to drop them."""
        self._newest: dict[int, asyncio.Task[Any]] = {}
        """Who heard last of a message; not yet whether there is anything to answer."""

    @contextmanager
    def arriving(self, message: int) -> Iterator[None]:
        """Around all that the current task does for a wording, before its first `await`: so the
        order is that in which they came in, however long each takes."""
        task = _current()
        self._newest[message] = task
        try:
            yield
        finally:
            for held in (self._newest, self.in_work):
                if held.get(message) is task:
                    del held[message]

    async def older(self, message: int) -> asyncio.Task[Any] | None:
        """Return the older wording that is in work, once none is on its way any more."""
        await self._sent(message)
        return self.in_work.get(message)

    async def drop(self, message: int, older: asyncio.Task[Any] | None) -> bool:
        """Drop an older wording for the current task's; True if that was to be done.

        What was recorded of the message may be another thing then.
        """
        if older is None or not self._is_newest(message):
            return False
        await _drop(older)
        return True

    def begin(self, message: int) -> bool:
        """Whether the current task is to answer its wording, which is in work from then on.

        Not where a newer one has come in, or the message has gone.
        """
        if not self._is_newest(message) or message in self.in_work:
            return False
        self.in_work[message] = _current()
        return True

    async def send(self, message: int, sending: Coroutine[Any, Any, None]) -> None:
        """To its end, whatever becomes of the question meanwhile."""
        delivery = asyncio.create_task(sending)
        self.on_their_way[message] = delivery
        delivery.add_done_callback(partial(self._arrived, message))
        await asyncio.shield(delivery)

    async def withdraw(self, message: int) -> None:
        """The message has gone: what was sent of an answer is there when this returns, and no more
        will be."""
        self._newest.pop(message, None)
        if task := self.in_work.get(message):
            await _drop(task)
        await self._sent(message)

    def _is_newest(self, message: int) -> bool:
        return self._newest.get(message) is _current()

    async def _sent(self, message: int) -> None:
        if delivery := self.on_their_way.get(message):
            await asyncio.wait([delivery])

    def _arrived(self, message: int, delivery: asyncio.Task[None]) -> None:
        if self.on_their_way.get(message) is delivery:
            del self.on_their_way[message]
        # Where the question was edited or deleted meanwhile, nobody waits for it any more.
        if not delivery.cancelled() and (error := delivery.exception()):
            _log.info("An answer could not be sent: %s", type(error).__name__)


async def _drop(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _current() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task
