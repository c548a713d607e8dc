"""Segments on the disk: however documents are divided among them, the index is the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking.chunker import ChunkLimits, split
from index.ports import Filter
from index.store.catalog.catalog import Catalog
from index.store.segments import files as segment_files
from index.store.segments.files import (
    AT_ONCE,
    KeptSegment,
    in_parts,
    plan_segments,
    segments_in,
    segments_to_merge,
)
from testing.fakes import count_words, document_of

WORDS = [
    "troops",
    "troop",
    "border",
    "guards",
    "guarding",
    "the",
    "résumé",
    "resume",
    "25",
    "Støre",
]
TEXTS = st.lists(st.sampled_from([*WORDS, "store", "STORE"]), min_size=1, max_size=12).map(" ".join)
NAMES = st.sampled_from(["a/1", "a/2", "a/3", "b/1", "b/2", "c"])
ASKED = ["the troops guard a border", "resume Store", "25 troops", "stoere"]
PHRASES = [["troops border"], ["the"], ["résumé 25", "guards"], ["store"]]


def put(catalog: Catalog, name: str, text: str) -> None:
    document = document_of(text, name=name)
    catalog.delete_passages(name)
    catalog.put_document(document, "")
    for passage in split(document, count_words, ChunkLimits(target=4, most=6, short=2)):
        catalog.put_passage(passage, b"")


def answers(catalog: Catalog, allowed: Filter | None, names: Sequence[str] | None) -> list[object]:
    """All that an index says, for what may be seen."""
    lexical = catalog.lexical()
    return [
        *(catalog.search(asked, 5, allowed) for asked in ASKED),
        *(catalog.coverage(asked, range(1, 9), allowed) for asked in ASKED),
        *(lexical.mentions(phrases, allowed) for phrases in PHRASES),
        *(catalog.similar_words(word, edits, allowed) for word, edits in product(WORDS, (1, 2))),
        *(catalog.written(word.lower(), allowed) for word in [*WORDS, "store"]),
        *(catalog.document_frequency(word, allowed) for word in WORDS),
        *(catalog.search_documents(asked, 5, names) for asked in ["a 1", "b", "Troops border"]),
        lexical.keys(allowed).tolist(),
        lexical.passage_count(allowed),
    ]


@pytest.mark.search
@settings(max_examples=25)
@given(
    st.lists(st.lists(st.tuples(NAMES, TEXTS | st.none()), max_size=3), min_size=1, max_size=5),
    st.none() | st.sets(NAMES),
)
def test_it_is_the_same_however_documents_are_divided(
    changes: list[list[tuple[str, str | None]]], seen: set[str] | None
) -> None:
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").exists() else None) as folder:
        catalog = Catalog.create(Path(":memory:"))
        for change in changes:
            for name, text in change:
                if text is None:
                    catalog.delete_passages(name)
                    catalog.delete_document(name)
                else:
                    put(catalog, name, text)
            catalog.store_segments(Path(folder))
        whole = Catalog(catalog._db)
        allowed, names = catalog.filter_of(seen), None if seen is None else sorted(seen)
        assert answers(catalog, allowed, names) == answers(whole, allowed, names)
        catalog.close()


def test_a_change_writes_a_segment_and_leaves_the_others(tmp_path: Path) -> None:
    catalog = Catalog.create(Path(":memory:"))
    for number in range(4):
        put(catalog, f"{number}", "the troops")
    catalog.store_segments(tmp_path)
    (first,) = tmp_path.iterdir()
    before = first.stat()
    put(catalog, "2", "the border")
    catalog.store_segments(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert first.stat() == before
    assert len(catalog.search("troops", 9)) == 3
    catalog.close()


def test_there_are_never_many_segments(tmp_path: Path) -> None:
    catalog = Catalog.create(Path(":memory:"))
    for number in range(70):
        put(catalog, f"{number}", f"the troops {number}")
        catalog.store_segments(tmp_path)
        assert len(list(tmp_path.iterdir())) <= 14
    assert len(catalog.search("troops", 99)) == 70
    catalog.close()


def test_of_what_is_deleted_nothing_stays_where_that_is_asked_for(tmp_path: Path) -> None:
    catalog = Catalog.create(Path(":memory:"))
    for name in ("a", "b", "c", "d", "e"):
        put(catalog, name, "the zanzibar" if name == "b" else "the border")
    catalog.store_segments(tmp_path)
    catalog.delete_passages("b")
    catalog.delete_document("b")
    catalog.store_segments(tmp_path)
    assert any(b"zanzibar" in path.read_bytes() for path in tmp_path.iterdir())
    catalog.store_segments(tmp_path, clean=True)
    assert not any(b"zanzibar" in path.read_bytes() for path in tmp_path.iterdir())
    assert len(catalog.search("border", 9)) == 4
    catalog.close()


def kept(name: str, alive: int, deleted: int = 0, passages: int = 0) -> KeptSegment:
    return KeptSegment(name, np.arange(alive), deleted, passages or 10 * alive)


SEVEN = {str(n) for n in range(7)}


@pytest.mark.parametrize(
    ("those", "new", "clean", "going"),
    [
        ([], 5, False, set()),
        ([kept("a", 9), kept("b", 0, 3)], 0, False, {"b"}),
        ([kept("a", 9, 1), kept("b", 9, 4)], 0, False, {"b"}),
        ([kept("a", 9, 1), kept("b", 9)], 0, True, {"a"}),
        ([kept(str(n), 1) for n in range(7)], 10, False, SEVEN),
        ([kept(str(n), 1) for n in range(6)], 10, False, set()),
        ([kept(str(n), 1) for n in range(7)], 9_000, False, set()),
        ([kept(str(n), 1, passages=60_000) for n in range(30)], 9, False, set()),
        # The small ones of a size, as many as fit into one.
        ([kept(str(n), 1, passages=5_000 + n // 7 * 26_000) for n in range(14)], 0, False, SEVEN),
    ],
)
def test_which_segments_go(
    those: list[KeptSegment], new: int, clean: bool, going: set[str]
) -> None:
    found, loose = plan_segments(those, new, clean=clean)
    assert found == going
    assert len(loose) == sum(len(each.alive) for each in those if each.name in going)


@pytest.mark.parametrize(
    ("those", "now", "later"),
    [
        ([kept(str(n), 1, passages=500) for n in range(8)], 8, 0),
        ([kept(str(n), 1, passages=5_000) for n in range(8)], 0, 8),
        ([kept(str(n), 1, passages=5_000) for n in range(24)], 13, 11),
        ([kept("a", 7, 3, passages=100), kept("b", 9)], 1, 0),
        ([kept("a", 7, 3, passages=30_000), kept("b", 9)], 0, 1),
        ([kept("a", 4, 6, passages=30_000), kept("b", 9)], 1, 0),
    ],
)
def test_what_takes_seconds_is_left_to_the_background(
    those: list[KeptSegment], now: int, later: int
) -> None:
    going, _ = plan_segments(those, 0, at_once=AT_ONCE)
    staying = [each for each in those if each.name not in going]
    assert (len(going), len(segments_to_merge(staying))) == (now, later)


def test_documents_are_in_parts_of_so_many_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_files, "MOST_PASSAGES", 10)
    assert list(in_parts({1: 4, 2: 6, 3: 1, 4: 30, 5: 2})) == [[1, 2], [3], [4], [5]]
    assert list(in_parts({})) == []


def test_which_files_are_segments() -> None:
    assert segments_in(["b.words", "catalog.sqlite", "a.words"]) == ["a.words", "b.words"]
