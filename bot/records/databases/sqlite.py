"""A SQLite file that several threads and processes write, and that survives their crashes."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from bot.errors import RecordsBlocked, RecordsDamaged, RecordsNewer, RecordsOutdated
from bot.localization import _
from bot.records.databases.database import Migrations, Parameters, Snapshot, Transaction

_APPLICATION = 0x42724274  # "BrBt": whose file this is, in its header
_T = TypeVar("_T")


class _Transaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        return self.connection.execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> None:
        self.connection.executemany(sql, rows)

    def keep_only(
        self, table: str, condition: str, parameters: Parameters, *, anyway: bool = False
    ) -> None:
        """Remove all rows but those of the condition; if `anyway`, write the table anew always.

        The table is emptied and filled again. If rows were deleted one by one, SQLite would move
        others from page to page, and would not overwrite the copies that stay behind.
        """
        left_out = f"SELECT 1 FROM {table} WHERE NOT ({condition})"
        if anyway or self.execute(left_out, parameters).fetchone():
            kept = f"CREATE TEMP TABLE kept AS SELECT * FROM {table} WHERE {condition}"
            self.execute(kept, parameters)
            self.execute(f"DELETE FROM {table}")
            self.execute(f"INSERT INTO {table} SELECT * FROM kept")
            self.execute("DROP TABLE kept")

    def announce(self, text: str) -> None:
        """Do nothing."""

    def last_id(self) -> int:
        found = self.execute("SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'").fetchone()
        return int(found[0]) if found else 0

    def raise_last_id(self, number: int) -> None:
        last = max(number, self.last_id())
        self.execute("DELETE FROM sqlite_sequence WHERE name = 'exchanges'")
        self.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('exchanges', ?)", (last,))


class _Snapshot:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, table: str, order: str) -> Iterator[dict[str, Any]]:
        cursor = self._connection.execute(f"SELECT * FROM {table} ORDER BY {order}")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


class SqliteDatabase:
    """A connection to the file."""

    def __init__(
        self, path: Path, migrations: Migrations, *, first_version: int = 1, patience: float = 10
    ) -> None:
        """Open the file and bring it up to date, or create it, readable to this user alone.

        The first migration makes a file of `first_version`. An empty file counts as new.
        `patience`: seconds to wait for another process, here and later. Raises also RecordsNewer,
        for a file that later migrations have changed, and RecordsOutdated for one from before the
        first.
        """
        self.path = path
        self._lock = threading.Lock()
        with _translated(path):
            self._connection = _patiently(
                lambda: _open(path, migrations, first_version, patience), patience
            )
        self._opened = _identity(path)

    @classmethod
    def in_memory(cls, migrations: Migrations, *, most_bytes: int) -> Self:
        """Make one that ends with this object, for what cannot be written elsewhere now.

        Its references are not enforced, since what they mean may be elsewhere.
        """
        made = cls.__new__(cls)
        made.path = Path(":memory:")
        made._opened = None
        made._lock = threading.Lock()
        made._connection = db = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        for statement in (one for statements in migrations for one in statements):
            db.execute(statement)
        db.execute(f"PRAGMA max_page_count = {most_bytes // _pragma(db, 'page_size')}").fetchall()
        return made

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        # The connection's own context manager commits, or rolls back.
        with self._lock, _translated(self.path), self._connection:
            self._require_file()
            self._connection.execute("BEGIN IMMEDIATE")
            yield _Transaction(self._connection)

    def read(self, make: Callable[[Any], _T], sql: str, parameters: Any = ()) -> list[_T]:
        with self._lock, _translated(self.path):
            rows = self._connection.execute(sql, parameters).fetchall()
        try:
            return [make(row) for row in rows]
        except (LookupError, TypeError, ValueError, ArithmeticError) as exc:
            raise RecordsDamaged(self.path, _("holds a row that nobody can have written")) from exc

    def at_once(self, *statements: tuple[str, Any]) -> list[Any]:
        with self.transaction() as db:
            return [db.execute(sql, parameters).fetchall() for sql, parameters in statements][-1]

    def last_id(self) -> int:
        sql = "SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'"
        return next(iter(self.read(lambda row: int(row[0]), sql)), 0)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        with self._lock, _translated(self.path), self._connection:
            self._connection.execute("BEGIN")
            yield _Snapshot(self._connection)

    def listen(self, heard: Callable[[str], object]) -> None:
        """Do nothing."""

    def holds(self, transaction: Transaction) -> bool:
        return isinstance(transaction, _Transaction) and transaction.connection is self._connection

    def connections(self) -> dict[str, int]:
        return {}

    def wipe(self) -> None:
        """Empty the write-ahead log, which may still hold what was removed.

        While another process is reading, this is left to a later commit.
        """
        with self._lock, _translated(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def write_anew(self) -> None:
        """Write the file anew, so that no unused part of it holds what was removed."""
        with self._lock, _translated(self.path):
            self._connection.execute("VACUUM")
        self.wipe()

    def _require_file(self) -> None:
        """Raise RecordsBlocked where what is written would be in a file that nobody finds again."""
        if self._opened is not None and _identity(self.path) != self._opened:
            raise RecordsBlocked(
                self.path,
                _("the file was removed or replaced while it was in use; start the bot again"),
            )


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _patiently(attempt: Callable[[], _T], patience: float) -> _T:
    """Return what `attempt` returns, and try again for `patience` seconds while the file is busy.

    SQLite itself does not wait while a file is switched to a write-ahead log, or its last user
    closes it.
    """
    give_up = time.monotonic() + patience
    while True:
        try:
            return attempt()
        except sqlite3.OperationalError as exc:
            if _code(exc) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
        time.sleep(0.01)


def _open(
    path: Path, migrations: Migrations, first_version: int, patience: float
) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not for a file that exists: to open and close it beside SQLite would drop the locks that
    # another connection of this process holds on it (POSIX).
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        _require_ours(path, db)
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # overwrite what is removed
        db.execute("PRAGMA temp_store = MEMORY")  # no copies in other files
        db.execute("PRAGMA foreign_keys = OFF")  # a migration may drop a parent table
        _migrate(path, db, migrations, first_version)
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        db.close()
        raise
    return db


def _require_ours(path: Path, db: sqlite3.Connection) -> None:
    """Raise RecordsDamaged for another program's database, before anything is written to it."""
    with db:
        db.execute("BEGIN")  # so that both facts are of one moment
        if _pragma(db, "application_id") != _APPLICATION and _pragma(db, "schema_version"):
            raise RecordsDamaged(path, _("is a database of another program"))
        problem = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise RecordsDamaged(
            path, _("has lost its inner order ({problem})").format(problem=problem)
        )


def _migrate(
    path: Path, db: sqlite3.Connection, migrations: Migrations, first_version: int
) -> None:
    """Do all migrations that the file has not seen, or none; show that the file can be written."""
    newest = first_version - 1 + len(migrations)
    with db:
        db.execute("BEGIN IMMEDIATE")
        version = _pragma(db, "user_version")
        if version > newest:
            raise RecordsNewer(path, newest, version)
        if 0 < version < first_version:
            raise RecordsOutdated(path)
        for statements in migrations[max(0, version - first_version + 1) :]:
            for statement in statements:
                db.execute(statement)
        if version < newest:
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
            db.execute(f"PRAGMA user_version = {newest}")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    value: int = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Translate what SQLite or the system raises into our errors, but not a defect of ours."""
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
