"""Words of recent questions, in memory only, for where they are not kept on the disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from index.answering.answer import Choice

CONVERSATION = timedelta(minutes=30)
"""After a longer pause, a question begins a new subject."""


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words of a question, as asked and as completed by the conversation, and of its choices.

    `source_people` are other people whose words are in `rewritten`, and so in the choices.
    """

    question: str
    rewritten: str
    source_people: tuple[int, ...] = ()
    choices: tuple[Choice, ...] = ()

    def without(self, person: int) -> QuestionWords | None:
        """Return the words without those of a person; None where the question itself is theirs."""
        if person not in self.source_people:
            return self
        return (
            None if self.question == self.rewritten else QuestionWords(self.question, self.question)
        )


class RecentWords:
    """The words of the newest `most` exchanges, each for as long as a conversation lasts.

    Safe to use from several threads; nothing outlives the process.
    """

    def __init__(self, clock: Clock, *, most: int = 1_000) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._by_exchange: OrderedDict[int, tuple[datetime, int, QuestionWords]] = OrderedDict()

    def put(self, exchange: int, person: int, words: QuestionWords) -> None:
        with self._lock:
            self._by_exchange[exchange] = self._clock(), person, words
            if len(self._by_exchange) > self._most:
                self._by_exchange.popitem(last=False)

    def get(self, exchange: int) -> QuestionWords | None:
        with self._lock:
            found = self._by_exchange.get(exchange)
        return found[2] if found and found[0] >= self._clock() - CONVERSATION else None

    def of_person(self, person: int) -> int:
        """Return the number of their questions that are remembered."""
        self.prune()
        with self._lock:
            return sum(who == person for _, who, _ in self._by_exchange.values())

    def forget_person(self, person: int) -> None:
        """Forget their questions, and their words in the questions of others."""
        with self._lock:
            self._by_exchange = OrderedDict(
                (exchange, (at, who, left))
                for exchange, (at, who, words) in self._by_exchange.items()
                if who != person and (left := words.without(person)) is not None
            )

    def forget_all(self) -> None:
        with self._lock:
            self._by_exchange.clear()

    def prune(self) -> None:
        oldest = self._clock() - CONVERSATION
        with self._lock:
            # In order of time, unless the clock was set back; then some go later than they could.
            while self._by_exchange and next(iter(self._by_exchange.values()))[0] < oldest:
                self._by_exchange.popitem(last=False)
