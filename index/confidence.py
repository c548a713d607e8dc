"""How likely it is that the documents answer a question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.evidence import Evidence
from index.retrieval import Candidate

__all__ = ["CONFIDENCE_FEATURES", "Coverage", "confidence_features"]

CONFIDENCE_FEATURES = (
    "best passage",
    "second passage",
    "best unit",
    "best unit in best passage",
    "best cosine",
    "coverage",
    "rarest word missing",
    "words",
)

Coverage = Mapping[str, tuple[int, frozenset[int]]]
"""For each telling word of a question: how many passages of the index hold it, and which of the
candidates (by key) are among them."""


def confidence_features(
    candidates: Sequence[Candidate], evidence: Sequence[Evidence], coverage: Coverage, passages: int
) -> NDArray[np.float64]:
    """(1, len(CONFIDENCE_FEATURES)); `candidates` and `evidence` are not empty.

    `passages` is how many the index has. A question whose rarest word, often the name of what it
    is about, stands in none of the best passages is seldom answered by them.
    """
    logits = sorted((c.logit for c in candidates if c.logit is not None), reverse=True)
    first = candidates[0]
    top = {candidate.key for candidate in candidates[:2]}
    weights = {word: math.log1p(passages / (1 + count)) for word, (count, _) in coverage.items()}
    total = sum(weights.values()) or 1.0
    missing = [weights[word] for word, (_, holders) in coverage.items() if not holders & top]
    return np.array(
        [
            [
                logits[0],
                logits[min(1, len(logits) - 1)],
                max(piece.logit for piece in evidence),
                max((e.logit for e in evidence if e.candidate.key == first.key), default=-12.0),
                max(candidate.cosine for candidate in candidates),
                1 - sum(missing) / total,
                max(missing, default=0.0) / math.log1p(passages),
                math.log1p(len(coverage)),
            ]
        ],
        dtype=np.float64,
    )
