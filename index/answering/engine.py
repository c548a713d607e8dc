"""How a question becomes an answer: the steps, in order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from index.answering.answer import (
    Hit,
    QuestionKind,
    Reply,
    Response,
    Says,
    SearchResult,
    Standing,
    Verdict,
)
from index.answering.calibration import Calibration
from index.answering.composing import compose
from index.answering.dispatch import answer_one, answer_unclear
from index.answering.excerpts.quoting import header_above
from index.answering.excerpts.setting import with_styles
from index.answering.excerpts.surroundings import surroundings
from index.answering.excerpts.verification import verify
from index.answering.finder import Finder
from index.answering.follow_ups import answer_follow_up, answer_on_topic
from index.answering.kinds.collection.particulars import replaced_by, whether_they_hold
from index.answering.kinds.tables.shown_rows import answer_shown_row
from index.answering.kinds.talk.talk import talk_in
from index.answering.outlook import Outlook, outlook_of
from index.answering.rollups.topic import Topic
from index.answering.scope import Findings, Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING, Tuning
from index.answering.understanding.decomposition import QuestionPart, parts_of
from index.answering.understanding.language import language_beside, language_of
from index.answering.understanding.moments import asked_moment, asks_whether_it_holds
from index.answering.understanding.spelling import Speller
from index.answering.understanding.synonyms import use_passage_words
from index.answering.understanding.wording import asks_to_act, bare
from index.answering.versions.partly_replaced import sections_replaced
from index.answering.versions.succession import standings_of, successors
from index.chunking.passage import Passage
from index.decisions import Decisions, DecisionsSource
from index.ports import Embedder, Reader
from index.question import checked
from index.rewriting import FollowUpKind, Turn, lacks_all, rejects, rewrite
from index.store.catalog.catalog import Catalog
from index.store.generation import Generation
from index.store.words.lexical import content_words

__all__ = ["Engine", "Generations"]


class Generations(Protocol):
    """Where the engine finds the generation to answer from, such as a `CurrentGeneration`."""

    def generation(self) -> Generation: ...


class Engine:
    """Answers from whatever generation is current; safe to use from several threads."""

    def __init__(
        self,
        index: Generations,
        embedder: Embedder,
        reader: Reader,
        calibration: Calibration,
        *,
        tuning: Tuning = TUNING,
        speller: Speller | None = None,
        languages: Collection[str] | None = None,
        decisions: DecisionsSource = Decisions,
    ) -> None:
        """Take what each stage needs. Without a `speller`, questions are taken as typed.

        `languages` are those that the models read well, by their codes; None where it is not known.
        `decisions` are asked for anew with each question.
        """
        self._index = index
        self._finder = Finder(embedder, reader, calibration, tuning)
        eased = calibration.eased(tuning.conversing_share)
        self._conversing = Finder(
            embedder, reader, eased, tuning, sure_from=calibration.confidence.threshold
        )
        self._tuning = tuning
        self._speller = speller
        self._languages = languages
        self._decisions = decisions

    def ask(
        self,
        question: str,
        documents: Collection[str] | None = None,
        *,
        conversation: Sequence[Turn] = (),
        today: date | None = None,
    ) -> Response:
        """Return what the documents say to the question, and how sure that is.

        With `documents`, by name, all others are ignored as if they did not exist. `conversation`
        holds the turns before, the oldest first, which the question may follow up; the caller has
        left out what the asker may no longer see. `today` is the asker's date, by default that of
        this machine. Raises BadQuestion, IndexUnavailable, and ExcerptMismatch, which is a defect.
        """
        message = checked(question)
        talk = talk_in(message)
        if talk.says and not talk.rest:
            return self._said(message, talk.says[0])
        if not conversation and rejects(message):
            return self._said(message, Says.APOLOGY)
        scope = self._scope(documents, today)
        if scope.is_empty:
            return self._said(message, Says.NO_DOCUMENTS, Verdict.SILENT, QuestionKind.COLLECTION)
        if not conversation and self._says_nothing(message, scope):
            return self._said(message, Says.UNCLEAR, Verdict.SILENT, QuestionKind.UNCLEAR)
        context = surroundings(conversation, scope, self._tuning)
        rewritten = rewrite(talk.rest, conversation, context.columns(self._tuning))
        question = self._spelled(rewritten.question, scope)
        bare_question = use_passage_words(bare(question), scope.catalog, scope.allowed)
        parts: tuple[QuestionPart, ...] = ()
        finder = self._conversing if conversation else self._finder
        if context.last and asks_whether_it_holds(talk.rest):
            names = dict.fromkeys(cited.document for cited in context.last)
            whole, question = whether_they_hold(list(names), scope), talk.rest
        elif not conversation and lacks_all(bare_question):
            whole = answer_unclear(bare_question, scope, finder)
        elif rewritten.follow_up is FollowUpKind.NOTHING:
            parts = parts_of(bare_question, self._tuning)
            whole = self._whole(bare_question, parts, scope, finder)
            if conversation and not parts:
                row = None
                if not finder.is_sure(whole):
                    row = answer_shown_row(bare_question, context, scope, self._tuning)
                asked_before = conversation[-1].question
                whole = row or answer_on_topic(
                    asked_before, bare_question, whole, context, scope, finder
                )
            is_comparison = any(reply.says is Says.COMPARED for reply in whole.replies)
            if is_comparison or (whole.kind is QuestionKind.TABLE and whole.computed):
                parts = ()  # "the difference between budget and spent" is no question of each
        else:
            resolved, whole = answer_follow_up(
                rewritten, conversation[-1].question, bare_question, context, scope, finder
            )
            if resolved is not rewritten:
                rewritten, question = resolved, resolved.question
            asks_once = rewritten.near or not whole.candidates
            parts = () if asks_once else parts_of(bare_question, self._tuning)
        acts = (Reply(Says.CANNOT_ACT),) if asks_to_act(talk.rest) else ()
        if acts:
            parts, whole = (), finder.doubtful(whole)
        of_parts = self._parts(parts, whole, scope, finder)
        response = compose(question, whole, of_parts, scope, finder.calibration, self._tuning)
        with scope.stopwatch("verify"):
            quotes = (listed.quote for listed in response.documents if listed.quote)
            verify((*response.excerpts, *response.closest, *quotes), scope.catalog)
            response = with_styles(response, scope.catalog)
        with scope.stopwatch("documents"):
            standings = standings_of(_shown(response), scope)
        before = (*map(Reply, talk.says), *acts, *self._of_language(question, whole))
        return replace(
            response,
            standings=standings,
            today=scope.today,
            replies=(
                *before,
                *response.replies,
                *_silence(response, question, scope),
                *sections_replaced(response.excerpts, scope),
            ),
            rewritten=rewritten.question,
            carried=bool(rewritten.carried),
            milliseconds=scope.stopwatch.milliseconds(),
        )

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        """Return the `k` passages that bear most on the query; `documents` is as in `ask`.

        Raises BadQuestion and IndexUnavailable.
        """
        query, scope = checked(query), self._scope(documents)
        query = self._spelled(query, scope)
        read = self._tuning.read_passages_in_search
        candidates = self._finder.passages(query, scope, read=read, kept=k)
        topic = Topic(" ".join(content_words(query)), scope) if candidates else None
        hits = tuple(
            _hit(rank, candidate.score(self._tuning), candidate.passage, topic, scope.catalog)
            for rank, candidate in enumerate(candidates, start=1)
        )
        with scope.stopwatch("documents"):
            standings = standings_of((hit.passage.document for hit in hits), scope)
            coverage = scope.catalog.coverage(query, (), scope.allowed)
        absent = tuple(_as_typed(word, query) for word, (count, _) in coverage.items() if not count)
        milliseconds = scope.stopwatch.milliseconds()
        number = scope.generation.number
        return SearchResult(
            query, number, milliseconds, hits, standings, absent, len(absent) == len(coverage)
        )

    def outlook(self, question: str, documents: Collection[str] | None = None) -> Outlook:
        """Return what the documents have for a question that stands alone, without reading it.

        Takes a small part of the time of `ask`. Raises BadQuestion and IndexUnavailable.
        """
        scope = self._scope(documents)
        typed = bare(self._spelled(checked(question), scope))
        in_their_words = use_passage_words(typed, scope.catalog, scope.allowed)
        parts = [part.question for part in parts_of(in_their_words, self._tuning)]
        return outlook_of([in_their_words, *parts], scope, self._finder)

    def standings(
        self, names: Collection[str], documents: Collection[str] | None = None
    ) -> tuple[Standing, ...]:
        """Return whether documents still hold, each once, as far as `documents` tell.

        Raises IndexUnavailable.
        """
        return standings_of(names, self._scope(documents))

    def _scope(self, documents: Collection[str] | None, today: date | None = None) -> Scope:
        """Return what a question is asked of."""
        generation = self._index.generation()
        documents = generation.answering(documents)
        allowed = generation.catalog.filter_of(documents)
        scope = Scope(
            generation,
            documents,
            allowed,
            today or date.today(),
            Stopwatch(),
            self._decisions(),
        )
        with scope.stopwatch("documents"):
            return replace(scope, replaced=successors(scope))

    def _spelled(self, question: str, scope: Scope) -> str:
        """Return the question with its spelling corrected, in the words of the passages."""
        if self._speller is None:
            return question
        with scope.stopwatch("spell"):
            spelled = self._speller.corrected(
                question, scope.catalog, self._tuning, scope.allowed, scope.names
            )
            return use_passage_words(spelled, scope.catalog, scope.allowed)

    def _says_nothing(self, message: str, scope: Scope) -> bool:
        """Return whether no word of a message is known to anybody, as in "asdf qwer"."""
        if self._speller is None or any(map(str.isdigit, message)):
            return False
        return self._speller.knows_none(message, scope.catalog, scope.names, scope.allowed)

    def _whole(
        self, question: str, parts: Sequence[QuestionPart], scope: Scope, finder: Finder
    ) -> Findings:
        """Return what is found for the whole question.

        Of several questions that only stand in one message, none may decide the kind of all.
        """
        read = self._tuning.read_passages
        if parts and not parts[0].compared:
            return finder.find(question, scope, read)
        return answer_one(question, scope, finder, read)

    def _parts(
        self, parts: Sequence[QuestionPart], whole: Findings, scope: Scope, finder: Finder
    ) -> list[tuple[QuestionPart, Findings]]:
        """Return what is found for each part; the best passages of the whole are read for it."""
        tuning = self._tuning
        shared = whole.candidates[: tuning.shared_passages]
        read = max(tuning.part_passages, tuning.read_passages // max(1, len(parts)) - 1)
        return [(part, answer_one(part.question, scope, finder, read, shared)) for part in parts]

    def _said(
        self,
        message: str,
        says: Says,
        verdict: Verdict = Verdict.ANSWERED,
        kind: QuestionKind = QuestionKind.TALK,
    ) -> Response:
        """Return the response to a message of which no document is asked, such as talk."""
        return Response(
            message,
            verdict,
            float(verdict is Verdict.ANSWERED),
            self._index.generation().number,
            kind,
            replies=(Reply(says),),
            rewritten=message,
            milliseconds=Stopwatch().milliseconds(),
        )

    def _of_language(self, question: str, findings: Findings) -> tuple[Reply, ...]:
        """Return a reply where the question is in a language that the models do not read well.

        Few words are of the language of what they were found in.
        """
        if self._languages is None:
            return ()
        language = language_of(question)
        if language is None and self._speller and (words := self._speller.foreign(question)):
            language = language_beside(words, (each.passage.text for each in findings.candidates))
        if language is None or language in self._languages:
            return ()
        return (Reply(Says.LANGUAGE, {"asked": language, "read": tuple(sorted(self._languages))}),)


def _hit(rank: int, score: float, passage: Passage, topic: Topic | None, catalog: Catalog) -> Hit:
    """Return a passage with where it has the words of a query, below the header of its table."""
    header = header_above(passage.units[0], passage, catalog) if passage.units else None
    spans = (header.span, passage.span) if header else (passage.span,)
    styles = [style for span in spans for style in catalog.layouts.of(passage.document, span)]
    matches = topic.places(passage.text, passage.span.start) if topic else ()
    return Hit(rank, score, passage, tuple(styles), tuple(matches), header)


def _silence(response: Response, question: str, scope: Scope) -> tuple[Reply, ...]:
    """Return a reply where what replaces the document shown first does not say what is asked."""
    if not response.excerpts or not asked_moment(question, scope.today).is_now:
        return ()
    if any(reply.says is Says.REPLACED_BY for reply in response.replies):
        return ()  # whether it holds was asked, and is said
    first, *others = response.excerpts
    successor = scope.replaced.get(first.document)
    if successor is None or any(each.document == successor.document for each in others):
        return ()
    written = scope.catalog.date(first.document)
    return (replaced_by(Says.SUCCESSOR_SILENT, first.title, written, successor),)


def _as_typed(word: str, query: str) -> str:
    at = query.lower().find(word)
    typed = query[at : at + len(word)]
    return typed if at >= 0 and typed.lower() == word else word


def _shown(response: Response) -> Iterator[str]:
    """Yield the documents that a response shows, in the order in which it does."""
    yield from (each.document for each in (*response.excerpts, *response.closest))
    yield from (cell.document for value in response.computed for cell in value.cells)
    yield from (each.name for each in response.documents)
    yield from (each.document for each in response.contents)
