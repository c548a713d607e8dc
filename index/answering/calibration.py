"""The fitted numbers: how scores become the probability of evidence and of an answer.

They are fitted by `tools/training/calibrate.py`, which says from what, and are stored in
calibration.json.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import pairwise, takewhile
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from index.models.registry import PACKAGED_READER

__all__ = ["Calibration", "Curve", "Logistic", "Point", "calibration_for"]


class Logistic(BaseModel):
    """A logistic regression over named features, and the probability from which it says yes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) in [0, 1], for features (n, len(self.features)) in that order."""
        logits = np.clip(features @ np.array(self.weights) + self.bias, -30, 30)
        return np.asarray(1 / (1 + np.exp(-logits)))


class Point(BaseModel):
    """What a threshold does: which share of the unanswerable questions is answered all the same,
    and which share of the answerable ones meets silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(ge=0, le=1)
    wrong: float = Field(ge=0, le=1)
    missed: float = Field(ge=0, le=1)

    @property
    def risk(self) -> float:
        """Of the answers given, the share that should have been silence, in [0, 1], where half of
        what is asked can be answered; selective risk in El-Yaniv and Wiener 2010,
        https://jmlr.org/papers/v11/el-yaniv10a.html.

        Where a share p can be answered, it is (1 - p) wrong / ((1 - p) wrong + p (1 - missed)).
        """
        given = self.wrong + 1 - self.missed
        return self.wrong / given if given else 0.0


class Curve(BaseModel):
    """Points measured on questions that the regression was not fitted to, from the laxest to the
    strictest; each set counts the same. `questions` says how many of each set there were."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: dict[str, int]
    points: tuple[Point, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _stricter_answers_less(self) -> Self:
        for lax, strict in pairwise(self.points):
            if not (
                lax.threshold < strict.threshold
                and lax.wrong >= strict.wrong
                and lax.missed <= strict.missed
            ):
                raise ValueError(f"a stricter threshold answers more: {lax}, {strict}")
        return self

    def at(self, threshold: float) -> Point:
        """The strictest point that is no stricter than this; the laxest, where all are."""
        below = [point for point in self.points if point.threshold <= threshold]
        return below[-1] if below else self.points[0]


class Calibration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: Logistic
    confidence: Logistic
    curve: Curve
    """Of `confidence`; the threshold that it is shipped with is one of the points."""

    def threshold_for(self, wrong_at_most: float) -> float | None:
        """The least threshold of the curve from which on `Point.risk` is at most this; None where
        not even the strictest is.

        A point that is safe by chance, with riskier ones above it, does not count.
        """
        safe = takewhile(lambda point: point.risk <= wrong_at_most, reversed(self.curve.points))
        return min((point.threshold for point in safe), default=None)

    def at(self, threshold: float) -> Self:
        """The same, answering from this confidence on."""
        confidence = self.confidence.model_copy(update={"threshold": threshold})
        return self.model_copy(update={"confidence": confidence})


@cache
def _all() -> dict[str, Calibration]:
    stored = resources.files("index.answering").joinpath("calibration.json").read_bytes()
    return TypeAdapter(dict[str, Calibration]).validate_json(stored)


def calibration_for(reranker: str) -> Calibration:
    """That of "none", of the packaged reader, or of the packaged cross-encoder, which stands for
    any other too."""
    if reranker in ("", "none"):
        return _all()["none"]
    return _all()["reader" if reranker == PACKAGED_READER else "cross-encoder"]
