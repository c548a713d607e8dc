"""Files in pieces: what is read of them is what is read of the same files in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexRemoved
from index.store.postgres import block_store as module
from index.store.postgres.block_store import BlockCache, ServerBlockStore
from index.store.postgres.connection import Connection, Server
from index.store.segments.block_store import FolderBlockStore
from index.store.segments.blocks import Arrays
from testing.postgres import index_database

ARRAYS: Mapping[str, NDArray[Any]] = {
    "few": np.arange(7, dtype=np.uint8),
    "none": np.zeros(0, np.uint32),
    "many": np.arange(5_000, dtype=np.int64)[::-1].copy(),
    "bytes": (np.arange(9_001) * 7 % 251).astype(np.uint8),
    "vector": np.linspace(-1, 1, 300 * 24, dtype=np.float32),
}


@pytest.fixture
def server(postgres_server: str) -> Iterator[Server]:
    with index_database(postgres_server) as url:
        server = Server(url)
        yield server
        server.close()


@pytest.fixture
def stored(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> tuple[ServerBlockStore, str, Arrays]:
    """Arrays on a server, in small pieces and pages, by their name, and the same in a folder."""
    for constant, value in {"PIECE": 4_096, "_PAGE": 512, "_WHOLE_BYTES": 64, "_HEAD": 64}.items():
        monkeypatch.setattr(module, constant, value)
    with server.session() as session:
        session.execute("SET briefing.generation = '1'")
        writer = ServerBlockStore(lambda use: use(session), BlockCache(0), 1)
        name = writer.put(".words", ARRAYS, {"many"})
        assert writer.names() == [name]
    folder = FolderBlockStore(tmp_path)
    assert folder.put(".words", ARRAYS, {"many"}) == name
    return ServerBlockStore(server.read, BlockCache(2_000), 1), name, folder.read(name)


def test_arrays_are_those_of_the_file(stored: tuple[ServerBlockStore, str, Arrays]) -> None:
    pieces, name, expected = stored
    found = pieces.read(name)
    assert list(found) == list(expected)
    for key, array in expected.items():
        assert len(found[key]) == len(array)
        assert found[key].dtype == array.dtype
        np.testing.assert_array_equal(np.asarray(found[key]), array)


@pytest.mark.parametrize("key", ["bytes", "vector"])
def test_parts_are_those_of_the_array(
    stored: tuple[ServerBlockStore, str, Arrays], key: str
) -> None:
    pieces, name, arrays = stored
    found, array = pieces.read(name)[key], arrays[key]
    rows = np.array([5, 0, 5, len(array) - 1, 700, 701])
    for _ in range(2):  # fetched, then kept in part
        for index in (slice(3, 9), slice(500, 1_700), slice(len(array), None), rows, rows[:0]):
            np.testing.assert_array_equal(found[index], array[index])
        for place in (0, 511, 512, -1):
            assert found[place] == array[place]


def test_vectors_are_fetched_by_their_rows(stored: tuple[ServerBlockStore, str, Arrays]) -> None:
    pieces, name, arrays = stored
    found, array = pieces.read(name)["vector"].reshape(300, -1), arrays["vector"].reshape(300, -1)
    assert found.shape == array.shape
    for index in (np.array([299, 3, 4, 5, 3]), np.array([], np.int64), slice(7, 19)):
        np.testing.assert_array_equal(found[index], array[index])


def test_what_is_checked_is_checked(
    stored: tuple[ServerBlockStore, str, Arrays], server: Server
) -> None:
    pieces, name, _ = stored

    def damage(db: Connection) -> None:
        db.execute("UPDATE briefing_rows.pieces SET bytes = overlay(bytes PLACING 'x' FROM 2000)")

    server.read(damage)
    with pytest.raises(IndexDamaged):
        pieces.read(name)["many"]


def test_what_was_removed_is_told(
    stored: tuple[ServerBlockStore, str, Arrays], server: Server
) -> None:
    pieces, name, _ = stored
    arrays = pieces.read(name)
    server.read(lambda db: db.execute("DELETE FROM briefing_rows.pieces WHERE number > 1"))
    with pytest.raises(IndexRemoved):
        arrays["vector"][:]


def test_what_was_used_last_is_kept() -> None:
    cache = BlockCache(10)
    cache.keep("a", {0: b"12345", 1: b"1234"})
    assert cache.get("a", [0, 1, 2]) == {0: b"12345", 1: b"1234"}
    assert list(cache.get("a", [0])) == [0]
    cache.keep("b", {0: b"123"})
    assert list(cache.get("a", [0, 1])) == [0]
    cache.keep("b", {0: b"12345"})
    assert list(cache.get("b", [0])) == [0]
