"""The figures that compare, against scipy and by hand; the others are in test_evaluation.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.evaluation.statistics import Estimate, auroc_of, difference, mcnemar, ratio, ratio_of
from testing.budget import amount

_TWICE = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60)


@given(_TWICE)
def test_mcnemar_is_the_exact_binomial_test_of_what_turned(rows: list[tuple[bool, bool]]) -> None:
    from scipy.stats import binomtest  # takes a second

    found = mcnemar([was for was, _ in rows], [is_now for _, is_now in rows])
    gained = sum(is_now and not was for was, is_now in rows)
    lost = sum(was and not is_now for was, is_now in rows)
    expected = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert found == pytest.approx(expected)


def test_mcnemar_of_many() -> None:
    from scipy.stats import binomtest

    before, after = [False] * 900 + [True] * 700, [True] * 900 + [False] * 700
    assert mcnemar(before, after) == pytest.approx(binomtest(700, 1600).pvalue)


def test_mcnemar_wants_pairs() -> None:
    with pytest.raises(ValueError, match="shorter"):
        mcnemar([True, False], [True])


def test_a_paired_difference_knows_that_hard_questions_are_hard_for_both() -> None:
    before = [float(n % 2) for n in range(100)]
    after = [1.0, *before[1:]]
    found = difference(100, ratio_of(before), ratio_of(after))
    assert found.value == pytest.approx(0.01)
    assert found.low is not None
    assert found.high is not None
    assert found.low >= 0
    assert found.high <= 0.04
    alone = ratio(before)
    assert alone.low is not None
    assert alone.high is not None
    assert alone.high - alone.low > 0.1


@settings(max_examples=amount(10))  # a thousand resamples each
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_the_difference_of_means_is_the_mean_difference(rows: list[tuple[float, float]]) -> None:
    before, after = [was for was, _ in rows], [is_now for _, is_now in rows]
    found = difference(len(rows), ratio_of(before), ratio_of(after))
    expected = ratio(list(np.array(after) - np.array(before)))
    for name in ("value", "low", "high"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-12)


def test_a_difference_from_what_is_not_defined_is_not_defined() -> None:
    undefined = auroc_of([0.1, 0.2], [True, True])
    assert difference(2, undefined, ratio_of([1, 1])) == Estimate(None, None, None, 2)
    assert difference(0, undefined, undefined) == Estimate(None, None, None, 0)
