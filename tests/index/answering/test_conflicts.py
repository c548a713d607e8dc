"""Conflicts that are not listed, or listed though nothing contradicts what holds."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest

from index.answering.conflicts import Conflicts, conflicts_in
from index.claims.reading import read
from index.decisions import Decisions
from index.document import Document
from index.store.folder.store import IndexStore
from testing.budget import HARDENING
from testing.fakes import document_of, publish

TODAY = date(2026, 6, 1)
RULES = document_of("# Rules", "The daily allowance abroad is 72 euros.", name="rules.md")
BOOK = document_of("# Book", "The daily allowance abroad is 68 euros.", name="book.md")
SAME = document_of("# Card", "The daily allowance abroad is 72 EUR.", name="card.md")


def conflicts(
    store: IndexStore,
    *documents: Document,
    names: Collection[str] | None = None,
    decisions: Decisions | None = None,
) -> Conflicts:
    publish(store, *documents)
    generation = store.open(None)
    try:
        return conflicts_in(generation, names, decisions or Decisions(), TODAY)
    finally:
        generation.catalog.close()


def said(found: Conflicts) -> list[list[tuple[str, str]]]:
    return [
        [(side.excerpt.document, side.value.text) for side in each.sides] for each in found.found
    ]


def test_each_is_listed_once_with_all_that_say_it(store: IndexStore) -> None:
    found = conflicts(store, RULES, BOOK, SAME)
    assert said(found) == [
        [("rules.md", "72 euros"), ("card.md", "72 EUR"), ("book.md", "68 euros")]
    ]
    (conflict,) = found.found
    assert found.is_whole
    assert len(conflict.pairs) == 2
    for side in conflict.sides:
        assert side.excerpt.span.contains(side.value.span)


def test_what_may_not_be_seen_has_no_part(store: IndexStore) -> None:
    assert not conflicts(store, RULES, BOOK, names=["rules.md"]).found
    alone = conflicts(store, RULES, SAME, BOOK, names=["rules.md", "book.md"])
    assert alone == conflicts(store, RULES, BOOK)


def test_what_is_replaced_or_no_longer_holds_is_left_out(store: IndexStore) -> None:
    replaced = Decisions(confirmed=frozenset({("book.md", "rules.md")}))
    assert not conflicts(store, RULES, BOOK, decisions=replaced).found
    expired = document_of(
        "# Book",
        "Valid until 1 March 2026",
        "The daily allowance abroad is 68 euros.",
        name="book.md",
    )
    assert not conflicts(store, RULES, expired).found


def test_a_settled_one_comes_back_when_a_statement_changes(store: IndexStore) -> None:
    found = conflicts(store, RULES, BOOK)
    settled = found.found[0].pairs
    assert not found.without(settled).found
    changed = document_of("# Book", "The daily allowance abroad is 65 euros.", name="book.md")
    assert conflicts(store, RULES, changed).without(settled).found
    moved = document_of(
        "# Book", "Hello.", "The daily allowance abroad is 68 euros.", name="book.md"
    )
    assert not conflicts(store, RULES, moved).without(settled).found


@pytest.mark.search
def test_the_same_statement_in_many_documents_takes_no_time(store: IndexStore) -> None:
    many = [
        replace(
            document_of("# Rules", f"The daily allowance abroad is {number} euros."),
            name=f"rules-{number}.md",
        )
        for number in range(20, 320 if HARDENING else 170)
    ]
    began = time.process_time()
    found = conflicts(store, *many)
    assert time.process_time() - began < (20 if HARDENING else 8)
    assert not found.is_whole
    assert found.found


def test_a_statement_is_read_once_for_all_that_it_is_compared_with(store: IndexStore) -> None:
    things = "allowance curfew deposit insurance mileage pension reserve stipend voucher".split()
    sentences = [f"The daily {thing} abroad is 72 euros." for thing in things]
    documents = [document_of(*sentences, name=f"{number}.md") for number in range(40)]
    before = read.cache_info()
    conflicts(store, *documents)
    after = read.cache_info()
    assert after.hits - before.hits > 10_000
    assert after.misses - before.misses <= 1.1 * len(things) * len(documents)


def test_documents_made_alike_on_different_things_contradict_nothing(store: IndexStore) -> None:
    """Two sites, each described in the same sentences; but two rules of the same, in one figure."""
    form = (
        "The warehouse opens at {}:00 for drivers with a pass.",
        "The nearest hospital is {} km away by road.",
        "Visitors must register {} hours in advance at the gate.",
    )
    sites = [
        document_of(*(line.format(number) for line in form), name=name, title=name.title())
        for name, number in (("karsk", 7), ("velin", 9))
    ]
    assert not conflicts(store, *sites).found
    same = [line.format(7) for line in form]
    copies = [
        document_of(*same, "The wire fence of the yard is 300 metres long.", name="yard.md"),
        document_of(*same, "The wire fence of the yard is 420 metres long.", name="copy.md"),
    ]
    assert said(conflicts(store, *copies)) == [
        [("yard.md", "300 metres"), ("copy.md", "420 metres")]
    ]


@pytest.mark.parametrize(
    ("title", "text", "is_update"),
    [
        ("Book", "The daily allowance abroad is raised to 75 euros.", True),
        ("Amendment 2 to the rules for drivers", "The daily allowance abroad is 75 euros.", True),
        ("Book", "The daily allowance abroad is 75 euros.", False),
    ],
)
def test_what_says_that_it_changes_the_older_contradicts_nothing(
    store: IndexStore, title: str, text: str, is_update: bool
) -> None:
    old = document_of(
        "Date: 1 March 2026",
        "The daily allowance abroad is 72 euros.",
        name="old.md",
        title="Rules for drivers",
    )
    new = document_of("Date: 1 April 2026", text, name="new.md", title=title)
    assert bool(conflicts(store, old, new).found) is not is_update
