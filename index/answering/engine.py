"""How a question becomes an answer: check, retrieve, score, decide, select excerpts, verify."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.answering.answer import Answer, Excerpt, Hit, NoAnswer, Response, SearchResult
from index.answering.calibration import Calibration
from index.answering.confidence import confidence_features
from index.answering.decomposition import parts_of
from index.answering.evidence import score_evidence, score_units
from index.answering.excerpts import merge, select_excerpts, verify
from index.answering.retrieval import Candidate, rank, read_candidates, retrieve
from index.answering.spelling import Speller
from index.answering.stopwatch import Stopwatch
from index.answering.tuning import TUNING, Tuning
from index.answering.unknown_names import unknown_names
from index.ports import Embedder, Reader
from index.question import checked
from index.store.generation import Generation

__all__ = ["Engine", "Generations"]


class Generations(Protocol):
    """Where the engine finds the generation to answer from, such as a `CurrentGeneration`."""

    def generation(self) -> Generation: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What is found for one question, or for one part of it."""

    confidence: float = 0.0
    excerpts: tuple[Excerpt, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """What stays the same for a question and its parts."""

    generation: Generation
    allowed: Sequence[int] | None
    """The keys of the passages that may be seen; None allows all."""
    stopwatch: Stopwatch


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
    ) -> None:
        """Take what each stage needs. Without a `speller`, questions are taken as typed."""
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._calibration = calibration
        self._tuning = tuning
        self._speller = speller

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response:
        """Return the excerpts that answer the question, or that the documents do not answer it.

        With `documents`, by name, all others are ignored as if they did not exist. The response has
        the question with its spelling corrected. Raises BadQuestion, IndexUnavailable, and
        ExcerptMismatch, which is a defect.
        """
        question, request = self._begin(question, documents)
        catalog, stopwatch = request.generation.catalog, request.stopwatch
        whole = self._find(question, request, self._tuning.read_passages)
        parts = parts_of(question, self._tuning)
        shared = whole.candidates[: self._tuning.shared_passages]
        read = max(1, self._tuning.read_passages // max(1, len(parts)) - 1)
        found = [self._find(part.question, request, read, shared) for part in parts]
        with stopwatch("decide"):
            threshold = self._calibration.confidence.threshold
            confidence = max(each.confidence for each in (whole, *found))
            answered = confidence >= threshold
            unknown = unknown_names(question, catalog, request.allowed)
        with stopwatch("choose"):
            least = threshold * self._tuning.uncovered_share
            shown = [part for part in found if part.confidence >= least] if answered else []
            if whole.confidence >= threshold or not answered:
                shown.append(whole)
            excerpts = merge([each.excerpts for each in shown], catalog)
        with stopwatch("verify"):
            verify(excerpts, catalog)
        if not answered:
            return NoAnswer(
                question,
                whole.confidence,
                request.generation.number,
                excerpts,
                stopwatch.milliseconds(),
                unknown_names=unknown,
            )
        return Answer(
            question,
            whole.confidence if whole in shown else confidence,
            request.generation.number,
            excerpts,
            stopwatch.milliseconds(),
            uncovered=tuple(
                part.wording for part, each in zip(parts, found, strict=True) if each not in shown
            ),
            unknown_names=unknown,
        )

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        """Return the `k` passages that bear most on the query; `documents` is as in `ask`.

        Raises BadQuestion and IndexUnavailable.
        """
        query, request = self._begin(query, documents)
        read = self._tuning.read_passages_in_search
        candidates = self._retrieve(query, request, read=read, kept=k)
        hits = tuple(
            Hit(rank, candidate.score(self._tuning), candidate.passage)
            for rank, candidate in enumerate(candidates, start=1)
        )
        milliseconds = request.stopwatch.milliseconds()
        return SearchResult(query, request.generation.number, milliseconds, hits)

    def _begin(self, question: str, documents: Collection[str] | None) -> tuple[str, _Request]:
        """Return the question, checked and corrected, and what it is asked of."""
        stopwatch = Stopwatch()
        question = checked(question)
        generation = self._index.generation()
        allowed = None if documents is None else generation.catalog.keys_of(documents)
        if self._speller is not None:
            with stopwatch("spell"):
                question = self._speller.corrected(
                    question, generation.catalog, self._tuning, allowed
                )
        return question, _Request(generation, allowed, stopwatch)

    def _find(
        self, question: str, request: _Request, read: int, shared: Sequence[Candidate] = ()
    ) -> _Found:
        """Return the confidence and the excerpts for one question.

        The best `read` passages are read, and those of `shared`, found for another question.
        """
        catalog, stopwatch = request.generation.catalog, request.stopwatch
        candidates = self._retrieve(question, request, read=read, kept=read)
        known = {candidate.key for candidate in candidates}
        if others := [other for other in shared if other.key not in known]:
            with stopwatch("read"):
                candidates += read_candidates(question, others, self._reader)
            candidates = rank(candidates, self._tuning)
        with stopwatch("weigh"):
            best = candidates[: self._tuning.evidence_passages]
            scores = score_units(question, best)
            evidence = score_evidence(scores, best, self._calibration.evidence)
        if not evidence:
            return _Found()
        with stopwatch("decide"):
            keys = [candidate.key for candidate in candidates]
            coverage = catalog.coverage(question, keys, request.allowed)
            vectors, allowed = request.generation.vectors, request.allowed
            passages = len(vectors) if allowed is None else len(allowed)
            features = confidence_features(candidates, evidence, coverage, passages, self._tuning)
            confidence = round(float(self._calibration.confidence.probability(features)[0]), 4)
        with stopwatch("choose"):
            threshold = self._calibration.evidence.threshold
            excerpts = select_excerpts(question, evidence, threshold, catalog, self._tuning)
        return _Found(confidence, excerpts, tuple(candidates))

    def _retrieve(
        self, question: str, request: _Request, *, read: int, kept: int
    ) -> list[Candidate]:
        return retrieve(
            question,
            request.generation,
            self._embedder,
            self._reader,
            self._tuning,
            read=read,
            kept=kept,
            stopwatch=request.stopwatch,
            allowed=request.allowed,
        )
