"""Documents found by their names and by how they begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.store.catalog.catalog import Catalog
from testing.fakes import document_of

NAMES = {
    "BESTBUY_2017_10K.pdf": "FORM 10-K of a retailer",
    "BESTBUY_2018_10K.pdf": "FORM 10-K of a retailer",
    "GENERALMILLS_2017_10K.pdf": "FORM 10-K of a miller",
    "scan-001.pdf": "Annual report of CORAL ENERGY for 2016",
    "scan-002.pdf": "Annual report of CORAL ENERGY for 2019",
    "minutes/2026-03-12.txt": "Who was there",
    **{f"notes/{n}.txt": "Some note on energy and on reports" for n in range(20)},
}


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    catalog = Catalog.create(Path(":memory:"))
    for name, text in NAMES.items():
        catalog.put_document(document_of(text, name=name, title="Report"), "")
    yield catalog
    catalog.close()


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("What were the net sales of Best Buy in 2017?", "BESTBUY_2017_10K.pdf"),
        ("best buy fy18 inventories", "BESTBUY_2018_10K.pdf"),
        ("General Mills, fiscal 2017: dividends", "GENERALMILLS_2017_10K.pdf"),
        ("What was the debt of Coral Energy in 2019?", "scan-002.pdf"),
        ("what was said on 12 March", "minutes/2026-03-12.txt"),
    ],
)
def test_the_document_that_is_meant(catalog: Catalog, asked: str, first: str) -> None:
    assert next(iter(catalog.search_documents(asked, 3))) == first


def test_words_of_no_name_find_nothing_by_how_documents_begin(catalog: Catalog) -> None:
    assert catalog.search_documents("Who pays for energy?", 3) == {}


def test_hidden_documents_change_no_score(catalog: Catalog) -> None:
    seen = {"BESTBUY_2017_10K.pdf", "GENERALMILLS_2017_10K.pdf", "notes/1.txt", "notes/2.txt"}
    alone = Catalog.create(Path(":memory:"))
    for name in sorted(seen):
        alone.put_document(document_of(NAMES[name], name=name, title="Report"), "")
    asked = "net sales of Best Buy in 2017"
    assert catalog.search_documents(asked, 9, seen) == alone.search_documents(asked, 9)
    alone.close()


def test_a_document_that_is_gone_is_not_found(catalog: Catalog) -> None:
    catalog.delete_document("BESTBUY_2017_10K.pdf")
    assert "BESTBUY_2017_10K.pdf" not in catalog.search_documents("Best Buy 2017", 9)
