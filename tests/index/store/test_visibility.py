"""Visibility classes: which documents share one, and the filters that are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import Path

import pytest

from index.document import AUDIENCE
from index.ports import Filter
from index.sources.folder import FileState
from index.store.catalog.catalog import Catalog
from index.store.visibility import FileClass, class_of, file_class
from testing.fakes import document_of


@pytest.mark.parametrize(
    ("name", "stated", "outer", "expected"),
    [
        ("plan.md", {}, {}, '["",null]'),
        ("board/plan.md", {}, {}, '["board",null]'),
        ("board/plan.md", {AUDIENCE: "board"}, {}, '["board","board"]'),
        ("a/mail.eml/x.md", {}, {"a/mail.eml": "board"}, '["a/mail.eml","board",null]'),
        ("a/z.zip/x.md", {AUDIENCE: "all"}, {"a/z.zip": None}, '["a/z.zip",null,"all"]'),
    ],
)
def test_a_class_is_a_folder_and_what_is_stated_on_the_way(
    name: str, stated: dict[str, str], outer: dict[str, str | None], expected: str
) -> None:
    document = replace(document_of("text", name=name), metadata=stated)
    assert class_of(document, outer) == expected


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    catalog = Catalog.create(Path(":memory:"))
    for name in ("a/1", "a/2", "b/1", "b/2", "c"):
        catalog.put_document(document_of("text", name=name), "")
    yield catalog
    catalog.close()


def test_a_filter_names_whole_classes_and_documents_of_others(catalog: Catalog) -> None:
    seen = catalog.filter_of(["b/1", "a/2", "a/1", "unread"])
    assert seen == Filter(frozenset(['["a",null]']), frozenset(["b/1"]))
    assert catalog.filter_of([]) == Filter()
    assert catalog.filter_of(None) is None


def test_a_mail_states_the_audience_of_what_lies_in_it(catalog: Catalog) -> None:
    mail = document_of("text", name="m.eml")
    catalog.put_document(replace(mail, metadata={AUDIENCE: "board"}), "")
    for name in ("m.eml/x", "m.eml/y"):
        catalog.put_document(replace(document_of("text", name=name), file="m.eml"), "")
    both = catalog.filter_of(["m.eml/x", "m.eml/y"])
    assert both == Filter(frozenset(['["m.eml","board",null]']))


def test_a_class_is_whole_without_what_was_removed(catalog: Catalog) -> None:
    assert catalog.filter_of(["b/1"]) == Filter(frozenset(), frozenset(["b/1"]))
    catalog.delete_document("b/2")
    assert catalog.filter_of(["b/1"]) == Filter(frozenset(['["b",null]']))


A, B, C = '["a",null]', '["b",null]', '["",null]'


@pytest.mark.parametrize(
    ("allowed", "others", "expected"),
    [
        (Filter(), [], []),
        (Filter(frozenset([A, B])), [], ["a/1", "a/2", "b/1", "b/2"]),
        (Filter(frozenset([A]), frozenset(["b/2"])), [], ["a/1", "a/2", "b/2"]),
        (Filter(frozenset([C])), ["unread", "a/unread"], ["c", "unread", "a/unread"]),
    ],
)
def test_visible_names_are_a_set_like_any_other(
    catalog: Catalog, allowed: Filter, others: list[str], expected: list[str]
) -> None:
    names = catalog.visible_names(allowed, frozenset(others))
    every = ["a/1", "a/2", "b/1", "b/2", "c", "unread", "a/unread", "gone"]
    plain = frozenset(expected)
    assert [name in names for name in every] == [name in plain for name in every]
    assert (frozenset(names), len(names), bool(names)) == (plain, len(plain), bool(plain))
    for other in (frozenset(["a/1", "gone"]), frozenset(["a/1"]), plain, frozenset(every)):
        assert (names & other, other & names) == (plain & other,) * 2
        assert (names - other, other - names) == (plain - other, other - plain)
        assert (names <= other, names >= other) == (plain <= other, plain >= other)
        assert (other <= names, other >= names) == (other <= plain, other >= plain)
        assert (names == other) == (plain == other)
    assert catalog.filter_of(names) is allowed


def test_visible_names_of_two_viewers_are_compared(catalog: Catalog) -> None:
    def names(*classes: str, documents: tuple[str, ...] = ()) -> Set[str]:
        return catalog.visible_names(Filter(frozenset(classes), frozenset(documents)))

    assert names(A) <= names(A, B)
    assert not names(A, B) <= names(A)
    assert names(documents=("a/1",)) <= names(A)
    assert names(A) <= names(documents=("a/1", "a/2"))
    assert not names(A) <= names(documents=("a/1",))
    assert names(A) == names(A) != names(A, B)
    assert len({names(A), names(A), names(B)}) == 2


def test_names_of_another_catalog_are_looked_up(catalog: Catalog) -> None:
    other = Catalog.create(Path(":memory:"))
    other.put_document(document_of("text", name="a/1"), "")
    names = other.visible_names(Filter(frozenset([A])))
    assert catalog.filter_of(names) == Filter(frozenset(), frozenset(["a/1"]))
    assert names <= catalog.visible_names(Filter(frozenset([A])))
    other.close()


def test_a_class_says_its_folder_and_audience() -> None:
    assert file_class('["board","all"]') == FileClass("board", "all")
    assert file_class('["a/mail.eml","board",null]') is None


def test_sizes_of_classes_and_files_without_document(catalog: Catalog) -> None:
    assert catalog.class_sizes() == {A: 2, B: 2, C: 1}
    for name in ("a/1", "b/unread"):
        catalog.put_file(name, FileState(1, 1, 1, 1), None)
    assert catalog.files_without_document() == {"b/unread"}
    assert catalog.names_in([B, C]) == ["b/1", "b/2", "c"]
    assert catalog.classes_of(["a/1", "c", "gone"]) == {A, C}


def test_which_names_are_seen_is_asked_once_for_all(catalog: Catalog) -> None:
    catalog.put_document(document_of("text", name="a/y.zip"), "")
    names = catalog.visible_names(
        Filter(frozenset(['["a",null]']), frozenset(["b/1"])), frozenset(["unread.pdf"])
    )
    asked: list[str] = []
    catalog._db.set_trace_callback(asked.append)  # type: ignore[attr-defined]
    wanted = {"a/1", "b/1", "b/2", "unread.pdf", "nowhere"}
    assert wanted & names == names & wanted == {"a/1", "b/1", "unread.pdf"}
    assert [name in names for name in sorted(wanted)] == [True, True, False, False, True]
    assert len(asked) == 1
    assert not names & frozenset()
    assert set(names) == {"a/1", "a/2", "a/y.zip", "b/1", "unread.pdf"}
