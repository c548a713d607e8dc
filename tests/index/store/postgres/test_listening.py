"""Bots hear of a new generation, so no question has to read the pointer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.store.current import CurrentGeneration
from index.store.ports import Stamp
from index.store.postgres import listening
from index.store.postgres.connection import Server
from index.store.postgres.store import PostgresStore
from testing.clock import wait_until
from testing.fakes import document_of, publish, recipe_of
from testing.postgres import index_database
from tests.index.store.postgres.tables.test_copies import CountingServer
from tests.index.store.postgres.test_store import CUT

pytestmark = pytest.mark.slow
_PATIENCE = 60.0


@pytest.fixture
def url(postgres_server: str) -> Iterator[str]:
    with index_database(postgres_server) as url:
        yield url


@pytest.fixture
def writing(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(Server(url))
    publish(store, document_of("One.", name="a.txt"))
    yield store
    store.close()


@pytest.fixture
def store(url: str, writing: PostgresStore) -> Iterator[PostgresStore]:
    """A store that listens, in another process as far as it knows."""
    store = PostgresStore(CountingServer(url))
    store.listen()
    yield store
    store.close()


def trips(store: PostgresStore) -> int:
    assert isinstance(store.server, CountingServer)
    return store.server.trips


def looks_no_more(store: PostgresStore) -> bool:
    before = trips(store)
    store.stamp()
    return trips(store) == before


def test_what_another_publishes_is_heard(store: PostgresStore, writing: PostgresStore) -> None:
    current = CurrentGeneration(store, recipe_of())
    first = current.generation()
    wait_until(lambda: looks_no_more(store))
    before = trips(store)
    for _ in range(10):
        assert current.generation() is first
    assert trips(store) == before
    publish(writing, document_of("Two.", name="b.txt"), base=first.number)
    wait_until(lambda: current.generation().number > first.number)


def test_what_is_to_be_fresh_is(store: PostgresStore, writing: PostgresStore) -> None:
    current = CurrentGeneration(store, recipe_of())
    wait_until(lambda: looks_no_more(store))
    for number in range(3):
        before = current.generation(fresh=True).number
        publish(writing, document_of("Two.", name=f"{number}.txt"), base=before)
        assert current.generation(fresh=True).number == before + 1


def test_who_hears_nothing_looks(
    store: PostgresStore, writing: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_TRUSTED", 0.0)
    before = store.stamp()
    publish(writing, document_of("Two.", name="b.txt"), base=1)
    assert store.stamp() != before


def test_who_was_cut_off_listens_again(store: PostgresStore, writing: PostgresStore) -> None:
    wait_until(lambda: looks_no_more(store))
    with writing.server.connection() as db:
        db.execute(CUT)
    before = writing.stamp()
    publish(writing, document_of("Two.", name="b.txt"), base=1)
    wait_until(lambda: store.stamp() not in (None, before))
    wait_until(lambda: looks_no_more(store))


class Deaf(PostgresStore):
    """Never hears of what is published."""

    first: Stamp | None = None

    def stamp(self, *, fresh: bool = False) -> Stamp | None:
        if fresh or self.first is None:
            self.first = super().stamp()
        return self.first


def test_nobody_is_answered_from_before_what_they_have_seen(
    url: str, writing: PostgresStore
) -> None:
    store = Deaf(Server(url))
    current = CurrentGeneration(store, recipe_of())
    assert current.generation().number == 1
    publish(writing, document_of("Two.", name="b.txt"), base=1)
    assert current.generation().number == 1
    current.at_least(2)
    assert current.generation().number == 2
    current.at_least(9)  # as after an older backup was restored
    assert current.generation().number == 2
    store.close()
