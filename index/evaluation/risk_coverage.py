"""Risk and coverage: how many wrong answers it costs to answer more questions.

A threshold on confidence decides which questions are answered. Its coverage is the share of all
questions that are answered; its risk is the share of those that the documents do not answer. The
curve of both over all thresholds: El-Yaniv and Wiener 2010
(https://jmlr.org/papers/v11/el-yaniv10a.html), Geifman and El-Yaniv 2017
(https://arxiv.org/abs/1705.08500); its area: Geifman, Uziel and El-Yaniv 2019
(https://arxiv.org/abs/1805.08206). Both depend on how many questions are unanswerable, so they
compare engines on one set, not one set with another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.evaluation.statistics import Rows, Statistic, intervals, ratio

_MOST_POINTS = 100
_MOST_MISSED = (0.05, 0.15, 0.25)

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The effect of answering from a confidence of `threshold` on; all are shares in [0, 1].

    `low` and `high` are the 95 % interval of `risk`. `missed` is the share of answerable questions
    that are not answered, `wrong` the share of unanswerable ones that are.
    """

    threshold: float
    coverage: float
    risk: float
    low: float
    high: float
    missed: float
    wrong: float


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """`curve` has at most 100 points, by rising coverage, and ends where everything is answered.

    `shipped` is what the engine did, None where it answered nothing; its threshold is the lowest
    confidence that it answered with. `at_missed` has, for 0.05, 0.15 and 0.25, the highest
    threshold that misses at most that share of the answerable questions.
    """

    curve: tuple[OperatingPoint, ...]
    shipped: OperatingPoint | None
    at_missed: dict[float, OperatingPoint]


def risk_coverage(
    confidences: Sequence[float], answerable: Sequence[bool], answered: Sequence[bool]
) -> RiskCoverage | None:
    """Return risk and coverage; each argument has one entry a question.

    Returns None where all questions are answerable, or none is.
    """
    if len(set(answerable)) < 2:
        return None
    cumulated = _cumulated(confidences, answerable)
    right, wrong = cumulated(np.arange(len(confidences)))
    count = right + wrong
    thresholds = np.unique(confidences)[::-1]
    chosen = np.unique(np.linspace(0, len(thresholds) - 1, _MOST_POINTS).round().astype(int))
    at = [*chosen, *(_first_missing(share, right) for share in _MOST_MISSED)]

    def risks(rows: Rows) -> _Floats:
        right, wrong = (total[at] for total in cumulated(rows))
        # A resample in which nothing is answered says nothing about the risk.
        return wrong / np.where(right + wrong, right + wrong, np.nan)

    points = [
        OperatingPoint(
            threshold=float(thresholds[n]),
            coverage=float(count[n] / count[-1]),
            risk=float(wrong[n] / count[n]),
            low=low,
            high=high,
            missed=float(1 - right[n] / right[-1]),
            wrong=float(wrong[n] / wrong[-1]),
        )
        for n, (low, high) in zip(at, intervals(len(confidences), risks), strict=True)
    ]
    return RiskCoverage(
        curve=tuple(points[: len(chosen)]),
        shipped=_shipped(confidences, answerable, answered),
        at_missed=dict(zip(_MOST_MISSED, points[len(chosen) :], strict=True)),
    )


def aurc_of(confidences: Sequence[float], answerable: Sequence[bool]) -> Statistic:
    """Return the statistic of the mean risk over every number of answers; lower is better.

    Questions of equal confidence are taken to come in any order. The figure is not defined where
    all questions are answerable, or none is.
    """
    cumulated = _cumulated(confidences, answerable)

    def statistic(rows: Rows) -> float:
        right, wrong = cumulated(rows)
        if not right[-1] or not wrong[-1]:
            return math.nan
        count = np.arange(1, len(rows) + 1)
        # Between two thresholds, the expectation over the orders of equals is linear.
        answered, mistaken = (np.concatenate([[0.0], total]) for total in (right + wrong, wrong))
        expected = np.interp(count, answered, mistaken)
        return float((expected / count).mean())

    return statistic


def wrong_at_missed_of(
    confidences: Sequence[float], answerable: Sequence[bool], missed: float
) -> Statistic:
    """Return the statistic of wrong answers at the highest threshold that misses at most `missed`.

    It is the share of unanswerable questions that are answered there. It is not defined where all
    questions are answerable, or none is.
    """
    cumulated = _cumulated(confidences, answerable)

    def statistic(rows: Rows) -> float:
        right, wrong = cumulated(rows)
        if not right[-1] or not wrong[-1]:
            return math.nan
        return float(wrong[_first_missing(missed, right)] / wrong[-1])

    return statistic


def _cumulated(
    confidences: Sequence[float], answerable: Sequence[bool]
) -> Callable[[Rows], tuple[_Floats, _Floats]]:
    """Return a function that counts, over given rows, what is answered from each threshold on.

    It gives the answerable and the unanswerable questions, (levels,) each, the highest threshold
    first.
    """
    levels, level = np.unique(-np.asarray(confidences, dtype=np.float64), return_inverse=True)
    is_answerable = np.asarray(answerable, dtype=bool)

    def cumulated(rows: Rows) -> tuple[_Floats, _Floats]:
        of_answerable = is_answerable[rows]
        right = np.bincount(level[rows][of_answerable], minlength=len(levels))
        wrong = np.bincount(level[rows][~of_answerable], minlength=len(levels))
        return np.cumsum(right, dtype=np.float64), np.cumsum(wrong, dtype=np.float64)

    return cumulated


def _first_missing(most: float, right: _Floats) -> int:
    """Return the highest threshold that misses at most that share of the answerable questions."""
    # A product just below a whole number, for rounding errors, must not be rounded down.
    allowed = math.floor(most * right[-1] + 1e-9)
    return int(np.searchsorted(right, right[-1] - allowed))


def _shipped(
    confidences: Sequence[float], answerable: Sequence[bool], answered: Sequence[bool]
) -> OperatingPoint | None:
    is_answered, is_answerable = np.asarray(answered), np.asarray(answerable)
    risk = ratio(list(~is_answerable[is_answered]))
    if risk.value is None or risk.low is None or risk.high is None:
        return None
    return OperatingPoint(
        threshold=float(np.asarray(confidences)[is_answered].min()),
        coverage=float(is_answered.mean()),
        risk=risk.value,
        low=risk.low,
        high=risk.high,
        missed=float(1 - is_answered[is_answerable].mean()),
        wrong=float(is_answered[~is_answerable].mean()),
    )
