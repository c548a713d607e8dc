"""Figures over questions, each with what chance alone could have made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["RESAMPLES", "Estimate", "Latency", "auroc", "latency", "ratio"]

RESAMPLES = 1_000
_SEED = 0


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
    """Sum over sum, one pair a question; without denominators the mean."""
    above = np.asarray(numerators, dtype=np.float64)
    below = np.ones_like(above) if denominators is None else np.asarray(denominators, np.float64)

    def statistic(rows: NDArray[np.intp]) -> float:
        total = below[rows].sum()
        return float(above[rows].sum() / total) if total else float("nan")

    return _estimate(len(above), statistic)


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> Estimate:
    """How often a positive scores above a negative, ties counted half.

    The area under the ROC curve, as the Mann-Whitney statistic (Hanley and McNeil 1982,
    https://doi.org/10.1148/radiology.143.1.7063747). Not defined where one kind is missing.
    """
    levels, level = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
    is_positive = np.asarray(positive, dtype=bool)

    def statistic(rows: NDArray[np.intp]) -> float:
        of_positive = is_positive[rows]
        positives = np.bincount(level[rows][of_positive], minlength=len(levels))
        negatives = np.bincount(level[rows][~of_positive], minlength=len(levels))
        pairs = positives.sum() * negatives.sum()
        below = np.cumsum(negatives) - negatives / 2
        return float((positives * below).sum() / pairs) if pairs else float("nan")

    return _estimate(len(is_positive), statistic)


def latency(milliseconds: Sequence[float]) -> Latency:
    median, p95 = np.percentile(np.asarray(milliseconds, dtype=np.float64), [50, 95])
    return Latency(float(median), float(p95))


def _estimate(n: int, statistic: Callable[[NDArray[np.intp]], float]) -> Estimate:
    value = statistic(np.arange(n)) if n else float("nan")
    if np.isnan(value):
        return Estimate(None, None, None, n)
    random = np.random.default_rng(_SEED)
    resampled = np.array([statistic(random.integers(n, size=n)) for _ in range(RESAMPLES)])
    # Undefined resamples (all of one kind) say nothing about the spread of the defined ones.
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return Estimate(value, float(low), float(high), n)
