"""Records on a PostgreSQL server, which several bots on several machines share.

A transaction takes one lock of the whole, as SQLite's do: so what is written follows one order, and
what is read within it still holds when it ends. A commit takes a millisecond or two.
"""

from __future__ import annotations

import atexit
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import psycopg
from psycopg import errors, sql
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout
from pydantic import SecretStr

from bot.errors import RecordsDamaged, RecordsNewer
from bot.localization import _
from bot.records.databases.database import Migrations, Parameters, Snapshot, Transaction
from bot.records.databases.dialect import FUNCTIONS, for_postgres
from bot.records.databases.server_connection import (
    BLOCKED,
    LOCK_TIMEOUT,
    SCHEMA,
    TABLES_EXIST,
    configure,
    connected,
    connection_info,
    execute,
    server_name,
    translated,
)
from index.store.postgres.listening import Listener

_CHANNEL = "briefing_records"
_LOCK = 0x42724274  # "BrBt"
_MOST_CONNECTIONS = 8
_PATIENCE = 2.0
"""Seconds to wait for a connection; the bot goes on without, and writes what waits later."""
_PATIENCE_WHILE_AWAY = 0.1
"""The same while the server was away a moment ago."""
_ASKS_FOR = 6.0
"""Seconds to ask what became of a transaction."""
_FORGIVEN = 2.0
"""Seconds after which it is waited for again."""
_AT_ONCE = 200
"""Statements of one round trip."""
_VACUUM_WAITS = "2s"
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class _Transaction:
    def __init__(self, connection: psycopg.Connection[Any], owner: PostgresDatabase) -> None:
        self._connection = connection
        self.owner = owner

    def execute(self, statement: str, parameters: Parameters = ()) -> psycopg.Cursor[Any]:
        return execute(self._connection, statement, parameters)

    def executemany(self, statement: str, rows: Iterable[Parameters]) -> None:
        cursor = psycopg.ClientCursor(self._connection)
        text, rest = for_postgres(statement), iter(rows)
        while some := list(islice(rest, _AT_ONCE)):
            cursor.execute("; ".join(cursor.mogrify(text, row) for row in some).encode())

    def keep_only(
        self, table: str, condition: str, parameters: Parameters, *, anyway: bool = False
    ) -> None:
        self.execute(f"DELETE FROM {table} WHERE ({condition}) IS NOT TRUE", parameters)

    def announce(self, text: str) -> None:
        self.execute("SELECT pg_notify(?, ?)", (_CHANNEL, text))

    def last_id(self) -> int:
        return max(int(row[0]) for row in self.execute(_LAST_ID))

    def raise_last_id(self, number: int) -> None:
        if number > self.last_id():
            self.execute("SELECT setval('exchanges_id_seq', ?)", (number,))


class _Snapshot:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def rows(self, table: str, order: str) -> Iterator[dict[str, Any]]:
        with psycopg.ServerCursor(self._connection, "rows", row_factory=dict_row) as cursor:
            cursor.itersize = 500
            cursor.execute(f"SELECT * FROM {table} ORDER BY {order}".encode())
            yield from cursor


_LAST_ID = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM exchanges_id_seq"


class PostgresDatabase:
    """Some connections to the server, taken for as long as they are used."""

    def __init__(self, url: SecretStr, migrations: Migrations, *, first_version: int = 1) -> None:
        """Connect, and bring the tables up to date, or make them. Raises also RecordsNewer."""
        self.name = server_name(url)
        self._url = url
        self._away_since: float | None = None
        self._listener: Listener | None = None
        with translated(self.name):
            with connected(url) as connection:
                _migrate(self.name, connection, migrations, first_version)
            self._pool = ConnectionPool(
                connection_info(url),
                kwargs={"autocommit": True},
                min_size=1,
                max_size=_MOST_CONNECTIONS,
                open=True,
                timeout=_PATIENCE,
                reconnect_timeout=3,
                max_idle=300,
                configure=configure,
                name="records",
            )
        # A pool that is still open when Python ends has threads that trip over its ruins.
        atexit.register(self.close)

    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._pool.close()
        atexit.unregister(self.close)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with translated(self.name), self._begun() as (connection, number, started):
            yield _Transaction(connection, self)
            try:
                connection.commit()
            except psycopg.OperationalError:
                # The connection was cut meanwhile: only the server knows whether that was done.
                if not self._is_committed(number, started):
                    raise

    def read(
        self, make: Callable[[Any], _T], statement: str, parameters: Parameters = ()
    ) -> list[_T]:
        rows = self._done(lambda: self._read(statement, parameters))
        try:
            return [make(row) for row in rows]
        except (LookupError, TypeError, ValueError, ArithmeticError) as exc:
            raise RecordsDamaged(self.name, _("holds a row that nobody can have written")) from exc

    def at_once(self, *statements: tuple[str, Parameters]) -> list[Any]:
        return self._done(lambda: self._at_once(statements))

    def _done(self, run: Callable[[], _T]) -> _T:
        """Return what `run` does, which is done again where the connection was cut meanwhile."""
        with translated(self.name):
            try:
                return run()
            except psycopg.OperationalError as exc:
                if not isinstance(exc, errors.AdminShutdown) and exc.sqlstate is not None:
                    raise
                self._pool.check()  # others were cut, too
                return run()

    def _at_once(self, statements: Sequence[tuple[str, Parameters]]) -> list[Any]:
        with self._connection() as connection:
            cursor = psycopg.ClientCursor(connection)
            texts = [cursor.mogrify(for_postgres(text), values) for text, values in statements]
            # Nothing of this is of use after a crash of the server.
            cursor.execute("; ".join(("SET LOCAL synchronous_commit TO off", *texts)).encode())
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def last_id(self) -> int:
        return self.read(lambda row: int(row[0]), _LAST_ID)[0]

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        self._pool.check()
        with translated(self.name), self._connection() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield _Snapshot(connection)

    def listen(self, heard: Callable[[str], object]) -> None:
        self._listener = Listener(
            lambda: connected(self._url, autocommit=True),
            _CHANNEL,
            began=lambda _: None,
            heard=lambda _, said: heard(said),
        )

    def holds(self, transaction: Transaction) -> bool:
        return isinstance(transaction, _Transaction) and transaction.owner is self

    def wipe(self) -> None:
        """Leave it to the server, which does it soon by itself."""

    def write_anew(self) -> None:
        """Write the tables anew, so that no unused part of them holds what was removed.

        One that another reads for long, as a backup does, is only cleaned where it stands.
        """
        self._pool.check()
        with translated(self.name), self._connection() as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,)
            ).fetchall()
            connection.execute(f"SET lock_timeout = '{_VACUUM_WAITS}'")
            for (table,) in tables:
                name = sql.Identifier(table)
                try:
                    connection.execute(sql.SQL("VACUUM (FULL) {}").format(name))
                except (errors.LockNotAvailable, errors.QueryCanceled):
                    connection.execute(
                        sql.SQL("VACUUM (SKIP_LOCKED, TRUNCATE FALSE) {}").format(name)
                    )
            connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")

    def connections(self) -> dict[str, int]:
        stands = self._pool.get_stats()
        made, idle = stands.get("pool_size", 0), stands.get("pool_available", 0)
        return {"in use": made - idle, "idle": idle, "wanted": stands.get("requests_waiting", 0)}

    def _read(self, statement: str, parameters: Parameters) -> list[Any]:
        with self._connection() as connection:
            return execute(connection, statement, parameters).fetchall()

    @contextmanager
    def _begun(self) -> Iterator[tuple[psycopg.Connection[Any], str, datetime]]:
        """Begin a transaction that has the lock; also yield its number, and since when the server
        runs."""
        with self._connection() as connection:
            try:
                number, started = _begin(connection)
                is_begun = True
            except psycopg.OperationalError:
                if not connection.broken:
                    raise
                is_begun = False  # it was cut while nobody used it, and so were others
            if is_begun:
                yield connection, number, started
                return
        self._pool.check()
        with self._connection() as connection:
            yield connection, *_begin(connection)

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        """Take a connection; wait for it but little while the server has been away."""
        now = time.monotonic()
        is_away = self._away_since is not None and now - self._away_since < _FORGIVEN
        try:
            connection = self._pool.getconn(_PATIENCE_WHILE_AWAY if is_away else _PATIENCE)
        except PoolTimeout:
            if not is_away:
                self._away_since = time.monotonic()
            raise
        self._away_since = None
        try:
            yield connection
        finally:
            if connection.info.transaction_status is not TransactionStatus.IDLE:
                with suppress(psycopg.Error):
                    connection.rollback()
            self._pool.putconn(connection)

    def _is_committed(self, number: str, started: datetime) -> bool:
        """Ask the server, as soon as it is back, whether a transaction was committed.

        After a restart no is assumed: another may have got its number. It is then done again.
        """
        give_up = time.monotonic() + _ASKS_FOR
        while time.monotonic() < give_up:
            try:
                asked = "SELECT pg_postmaster_start_time(), pg_xact_status(?::text::xid8)"
                ((since, status),) = self._read(asked, (str(number),))
            except errors.InvalidParameterValue:  # it never got to the disk
                return False
            except BLOCKED:
                time.sleep(0.1)
                continue
            if since != started or status != "in progress":
                return bool(since == started and status == "committed")
            time.sleep(0.1)
        return False


def _begin(connection: psycopg.Connection[Any]) -> tuple[str, datetime]:
    cursor = connection.execute(
        "BEGIN; SELECT pg_current_xact_id(), pg_postmaster_start_time(),"
        f" pg_advisory_xact_lock({_LOCK})"
    )
    cursor.nextset()
    ((number, started, _locked),) = cursor.fetchall()
    return number, started


def _migrate(
    name: str, connection: psycopg.Connection[Any], migrations: Migrations, first_version: int
) -> None:
    """Do all migrations that the tables have not seen, or none."""
    newest = first_version - 1 + len(migrations)
    connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
    # Not without a look before: whoever may not make schemas may use one that is there.
    known = connection.execute(TABLES_EXIST).fetchone()
    if known == (None,):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute("CREATE TABLE versions (number BIGINT NOT NULL)")
    found = connection.execute("SELECT max(number) FROM versions").fetchone()
    version = (found and found[0]) or 0
    if version > newest:
        raise RecordsNewer(name, newest, version)
    for statements in migrations[max(0, version - first_version + 1) :]:
        for statement in statements:
            execute(connection, statement, ())
    if not version:
        for function in FUNCTIONS if known == (None,) else ():
            connection.execute(function)
    if version < newest:
        connection.execute("DELETE FROM versions")
        connection.execute("INSERT INTO versions VALUES (%s)", (newest,))
