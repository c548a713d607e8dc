from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.answer import Excerpt, Quote
from index.answering.excerpts.quoting import excerpt_at
from index.answering.excerpts.verification import verify
from index.document import Span
from index.errors import ExcerptMismatch
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish

NOTES = document_of("Oslo decides alone.", "! year sum", "| 2026 5", "| 2027 6")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    store = IndexStore(tmp_path)
    publish(store, NOTES)
    catalog = store.open(None).catalog
    yield catalog
    catalog.close()


def excerpt_of(text: str, catalog: Catalog) -> Excerpt:
    start = NOTES.text.index(text)
    found = excerpt_at(NOTES.name, Span(start, start + len(text)), catalog)
    assert found is not None
    return found


def test_what_the_document_says_passes(catalog: Catalog) -> None:
    row = excerpt_of(row_text(), catalog)
    assert row.header is not None
    verify([excerpt_of("Oslo decides alone.", catalog), row], catalog)


def test_an_excerpt_that_is_not_what_the_document_says_raises(catalog: Catalog) -> None:
    excerpt = excerpt_of("Oslo decides alone.", catalog)
    for wrong in (
        replace(excerpt, quote="Oslo decides alone!"),
        replace(excerpt, span=Span(excerpt.span.start + 1, excerpt.span.end + 1)),
        replace(excerpt, document="gone.txt"),
    ):
        with pytest.raises(ExcerptMismatch, match="is not what the document says"):
            verify([wrong], catalog)


def test_a_header_that_is_not_what_the_document_says_raises(catalog: Catalog) -> None:
    row = excerpt_of(row_text(), catalog)
    assert row.header is not None
    with pytest.raises(ExcerptMismatch):
        verify([replace(row, header=Quote("year total", row.header.span))], catalog)


def row_text() -> str:
    return next(line for line in NOTES.text.splitlines() if "2026" in line)
