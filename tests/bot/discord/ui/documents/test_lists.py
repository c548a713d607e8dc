"""Pages of a list of documents, found without rendering all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering.documents.sources import document_rows
from bot.discord.rendering.message import MessagePart, size
from bot.discord.ui.documents import lists
from bot.discord.ui.documents.held_back import AdminNotes
from bot.discord.ui.documents.lists import documents_page
from bot.library import Library
from index.decisions import Review
from index.store.catalog.document_table import DocumentRow
from tests.bot.discord.rendering.sent import check, texts_of

ROW = DocumentRow(
    name="reports/area-7/report number 12 on the supply of places.docx",
    title="Report number 12 on the supply of places in the northern area",
    date="2025-03-01",
    pages=5,
    passages=9,
    indexed_at="2026-01-01T00:00:00+00:00",
    failure=None,
    remarks=("Page 3 has no text.",),
)
REVIEW = Review("ab", "2026-12-30", "2027-12-30", by_owner=True)
TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("*_<@`|~\\ \u200b\u202e\u3164אع🦓\U000e0001")),
    min_size=1,
    max_size=900,
)
ROWS = st.builds(
    DocumentRow,
    name=TEXT,
    title=st.none() | TEXT,
    date=st.none() | TEXT,
    pages=st.none() | st.integers(1, 99_999),
    passages=st.integers(0, 999_999),
    indexed_at=st.none() | st.just(ROW.indexed_at),
    failure=st.none() | TEXT,
    remarks=st.lists(TEXT, max_size=2).map(tuple),
)


@pytest.fixture(autouse=True, scope="module")
def nothing_overdue() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "overdue_button", lambda *_: [])
        yield


def page_of(rows: Sequence[DocumentRow], number: int) -> list[MessagePart]:
    library = SimpleNamespace(
        rows=lambda _: list(rows), review_of=lambda _: REVIEW, successors=lambda _: {}
    )
    today = date(2026, 11, 30)
    return documents_page(cast("Library", library), "", number, today, False, AdminNotes())


@given(ROWS)
def test_a_row_takes_no_more_than_is_reckoned_with(row: DocumentRow) -> None:
    assert size(
        document_rows([row], how_read=True, reviews={row.name: REVIEW})
    ) <= lists._most_units(row)


@given(st.lists(ROWS, min_size=1, max_size=20), st.integers(1, 20))
def test_a_page_is_one_message(rows: list[DocumentRow], page: int) -> None:
    (part,) = page_of(rows, page)
    check(part)


def test_eight_usual_documents_are_on_a_page() -> None:
    rows = [replace(ROW, name=f"{n} {ROW.name}", title=f"{ROW.title}, {n}.") for n in range(17)]
    shown = [page_of(rows, page) for page in (1, 2, 3, 4)]
    counts = ["".join(texts_of(part)).count(", ") for (part,) in shown]
    assert counts == [8, 8, 1, 1]


def test_only_what_is_on_the_page_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[DocumentRow] = []

    def noted(documents: Sequence[DocumentRow], **options: Any) -> list[MessagePart]:
        written.extend(documents)
        return document_rows(documents, **options)

    monkeypatch.setattr(lists, "document_rows", noted)
    page_of([ROW] * 1_000, 3)
    assert len(written) == 8
