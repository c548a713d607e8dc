"""The plan of a rollback, and the rollback."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.documents.reindexing.rollback import RollbackPlan, plan_rollback, roll_back
from index.document import Document
from index.errors import IndexBusy, IndexMissing, NothingToRollBack
from index.store.folder.generation_files import CATALOG
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish, recipe_of


def test_what_it_would_mean(store: IndexStore) -> None:
    first, second = document_of("First", name="d.txt"), document_of("Second", name="d.txt")
    kept = document_of("Kept", name="b.txt")
    publish(store, document_of("Old text", name="a.txt"), kept, first)
    publish(store, kept, document_of("New", name="c.txt"), second)
    assert plan_rollback(store, recipe_of()) == RollbackPlan(
        current=2,
        built_at=datetime(2026, 1, 6, 12, tzinfo=UTC),
        documents=3,
        returning=("a.txt",),
        changed=("d.txt",),
        leaving=("c.txt",),
    )


def test_not_to_what_another_model_made(store: IndexStore) -> None:
    publish(store, document_of("Old"), recipe=recipe_of("another"))
    publish(store, document_of("New"))
    with pytest.raises(NothingToRollBack, match="Generation 1, the one before, is damaged or"):
        plan_rollback(store, recipe_of())


def test_without_an_index(store: IndexStore) -> None:
    with pytest.raises(IndexMissing):
        plan_rollback(store, recipe_of())


def test_there_and_back(store: IndexStore) -> None:
    publish(store, document_of("Old"))
    publish(store, document_of("New"))
    assert roll_back(store, recipe_of(), 2) == 3
    with pytest.raises(NothingToRollBack, match="Another generation answers by now"):
        roll_back(store, recipe_of(), 2)
    assert roll_back(store, recipe_of(), 3) == 4


def test_not_while_somebody_changes_the_index(store: IndexStore) -> None:
    publish(store, document_of("Old"))
    publish(store, document_of("New"))
    with store.lock(), pytest.raises(IndexBusy):
        roll_back(store, recipe_of(), 2)
    assert store.pointer().current == 2


# Who may see what


def written(audience: str | None, name: str = "a.txt") -> Document:
    metadata = {} if audience is None else {"audience": audience}
    return replace(document_of("Text", name=name), metadata=metadata)


@pytest.mark.parametrize(
    ("before", "now"),
    [(None, "planners"), ("board", "planners"), ("planners", None), ("planners", "planners")],
)
@pytest.mark.parametrize("damaged", [False, True])
def test_what_is_for_others_since_does_not_come_back(
    store: IndexStore, before: str | None, now: str | None, damaged: bool
) -> None:
    same = written("board", "same.txt")
    publish(store, written(before), same)
    publish(store, written(now), same)
    if damaged:
        (store.directory(2) / CATALOG).write_bytes(b"")
    way, left = plan_rollback(store, recipe_of()), before != now
    assert way.leaving == (("a.txt",) if left and not damaged else ())
    assert (way.documents, way.changed) == ((1, ()) if left else (2, ()))
    assert roll_back(store, recipe_of(), 2) == 3
    names = store.open(None).catalog.document_names()
    assert names == ({"same.txt"} if left else {"a.txt", "same.txt"})
    if not damaged:  # and forward again
        assert roll_back(store, recipe_of(), 3) == 4
        assert store.open(None).catalog.versions()["a.txt"].audience == now


def test_what_is_hidden_is_not_told_of(store: IndexStore) -> None:
    publish(store, written(None), written(None, "b.txt"), document_of("Old", name="c.txt"))
    publish(store, written("planners"), written("board", "b.txt"), document_of("New", name="c.txt"))
    way = plan_rollback(
        store,
        recipe_of(),
        lambda generation: frozenset(
            {"a.txt"} if generation.number == 2 else {"a.txt", "b.txt", "c.txt"}
        ),
    )
    assert (way.documents, way.returning, way.changed, way.leaving) == (0, (), (), ("a.txt",))
