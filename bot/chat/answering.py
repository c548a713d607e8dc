"""How a question that somebody asks somewhere becomes an answer: understand, ask, remember.

Nothing here knows Discord; a face for another chat system would call the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from bot.access import Access, Viewer
from bot.chat.admission import Admission
from bot.errors import NotAllowed
from bot.localization import _
from bot.observing.metrics import Metrics, Way
from bot.observing.questions import observed
from bot.records import CONVERSATION, Exchange, Kind, Records
from index.answering.answer import Answer, NoAnswer, Response, SearchResult
from index.rewriting import Turn, understand

__all__ = ["Answered", "Answering", "Asked", "Engine"]

SEARCH_FORGOTTEN = _("I no longer know what was searched for. Please search again.")

T = TypeVar("T")


class Engine(Protocol):
    """What is needed of `index.answering.engine.Engine`."""

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response: ...

    def search(
        self, query: str, k: int = ..., documents: Collection[str] | None = None
    ) -> SearchResult: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came in.

    `viewer` is whoever will see the answer: nothing that they may not see has a part in it.
    `reply_to` is the exchange that it replies to, if it does; `thread_of` the one at whose answer
    the thread began that it is asked in. All ids are the chat system's; `channel` may be a thread
    or a direct conversation, `message` is the one that holds the question, None for a command;
    `mention` says whether it calls the bot by its name.
    """

    question: str
    person: int
    guild: int | None
    channel: int
    viewer: Viewer
    kind: Kind = Kind.ASK
    message: int | None = None
    mention: bool = False
    reply_to: int | None = None
    thread_of: int | None = None
    document: str | None = None
    private: bool = False

    @property
    def alone(self) -> bool:
        """Whether nobody but the asker sees the answer."""
        return self.private or self.guild is None

    @property
    def way(self) -> Way:
        if self.message is None:
            return Way.COMMAND
        if self.guild is None:
            return Way.DIRECT
        if self.reply_to or self.thread_of:
            return Way.REPLY
        return Way.MENTION if self.mention else Way.CHANNEL


@dataclass(frozen=True, slots=True)
class _Meant:
    """The question that stands alone, and the documents, and other people, whose words may be in
    it."""

    question: str
    source_documents: Sequence[str] = ()
    source_people: Sequence[int] = ()

    @classmethod
    def by(cls, exchange: Exchange) -> _Meant:
        return cls(exchange.rewritten, exchange.source_documents, exchange.source_people)


@dataclass(frozen=True, slots=True)
class Answered:
    """`rewritten` is None where the question was taken as it was asked."""

    exchange: Exchange
    response: Response
    rewritten: str | None = None


class Answering:
    def __init__(
        self,
        engine: Engine,
        admission: Admission,
        records: Records,
        access: Access,
        metrics: Metrics | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._desk = admission
        self._records = records
        self._access = access
        self._metrics = metrics or Metrics()
        self._clock = clock

    async def answer(self, asked: Asked) -> Answered:
        """Raises what `Admission.ask`, `Engine.ask` and `Records.add` raise."""
        with observed(self._metrics, asked.kind, asked.way) as ended:
            answered = await self._desk.ask(asked.person, lambda: self._answer(asked))
            ended(answered.exchange, answered.response.milliseconds)
            return answered

    async def answer_further(
        self, asked: Asked, public: Exchange, among: Viewer
    ) -> Answered | None:
        """What `asked` brings beyond the `public` answer, which all saw who are `among`.

        It is taken for what the question was taken for there. None unless a document answers best
        that not all of them may see. Raises as `answer` does, but never TooMany.
        """
        return await self._desk.run_unmetered(lambda: self._answer_further(asked, public, among))

    async def answer_again(self, asked: Asked, before: Exchange) -> Answered | None:
        """What the documents of those who see it now answer to what was asked `before`.

        None where that is no answer, or its words are not kept. Raises as `answer` does, but never
        TooMany.
        """
        return await self._desk.run_unmetered(lambda: self._answer_again(asked, before))

    async def search(self, asked: Asked, k: int) -> tuple[Exchange, SearchResult]:
        """The `k` best passages; raises as `answer` does."""
        with observed(self._metrics, Kind.SEARCH, asked.way) as ended:
            exchange, result = await self._desk.ask(asked.person, lambda: self._search(asked, k))
            ended(exchange, result.milliseconds)
            return exchange, result

    async def search_again(
        self, exchange: Exchange, person: int, viewer: Viewer, k: int
    ) -> SearchResult:
        """The same search on the generation that answers now: another of its pages.

        Raises NotAllowed where its words are not kept, and what `Admission.ask` and
        `Engine.search` do.
        """
        if not exchange.question:
            raise NotAllowed(SEARCH_FORGOTTEN)
        return await self._desk.ask(
            person,
            lambda: self._seen_by(
                viewer,
                exchange.document,
                lambda names: self._engine.search(exchange.question, k, names),
            ),
        )

    async def is_answered(self, question: str, person: int, viewer: Viewer) -> bool:
        """Whether the documents answer it; `person` stands in line for it. Nothing is recorded."""
        response = await self._desk.ask(person, lambda: self._ask(question, viewer))
        return isinstance(response, Answer)

    def _answer(self, asked: Asked) -> Answered:
        meant = self._understood(asked)
        response = self._ask(meant.question, asked.viewer, asked.document)
        return self._recorded(asked, meant, response)

    def _answer_further(self, asked: Asked, public: Exchange, among: Viewer) -> Answered | None:
        more, common = self._access.visible(asked.viewer), self._access.visible(among)
        if common is None or (more is not None and more <= common):
            return None
        response = self._ask(public.rewritten, asked.viewer, asked.document)
        if isinstance(response, NoAnswer) or response.excerpts[0].document in common:
            return None
        return self._recorded(asked, _Meant.by(public), response)

    def _answer_again(self, asked: Asked, before: Exchange) -> Answered | None:
        if not before.rewritten:
            return None
        response = self._ask(before.rewritten, asked.viewer, asked.document)
        if isinstance(response, NoAnswer):
            return None
        return self._recorded(asked, _Meant.by(before), response)

    def _ask(self, question: str, viewer: Viewer, document: str | None = None) -> Response:
        return self._seen_by(viewer, document, lambda names: self._engine.ask(question, names))

    def _seen_by(
        self,
        viewer: Viewer,
        document: str | None,
        work: Callable[[Collection[str] | None], T],
    ) -> T:
        """What `work` makes of the documents that the viewer may see, or of that one alone.

        Where another generation was published meanwhile, in which they may see others, it is done
        again: a document may have been closed to them.
        """
        while True:
            visible = self._access.visible(viewer)
            done = work(_only(document, visible))
            if self._access.visible(viewer) == visible:
                return done

    def _recorded(self, asked: Asked, meant: _Meant, response: Response) -> Answered:
        exchange = self._records.add(
            kind=asked.kind,
            person=asked.person,
            guild=asked.guild,
            channel=asked.channel,
            question=asked.question,
            rewritten=meant.question,
            generation=response.generation,
            confidence=response.confidence,
            answered=isinstance(response, Answer),
            excerpts=response.closest if isinstance(response, NoAnswer) else response.excerpts,
            private=asked.private,
            message=asked.message,
            document=asked.document,
            source_documents=meant.source_documents,
            source_people=meant.source_people,
        )
        # Mistyped words were put right by documents that this viewer may see, so what is recorded,
        # and may be gone on with before others, is the question without them.
        changed = response.question.strip() != asked.question.strip()
        return Answered(exchange, response, response.question if changed else None)

    def _search(self, asked: Asked, k: int) -> tuple[Exchange, SearchResult]:
        result = self._seen_by(
            asked.viewer,
            asked.document,
            lambda names: self._engine.search(asked.question, k, names),
        )
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

    def _understood(self, asked: Asked) -> _Meant:
        previous = self._previous(asked) if asked.kind is Kind.ASK else None
        if previous is None or not previous.rewritten:  # its words are not kept any more
            return _Meant(asked.question)
        # What it was understood as holds what it took from the turn before it.
        quoted = previous.excerpts if previous.answered else ()
        found = understand(asked.question, [Turn(previous.rewritten, quoted)])
        if found.question == asked.question:
            return _Meant(asked.question)
        people = {previous.person, *previous.source_people} - {asked.person}
        return _Meant(found.question, sorted(_spoken_of(previous)), sorted(people))

    def _previous(self, asked: Asked) -> Exchange | None:
        """What was said before: what the question replies to, else what this person asked here
        last, else what the thread is about.

        What was said to somebody alone is never gone on with before others, nor what holds words of
        a document that not all who see the answer may see (any more).
        """
        records = self._records
        since = self._clock() - CONVERSATION
        replied_to = records.exchange(asked.reply_to) if asked.reply_to else None
        if replied_to and replied_to.private and not asked.alone:
            replied_to = None
        previous = (
            replied_to
            # A question that was edited is no follow-up to what it was before.
            or records.last(
                asked.person, asked.channel, since, private=asked.alone, but_in=asked.message
            )
            or (records.exchange(asked.thread_of) if asked.thread_of else None)
        )
        if previous is None or self._access.may_know_of_all(asked.viewer, _spoken_of(previous)):
            return previous
        return None


def _spoken_of(exchange: Exchange) -> set[str]:
    """The documents whose words a conversation may take from it."""
    quoted = exchange.excerpts if exchange.answered else ()
    return {excerpt.document for excerpt in quoted} | set(exchange.source_documents)


def _only(document: str | None, visible: Collection[str] | None) -> Collection[str] | None:
    if document is None:
        return visible
    return (document,) if visible is None or document in visible else ()
