"""How a question becomes an answer: check, retrieve, choose excerpts, verify, decide."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from index.answer import Answer, Hit, NoAnswer, Response, SearchResult
from index.calibration import Calibration
from index.confidence import confidence_features
from index.errors import BadQuestion
from index.evidence import read_units, weigh
from index.excerpts import choose, verify
from index.generation import Generation
from index.live import LiveIndex
from index.ports import Embedder, Reads
from index.retrieval import Candidate, retrieve
from index.stopwatch import Stopwatch

__all__ = ["LONGEST_QUESTION", "READ", "WEIGHED", "Engine"]

LONGEST_QUESTION = 2_000
"""Characters; Discord's own limit for a message."""

READ = 6
_READ_IN_SEARCH = 10
WEIGHED = 4
"""Passages whose units may be evidence: 98 % of the answers that are found at all are in them."""


class Engine:
    """Answers from whatever generation is current; safe to use from several threads."""

    def __init__(
        self, index: LiveIndex, embedder: Embedder, reader: Reads, calibration: Calibration
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._calibration = calibration

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response:
        """The excerpts that answer, or that the documents do not say.

        With `documents`, by name, the question is put to these as if there were no others. Raises
        BadQuestion, IndexUnavailable, and ExcerptMismatch, which is a defect.
        """
        stopwatch = Stopwatch()
        question = checked(question)
        generation = self._index.generation()
        within = _keys_within(generation, documents)
        candidates = self._retrieve(question, generation, READ, READ, within, stopwatch)
        with stopwatch("weigh"):
            best = candidates[:WEIGHED]
            reading = read_units(question, best)
            evidence = weigh(reading, best, self._calibration.evidence)
        if not evidence:
            return NoAnswer(question, 0.0, generation.number, (), stopwatch.read())
        with stopwatch("decide"):
            keys = [candidate.key for candidate in candidates]
            coverage = generation.catalog.coverage(question, keys, within)
            passages = len(generation.vectors) if within is None else len(within)
            features = confidence_features(candidates, evidence, coverage, passages)
            model = self._calibration.confidence
            confidence = round(float(model.probability(features)[0]), 4)
        with stopwatch("choose"):
            threshold = self._calibration.evidence.threshold
            excerpts = choose(question, evidence, threshold, generation.catalog)
        with stopwatch("verify"):
            verify(excerpts, generation.catalog)
        if confidence < model.threshold:
            return NoAnswer(question, confidence, generation.number, excerpts, stopwatch.read())
        return Answer(question, confidence, generation.number, excerpts, stopwatch.read())

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        """The `k` passages that bear most on the query; raises BadQuestion, IndexUnavailable.

        `documents` is as in `ask`.
        """
        stopwatch = Stopwatch()
        query = checked(query)
        generation = self._index.generation()
        within = _keys_within(generation, documents)
        found = self._retrieve(query, generation, _READ_IN_SEARCH, k, within, stopwatch)
        hits = tuple(
            Hit(rank, candidate.score, candidate.passage)
            for rank, candidate in enumerate(found, start=1)
        )
        return SearchResult(query, generation.number, stopwatch.read(), hits)

    def _retrieve(
        self,
        question: str,
        generation: Generation,
        read: int,
        kept: int,
        within: Sequence[int] | None,
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
            within=within,
        )


def _keys_within(generation: Generation, documents: Collection[str] | None) -> Sequence[int] | None:
    return None if documents is None else generation.catalog.keys_of(documents)


def checked(question: str) -> str:
    """The question without white space at its ends; raises BadQuestion."""
    # Half of a surrogate pair, as a cut-off emoji leaves it, is no text to a tokenizer.
    question = question.encode("utf-8", "replace").decode().strip()
    if not question:
        raise BadQuestion("The question is empty. Ask in a few words, or in a sentence.")
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(
            f"The question has {len(question):,} characters; {LONGEST_QUESTION:,} is the most. "
            "Ask for one thing at a time."
        )
    if not any(unicodedata.category(character)[0] in "LN" for character in question):
        raise BadQuestion("The question has no letter and no digit in it. Ask in words.")
    return question
