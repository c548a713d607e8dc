"""The fitted numbers: how scores become the probability of evidence and of an answer.

`tools/training/calibrate.py` fits them, and says to what; they are stored in calibration.json.
"""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from itertools import pairwise, takewhile
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from index.answering.answer import Verdict
from index.models.registry import PACKAGED_READER


class Logistic(BaseModel):
    """A logistic regression over named features; it says yes from the probability `threshold`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n,) in [0, 1], for features (n, len(self.features)) in their order."""
        logits = np.clip(features @ np.array(self.weights) + self.bias, -30, 30)
        return np.asarray(1 / (1 + np.exp(-logits)))


class CurvePoint(BaseModel):
    """What a threshold does to questions.

    `wrong` is the share of the unanswerable questions that are answered all the same, and `missed`
    the share of the answerable ones that are not answered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(ge=0, le=1)
    wrong: float = Field(ge=0, le=1)
    missed: float = Field(ge=0, le=1)

    @property
    def risk(self) -> float:
        """The share of the answers that should not have been given, if half can be answered.

        This is the selective risk of El-Yaniv and Wiener 2010,
        https://jmlr.org/papers/v11/el-yaniv10a.html. Where a share p of the questions can be
        answered, it is (1 - p) wrong / ((1 - p) wrong + p (1 - missed)).
        """
        given = self.wrong + 1 - self.missed
        return self.wrong / given if given else 0.0


class Curve(BaseModel):
    """Points from the laxest threshold to the strictest, each set counting the same.

    They are measured on questions that the regression was not fitted to; `questions` says how many
    of each set there were.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: dict[str, int]
    points: tuple[CurvePoint, ...] = Field(min_length=1)

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

    def at(self, threshold: float) -> CurvePoint:
        """Return the strictest point that is no stricter than `threshold`, else the laxest."""
        below = [point for point in self.points if point.threshold <= threshold]
        return below[-1] if below else self.points[0]


class Calibration(BaseModel):
    """What was fitted for one kind of reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: Logistic
    confidence: Logistic
    curve: Curve
    """Of `confidence`; one of its points is the threshold that ships."""
    unsure_from: float = Field(ge=0, le=1)
    """The confidence from which on passages are shown, with a word of doubt."""
    conversing: Logistic | None = None
    """The confidence of what is read in both wordings of a follow-up, on the same scale."""

    @property
    def most_doubtful(self) -> float:
        """The greatest confidence that is no answer, in four digits like every other."""
        return (math.ceil(round(self.confidence.threshold * 1e4, 6)) - 1) / 1e4

    def verdict(self, confidence: float) -> Verdict:
        """Return how sure a confidence is."""
        if confidence >= self.confidence.threshold:
            return Verdict.ANSWERED
        return Verdict.UNSURE if confidence >= self.unsure_from else Verdict.SILENT

    def threshold_for(self, wrong_at_most: float) -> float | None:
        """Return the least threshold from which `CurvePoint.risk` is at most `wrong_at_most`.

        None means that not even the strictest point is as safe. A point that is safe by chance,
        with riskier ones above it, does not count.
        """
        safe = takewhile(lambda point: point.risk <= wrong_at_most, reversed(self.curve.points))
        return min((point.threshold for point in safe), default=None)

    def at(self, threshold: float) -> Self:
        """Return the calibration with another threshold of confidence.

        What is answered is shown, so nothing is unsure above it.
        """
        confidence = self.confidence.model_copy(update={"threshold": threshold})
        unsure_from = min(self.unsure_from, threshold)
        return self.model_copy(update={"confidence": confidence, "unsure_from": unsure_from})

    def in_conversation(self) -> Self:
        """Return the calibration for what is read in both wordings of a follow-up.

        The thresholds are the same. Where nothing was fitted for that, it is the same throughout.
        """
        if self.conversing is None:
            return self
        threshold = self.confidence.threshold
        confidence = self.conversing.model_copy(update={"threshold": threshold})
        return self.model_copy(update={"confidence": confidence})

    def raised(self, odds: float) -> Self:
        """Return the calibration that adds log odds to every confidence."""
        confidence = self.confidence.model_copy(update={"bias": self.confidence.bias + odds})
        return self.model_copy(update={"confidence": confidence})


@cache
def _all() -> dict[str, Calibration]:
    stored = resources.files("index.answering").joinpath("calibration.json").read_bytes()
    return TypeAdapter(dict[str, Calibration]).validate_json(stored)


def calibration_for(reader: str) -> Calibration:
    """Return the calibration of the packaged reader, of "none", or of a cross-encoder.

    That of the packaged cross-encoder stands for any other too.
    """
    if reader in ("", "none"):
        return _all()["none"]
    return _all()["reader" if reader == PACKAGED_READER else "cross-encoder"]
