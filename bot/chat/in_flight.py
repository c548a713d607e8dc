"""In flight: questions that are being answered, and of each message only its newest wording.

A message may be edited while it is answered, several times in a row after a lost connection, or
deleted. Nothing here knows Discord.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

_log = logging.getLogger(__name__)


class InFlight:
    """Tasks by the id of their message. Each wording of a message has a task of its own.

    Used from one event loop.
    """

    def __init__(self) -> None:
        self.in_work: dict[int, asyncio.Task[Any]] = {}
        """Questions that are being answered: cancelled if the message is deleted, and begun anew if
        it is edited."""
        self.on_their_way: dict[int, asyncio.Task[None]] = {}
        """Answers that are being sent; it is too late to cancel these."""
        self._newest: dict[int, asyncio.Task[Any]] = {}
        """The task of the newest wording of each message, before it is in work, too."""

    @contextmanager
    def arriving(self, message: int) -> Iterator[None]:
        """Mark the current task as that of the newest wording, for all that it does.

        Entered before the first `await`, so that wordings count in the order in which they came.
        """
        task = _current()
        self._newest[message] = task
        try:
            yield
        finally:
            for tasks in (self._newest, self.in_work):
                if tasks.get(message) is task:
                    del tasks[message]

    async def older(self, message: int) -> asyncio.Task[Any] | None:
        """Return the task of an older wording in work, once no answer is being sent."""
        await self._sent(message)
        return self.in_work.get(message)

    async def drop(self, message: int, older: asyncio.Task[Any] | None) -> bool:
        """Cancel the task of an older wording; return whether that was necessary.

        The records of the message may have changed by then.
        """
        if older is None or not self._is_newest(message):
            return False
        await _drop(older)
        return True

    def begin(self, message: int) -> bool:
        """Return whether the current task should answer its wording, and mark it as in work.

        It should not where there is a newer wording, or the message is gone.
        """
        if not self._is_newest(message) or message in self.in_work:
            return False
        self.in_work[message] = _current()
        return True

    async def send(self, message: int, sending: Coroutine[Any, Any, None]) -> None:
        """Send to the end, even if the question is edited or deleted meanwhile."""
        delivery = asyncio.create_task(sending)
        self.on_their_way[message] = delivery
        delivery.add_done_callback(partial(self._arrived, message))
        await asyncio.shield(delivery)

    async def withdraw(self, message: int) -> None:
        """Stop answering a message that is gone; nothing more is sent once this returns."""
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
        # Nobody may wait for it any more, so that the error is logged here.
        if not delivery.cancelled() and (error := delivery.exception()):
            _log.info("An answer could not be sent: %s", type(error).__name__)


async def _drop(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _current() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task
