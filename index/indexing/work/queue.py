"""The queue: jobs that a reindex puts there, and what workers made of them.

One reindex at a time has jobs there, as it holds the lock of the store; what another left behind is
removed: by the next one, by workers, and by a purge. Nothing of a document stays on the queue once
it is taken.
"""

from __future__ import annotations

import atexit
import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import procrastinate
import psycopg
from procrastinate.types import JSONDict
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from index.errors import DatabaseUnavailable
from index.store.generation import Recipe

SCHEMA = "briefing_work"
HEARTBEAT = 2.0
"""Seconds between two signs of life of a worker."""
_DEAD_AFTER = 15.0
_LOOKS_EVERY = 0.05
_LOCK = 0x42725771  # "BrWq"
_IN_USE = 0x42725775  # "BrWu"
_TABLES = ("results", "procrastinate_jobs")
_CONNECTION_ERRORS = (
    psycopg.OperationalError,
    PoolTimeout,
    procrastinate.exceptions.ConnectorException,
)


def connection_to(url: str) -> str:
    """Return how to connect so that the queue's own tables are found."""
    return make_conninfo(url, options=f"-c search_path={SCHEMA}", application_name="briefing-bot")


def name_for(recipe: Recipe) -> str:
    """Return the queue of all who make the same of the same file: models and versions."""
    return f"index-{hashlib.sha256(recipe.model_dump_json().encode()).hexdigest()[:16]}"


class WorkQueue:
    """The side of the reindex: puts jobs, and takes what was made of them, in any order.

    It connects when it is first used. Every method raises DatabaseUnavailable.
    """

    def __init__(self, url: str, recipe: Recipe, *, dead_after: float = _DEAD_AFTER) -> None:
        self.name = name_for(recipe)
        self._conninfo = connection_to(url)
        self._dead_after = dead_after
        self._pool = ConnectionPool(
            self._conninfo, kwargs={"autocommit": True}, min_size=0, max_size=4, open=False
        )
        self._opening = threading.Lock()
        self._is_open = False
        self._sign: psycopg.Connection[Any] | None = None
        """Holds the lock that says that a reindex is at work."""
        self._app = procrastinate.App(
            connector=procrastinate.SyncPsycopgConnector(conninfo=self._conninfo, min_size=1)
        )

    def _open(self) -> None:
        """Connect, make the tables where there are none, and remove what was left behind."""
        with self._opening:
            if self._is_open:
                return
            if self._sign is None or self._sign.closed:
                self._sign = psycopg.connect(self._conninfo, autocommit=True)
            make_tables(self._sign)
            clear_abandoned(self._sign)
            self._sign.execute("SELECT pg_advisory_lock_shared(%s)", (_IN_USE,))
            self._pool.open()
            self._app.open()
            self._is_open = True
            atexit.register(self.close)

    def close(self) -> None:
        with self._opening:
            if self._is_open:
                self._app.close()
                self._pool.close()
            if self._sign is not None:
                self._sign.close()
            self._sign = None
            self._is_open = False
            atexit.unregister(self.close)

    def workers(self) -> int:
        """Return how many workers have lately given a sign of life."""
        alive = (
            "SELECT count(*) FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s)"
        )
        return int(self._run(alive, self._dead_after)[0][0])

    def put(self, task: str, **arguments: Any) -> int:
        """Put a job, and return its number."""
        given: JSONDict = arguments
        with _told():
            self._open()
            task_there = self._app.configure_task(task, queue=self.name, allow_unknown=True)
            return task_there.defer(**given)

    def take(self, job: int) -> bytes | None:
        """Wait for what a worker makes of a job; None where none will: then it is the caller's."""
        while True:
            done = self._run("SELECT status FROM procrastinate_jobs WHERE id = %s", job)
            found = self._run("DELETE FROM results WHERE job = %s RETURNING content", job)
            if found:
                self.drop([job])
                return bytes(found[0][0])
            is_open = bool(done) and done[0][0] in {"todo", "doing"}
            if not is_open or not self.workers():
                self.drop([job])
                return None
            time.sleep(_LOOKS_EVERY)

    def drop(self, jobs: Sequence[int]) -> None:
        """Remove jobs, and what was made of them."""
        for table, column in (("procrastinate_jobs", "id"), ("results", "job")):
            self._run(f"DELETE FROM {table} WHERE {column} = ANY(%s)", list(jobs))

    def _run(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with _told():
            self._open()
            with self._pool.connection() as db:
                cursor = db.execute(statement.encode(), parameters)
                return cursor.fetchall() if cursor.description else []


@contextmanager
def _told() -> Iterator[None]:
    """Raise DatabaseUnavailable for what the server or the way to it is to blame for."""
    try:
        yield
    except _CONNECTION_ERRORS as exc:
        raise DatabaseUnavailable("the connection was lost, or cannot be made") from exc


def make_tables(db: psycopg.Connection[Any]) -> None:
    """Make the tables of the queue, where there are none yet."""
    with db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        if db.execute("SELECT to_regclass('results')").fetchone() != (None,):
            return
        db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())
        schema = procrastinate.App(connector=procrastinate.SyncPsycopgConnector()).schema_manager
        db.execute(schema.get_schema().encode())
        db.execute("CREATE TABLE results (job BIGINT PRIMARY KEY, content BYTEA NOT NULL)")


def clear(url: str) -> None:
    """Remove all jobs and what was made of them, and what may be left of those removed before.

    Only with the lock of the store. Raises DatabaseUnavailable.
    """
    with _told(), psycopg.connect(connection_to(url), autocommit=True) as db:
        if db.execute("SELECT to_regclass('results')").fetchone() == (None,):
            return
        # Deleted rows would stay as long as somebody, such as a replica, may still look at them.
        db.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE".encode())


def clear_abandoned(db: psycopg.Connection[Any]) -> None:
    """Remove what a reindex left behind that was killed, where none is at work."""
    if db.execute("SELECT pg_try_advisory_lock(%s)", (_IN_USE,)).fetchone() == (True,):
        try:
            for table in _TABLES:
                db.execute(f"DELETE FROM {table}".encode())
        finally:
            db.execute("SELECT pg_advisory_unlock(%s)", (_IN_USE,))


def keep(db: psycopg.Connection[Any], job: int, content: bytes) -> None:
    """Keep what was made of a job, unless the reindex that put it has ended."""
    db.execute(
        "INSERT INTO results SELECT id, %s FROM procrastinate_jobs WHERE id = %s"
        " ON CONFLICT DO NOTHING",
        (content, job),
    )
