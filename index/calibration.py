"""The fitted numbers: how scores become the probability of evidence and of an answer.

They are fitted by `tools/calibrate.py`, which says from what, and are stored in calibration.json.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter

from index.models import PACKAGED_READER

__all__ = ["Calibration", "Logistic", "calibration_for"]


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


class Calibration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: Logistic
    confidence: Logistic


@cache
def _all() -> dict[str, Calibration]:
    stored = resources.files("index").joinpath("calibration.json").read_bytes()
    return TypeAdapter(dict[str, Calibration]).validate_json(stored)


def calibration_for(reranker: str) -> Calibration:
    """That of "none", of the packaged reader, or of the packaged cross-encoder, which stands for
    any other too."""
    if reranker in ("", "none"):
        return _all()["none"]
    return _all()["reader" if reranker == PACKAGED_READER else "cross-encoder"]
