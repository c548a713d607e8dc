"""Sets of keys, as they are compared in segments."""

from __future__ import annotations

import numpy as np
import pytest

from index.store.segments.segment import are_in, distinct, missing_from


@pytest.mark.parametrize("sizes", [(0, 0), (0, 5), (5, 0), (9, 4), (40, 60)])
def test_they_are_what_numpy_says(sizes: tuple[int, int]) -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        keys, others = (random.integers(0, 30, size) for size in sizes)
        assert distinct(keys).tolist() == np.unique(keys).tolist()
        assert missing_from(others, keys).tolist() == np.setdiff1d(keys, others).tolist()
        assert are_in(keys, np.sort(others)).tolist() == np.isin(keys, others).tolist()
