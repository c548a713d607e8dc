"""Connections to a PostgreSQL server: a pool, and one retry where a connection was cut."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolTimeout

from index.errors import DatabaseUnavailable

MOST_CONNECTIONS = 8
"""Connections of one process, beside those that hold a lock or listen."""
PATIENCE = 10.0
"""Seconds to wait for a connection, which is longer than a server takes to restart."""

Connection = psycopg.Connection[tuple[Any, ...]]
_T = TypeVar("_T")
_log = logging.getLogger(__name__)
# Each second that a server is away it says so; who needs the server says it once.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
_CONNECTION_ERRORS = (psycopg.OperationalError, psycopg.InterfaceError)
_REFUSED = (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)


class Server:
    """A PostgreSQL server, connected to when it is first used. Safe to use from several threads.

    Parameters are put into the SQL by the client, so that one round trip takes several statements.
    """

    def __init__(
        self, url: str, *, most: int = MOST_CONNECTIONS, patience: float = PATIENCE
    ) -> None:
        self.url = url
        self._patience = patience
        self._opening = threading.Lock()
        self._pool: ConnectionPool[Connection] | None = None
        self._most = most

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection, each statement its own transaction; raises DatabaseUnavailable."""
        with translated_errors():
            pool = self._opened()
            connection = pool.getconn()
            try:
                yield connection
            finally:
                pool.putconn(connection)

    def read(self, use: Callable[[Connection], _T]) -> _T:
        """Return what `use` does with a connection, which may be done again where that was cut.

        Raises DatabaseUnavailable.
        """
        try:
            with self.connection() as connection:
                return use(connection)
        except DatabaseUnavailable as exc:
            if not isinstance(exc.__cause__, _CONNECTION_ERRORS) or isinstance(
                exc.__cause__, PoolTimeout
            ):
                raise
            _log.info("A connection to the database was lost (%s); trying again.", exc.__cause__)
        with translated_errors():
            self._opened().check()
        with self.connection() as connection:
            return use(connection)

    def session(self) -> Connection:
        """Return a connection of its own, to hold locks or to listen; the caller closes it.

        Raises DatabaseUnavailable.
        """
        with translated_errors():
            return _connect(self.url, connect_timeout=max(1, round(self._patience)))

    def close(self) -> None:
        """Close all connections that nobody has."""
        with self._opening:
            if self._pool:
                self._pool.close()
                atexit.unregister(self.close)
            self._pool = None

    def _opened(self) -> ConnectionPool[Connection]:
        with self._opening:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self.url,
                    kwargs={
                        **_CONNECTION_OPTIONS,
                        "connect_timeout": max(1, round(self._patience)),
                    },
                    min_size=0,
                    max_size=self._most,
                    timeout=self._patience,
                    reconnect_timeout=self._patience,
                    open=True,
                )
                # A pool that is still open when Python ends has threads that trip over its ruins.
                atexit.register(self.close)
            return self._pool


_CONNECTION_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "cursor_factory": psycopg.ClientCursor,
    # A server that vanished is noticed within seconds, not hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def _connect(url: str, **options: Any) -> Connection:
    return psycopg.Connection.connect(url, **{**_CONNECTION_OPTIONS, **options})


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise DatabaseUnavailable for what the server or the way to it is to blame for."""
    try:
        yield
    except PoolTimeout as exc:
        raise DatabaseUnavailable("it does not answer, or all connections are in use") from exc
    except (*_CONNECTION_ERRORS, *_REFUSED) as exc:
        raise DatabaseUnavailable(problem_of(exc)) from exc


def server_name(url: str) -> str:
    """Return the host and the database of a URL, never the user or the password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "PostgreSQL"
    return f"{parts.get('host', 'localhost')}/{parts.get('dbname', '')}"


def problem_of(error: psycopg.Error) -> str:
    """Return what is wrong; never the driver's own words, which may have parts of the URL."""
    if isinstance(error, errors.DiskFull):
        return "its disk is full"
    if isinstance(error, errors.OutOfMemory):
        return "it has no memory left"
    if isinstance(error, errors.InsufficientPrivilege):
        return "its user may not do what is needed; let it own the database"
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return "it takes no changes, as a replica does"
    if isinstance(error, errors.TooManyConnections):
        return "it has as many connections as it takes"
    if isinstance(error, errors.InvalidPassword | errors.InvalidAuthorizationSpecification):
        return "it refuses the user or the password"
    return "the connection was lost, or cannot be made"
