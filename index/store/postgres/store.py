"""The index on a PostgreSQL server: which generation answers, and how the next one takes its place.

A generation is made in one transaction, which nobody sees until it is published, and of which the
server leaves nothing where it is not: there is no file to be thrown away after a crash. A row says
from which generation on it holds, and until which: so a change writes what it changes, and the
generation before stays whole. Whoever makes one holds an advisory lock on the same connection:
where that is cut, both end.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from index.errors import (
    DatabaseUnavailable,
    IndexBusy,
    IndexDamaged,
    IndexNotWritten,
)
from index.store.catalog.catalog import Catalog
from index.store.catalog.document_table import Version
from index.store.generation import (
    Manifest,
)
from index.store.pointer import Pointer, Takeover, pointer_in
from index.store.ports import Staged
from index.store.postgres.block_store import ServerBlockStore
from index.store.postgres.connection import Connection, Server, problem_of, translated_errors
from index.store.postgres.listening import CHANNEL
from index.store.postgres.merging import ServerMerging, forget_merge, has_merge, merge_planned
from index.store.postgres.pgvector import fill_vectors
from index.store.postgres.reader import HELD, PLACE, POINTER, ServerReader, content_of
from index.store.postgres.replica import Replica
from index.store.postgres.sharding import is_divided, take_back
from index.store.postgres.tables.catalog import ServerCatalog
from index.store.postgres.tables.database import StagedTables
from index.store.postgres.tables.versioned import end_all, forget_others, revive, vacuum
from index.store.quarantine import Quarantine, sealed_quarantine
from index.store.segments.files import segments_in
from index.store.segments.segment import Segment
from index.store.vectors.files import StagedVectors

CACHED = 128 << 20
"""Bytes of what was fetched last that one process keeps."""
_LOCK = 4_207_849_485
_RETENTION = "1 minute"
"""How long a generation stays after it was replaced, for questions that began before."""
_NOT_OUR_FAULT = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ReadOnlySqlTransaction,
    DatabaseUnavailable,
)


@dataclass(frozen=True, slots=True)
class _Staging:
    """A generation that is made: its connection, its number, and a folder for what waits."""

    connection: Connection
    number: int
    folder: Path


class PostgresStore(ServerReader):
    """One index on a server. Safe to use from several threads, but one that writes."""

    def __init__(
        self,
        server: Server,
        *,
        cached: int = CACHED,
        vector_search: bool = False,
        replica: Replica | None = None,
    ) -> None:
        super().__init__(server, cached, vector_search=vector_search, replica=replica)
        self._writer: Connection | None = None

    @contextmanager
    def lock(self) -> Iterator[None]:
        self._prepare()
        with closing(self.server.session()) as session:
            with translated_errors():
                row = session.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
            if row != (True,):
                raise IndexBusy(
                    "Another reindex is running. Wait until it has ended, then try again."
                )
            self._writer = session
            try:
                yield
            finally:
                self._writer = None
                # Closing alone lets the server free it some time later.
                with suppress(psycopg.Error):
                    session.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))

    @contextmanager
    def stage(self, base: int | None, *, least: int = 0) -> Iterator[_Staging]:
        """Begin the next generation, like generation `base`, or empty.

        Its number is `least` at least. It is a transaction, which ends with `publish` or comes to
        nothing. Failures to write become IndexNotWritten.
        """
        numbers = self.numbers()
        newest = max(numbers, default=0)
        number = max(newest + 1, least)
        with self._writing() as connection, tempfile.TemporaryDirectory() as folder:
            connection.execute("BEGIN")
            try:
                connection.execute(f"SET LOCAL briefing.generation = '{number}'")
                connection.execute("SET LOCAL search_path = briefing")
                # Parsing and embedding may take hours between two statements.
                connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                if is_divided(connection):
                    take_back(connection, number)
                if base is None:
                    end_all(connection, number)
                elif base != newest:
                    revive(connection, base, number)
                yield _Staging(connection, number, Path(folder))
            finally:
                if not connection.broken and connection.info.transaction_status:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Lend the connection of whoever holds the lock."""
        try:
            if self._writer is None:
                with closing(self.server.session()) as session:
                    yield session
            else:
                yield self._writer
        except _NOT_OUR_FAULT as exc:
            raise _not_written(exc) from exc

    def edit(self, staging: _Staging, *, anew: bool) -> Staged:
        """Return what was staged, to be changed; that it begins empty was said before."""
        pieces = ServerBlockStore(lambda use: use(staging.connection), self.cache, staging.number)
        names = [] if anew else segments_in(pieces.names())
        catalog = ServerCatalog(
            StagedTables(staging.connection), {name: Segment(pieces.read(name)) for name in names}
        )
        merging = ServerMerging(staging.connection)
        return Staged(catalog, StagedVectors(staging.folder, pieces), pieces, merging)

    def publish(
        self,
        staging: _Staging,
        manifest: Manifest,
        takeover: Takeover,
    ) -> Manifest:
        """Let what was staged answer from now on, in the transaction that made it."""
        db = staging.connection
        manifest = manifest.model_copy(update={"number": staging.number}).sealed()
        pointer = takeover.pointer_to(manifest.number)
        last = content_of(db, POINTER)
        if not takeover.alone and last is not None:
            before = pointer_in(last.encode(), PLACE)
            pointer = self._with_previous(db, pointer, before, takeover.not_brought_back)
        try:
            if self.vector_search:
                files = ServerBlockStore(lambda use: use(db), self.cache, staging.number)
                fill_vectors(db, staging.number, files)
            db.execute(
                "UPDATE briefing_rows.generations SET replaced_at = now() WHERE replaced_at IS NULL"
            )
            db.execute(
                "INSERT INTO briefing_rows.generations (number, manifest) VALUES (%s, %s)",
                (manifest.number, manifest.model_dump_json(indent=2)),
            )
            _write(db, POINTER, pointer.sealed().decode())
            db.execute("COMMIT")
        except _NOT_OUR_FAULT as exc:
            raise _not_written(exc) from exc
        return manifest

    def _with_previous(
        self, db: Connection, pointer: Pointer, last: Pointer, shut: Collection[str]
    ) -> Pointer:
        """Return the pointer to a staged generation; the one that answered becomes its previous.

        Only the documents that differ are looked at.
        """
        previous = last.previous if pointer.damaged == last.current else last.current
        if previous is None:
            return pointer
        before = _differing(db, previous, pointer.current, of_older=True)
        after = _differing(db, previous, pointer.current, of_older=False)
        files = {each.file or name for name, each in before.items()}
        found = db.execute("SELECT name FROM files WHERE name = ANY(%s)", (sorted(files),))
        unread = {name for (name,) in found.fetchall()}
        if last.previous == previous:
            unread |= set(last.closed)
        return pointer.with_previous(previous, before, after, unread, shut)

    def sound(self, number: int) -> AbstractContextManager[Catalog]:
        return closing(self.catalog(number))

    def recover(self) -> None:
        """Let the previous one answer, without the documents that were removed or changed since."""
        pointer = self.pointer()
        try:
            self.verify(self._manifest(pointer.current))
        except IndexDamaged:
            if pointer.previous is None:
                raise
            without = {*pointer.removed, *pointer.changed, *pointer.withheld}
            base = self.open_number(pointer.previous)
            takeover = Takeover(damaged=pointer.current, shut=pointer.withheld)
            self.publish_copy(base, without, takeover)

    def purge(self, name: str) -> Pointer:
        """Delete all rows of what is gone, and vacuum the tables."""
        pointer = self.pointer()
        self.set_quarantine(self.quarantine().without(name))
        takeover = Takeover(damaged=pointer.damaged, alone=True, withheld=pointer.withheld)
        with self._writing() as db:
            forget_merge(db)
        self.publish_copy(self.open_number(pointer.current), [name], takeover)
        self._remove_others(at_once=True)
        return self.pointer()

    def prune(self) -> None:
        """Remove what holds in none that the pointer names, nor in one replaced just now."""
        with suppress(IndexNotWritten):  # the next one removes it
            self._remove_others(at_once=False)

    def merge(self) -> bool:
        return merge_planned(self.server)

    def has_merge(self) -> bool:
        with suppress(DatabaseUnavailable):  # then nothing can be made either
            return bool(self._read(has_merge))
        return False

    def _remove_others(self, *, at_once: bool) -> None:
        pointer = self.pointer()
        named = [number for number in (pointer.current, pointer.previous) if number is not None]
        with self._writing() as db:
            forget_others(db, named, "0 seconds" if at_once else _RETENTION)
            if at_once:
                vacuum(db)

    def _point_to(self, pointer: Pointer) -> None:
        self._write_now(POINTER, pointer.sealed().decode())

    def _hold(self, held: Quarantine) -> None:
        self._write_now(HELD, sealed_quarantine(held).decode())

    def _write_now(self, name: str, content: str) -> None:
        """Write at once, whatever is staged: not with the connection of the lock."""
        try:
            with self.server.connection() as db:
                _write(db, name, content)
        except DatabaseUnavailable as exc:
            raise _not_written(exc) from exc


def _write(db: Connection, name: str, content: str) -> None:
    """Write a pointer, and tell everybody who listens."""
    db.execute(
        "INSERT INTO briefing_rows.pointers (name, content) VALUES (%s, %s) ON CONFLICT (name)"
        " DO UPDATE SET content = excluded.content, written = pointers.written + 1",
        (name, content),
    )
    db.execute("SELECT pg_notify(%s, %s)", (CHANNEL, name))


def _differing(db: Connection, older: int, newer: int, *, of_older: bool) -> dict[str, Version]:
    """Return the versions of documents that two generations do not share, in one of them."""
    one, other = (older, newer) if of_older else (newer, older)
    rows: list[Any] = db.execute(
        "SELECT name, sha256, metadata, file FROM briefing_rows.documents"
        " WHERE valid_from <= %(one)s AND valid_until > %(one)s"
        " AND NOT (valid_from <= %(other)s AND valid_until > %(other)s)",
        {"one": one, "other": other},
    ).fetchall()
    return {
        name: Version(sha256, json.loads(metadata).get("audience"), file)
        for name, sha256, metadata, file in rows
    }


def _not_written(exc: psycopg.Error | DatabaseUnavailable) -> IndexNotWritten:
    if isinstance(exc, DatabaseUnavailable):
        return IndexNotWritten(PLACE, exc.problem)
    return IndexNotWritten(PLACE, problem_of(exc))
