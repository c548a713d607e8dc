"""What going back a generation would mean, and doing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access import OPEN, Audience, Policy
from bot.documents.rollback import RollbackPlan, plan_rollback, roll_back
from bot.errors import NotAllowed
from index.document import Document
from index.errors import IndexBusy, IndexMissing, NothingToRollBack
from index.store.folder import IndexStore
from index.store.generation import VECTORS
from testing.fakes import document_of, publish, recipe_of


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


def test_what_it_would_mean(store: IndexStore) -> None:
    publish(store, document_of("Old text", name="a.txt"), document_of("Kept", name="b.txt"))
    publish(store, document_of("Kept", name="b.txt"), document_of("New", name="c.txt"))
    assert plan_rollback(store, recipe_of()) == RollbackPlan(
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
        plan_rollback(store, recipe_of())


def test_without_an_index(store: IndexStore) -> None:
    with pytest.raises(IndexMissing):
        plan_rollback(store, recipe_of())


def test_there_and_back(store: IndexStore) -> None:
    publish(store, document_of("Old"))
    publish(store, document_of("New"))
    assert roll_back(store, recipe_of(), 2) == 1
    with pytest.raises(NothingToRollBack, match="Another generation answers by now"):
        roll_back(store, recipe_of(), 2)
    assert roll_back(store, recipe_of(), 1) == 2


def test_not_while_somebody_changes_the_index(store: IndexStore) -> None:
    publish(store, document_of("Old"))
    publish(store, document_of("New"))
    with store.lock(), pytest.raises(IndexBusy):
        roll_back(store, recipe_of(), 2)
    assert store.pointer().current == 2


# Who may see what


PLANNERS, BOARD = Audience(roles=frozenset({22})), Audience(roles=frozenset({33}))
POLICY = Policy(
    audiences={"open": OPEN, "planners": PLANNERS, "board": BOARD}, path=Path("policy.toml")
)


def written(audience: str | None, name: str = "a.txt") -> Document:
    metadata = {} if audience is None else {"audience": audience}
    return replace(document_of("Text", name=name), metadata=metadata)


@pytest.mark.parametrize(
    ("before", "now", "reopened"),
    [
        (None, "planners", True),
        ("board", "planners", True),
        ("planners", None, True),  # they may be of another server
        ("planners", "planners", False),
        (None, "open", False),
    ],
)
def test_what_was_closed_since_is_not_reopened_by_who_does_not_see_all(
    store: IndexStore, before: str | None, now: str | None, reopened: bool
) -> None:
    same = written("board", "same.txt")
    publish(store, written(before), same)
    publish(store, written(now), same)
    assert plan_rollback(store, recipe_of(), policy=POLICY).reopened == (
        ("a.txt",) if reopened else ()
    )
    if reopened:
        with pytest.raises(NotAllowed):
            roll_back(store, recipe_of(), 2, POLICY)
        assert store.pointer().current == 2
    else:
        assert roll_back(store, recipe_of(), 2, POLICY) == 1


def test_what_only_one_of_them_has_is_not_reopened(store: IndexStore) -> None:
    publish(store, written(None), written(None, "gone.txt"))
    publish(store, written(None), written("planners", "new.txt"))
    assert plan_rollback(store, recipe_of(), policy=POLICY).reopened == ()
    assert roll_back(store, recipe_of(), 2, POLICY) == 1


def test_what_is_hidden_is_not_told_of(store: IndexStore) -> None:
    publish(store, written(None), written(None, "b.txt"))
    publish(store, written("planners"), written("board", "b.txt"))
    way = plan_rollback(
        store,
        recipe_of(),
        lambda generation: frozenset({"a.txt"} if generation.number == 2 else {"a.txt", "b.txt"}),
        POLICY,
    )
    assert way.reopened == ("a.txt",)


def test_from_a_damaged_one_nobody_knows_what_would_be_reopened(store: IndexStore) -> None:
    publish(store, written(None))
    publish(store, written(None))
    (store.directory(2) / VECTORS).write_bytes(b"")
    with pytest.raises(NotAllowed):
        roll_back(store, recipe_of(), 2, POLICY)
    assert roll_back(store, recipe_of(), 2) == 1
