"""The curve that is fitted, and what chance makes of its points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.answering.calibration import Curve
from tools.training.calibrate import curve_of, risk


def _questions(
    seed: int, apart: float = 2.0, sizes: tuple[int, int] = (300, 60)
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.str_]]:
    """Confidences of two sets, answerable ones higher by `apart` before they are made shares."""
    rng = np.random.default_rng(seed)
    sets = np.repeat(["large", "small"], sizes)
    labels = rng.random(len(sets)) < 0.5
    return 1 / (1 + np.exp(-rng.normal(np.where(labels, apart, 0.0)))), labels, sets


def _curve(seed: int) -> Curve:
    return curve_of(*_questions(seed), threshold=0.6)


@given(st.integers(0, 200))
def test_a_curve_is_monotone_and_goes_from_lax_to_strict(seed: int) -> None:
    points = _curve(seed).points  # that it is monotone is checked where it is made
    assert points[0].missed == 0
    assert points[-1].risk == min(point.risk for point in points)
    assert len(points) <= 40
    assert 0.6 in [point.threshold for point in points]


def test_each_set_counts_the_same() -> None:
    predicted = np.array([0.9] * 9 + [0.1] * 9 + [0.9, 0.9])
    labels = np.array([True] * 9 + [False] * 9 + [True, False])
    sets = np.array(["right"] * 18 + ["wrong"] * 2)
    point = curve_of(predicted, labels, sets, threshold=0.5).at(0.5)
    assert (point.wrong, point.missed) == (0.5, 0.0)


def test_steps_are_small_where_there_are_questions_enough() -> None:
    questions = _questions(0, sizes=(3_000, 1_000))
    risks = [point.risk for point in curve_of(*questions, threshold=0.6).points]
    assert all(after > 0.8 * before for before, after in pairwise(risks) if before > 0.05)


def test_the_risk_of_a_threshold_lies_in_its_interval() -> None:
    questions = _questions(1)
    found = risk(0.6, *questions)
    assert found.low is not None
    assert found.high is not None
    point = curve_of(*questions, threshold=0.6).at(0.6)
    assert found.value == pytest.approx(point.risk, abs=1e-3)
    assert found.low < point.risk < found.high
