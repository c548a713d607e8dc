"""The index on a server: the same as in a folder, and whole whatever befalls."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest

from index.document import AUDIENCE, Document
from index.errors import (
    DatabaseUnavailable,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexNewer,
    IndexNotWritten,
    IndexRemoved,
)
from index.store.catalog.catalog import Catalog
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from index.store.ports import Store
from index.store.postgres.connection import Server
from index.store.postgres.listening import CHANNEL
from index.store.postgres.store import PostgresStore
from index.store.postgres.tables.versioned import TABLES, columns_of
from testing.fakes import document_of, publish, recipe_of
from testing.generations import assert_whole, documents
from testing.postgres import index_database

CANARY = "albatross"
TEXTS = ["One.\n", "Two.\n", "Three.\n", "Four.\n"]
CUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@pytest.fixture
def url(postgres_server: str) -> Iterator[str]:
    with index_database(postgres_server) as url:
        yield url


@pytest.fixture
def open_store(url: str) -> Iterator[Callable[[], PostgresStore]]:
    """Opens the store as another process does."""
    opened: list[PostgresStore] = []

    def open_store() -> PostgresStore:
        opened.append(PostgresStore(Server(url, patience=2.0)))
        return opened[-1]

    yield open_store
    for each in opened:
        each.server.close()


@pytest.fixture
def store(open_store: Callable[[], PostgresStore]) -> PostgresStore:
    return open_store()


@pytest.fixture
def admin(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def written(text: str, name: str = "a.txt", audience: str | None = None) -> Document:
    document = document_of(text, name=name)
    return replace(document, metadata={AUDIENCE: audience} if audience else {})


def add(store: Store, *documents: Document) -> int:
    base = store.pointer().current if store.numbers() else None
    with store.lock():
        number = publish(store, *documents, base=base).number
        store.prune()
    return number


def holds(admin: psycopg.Connection, text: str) -> list[str]:
    """Return the tables with a word in any value, as text or as bytes."""
    tables = admin.execute(
        "SELECT relname FROM pg_class"
        " WHERE relnamespace = 'briefing_rows'::regnamespace AND relkind = 'r'"
    ).fetchall()
    found = []
    for (table,) in tables:
        rows = admin.execute(f"SELECT * FROM briefing_rows.{table}").fetchall()
        if any(text in str(value) for row in rows for value in row):
            found.append(table)
    return found


def test_nothing_is_there_at_first(store: PostgresStore) -> None:
    with pytest.raises(IndexMissing):
        store.pointer()
    assert store.stamp() is None
    assert store.numbers() == set()


def test_files_are_the_same_as_in_a_folder(store: PostgresStore, tmp_path: Path) -> None:
    folder = IndexStore(tmp_path)
    for each in (store, folder):
        add(
            each,
            written("The state ferry sails.", "b.txt"),
            written(f"An {CANARY}, a file.", "x/a.txt"),
        )
        add(each, written("The ferry is more late.", "b.txt"))
    names = {
        name for name in folder.open(None).manifest.files if name.endswith(("words", "vectors"))
    }
    found = store.server.read(
        lambda db: db.execute(
            "SELECT name FROM briefing_rows.segments WHERE valid_until > 2"
        ).fetchall()
    )
    assert {name for (name,) in found} == names
    assert_whole(store.open(None))


def test_another_process_sees_what_was_published(
    store: PostgresStore, open_store: Callable[[], PostgresStore]
) -> None:
    add(store, written("The ferry sails."))
    current = CurrentGeneration(open_store(), recipe_of())
    first = current.generation()
    assert current.generation() is first
    add(store, written("The ferry is late."))
    assert documents(current.generation()) == {"a.txt": "The ferry is late.\n"}
    assert documents(first) == {"a.txt": "The ferry sails.\n"}


def test_who_listens_is_told(store: PostgresStore) -> None:
    with store.server.session() as session:
        session.execute(f"LISTEN {CHANNEL}")
        add(store, written("The ferry sails."))
        assert [each.payload for each in session.notifies(timeout=5, stop_after=1)] == ["CURRENT"]


def test_a_change_writes_what_changes(store: PostgresStore, admin: psycopg.Connection) -> None:
    add(store, *(written(f"Ferry number {n}.", f"{n}.txt") for n in range(20)))
    add(store, written("The ferry is late.", "7.txt"))
    for table in ("documents", "passages", "identities", "layouts"):
        rows = admin.execute(
            f"SELECT count(*) FROM briefing_rows.{table} WHERE valid_from = 2"
        ).fetchone()
        assert rows is not None
        assert rows[0] <= 1


def test_what_is_withheld_does_not_answer(
    store: PostgresStore, open_store: Callable[[], PostgresStore]
) -> None:
    add(store, written("One.", "a.txt"), written("Two.", "b.txt"))
    current = CurrentGeneration(open_store(), recipe_of())
    generation = current.generation()
    with store.lock(), store.stage(1):
        store.withhold(["a.txt"])
        assert current.generation().answering(None) == {"b.txt"}
    assert current.generation().catalog is generation.catalog
    with store.lock():
        store.settle()
    assert current.generation().withheld == frozenset()


def test_purge_leaves_nothing(store: PostgresStore, admin: psycopg.Connection) -> None:
    add(store, written(f"The {CANARY} flies."), written("The ferry sails.", "b.txt"))
    add(store, written("It flies.", "c.txt"))
    stale = store.open(None)
    assert {"documents", "passages"} <= set(holds(admin, CANARY))
    before = holds(admin, CANARY.encode().hex()) or holds(admin, repr(CANARY.encode())[2:-1])
    assert "pieces" in before
    with store.lock():
        pointer = store.purge("a.txt")
    assert pointer.previous is None
    assert store.numbers() == {pointer.current}
    assert holds(admin, CANARY) == holds(admin, CANARY[:4]) == []
    assert set(documents(store.open(None))) == {"b.txt", "c.txt"}
    with pytest.raises(IndexRemoved):
        stale.catalog.document("a.txt")
    with pytest.raises(IndexRemoved):
        stale.catalog.document_names()


def test_what_was_replaced_just_now_is_still_asked_and_then_removed(
    store: PostgresStore, admin: psycopg.Connection
) -> None:
    opened = []
    for text in TEXTS:
        add(store, written(text.strip()))
        opened.append(store.open(None))
    assert [documents(each)["a.txt"] for each in opened] == TEXTS
    admin.execute("UPDATE briefing_rows.generations SET replaced_at = replaced_at - interval '1 h'")
    add(store, written("Five."))
    assert store.numbers() == {4, 5}
    with pytest.raises(IndexRemoved):
        documents(opened[0])
    texts = admin.execute("SELECT text FROM briefing_rows.documents ORDER BY key").fetchall()
    assert texts == [("Four.\n",), ("Five.\n",)]


def test_a_reindex_whose_connection_is_cut_changes_nothing(
    store: PostgresStore, admin: psycopg.Connection
) -> None:
    add(store, written("One."))

    def delete_and_be_cut() -> None:
        with store.lock(), store.stage(1) as staging:
            staged = store.edit(staging, anew=False)
            staged.catalog.delete_document("a.txt")
            admin.execute(CUT)
            staged.catalog.delete_document("b.txt")

    with pytest.raises(IndexNotWritten):
        delete_and_be_cut()
    assert documents(store.open(None)) == {"a.txt": "One.\n"}
    with store.lock():  # it ended with the connection
        pass
    add(store, written("Two."))


def test_who_holds_the_lock_keeps_it_while_others_ask(
    store: PostgresStore, open_store: Callable[[], PostgresStore]
) -> None:
    add(store, written("One."))
    other = open_store()
    with store.lock():
        with pytest.raises(IndexBusy), other.lock():
            pass
        assert documents(other.open(None)) == {"a.txt": "One.\n"}


def test_questions_go_on_where_connections_are_cut(
    store: PostgresStore, admin: psycopg.Connection
) -> None:
    add(store, written("The ferry sails."))
    current = CurrentGeneration(store, recipe_of())
    generation = current.generation()
    for ask in (
        lambda: documents(generation),
        lambda: generation.catalog.search("ferry", 3),
        lambda: current.generation().number,
    ):
        before = ask()
        admin.execute(CUT)
        assert ask() == before


def test_a_server_that_is_away_is_told_in_plain_words() -> None:
    server = Server("postgresql://nobody@/nothing?host=/nowhere", patience=0.1)
    current = CurrentGeneration(PostgresStore(server), None)
    with pytest.raises(DatabaseUnavailable, match="The database cannot be used"):
        current.generation()
    server.close()


def test_a_user_without_rights_and_a_replica_are_told(
    store: PostgresStore, postgres_url: str, admin: psycopg.Connection
) -> None:
    name = f"guest_{secrets.token_hex(4)}"
    admin.execute(f"CREATE ROLE {name} LOGIN")
    guest = PostgresStore(Server(postgres_url.replace("postgres:@", f"{name}@")))
    with pytest.raises(DatabaseUnavailable, match="let it own the database"):
        guest.pointer()
    guest.server.close()
    admin.execute(f"DROP ROLE {name}")
    add(store, written("One."))
    database_name = admin.info.dbname
    admin.execute(f"ALTER DATABASE {database_name} SET default_transaction_read_only = on")
    with pytest.raises(IndexNotWritten, match="takes no changes"):
        add(store, written("Two."))
    assert documents(store.open(None)) == {"a.txt": "One.\n"}


def test_damage_is_healed_with_the_generation_before(
    store: PostgresStore, admin: psycopg.Connection
) -> None:
    add(store, written("One."), written("Both.", "b.txt"))
    add(store, written("Two."))
    manifest = store.open(None).manifest
    store.verify(manifest)
    admin.execute(
        "UPDATE briefing_rows.pieces SET bytes = overlay(bytes PLACING 'x' FROM 900) WHERE name IN"
        " (SELECT name FROM briefing_rows.segments WHERE valid_from = 2 AND name LIKE '%words')"
    )
    with pytest.raises(IndexDamaged):
        store.verify(manifest)
    with store.lock():
        store.recover()
    assert store.pointer().damaged == 2
    assert documents(store.open(None)) == {"b.txt": "Both.\n"}


def test_a_later_schema_is_used_only_where_it_works_with_this_program(
    store: PostgresStore, open_store: Callable[[], PostgresStore], admin: psycopg.Connection
) -> None:
    add(store, written("One."))
    admin.execute("UPDATE briefing_rows.schema_version SET version_num = '9999'")
    assert documents(open_store().open(None)) == {"a.txt": "One.\n"}
    admin.execute("UPDATE briefing_rows.works_with SET oldest = '9998'")
    with pytest.raises(IndexNewer):
        open_store().pointer()


def test_a_pointer_that_was_changed_is_damage(
    store: PostgresStore, admin: psycopg.Connection
) -> None:
    add(store, written("One."))
    row = admin.execute("SELECT content FROM briefing_rows.pointers").fetchone()
    assert row is not None
    content = json.loads(row[0]) | {"closed": ["a.txt"]}
    admin.execute("UPDATE briefing_rows.pointers SET content = %s", (json.dumps(content),))
    with pytest.raises(IndexDamaged):
        store.pointer()


def test_texts_are_kept_to_the_last_sign(store: PostgresStore) -> None:
    text = "İ ſ \x01\x7f “quoted” \\ %s :name ? 😀 \u2028 end."
    add(store, written(text, "a 'b' %(c)s.txt"))
    (found,) = documents(store.open(None)).values()
    assert found == f"{text}\n"


def test_tables_are_those_of_a_catalog(store: PostgresStore) -> None:
    with closing(Catalog.create(Path(":memory:"))) as catalog:
        rows = list(catalog.dump("sqlite_master", ["name", "type"]))
        in_file = {name for name, kind in rows if kind == "table" and "sqlite_" not in name}
        assert in_file - {"gone"} == set(TABLES) - {"segments"}
        store.numbers()
        for table in sorted(in_file - {"gone"}):
            columns = [name for (name,) in catalog.dump(f"pragma_table_info('{table}')", ["name"])]
            assert store.server.read(partial(columns_of, table=table)) == columns
