"""Measures a reader on questions with gold evidence about documents it was not trained on.

As in the engine, the best candidates of each question are read. tools/training/ablate.py measures
the answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.finding.retrieval import retrieve
from index.answering.scope import Candidate
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING
from index.document import BlockKind
from index.evaluation.statistics import Estimate, auroc, ratio
from index.ports import UNSCORED, Embedder, PassageScores
from tools.training.reader.cases import Case


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and its candidates, each with the reader's scores."""

    case: Case
    candidates: tuple[tuple[Candidate, PassageScores], ...]


def judged_by(cases: Sequence[Case], embedder: Embedder, read: int) -> list[Judged]:
    """Return each question with its candidates, `read` of them read."""
    judged = []
    for case in cases:
        found = retrieve(
            case.question,
            case.generation,
            embedder,
            case.reader,
            TUNING,
            read=read,
            kept=read,
            stopwatch=Stopwatch(),
        )
        candidates = tuple((c, c.passage_scores) for c in found if c.passage_scores is not None)
        judged.append(Judged(case, candidates))
    return judged


def first_passages(judged: Sequence[Judged]) -> tuple[Estimate, Estimate]:
    """Return how often a right passage is first, and among the first five, as shipped."""
    places = []
    for one in judged:
        if one.case.answerable:
            ordered = sorted((c for c, _ in one.candidates), key=lambda c: -c.score(TUNING))
            holding = [n for n, c in enumerate(ordered) if one.case.holds_gold(c.passage)]
            places.append(min(holding, default=99))
    return ratio([p < 1 for p in places]), ratio([p < 5 for p in places])


def certainty(judged: Sequence[Judged]) -> Estimate:
    """Return the AUROC of the best passage's answerability."""
    answerable = [one.case.answerable for one in judged]
    best = [max((i.answerability for _, i in one.candidates), default=UNSCORED) for one in judged]
    return auroc(best, answerable)


def first_units(judged: Sequence[Judged]) -> tuple[Estimate, Estimate]:
    """Return how often a unit that answers is first, and among the first three, of answerable
    questions; a unit that two passages share is counted once."""
    places = []
    for one in judged:
        if not one.case.answerable:
            continue
        scored: dict[tuple[str, int], tuple[float, bool]] = {}
        for candidate, scores in one.candidates:
            passage = candidate.passage
            for unit, logit in zip(passage.units, scores.evidence, strict=True):
                if unit.kind is not BlockKind.HEADING:
                    key = (passage.document, unit.span.start)
                    value = float(logit) + scores.answerability, one.case.is_evidence(passage, unit)
                    scored[key] = max(scored.get(key, value), value)
        ordered = sorted(scored.values(), key=lambda value: -value[0])
        places.append(min((n for n, (_, right) in enumerate(ordered) if right), default=99))
    return ratio([p < 1 for p in places]), ratio([p < 3 for p in places])
