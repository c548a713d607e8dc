"""How a question becomes an answer: check, retrieve, choose excerpts, verify, decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index.answering.answer import Answer, Excerpt, Hit, NoAnswer, Response, SearchResult
from index.answering.calibration import Calibration
from index.answering.confidence import confidence_features
from index.answering.decomposition import parts_of
from index.answering.evidence import read_units, score_evidence
from index.answering.excerpts import merge, select_excerpts, verify
from index.answering.question import LONGEST_QUESTION, checked
from index.answering.retrieval import Candidate, retrieve
from index.answering.spelling import Speller
from index.answering.timings import Stopwatch
from index.answering.unknown_names import unknown_names
from index.ports import Embedder, Reader
from index.store.current import CurrentGeneration
from index.store.generation import Generation

__all__ = ["LONGEST_QUESTION", "READ", "WEIGHED", "Engine"]

READ = 6
_READ_IN_SEARCH = 10
WEIGHED = 4
"""Passages whose units may be evidence: 98 % of the answers that are found at all are in them."""
_SILENT = 0.25
"""Of the threshold of an answer: below this the documents do not speak of a part of a question.
Of the parts between, where the rest is answered, 6 of 8 are answered too, so they are shown; both
were seen on the questions of tests/data/part-questions.jsonl, on which this was chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What is found for one question; with nothing to read, nothing, and a `confidence` of 0."""

    confidence: float = 0.0
    excerpts: tuple[Excerpt, ...] = ()
    candidates: tuple[Candidate, ...] = ()


class Engine:
    """Answers from whatever generation is current; safe to use from several threads."""

    def __init__(
        self,
        index: CurrentGeneration,
        embedder: Embedder,
        reader: Reader,
        calibration: Calibration,
        *,
        read: int = READ,
        speller: Speller | None = None,
    ) -> None:
        """`read` passages are read for an answer, those that retrieval puts first. Without a
        `speller` questions are taken as they are typed."""
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._calibration = calibration
        self._read = read
        self._speller = speller

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response:
        """The excerpts that answer, or that the documents do not say.

        With `documents`, by name, the question is put to these as if there were no others. The
        response has it as it was taken, with mistyped words put right. Raises
        BadQuestion, IndexUnavailable, and ExcerptMismatch, which is a defect.
        """
        stopwatch = Stopwatch()
        question = checked(question)
        generation = self._index.generation()
        allowed = _keys_within(generation, documents)
        question = self._corrected(question, generation, allowed, stopwatch)
        whole = self._find(question, generation, self._read, allowed, stopwatch)
        parts = parts_of(question)
        found = [
            self._find(
                part.question,
                generation,
                max(1, self._read // len(parts) - 1),
                allowed,
                stopwatch,
                whole.candidates[:1],
            )
            for part in parts
        ]
        with stopwatch("decide"):
            threshold = self._calibration.confidence.threshold
            confidence = max(one.confidence for one in (whole, *found))
            answered = confidence >= threshold
            missing = unknown_names(question, generation.catalog, allowed)
        with stopwatch("choose"):
            shown = [one for one in found if one.confidence >= threshold * _SILENT]
            if whole.confidence >= threshold or not answered:
                shown = [*(shown if answered else ()), whole]
            excerpts = merge([one.excerpts for one in shown], generation.catalog)
        with stopwatch("verify"):
            verify(excerpts, generation.catalog)
        if not answered:
            return NoAnswer(
                question,
                whole.confidence,
                generation.number,
                excerpts,
                stopwatch.read(),
                unknown_names=missing,
            )
        return Answer(
            question,
            whole.confidence if whole in shown else confidence,
            generation.number,
            excerpts,
            stopwatch.read(),
            uncovered=tuple(
                part.named for part, one in zip(parts, found, strict=True) if one not in shown
            ),
            unknown_names=missing,
        )

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        """The `k` passages that bear most on the query; raises BadQuestion, IndexUnavailable.

        `documents` is as in `ask`.
        """
        stopwatch = Stopwatch()
        query = checked(query)
        generation = self._index.generation()
        allowed = _keys_within(generation, documents)
        query = self._corrected(query, generation, allowed, stopwatch)
        found = self._retrieve(query, generation, _READ_IN_SEARCH, k, allowed, stopwatch)
        hits = tuple(
            Hit(rank, candidate.score, candidate.passage)
            for rank, candidate in enumerate(found, start=1)
        )
        return SearchResult(query, generation.number, stopwatch.read(), hits)

    def _find(
        self,
        question: str,
        generation: Generation,
        read: int,
        allowed: Sequence[int] | None,
        stopwatch: Stopwatch,
        others: Sequence[Candidate] = (),
    ) -> _Found:
        """With the best `read` passages read, and those of `others`, found for another question."""
        candidates = self._retrieve(question, generation, read, read, allowed, stopwatch)
        known = {candidate.key for candidate in candidates}
        if others := [other for other in others if other.key not in known]:
            with stopwatch("read"):
                impressions = self._reader.read(question, [other.passage for other in others])
            candidates += [
                replace(other, impression=impression)
                for other, impression in zip(others, impressions, strict=True)
            ]
            candidates.sort(key=lambda candidate: -candidate.score)
        with stopwatch("weigh"):
            best = candidates[:WEIGHED]
            reading = read_units(question, best)
            evidence = score_evidence(reading, best, self._calibration.evidence)
        if not evidence:
            return _Found()
        with stopwatch("decide"):
            keys = [candidate.key for candidate in candidates]
            coverage = generation.catalog.coverage(question, keys, allowed)
            passages = len(generation.vectors) if allowed is None else len(allowed)
            features = confidence_features(candidates, evidence, coverage, passages)
            confidence = round(float(self._calibration.confidence.probability(features)[0]), 4)
        with stopwatch("choose"):
            threshold = self._calibration.evidence.threshold
            excerpts = select_excerpts(question, evidence, threshold, generation.catalog)
        return _Found(confidence, excerpts, tuple(candidates))

    def _corrected(
        self,
        question: str,
        generation: Generation,
        allowed: Sequence[int] | None,
        stopwatch: Stopwatch,
    ) -> str:
        if self._speller is None:
            return question
        with stopwatch("spell"):
            return self._speller.corrected(question, generation.catalog, allowed)

    def _retrieve(
        self,
        question: str,
        generation: Generation,
        read: int,
        kept: int,
        allowed: Sequence[int] | None,
        stopwatch: Stopwatch,
    ) -> list[Candidate]:
        return retrieve(
            question,
            generation,
            self._embedder,
            self._reader,
            read=read,
            kept=kept,
            stopwatch=stopwatch,
            allowed=allowed,
        )


def _keys_within(generation: Generation, documents: Collection[str] | None) -> Sequence[int] | None:
    return None if documents is None else generation.catalog.keys_of(documents)
