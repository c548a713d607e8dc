"""Two runs of the same questions, one before something was changed and one after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from index.evaluation.dataset import Gold
from index.evaluation.outcomes import Measure, Outcome, measures
from index.evaluation.statistics import Estimate, Rows, Statistic, difference, mcnemar

__all__ = ["Change", "Comparison", "Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """`change` is by how much `after` is greater, with the paired bootstrap's interval.

    For a figure that each question adds a yes or a no to, `p` is McNemar's exact p value; None for
    others. `before` and `after` are None where they are not defined.
    """

    before: float | None
    after: float | None
    change: Estimate
    p: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """One question that came out otherwise."""

    before: Outcome
    after: Outcome

    @property
    def gain(self) -> tuple[float, float, float]:
        """By how much it came out better; 0 in all where nobody knows what it should be."""
        was, is_now = _standing(self.before), _standing(self.after)
        return (is_now[0] - was[0], is_now[1] - was[1], is_now[2] - was[2])


_NOTHING = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`paired` questions were in both runs; `only_before` and `only_after` count the others.

    `differences` are by the name of the figure, and of the median `milliseconds`: its interval
    knows of the questions, not of what else the machine was doing. `better` and `worse` are the
    questions that turned, the most changed first: one that is answered where it should be, or no
    longer where it should not, counts more than evidence, and that more than the passage's rank.
    """

    paired: int
    only_before: int
    only_after: int
    differences: dict[str, Difference]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]

    def as_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        return {
            "paired": self.paired,
            "only_before": self.only_before,
            "only_after": self.only_after,
            "differences": {name: asdict(found) for name, found in self.differences.items()},
            "better": [_as_dict(change) for change in self.better],
            "worse": [_as_dict(change) for change in self.worse],
        }


def compare(before: Sequence[Outcome], after: Sequence[Outcome], gold: Gold) -> Comparison:
    """Pairs the questions by set and text. One of which something else is expected now than was
    then is in no pair: its two outcomes measure different things."""
    earlier = dict(zip(_keys(before), before, strict=True))
    now = dict(zip(_keys(after), after, strict=True))
    changes = [Change(earlier[key], outcome) for key, outcome in now.items() if key in earlier]
    compared = {**measures(gold), "milliseconds": Measure(lambda o: True, _median)}
    by_gain = sorted(changes, key=lambda change: change.gain, reverse=True)
    return Comparison(
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
    for one in outcomes:
        expects = (one.answerable, one.document_first is None, one.evidence is None)
        key = (one.set, one.question, expects)
        seen[key] += 1  # a set may ask the same twice, of different documents
        keys.append((key, seen[key]))
    return keys


def _difference(changes: Sequence[Change], measure: Measure) -> Difference:
    over = [change for change in changes if measure.over(change.after)]
    before, after = [change.before for change in over], [change.after for change in over]
    was, is_now = measure.statistic(before), measure.statistic(after)
    yes = measure.yes
    return Difference(
        before=_value(was, len(over)),
        after=_value(is_now, len(over)),
        change=difference(len(over), was, is_now),
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


def _standing(outcome: Outcome) -> tuple[float, float, float]:
    if outcome.answerable is None:
        return _NOTHING
    right = outcome.answered == outcome.answerable
    return (float(right), outcome.evidence or 0.0, 1 / outcome.rank if outcome.rank else 0.0)


def _as_dict(change: Change) -> dict[str, object]:
    return {
        "question": change.after.question,
        "answerable": change.after.answerable,
        **{
            name: [getattr(change.before, name), getattr(change.after, name)]
            for name in ("answered", "confidence", "evidence", "rank")
        },
    }
