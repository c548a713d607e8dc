from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RecordsBlocked, RecordsDamaged, RecordsNewer
from bot.records.databases.sqlite import SqliteDatabase as Database

NOTES = [["CREATE TABLE notes (note TEXT NOT NULL) STRICT"]]
DATED = [*NOTES, ["ALTER TABLE notes ADD COLUMN date TEXT", "INSERT INTO notes VALUES ('b', 'c')"]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "notes.sqlite"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with closing(Database(path, NOTES, patience=0.05)) as opened:
        yield opened


def write(database: Database, note: str) -> None:
    with database.transaction() as db:
        db.execute("INSERT INTO notes VALUES (?)", (note,))


def notes(database: Database) -> list[str]:
    return database.read(lambda row: str(row[0]), "SELECT note FROM notes ORDER BY rowid")


def test_every_commit_is_forced_to_the_disk(database: Database) -> None:
    assert database.read(tuple, "PRAGMA synchronous") == [(2,)]  # FULL
    assert database.read(tuple, "PRAGMA journal_mode") == [("wal",)]


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    write(database, "a")
    with suppress(ZeroDivisionError), database.transaction() as db:
        db.execute("INSERT INTO notes VALUES ('b')")
        raise ZeroDivisionError
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as db:  # a defect of ours
        db.execute("INSERT INTO notes VALUES (NULL)")
    write(database, "c")
    assert notes(database) == ["a", "c"]


def test_a_row_that_cannot_be_understood_is_damage(database: Database) -> None:
    write(database, "one")
    with pytest.raises(RecordsDamaged, match="holds a row that nobody can have written"):
        database.read(lambda row: int(row[0]), "SELECT note FROM notes")
    with pytest.raises(RecordsDamaged, match="no such table"):
        database.read(tuple, "SELECT * FROM papers")


def test_an_older_format_is_brought_up_to_date(database: Database, path: Path) -> None:
    write(database, "a")
    database.close()
    for _ in range(2):  # once only
        with closing(Database(path, DATED)) as newer:
            assert newer.read(tuple, "SELECT * FROM notes") == [("a", None), ("b", "c")]


def test_a_migration_may_make_a_table_anew_that_others_refer_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [
        "CREATE TABLE a (id INTEGER PRIMARY KEY)",
        "CREATE TABLE b (a INTEGER REFERENCES a ON DELETE CASCADE)",
    ]
    anew = ["CREATE TABLE c (id INTEGER PRIMARY KEY)", "INSERT INTO c SELECT * FROM a"]
    with closing(Database(path, [first])) as database, database.transaction() as db:
        db.execute("INSERT INTO a VALUES (1)")
        db.execute("INSERT INTO b VALUES (1)")
    connect = sqlite3.connect

    def strict(*arguments: Any, **more: Any) -> sqlite3.Connection:
        """As an SQLite that was built with SQLITE_DEFAULT_FOREIGN_KEYS."""
        connection: sqlite3.Connection = connect(*arguments, **more)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    monkeypatch.setattr(sqlite3, "connect", strict)
    with closing(
        Database(path, [first, [*anew, "DROP TABLE a", "ALTER TABLE c RENAME TO a"]])
    ) as newer:
        assert newer.read(tuple, "SELECT * FROM b") == [(1,)]


def test_a_migration_that_fails_is_taken_back(database: Database, path: Path) -> None:
    write(database, "a")
    database.close()
    with pytest.raises(RecordsDamaged, match="no such table: nowhere"):
        Database(path, [*DATED, ["INSERT INTO nowhere VALUES (1)"]])
    with closing(Database(path, NOTES)) as again:
        assert again.read(tuple, "SELECT * FROM notes") == [("a",)]


def test_a_newer_format_is_refused(database: Database, path: Path) -> None:
    database.close()
    Database(path, DATED).close()
    with pytest.raises(RecordsNewer) as caught:
        Database(path, NOTES)
    assert str(caught.value) == (
        f"The bot's records {path} have format 2, but this version knows only up to 1. "
        "Install the version that wrote them, or a later one."
    )
    assert (caught.value.path, caught.value.expected, caught.value.found) == (path, 1, 2)


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE documents (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(RecordsDamaged, match="another program"):
        Database(path, NOTES)
    assert path.read_bytes() == before


def test_another_program_that_holds_the_file_is_named(database: Database, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordsBlocked, match="database is locked"):
            write(database, "a")
        with pytest.raises(RecordsBlocked, match="database is locked"):
            Database(path, NOTES, patience=0.05)
        assert notes(database) == []  # reading goes on
    write(database, "b")
    assert notes(database) == ["b"]


def test_another_program_that_holds_the_file_is_waited_for(database: Database, path: Path) -> None:
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(0.2, other.rollback)
        timer.start()
        with closing(Database(path, NOTES, patience=30)) as patient:
            write(patient, "a")
        timer.join()
    assert notes(database) == ["a"]


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    def use(number: int) -> None:
        with closing(Database(tmp_path / f"{number // 8}.sqlite", NOTES)) as mine:
            write(mine, "a")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(80)))
    for number in range(10):
        with closing(Database(tmp_path / f"{number}.sqlite", NOTES)) as opened:
            assert notes(opened) == ["a"] * 8
