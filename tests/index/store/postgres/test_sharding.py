"""Passages and blocks on two shards: the same answers, whatever fails in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from index.document import Document
from index.errors import DatabaseUnavailable, IndexNotDivided
from index.store.folder.store import IndexStore
from index.store.postgres.connection import Connection, Server
from index.store.postgres.sharding import divide
from index.store.postgres.store import PostgresStore
from testing.fakes import document_of, publish
from testing.postgres import database, index_database
from tests.index.store.contract.test_contract import OPEN, seen, written
from tests.index.store.postgres.tables.test_copies import report

pytestmark = pytest.mark.slow


class Shards:
    """A coordinator, and two shards that have nothing yet."""

    def __init__(self, store: PostgresStore, urls: list[str]) -> None:
        self.store = store
        self.urls = urls

    def divide(self) -> None:
        with self.store.lock():
            divide(self.store.server, self.urls)

    def counts(self, table: str) -> list[int]:
        found = []
        for url in self.urls:
            with psycopg.connect(url) as db:
                row = db.execute(f"SELECT count(*) FROM briefing_rows.{table}").fetchone()
                found.append(row[0] if row else 0)
        return found


@pytest.fixture
def shards(postgres_server: str) -> Iterator[Shards]:
    with ExitStack() as stack:
        url = stack.enter_context(index_database(postgres_server))
        urls = [stack.enter_context(database(postgres_server)) for _ in range(2)]
        store = PostgresStore(stack.enter_context(closing(Server(url))))
        publish(store, *first())
        yield Shards(store, urls)


def first() -> list[Document]:
    return [written(name, text) for name, text in OPEN.items()]


def beside(shards: Shards) -> PostgresStore:
    """Return the store with nothing that was read before."""
    return PostgresStore(shards.store.server)


def undivided(folder: Path, *documents: Document) -> dict[str, Any]:
    """Return what is seen of an index of these documents in a folder."""
    store = IndexStore(folder)
    publish(store, *documents)
    return seen(store.open(None), None)


def test_divided_it_says_the_same_and_goes_on(shards: Shards, tmp_path: Path) -> None:
    before = seen(shards.store.open(None), None)
    shards.divide()
    assert seen(beside(shards).open(None), None) == before
    assert sum(shards.counts("passages")) == len(before["passages"])
    reports = list(map(report, range(1, 9)))
    publish(beside(shards), *reports, base=1)
    assert all(shards.counts("passages"))
    assert all(shards.counts("pieces"))
    assert seen(beside(shards).open(None), None) == undivided(tmp_path, *first(), *reports)
    with shards.store.lock():
        shards.store.rollback()
        shards.store.prune()
    assert seen(beside(shards).open(None), None) == before


def test_removed_and_purged_it_is_gone_from_the_shards(shards: Shards) -> None:
    shards.divide()
    store = beside(shards)
    with store.lock():
        store.purge("notes.txt")
    assert store.open(None).catalog.document_names() == OPEN.keys() - {"notes.txt"}
    for url in shards.urls:
        with psycopg.connect(url) as db:
            found = db.execute("SELECT document FROM briefing_rows.passages").fetchall()
            assert ("notes.txt",) not in found


def test_what_a_shard_committed_and_the_coordinator_did_not_is_taken_back(
    shards: Shards, tmp_path: Path
) -> None:
    shards.divide()
    before = seen(beside(shards).open(None), None)

    def fail(db: Connection) -> None:
        """As when the coordinator dies between the commit of a shard and its own."""
        db.execute("BEGIN")
        db.execute("SET LOCAL briefing.generation = '2'")
        db.execute("SET LOCAL search_path = briefing")
        db.execute("DELETE FROM passages WHERE document = 'plans/ferry.txt'")
        db.execute("UPDATE passages SET document = 'lost.txt' WHERE document = 'notes.txt'")
        db.execute("COMMIT")

    with closing(shards.store.server.session()) as session:
        fail(session)
    assert seen(beside(shards).open(None), None) == before
    new = document_of("New.", name="new.txt")
    publish(beside(shards), new, base=1)
    assert seen(beside(shards).open(None), None) == undivided(tmp_path, *first(), new)


def test_a_shard_that_is_away_is_told(shards: Shards) -> None:
    shards.divide()
    with shards.store.server.connection() as db:
        db.execute("ALTER SERVER briefing_shard_1 OPTIONS (SET dbname 'nowhere')")
    with pytest.raises(DatabaseUnavailable):
        seen(beside(shards).open(None), None)


def test_the_shard_of_another_index_is_not_written_over(
    shards: Shards, postgres_server: str
) -> None:
    """It has passages and no generations: these are on its coordinator."""
    shards.divide()
    before = seen(beside(shards).open(None), None)
    with index_database(postgres_server) as url, closing(Server(url)) as server:
        other = PostgresStore(server)
        publish(other, *first())
        with other.lock(), pytest.raises(IndexNotDivided, match="URL 1 has an index of its own"):
            divide(server, shards.urls)
    assert seen(beside(shards).open(None), None) == before


def test_what_has_passages_is_not_written_over(shards: Shards) -> None:
    before = seen(beside(shards).open(None), None)
    first_shard, second = shards.urls
    wrong = [[], [first_shard, shards.store.server.url], [first_shard, first_shard], ["nonsense"]]
    for urls in wrong:
        with shards.store.lock(), pytest.raises(IndexNotDivided):
            divide(shards.store.server, urls)
    shards.divide()
    with pytest.raises(IndexNotDivided):
        Shards(shards.store, [second, first_shard]).divide()
    assert seen(beside(shards).open(None), None) == before
