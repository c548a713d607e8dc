"""Connections: one that was cut is made again, and a server that is away is told in plain words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.errors import DatabaseUnavailable
from index.store.postgres.connection import Server


@pytest.fixture
def server(postgres_url: str) -> Iterator[Server]:
    server = Server(postgres_url, most=2, patience=0.3)
    yield server
    server.close()


def _ask(server: Server) -> object:
    return server.read(lambda db: db.execute("SELECT %s + 1", (41,)).fetchone())


def test_a_read_is_done_again_where_its_connection_was_cut(server: Server) -> None:
    assert _ask(server) == (42,)
    with server.connection() as one, server.connection() as other:
        cut = [one.info.backend_pid, other.info.backend_pid]
    with server.session() as admin:
        for pid in cut:
            admin.execute("SELECT pg_terminate_backend(%s, 1000)", (pid,))
    assert _ask(server) == (42,)


def test_who_waits_in_vain_for_a_connection_is_told(server: Server) -> None:
    with server.connection(), server.connection(), pytest.raises(DatabaseUnavailable) as told:
        _ask(server)
    assert "all connections are in use" in str(told.value)


def test_no_word_of_the_url_is_told() -> None:
    server = Server("postgresql://somebody:secret@/nothing?host=/nowhere", patience=0.1)
    with pytest.raises(DatabaseUnavailable) as told:
        server.session()
    assert "secret" not in str(told.value)
    with pytest.raises(DatabaseUnavailable):
        _ask(server)
    server.close()
