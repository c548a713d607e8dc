"""The curve that is fitted, and what chance makes of its points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.answering.calibration import Curve, Logistic
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from tools.training.calibrate import conversing_of, curve_of, risk
from tools.training.observed import Asked


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


def test_follow_ups_are_fitted_by_themselves_but_for_the_size_of_an_index() -> None:
    """Three of four are answerable, and yet half sure is half sure, as of single questions."""
    rng = np.random.default_rng(3)
    best, size = map(
        CONFIDENCE_FEATURES.index, ("best answerability", "less than a thousand passages")
    )
    asked = []
    for number in range(400):
        features = np.zeros((1, len(CONFIDENCE_FEATURES)))
        features[0, best] = rng.normal(3.0 if number % 4 else 1.0)
        features[0, size] = 0.5
        units, is_evidence = np.zeros((0, 0)), np.zeros(0, dtype=np.bool_)
        asked.append(Asked(str(number), "", bool(number % 4), units, is_evidence, features))
    weights = tuple(0.25 * (name == CONFIDENCE_FEATURES[size]) for name in CONFIDENCE_FEATURES)
    alone = Logistic(features=CONFIDENCE_FEATURES, weights=weights, bias=0.0, threshold=0.6)
    fitted = conversing_of(asked, alone)
    assert (fitted.weights[size], fitted.threshold) == (0.25, 0.6)
    between = np.zeros((1, len(CONFIDENCE_FEATURES)))
    between[0, best], between[0, size] = 2.0, 0.5
    assert fitted.probability(between)[0] == pytest.approx(0.5, abs=0.1)
    larger = between.copy()
    larger[0, size] = 0.0
    assert fitted.probability(larger)[0] < fitted.probability(between)[0]
