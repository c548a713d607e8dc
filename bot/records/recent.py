"""The words of what was asked of late, in memory alone: where none are kept, these are all."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock

__all__ = ["CONVERSATION", "RecentWords", "Words"]

CONVERSATION = timedelta(minutes=30)
"""After a longer pause, what somebody asks is taken for a new subject."""


@dataclass(frozen=True, slots=True)
class Words:
    """Of a question: as it was asked, and as the conversation completes it, with words of these
    other people."""

    question: str
    rewritten: str
    source_people: tuple[int, ...] = ()

    def without(self, person: int) -> Words:
        return Words(self.question, self.question) if person in self.source_people else self


class RecentWords:
    """For any number of threads. Those of the newest `most` exchanges, each for as long as a
    conversation lasts; nothing outlives the process."""

    def __init__(self, clock: Clock, *, most: int = 1_000) -> None:
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
        with self._lock:
            found = self._by_exchange.get(exchange)
        return found[2] if found and found[0] >= self._clock() - CONVERSATION else None

    def of_person(self, person: int) -> int:
        """How many questions of theirs are remembered."""
        self.prune()
        with self._lock:
            return sum(who == person for _, who, _ in self._by_exchange.values())

    def forget_person(self, person: int) -> None:
        """Their questions, and their words in those of others."""
        with self._lock:
            self._by_exchange = OrderedDict(
                (exchange, (at, who, words.without(person)))
                for exchange, (at, who, words) in self._by_exchange.items()
                if who != person
            )

    def prune(self) -> None:
        oldest = self._clock() - CONVERSATION
        with self._lock:
            # In order of time but for a clock that was put back; those go with what came before.
            while self._by_exchange and next(iter(self._by_exchange.values()))[0] < oldest:
                self._by_exchange.popitem(last=False)
