"""Measures a reader on questions with gold evidence about documents it was not trained on.

    .venv/bin/python -m tools.training.evaluate_reader --eval SETS --reader fold0.onnx fold1.onnx
        [--passages 6]
    .venv/bin/python -m tools.training.evaluate_reader --eval SETS
        --reranker ms-marco-MiniLM-L-12-v2

As in the engine, the best candidates of each question are read; then they are ordered by each of
several scores. tools/training/ablate.py measures the answers.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.answering.finding.retrieval import retrieve
from index.answering.scope import Candidate
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING
from index.document import BlockKind
from index.evaluation.risk_coverage import wrong_at_missed_of
from index.evaluation.statistics import Estimate, auroc, estimate, ratio
from index.models.embedder import load_embedder
from index.models.registry import PACKAGED_EMBEDDER
from index.ports import UNSCORED, Embedder, PassageScores
from tools.training.reader.cases import Case, add_arguments, cases_of, readers_of, reranking_readers
from tools.training.reader.figures import shown

_MOST_MISSED = 0.15


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and its candidates, each with the reader's scores."""

    case: Case
    candidates: tuple[tuple[Candidate, PassageScores], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--reranker", help="a name, or none, to be measured instead of our reader")
    parser.add_argument("--passages", type=int, default=TUNING.read_passages, help="to read")
    options = parser.parse_args()
    embedder = load_embedder(PACKAGED_EMBEDDER)
    readers = (
        reranking_readers(options.reranker, embedder, options.work)
        if options.reranker
        else readers_of(options)
    )
    judged = judged_by(cases_of(options, readers, embedder), embedder, options.passages)
    for name in dict.fromkeys(one.case.set_name for one in judged):
        _print([one for one in judged if one.case.set_name == name])


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
    return _passages(judged, _RANKINGS["score, as shipped"])


def first_units(judged: Sequence[Judged]) -> tuple[Estimate, Estimate]:
    """Return how often a unit that answers is first, and among the first three."""
    return _units(judged, _UNIT_SCORES["evidence + answerability"])


def certainty(judged: Sequence[Judged]) -> Estimate:
    """Return the AUROC of the best passage's answerability."""
    answerable = [one.case.answerable for one in judged]
    of = _CONFIDENCES["answerability"]
    scores = [max((of(i) for _, i in one.candidates), default=UNSCORED) for one in judged]
    return auroc(scores, answerable)


def _print(judged: Sequence[Judged]) -> None:
    answerable = [one.case.answerable for one in judged]
    print(f"## {judged[0].case.set_name}: {len(judged)} questions, {sum(answerable)} answerable")
    for label, rank in _RANKINGS.items():
        print(f"  passage@1, @5 by {label}: " + ", ".join(map(shown, _passages(judged, rank))))
    for label, score in _UNIT_SCORES.items():
        print(f"  sentence R@1, R@3 by {label}: " + ", ".join(map(shown, _units(judged, score))))
    for label, of in _CONFIDENCES.items():
        scores = [max((of(i) for _, i in one.candidates), default=UNSCORED) for one in judged]
        wrong = estimate(len(scores), wrong_at_missed_of(scores, answerable, _MOST_MISSED))
        print(
            f"  {label} alone: AUROC {shown(auroc(scores, answerable))}; "
            f"wrong at {_MOST_MISSED} missed {shown(wrong)}"
        )


_RANKINGS: dict[str, Callable[[Candidate, PassageScores], float]] = {
    "score, as shipped": lambda c, i: c.score(TUNING),
    "fused": lambda c, i: c.fused,
    "relevance": lambda c, i: i.relevance,
    "answerability": lambda c, i: i.answerability,
    "relevance + answerability": lambda c, i: i.relevance + i.answerability,
}
_UNIT_SCORES: dict[str, Callable[[float, PassageScores], float]] = {
    "evidence": lambda e, i: e,
    "evidence + answerability": lambda e, i: e + i.answerability,
    "evidence + .5 relevance": lambda e, i: e + 0.5 * i.relevance,
}
_CONFIDENCES: dict[str, Callable[[PassageScores], float]] = {
    "answerability": lambda i: i.answerability,
    "margin": lambda i: i.margin,
    "evidence": lambda i: float(i.evidence.max()),
    "relevance": lambda i: i.relevance,
}


def _passages(
    judged: Sequence[Judged], rank: Callable[[Candidate, PassageScores], float]
) -> tuple[Estimate, Estimate]:
    places = []
    for one in judged:
        if one.case.answerable:
            ordered = sorted(one.candidates, key=lambda pair: -rank(*pair))
            holding = [n for n, (c, _) in enumerate(ordered) if one.case.holds_gold(c.passage)]
            places.append(min(holding, default=99))
    return ratio([p < 1 for p in places]), ratio([p < 5 for p in places])


def _units(
    judged: Sequence[Judged], score: Callable[[float, PassageScores], float]
) -> tuple[Estimate, Estimate]:
    """Over answerable questions: a unit with gold is first, or among the first three; a unit that
    two passages share is counted once."""
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
                    value = score(float(logit), scores), one.case.is_evidence(passage, unit)
                    scored[key] = max(scored.get(key, value), value)
        ordered = sorted(scored.values(), key=lambda value: -value[0])
        places.append(min((n for n, (_, right) in enumerate(ordered) if right), default=99))
    return ratio([p < 1 for p in places]), ratio([p < 3 for p in places])


if __name__ == "__main__":
    main()
