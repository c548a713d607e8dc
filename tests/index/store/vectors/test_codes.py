"""Codes of vectors, held against the inner products of the vectors themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ports import Vectors
from index.store.vectors.codes import CodeIndex, codes_of, turned


def unit(number: int, dimension: int, seed: int = 0) -> Vectors:
    """Vectors of which a few values are much greater than the others, as models make them."""
    drawn = np.random.default_rng(seed).standard_normal((number, dimension)).astype(np.float32)
    drawn[:, : dimension // 20] *= 6
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("dimension", [1, 24, 64, 384, 1_000])
def test_turned_vectors_keep_their_inner_products(dimension: int) -> None:
    vectors = unit(20, dimension)
    # In double precision, since products of float32 differ by 1e-6 from one library to another.
    exactly, found = vectors.astype(np.float64), turned(vectors).astype(np.float64)
    np.testing.assert_allclose(found @ found.T, exactly @ exactly.T, atol=3e-7)


def test_turned_vectors_have_no_great_values() -> None:
    vectors = unit(500, 384)
    assert np.abs(turned(vectors)).max() < 0.5 * np.abs(vectors).max()


@given(st.integers(1, 40), st.integers(0, 600))
def test_a_code_is_made_of_its_vector_alone(size: int, at: int) -> None:
    vectors = unit(600, 70)
    part = vectors[at : at + size]
    assert codes_of(part).tolist() == codes_of(vectors)[at : at + size].tolist()


def test_of_no_vectors_there_are_no_codes() -> None:
    assert len(codes_of(np.zeros((0, 0), np.float32))) == 0
    assert codes_of(np.zeros((0, 384), np.float32)).shape == (0, 96)


def test_the_best_by_codes_hold_the_nearest_with_about_their_inner_products() -> None:
    vectors = unit(4_000, 384)
    index = CodeIndex(codes_of(vectors))
    assert len(index) == 4_000
    found = 0
    for query in unit(20, 384, seed=1):
        exactly = vectors @ query
        numbers, scores = index.search(turned(query[None, :]), 60)
        found += len(set(np.argsort(-exactly)[:10].tolist()) & set(numbers.tolist()))
        assert np.abs(scores - exactly[numbers]).max() < 0.1
        assert abs(float((scores - exactly[numbers]).mean())) < 0.03
    assert found >= 0.99 * 20 * 10


def test_no_more_codes_are_found_than_there_are() -> None:
    numbers, _ = CodeIndex(codes_of(unit(5, 384))).search(turned(unit(1, 384)), 50)
    assert sorted(numbers.tolist()) == [0, 1, 2, 3, 4]
