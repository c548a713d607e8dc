"""One SQLite file that is written by several threads, and perhaps processes, and outlives them."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from bot.errors import RecordsBlocked, RecordsDamaged, RecordsNewer
from bot.localization import _

__all__ = ["Database", "Migrations"]

Migrations: TypeAlias = Sequence[Sequence[str]]
"""Entry n has the statements that bring a file from version n to n + 1; a new one has version 0."""

_APPLICATION = 0x42724274  # "BrBt": whose file this is, in its header
_T = TypeVar("_T")


class Database:
    """Every method raises RecordsBlocked where the disk, a missing right or another program
    prevents it, and RecordsDamaged."""

    def __init__(self, path: Path, migrations: Migrations, *, patience: float = 10) -> None:
        """Opens the file and brings it up to date, or makes it, readable to this user alone.

        `patience` is how many seconds another process is waited for, here and later. An empty file
        is a new one. Raises also RecordsNewer, for a file that later migrations have seen.
        """
        self.path = path
        self._lock = threading.Lock()
        with _translated(path):
            self._connection = _patiently(lambda: _open(path, migrations, patience), patience)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Done, and on the disk, after the `with` block; or, if anything raises, not done at all.

        The block must not use the database in any other way.
        """
        # The connection's own context manager commits, or rolls back what raised or cannot commit.
        with self._lock, _translated(self.path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    def read(self, make: Callable[[Any], _T], sql: str, parameters: Any = ()) -> list[_T]:
        """What `make` makes of each row."""
        with self._lock, _translated(self.path):
            rows = self._connection.execute(sql, parameters).fetchall()
        try:
            return [make(row) for row in rows]
        except (LookupError, TypeError, ValueError, ArithmeticError) as exc:
            raise RecordsDamaged(self.path, _("holds a row that nobody can have written")) from exc

    def wipe(self) -> None:
        """Empties the log, where what was removed could else be read for a while yet.

        While another process is reading, that is left to a later commit.
        """
        with self._lock, _translated(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def write_anew(self) -> None:
        """So that no byte of what was removed is left in a part of the file that lies idle."""
        with self._lock, _translated(self.path):
            self._connection.execute("VACUUM")
        self.wipe()


def _patiently(attempt: Callable[[], _T], patience: float) -> _T:
    """Where a file is turned to a log, or its last user leaves, SQLite gives up without waiting."""
    give_up = time.monotonic() + patience
    while True:
        try:
            return attempt()
        except sqlite3.OperationalError as exc:
            if _code(exc) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
        time.sleep(0.01)


def _open(path: Path, migrations: Migrations, patience: float) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file that is there already must not be opened and closed beside SQLite: that would drop the
    # locks that another connection of this process holds on it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        _refuse_what_is_not_ours(path, db)
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
        db.execute("PRAGMA temp_store = MEMORY")  # and has no copy elsewhere
        db.execute("PRAGMA foreign_keys = OFF")  # a migration may drop a parent table
        _migrate(path, db, migrations)
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        db.close()
        raise
    return db


def _refuse_what_is_not_ours(path: Path, db: sqlite3.Connection) -> None:
    """Before anything is written to it."""
    with db:
        db.execute("BEGIN")  # for both facts to be of one moment
        if _pragma(db, "application_id") != _APPLICATION and _pragma(db, "schema_version"):
            raise RecordsDamaged(path, _("is a database of another program"))
        problem = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise RecordsDamaged(
            path, _("has lost its inner order ({problem})").format(problem=problem)
        )


def _migrate(path: Path, db: sqlite3.Connection, migrations: Migrations) -> None:
    """All of it or nothing. Where there is nothing to do, it shows that the file can be written."""
    with db:
        db.execute("BEGIN IMMEDIATE")
        version = _pragma(db, "user_version")
        if version > len(migrations):
            raise RecordsNewer(path, len(migrations), version)
        for statements in migrations[version:]:
            for statement in statements:
                db.execute(statement)
        if version < len(migrations):
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
            db.execute(f"PRAGMA user_version = {len(migrations)}")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    value: int = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """What SQLite or the system raises, as errors of ours; a defect of ours stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        if _code(exc) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise RecordsDamaged(
                path, _("cannot be read as a database ({reason})").format(reason=exc)
            ) from exc
        if not isinstance(exc, sqlite3.OperationalError):
            raise
        if _code(exc) == sqlite3.SQLITE_ERROR:  # a table is not there, a text is not UTF-8
            raise RecordsDamaged(
                path, _("is not as it was written ({reason})").format(reason=exc)
            ) from exc
        raise RecordsBlocked(path, str(exc)) from exc
    except UnicodeDecodeError as exc:  # in a message of SQLite's that quotes the file
        raise RecordsDamaged(path, _("is not as it was written")) from exc
    except OSError as exc:
        raise RecordsBlocked(path, exc.strerror or str(exc)) from exc
