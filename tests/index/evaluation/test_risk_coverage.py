"""The risk-coverage curve: by hand, by trying every order of equals, and against scikit-learn."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.evaluation.risk_coverage import (
    OperatingPoint,
    aurc_of,
    risk_coverage,
    wrong_at_missed_of,
)
from testing.budget import amount

CONFIDENCES = [0.9, 0.8, 0.7, 0.7, 0.2]
ANSWERABLE = [True, False, True, False, True]

_ROWS = st.lists(st.tuples(st.integers(0, 3).map(lambda n: n / 4), st.booleans()), max_size=6)


def test_the_curve_by_hand() -> None:
    found = risk_coverage(CONFIDENCES, ANSWERABLE, [True, True, False, False, False])
    assert found is not None
    assert [(p.threshold, p.coverage, p.risk, p.wrong) for p in found.curve] == [
        (0.9, 0.2, 0.0, 0.0),
        (0.8, 0.4, 0.5, 0.5),
        (0.7, 0.8, 0.5, 1.0),
        (0.2, 1.0, 0.4, 1.0),
    ]
    assert [p.missed for p in found.curve] == pytest.approx([2 / 3, 2 / 3, 1 / 3, 0])
    assert all(0 <= p.low <= p.risk <= p.high <= 1 for p in found.curve)
    # Of three, 5 % to 25 % is none.
    assert set(found.at_missed) == {0.05, 0.15, 0.25}
    assert all(point == found.curve[-1] for point in found.at_missed.values())
    assert found.shipped is not None
    assert found.shipped == OperatingPoint(0.8, 0.4, 0.5, 0.0, 1.0, found.curve[1].missed, 0.5)


def test_there_is_no_curve_without_both_kinds() -> None:
    assert risk_coverage([], [], []) is None
    assert risk_coverage([0.1, 0.2], [True, True], [True, True]) is None
    assert risk_coverage([0.1, 0.2], [False, False], [True, True]) is None


def test_an_engine_that_answers_nothing_has_no_risk() -> None:
    found = risk_coverage(CONFIDENCES, ANSWERABLE, [False] * 5)
    assert found is not None
    assert found.shipped is None


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:

    random = np.random.default_rng(1)
    confidences = [float(one) for one in random.random(500)]
    answerable = [one > random.random() for one in confidences]
    found = risk_coverage(confidences, answerable, [True] * 500)
    assert found is not None
    assert len(found.curve) == 100
    assert (found.curve[0].threshold, found.curve[0].coverage) == (max(confidences), 1 / 500)
    assert (found.curve[-1].threshold, found.curve[-1].coverage) == (min(confidences), 1.0)
    coverages = [point.coverage for point in found.curve]
    assert coverages == sorted(coverages)
    # The band of all answered is that of a share of 500: about 1.96 standard errors either way.
    everything = found.curve[-1]
    error = 1.96 * (everything.risk * (1 - everything.risk) / 500) ** 0.5
    assert everything.low == pytest.approx(everything.risk - error, abs=0.01)
    assert everything.high == pytest.approx(everything.risk + error, abs=0.01)
    for share, point in found.at_missed.items():
        assert share - 0.01 < point.missed <= share


@pytest.mark.slow
@settings(max_examples=amount(6))  # a thousand resamples each
@given(_ROWS)
def test_missed_and_wrong_are_those_of_a_roc_curve(rows: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import roc_curve  # takes a second

    confidences, answerable = [row[0] for row in rows], [row[1] for row in rows]
    found = risk_coverage(confidences, answerable, [True] * len(rows))
    if len(set(answerable)) < 2:
        assert found is None
        return
    assert found is not None
    wrong, right, thresholds = roc_curve(answerable, confidences, drop_intermediate=False)
    assert [p.threshold for p in found.curve] == list(thresholds[1:])
    assert [p.wrong for p in found.curve] == pytest.approx(list(wrong[1:]))
    assert [1 - p.missed for p in found.curve] == pytest.approx(list(right[1:]))


@given(_ROWS.filter(lambda rows: len({answerable for _, answerable in rows}) == 2))
def test_the_area_is_the_mean_over_every_order_of_equals(rows: list[tuple[float, bool]]) -> None:
    areas = []
    for order in permutations(rows):
        if [row[0] for row in order] == sorted((row[0] for row in rows), reverse=True):
            wrong = np.cumsum([not answerable for _, answerable in order])
            areas.append((wrong / np.arange(1, len(rows) + 1)).mean())
    found = aurc_of([row[0] for row in rows], [row[1] for row in rows])
    assert found(np.arange(len(rows))) == pytest.approx(np.mean(areas))


def test_the_area_of_a_resample_counts_a_question_as_often_as_it_came() -> None:
    # Answerable at .9 twice, then the unanswerable at .8: risks 0, 0, 1/3.
    found = aurc_of(CONFIDENCES, ANSWERABLE)
    assert found(np.array([1, 0, 0])) == pytest.approx(1 / 9)
    assert np.isnan(found(np.array([0, 0])))


@pytest.mark.parametrize(("missed", "wrong"), [(0.05, 0.75), (0.15, 0.5), (0.2, 0.25), (0.9, 0.0)])
def test_wrong_answers_where_a_share_is_missed(missed: float, wrong: float) -> None:
    # Twenty answerable at 0.05 to 1; at most one missed: from 0.10 on; three: from 0.20 on.
    confidences = [n / 20 for n in range(1, 21)] + [0.05, 0.12, 0.22, 0.5]
    answerable = [True] * 20 + [False] * 4
    found = wrong_at_missed_of(confidences, answerable, missed)
    assert found(np.arange(24)) == wrong


def test_wrong_answers_are_not_defined_without_both_kinds() -> None:
    found = wrong_at_missed_of([0.1, 0.2], [True, False], 0.15)
    assert found(np.array([0, 1])) == 1.0
    assert np.isnan(found(np.array([0, 0])))
    assert np.isnan(found(np.array([1, 1])))
