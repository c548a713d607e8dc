"""How likely it is that the documents answer a question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.answering.evidence import Evidence
from index.answering.retrieval import Candidate

__all__ = ["CONFIDENCE_FEATURES", "Coverage", "confidence_features"]

CONFIDENCE_FEATURES = (
    "best passage or unit",
    "best unit",
    "second passage",
    "coverage",
    "rarest word missing",
    "words",
    "few passages",
    "best answerability",
    "second answerability",
    "margin",
)
_FEW = 150
"""Passages from which on more of them make no difference; see `confidence_features`."""

Coverage = Mapping[str, tuple[int, frozenset[int]]]
"""For each telling word of a question: how many passages of the index hold it, and which of the
candidates (by key) are among them."""


def confidence_features(
    candidates: Sequence[Candidate], evidence: Sequence[Evidence], coverage: Coverage, passages: int
) -> NDArray[np.float64]:
    """(1, len(CONFIDENCE_FEATURES)); `candidates` and `evidence` are not empty.

    `passages` is how many the index has. A question whose rarest word, often the name of what it
    is about, stands in none of the best passages is seldom answered by them. Where there are few
    passages a low best score means less: the best of many that do not answer is higher than the
    best of ten, as the greatest of more draws is.
    """
    read = [c.impression for c in candidates if c.impression is not None]
    logits = sorted((impression.relevance for impression in read), reverse=True)
    answers = sorted((impression.answerability for impression in read), reverse=True)
    best_unit = max(piece.logit for piece in evidence)
    top = {candidate.key for candidate in candidates[:2]}
    weights = {word: math.log1p(passages / (1 + count)) for word, (count, _) in coverage.items()}
    total = sum(weights.values()) or 1.0
    missing = [weights[word] for word, (_, holders) in coverage.items() if not holders & top]
    return np.array(
        [
            [
                max(logits[0], best_unit),
                best_unit,
                logits[min(1, len(logits) - 1)],
                1 - sum(missing) / total,
                max(missing, default=0.0) / math.log1p(passages),
                math.log1p(len(coverage)),
                max(0.0, math.log(_FEW / passages)),
                answers[0],
                answers[min(1, len(answers) - 1)],
                max(impression.margin for impression in read),
            ]
        ],
        dtype=np.float64,
    )
