"""How likely it is that the documents answer a question: the features of that regression."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.answering.finding.evidence import Evidence
from index.answering.scope import Candidate
from index.answering.tuning import Tuning
from index.rewriting.english import WH, either

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
    "no question word",
    "less than a thousand passages",
)

Coverage = Mapping[str, tuple[int, frozenset[int]]]
"""For each content word of a question: how many passages of the index hold it, and the keys of the
candidates that do."""


_THOUSAND = 1_000
_QUESTION_WORD = re.compile(rf"\b{either(WH)}(?:['’]?s)?\b", re.IGNORECASE)


def confidence_features(
    question: str,
    candidates: Sequence[Candidate],
    evidence: Sequence[Evidence],
    coverage: Coverage,
    passages: int,
    tuning: Tuning,
) -> NDArray[np.float64]:
    """Return the features of one question: (1, len(CONFIDENCE_FEATURES)).

    Neither `candidates` nor `evidence` may be empty. `passages` is how many passages the index has.
    A question whose rarest word, often the name of its subject, is missing from the best passages
    is seldom answered by them. In an index of few passages a low best score means less: the best of
    many wrong passages scores higher than the best of ten. A reader that was trained on questions
    with a question word doubts keywords, statements and questions to be answered by yes or no.
    """
    read = [c.passage_scores for c in candidates if c.passage_scores is not None]
    logits = sorted((scores.relevance for scores in read), reverse=True)
    answers = sorted((scores.answerability for scores in read), reverse=True)
    best_unit = max(piece.logit for piece in evidence)
    top = {candidate.key for candidate in candidates[:2]}
    weights = {word: math.log1p(passages / (1 + count)) for word, (count, _) in coverage.items()}
    total = sum(weights.values()) or 1.0
    missing = [weights[word] for word, (_, keys) in coverage.items() if not keys & top]
    return np.array(
        [
            [
                max(logits[0], best_unit),
                best_unit,
                logits[min(1, len(logits) - 1)],
                1 - sum(missing) / total,
                max(missing, default=0.0) / math.log1p(passages),
                math.log1p(len(coverage)),
                max(0.0, math.log(tuning.few_passages / passages)),
                answers[0],
                answers[min(1, len(answers) - 1)],
                max(scores.margin for scores in read),
                float(not _QUESTION_WORD.search(question)),
                max(0.0, math.log(_THOUSAND / passages)),
            ]
        ],
        dtype=np.float64,
    )
