"""Moving: all of it arrives, what was interrupted goes on, and what is damaged is not taken for
whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from index.document import AUDIENCE, Document
from index.errors import IndexDamaged, IndexMissing, IndexNotMoved
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from index.store.ports import Store
from index.store.postgres.block_store import ServerBlockStore
from index.store.postgres.connection import Server
from index.store.postgres.moving import to_folder, to_server
from index.store.postgres.store import PostgresStore
from index.store.postgres.tables.versioned import TABLES, columns_of
from index.store.quarantine import Quarantine
from testing.fakes import document_of, publish
from testing.postgres import index_database


@pytest.fixture
def target(postgres_server: str) -> Iterator[PostgresStore]:
    with index_database(postgres_server) as url:
        store = PostgresStore(Server(url))
        yield store
        store.server.close()


def written(name: str, *lines: str, audience: str | None = None) -> Document:
    document = document_of(*lines, name=name)
    return replace(document, metadata={AUDIENCE: audience} if audience else {})


def add(store: Store, *documents: Document) -> None:
    with store.lock():
        base = store.pointer().current if store.numbers() else None
        publish(store, *documents, base=base)
        store.prune()


@pytest.fixture
def source(tmp_path: Path) -> IndexStore:
    store = IndexStore(tmp_path / "index")
    add(
        store,
        written("a.txt", "# Plan", "The ferry sails on 3 March 2026.", "Replaces b.txt."),
        written("x/b.txt", "The ferry costs 40 euro.", audience="team"),
    )
    add(store, written("a.txt", "# Plan", "The ferry sails on 4 March 2026.", "Replaces b.txt."))
    add(store, written("c.txt", "Ferry, harbour and a Müller."))
    with store.lock():
        store.withhold(["c.txt"])
    return store


def held(generation: Generation, server: Server) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of all tables."""
    found = {}
    for table in TABLES:
        if table != "segments":
            columns = server.read(partial(columns_of, table=table))
            rows = generation.catalog.dump(table, columns)
            found[table] = sorted(tuple(map(str, row)) for row in rows)
    return found


def test_all_arrives_and_comes_back(
    source: IndexStore, target: PostgresStore, tmp_path: Path
) -> None:
    told: list[tuple[str, int]] = []
    moved = to_server(source, target, lambda *of: told.append(of))
    assert (moved.generation, moved.documents) == (3, 3)
    assert sum(much for what, much in told if what in TABLES) == moved.rows > 10
    before, on_server = source.open(None), target.open(None)
    assert on_server.number == before.number
    assert on_server.withheld == {"c.txt"}
    assert held(on_server, target.server) == held(before, target.server)
    again = IndexStore(tmp_path / "again")
    assert to_folder(target, again) == moved
    back = again.open(None)
    assert held(back, target.server) == held(before, target.server)
    assert back.withheld == {"c.txt"}
    for each in (on_server, back):
        assert each.catalog.search("ferry", 9) == before.catalog.search("ferry", 9)
        query = before.vectors.get(before.catalog.keys_of(["c.txt"]))[0]
        assert each.nearest(query, 9) == before.nearest(query, 9)
    assert not again.arrived.exists()
    add(again, written("d.txt", "More."))
    add(target, written("d.txt", "More."))
    assert again.open(None).number == target.open(None).number == 4


@pytest.mark.parametrize("back", [False, True])
def test_what_is_held_back_is_so_where_all_ends_once_it_was_published(
    source: IndexStore,
    target: PostgresStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    back: bool,
) -> None:
    with source.lock():
        source.set_quarantine(Quarantine(unknown=True))
    again = IndexStore(tmp_path / "again")
    if back:
        to_server(source, target)

    def move() -> None:
        if back:
            to_folder(target, again)
        else:
            to_server(source, target)

    kind: Any = IndexStore if back else PostgresStore
    publish_whole = kind.publish

    def publish(*given: Any, **how: Any) -> None:
        publish_whole(*given, **how)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kind, "publish", publish)
        with pytest.raises(KeyboardInterrupt):
            move()
    move()
    assert (again if back else target).quarantine() == Quarantine(unknown=True)
    assert not again.arrived.exists()


def test_what_was_interrupted_goes_on(
    source: IndexStore, target: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(what: str, _much: int) -> None:
        if what == "documents":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        to_server(source, target, stop)
    with pytest.raises(IndexMissing):
        target.pointer()
    sent: list[str] = []

    def put_file(_pieces: ServerBlockStore, name: str, _path: Path) -> None:
        sent.append(name)

    monkeypatch.setattr(ServerBlockStore, "put_file", put_file)
    to_server(source, target)
    assert sent == []
    assert target.open(None).catalog.document_names() == {"a.txt", "x/b.txt", "c.txt"}


def test_another_index_is_not_replaced(source: IndexStore, target: PostgresStore) -> None:
    moved = to_server(source, target)
    assert replace(to_server(source, target), files=moved.files, rows=moved.rows) == moved
    assert target.numbers() == {3}
    add(target, written("d.txt", "More."))
    with pytest.raises(IndexNotMoved, match="already"):
        to_server(source, target)
    with pytest.raises(IndexNotMoved):
        to_folder(target, source)


def test_damage_is_not_moved(source: IndexStore, target: PostgresStore) -> None:
    path = next(source.directory(3).glob("*.vectors"))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexDamaged):
        to_server(source, target)
    with pytest.raises(IndexMissing):
        target.pointer()


def test_damage_on_the_server_is_not_moved_back(
    source: IndexStore, target: PostgresStore, tmp_path: Path
) -> None:
    to_server(source, target)
    target.server.read(
        lambda db: db.execute(
            "UPDATE briefing_rows.pieces SET bytes = overlay(bytes PLACING 'x' FROM 2000)"
        )
    )
    again = IndexStore(tmp_path / "again")
    with pytest.raises(IndexDamaged):
        to_folder(target, again)
    with pytest.raises(IndexMissing):
        again.pointer()
