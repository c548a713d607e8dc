"""The words of what was asked of late, in memory alone: where none are kept, these are all."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["CONVERSATION", "RecentWords", "Words"]

CONVERSATION = timedelta(minutes=30)
"""After a longer pause, what somebody asks is taken for a new subject."""


@dataclass(frozen=True, slots=True)
class Words:
    """Of a question: as it was asked, and as the conversation completes it."""

    question: str
    understood: str


class RecentWords:
    """For any number of threads. Those of the newest `most` exchanges, each for as long as a
    conversation lasts; nothing outlives the process."""

    def __init__(self, clock: Callable[[], datetime], *, most: int = 1_000) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._by_exchange: OrderedDict[int, tuple[datetime, int, Words]] = OrderedDict()

    def put(self, exchange: int, person: int, words: Words) -> None:
        with self._lock:
            self._by_exchange[exchange] = self._clock(), person, words
            if len(self._by_exchange) > self._most:
                self._by_exchange.popitem(last=False)

    def get(self, exchange: int) -> Words | None:
        self.prune()
        with self._lock:
            found = self._by_exchange.get(exchange)
        return found[2] if found else None

    def of_person(self, person: int) -> int:
        """How many questions of theirs are remembered."""
        self.prune()
        with self._lock:
            return sum(who == person for _, who, _ in self._by_exchange.values())

    def forget_person(self, person: int) -> None:
        self._keep(lambda _, who: who != person)

    def prune(self) -> None:
        oldest = self._clock() - CONVERSATION
        self._keep(lambda at, _: at >= oldest)

    def _keep(self, wanted: Callable[[datetime, int], bool]) -> None:
        with self._lock:
            for exchange, (at, person, _) in list(self._by_exchange.items()):
                if not wanted(at, person):
                    del self._by_exchange[exchange]
