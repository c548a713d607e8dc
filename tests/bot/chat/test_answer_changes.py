"""What is told as a change, and what is none, of what a question is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.answer_changes import AnswerChange, baseline_of, cannot_differ, change_of, stands
from index.answering.answer import (
    CitedCell,
    Computed,
    Excerpt,
    ListedDocument,
    QuestionKind,
    Reply,
    Response,
    Says,
    Standing,
    Successor,
    Verdict,
)
from index.answering.outlook import Outlook, digest_of
from index.document import Span
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish, recipe_of
from testing.samples import WATCH

OLD, OTHER = "Ines signs the lease.", "The roof leaks."


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Two documents as they are now."""
    store = IndexStore(tmp_path)
    publish(
        store,
        document_of("# Lease", f"Look!  {OLD}", "Olga signs it now.", name="lease.md"),
        document_of("# Roof", OTHER, name="roof.md"),
    )
    return store.open(recipe_of()).catalog


def excerpt(quote: str, document: str = "lease.md", start: int = 0) -> Excerpt:
    span = Span(start, start + len(quote))
    return Excerpt(1, quote, document, "Lease", (), None, span, "p", 1.0)


def response(*excerpts: Excerpt, **changes: object) -> Response:
    made = Response("who signs?", Verdict.ANSWERED, 0.9, 1, excerpts=excerpts)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def change(before: Response, now: Response, catalog: Catalog, *known: str) -> AnswerChange | None:
    units = frozenset(map(digest_of, known))
    baseline = baseline_of(before, Outlook(units, units), (), "")
    return change_of(baseline, now, (), catalog, None)


def test_the_same_words_at_another_place_are_no_change(catalog: Catalog) -> None:
    moved = replace(excerpt("Ines signs\nthe  lease.", start=40), number=2, page=3)
    assert change(response(excerpt(OLD)), response(moved), catalog) is None


def test_words_that_stand_and_are_not_shown_are_no_change(catalog: Catalog) -> None:
    assert change(response(excerpt(OLD)), response(), catalog) is None


def test_words_that_bore_on_it_before_are_not_new(catalog: Catalog) -> None:
    document = catalog.document("lease.md")
    assert document is not None
    new = excerpt("Olga signs it now.", start=document.text.index("Olga"))
    before, now = response(excerpt(OLD)), response(excerpt(OLD), new)
    assert change(before, now, catalog, new.quote) is None
    assert change(before, now, catalog) == AnswerChange()


def test_words_that_are_gone_are_shown_beside_what_is_said_now(catalog: Catalog) -> None:
    gone, kept = excerpt("Ivar signs the lease."), excerpt(OTHER, "roof.md")
    assert change(response(gone, kept), response(kept), catalog) == AnswerChange(before=(gone,))


def test_words_of_a_document_that_is_gone_are_not_shown(catalog: Catalog) -> None:
    gone = excerpt(OLD, "gone.md")
    assert change(response(gone), response(), catalog) == AnswerChange(is_lost=True)


def test_words_of_a_document_that_may_not_be_seen_are_not_shown(catalog: Catalog) -> None:
    baseline = baseline_of(response(excerpt(OLD)), Outlook(frozenset(), frozenset()), (), "")
    found = change_of(baseline, response(), (), catalog, frozenset({"roof.md"}))
    assert found == AnswerChange(is_lost=True)
    assert not stands(excerpt(OLD), catalog, frozenset({"roof.md"}))


def test_computed_values_and_lists_are_compared(catalog: Catalog) -> None:
    cell = CitedCell("roof.md", "3", Span(0, 1), "Litres", "Tank")
    three, four = Computed("sum", "3", (cell,)), Computed("sum", "4", (cell,))
    found = change(response(computed=(three,)), response(computed=(four,)), catalog)
    assert found == AnswerChange(said=("The sum, computed: 3",))
    listed = [ListedDocument(name, name) for name in ("lease.md", "roof.md")]
    one, both = response(documents=tuple(listed[:1])), response(documents=tuple(listed))
    assert change(both, one, catalog) == AnswerChange(said=("roof.md",))
    assert change(one, both, catalog) == AnswerChange()


def test_that_days_go_by_is_no_change(catalog: Catalog) -> None:
    def dated(days: int) -> Response:
        reply = Reply(Says.DATED, {"title": "Lease", "date": "2026-01-19", "days": days})
        return response(kind=QuestionKind.COLLECTION, replies=(reply,))

    assert change(dated(1), dated(2), catalog) is None


def test_a_document_that_is_replaced_since_is_told_once(catalog: Catalog) -> None:
    standing = Standing("lease.md", "Lease", replaced_by=Successor("roof.md", "Roof", None))
    said, none = response(excerpt(OLD)), Outlook(frozenset(), frozenset())
    before = baseline_of(said, none, (), "")
    found = change_of(before, said, (standing,), catalog, None)
    assert found == AnswerChange(replaced=(standing,))
    after = baseline_of(said, none, (standing,), "")
    assert change_of(after, said, (standing,), catalog, None) is None
    newer = replace(standing, replaced_by=Successor("yard.md", "Yard", None))
    assert change_of(after, said, (newer,), catalog, None) is None


@pytest.mark.parametrize(
    ("kind", "near", "every", "hours", "is_known"),
    [
        (QuestionKind.FACT, ("a",), ("a", "new"), -1, True),
        (QuestionKind.FACT, ("new",), ("a", "new"), 1, False),
        (QuestionKind.TABLE, ("a",), ("a", "b"), 1, True),
        (QuestionKind.TABLE, ("a",), ("a", "new"), 1, False),
        (QuestionKind.TABLE, ("a",), ("a", "b"), -1, False),
        (QuestionKind.SUMMARY, ("a",), ("a", "b"), 1, True),
        (QuestionKind.SUMMARY, ("a",), ("a", "b"), -1, False),
        (QuestionKind.COLLECTION, ("a",), ("a", "b"), 1, False),
    ],
)
def test_only_what_may_be_answered_otherwise_is_asked_again(
    catalog: Catalog,
    kind: QuestionKind,
    near: tuple[str, ...],
    every: tuple[str, ...],
    hours: int,
    is_known: bool,
) -> None:
    """The watch began so many hours after the documents were indexed."""
    indexed = datetime.fromisoformat(catalog.indexed_at("lease.md") or "")
    known = Outlook(frozenset(), frozenset("ab"))
    before = baseline_of(response(excerpt(OLD)), known, (), "")
    began = indexed + timedelta(hours=hours)
    watch = replace(WATCH, question_kind=kind, began=began, baseline=before)
    outlook = Outlook(frozenset(near), frozenset(every), frozenset({"lease.md"}))
    assert cannot_differ(watch, outlook, catalog, None) is is_known
    assert not cannot_differ(watch, outlook, catalog, frozenset({"roof.md"}))


@pytest.mark.parametrize(
    ("listed", "listing", "is_known"),
    [
        ("lease.md", "as they were", True),
        ("lease.md", "as they are now", False),
        ("gone.md", "as they were", False),
    ],
)
def test_a_list_is_made_again_where_a_document_that_may_be_on_it_came_changed_or_left(
    catalog: Catalog, listed: str, listing: str, is_known: bool
) -> None:
    texts = frozenset({"a", "as they were"})
    before = response(kind=QuestionKind.COLLECTION, documents=(ListedDocument(listed, listed),))
    baseline = baseline_of(before, Outlook(texts, texts), (), "")
    watch = replace(WATCH, question_kind=QuestionKind.COLLECTION, baseline=baseline)
    outlook = Outlook(texts, texts | {"new"}, frozenset(), listing)
    assert cannot_differ(watch, outlook, catalog, None) is is_known
