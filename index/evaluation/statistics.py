"""Statistics over questions: figures with bootstrap intervals, and paired tests."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
_SEED = 0

Rows: TypeAlias = NDArray[np.intp]
"""Indices of questions, (n,); in a resample some come twice and some not at all."""
Statistic: TypeAlias = Callable[[Rows], float]
"""A figure over the questions in these rows; nan where it is not defined."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `n` questions and its 95 % interval; None where it is not defined.

    The interval is the percentile bootstrap's (Efron 1979, https://doi.org/10.1214/aos/1176344552)
    over questions, and the same at every call.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds."""

    median: float
    p95: float


def ratio(numerators: Sequence[float], denominators: Sequence[float] | None = None) -> Estimate:
    """Estimate a sum divided by a sum, one pair a question; without denominators, the mean."""
    return estimate(len(numerators), ratio_of(numerators, denominators))


def ratio_of(numerators: Sequence[float], denominators: Sequence[float] | None = None) -> Statistic:
    above = np.asarray(numerators, dtype=np.float64)
    below = np.ones_like(above) if denominators is None else np.asarray(denominators, np.float64)

    def statistic(rows: Rows) -> float:
        total = below[rows].sum()
        return float(above[rows].sum() / total) if total else math.nan

    return statistic


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> Estimate:
    """Estimate how often a positive scores above a negative, ties counted half.

    This is the area under the ROC curve, as the Mann-Whitney statistic (Hanley and McNeil 1982,
    https://doi.org/10.1148/radiology.143.1.7063747). It is not defined where one kind is missing.
    """
    return estimate(len(scores), auroc_of(scores, positive))


def auroc_of(scores: Sequence[float], positive: Sequence[bool]) -> Statistic:
    levels, level = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
    is_positive = np.asarray(positive, dtype=bool)

    def statistic(rows: Rows) -> float:
        of_positive = is_positive[rows]
        positives = np.bincount(level[rows][of_positive], minlength=len(levels))
        negatives = np.bincount(level[rows][~of_positive], minlength=len(levels))
        pairs = positives.sum() * negatives.sum()
        below = np.cumsum(negatives) - negatives / 2
        return float((positives * below).sum() / pairs) if pairs else math.nan

    return statistic


def latency(milliseconds: Sequence[float]) -> Latency:
    median, p95 = np.percentile(np.asarray(milliseconds, dtype=np.float64), [50, 95])
    return Latency(float(median), float(p95))


def difference(n: int, before: Statistic, after: Statistic) -> Estimate:
    """Estimate how much greater a figure is `after`, over the same `n` questions asked twice.

    Both are taken over the same resamples, so that hard questions, which are hard in both runs,
    cancel out.
    """
    return estimate(n, lambda rows: after(rows) - before(rows))


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> float:
    """Return the p value of McNemar's exact two-sided test (https://doi.org/10.1007/BF02295996).

    By chance, a question that changed turns to yes or to no with equal probability. The value is
    the probability of a split at least as uneven as the one found; 1 where none changed.
    """
    turned = [new for old, new in zip(before, after, strict=True) if old != new]
    fewer = min(sum(turned), len(turned) - sum(turned))
    tail = sum(math.comb(len(turned), k) for k in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << len(turned)))


def estimate(n: int, statistic: Statistic) -> Estimate:
    """Estimate a figure over `n` questions, with its interval."""
    value = statistic(np.arange(n)) if n else math.nan
    if math.isnan(value):
        return Estimate(None, None, None, n)
    ((low, high),) = intervals(n, lambda rows: np.array([statistic(rows)]))
    return Estimate(value, low, high, n)


def intervals(
    n: int, statistic: Callable[[Rows], NDArray[np.float64]]
) -> list[tuple[float, float]]:
    """Return the 95 % interval of each of the figures, (k,), that `statistic` gives; `n` > 0."""
    random = np.random.default_rng(_SEED)
    resampled = np.array([statistic(random.integers(n, size=n)) for _ in range(RESAMPLES)])
    # Resamples in which a figure is undefined (all of one kind) say nothing about its spread.
    lows, highs = np.nanpercentile(resampled, [2.5, 97.5], axis=0)
    return [(float(low), float(high)) for low, high in zip(lows, highs, strict=True)]
