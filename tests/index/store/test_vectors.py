from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ports import VectorIndex, Vectors
from index.store.vectors import FaissVectors
from testing.exact_vectors import ExactVectors

Kind = type[ExactVectors] | type[FaissVectors]

X, Y, Z = np.eye(3, dtype=np.float32)


def rows(*vectors: Vectors) -> Vectors:
    return np.stack(vectors)


@pytest.fixture(params=[ExactVectors, FaissVectors])
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


@pytest.fixture
def vectors(kind: Kind) -> VectorIndex:
    """X, Y and Z under keys that are neither dense nor in order."""
    index = kind(3)
    index.add([70, 5, 10**12], rows(X, Y, Z))
    return index


# The contract of VectorIndex


def test_search_finds_only_what_it_is_let(vectors: VectorIndex) -> None:
    query = np.array([1, 0.5, 0], dtype=np.float32)
    assert [key for key, _ in vectors.search(query, 3, np.array([5, 10**12, 4]))] == [5, 10**12]
    assert vectors.search(query, 3, np.array([], np.int64)) == []


def test_search_gives_the_greatest_inner_products_first(vectors: VectorIndex) -> None:
    query = np.array([0.6, 0, 0.8], dtype=np.float32)
    found = vectors.search(query, 2)
    assert [key for key, _ in found] == [10**12, 70]
    assert [score for _, score in found] == pytest.approx([0.8, 0.6])


def test_search_gives_what_there_is_where_more_is_asked_for(vectors: VectorIndex) -> None:
    assert len(vectors.search(X, 100)) == len(vectors) == 3
    assert {key for key, _ in vectors.search(X, 100)} == {70, 5, 10**12}


def test_scores_may_be_negative(vectors: VectorIndex) -> None:
    key, score = vectors.search(-Y, 3)[-1]
    assert (key, round(score, 6)) == (5, -1.0)


def test_an_empty_index_finds_nothing(kind: Kind) -> None:
    index = kind(3)
    assert len(index) == 0
    assert index.search(X, 5) == []
    assert index.get([]).shape == (0, 3)


def test_none_asked_for_none_found(vectors: VectorIndex) -> None:
    assert vectors.search(X, 0) == []


def test_get_returns_vectors_in_the_order_asked_for(vectors: VectorIndex) -> None:
    got = vectors.get([5, 70, 5])
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, rows(Y, X, Y))


def test_get_of_an_unknown_key_is_a_key_error(vectors: VectorIndex) -> None:
    with pytest.raises(KeyError) as caught:
        vectors.get([70, 71])
    assert caught.value.args == (71,)


def test_adding_nothing_changes_nothing(vectors: VectorIndex) -> None:
    vectors.add([], np.empty((0, 3), dtype=np.float32))
    assert len(vectors) == 3


def test_what_is_removed_is_found_no_more(vectors: VectorIndex) -> None:
    vectors.remove([70, 71])
    assert len(vectors) == 2
    assert 70 not in {key for key, _ in vectors.search(X, 3)}
    with pytest.raises(KeyError):
        vectors.get([70])
    np.testing.assert_array_equal(vectors.get([10**12, 5]), rows(Z, Y))


def test_removing_nothing_or_the_unknown_changes_nothing(vectors: VectorIndex) -> None:
    vectors.remove([])
    vectors.remove([4])
    assert len(vectors) == 3


def test_all_can_be_removed_and_added_again(vectors: VectorIndex) -> None:
    vectors.remove([70, 5, 10**12])
    assert vectors.search(X, 3) == []
    vectors.add([70], rows(Z))
    assert vectors.search(Z, 3) == [(70, 1.0)]


def test_the_caller_keeps_what_it_gave(kind: Kind) -> None:
    index = kind(3)
    mine = rows(X, Y)
    index.add([1, 2], mine)
    mine[:] = 0
    np.testing.assert_array_equal(index.get([1, 2]), rows(X, Y))


@pytest.mark.slow
def test_what_was_saved_is_what_is_loaded(kind: Kind, vectors: VectorIndex, tmp_path: Path) -> None:
    path = tmp_path / "vectors with a space, Støre 😀"
    vectors.save(path)
    loaded = kind.load(path)
    gc.collect()  # nothing of it may depend on what the loading left behind
    assert len(loaded) == 3
    np.testing.assert_array_equal(loaded.get([70, 5, 10**12]), rows(X, Y, Z))
    loaded.remove([5])
    loaded.add([6], rows(Y))
    assert loaded.search(Y, 1) == [(6, 1.0)]
    assert len(vectors) == 3


def test_an_empty_index_can_be_saved(kind: Kind, tmp_path: Path) -> None:
    kind(3).save(tmp_path / "v")
    loaded = kind.load(tmp_path / "v")
    assert loaded.search(X, 1) == []
    loaded.add([1], rows(X))
    assert len(loaded) == 1


def test_saving_takes_the_place_of_what_was_there(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "v"
    path.write_bytes(b"x" * 100_000)
    kind(3).save(path)
    assert len(kind.load(path)) == 0


def test_a_missing_file_cannot_be_loaded(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        kind.load(tmp_path / "nowhere")


# FAISS


@pytest.mark.parametrize("content", [b"", b"garbage" * 100])
def test_faiss_refuses_what_is_no_index(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(OSError, match="FAISS could not read v"):
        FaissVectors.load(tmp_path / "v")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_noticed_even_by_a_small_index(vectors: VectorIndex) -> None:
    """What fits into a buffer fails only when the file is closed, which FAISS does not check."""
    with pytest.raises(OSError, match="No space left"):
        vectors.save(Path("/dev/full"))


VECTORS = st.lists(
    st.lists(st.integers(-100, 100), min_size=4, max_size=4).map(
        lambda row: np.array(row, dtype=np.float32) / 100
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
@given(
    VECTORS,
    VECTORS,
    st.integers(0, 20),
    st.sets(st.integers(0, 11)),
    st.none() | st.lists(st.integers(0, 36), unique=True),
)
def test_faiss_finds_what_is_found_exactly(
    stored: list[Vectors],
    queries: list[Vectors],
    k: int,
    removed: set[int],
    allowed: list[int] | None,
) -> None:
    exact, faiss = ExactVectors(4), FaissVectors(4)
    let = None if allowed is None else np.array(allowed, np.int64)
    for index in (exact, faiss):
        index.add([3 * row for row in range(len(stored))], np.stack(stored))
        index.remove([3 * row for row in removed])
    assert len(exact) == len(faiss)
    for query in queries:
        expected, found = exact.search(query, k, let), faiss.search(query, k, let)
        assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-5)
        # Which of equals comes first, or is cut off, is not said.
        scores = dict(exact.search(query, len(exact)))
        for key, score in found:
            assert score == pytest.approx(scores[key], abs=1e-5)
        assert len({key for key, _ in found}) == len(found)
