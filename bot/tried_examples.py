"""Examples of questions that were tried before anybody is shown them."""

from __future__ import annotations

import asyncio
import logging

from bot.answering import Answering
from bot.desk import Desk
from bot.library import Library
from index.errors import BriefingError
from index.live import LiveIndex

__all__ = ["TriedExamples"]

_SHOWN, _TRIED = 3, 12
_PATIENCE = 1.5
"""Seconds that whoever asks for help waits for examples to be tried."""
_log = logging.getLogger(__name__)


class TriedExamples:
    """Used from one event loop. Each generation's are worked out when they are first wanted."""

    def __init__(self, live: LiveIndex, library: Library, answering: Answering, desk: Desk) -> None:
        self._live = live
        self._library = library
        self._answering = answering
        self._desk = desk
        self._generation: int | None = None
        self._trying: asyncio.Task[list[str]] | None = None

    async def get(self, person: int) -> list[str]:
        """At most three, in whose name `person` stands in the line of questions.

        Untried ones as long as the tried ones take too long; none where nothing is indexed.
        """
        try:
            generation, untried = await self._desk.look_up(self._untried)
        except BriefingError:
            return []
        if self._trying is None or self._generation != generation:
            self._generation = generation
            self._trying = asyncio.create_task(self._tried(untried, person))
        trying = self._trying
        await asyncio.wait([trying], timeout=_PATIENCE)
        if not trying.done():
            return untried[:_SHOWN]
        if error := trying.exception():
            self._trying = None  # to be tried again, when there is less to do
            if not isinstance(error, BriefingError):
                _log.error("Examples could not be tried", exc_info=error)
            return untried[:_SHOWN]
        return trying.result()

    def _untried(self) -> tuple[int, list[str]]:
        return self._live.generation().number, self._library.examples(_TRIED)

    async def _tried(self, untried: list[str], person: int) -> list[str]:
        """One after the other, so that nobody who asks waits for more than one of them."""
        answered: list[str] = []
        for question in untried:
            if await self._answering.is_answered(question, person):
                answered.append(question)
            if len(answered) == _SHOWN:
                break
        return answered
