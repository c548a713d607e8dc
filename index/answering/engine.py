"""How a question becomes an answer: the steps, in order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from index.answering.asked import AskedQuestion
from index.answering.calibration import Calibration
from index.answering.composing import compose
from index.answering.describing import described, language_replies
from index.answering.excerpts.quoting import header_above
from index.answering.excerpts.setting import with_styles
from index.answering.excerpts.surroundings import surroundings
from index.answering.excerpts.verification import verify
from index.answering.finder import Finder
from index.answering.kinds.talk.talk import Talk, talk_in
from index.answering.outlook import Outlook, outlook_of
from index.answering.rollups.topic import Topic
from index.answering.scope import Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING, Tuning
from index.answering.understanding.decomposition import parts_of
from index.answering.understanding.spelling import Speller
from index.answering.understanding.wording import bare
from index.answering.versions.succession import standings_of, successors
from index.answering.whole_and_parts import find_answers
from index.chunking.passage import Passage
from index.decisions import Decisions, DecisionsSource
from index.ports import Embedder, Reader
from index.question import checked
from index.rewriting import Turn, rejects, rewrite
from index.store.catalog.catalog import Catalog
from index.store.generation import Generation
from index.store.words.lexical import content_words


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
        if reply := _reply_to_talk(talk, message, conversation):
            return self._said(message, reply)
        scope = self._scope(documents, today)
        if scope.is_empty:
            return self._said(message, Says.NO_DOCUMENTS, Verdict.SILENT, QuestionKind.COLLECTION)
        asked = self._understood(talk, conversation, scope)
        is_as_typed = not conversation and asked.spelled == asked.rewritten.question
        is_noise = is_as_typed and self._says_nothing(message, scope)
        if is_noise or asked.wants_more_of_nothing:
            return self._said(message, Says.UNCLEAR, Verdict.SILENT, QuestionKind.UNCLEAR)
        found = find_answers(asked, scope, self._finder)
        asked, whole = found.asked, found.whole
        response = compose(
            asked.spelled, whole, found.parts, scope, self._finder.calibration, self._tuning
        )
        response = _verified(response, scope)
        on_language = language_replies(
            asked.spelled, whole.candidates, self._languages, self._speller
        )
        return described(response, asked, on_language, scope)

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
        parts = [part.question for part in parts_of(typed, self._tuning)]
        return outlook_of([typed, *parts], scope, self._finder)

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

    def _understood(self, talk: Talk, conversation: Sequence[Turn], scope: Scope) -> AskedQuestion:
        """Return the question that is left of a message, completed by its conversation."""
        context = surroundings(conversation, scope, self._tuning)
        rewritten = rewrite(talk.rest, conversation, context.columns(self._tuning))
        spelled = self._spelled(rewritten.question, scope)
        return AskedQuestion(talk, rewritten, spelled, bare(spelled), conversation, context)

    def _spelled(self, question: str, scope: Scope) -> str:
        """Return the question with its spelling corrected."""
        if self._speller is None:
            return question
        with scope.stopwatch("spell"):
            return self._speller.corrected(
                question, scope.catalog, self._tuning, scope.allowed, scope.names
            )

    def _says_nothing(self, message: str, scope: Scope) -> bool:
        """Return whether no word of a message is known to anybody, as in "asdf qwer".

        "GDPR" names something, and so may words of other languages.
        """
        is_plain = message.isascii() and message.islower() and not any(map(str.isdigit, message))
        if self._speller is None or not is_plain:
            return False
        return self._speller.knows_none(message, scope.catalog, scope.names, scope.allowed)

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


def _reply_to_talk(talk: Talk, message: str, conversation: Sequence[Turn]) -> Says | None:
    """Return what is said to a message that asks nothing: small talk, or a complaint."""
    if talk.says and not talk.rest:
        return talk.says[0]
    return Says.APOLOGY if not conversation and rejects(message) else None


def _verified(response: Response, scope: Scope) -> Response:
    """Return the response with its excerpts as their documents set them, once all are verified."""
    with scope.stopwatch("verify"):
        quotes = (listed.quote for listed in response.documents if listed.quote)
        verify((*response.excerpts, *response.closest, *quotes), scope.catalog)
        return with_styles(response, scope.catalog)


def _hit(rank: int, score: float, passage: Passage, topic: Topic | None, catalog: Catalog) -> Hit:
    """Return a passage with where it has the words of a query, below the header of its table."""
    header = header_above(passage.units[0], passage, catalog) if passage.units else None
    spans = (header.span, passage.span) if header else (passage.span,)
    styles = [style for span in spans for style in catalog.layouts.of(passage.document, span)]
    matches = topic.places(passage.text, passage.span.start) if topic else ()
    return Hit(rank, score, passage, tuple(styles), tuple(matches), header)


def _as_typed(word: str, query: str) -> str:
    at = query.lower().find(word)
    typed = query[at : at + len(word)]
    return typed if at >= 0 and typed.lower() == word else word
