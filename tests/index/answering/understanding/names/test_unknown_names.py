from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.answering.understanding.names.unknown_names import unknown_names
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    store = IndexStore(tmp_path)
    publish(
        store,
        document_of("The Norwegian force guards the border in 2026.", name="force.txt"),
        document_of("Jonas Berg speaks of Denmark.", name="denmark.txt"),
    )
    generation = store.open(None)
    yield generation.catalog
    generation.catalog.close()


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What roles would Sweden's force take?", ["Sweden"]),
        ("what roles would sweden's force take?", ["sweden"]),
        ("Sweden's force: who leads it, and in 1998?", ["Sweden", "1998"]),
        ("Does Eirik Kristoffersen guard the border?", ["Eirik Kristoffersen"]),
        ("Does Jonas Kristoffersen guard the border?", ["Kristoffersen"]),
        ("Is Oslo or Bergen named? Is Oslo?", ["Oslo", "Bergen"]),
    ],
)
def test_names_and_years_that_stand_nowhere(
    catalog: Catalog, question: str, names: list[str]
) -> None:
    assert list(unknown_names(question, catalog)) == names


@pytest.mark.parametrize(
    "question",
    [
        "Does Norway guard the border in 2026?",
        "Do Norwegians guard the Danish borders?",
        "Tell me what happened to the tanks",
        "Describe sourdough bread",
        "What Does The Ambassador Of Oslo Say",
        "WHAT DOES OSLO SAY",
        "What does the OECD say?",
        "How many F-35 and B2 are there, 30,000?",
        "",
    ],
)
def test_nothing_is_said_where_it_may_be_untrue_or_odd(catalog: Catalog, question: str) -> None:
    assert unknown_names(question, catalog) == ()


def test_only_the_passages_that_may_be_seen_count(catalog: Catalog) -> None:
    allowed = catalog.filter_of(["force.txt"])
    assert unknown_names("What does Denmark say?", catalog, allowed) == ("Denmark",)
    assert unknown_names("What does Norway say?", catalog, allowed) == ()
