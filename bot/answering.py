"""How a question that somebody asks somewhere becomes an answer: understand, ask, remember.

Nothing here knows Discord; a face for another chat system would call the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.desk import Desk
from bot.records import Exchange, Kind, Records
from index.answer import Answer, NoAnswer, Response, SearchResult
from index.conversation import Turn, understand

__all__ = ["Answered", "Answering", "Asked", "Engine"]

CONVERSATION = timedelta(minutes=30)
"""After a longer pause, what somebody asks is taken for a new subject, unless it is a reply."""


class Engine(Protocol):
    """What is needed of `index.engine.Engine`."""

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response: ...

    def search(
        self, query: str, k: int = ..., documents: Collection[str] | None = None
    ) -> SearchResult: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came in.

    `reply_to` is the exchange that it replies to, if it does; `thread_of` the one at whose answer
    the thread began that it is asked in. All ids are the chat system's; `channel` may be a thread
    or a direct conversation, `message` is the one that holds the question, None for a command.
    """

    question: str
    person: int
    guild: int | None
    channel: int
    kind: Kind = Kind.ASK
    message: int | None = None
    reply_to: int | None = None
    thread_of: int | None = None
    document: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """`understood` is None where the question was taken as it was asked."""

    exchange: Exchange
    response: Response
    understood: str | None = None


class Answering:
    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        records: Records,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._records = records
        self._clock = clock

    async def answer(self, asked: Asked) -> Answered:
        """Raises what `Desk.ask`, `Engine.ask` and `Records.add` raise."""
        return await self._desk.ask(asked.person, lambda: self._answer(asked))

    async def search(self, asked: Asked, k: int) -> tuple[Exchange, SearchResult]:
        """The `k` best passages; raises as `answer` does."""
        return await self._desk.ask(asked.person, lambda: self._search(asked, k))

    async def search_again(self, exchange: Exchange, person: int, k: int) -> SearchResult:
        """The same search on the generation that answers now: another of its pages."""
        return await self._desk.ask(
            person, lambda: self._engine.search(exchange.question, k, _only(exchange.document))
        )

    async def is_answered(self, question: str, person: int) -> bool:
        """Whether the documents answer it; `person` stands in line for it. Nothing is recorded."""
        response = await self._desk.ask(person, lambda: self._engine.ask(question))
        return isinstance(response, Answer)

    def _answer(self, asked: Asked) -> Answered:
        understood = asked.question
        if asked.kind is Kind.ASK:
            understood = understand(asked.question, list(self._turns(asked))).question
        response = self._engine.ask(understood, _only(asked.document))
        exchange = self._records.add(
            kind=asked.kind,
            person=asked.person,
            guild=asked.guild,
            channel=asked.channel,
            question=asked.question,
            understood=understood,
            generation=response.generation,
            confidence=response.confidence,
            answered=isinstance(response, Answer),
            excerpts=response.closest if isinstance(response, NoAnswer) else response.excerpts,
            private=asked.private,
            message=asked.message,
            document=asked.document,
        )
        changed = understood.strip() != asked.question.strip()
        return Answered(exchange, response, understood if changed else None)

    def _search(self, asked: Asked, k: int) -> tuple[Exchange, SearchResult]:
        result = self._engine.search(asked.question, k, _only(asked.document))
        exchange = self._records.add(
            kind=Kind.SEARCH,
            person=asked.person,
            guild=asked.guild,
            channel=asked.channel,
            question=asked.question,
            generation=result.generation,
            confidence=0.0,
            answered=bool(result.hits),
            private=asked.private,
            document=asked.document,
        )
        return exchange, result

    def _turns(self, asked: Asked) -> Iterator[Turn]:
        """What was said before: what the question replies to, else what this person asked here
        last, else what the thread is about."""
        records = self._records
        since = self._clock() - CONVERSATION
        previous = (
            (asked.reply_to and records.exchange(asked.reply_to))
            or records.last(asked.person, asked.channel, since)
            or (asked.thread_of and records.exchange(asked.thread_of))
        )
        if previous:
            # What it was understood as holds what it took from the turn before it.
            yield Turn(previous.understood, previous.excerpts if previous.answered else ())


def _only(document: str | None) -> Collection[str] | None:
    return None if document is None else (document,)
