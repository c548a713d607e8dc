"""Comparison of two evaluations of the same questions, before and after a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from index.evaluation.dataset import Gold
from index.evaluation.outcomes import Measure, Outcome, measures
from index.evaluation.statistics import Estimate, Rows, Statistic, difference, mcnemar


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure before and after; `change` is the increase, with the paired bootstrap's interval.

    `p` is McNemar's exact p value where each question counts as a yes or a no, None for other
    figures. `before` and `after` are None where the figure is not defined.
    """

    before: float | None
    after: float | None
    change: Estimate
    p: float | None


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """The outcomes of one question in both runs."""

    before: Outcome
    after: Outcome

    @property
    def gain(self) -> tuple[float, float, float]:
        """How much better it came out: right or wrong, evidence, rank of the passage."""
        before, after = _merits(self.before), _merits(self.after)
        return (after[0] - before[0], after[1] - before[1], after[2] - before[2])


_NOTHING = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class EvaluationComparison:
    """`paired` questions were in both runs; `only_before` and `only_after` count the others.

    `differences` are by the name of the figure. One of them is the median `milliseconds`; its
    interval covers the choice of questions, not what else the machine was doing. `better` and
    `worse` are the questions that changed, the most changed first: whether a question is rightly
    answered or left unanswered counts most, then the evidence, then the rank of the passage.
    """

    paired: int
    only_before: int
    only_after: int
    differences: dict[str, FigureChange]
    better: tuple[QuestionChange, ...]
    worse: tuple[QuestionChange, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the comparison ready for JSON."""
        return {
            "paired": self.paired,
            "only_before": self.only_before,
            "only_after": self.only_after,
            "differences": {name: asdict(found) for name, found in self.differences.items()},
            "better": [_as_dict(change) for change in self.better],
            "worse": [_as_dict(change) for change in self.worse],
        }


def compare(
    before: Sequence[Outcome], after: Sequence[Outcome], gold: Gold
) -> EvaluationComparison:
    """Compare two runs, pairing the questions by set and text.

    A question whose expected answer was changed in between is in no pair, since its two outcomes
    measure different things.
    """
    earlier = dict(zip(_keys(before), before, strict=True))
    later = dict(zip(_keys(after), after, strict=True))
    changes = [
        QuestionChange(earlier[key], outcome) for key, outcome in later.items() if key in earlier
    ]
    compared = {**measures(gold), "milliseconds": Measure(lambda o: True, _median)}
    by_gain = sorted(changes, key=lambda change: change.gain, reverse=True)
    return EvaluationComparison(
        paired=len(changes),
        only_before=len(before) - len(changes),
        only_after=len(after) - len(changes),
        differences={name: _difference(changes, measure) for name, measure in compared.items()},
        better=tuple(change for change in by_gain if change.gain > _NOTHING),
        worse=tuple(change for change in reversed(by_gain) if change.gain < _NOTHING),
    )


def _keys(outcomes: Sequence[Outcome]) -> list[Hashable]:
    seen: Counter[Hashable] = Counter()
    keys: list[Hashable] = []
    for outcome in outcomes:
        expected = (outcome.answerable, outcome.document_first is None, outcome.evidence is None)
        key = (outcome.set, outcome.question, expected)
        seen[key] += 1  # a set may ask the same question about two documents
        keys.append((key, seen[key]))
    return keys


def _difference(changes: Sequence[QuestionChange], measure: Measure) -> FigureChange:
    over = [change for change in changes if measure.over(change.after)]
    before, after = [change.before for change in over], [change.after for change in over]
    old, new = measure.statistic(before), measure.statistic(after)
    yes = measure.yes
    return FigureChange(
        before=_value(old, len(over)),
        after=_value(new, len(over)),
        change=difference(len(over), old, new),
        p=mcnemar([yes(o) for o in before], [yes(o) for o in after]) if yes and over else None,
    )


def _value(statistic: Statistic, n: int) -> float | None:
    value = statistic(np.arange(n)) if n else float("nan")
    return None if np.isnan(value) else value


def _median(outcomes: Sequence[Outcome]) -> Statistic:
    times = np.array([outcome.milliseconds.get("total", np.nan) for outcome in outcomes])

    def statistic(rows: Rows) -> float:
        return float(np.median(times[rows]))

    return statistic


def _merits(outcome: Outcome) -> tuple[float, float, float]:
    if outcome.answerable is None:  # nobody knows whether it came out right
        return _NOTHING
    right = outcome.answered == outcome.answerable
    return (float(right), outcome.evidence or 0.0, 1 / outcome.rank if outcome.rank else 0.0)


def _as_dict(change: QuestionChange) -> dict[str, object]:
    return {
        "question": change.after.question,
        "answerable": change.after.answerable,
        **{
            name: [getattr(change.before, name), getattr(change.after, name)]
            for name in ("answered", "confidence", "evidence", "rank")
        },
    }
