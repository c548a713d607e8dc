"""What the engine sees of a question whose evidence is known, before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.answering.calibration import Logistic
from index.answering.finding.confidence import confidence_features
from index.answering.finding.evidence import UNIT_FEATURES, score_evidence, score_units
from index.answering.finding.joined_reading import JoinedReader
from index.answering.finding.retrieval import rank, read_candidates, retrieve
from index.answering.scope import Candidate
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING
from index.ports import Embedder, Reader
from tools.training.reader.cases import Case

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the engine sees it before anything fitted.

    `units` is (n, len(UNIT_FEATURES)), `is_evidence` (n,), `confidence` (1,
    len(CONFIDENCE_FEATURES)); `group` is what must not stand on both sides of a fold.
    """

    group: str
    set_name: str
    answerable: bool
    units: Floats
    is_evidence: NDArray[np.bool_]
    confidence: Floats


def observed(case: Case, embedder: Embedder) -> Iterator[Asked]:
    """Yield a question as it is seen; a follow-up is read as in its conversation."""
    reader = JoinedReader(case.reader, case.other) if case.other else case.reader
    candidates = _found(case.question, case, embedder, reader, TUNING.read_passages)
    if case.other:
        on_topic = _found(case.other, case, embedder, reader, TUNING.topic_passages_read)
        known = {candidate.key for candidate in candidates}
        new = [each for each in on_topic if each.key not in known]
        candidates = rank([*candidates, *read_candidates(case.question, new, reader)], TUNING)
    best = candidates[: TUNING.evidence_passages]
    scores = score_units(case.question, best)
    if not scores.units:
        return
    flat = Logistic(
        features=UNIT_FEATURES, weights=(0.0,) * len(UNIT_FEATURES), bias=0, threshold=0
    )
    catalog = case.generation.catalog
    yield Asked(
        group=case.group,
        set_name=case.set_name,
        answerable=case.answerable,
        units=scores.features,
        is_evidence=np.array(
            [case.is_evidence(best[rank].passage, unit) for rank, unit in scores.units]
        ),
        confidence=confidence_features(
            case.question,
            candidates,
            score_evidence(scores, best, flat),
            catalog.coverage(case.question, [candidate.key for candidate in candidates]),
            len(case.generation.vectors),
            TUNING,
        ),
    )


def _found(
    question: str, case: Case, embedder: Embedder, reader: Reader, read: int
) -> list[Candidate]:
    """Return the passages that bear most on a question, read."""
    return retrieve(
        question,
        case.generation,
        embedder,
        reader,
        TUNING,
        read=read,
        kept=read,
        stopwatch=Stopwatch(),
    )
