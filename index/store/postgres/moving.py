"""Moving an index: from a folder to a server, or back, row by row and file by file.

What answers is moved, with its history, and what is withheld or held back. There is no way back to
the generation before afterwards. Files come first, each on its own, so that what was interrupted
goes on where it was; the rows are one transaction. What arrived is compared with what was sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from index.errors import IndexDamaged, IndexNotMoved
from index.store.catalog.layers import IN_ROWS
from index.store.folder.store import IndexStore
from index.store.generation import Generation, Manifest
from index.store.pointer import Takeover
from index.store.ports import Store
from index.store.postgres.block_store import BlockCache, ServerBlockStore
from index.store.postgres.connection import Connection
from index.store.postgres.store import PostgresStore
from index.store.postgres.tables.dialect import values_of
from index.store.postgres.tables.versioned import TABLES, columns_of
from index.store.segments.block_store import digest_of_file
from index.store.segments.files import files_of_segments, link_files

_ROWS = tuple(table for table in TABLES if table != "segments")
_KEYS = ("documents", "passages", "history")
_SHA256 = 64
_BATCH_ROWS = 1_000
_MODULUS = 1 << 256
_NOTHING_KEPT = BlockCache(0)

Row = tuple[Any, ...]
Moving = Callable[[str, int], None]
"""Told what is moved, and how many rows or bytes of it have been."""


@dataclass(frozen=True, slots=True)
class MovedIndex:
    """What was moved: the number of the generation, and how many documents, rows and files."""

    generation: int
    documents: int
    rows: int
    files: int


class _Digest:
    """A digest of rows in any order, made while they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            values = [bytes(v) if isinstance(v, memoryview | bytearray) else v for v in row]
            self._sum += int.from_bytes(hashlib.sha256(repr(values).encode()).digest())
            self.rows += 1
            yield tuple(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Digest) and self._found == other._found

    def __hash__(self) -> int:
        return hash(self._found)

    @property
    def _found(self) -> tuple[int, int]:
        return self.rows, self._sum % _MODULUS


def to_server(
    source: IndexStore, target: PostgresStore, moved: Moving = lambda _what, _much: None
) -> MovedIndex:
    """Move what answers in a folder to a server; what is in the folder stays.

    Raises IndexUnavailable, IndexBusy and IndexNotWritten, and IndexDamaged where something else
    arrived.
    """
    with source.lock(), target.lock():
        pointer = source.pointer()
        generation = source.open_number(pointer.current)
        if there := _already(generation, target):
            return there
        files = files_of_segments(generation.manifest.files)
        folder = source.directory(pointer.current)
        for name in files:
            _send(target, name, folder / name)
            moved(name, (folder / name).stat().st_size)
        catalog = generation.catalog
        sent: dict[str, _Digest] = {}
        with target.stage(None, least=pointer.current) as staging:
            db = staging.connection
            for table in _ROWS:
                columns, sent[table] = columns_of(db, table), _Digest()
                rows = (_as_stored(row) for row in catalog.dump(table, columns))
                _copy_in(db, table, columns, sent[table].of(rows))
                moved(table, sent[table].rows)
            for name in files:
                db.execute("INSERT INTO briefing.segments VALUES (%s)", (name,))
            _continue_keys(db)
            _require_same(sent, lambda table: _read(db, table, columns_of(db, table)))
            # First: what is published is not moved again after a crash.
            target.set_quarantine(source.quarantine())
            takeover = Takeover(alone=True, withheld=pointer.withheld)
            made = target.publish(staging, _without_files(generation.manifest), takeover)
        catalog.close()
        target.prune()
    return _moved(made, sent, files)


def to_folder(
    source: PostgresStore, target: IndexStore, moved: Moving = lambda _what, _much: None
) -> MovedIndex:
    """Move what answers on a server to a folder; it is as `to_server`, but for the lock of the
    source: all is read as it is at one moment."""
    with target.lock(), closing(source.server.session()) as session:
        pointer = source.pointer()
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        session.execute(f"SET LOCAL briefing.generation = '{pointer.current}'")
        generation = source.open_number(pointer.current)
        if there := _already(generation, target):
            target.prune()
            return there
        arrived = target.arrived
        arrived.mkdir(exist_ok=True)
        pieces = ServerBlockStore(lambda use: use(session), _NOTHING_KEPT, pointer.current)
        files = pieces.names()
        for name in files:
            _receive(pieces, name, arrived)
            moved(name, (arrived / name).stat().st_size)
        sent: dict[str, _Digest] = {}
        with target.stage(None) as staging:
            link_files(arrived, files, staging)
            staged = target.edit(staging, anew=True)
            for table in _ROWS:
                columns, sent[table] = columns_of(session, table), _Digest()
                staged.catalog.load(table, columns, sent[table].of(_read(session, table, columns)))
                moved(table, sent[table].rows)
            _require_same(
                sent, lambda table: staged.catalog.dump(table, columns_of(session, table))
            )
            staged.catalog.commit()
            target.set_quarantine(source.quarantine())
            takeover = Takeover(alone=True, withheld=pointer.withheld)
            made = target.publish(staging, _without_files(generation.manifest), takeover)
        target.prune()
    return _moved(made, sent, files)


def _already(generation: Generation, target: Store) -> MovedIndex | None:
    """Return what was moved before, where the same is there; raises IndexNotMoved where other is.

    A generation is made in a moment of its own, which is moved with it.
    """
    if not target.numbers():
        return None
    there = target.open_number(target.pointer().current)
    there.catalog.close()
    one, other = generation.manifest, there.manifest
    if (one.created_at, one.documents, one.passages) != (
        other.created_at,
        other.documents,
        other.passages,
    ):
        raise IndexNotMoved(target.place)
    return MovedIndex(other.number, other.documents, 0, 0)


def _without_files(manifest: Manifest) -> Manifest:
    return manifest.model_copy(update={"files": {}, "written_ns": {}, "sha256": ""})


def _moved(made: Manifest, sent: Mapping[str, _Digest], files: Sequence[str]) -> MovedIndex:
    return MovedIndex(
        made.number, made.documents, sum(each.rows for each in sent.values()), len(files)
    )


def _send(target: PostgresStore, name: str, path: Path) -> None:
    """Send a file, unless all of it is there already."""
    target.server.read(lambda db: _send_by(db, name, path))


def _send_by(db: Connection, name: str, path: Path) -> None:
    pieces = ServerBlockStore(lambda use: use(db), _NOTHING_KEPT, 0)
    if pieces.digest(name) != name[:_SHA256]:
        with db.transaction():
            db.execute("DELETE FROM briefing_rows.pieces WHERE name = %s", (name,))
            pieces.put_file(name, path)
        if pieces.digest(name) != name[:_SHA256]:
            raise IndexDamaged(str(path), "is not what was published, or did not arrive whole")


def _receive(pieces: ServerBlockStore, name: str, folder: Path) -> None:
    """Fetch a file, unless all of it is there already."""
    path = folder / name
    if path.exists() and digest_of_file(path) == name[:_SHA256]:
        return
    with path.open("wb") as file:
        for piece in pieces.content(name):
            file.write(piece)
    if digest_of_file(path) != name[:_SHA256]:
        raise IndexDamaged(name, "is not what was published, or did not arrive whole")


def _as_stored(row: Row) -> Row:
    return tuple(values_of("", row))


def _copy_in(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with psycopg.Cursor(db).copy(
        f"COPY briefing_rows.{table} ({', '.join(columns)}) FROM STDIN"
    ) as copy:
        for row in rows:
            copy.write_row(row)


def _read(db: Connection, table: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of the generation that a transaction is about, some at a time."""
    order = " ORDER BY rowid" if table in IN_ROWS else ""
    with psycopg.ServerCursor(db, "moving") as cursor:
        cursor.itersize = _BATCH_ROWS
        cursor.execute(f"SELECT {', '.join(columns)} FROM briefing.{table}{order}")
        for row in cursor:
            yield tuple(int(v) if hasattr(v, "as_tuple") else v for v in row)


def _require_same(sent: Mapping[str, _Digest], arrived: Callable[[str], Iterable[Row]]) -> None:
    for table, expected in sent.items():
        found = _Digest()
        for _ in found.of(arrived(table)):
            pass
        if found != expected:
            raise IndexDamaged(table, "did not arrive as it was sent")


def _continue_keys(db: Connection) -> None:
    """Let no key be given again."""
    for table in _KEYS:
        db.execute(
            f"SELECT setval('briefing_rows.{table}_key', greatest("
            f" (SELECT coalesce(max(key), 0) FROM briefing_rows.{table}),"
            f" (SELECT last_value FROM briefing_rows.{table}_key)))"
        )
