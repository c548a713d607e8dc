"""How a question that somebody asks somewhere becomes an answer.

It is admitted to the line, taken for what it means after what was said before, asked, checked once
more for who may see the answer, and recorded; then it may be rendered and sent. Nothing here knows
Discord; a face for another chat system would call the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.access import Access, Names, Viewer, goes_beyond
from bot.chat.admission import Admission
from bot.chat.recheck import Recheck, ViewerSource
from bot.clock import Clock, utc_now
from bot.errors import NotAllowed
from bot.localization import _
from bot.observing.metrics import Metrics, Way
from bot.observing.questions import observed
from bot.records import CONVERSATION, Exchange, Kind, Records
from index.answering.answer import Answer, NoAnswer, Response, SearchResult
from index.rewriting import Turn, rewrite

__all__ = ["Answered", "Answering", "Asked", "QuestionEngine"]

SEARCH_FORGOTTEN = _("I no longer know what was searched for. Please search again.")


class QuestionEngine(Protocol):
    """What is needed of `index.answering.engine.Engine`."""

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response: ...

    def search(
        self, query: str, k: int = ..., documents: Collection[str] | None = None
    ) -> SearchResult: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came in.

    `viewer` is whoever was to see the answer when it was asked, `viewers` tell who would see it at
    any later moment: nothing that they may not see by then has a part in it.
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
    viewer_source: ViewerSource
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
class _Result:
    """What the engine said; `among` are the documents that it was asked about, None for all."""

    meant: _Meant
    response: Response
    among: Names | None


@dataclass(frozen=True, slots=True)
class Answered:
    """`rewritten` is None where the question was taken as it was asked."""

    exchange: Exchange
    response: Response
    rewritten: str | None = None


class Answering:
    def __init__(
        self,
        engine: QuestionEngine,
        admission: Admission,
        records: Records,
        access: Access,
        metrics: Metrics | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._engine = engine
        self._desk = admission
        self._records = records
        self._access = access
        self._metrics = metrics or Metrics()
        self._clock = clock

    async def answer(self, asked: Asked) -> Answered:
        """Answer a question for whoever sees the answer when it is there, and record it.

        Raises what `Admission.turn`, `Admission.run`, `Recheck.passed`, `Engine.ask` and
        `Records.add` raise.
        """
        with (
            observed(self._metrics, asked.kind, asked.way) as ended,
            self._desk.turn(asked.person),
        ):
            recheck = self._recheck(asked)
            while True:
                found = await self._desk.run(self._understand_and_ask, asked, recheck.viewer)
                if await recheck.passed(found.among, found.meant.source_documents):
                    break
            answered = await self._desk.run_quick(self._record, asked, found)
            ended(answered.exchange, answered.response.milliseconds)
            return answered

    async def answer_further(
        self, asked: Asked, public: Exchange, among: Viewer
    ) -> Answered | None:
        """Answer what `asked` brings beyond the `public` answer, which all saw who are `among`.

        It is taken for what the question was taken for there. None unless a document answers best
        that not all of them may see. Raises as `answer` does, but never TooMany.
        """
        recheck = self._recheck(asked)
        while await self._desk.run_quick(self._access.sees_more, recheck.viewer, among):
            found = await self._desk.run(self._ask_further, asked, public, among, recheck.viewer)
            if found is None:
                return None
            if await recheck.passed(found.among, found.meant.source_documents):
                return await self._desk.run_quick(self._record, asked, found)
        return None

    async def answer_again(self, asked: Asked, before: Exchange) -> Answered | None:
        """Answer what was asked `before` from the documents of those who see it now.

        None where that is no answer, where its words are not kept, or where those who see it may
        not know of a document whose words it held. Raises as `answer` does, but never TooMany.
        """
        if not before.rewritten:
            return None
        recheck = self._recheck(asked)
        while True:
            found = await self._desk.run(self._ask_again, asked, before, recheck.viewer)
            if found is None:
                return None
            if await recheck.passed(found.among, found.meant.source_documents):
                return await self._desk.run_quick(self._record, asked, found)

    async def search(self, asked: Asked, k: int) -> tuple[Exchange, SearchResult]:
        """Find the `k` best passages, and record the search; raises as `answer` does."""
        with (
            observed(self._metrics, Kind.SEARCH, asked.way) as ended,
            self._desk.turn(asked.person),
        ):
            result = await self._searched(asked, k)
            exchange = await self._desk.run_quick(self._record_search, asked, result)
            ended(exchange, result.milliseconds)
            return exchange, result

    async def search_again(self, asked: Asked, k: int) -> SearchResult:
        """Search on the generation that answers now, for another page; nothing is recorded.

        Raises NotAllowed where its words are not kept, and what `search` raises.
        """
        if not asked.question:
            raise NotAllowed(SEARCH_FORGOTTEN)
        with self._desk.turn(asked.person):
            return await self._searched(asked, k)

    async def is_answered(self, question: str, person: int, viewer: Viewer) -> bool:
        """Whether the documents answer it; `person` stands in line for it. Nothing is recorded."""
        with self._desk.turn(person):
            return await self._desk.run(self._is_answered, question, viewer)

    async def _searched(self, asked: Asked, k: int) -> SearchResult:
        recheck = self._recheck(asked)
        while True:
            result, among = await self._desk.run(self._search, asked, k, recheck.viewer)
            if await recheck.passed(among):
                return result

    def _recheck(self, asked: Asked) -> Recheck:
        return Recheck(self._access, self._desk, asked.viewer_source, asked.viewer)

    # What blocks, and is done off the event loop

    def _understand_and_ask(self, asked: Asked, viewer: Viewer) -> _Result:
        meant = self._understood(asked, viewer)
        return _Result(meant, *self._ask(meant.question, asked.document, viewer))

    def _ask_further(
        self, asked: Asked, public: Exchange, among: Viewer, viewer: Viewer
    ) -> _Result | None:
        common = self._access.visible(among)
        found = _Result(_Meant.by(public), *self._ask(public.rewritten, asked.document, viewer))
        response = found.response
        if isinstance(response, NoAnswer):
            return None
        return None if common is None or response.excerpts[0].document in common else found

    def _ask_again(self, asked: Asked, before: Exchange, viewer: Viewer) -> _Result | None:
        if not self._access.may_know_of_all(viewer, _spoken_of(before)):
            return None
        found = _Result(_Meant.by(before), *self._ask(before.rewritten, asked.document, viewer))
        return None if isinstance(found.response, NoAnswer) else found

    def _is_answered(self, question: str, viewer: Viewer) -> bool:
        response, among = self._ask(question, None, viewer)
        recheck = not goes_beyond(among, self._access.visible(viewer))
        return isinstance(response, Answer) and recheck

    def _ask(
        self, question: str, document: str | None, viewer: Viewer
    ) -> tuple[Response, Names | None]:
        """The response, and the names of the documents that the viewer might see before."""
        visible = self._access.visible(viewer)
        return self._engine.ask(question, _only(document, visible)), visible

    def _search(self, asked: Asked, k: int, viewer: Viewer) -> tuple[SearchResult, Names | None]:
        visible = self._access.visible(viewer)
        return self._engine.search(asked.question, k, _only(asked.document, visible)), visible

    def _record(self, asked: Asked, found: _Result) -> Answered:
        meant, response = found.meant, found.response
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

    def _record_search(self, asked: Asked, result: SearchResult) -> Exchange:
        return self._records.add(
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

    def _understood(self, asked: Asked, viewer: Viewer) -> _Meant:
        previous = self._previous(asked, viewer) if asked.kind is Kind.ASK else None
        if previous is None or not previous.rewritten:  # its words are not kept any more
            return _Meant(asked.question)
        # What it was understood as holds what it took from the turn before it.
        quoted = previous.excerpts if previous.answered else ()
        found = rewrite(asked.question, [Turn(previous.rewritten, quoted)])
        if found.question == asked.question:
            return _Meant(asked.question)
        people = {previous.person, *previous.source_people} - {asked.person}
        return _Meant(found.question, sorted(_spoken_of(previous)), sorted(people))

    def _previous(self, asked: Asked, viewer: Viewer) -> Exchange | None:
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
        if previous is None or self._access.may_know_of_all(viewer, _spoken_of(previous)):
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
