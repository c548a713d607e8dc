"""Scores the sentences, items and rows of the best passages as evidence for a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.answering.calibration import Logistic
from index.answering.retrieval import Candidate
from index.chunking.chunker import Passage, Unit
from index.document import BlockKind
from index.ports import UNSCORED, PassageScores, Reranker, Vectors

__all__ = [
    "DESCRIPTIVE",
    "FACTUAL",
    "UNIT_FEATURES",
    "Evidence",
    "Reading",
    "RerankingReader",
    "read_units",
    "score_evidence",
    "unit_features",
]

UNIT_FEATURES = (
    "logit",
    "below best unit",
    "passage logit",
    "below best passage",
    "rank",
    "neighbour",
    "neighbour below best",
    "same passage as best",
    "distance to best",
    "first two apart",
    "first four apart",
    "factual",
    "factual x below best unit",
    "factual x below best passage",
    "descriptive",
    "descriptive x below best unit",
    "after heading",
)

# What questions look like that a few words answer, and those that take sentences.
FACTUAL = re.compile(
    r"\b(who|whom|whose|when|where|which|how (many|much|long|old|far|big|large|tall|high|often)"
    r"|what (year|date|day|time|country|city|name|percentage|number|type|kind))\b",
    re.IGNORECASE,
)
DESCRIPTIVE = re.compile(
    r"\b(why|explain|describe|difference|purpose|roles?|meaning|mean|function"
    r"|how (does|do|did|is|are|was|were|can|to|would))\b|^what (is|are|was|were)\b",
    re.IGNORECASE,
)
_ABSENT = UNSCORED
"""The logit of a neighbour that is not there: that of a text which has nothing to do with it."""
_UNITS_READ = 4
"""Passages whose units a reranker scores: 98 % of the answers that are found are in them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One unit of a passage: its logit, and the probability that a good answer quotes it."""

    candidate: Candidate
    unit: Unit
    logit: float
    probability: float

    @property
    def passage(self) -> Passage:
        return self.candidate.passage


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of the best passages: units with the rank of their passage, in reading order.

    `logits` is float32 (n,); `features` is float64 (n, len(UNIT_FEATURES)).
    """

    units: tuple[tuple[int, Unit], ...]
    logits: Vectors
    features: NDArray[np.float64]


class RerankingReader:
    """A reader made of a reranker: passages are scored whole, and then the units of the best."""

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        logits = self._reranker.score(question, [p.index_text for p in passages])
        best = sorted(range(len(passages)), key=lambda row: -logits[row])[:_UNITS_READ]
        places = [
            (row, n)
            for row in best
            for n, unit in enumerate(passages[row].units)
            if unit.kind is not BlockKind.HEADING
        ]
        texts = [_read_alone(passages[row], passages[row].units[n]) for row, n in places]
        evidence = [np.full(len(passage.units), UNSCORED) for passage in passages]
        for (row, n), logit in zip(places, self._reranker.score(question, texts), strict=True):
            evidence[row][n] = logit
        return [
            PassageScores(float(logit), float(logit), units)
            for logit, units in zip(logits, evidence, strict=True)
        ]


def read_units(question: str, candidates: Sequence[Candidate]) -> Reading:
    """What was read of every unit of the candidates but headings; candidates come best first."""
    units, read = [], []
    for rank, candidate in enumerate(candidates):
        if candidate.impression is not None:
            evidence = candidate.impression.evidence
            for unit, logit in zip(candidate.passage.units, evidence, strict=True):
                if unit.kind is not BlockKind.HEADING:
                    units.append((rank, unit))
                    read.append(logit)
    logits = np.array(read, dtype=np.float32)
    passage_logits = np.array([c.logit if c.logit is not None else _ABSENT for c in candidates])
    return Reading(tuple(units), logits, unit_features(question, units, logits, passage_logits))


def score_evidence(
    reading: Reading, candidates: Sequence[Candidate], model: Logistic
) -> list[Evidence]:
    """The units as evidence, in reading order."""
    probabilities = model.probability(reading.features)
    return [
        Evidence(candidates[rank], unit, float(logit), float(probability))
        for (rank, unit), logit, probability in zip(
            reading.units, reading.logits, probabilities, strict=True
        )
    ]


def _read_alone(passage: Passage, unit: Unit) -> str:
    """The unit as a reader must see it to understand it: an item after its lead-in, a row after
    its header."""
    text = passage.text_of(unit.span)
    if unit.kind not in (BlockKind.ITEM, BlockKind.ROW):
        return text
    above = lead_of(passage, unit)
    if above is None or not passage.span.contains(above.span):
        return f"{passage.context} {text}"
    return f"{passage.text_of(above.span)} {text}"


def lead_of(passage: Passage, unit: Unit) -> Unit | None:
    """The lead-in of an item's list, or the header of a row's table, where there is one."""
    if passage.lead:
        return passage.lead[-1]
    before: Unit | None = None
    for other in passage.units:
        if other.group == unit.group:
            return other if other.kind is BlockKind.HEADER else before
        before = other if other.kind is BlockKind.PARAGRAPH else None
    return None


def unit_features(
    question: str,
    units: Sequence[tuple[int, Unit]],
    logits: Vectors,
    passage_logits: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(len(units), len(UNIT_FEATURES)). `units` pairs a unit with the rank of its passage."""
    if not units:
        return np.zeros((0, len(UNIT_FEATURES)))
    best = int(np.argmax(logits))
    best_logit, best_passage = float(logits[best]), float(passage_logits.max())
    ordered = np.sort(logits)[::-1]
    factual = float(bool(FACTUAL.search(question)))
    descriptive = float(bool(DESCRIPTIVE.search(question)))
    rows = []
    for index, ((rank, unit), logit) in enumerate(zip(units, logits, strict=True)):
        beside = [
            float(logits[other])
            for other in (index - 1, index + 1)
            if 0 <= other < len(units) and units[other][0] == rank
        ]
        neighbour = max(beside, default=_ABSENT)
        same = rank == units[best][0]
        after_heading = index == 0 or units[index - 1][0] != rank
        below, passage_below = best_logit - logit, best_passage - passage_logits[rank]
        rows.append(
            (
                logit,
                below,
                passage_logits[rank],
                passage_below,
                int(np.sum(logits > logit)),
                neighbour,
                best_logit - neighbour,
                float(same),
                abs(index - best) if same else 0,
                ordered[0] - ordered[min(1, len(ordered) - 1)],
                ordered[0] - ordered[min(3, len(ordered) - 1)],
                factual,
                factual * below,
                factual * passage_below,
                descriptive,
                descriptive * below,
                float(after_heading and unit.level == 0),
            )
        )
    return np.array(rows, dtype=np.float64)
