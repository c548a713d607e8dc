"""How a question that a person asks in a chat becomes an answer.

`Answering.answer` has the steps in order: admit the question to the line, rewrite it so that it
stands alone, ask the engine, check once more who may see the answer, record it. The caller renders
and sends it. Nothing here knows Discord: another chat system would call the same methods.
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
from index.answering.answer import Response, SearchResult
from index.rewriting import Turn, rewrite

__all__ = ["Answered", "Answering", "Asked", "QuestionEngine"]

SEARCH_FORGOTTEN = _("I no longer know what was searched for. Please search again.")


class QuestionEngine(Protocol):
    """The part of `index.answering.engine.Engine` that is used here."""

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response: ...

    def search(
        self, query: str, k: int = ..., documents: Collection[str] | None = None
    ) -> SearchResult: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came in. All ids are the chat system's.

    `viewer`: who would see the answer at the moment of asking. `viewer_source`: tells who would see
    it at any later moment; nothing that they may not see then has a part in it. `channel`: may be a
    thread or a direct conversation. `message`: the one with the question, None for a command.
    `mention`: the message mentions the bot. `reply_to`: the exchange that it replies to.
    `thread_of`: the exchange at whose answer this thread began.
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
        """Return whether only the asker sees the answer."""
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
class _Rewritten:
    """A question that stands alone, and the documents and people whose words may be in it."""

    question: str
    source_documents: Sequence[str] = ()
    source_people: Sequence[int] = ()

    @classmethod
    def by(cls, exchange: Exchange) -> _Rewritten:
        return cls(exchange.rewritten, exchange.source_documents, exchange.source_people)


@dataclass(frozen=True, slots=True)
class _Result:
    """A response, and the names of the documents that it may be made from, None for all."""

    rewritten: _Rewritten
    response: Response
    names: Names | None


@dataclass(frozen=True, slots=True)
class Answered:
    """An exchange with its response; `rewritten` is None where the question was not changed."""

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
        self._admission = admission
        self._records = records
        self._access = access
        self._metrics = metrics or Metrics()
        self._clock = clock

    async def answer(self, asked: Asked) -> Answered:
        """Answer a question for those who will see the answer when it is sent, and record it.

        Raises what `Admission.turn`, `Admission.run`, `Recheck.passed`, `Engine.ask` and
        `Records.add` raise.
        """
        with (
            observed(self._metrics, asked.kind, asked.way) as ended,
            self._admission.turn(asked.person),
        ):
            recheck = self._recheck(asked)
            while True:
                found = await self._admission.run(self._rewrite_and_ask, asked, recheck.viewer)
                if await recheck.passed(found.names, found.rewritten.source_documents):
                    break
            answered = await self._admission.run_quick(self._record, asked, found)
            ended(answered.exchange, answered.response.milliseconds)
            return answered

    async def answer_extra(
        self, asked: Asked, public: Exchange, readers: Viewer
    ) -> Answered | None:
        """Answer `asked` from what its asker may see beyond the `readers` of the `public` answer.

        The question is rewritten as it was for the public answer. None unless a document that not
        all readers may see answers best. Raises what `answer` raises, but never TooMany.
        """
        recheck = self._recheck(asked)
        while await self._admission.run_quick(self._access.sees_more, recheck.viewer, readers):
            found = await self._admission.run(
                self._ask_extra, asked, public, readers, recheck.viewer
            )
            if found is None:
                return None
            if await recheck.passed(found.names, found.rewritten.source_documents):
                return await self._admission.run_quick(self._record, asked, found)
        return None

    async def answer_again(self, asked: Asked, before: Exchange) -> Answered | None:
        """Answer the question of `before` again, for those who will see it now.

        None where the documents do not answer it, where its words are not kept, or where the new
        viewers may not know of a document whose words it holds. Raises what `answer` raises, but
        never TooMany.
        """
        if not before.rewritten:
            return None
        recheck = self._recheck(asked)
        while True:
            found = await self._admission.run(self._ask_again, asked, before, recheck.viewer)
            if found is None:
                return None
            if await recheck.passed(found.names, found.rewritten.source_documents):
                return await self._admission.run_quick(self._record, asked, found)

    async def search(self, asked: Asked, k: int) -> tuple[Exchange, SearchResult]:
        """Find the `k` best passages, and record the search; raises what `answer` raises."""
        with (
            observed(self._metrics, Kind.SEARCH, asked.way) as ended,
            self._admission.turn(asked.person),
        ):
            result = await self._searched(asked, k)
            exchange = await self._admission.run_quick(self._record_search, asked, result)
            ended(exchange, result.milliseconds)
            return exchange, result

    async def search_again(self, asked: Asked, k: int) -> SearchResult:
        """Search the current generation again, for another page; nothing is recorded.

        Raises NotAllowed where its words are not kept, and what `search` raises.
        """
        if not asked.question:
            raise NotAllowed(SEARCH_FORGOTTEN)
        with self._admission.turn(asked.person):
            return await self._searched(asked, k)

    async def is_answered(self, question: str, person: int, viewer: Viewer) -> bool:
        """Return whether the documents answer it; `person` stands in line. Nothing is recorded."""
        with self._admission.turn(person):
            return await self._admission.run(self._is_answered, question, viewer)

    async def _searched(self, asked: Asked, k: int) -> SearchResult:
        recheck = self._recheck(asked)
        while True:
            result, names = await self._admission.run(self._search, asked, k, recheck.viewer)
            if await recheck.passed(names):
                return result

    def _recheck(self, asked: Asked) -> Recheck:
        return Recheck(self._access, self._admission, asked.viewer_source, asked.viewer)

    # What blocks runs off the event loop

    def _rewrite_and_ask(self, asked: Asked, viewer: Viewer) -> _Result:
        rewritten = self._rewrite(asked, viewer)
        return _Result(rewritten, *self._ask(rewritten.question, asked.document, viewer))

    def _ask_extra(
        self, asked: Asked, public: Exchange, readers: Viewer, viewer: Viewer
    ) -> _Result | None:
        common = self._access.visible(readers)
        found = _Result(_Rewritten.by(public), *self._ask(public.rewritten, asked.document, viewer))
        response = found.response
        if not response.answered:
            return None
        return None if common is None or response.excerpts[0].document in common else found

    def _ask_again(self, asked: Asked, before: Exchange, viewer: Viewer) -> _Result | None:
        if not self._access.may_know_of_all(viewer, _documents_in(before)):
            return None
        found = _Result(_Rewritten.by(before), *self._ask(before.rewritten, asked.document, viewer))
        return None if not found.response.answered else found

    def _is_answered(self, question: str, viewer: Viewer) -> bool:
        response, names = self._ask(question, None, viewer)
        unchanged = not goes_beyond(names, self._access.visible(viewer))
        return response.answered and unchanged

    def _ask(
        self, question: str, document: str | None, viewer: Viewer
    ) -> tuple[Response, Names | None]:
        """Return the response, and the names of the documents that it may be made from."""
        visible = self._access.visible(viewer)
        return self._engine.ask(question, _only(document, visible)), visible

    def _search(self, asked: Asked, k: int, viewer: Viewer) -> tuple[SearchResult, Names | None]:
        visible = self._access.visible(viewer)
        return self._engine.search(asked.question, k, _only(asked.document, visible)), visible

    def _record(self, asked: Asked, found: _Result) -> Answered:
        rewritten, response = found.rewritten, found.response
        exchange = self._records.add(
            kind=asked.kind,
            person=asked.person,
            guild=asked.guild,
            channel=asked.channel,
            question=asked.question,
            rewritten=rewritten.question,
            generation=response.generation,
            confidence=response.confidence,
            answered=response.answered,
            excerpts=response.closest if not response.answered else response.excerpts,
            private=asked.private,
            message=asked.message,
            document=asked.document,
            source_documents=rewritten.source_documents,
            source_people=rewritten.source_people,
        )
        # Typing errors were corrected by documents that this viewer may see. Others may follow up
        # what is recorded, so that is the question without the corrections.
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

    def _rewrite(self, asked: Asked, viewer: Viewer) -> _Rewritten:
        previous = self._previous(asked, viewer) if asked.kind is Kind.ASK else None
        if previous is None or not previous.rewritten:  # its words are no longer kept
            return _Rewritten(asked.question)
        # The rewritten question holds what it took from the turn before it.
        quoted = previous.excerpts if previous.answered else ()
        found = rewrite(asked.question, [Turn(previous.rewritten, quoted)])
        if found.question == asked.question:
            return _Rewritten(asked.question)
        people = {previous.person, *previous.source_people} - {asked.person}
        return _Rewritten(found.question, sorted(_documents_in(previous)), sorted(people))

    def _previous(self, asked: Asked, viewer: Viewer) -> Exchange | None:
        """Return the exchange that the question follows up, if any.

        That is the one it replies to, or else the person's last one here, or else the one that the
        thread began at. A private exchange is never followed up before others, nor one with words
        of a document that not all who will see the answer may see now.
        """
        records = self._records
        since = self._clock() - CONVERSATION
        replied_to = records.exchange(asked.reply_to) if asked.reply_to else None
        if replied_to and replied_to.private and not asked.alone:
            replied_to = None
        previous = (
            replied_to
            # An edited question does not follow up its own earlier wording.
            or records.last(
                asked.person, asked.channel, since, private=asked.alone, but_in=asked.message
            )
            or (records.exchange(asked.thread_of) if asked.thread_of else None)
        )
        if previous is None or self._access.may_know_of_all(viewer, _documents_in(previous)):
            return previous
        return None


def _documents_in(exchange: Exchange) -> set[str]:
    """Return the documents whose words a follow-up may take from the exchange."""
    quoted = exchange.excerpts if exchange.answered else ()
    return {excerpt.document for excerpt in quoted} | set(exchange.source_documents)


def _only(document: str | None, visible: Collection[str] | None) -> Collection[str] | None:
    if document is None:
        return visible
    return (document,) if visible is None or document in visible else ()
