"""Reads the index on a server: which generation answers, and what is stored of any."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar, cast

from index.errors import DatabaseUnavailable, IndexDamaged, IndexMissing, IndexRemoved
from index.store.catalog.catalog import Catalog
from index.store.generation import (
    Generation,
    Manifest,
    Recipe,
    Trust,
    manifest_in,
    require_recipe,
)
from index.store.pointer import Pointer, pointer_in
from index.store.ports import Stamp, Store
from index.store.postgres.block_store import BlockCache, ServerBlockStore
from index.store.postgres.connection import Connection, Server, server_name
from index.store.postgres.listening import PointerListener
from index.store.postgres.migrating import ensure_schema
from index.store.postgres.pgvector import ServerVectors, is_filled
from index.store.postgres.replica import Reading, Replica
from index.store.postgres.tables.catalog import StoredCatalog
from index.store.postgres.tables.database import StoredTables
from index.store.quarantine import Quarantine, quarantine_in
from index.store.segments.files import segments_in
from index.store.segments.segment import Segment
from index.store.vectors.files import read_vectors
from index.store.vectors.vectors import SegmentVectors

PLACE = "the database"
POINTER, HELD = "CURRENT", "HELD"
"""What CURRENT and HELD say in a folder, by these names."""

_T = TypeVar("_T")


class ServerReader(Store):
    """Reads one index on a server, and never writes, but for the tables where there are none.

    Safe to use from several threads.
    """

    def __init__(
        self,
        server: Server,
        cached: int,
        *,
        vector_search: bool = False,
        replica: Replica | None = None,
    ) -> None:
        """With `vector_search`, the server searches for vectors where it has a generation's. What
        is stored of generations is read from a replica that has it."""
        self.server = server
        self.vector_search = vector_search
        self._replica = replica
        self.place = f"{PLACE} {server_name(server.url)}"
        self.cache = BlockCache(cached)
        self._listener: PointerListener | None = None
        self._ready = False
        self._preparing = threading.Lock()

    def pointer(self) -> Pointer:
        content = self._read(lambda db: content_of(db, POINTER))
        if content is None:
            raise IndexMissing(
                "There is no index in the database yet. Run `briefing-bot reindex` to build it."
            )
        return pointer_in(content.encode(), f"{PLACE}, {POINTER}")

    def stamp(self, *, fresh: bool = False) -> Stamp | None:
        # While it listens, only a fresh one is asked for.
        if self._listener is not None and not fresh:
            is_known, written = self._listener.written()
            if is_known:
                return None if written is None else (written, 0)
        began = time.monotonic()
        try:
            written = self._read(times_written)
        except DatabaseUnavailable:
            return None
        if self._listener is not None:
            self._listener.keep(written, began)
        return None if written is None else (written, 0)

    def listen(self) -> None:
        """Be told from now on when the pointer is written, until `close`."""
        self._prepare()
        self._listener = self._listener or PointerListener(self.server, times_written)

    def close(self) -> None:
        """End listening, and close all connections that nobody has."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._replica is not None:
            self._replica.close()
        self.server.close()

    def marks(self, number: int) -> tuple[tuple[int, int, int], ...]:
        return ()  # only the server writes to what it stores, and it checks that itself

    def numbers(self) -> set[int]:
        found = self._read(
            lambda db: db.execute("SELECT number FROM briefing_rows.generations").fetchall()
        )
        return {int(number) for (number,) in found}

    def size(self) -> int:
        row = self._read(
            lambda db: db.execute(
                "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
                " WHERE relnamespace = 'briefing_rows'::regnamespace AND relkind = 'r'"
            ).fetchone()
        )
        return int(row[0]) if row else 0

    def open_number(
        self, number: int, expected: Recipe | None = None, *, trust: Trust = Trust.NONE
    ) -> Generation:
        manifest = self._manifest(number)
        if expected is not None:
            require_recipe(manifest.recipe, expected)
        of_server: Reading = self.server
        if self._replica is not None and self._replica.has(manifest):
            of_server = self._replica
        names = self.files(number)
        pieces = ServerBlockStore(of_server.read, self.cache, number)
        segments = {name: Segment(pieces.read(name)) for name in segments_in(names)}
        try:
            blocks = read_vectors(pieces, segments, names)
        except OSError as exc:
            raise IndexDamaged(PLACE, f"is not whole ({exc})") from exc
        catalog = StoredCatalog(StoredTables(of_server, number), segments)
        of = blocks, catalog.segments, catalog.view
        if self.vector_search and self._read(lambda db: is_filled(db, number)):
            return Generation(manifest, catalog, ServerVectors(of_server, *of))
        return Generation(manifest, catalog, SegmentVectors(*of))

    def catalog(self, number: int) -> Catalog:
        return StoredCatalog(StoredTables(self.server, number))

    def files(self, number: int) -> list[str]:
        """Return the names of the files of a generation's segments, in order."""
        tables = StoredTables(self.server, number)
        return [name for (name,) in tables.execute("SELECT name FROM segments ORDER BY name")]

    def verify(self, manifest: Manifest) -> None:
        row = self._read(
            lambda db: db.execute(
                "SELECT name FROM briefing_rows.pieces WHERE sha256(bytes) <> sha256 LIMIT 1"
            ).fetchone()
        )
        if row:
            raise IndexDamaged(f"{PLACE}, {row[0]}", "is not what was written")

    def quarantine(self) -> Quarantine:
        content = self._read(lambda db: content_of(db, HELD))
        return Quarantine() if content is None else quarantine_in(content.encode())

    def _manifest(self, number: int) -> Manifest:
        row = self._read(
            lambda db: db.execute(
                "SELECT manifest FROM briefing_rows.generations WHERE number = %s", (number,)
            ).fetchone()
        )
        if row is None:
            raise IndexRemoved(number)
        return manifest_in(row[0].encode(), f"{PLACE}, generation {number}")

    def _read(self, use: Callable[[Connection], _T]) -> _T:
        self._prepare()
        return self.server.read(use)

    def _prepare(self) -> None:
        if not self._ready:
            with self._preparing:
                ensure_schema(self.server)
                self._ready = True


def times_written(db: Connection) -> int | None:
    """Return how often the pointer was written; None where it never was."""
    row = db.execute(
        "SELECT written FROM briefing_rows.pointers WHERE name = %s", (POINTER,)
    ).fetchone()
    return int(row[0]) if row else None


def content_of(db: Connection, name: str) -> str | None:
    """Return what was written under a name; None where nothing was."""
    row = db.execute(
        "SELECT content FROM briefing_rows.pointers WHERE name = %s", (name,)
    ).fetchone()
    return cast(str, row[0]) if row else None
