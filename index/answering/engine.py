"""How a question becomes an answer: rewrite, tell its kind, retrieve, read, decide, verify."""

from __future__ import annotations

import math
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
    Verdict,
)
from index.answering.calibration import Calibration
from index.answering.confidence import confidence_features
from index.answering.excerpts.selection import merge, select_excerpts, verify
from index.answering.finding.evidence import score_evidence, score_units
from index.answering.finding.outright import raise_outright
from index.answering.finding.retrieval import rank, read_candidates, retrieve
from index.answering.finding.surroundings import (
    Seen,
    Surroundings,
    is_seen,
    surroundings,
    unseen,
    widened,
)
from index.answering.finding.word_weights import WordWeights
from index.answering.kinds.collection.collection import answer_collection
from index.answering.kinds.opinions import answer_opinion
from index.answering.kinds.premises import answer_premise
from index.answering.kinds.readings import ask_back
from index.answering.kinds.sections import answer_section
from index.answering.kinds.summary import answer_summary
from index.answering.kinds.tables.tables import answer_table
from index.answering.kinds.talk.talk import answer_talk, talk_in
from index.answering.kinds.timeline import answer_timeline
from index.answering.scope import Candidate, Found, Scope
from index.answering.stopwatch import Stopwatch
from index.answering.tuning import TUNING, Tuning
from index.answering.understanding.decomposition import QuestionPart, parts_of
from index.answering.understanding.language import language_of
from index.answering.understanding.narrowing import narrowed
from index.answering.understanding.spelling import Speller
from index.answering.understanding.unknown_names import unknown_names
from index.answering.understanding.wording import bare
from index.ports import Embedder, Reader
from index.question import checked
from index.rewriting import Follows, Rewritten, Turn, rewrite
from index.store.generation import Generation

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
    ) -> None:
        """Take what each stage needs. Without a `speller`, questions are taken as typed.

        `languages` are those that the models read well, by their codes; None where it is not known.
        """
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._calibration = calibration
        self._tuning = tuning
        self._speller = speller
        self._languages = languages

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
            return self._reply(message, talk.says[:1])
        typed = rewrite(talk.rest, conversation)
        question, scope = self._begin(typed.question, documents, today)
        asked = bare(question)
        if typed.follows is Follows.NOTHING:
            parts = parts_of(asked, self._tuning)
            whole = self._whole(asked, parts, scope)
        else:
            around = surroundings(conversation, scope, self._tuning)
            whole = self._follow(typed, asked, scope, around)
            is_silent = self._calibration.verdict(whole.confidence) is Verdict.SILENT
            if typed.may_stand_alone and is_silent:
                alone = self._answer(typed.near, scope, self._tuning.read_passages)
                if alone.confidence > whole.confidence:
                    typed, question, whole = Rewritten(typed.near), typed.near, alone
            asks_once = typed.near or not whole.candidates
            parts = () if asks_once else parts_of(asked, self._tuning)
        shared = whole.candidates[: self._tuning.shared_passages]
        read = max(self._tuning.part_passages, self._tuning.read_passages // max(1, len(parts)) - 1)
        found = [self._answer(part.question, scope, read, shared) for part in parts]
        response = self._respond(question, whole, list(zip(parts, found, strict=True)), scope)
        replies = tuple(Reply(says) for says in talk.says)
        with scope.stopwatch("verify"):
            quotes = (each.quote for each in response.documents if each.quote)
            verify((*response.excerpts, *response.closest, *quotes), scope.catalog)
        return replace(
            response,
            replies=(*replies, *self._said_of_language(question), *response.replies),
            rewritten=typed.question,
            carried=bool(typed.carried),
            milliseconds=scope.stopwatch.milliseconds(),
        )

    def _reply(self, message: str, says: Sequence[Says]) -> Response:
        """Return the response to a message that is nothing but talk."""
        return Response(
            message,
            Verdict.ANSWERED,
            1.0,
            self._index.generation().number,
            QuestionKind.TALK,
            replies=tuple(map(Reply, says)),
            rewritten=message,
            milliseconds=Stopwatch().milliseconds(),
        )

    def _whole(self, question: str, parts: Sequence[QuestionPart], scope: Scope) -> Found:
        """Return what is found for the whole question.

        Of several questions that only stand in one message, none may decide the kind of all.
        """
        read = self._tuning.read_passages
        if parts and not parts[0].compared:
            return self._find(question, scope, read)
        return self._answer(question, scope, read)

    def _follow(self, typed: Rewritten, question: str, scope: Scope, around: Surroundings) -> Found:
        """Return what is found for a question that follows up what was shown."""
        tuning = self._tuning
        nearest = around.passages[: tuning.around_passages]
        if typed.follows in {Follows.MORE, Follows.WRONG}:
            return self._go_on(typed, scope, around)
        if typed.follows is Follows.OTHER:
            return self._find(question, scope, tuning.read_passages, nearest, seen=around.seen)
        found = self._answer(question, scope, tuning.read_passages, nearest)
        if typed.follows is Follows.AGAIN:
            return replace(found, excerpts=widened(found.excerpts, scope, tuning))
        threshold = self._calibration.confidence.threshold
        is_sure = found.confidence >= threshold and not typed.asks_again
        if is_sure or not found.candidates:
            return found
        if typed.near:
            best = {each.key: each for each in (*nearest, *found.candidates)}
            others = list(best.values())[: tuning.read_passages]
            near = self._weigh(typed.near, self._read(typed.near, others, scope), scope)
            if typed.asks_again and near.confidence < threshold:
                # What was answered before is answered again; that says nothing about the rest.
                found = self._doubtful(found)
            found = max(found, near, key=lambda each: each.confidence)
        return self._expected(found, around)

    def _expected(self, found: Found, around: Surroundings) -> Found:
        """Return what was found, not silent where the best of it stands around what was shown.

        There a follow-up is mostly answered, so less is enough to show it.
        """
        unsure = self._calibration.unsure_from
        is_near = found.candidates[0].key in {candidate.key for candidate in around.passages}
        if is_near and unsure * self._tuning.around_share <= found.confidence < unsure:
            return replace(found, confidence=unsure)
        return found

    def _doubtful(self, found: Found) -> Found:
        """Return what was found, as not sure at best."""
        highest = math.nextafter(self._calibration.confidence.threshold, 0)
        return replace(found, confidence=min(found.confidence, highest))

    def _go_on(self, typed: Rewritten, scope: Scope, around: Surroundings) -> Found:
        """Return what comes next: the text around what was shown, and the next best excerpts."""
        threshold = self._calibration.confidence.threshold
        read = self._tuning.read_passages
        found = self._find(typed.continued, scope, read, seen=around.seen)
        if typed.follows is Follows.WRONG:
            # Whoever rejects an answer is not told that the next one is sure.
            return self._doubtful(found) if found.excerpts else replace(found, confidence=0.0)
        beside = around.next_to(scope, self._tuning)
        excerpts = merge([beside, found.excerpts], scope.catalog)
        confidence = max(found.confidence, threshold) if beside else found.confidence
        return replace(
            found,
            kind=QuestionKind.MORE,
            excerpts=excerpts,
            confidence=confidence if excerpts else 0.0,
        )

    def _said_of_language(self, question: str) -> tuple[Reply, ...]:
        """Return a reply where the question is in a language that the models do not read well."""
        asked = language_of(question)
        if asked is None or self._languages is None or asked in self._languages:
            return ()
        return (Reply(Says.LANGUAGE, {"asked": asked, "read": tuple(sorted(self._languages))}),)

    def _answer(
        self, question: str, scope: Scope, read: int, shared: Sequence[Candidate] = ()
    ) -> Found:
        """Return what is found for one question, by the first kind that it is of.

        In doubt it is a question that sentences answer.
        """
        question = bare(question)
        with scope.stopwatch("understand"):
            found = (
                answer_talk(question)
                or answer_collection(question, scope)
                or answer_summary(question, scope)
                or answer_timeline(question, scope)
            )
        if found is not None:
            return found
        inside = narrowed(question, scope, self._tuning)
        if inside is None:
            return self._found(question, scope, read, shared)
        verdict_of = self._calibration.verdict
        found = Found()
        for asked in inside.questions:
            found = max(
                (found, self._found(asked, inside.scope, read)), key=lambda each: each.confidence
            )
            if verdict_of(found.confidence) is Verdict.ANSWERED:
                break
        if verdict_of(found.confidence) is not Verdict.SILENT:
            return replace(found, replies=(inside.reply(Says.IN_DOCUMENT), *found.replies))
        found = self._found(question, scope, read, shared)
        shown = found.excerpts if verdict_of(found.confidence) is not Verdict.SILENT else ()
        if any(excerpt.document in inside.names for excerpt in shown):
            return found
        return replace(found, replies=(inside.reply(Says.NOT_IN_DOCUMENT), *found.replies))

    def _found(
        self, question: str, scope: Scope, read: int, shared: Sequence[Candidate] = ()
    ) -> Found:
        """Return what sentences answer, or the tables and sections that were found with them."""
        found = self._find(question, scope, read, shared)
        with scope.stopwatch("structure"):
            return (
                answer_table(question, found, scope)
                or answer_section(question, found, scope)
                or ask_back(question, found, scope)
                or answer_premise(question, found)
                or answer_opinion(question, found, scope, self._calibration.unsure_from)
                or found
            )

    def _respond(
        self, question: str, whole: Found, parts: Sequence[tuple[QuestionPart, Found]], scope: Scope
    ) -> Response:
        """Return the response to a question from what was found for it and for its parts.

        The parts come in the order in which they were asked. The whole is shown where no part is,
        or beside parts that leave others open.
        """
        with scope.stopwatch("decide"):
            verdict_of = self._calibration.verdict
            asked = [found for _, found in parts if found.kind is not QuestionKind.TALK]
            verdict = verdict_of(max(found.confidence for found in (whole, *asked)))
            least = self._calibration.unsure_from
            if verdict is Verdict.ANSWERED:
                least = self._calibration.confidence.threshold * self._tuning.uncovered_share
            covered = [found for found in asked if found.confidence >= least]
            if verdict is Verdict.SILENT:
                covered = []
            open_parts = [
                p.wording for p, found in parts if found in asked and found not in covered
            ]
            shown = list(covered)
            if not shown or (open_parts and verdict_of(whole.confidence) is Verdict.ANSWERED):
                shown.append(whole)
        with scope.stopwatch("choose"):
            most = self._tuning.unsure_excerpts
            if verdict is Verdict.UNSURE and len(shown) > 1:
                firsts = [each.excerpts[: max(1, most // len(shown))] for each in shown]
                rests = [
                    each.excerpts[len(first) :] for each, first in zip(shown, firsts, strict=True)
                ]
                most = sum(map(len, firsts))
                excerpts = merge([*firsts, *rests], scope.catalog)
            else:
                excerpts = merge([each.excerpts for each in shown], scope.catalog)
        if verdict is not Verdict.ANSWERED:
            excerpts = tuple(replace(excerpt, emphasis=()) for excerpt in excerpts)
        if verdict is not Verdict.UNSURE:
            most = len(excerpts) if verdict is Verdict.ANSWERED else 0
        kinds = {each.kind for each in shown}
        said = [found for _, found in parts if found.kind is QuestionKind.TALK]
        # That no document mentions something is what the catalog says, however silent they are.
        said += [
            each
            for each in shown
            if verdict is not Verdict.SILENT or each.kind is QuestionKind.COLLECTION
        ]
        return Response(
            question,
            verdict,
            max(each.confidence for each in shown),
            scope.generation.number,
            kinds.pop() if len(kinds) == 1 else QuestionKind.FACT,
            excerpts=excerpts[:most],
            closest=excerpts[most:],
            replies=tuple(reply for each in said for reply in each.replies),
            documents=tuple(listed for each in shown for listed in each.documents),
            computed=tuple(value for each in shown for value in each.computed),
            choices=() if parts else whole.choices,
            contents=whole.contents if whole in shown else (),
            uncovered=tuple(open_parts) if covered else (),
            unknown_names=()
            if whole.kind is QuestionKind.COLLECTION
            else unknown_names(question, scope.catalog, scope.allowed),
        )

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        """Return the `k` passages that bear most on the query; `documents` is as in `ask`.

        Raises BadQuestion and IndexUnavailable.
        """
        query, scope = self._begin(checked(query), documents)
        read = self._tuning.read_passages_in_search
        candidates = self._retrieve(query, scope, read=read, kept=k)
        hits = tuple(
            Hit(rank, candidate.score(self._tuning), candidate.passage)
            for rank, candidate in enumerate(candidates, start=1)
        )
        milliseconds = scope.stopwatch.milliseconds()
        return SearchResult(query, scope.generation.number, milliseconds, hits)

    def _begin(
        self, question: str, documents: Collection[str] | None, today: date | None = None
    ) -> tuple[str, Scope]:
        """Return the question with its spelling corrected, and what it is asked of."""
        stopwatch = Stopwatch()
        generation = self._index.generation()
        allowed = None if documents is None else generation.catalog.keys_of(documents)
        if self._speller is not None:
            with stopwatch("spell"):
                question = self._speller.corrected(
                    question, generation.catalog, self._tuning, allowed, documents
                )
        return question, Scope(generation, documents, allowed, today or date.today(), stopwatch)

    def _find(
        self,
        question: str,
        scope: Scope,
        read: int,
        shared: Sequence[Candidate] = (),
        *,
        seen: Seen | None = None,
    ) -> Found:
        """Return the confidence and the excerpts for one question.

        The best `read` passages are read, and those of `shared`, found for another question.
        Nothing of `seen` is shown.
        """
        candidates = self._retrieve(question, scope, read=read, kept=read)
        known = {candidate.key for candidate in candidates}
        if others := [other for other in shared if other.key not in known]:
            candidates += self._read(question, others, scope)
            candidates = rank(candidates, self._tuning)
        return self._weigh(question, candidates, scope, seen)

    def _read(
        self, question: str, candidates: Sequence[Candidate], scope: Scope
    ) -> list[Candidate]:
        with scope.stopwatch("read"):
            return rank(read_candidates(question, candidates, self._reader), self._tuning)

    def _weigh(
        self,
        question: str,
        candidates: Sequence[Candidate],
        scope: Scope,
        seen: Seen | None = None,
    ) -> Found:
        """Return the confidence and the excerpts that passages give, which come best first."""
        catalog, stopwatch = scope.catalog, scope.stopwatch
        with stopwatch("weigh"):
            best = candidates[: self._tuning.evidence_passages]
            scores = score_units(question, best)
            evidence = score_evidence(scores, best, self._calibration.evidence)
            evidence, least = raise_outright(question, evidence, WordWeights(scope), self._tuning)
        if not evidence:
            return Found()
        with stopwatch("decide"):
            keys = [candidate.key for candidate in candidates]
            coverage = catalog.coverage(question, keys, scope.allowed)
            vectors, allowed = scope.generation.vectors, scope.allowed
            passages = len(vectors) if allowed is None else len(allowed)
            features = confidence_features(
                question, candidates, evidence, coverage, passages, self._tuning
            )
            probability = float(self._calibration.confidence.probability(features)[0])
            confidence = round(max(probability, least), 4)
        with stopwatch("choose"):
            threshold = self._calibration.evidence.threshold
            fresh = [
                piece
                for piece in evidence
                if not is_seen(piece.passage.document, piece.unit.span, seen)
            ]
            is_unsure = self._calibration.verdict(confidence) is Verdict.UNSURE
            breadth = self._tuning.unsure_excerpts if is_unsure else 0
            excerpts = select_excerpts(
                question, fresh, threshold, catalog, self._tuning, breadth=breadth
            )
            excerpts = unseen(excerpts, seen, catalog)
        return Found(confidence=confidence, excerpts=excerpts, candidates=tuple(candidates))

    def _retrieve(self, question: str, scope: Scope, *, read: int, kept: int) -> list[Candidate]:
        return retrieve(
            question,
            scope.generation,
            self._embedder,
            self._reader,
            self._tuning,
            read=read,
            kept=kept,
            stopwatch=scope.stopwatch,
            allowed=scope.allowed,
            names=scope.names,
        )
