"""Layers of a large catalog: one great file that stays, and small ones over it, read as one.

A small catalog is copied for each generation. Of a large one, what changes goes into `catalog.01.
sqlite` beside it, the next layer into `catalog.02.sqlite`; the files below are shared by all
generations that have them. A layer has the tables of a catalog, and says in `gone` what it takes
out of those below it. Views with the names of the tables show what is left of all of them together;
everything is written into the tables of the newest, which are those of `main`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.store.segments.segment import missing_from
from index.store.tables import Tables

CREATE_GONE = (
    "CREATE TABLE gone (kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (kind, name))"
    " STRICT, WITHOUT ROWID"
)

FULL: Final = 8 << 20
"""Bytes of the newest layer from which another one is begun over it."""
_TIMES_SMALLER = 4
"""A layer that is less than so many times as large as those over it becomes one with them."""
_SHARE_OF_BASE = 8
"""Layers that have more than one in so many bytes of the great file become one with it."""


class RemovalKind:
    """Kinds of what a layer takes out of those below it."""

    DOCUMENT: Final = "document"
    PASSAGES: Final = "passages"
    FILE: Final = "file"
    EVENT: Final = "event"


_TABLES: Mapping[str, tuple[str, str]] = {
    "files": (RemovalKind.FILE, "t.name"),
    "documents": (RemovalKind.DOCUMENT, "t.name"),
    "document_words": ("", ""),
    "passages": (RemovalKind.PASSAGES, "t.document"),
    "particulars": (RemovalKind.DOCUMENT, "t.document"),
    "dated": (RemovalKind.DOCUMENT, "t.document"),
    "identities": (RemovalKind.DOCUMENT, "t.document"),
    "replacing": (RemovalKind.DOCUMENT, "t.document"),
    "figures": (RemovalKind.DOCUMENT, "t.document"),
    "history": (RemovalKind.EVENT, "CAST(t.key AS TEXT)"),
    "layouts": (RemovalKind.DOCUMENT, "t.document"),
}
"""Of each table what of it may be gone, and by which name. Words go by the keys of documents, which
are never used again."""
IN_ROWS = frozenset({"particulars", "replacing"})
"""Tables whose rows are read in the order in which they were written."""
_EXISTS = {
    RemovalKind.DOCUMENT: "SELECT 1 FROM documents WHERE name = :name",
    RemovalKind.PASSAGES: "SELECT 1 FROM passages WHERE document = :name",
    RemovalKind.FILE: "SELECT 1 FROM files WHERE name = :name",
    RemovalKind.EVENT: "SELECT 1 FROM history WHERE key = CAST(:name AS INTEGER)",
}


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """What becomes of the files of a catalog in the next generation.

    Those `kept` are shared. Those `merged` become one file of the name `top`, which is edited;
    where there are none, it begins empty.
    """

    kept: tuple[str, ...]
    merged: tuple[str, ...]
    top: str


def plan_layers(
    base: str, sizes: Mapping[str, int], large: int, *, whole: bool = False
) -> LayerPlan:
    """Return what becomes of the files of a catalog, by their sizes; `base` is its great file.

    Below `large` bytes, or where it is to be made `whole`, all of it is edited.
    """
    names = [base, *sorted(name for name in sizes if is_layer(name, base))]
    if whole or (len(names) == 1 and sizes[base] < large):
        return LayerPlan((), tuple(names), base)
    first, size = len(names), 0
    if first > 1:
        first, size = first - 1, sizes[names[-1]]
    if size >= FULL:
        while first > 1 and sizes[names[first - 1]] < _TIMES_SMALLER * size:
            first -= 1
            size += sizes[names[first]]
        if first == 1 and size > sizes[base] // _SHARE_OF_BASE:
            return LayerPlan((), tuple(names), base)
        if first == len(names) - 1:
            first += 1
    top = names[first] if first < len(names) else _layer_name(base, first)
    return LayerPlan(tuple(names[:first]), tuple(names[first:]), top)


def _layer_name(base: str, number: int) -> str:
    path = Path(base)
    return f"{path.stem}.{number:02}{path.suffix}"


def is_layer(name: str, base: str) -> bool:
    """Return whether a file is a layer over the great file of a catalog."""
    path = Path(base)
    return name != base and name.startswith(f"{path.stem}.") and name.endswith(path.suffix)


def layers_of(path: Path) -> list[Path]:
    """Return the files of a catalog, the great one first, by that one's path."""
    beside = path.parent.glob(f"{path.stem}.*{path.suffix}")
    return [path, *sorted(each for each in beside if is_layer(each.name, path.name))]


def connect(path: Path) -> sqlite3.Connection:
    """Open the files of a published catalog, which are not written to any more."""
    *older, newest = layers_of(path)
    connection = sqlite3.connect(_uri(newest), uri=True, check_same_thread=False)
    stack(connection, older)
    return connection


def stack(connection: sqlite3.Connection, older: Sequence[Path]) -> None:
    """Let a connection to the newest layer show those below it as well, the lowest first."""
    if not older:
        return
    names = [f"layer{number}" for number in range(len(older))]
    for name, path in zip(names, older, strict=True):
        connection.execute(f"ATTACH ? AS {name}", (_uri(path),))
    connection.execute("PRAGMA temp_store = MEMORY")
    for table in _TABLES:
        arms = " UNION ALL ".join(_arms(table, [*names, "main"]))
        connection.execute(f"CREATE TEMP VIEW {table} AS {arms}")


def _uri(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _arms(table: str, layers: Sequence[str]) -> list[str]:
    """Return the queries of what is left of a table in each layer."""
    kind, name = _TABLES[table]
    row = "t.rowid AS rowid, t.*" if table in IN_ROWS else "t.*"
    return [
        f"SELECT {row} FROM {layer}.{table} AS t" + _left(kind, name, layers[number + 1 :])
        for number, layer in enumerate(layers)
    ]


def _left(kind: str, name: str, above: Sequence[str]) -> str:
    """Return the condition that the layers above do not take a row out."""
    taken = (
        f"NOT EXISTS (SELECT 1 FROM {layer}.gone WHERE kind = '{kind}' AND name = {name})"
        for layer in (above if kind else ())
    )
    joined = " AND ".join(taken)
    return f" WHERE {joined}" if joined else ""


def _older(db: Tables) -> list[str]:
    attached = db.execute("PRAGMA database_list").fetchall()
    return [name for _, name, _ in attached if name.startswith("layer")]


def hide(db: Tables, kind: str, names: Iterable[object]) -> None:
    """Take what has these names out of the layers below the newest, where they have it.

    What the newest itself has of it must be deleted already.
    """
    if _older(db):
        db.executemany(
            f"INSERT OR IGNORE INTO main.gone SELECT :kind, :name WHERE EXISTS ({_EXISTS[kind]})",
            [{"kind": kind, "name": str(name)} for name in names],
        )


def counted(db: Tables, table: str) -> int:
    """Count the rows of a table that are left, without reading all of those in lower layers."""
    layers = [*_older(db), "main"]
    kind, name = _TABLES[table]
    total = 0
    for number, layer in enumerate(layers):
        total += int(db.execute(f"SELECT count(*) FROM {layer}.{table}").fetchone()[0])
        above = layers[number + 1 :]
        if above:
            taken = " UNION ".join(
                f"SELECT name FROM {each}.gone WHERE kind = '{kind}'" for each in above
            )
            rows = db.execute(
                f"SELECT count(*) FROM ({taken}) AS taken"
                f" CROSS JOIN {layer}.{table} AS t ON {name} = taken.name"
            )
            total -= int(rows.fetchone()[0])
    return total


def keys_of_documents(db: Tables, stored: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return the keys of all documents, in order, by those that are in segments, without reading
    them from the lower layers; None where the segments do not tell."""
    layers = [*_older(db), "main"]
    number, total, taken = 0, 0, list[int]()
    for at, layer in enumerate(layers):
        counts = db.execute(f"SELECT count(*), coalesce(sum(key), 0) FROM {layer}.documents")
        count, summed = counts.fetchone()
        out = _taken_out(db, layer, layers[at + 1 :])
        number += int(count) - len(out)
        total += int(summed) - sum(out)
        taken += out
    found = stored
    if len(layers) > 1:
        given = f"SELECT seq FROM {layers[-2]}.sqlite_sequence WHERE name = 'documents'"
        last = (db.execute(given).fetchone() or (0,))[0]  # none, where no document ever was
        own = [key for (key,) in db.execute("SELECT key FROM main.documents")]
        below = missing_from(np.array(taken, np.int64), stored[stored <= last])
        found = np.concatenate((below, np.array(own, np.int64)))
    is_all = len(found) == number and int(found.sum()) == total
    return np.sort(found) if is_all else None


def _taken_out(db: Tables, layer: str, above: Sequence[str]) -> list[int]:
    """Return the keys of the documents that the layers above take out of one."""
    if not above:
        return []
    names = " UNION ".join(
        f"SELECT name FROM {each}.gone WHERE kind = '{RemovalKind.DOCUMENT}'" for each in above
    )
    rows = db.execute(
        f"SELECT t.key FROM ({names}) AS taken"
        f" CROSS JOIN {layer}.documents AS t ON t.name = taken.name"
    )
    return [int(key) for (key,) in rows]


def names_above(db: Tables, kept: int) -> set[str]:
    """Return the documents that the layers over the lowest `kept` have or take out."""
    layers = [*_older(db), "main"][kept:]
    found: set[str] = set()
    for layer in layers:
        rows = db.execute(
            f"SELECT name FROM {layer}.documents UNION"
            f" SELECT name FROM {layer}.gone WHERE kind = '{RemovalKind.DOCUMENT}'"
        )
        found.update(name for (name,) in rows)
    return found


def merge(paths: Sequence[Path], to: Path, create: Collection[str], *, whole: bool) -> None:
    """Make one file of layers, the lowest first, with nothing of what they take out of each other.

    `create` makes the tables, and then their indexes. If they are the `whole` catalog, nothing is
    below that it could take out.
    """
    indexes = [each for each in create if " INDEX " in each.split("(")[0]]
    with closing(sqlite3.connect(to, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        for statement in create:
            if statement not in indexes:
                db.execute(statement)
        names = [f"layer{number}" for number in range(len(paths))]
        for name, path in zip(names, paths, strict=True):
            db.execute(f"ATTACH ? AS {name}", (str(path),))
        db.execute("BEGIN")
        for table in _TABLES:
            columns = ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info({table})"))
            of_known = " WHERE key IN (SELECT key FROM main.documents)"
            for arm in _arms(table, names):
                db.execute(
                    f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM ({arm})"
                    + (of_known if table == "document_words" else "")
                )
        if not whole:
            for name in names:
                db.execute(f"INSERT OR IGNORE INTO main.gone SELECT kind, name FROM {name}.gone")
        _continue_keys(db, names[-1])
        for statement in indexes:
            db.execute(statement)
        db.execute("COMMIT")


def continue_keys(db: sqlite3.Connection) -> None:
    """Let an empty newest layer give no key again that those below it gave."""
    _continue_keys(db, _older(db)[-1])


def _continue_keys(db: sqlite3.Connection, layer: str) -> None:
    db.execute("DELETE FROM main.sqlite_sequence")
    db.execute(f"INSERT INTO main.sqlite_sequence SELECT name, seq FROM {layer}.sqlite_sequence")
