from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import IndexMismatch, IndexMissing, UnknownDocument
from index.live import LiveIndex
from index.store import IndexStore
from tests.fakes import document_of, publish, recipe_of


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


def test_no_index_is_said_each_time_until_there_is_one(store: IndexStore) -> None:
    live = LiveIndex(store, recipe_of())
    for _ in range(2):
        with pytest.raises(IndexMissing):
            live.generation()
    publish(store, document_of("one", name="a.txt"))
    assert live.generation().number == 1


def test_a_generation_is_opened_once_and_again_when_another_is_published(
    store: IndexStore,
) -> None:
    publish(store, document_of("one", name="a.txt"))
    live = LiveIndex(store, recipe_of())
    first = live.generation()
    assert live.generation() is first
    publish(store, document_of("two", name="a.txt"))
    assert live.generation().number == 2
    assert live.document("a.txt").text == "two\n"
    store.rollback()
    assert live.generation().number == 1
    assert first.catalog.document("a.txt") is not None


def test_an_index_that_was_deleted_and_made_anew_is_noticed(store: IndexStore) -> None:
    publish(store, document_of("one", name="a.txt"))
    live = LiveIndex(store, recipe_of())
    assert live.document("a.txt").text == "one\n"
    shutil.rmtree(store.root)
    publish(store, document_of("two", name="a.txt"))
    assert live.document("a.txt").text == "two\n"


def test_another_recipe_is_refused_and_any_may_be_taken(store: IndexStore) -> None:
    publish(store, document_of("one", name="a.txt"))
    with pytest.raises(IndexMismatch):
        LiveIndex(store, recipe_of("other")).generation()
    assert LiveIndex(store, None).generation().number == 1


def test_a_name_that_is_not_there_brings_up_those_like_it(store: IndexStore) -> None:
    publish(store, document_of("one", name="norway.txt"), document_of("two", name="budget.txt"))
    live = LiveIndex(store, recipe_of())
    with pytest.raises(UnknownDocument, match=r"Did you mean norway\.txt\?") as caught:
        live.document("norwey.txt")
    assert caught.value.similar == ("norway.txt",)
    with pytest.raises(UnknownDocument) as caught:
        live.document("zzz")
    assert caught.value.similar == ()


def test_many_threads_see_whole_generations(store: IndexStore) -> None:
    publish(store, document_of("word 1", name="a.txt"))
    live = LiveIndex(store, recipe_of())

    def look(_: int) -> bool:
        generation = live.generation()
        document = generation.catalog.document("a.txt")
        return document is not None and document.text == f"word {generation.number}\n"

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look, n) for n in range(100)]
        for number in range(2, 8):
            publish(store, document_of(f"word {number}", name="a.txt"))
            store.prune()
        looks += [pool.submit(look, n) for n in range(100)]
        assert all(one.result() for one in looks)
    assert live.generation().number == 7
