"""Vectors of segments, held against a search in plain NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking.chunker import ChunkLimits, split
from index.ports import Vectors
from index.store.catalog.catalog import Catalog
from index.store.segments.block_store import FolderBlockStore
from index.store.segments.files import read_segments, segments_in
from index.store.vectors import vectors as module
from index.store.vectors.files import StagedVectors, read_vectors
from index.store.vectors.vectors import SegmentVectors, inner_products
from testing.budget import one_in
from testing.fakes import count_words, document_of

DIMENSION = 64


def unit(random: np.random.Generator, *shape: int) -> Vectors:
    drawn = random.standard_normal((*shape, DIMENSION)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=-1, keepdims=True), np.float32)


class Stored:
    """Documents with a passage each, whose vectors are by chance, stored a few at a time."""

    def __init__(self, folder: Path, *changes: Sequence[str]) -> None:
        self.folder = folder
        self.catalog = Catalog.create(Path(":memory:"))
        self.vectors: dict[int, Vectors] = {}
        for names in changes:
            self.put(names)

    def put(self, names: Sequence[str]) -> None:
        staged = StagedVectors(self.folder)
        for name in names:
            self.catalog.delete_passages(name)
            document = document_of("text", name=name)
            self.catalog.put_document(document, "")
            (passage,) = split(document, count_words, ChunkLimits())
            key = self.catalog.put_passage(passage, b"")
            # By name, so that it is the same in every index.
            vector = unit(np.random.default_rng(list(name.encode())), 1)
            self.vectors[key] = vector[0]
            staged.add([key], vector)
        staged.save(self.catalog.store_segments(self.folder))

    def opened(self) -> SegmentVectors:
        files = [each.name for each in self.folder.iterdir()]
        segments = read_segments(self.folder, segments_in(files))
        blocks = read_vectors(FolderBlockStore(self.folder), segments, files)
        catalog = Catalog(self.catalog._db, segments)
        return SegmentVectors(blocks, catalog.segments, catalog.view)

    def exactly(self, query: Vectors, k: int, names: Sequence[str] | None) -> list[int]:
        alive = self.catalog.keys_of(self.catalog.document_names() if names is None else names)
        return sorted(alive, key=lambda key: -float(self.vectors[key] @ query))[:k]


def named(*counts: tuple[str, int]) -> list[str]:
    return [f"{folder}/{number}" for folder, count in counts for number in range(count)]


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Stored]:
    stored = Stored(tmp_path, named(("a", 20), ("b", 30)), named(("b", 5), ("c", 9)))
    yield stored
    stored.catalog.close()


QUERY = unit(np.random.default_rng(3))


def test_the_nearest_come_first_with_their_inner_products(stored: Stored) -> None:
    found = stored.opened().search(QUERY, 12)
    assert [key for key, _ in found] == stored.exactly(QUERY, 12, None)
    scores = [float(stored.vectors[key] @ QUERY) for key, _ in found]
    assert [score for _, score in found] == pytest.approx(scores, abs=1e-6)


@pytest.mark.parametrize("names", [[], ["a/1"], named(("b", 30)), ["a/1", "b/2", "c/8"]])
def test_only_what_may_be_seen_is_found(stored: Stored, names: list[str]) -> None:
    allowed = stored.catalog.filter_of(names)
    found = stored.opened().search(QUERY, 99, allowed)
    assert [key for key, _ in found] == stored.exactly(QUERY, 99, names)


def test_no_more_is_found_than_there_is(stored: Stored) -> None:
    opened = stored.opened()
    assert len(opened) == len(opened.search(QUERY, 999)) == 20 + 30 + 9
    assert opened.search(QUERY, 0) == []


def test_vectors_are_returned_in_the_order_asked_for(stored: Stored) -> None:
    keys = [*stored.catalog.keys_of(["c/1", "a/3", "b/1"])][::-1]
    expected = np.stack([stored.vectors[key] for key in keys])
    np.testing.assert_array_equal(stored.opened().get(keys), expected)
    np.testing.assert_array_equal(StagedVectors(stored.folder).get(keys), expected)
    assert len(stored.opened().get([])) == 0


@pytest.mark.parametrize("key", [0, 10**9])
def test_an_unknown_key_is_a_key_error(stored: Stored, key: int) -> None:
    for vectors in (stored.opened(), StagedVectors(stored.folder)):
        with pytest.raises(KeyError):
            vectors.get([1, key])


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    opened = Stored(tmp_path, []).opened()
    assert len(opened) == 0
    assert opened.search(QUERY, 5) == []


def test_what_was_stored_stays_while_others_are_added(stored: Stored) -> None:
    def files() -> dict[str, tuple[int, int]]:
        stats = {each.name: each.stat() for each in stored.folder.iterdir()}
        return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}

    before = files()
    stored.put(["d/1"])
    after = files()
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2


# By codes


@pytest.fixture
def by_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few passages be many."""
    monkeypatch.setattr(module, "EXACT", 50)
    monkeypatch.setattr(module, "CODED", 40)
    monkeypatch.setattr(module, "_RESCORED", 60)


MANY = named(("a", 300), ("b", 200), ("c", 20))


@pytest.mark.usefixtures("by_codes")
def test_the_best_by_codes_are_scored_exactly(tmp_path: Path) -> None:
    stored = Stored(tmp_path, MANY[:400], MANY[400:])
    opened = stored.opened()
    common = 0
    for query in unit(np.random.default_rng(5), 20):
        found = opened.search(query, 5)
        common += len({key for key, _ in found} & {*stored.exactly(query, 5, None)})
        for key, score in found:
            assert score == inner_products(query, stored.vectors[key][None, :])[0]
    assert common >= 0.8 * 5 * 20  # of vectors by chance, which are hard to tell apart by few bits
    stored.catalog.close()


@pytest.mark.usefixtures("by_codes")
@pytest.mark.parametrize("seen", one_in(2, (MANY[:300], MANY[:150], MANY[5:300:2], MANY[250:])))
def test_what_is_hidden_changes_nothing(tmp_path: Path, seen: list[str]) -> None:
    """Other classes, and other documents of a class: found is the same, to the last bit."""
    for folder in ("both", "alone"):
        (tmp_path / folder).mkdir()
    both, alone = Stored(tmp_path / "both", MANY), Stored(tmp_path / "alone", seen)
    one, other = both.opened(), alone.opened()
    allowed = both.catalog.filter_of(seen)
    key_in = dict(zip(alone.catalog.keys_of(seen), both.catalog.keys_of(seen), strict=True))
    for query in unit(np.random.default_rng(7), 10):
        expected = [(key_in[key], score) for key, score in other.search(query, 8)]
        assert one.search(query, 8, allowed) == expected
    both.catalog.close()
    alone.catalog.close()


@pytest.mark.usefixtures("by_codes")
@pytest.mark.parametrize("names", one_in(2, (None, MANY[:450:2])))
def test_it_does_not_matter_how_many_are_asked_for_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str] | None
) -> None:
    stored = Stored(tmp_path, MANY[:300], MANY[300:])
    allowed, found = stored.catalog.filter_of(names), []
    for least in (1, 32, 1_000):
        monkeypatch.setattr(module, "_LEAST_ASKED", least)
        found.append(stored.opened().search(QUERY, 7, allowed))
    assert found[0] == found[1] == found[2]
    stored.catalog.close()


@pytest.mark.usefixtures("by_codes")
@pytest.mark.parametrize("names", one_in(2, (MANY[:450:2], None)))
def test_the_codes_of_a_class_are_searched_together(
    tmp_path: Path, names: list[str] | None
) -> None:
    for folder in ("one", "three"):
        (tmp_path / folder).mkdir()
    one = Stored(tmp_path / "one", MANY)
    three = Stored(tmp_path / "three", MANY[:120], MANY[120:260], MANY[260:])
    allowed, opened, other = one.catalog.filter_of(names), one.opened(), three.opened()
    for query in unit(np.random.default_rng(9), 10):
        assert other.search(query, 8, allowed) == opened.search(query, 8, allowed)
    assert [len(each.ends) for each in other._codes.values()] == [3, 1]
    one.catalog.close()
    three.catalog.close()


@pytest.mark.usefixtures("by_codes")
def test_what_was_deleted_is_not_found(tmp_path: Path) -> None:
    stored = Stored(tmp_path, MANY)
    for name in MANY[:40]:
        stored.catalog.delete_passages(name)
        stored.catalog.delete_document(name)
    stored.put(["c/3"])
    found = [key for key, _ in stored.opened().search(QUERY, 480)]
    assert sorted(found) == stored.catalog.keys_of(MANY[40:])
    stored.catalog.close()


@given(st.integers(1, 40), st.integers(0, 30))
def test_an_inner_product_is_the_same_wherever_a_vector_stands(size: int, at: int) -> None:
    vectors = unit(np.random.default_rng(size), 70)
    part = vectors[at : at + size]
    assert inner_products(QUERY, part).tolist() == (
        inner_products(QUERY, vectors)[at : at + size].tolist()
    )
