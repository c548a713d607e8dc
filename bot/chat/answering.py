"""How a question that a person asks in a chat becomes an answer.

`Answering.answer` has the steps in order: admit the question to the line, gather the conversation
that it may follow up, ask the engine, check once more who may see the answer, record it. The caller
renders and sends it. Nothing here knows Discord: another chat system would call the same methods.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol, TypeVar

from bot import messages
from bot.access import Access, Names, Viewer, goes_beyond
from bot.chat.admission import Admission
from bot.chat.conversation import Provenance, exchanges_before, turns_of
from bot.chat.question import ChatQuestion
from bot.chat.recheck import Found, rechecked
from bot.chat.responses import answers_beyond, documents_without_excerpt, with_numbered_quotes
from bot.clock import Clock, utc_now
from bot.errors import NotAllowed
from bot.localization import LazyText
from bot.observing.metrics import Metrics
from bot.observing.questions import observed
from bot.records import Exchange, Kind, NewExchange, Records
from index.answering.answer import Response, SearchResult, Verdict
from index.errors import BadQuestion
from index.rewriting import Turn

T = TypeVar("T")

SEARCH_FORGOTTEN = LazyText("I no longer know what was searched for. Please search again.")


class QuestionEngine(Protocol):
    """The part of `index.answering.engine.Engine` that is used here."""

    def ask(
        self,
        question: str,
        documents: Collection[str] | None = None,
        *,
        conversation: Sequence[Turn] = (),
        today: date | None = None,
    ) -> Response: ...

    def search(
        self, query: str, k: int = ..., documents: Collection[str] | None = None
    ) -> SearchResult: ...


@dataclass(frozen=True, slots=True)
class _Result:
    """A response, and where it is from.

    `sources`: whose words may be in the question. `follows`: the exchange before it in its
    conversation.
    """

    response: Response
    sources: Provenance
    follows: int | None


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
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

    async def answer(self, asked: ChatQuestion) -> RecordedAnswer:
        """Answer a question for those who will see the answer when it is sent, and record it.

        Raises what `Admission.turn`, `Admission.run`, `rechecked`, `Engine.ask` and `Records.add`
        raise.
        """
        return await self._answer(asked, lambda viewer: self._ask_in_conversation(asked, viewer))

    async def choose(self, asked: ChatQuestion, before: Exchange, number: int) -> RecordedAnswer:
        """Answer one reading of the unclear question `before`: its choice of that number, from 1.

        The question and what narrows it are those of the choice and of `before`, whatever `asked`
        says. Raises NotAllowed where the choice is no longer kept, or the new viewers may not know
        of a document behind it, and what `answer` raises.
        """
        if not 1 <= number <= len(before.choices):
            raise NotAllowed(messages.EXCHANGE_GONE)
        choice = replace(_narrowed_as(before, asked), question=before.choices[number - 1].question)
        return await self._answer(choice, lambda viewer: self._ask_chosen(choice, before, viewer))

    async def ask_anew(self, asked: ChatQuestion, before: Exchange) -> RecordedAnswer:
        """Answer the question of `before`, as `asked` has it, anew for those who see the answer.

        Raises NotAllowed where they may not know of a document whose words it may hold, and what
        `answer` raises.
        """
        asked = _narrowed_as(before, asked)
        return await self._answer(asked, lambda viewer: self._ask_anew(asked, before, viewer))

    async def record(
        self,
        asked: ChatQuestion,
        response: Response,
        documents: Sequence[str],
        people: Sequence[int],
    ) -> RecordedAnswer:
        """Record what a question was answered that nobody asked just now.

        Words of these documents and of these people may be in it.
        """
        sources = Provenance(frozenset(documents), frozenset(people) - {asked.person})
        found = _Result(with_numbered_quotes(response), sources, None)
        return await self._admission.run_quick(self._record, asked, found)

    async def _answer(
        self, asked: ChatQuestion, ask: Callable[[Viewer], Found[_Result]]
    ) -> RecordedAnswer:
        with observed(self._metrics, asked.kind, asked.entry_point) as ended:
            async with self._admission.turn(asked.person):
                found = await self._rechecked(asked, ask)
                answered = await self._admission.run_quick(self._record, asked, found)
                ended(answered.exchange, answered.response.milliseconds)
                return answered

    async def answer_extra(
        self, asked: ChatQuestion, public: Exchange, readers: Viewer
    ) -> RecordedAnswer | None:
        """Answer `asked` from what its asker may see beyond the `readers` of the `public` answer.

        The question is rewritten as it was for the public answer. None unless it is answered, and
        a document that not all readers may see answers best. Raises what `answer` raises, but never
        TooMany.
        """
        asked, run = _narrowed_as(public, asked), self._admission.run

        async def ask(viewer: Viewer) -> Found[_Result | None]:
            if not await self._admission.run_quick(self._access.sees_more, viewer, readers):
                return _NOTHING
            return await run(self._ask_extra, asked, public, readers, viewer)

        found = await rechecked(
            self._access, self._admission, asked.viewer_source, asked.viewer, ask
        )
        return await self._admission.run_quick(self._record, asked, found) if found else None

    async def answer_again(self, asked: ChatQuestion, before: Exchange) -> RecordedAnswer | None:
        """Answer the question of `before` again, for those who will see it now.

        None where nothing close is found now, where its words are not kept, or where the new
        viewers may not know of a document whose words it holds. Raises what `answer` raises, but
        never TooMany.
        """
        if not before.rewritten:
            return None
        asked = _narrowed_as(before, asked)
        found = await self._found_again(asked, before)
        return await self._admission.run_quick(self._record, asked, found) if found else None

    async def look_again(self, asked: ChatQuestion, before: Exchange) -> Response | None:
        """Ask the question of `before` again, for another page of it; nothing is recorded.

        None where `answer_again` returns it. Raises what `answer` raises.
        """
        if not before.rewritten:
            return None
        asked = _narrowed_as(before, asked)
        async with self._admission.turn(asked.person):
            found = await self._found_again(asked, before)
        return found.response if found else None

    async def _found_again(self, asked: ChatQuestion, before: Exchange) -> _Result | None:
        """Return what is found for the question of `before` by those who will see it now."""
        return await self._rechecked(asked, lambda viewer: self._ask_again(asked, before, viewer))

    async def search(self, asked: ChatQuestion, k: int) -> tuple[Exchange, SearchResult]:
        """Find the `k` best passages, and record the search; raises what `answer` raises."""
        with observed(self._metrics, Kind.SEARCH, asked.entry_point) as ended:
            async with self._admission.turn(asked.person):
                result = await self._searched(asked, k)
                exchange = await self._admission.run_quick(self._record_search, asked, result)
                ended(exchange, result.milliseconds)
                return exchange, result

    async def search_again(self, asked: ChatQuestion, k: int) -> SearchResult:
        """Search the current generation again, for another page; nothing is recorded.

        Raises NotAllowed where its words are not kept, and what `search` raises.
        """
        if not asked.question:
            raise NotAllowed(SEARCH_FORGOTTEN)
        async with self._admission.turn(asked.person):
            return await self._searched(asked, k)

    async def answered(
        self, questions: Sequence[str], document: str, viewer: Viewer, today: date
    ) -> int:
        """Return how many of a conversation's questions this document answers, up to the first that
        it does not. They are asked in an idle moment, and nothing is recorded.
        """
        return await self._admission.run_idle(self._answered, questions, document, viewer, today)

    async def _searched(self, asked: ChatQuestion, k: int) -> SearchResult:
        return await self._rechecked(asked, lambda viewer: self._search(asked, k, viewer))

    async def _rechecked(self, asked: ChatQuestion, find: Callable[[Viewer], Found[T]]) -> T:
        """Return what `find`, which blocks, finds for those who will see it."""
        return await rechecked(
            self._access,
            self._admission,
            asked.viewer_source,
            asked.viewer,
            lambda viewer: self._admission.run(find, viewer),
        )

    # What blocks runs off the event loop

    def _ask_in_conversation(self, asked: ChatQuestion, viewer: Viewer) -> Found[_Result]:
        before: list[Exchange] = []
        if asked.kind is Kind.ASK:
            before = exchanges_before(asked, viewer, self._records, self._access, self._clock())
        response, names = self._ask(asked, asked.question, viewer, turns_of(before))
        sources = Provenance.of(before, asked.person) if response.carried else Provenance()
        return _found(response, names, sources, before[0].id if before else None)

    def _ask_chosen(self, asked: ChatQuestion, before: Exchange, viewer: Viewer) -> Found[_Result]:
        if not self._access.may_know_of_all(viewer, before.documents):
            raise NotAllowed(messages.EXCHANGE_GONE)
        response, names = self._ask(asked, asked.question, viewer)
        return _found(response, names, Provenance.of([before], asked.person), before.id)

    def _ask_anew(self, asked: ChatQuestion, before: Exchange, viewer: Viewer) -> Found[_Result]:
        if not self._access.may_know_of_all(viewer, before.source_documents):
            raise NotAllowed(messages.EXCHANGE_GONE)
        response, names = self._ask(asked, asked.question, viewer)
        people = frozenset((before.person, *before.source_people)) - {asked.person}
        sources = Provenance(frozenset(before.source_documents), people)
        return _found(response, names, sources)

    def _ask_extra(
        self, asked: ChatQuestion, public: Exchange, readers: Viewer, viewer: Viewer
    ) -> Found[_Result | None]:
        common = self._access.visible(readers)
        response, names = self._ask(asked, public.rewritten, viewer)
        if common is None or not answers_beyond(response, common):
            return _NOTHING
        return _found(response, names, Provenance.in_question_of(public), public.follows)

    def _ask_again(
        self, asked: ChatQuestion, before: Exchange, viewer: Viewer
    ) -> Found[_Result | None]:
        if not self._access.may_know_of_all(viewer, before.documents):
            return _NOTHING
        response, names = self._ask(asked, before.rewritten, viewer)
        if response.verdict is Verdict.SILENT:
            return _NOTHING
        return _found(response, names, Provenance.in_question_of(before))

    def _answered(
        self, questions: Sequence[str], document: str, viewer: Viewer, today: date
    ) -> int:
        turns: list[Turn] = []
        for question in questions:
            names = self._access.visible(viewer)
            response = self._engine.ask(question, names, conversation=turns, today=today)
            unchanged = not goes_beyond(names, self._access.visible(viewer))
            quoted = {excerpt.document for excerpt in response.excerpts}
            if not (response.answered and document in quoted and unchanged):
                break
            turns.append(Turn(response.rewritten, response.excerpts))
        return len(turns)

    def _ask(
        self, asked: ChatQuestion, question: str, viewer: Viewer, turns: Sequence[Turn] = ()
    ) -> tuple[Response, Names | None]:
        """Return the response, and the names of the documents that it may be made from."""
        visible, documents = self._documents_for(asked, viewer)
        response = self._engine.ask(
            question, documents, conversation=turns, today=asked.today or self._clock().date()
        )
        return with_numbered_quotes(response), visible

    def _search(self, asked: ChatQuestion, k: int, viewer: Viewer) -> Found[SearchResult]:
        visible, documents = self._documents_for(asked, viewer)
        if self._access.has_none(visible):
            raise BadQuestion(messages.NOTHING_TO_SEE)
        return Found(self._engine.search(asked.question, k, documents), visible)

    def _documents_for(
        self, asked: ChatQuestion, viewer: Viewer
    ) -> tuple[Names | None, Names | None]:
        """Return the documents that the viewer may see, and those of them that are asked.

        Raises BadQuestion where there is none in the folder, or of that time.
        """
        visible = self._access.visible(viewer)
        documents = self._access.narrowed(
            visible, document=asked.document, folder=asked.folder, since=asked.since
        )
        if documents is not None and not documents and (asked.folder or asked.since):
            raise BadQuestion(messages.none_narrowed(folder=asked.folder, since=asked.since))
        return visible, documents

    def _record(self, asked: ChatQuestion, found: _Result) -> RecordedAnswer:
        response = found.response
        silent = response.verdict is Verdict.SILENT
        quotes = [listed.quote for listed in response.documents if listed.quote]
        exchange = self._records.add(
            replace(
                _exchange_of(
                    asked, asked.kind, response.generation, response.confidence, response.verdict
                ),
                rewritten=response.rewritten or asked.question,
                question_kind=response.kind,
                excerpts=response.closest if silent else (*response.excerpts, *quotes),
                choices=response.choices,
                named_documents=tuple(documents_without_excerpt(response)),
                message=asked.message,
                follows=found.follows,
                source_documents=tuple(found.sources.documents),
                source_people=tuple(sorted(found.sources.people)),
            )
        )
        # Typing errors were corrected by documents that this viewer may see. Others may follow up
        # what is recorded, so that is the question without the corrections.
        changed = response.question.strip() != asked.question.strip()
        return RecordedAnswer(exchange, response, response.question if changed else None)

    def _record_search(self, asked: ChatQuestion, result: SearchResult) -> Exchange:
        verdict = Verdict.ANSWERED if result.hits else Verdict.SILENT
        return self._records.add(_exchange_of(asked, Kind.SEARCH, result.generation, 0.0, verdict))


_NOTHING: Found[_Result | None] = Found(None, is_shown=False)


def _found(
    response: Response, names: Names | None, sources: Provenance, follows: int | None = None
) -> Found[Any]:
    return Found(_Result(response, sources, follows), names, sources.documents)


def _exchange_of(
    asked: ChatQuestion, kind: Kind, generation: int, confidence: float, verdict: Verdict
) -> NewExchange:
    """Return what is recorded of any question: who asked what, where, and of which documents."""
    return NewExchange(
        kind=kind,
        person=asked.person,
        guild=asked.guild,
        channel=asked.channel,
        question=asked.question,
        generation=generation,
        confidence=confidence,
        verdict=verdict,
        private=asked.private,
        document=asked.document,
        folder=asked.folder,
        since=asked.since,
    )


def _narrowed_as(exchange: Exchange, asked: ChatQuestion) -> ChatQuestion:
    return replace(asked, document=exchange.document, folder=exchange.folder, since=exchange.since)
