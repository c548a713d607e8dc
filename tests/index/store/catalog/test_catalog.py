from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.document import Document, Span
from index.sources.folder import FileState
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.fakes import count_words, document_of, publish

NOW = "2026-01-06T12:00:00+00:00"
LIMITS = ChunkLimits(target=20, most=30, short=5)
STATE = FileState(size=3, mtime_ns=4, ctime_ns=5, inode=6, sha256="ab")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog.create(tmp_path / "catalog.sqlite")
    yield catalog
    catalog.close()


def digest(passage: Passage) -> bytes:
    return hashlib.sha256(passage.index_text.encode()).digest()


def put(catalog: Catalog, document: Document) -> list[int]:
    """The keys of its passages."""
    catalog.put_document(document, NOW)
    return [
        catalog.put_passage(passage, digest(passage))
        for passage in split(document, count_words, LIMITS)
    ]


RICH = replace(
    document_of(
        "% author: Støre",
        "# Aid 😀",
        "Roles would be:",
        *(f"* {' '.join(f'{letter}{n}' for n in range(7))}" for letter in "abcde"),
        "! name value",
        *(f"| {' '.join(f'{letter}{n}' for n in range(7))}" for letter in "fghi"),
        name="ein Ordner/Brief\nfing 😀.md",
        title="Briefing",
        sha256="c0ffee",
        pages=2,
    ),
    metadata={"author": "Jonas Gahr Støre", "date": "2026-01-06"},
    remarks=("Page 2 has no text.",),
    has_hidden=True,
)


# Round trips


def test_a_document_comes_back_as_it_went_in(catalog: Catalog) -> None:
    put(catalog, RICH)
    assert catalog.document(RICH.name) == RICH
    assert catalog.document("Briefing") is None
    assert catalog.document_names() == {RICH.name}


def test_passages_come_back_as_they_went_in(catalog: Catalog) -> None:
    passages = split(RICH, count_words, LIMITS)
    keys = put(catalog, RICH)
    assert any(passage.lead for passage in passages)
    assert catalog.passages(keys) == dict(zip(keys, passages, strict=True))
    assert catalog.passages_of(RICH.name) == passages
    assert catalog.passages([]) == catalog.passages([max(keys) + 1]) == {}
    assert catalog.passage_count() == len(passages)


# No parser lets a lone surrogate or a NUL through.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(TEXTS, TEXTS, TEXTS.filter(str.strip))
def test_any_text_comes_back(title: str, name: str, text: str) -> None:
    made = Catalog.create(Path(":memory:"))
    document = document_of(*text.splitlines(), title=title, name=name)
    keys = put(made, document)
    assert made.document(document.name) == document
    assert list(made.passages(keys).values()) == split(document, count_words, LIMITS)
    for start in range(len(document.text)):
        span = Span(start, start + 3)
        assert made.quote(document.name, span) == span.of(document.text)
    made.close()


def test_a_quote_of_an_unknown_document_is_none(catalog: Catalog) -> None:
    assert catalog.quote("nowhere.txt", Span(0, 1)) is None


def test_a_document_that_is_put_again_takes_the_place_of_the_first(catalog: Catalog) -> None:
    put(catalog, document_of("alpha", name="a.txt"))
    catalog.delete_passages("a.txt")
    put(catalog, document_of("beta", name="a.txt"))
    stored = catalog.document("a.txt")
    assert stored is not None
    assert stored.text == "beta\n"
    assert catalog.search("alpha", 5) == []


def test_pages_are_found_as_the_document_finds_them(catalog: Catalog) -> None:
    put(catalog, RICH)
    for offset in range(len(RICH.text)):
        assert catalog.page_at(RICH.name, offset) == RICH.page_of(offset)
    plain = document_of("alpha", name="a.txt")
    put(catalog, plain)
    assert catalog.page_at("a.txt", 0) is None
    assert catalog.page_at("nowhere.txt", 0) is None


def test_files_come_back_as_they_went_in(catalog: Catalog) -> None:
    catalog.put_file("a.txt", STATE, None)
    catalog.put_file("b\n😀.bin", replace(STATE, sha256="", inode=2**63 - 1), "it is broken")
    assert catalog.files() == {
        "a.txt": (STATE, None),
        "b\n😀.bin": (FileState(3, 4, 5, 2**63 - 1), "it is broken"),
    }
    catalog.put_file("a.txt", replace(STATE, size=9), "gone bad")
    assert catalog.files()["a.txt"] == (replace(STATE, size=9), "gone bad")
    catalog.delete_file("a.txt")
    assert set(catalog.files()) == {"b\n😀.bin"}


# Keys


def test_the_key_of_a_deleted_passage_is_never_given_to_another(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    catalog = Catalog.create(path)
    first = put(catalog, document_of("alpha", name="a.txt"))
    second = put(catalog, document_of("beta", name="b.txt"))
    assert catalog.delete_passages("b.txt") == second
    catalog.commit()
    later = Catalog.edit(path)
    third = put(later, document_of("gamma", name="b.txt"))
    later.commit()
    assert not set(third) & {*first, *second}
    assert min(third) > max(second)


def test_deleted_passages_are_found_no_more(catalog: Catalog) -> None:
    keys = put(catalog, document_of("alpha beta", name="a.txt"))
    assert [key for key, _ in catalog.search("alpha", 5)] == keys
    assert catalog.delete_passages("a.txt") == keys
    catalog.delete_document("a.txt")
    assert catalog.search("alpha", 5) == []
    assert catalog.delete_passages("a.txt") == []
    assert catalog.passage_count() == 0
    assert catalog.document_names() == set()


def test_a_passage_is_found_by_the_hash_of_its_index_text(catalog: Catalog) -> None:
    document = document_of("alpha beta", name="a.txt")
    (key,) = put(catalog, document)
    (passage,) = split(document, count_words, LIMITS)
    assert catalog.key_of_text(digest(passage)) == key
    assert catalog.key_of_text(b"another") is None


# Rows


def test_rows_tell_good_stale_failed_and_equal_documents_apart(catalog: Catalog) -> None:
    put(catalog, RICH)
    put(catalog, document_of("beta", name="copy.txt", title="Beta", sha256="bb"))
    put(catalog, document_of("beta", name="b.txt", title="Beta", sha256="bb"))
    put(catalog, document_of("gamma", name="stale.txt", title="Gamma", sha256="dd"))
    for name in (RICH.name, "b.txt", "copy.txt"):
        catalog.put_file(name, STATE, None)
    catalog.put_file("stale.txt", STATE, "it is broken")
    catalog.put_file("a.bin", STATE, "a .bin file is not read")
    rows = {row.name: row for row in catalog.rows()}
    assert list(rows) == ["a.bin", "b.txt", "copy.txt", RICH.name, "stale.txt"]
    rich = rows[RICH.name]
    assert (rich.title, rich.date, rich.pages) == ("Briefing", "2026-01-06", 2)
    assert rich.passages == len(split(RICH, count_words, LIMITS))
    assert (rich.indexed_at, rich.failure) == (NOW, None)
    assert rich.remarks == ("Page 2 has no text.",)
    assert rows["b.txt"].remarks == ()
    assert rows["copy.txt"].remarks == ("It has the same content as b.txt.",)
    assert (rows["stale.txt"].indexed_at, rows["stale.txt"].failure) == (NOW, "it is broken")
    assert rows["stale.txt"].passages == 1
    failed = rows["a.bin"]
    assert (failed.title, failed.date, failed.pages, failed.indexed_at) == (None,) * 4
    assert (failed.passages, failed.failure) == (0, "a .bin file is not read")


# Published


def test_a_published_catalog_is_read_by_many_threads_and_written_by_none(tmp_path: Path) -> None:
    path = tmp_path / "a folder?#%20é" / "catalog.sqlite"
    path.parent.mkdir()
    catalog = Catalog.create(path)
    keys = [put(catalog, document_of(f"word{n} alpha", name=f"{n}.txt"))[0] for n in range(20)]
    catalog.commit()
    published = Catalog.open(path)

    def look(n: int) -> bool:
        (found,) = published.search(f"word{n}", 5)
        document = published.document(f"{n}.txt")
        return (
            found[0] == keys[n]
            and document is not None
            and published.passages([keys[n]])[keys[n]].text == f"word{n} alpha"
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look, [*range(20)] * 20))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        published.delete_file("a.txt")
    published.close()
    assert [entry.name for entry in path.parent.iterdir()] == ["catalog.sqlite"]


def test_a_table_is_found_from_any_of_its_passages(tmp_path: Path) -> None:
    rows = [f"| {number} " + "word " * 12 for number in range(9)]
    document = document_of("# Title", "Before it.", "! number words", *rows, "After it.")
    store = IndexStore(tmp_path)
    publish(store, document)
    with contextlib.closing(store.open(None).catalog) as catalog:
        keys = [key for key, _ in catalog.search("word number", 99)]
        places = catalog.table_places(keys)
        assert {(name, group) for name, group, _ in places} == {("notes.txt", 1)}
        assert len(places) > 2
        for _, _, offset in places:
            passages, is_whole = catalog.passages_of_group("notes.txt", 1, offset, 99)
            assert is_whole
            units = [u for p in passages for u in p.units if u.group == 1]
            assert [unit.span.of(document.text) for unit in units] == [
                "! number words",
                *(row.strip() for row in rows),
            ]
        passages, is_whole = catalog.passages_of_group("notes.txt", 1, places[0][2], 1)
        assert not is_whole
        assert 0 < len(passages) <= 2


def test_the_beginning_of_a_document_is_its_first_whole_blocks(catalog: Catalog) -> None:
    catalog.put_document(RICH, "2026-01-01")
    assert catalog.beginning(RICH.name, 1_000_000) == replace(RICH, doubtful=())
    for most in range(0, len(RICH.text) + 40, 3):
        found = catalog.beginning(RICH.name, most)
        assert found is not None
        assert found.text == RICH.text[:most]
        assert found.blocks == RICH.blocks[: len(found.blocks)]
        assert all(block.span.end <= most for block in found.blocks)
    assert catalog.beginning("no.txt", 10) is None


def test_a_document_of_many_blocks_is_unpacked_no_further_than_its_text(catalog: Catalog) -> None:
    many = document_of(*["* a"] * 20_000, name="many.txt")
    catalog.put_document(many, "2026-01-01")
    found = catalog.beginning("many.txt", 1_000)
    assert found is not None
    assert 20 < len(found.blocks) < 400
    assert found.blocks == many.blocks[: len(found.blocks)]
