"""Where the records of a test are: in a file, and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.records import Records
from bot.records.databases.database import Place
from bot.records.databases.server_connection import SCHEMA, connected
from testing.clock import Clock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have each test of the records run over both, but for those that are about the file.

    With the server in `make check` alone; what `make test` has of it is test_moving.py.
    """
    own = metafunc.function.__code__.co_varnames[: metafunc.function.__code__.co_argcount]
    if "place" in metafunc.fixturenames and not {"path", "settings"} & set(own):
        on_server = pytest.param("postgres", marks=pytest.mark.search)
        metafunc.parametrize("place", ["sqlite", on_server], indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest, path: Path) -> Iterator[Place]:
    if getattr(request, "param", "sqlite") == "sqlite":
        yield path
    else:
        yield _emptied(request.getfixturevalue("records_url"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """That of the file, where the records are in one."""
    return tmp_path / "state" / "records.sqlite"


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Clock:
    return Clock(request.module.NOON)


@pytest.fixture(scope="session")
def records_url(postgres_server: str, worker_id: str) -> Iterator[str]:
    """A database for the records of one test after the other."""
    from testing.postgres import database

    with database(postgres_server) as url:
        Records(SecretStr(url)).close()
        yield url


@cache
def _tables(url: str) -> str:
    with connected(SecretStr(url)) as db:
        found = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,))
        return ", ".join(name for (name,) in found if name != "versions")


def _emptied(url: str) -> SecretStr:
    with connected(SecretStr(url)) as db:
        db.execute(f"TRUNCATE {_tables(url)} RESTART IDENTITY CASCADE".encode())
    return SecretStr(url)
