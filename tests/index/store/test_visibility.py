"""Visibility classes: which documents share one, and the filters that are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.document import AUDIENCE
from index.ports import Filter
from index.store.catalog.catalog import Catalog
from index.store.visibility import class_of
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
