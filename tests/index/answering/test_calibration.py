"""The shipped numbers, and what a threshold costs on the measured curve."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from index.answering.answer import Verdict
from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic, calibration_for

_RERANKERS = ("briefing-reader", "ms-marco-MiniLM-L-12-v2", "none")
_FLAT = Logistic(features=("any",), weights=(0.0,), bias=0.0, threshold=0.4)


def _points(*rows: tuple[float, float, float]) -> tuple[CurvePoint, ...]:
    return tuple(CurvePoint(threshold=t, wrong=w, missed=m) for t, w, m in rows)


def _with(points: tuple[CurvePoint, ...]) -> Calibration:
    return Calibration(
        evidence=_FLAT,
        confidence=_FLAT,
        curve=Curve(questions={"any": 9}, points=points),
        unsure_from=0.1,
    )


MEASURED = _with(_points((0.1, 0.5, 0.0), (0.4, 0.2, 0.2), (0.6, 0.1, 0.4), (0.8, 0.0, 0.7)))


@pytest.mark.parametrize(
    ("wrong_at_most", "threshold"),
    [(0.5, 0.1), (1 / 3, 0.1), (0.33, 0.4), (0.2, 0.4), (0.19, 0.6), (0.1, 0.8), (0.001, 0.8)],
)
def test_the_laxest_threshold_that_is_safe_enough(wrong_at_most: float, threshold: float) -> None:
    assert MEASURED.threshold_for(wrong_at_most) == threshold


def test_what_is_stricter_than_anything_measured_has_no_threshold() -> None:
    assert _with(_points((0.1, 0.5, 0.0), (0.4, 0.2, 0.2))).threshold_for(0.1) is None


@pytest.mark.parametrize(
    ("threshold", "most"), [(0.4899, 0.4898), (0.5, 0.4999), (0.39192, 0.3919)]
)
def test_the_most_that_is_no_answer(threshold: float, most: float) -> None:
    calibration = MEASURED.at(threshold)
    assert calibration.most_doubtful == most
    assert calibration.verdict(most) is Verdict.UNSURE
    assert calibration.verdict(threshold) is Verdict.ANSWERED


def test_follow_ups_have_a_regression_of_their_own_and_the_same_thresholds() -> None:
    other = MEASURED.confidence.model_copy(update={"bias": -3.0, "threshold": 0.9})
    fitted = MEASURED.model_copy(update={"conversing": other}).at(0.4)
    following = fitted.in_conversation()
    assert following.confidence.bias == -3.0
    assert following.confidence.threshold == 0.4
    assert following.unsure_from == fitted.unsure_from
    assert MEASURED.in_conversation() is MEASURED


def test_a_point_that_is_safe_by_chance_does_not_count() -> None:
    risks = _points((0.1, 0.2, 0.0), (0.4, 0.2, 0.5), (0.6, 0.1, 0.6), (0.8, 0.0, 0.7))
    assert risks[0].risk < 0.18 < risks[2].risk
    assert _with(risks).threshold_for(0.18) == 0.8


def test_risk_is_the_share_of_answers_that_should_have_been_silence() -> None:
    # Of 100 questions, 50 unanswerable ones give 10 answers and 50 answerable ones 40.
    assert CurvePoint(threshold=0.4, wrong=0.2, missed=0.2).risk == pytest.approx(10 / 50)


@pytest.mark.parametrize(
    ("threshold", "found"), [(0.05, 0.1), (0.1, 0.1), (0.5, 0.4), (0.8, 0.8), (1.0, 0.8)]
)
def test_what_a_threshold_does(threshold: float, found: float) -> None:
    assert MEASURED.curve.at(threshold).threshold == found


def test_another_threshold_changes_nothing_else() -> None:
    changed = MEASURED.at(0.8)
    assert changed.confidence.threshold == 0.8
    assert changed.at(0.4) == MEASURED


@pytest.mark.parametrize(
    "points",
    [
        (),
        _points((0.4, 0.2, 0.2), (0.4, 0.1, 0.4)),
        _points((0.1, 0.2, 0.2), (0.4, 0.3, 0.4)),
        _points((0.1, 0.2, 0.2), (0.4, 0.1, 0.1)),
    ],
)
def test_a_curve_that_is_none_is_refused(points: tuple[CurvePoint, ...]) -> None:
    with pytest.raises(ValidationError):
        Curve(questions={}, points=points)


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.sampled_from(_RERANKERS))
def test_who_asks_for_less_risk_gets_more_silence(one: float, other: float, reranker: str) -> None:
    calibration = calibration_for(reranker)
    strict, lax = (calibration.threshold_for(share) for share in sorted((one, other)))
    if strict is not None:
        assert lax is not None
        assert lax <= strict
        assert calibration.curve.at(strict).risk <= min(one, other)


@pytest.mark.parametrize("reranker", _RERANKERS)
def test_the_shipped_curves(reranker: str) -> None:
    calibration = calibration_for(reranker)
    curve = calibration.curve
    assert curve.at(calibration.confidence.threshold).threshold == calibration.confidence.threshold
    assert 10 <= len(curve.points) <= 40
    assert {"squad", "clapnq"} <= set(curve.questions)
    assert curve.points[0].missed == 0
    assert curve.points[-1].risk == min(point.risk for point in curve.points)
