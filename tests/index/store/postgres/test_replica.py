"""Reads from a real streaming replica: one that is behind, and one that is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import psycopg
import pytest

from index.store.current import CurrentGeneration
from index.store.postgres.connection import Connection, Server
from index.store.postgres.replica import Replica
from index.store.postgres.store import PostgresStore
from testing.clock import wait_until
from testing.fakes import document_of, publish, recipe_of
from testing.generations import documents
from testing.postgres import index_database, replica

pytestmark = [pytest.mark.slow, pytest.mark.processes]
_T = TypeVar("_T")


class CountingReplica(Replica):
    """Counts what is read from itself or its primary, and from the replica alone."""

    reads = 0

    def read(self, use: Callable[[Connection], _T]) -> _T:
        self.reads += 1
        return super().read(use)


@pytest.fixture(scope="module")
def urls(postgres_server: str) -> Iterator[tuple[str, str]]:
    with index_database(postgres_server) as url, replica(postgres_server) as other:
        host, name = other.split("?")[1], url.split("?")[0]
        yield url, f"{name}?{host}"


def test_what_has_arrived_is_read_there_and_all_else_from_the_primary(
    urls: tuple[str, str],
) -> None:
    url, behind = urls
    server = Server(url)
    reading = CountingReplica(behind, server)
    store = PostgresStore(server, replica=reading)
    current = CurrentGeneration(store, recipe_of())
    publish(store, document_of("One.", name="a.txt"))
    first = store.open(None).manifest
    wait_until(lambda: reading.has(first))
    assert not reading.has(first.model_copy(update={"sha256": "of another index"}))
    assert documents(current.generation()) == {"a.txt": "One.\n"}
    assert reading.reads > 3

    with psycopg.connect(behind, autocommit=True) as db:
        db.execute("SELECT pg_wal_replay_pause()")
        publish(store, document_of("Two.", name="b.txt"), base=1)
        second = store.open(None).manifest
        assert not reading.has(second)
        reads = reading.reads
        assert documents(current.generation()) == {"a.txt": "One.\n", "b.txt": "Two.\n"}
        assert reading.reads == reads
        db.execute("SELECT pg_wal_replay_resume()")
    wait_until(lambda: reading.has(second))
    assert documents(store.open(None)) == documents(current.generation())
    assert reading.reads > reads
    store.close()


def test_away_it_is_done_without(urls: tuple[str, str]) -> None:
    url, _ = urls
    server = Server(url)
    nowhere = url.split("?")[0] + "?host=/nowhere"
    store = PostgresStore(server, replica=Replica(nowhere, server))
    publish(store, document_of("One.", name="a.txt"))
    assert documents(store.open(None)) == {"a.txt": "One.\n"}
    reading = Replica(nowhere, server)
    assert reading.read(lambda db: db.execute("SELECT 1").fetchone()) == (1,)
    store.close()
