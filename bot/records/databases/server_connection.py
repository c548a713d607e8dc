"""Connections to the server of the records: their limits, their types, and their errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.conninfo import make_conninfo
from psycopg.types.string import StrDumper
from psycopg_pool import PoolTimeout
from pydantic import SecretStr

from bot.errors import BadSettings, RecordsBlocked, RecordsDamaged
from bot.localization import _
from bot.records.databases.database import Parameters
from bot.records.databases.dialect import for_postgres
from index.store.postgres.connection import server_name as name_of_server

SCHEMA = "briefing_records"
LOCK_TIMEOUT = "10s"
_SESSION: dict[str, str | int] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "briefing-bot",
}
_SETTINGS = {
    "lock_timeout": LOCK_TIMEOUT,
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "search_path": SCHEMA,
    "timezone": "UTC",
    "synchronous_commit": "on",
}
_LIMITS = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
TABLES_EXIST = "SELECT to_regclass('versions')"
BLOCKED = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolTimeout,
    errors.InsufficientPrivilege,
    errors.ReadOnlySqlTransaction,
)


class _Flag(Dumper):
    """Truth as a number, as SQLite stores it."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> Buffer:
        return b"1" if obj else b"0"

    def quote(self, obj: bool) -> Buffer:
        return self.dump(obj)


class _Text(StrDumper):
    """Text with U+FFFD for NUL, which PostgreSQL cannot hold."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd"))


def server_name(url: SecretStr) -> str:
    """Return the host and the database of a URL, without the rest."""
    return name_of_server(url.get_secret_value())


def connected(url: SecretStr, **more: Any) -> psycopg.Connection[Any]:
    """Return a connection of its own, with the limits and the types of the records."""
    connection = psycopg.connect(connection_info(url), **more)
    configure(connection)
    return connection


def connection_info(url: SecretStr) -> str:
    """Return the URL with the limits of the records; raise BadSettings where it has an error."""
    try:
        return make_conninfo(url.get_secret_value(), **_SESSION, options=_LIMITS)
    except psycopg.ProgrammingError as exc:  # its words may have parts of the password
        raise BadSettings(
            _("BRIEFING_DATABASE has a parameter that PostgreSQL does not know.")
        ) from exc


def configure(connection: psycopg.Connection[Any]) -> None:
    """Have the connection write parameters as literals, whose types follow from their places."""
    connection.cursor_factory = psycopg.ClientCursor
    connection.adapters.register_dumper(bool, _Flag)
    connection.adapters.register_dumper(str, _Text)


def read_alone(url: SecretStr, *statements: str) -> list[list[Any]]:
    """Return the rows of each statement, over a connection of its own; nothing is made or changed.

    Where there are no records yet, there are none. Raises RecordsBlocked and RecordsDamaged.
    """
    with translated(server_name(url)), connected(url) as connection:
        if connection.execute(TABLES_EXIST).fetchone() == (None,):
            return [[] for _statement in statements]
        return [execute(connection, each, ()).fetchall() for each in statements]


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Translate what the server or the network raises into our errors, but not our defects."""
    try:
        yield
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.DataCorrupted) as exc:
        raise RecordsDamaged(
            name,
            _("is not as it was written ({reason})").format(reason=_first_line(exc)),
        ) from exc
    except BLOCKED as exc:
        raise RecordsBlocked(name, _first_line(exc)) from exc


def execute(
    connection: psycopg.Connection[Any], statement: str, parameters: Parameters
) -> psycopg.Cursor[Any]:
    """Execute a statement that is written for SQLite."""
    return connection.execute(for_postgres(statement).encode(), parameters)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
