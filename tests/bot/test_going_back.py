"""What going back a generation would mean, and doing it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.going_back import WayBack, go_back, way_back
from index.errors import IndexBusy, IndexMissing, NothingToRollBack
from index.store import IndexStore
from tests.fakes import document_of, publish, recipe_of


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


def test_what_it_would_mean(store: IndexStore) -> None:
    publish(store, document_of("Old text", name="a.txt"), document_of("Kept", name="b.txt"))
    publish(store, document_of("Kept", name="b.txt"), document_of("New", name="c.txt"))
    assert way_back(store, recipe_of()) == WayBack(
        current=2,
        previous=1,
        built_at=datetime(2026, 1, 6, 12, tzinfo=UTC),
        documents=2,
        passages=2,
        returning=("a.txt",),
        leaving=("c.txt",),
    )


def test_not_to_what_another_model_made(store: IndexStore) -> None:
    publish(store, document_of("Old"), recipe=recipe_of("another"))
    publish(store, document_of("New"))
    with pytest.raises(NothingToRollBack, match="Generation 1, the one before, is damaged or"):
        way_back(store, recipe_of())


def test_without_an_index(store: IndexStore) -> None:
    with pytest.raises(IndexMissing):
        way_back(store, recipe_of())


def test_there_and_back(store: IndexStore) -> None:
    publish(store, document_of("Old"))
    publish(store, document_of("New"))
    assert go_back(store, recipe_of(), 2) == 1
    with pytest.raises(NothingToRollBack, match="Another generation answers by now"):
        go_back(store, recipe_of(), 2)
    assert go_back(store, recipe_of(), 1) == 2


def test_not_while_somebody_changes_the_index(store: IndexStore) -> None:
    publish(store, document_of("Old"))
    publish(store, document_of("New"))
    with store.lock(), pytest.raises(IndexBusy):
        go_back(store, recipe_of(), 2)
    assert store.pointer().current == 2
