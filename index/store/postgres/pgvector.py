"""Search for vectors on the server, by pgvector, for a bot that has no room for their codes.

What is found there is scored again by the vectors of the segments, as what codes find is. Each
visibility class with many passages has an index of its own, so that no hidden passage has a part in
what is found; all others are compared one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from index.errors import DatabaseUnavailable
from index.ports import Filter, Vectors
from index.store.postgres.block_store import ServerBlockStore
from index.store.postgres.connection import Connection
from index.store.postgres.replica import Reading
from index.store.segments.files import VECTORS
from index.store.segments.segments import Segments, VisibleRows
from index.store.vectors.vectors import SegmentVectors, VectorBlocks

INDEXED = 10_000
"""Passages of a class from which it has an index; so many are compared in some milliseconds."""
_LEAST_FETCHED = 200
"""The best by their halves of a float that are scored again, or four times what is asked for."""
_MOST_SCANNED = 1_000
"""What pgvector takes for `ef_search` at most."""
_AT_ONCE = 5_000
_HERE = "SELECT to_regclass('briefing_rows.vectors') IS NOT NULL"
_CREATE = (
    """CREATE TABLE IF NOT EXISTS briefing_rows.vectors (
        key bigint PRIMARY KEY, class text COLLATE "C" NOT NULL, document text COLLATE "C" NOT NULL,
        vector halfvec NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS vectors_class ON briefing_rows.vectors (class)",
    "CREATE INDEX IF NOT EXISTS vectors_document ON briefing_rows.vectors (document)",
    # The classes that have an index of vectors of one width, and the generations whose vectors are
    # all there. Where the model was changed, those of the generation before are as wide as its own.
    """CREATE TABLE IF NOT EXISTS briefing_rows.vector_indexes (
        class text, width int, PRIMARY KEY (class, width)
    )""",
    "CREATE TABLE IF NOT EXISTS briefing_rows.vector_generations (number bigint PRIMARY KEY)",
)
_MISSING = (
    "SELECT key FROM briefing.passages WHERE NOT EXISTS"
    " (SELECT FROM briefing_rows.vectors WHERE vectors.key = passages.key) ORDER BY key"
)
_NEWLY_LARGE = (
    "SELECT class, vector_dims(vector) FROM briefing_rows.vectors GROUP BY 1, 2"
    " HAVING count(*) >= %s EXCEPT SELECT class, width FROM briefing_rows.vector_indexes"
)


def is_filled(db: Connection, number: int) -> bool:
    """Return whether all vectors of a generation are there to be searched."""
    if not vector_tables(db):
        return False
    found = db.execute(
        "SELECT FROM briefing_rows.vector_generations WHERE number = %s", (number,)
    ).fetchone()
    return found is not None


def fill_vectors(db: Connection, number: int, files: ServerBlockStore) -> None:
    """Store the vectors of the generation that is made as far as they are not there, and index
    classes that have become large. Raises DatabaseUnavailable where the server has no pgvector."""
    db.execute(_path(db))
    for statement in _CREATE:
        db.execute(statement)
    missing = np.array([key for (key,) in db.execute(_MISSING).fetchall()], np.int64)
    db.execute("CREATE TEMP TABLE made (key bigint, vector halfvec) ON COMMIT DROP")
    for name in files.names():
        if name.endswith(VECTORS) and len(missing):
            arrays = files.read(name)
            keys = np.asarray(arrays["key"], np.int64)
            vectors = arrays["vector"].reshape(len(keys), -1 if len(keys) else 0)
            _copy(db, keys, vectors, np.flatnonzero(np.isin(keys, missing)))
    db.execute(
        "INSERT INTO briefing_rows.vectors SELECT made.key, class, document, vector FROM made"
        " JOIN briefing.passages USING (key) JOIN briefing.documents ON name = document"
        " ON CONFLICT DO NOTHING"
    )
    db.execute("ANALYZE briefing_rows.vectors")
    db.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for of, width in db.execute(_NEWLY_LARGE, (INDEXED,)).fetchall():
        _index(db, of, width)
    db.execute("INSERT INTO briefing_rows.vector_generations VALUES (%s)", (number,))


def remove_vectors(db: Connection) -> None:
    """Remove the vectors of passages that are in no generation any more."""
    if vector_tables(db):
        db.execute(
            "DELETE FROM briefing_rows.vectors WHERE NOT EXISTS"
            " (SELECT FROM briefing_rows.passages WHERE passages.key = vectors.key)"
        )
        db.execute(
            "DELETE FROM briefing_rows.vector_generations WHERE NOT EXISTS (SELECT"
            " FROM briefing_rows.generations WHERE generations.number = vector_generations.number)"
        )


def vector_tables(db: Connection) -> list[str]:
    """Return the tables with vectors that are there."""
    return ["vectors"] if db.execute(_HERE).fetchone() == (True,) else []


def _path(db: Connection) -> str:
    """Return the statement that lets the types of pgvector be found, wherever an admin put it."""
    find = (
        "SELECT quote_ident(nspname) FROM pg_extension"
        " JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'vector'"
    )
    found = db.execute(find).fetchone()
    if found is None:
        try:
            db.execute("CREATE EXTENSION vector SCHEMA briefing_rows")
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as exc:
            raise DatabaseUnavailable("it has no pgvector, which was asked for") from exc
        found = ("briefing_rows",)
    return f"SET LOCAL search_path = briefing, {found[0]}"


def _copy(
    db: Connection, keys: NDArray[np.int64], vectors: Vectors, rows: NDArray[np.intp]
) -> None:
    """Copy some rows to the server, in the form that `COPY` takes fastest."""
    width = vectors.shape[1]
    row = np.dtype(
        [
            *(("fields", ">i2"), ("key_size", ">i4"), ("key", ">i8"), ("size", ">i4")),
            *(("width", ">i2"), ("unused", ">i2"), ("vector", ">f2", (width,))),
        ]
    )
    with psycopg.Cursor(db).copy("COPY made FROM STDIN (FORMAT binary)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for begin in range(0, len(rows), _AT_ONCE):
            some = rows[begin : begin + _AT_ONCE]
            block = np.zeros(len(some), row)
            block["fields"], block["key_size"], block["size"] = 2, 8, 4 + 2 * width
            block["key"], block["width"], block["vector"] = keys[some], width, vectors[some]
            copy.write(block.tobytes())
        copy.write(b"\xff\xff")


def _index(db: Connection, of: str, width: int) -> None:
    name = f"vectors_{width}_{hashlib.sha256(of.encode()).hexdigest()[:24]}"
    db.execute(
        sql.SQL(
            "CREATE INDEX IF NOT EXISTS {} ON briefing_rows.vectors USING hnsw"
            " ((vector::halfvec({width})) halfvec_ip_ops)"
            " WHERE class = {of} AND vector_dims(vector) = {width}"
        ).format(sql.Identifier(name), width=sql.Literal(width), of=sql.Literal(of))
    )
    db.execute("INSERT INTO briefing_rows.vector_indexes VALUES (%s, %s)", (of, width))


class ServerVectors(SegmentVectors):
    """The vectors of a generation, searched on the server where many may be seen."""

    def __init__(
        self,
        server: Reading,
        blocks: Sequence[VectorBlocks],
        segments: Callable[[], Segments],
        seen: Callable[[Filter | None], VisibleRows],
    ) -> None:
        super().__init__(blocks, segments, seen)
        self._server = server
        width = max((each.dimension for each in blocks), default=0)
        indexed = "SELECT class FROM briefing_rows.vector_indexes WHERE width = %s"
        rows = self._server.read(lambda db: db.execute(indexed, (width,)).fetchall())
        self._large = frozenset(of for (of,) in rows)

    def _found(
        self, query: Vectors, k: int, visible: VisibleRows, allowed: Filter | None
    ) -> NDArray[np.int64]:
        passages, most = visible.passages, max(_LEAST_FETCHED, 4 * k)
        counts = passages.rows()
        while True:
            keys = self._server.read(partial(self._nearest, query, most, allowed))
            rows = self._rows_of(keys)
            # What is in older generations alone is there as well.
            rows = rows[np.isin(rows, counts)]
            if len(rows) >= min(k, len(passages)) or len(keys) < most:
                return np.sort(rows)
            most *= 4

    def _nearest(
        self, query: Vectors, most: int, allowed: Filter | None, db: Connection
    ) -> list[int]:
        """Return the keys of the passages that are nearest by their halves of a float."""
        width = len(query)
        near = f"(vector::halfvec({width})) <#> '[{','.join(map(repr, query.tolist()))}]'"
        parts = [
            psycopg.ClientCursor(db).mogrify(
                f"(SELECT key, {near} AS far FROM briefing_rows.vectors"
                f" WHERE {condition} AND vector_dims(vector) = {width}"
                f" ORDER BY {near} LIMIT {most})",
                parameters,
            )
            for condition, parameters in self._conditions(allowed)
        ]
        if not parts:
            return []
        cursor = psycopg.ClientCursor(db)
        with db.transaction():
            cursor.execute(_path(db))
            cursor.execute(
                f"SET LOCAL hnsw.ef_search = {min(2 * most, _MOST_SCANNED)};"
                " SET LOCAL hnsw.iterative_scan = strict_order;"
                # An index is used where there is one, whatever the planner takes it to cost.
                " SET LOCAL enable_sort = off;"
                f" SELECT key FROM ({' UNION ALL '.join(parts)}) AS found"
                f" ORDER BY far LIMIT {most}"
            )
            for _setting in range(3):
                cursor.nextset()
            return [key for (key,) in cursor.fetchall()]

    def _conditions(self, allowed: Filter | None) -> Iterator[tuple[str, list[object]]]:
        """Yield what the passages that may be seen have in common, by part of them."""
        large = self._large if allowed is None else self._large & allowed.classes
        for of in sorted(large):
            yield "class = %s", [of]
        if allowed is None:
            yield "class <> ALL (%s::text[])", [sorted(self._large)]
            return
        yield from _if_any("class", allowed.classes - large)
        yield from _if_any("document", allowed.documents)

    def _rows_of(self, keys: Sequence[int]) -> NDArray[np.int64]:
        wanted = np.asarray(keys, np.int64)
        at = np.minimum(
            np.searchsorted(self._keys, wanted, sorter=self._order), len(self._keys) - 1
        )
        rows = self._order[at]
        return np.asarray(rows[self._keys[rows] == wanted])


def _if_any(column: str, those: Collection[str]) -> Iterator[tuple[str, list[object]]]:
    if those:
        yield f"{column} = ANY (%s)", [sorted(those)]
