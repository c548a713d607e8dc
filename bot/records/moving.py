"""Moves records from one database to another, table by table, and compares what came.

What was interrupted is done again from where it was: a table that is there as it should be stays.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from bot.errors import RecordsNotMoved
from bot.localization import _
from bot.records.databases.database import Database, Place, Snapshot, Transaction, upsert
from bot.records.databases.opening import open_database
from bot.records.schema import FIRST_VERSION, MIGRATIONS, TABLES

_BATCH = 200
_UNDER_WAY = "moving"
"""The fact that tells that records are being moved in, and are not there for themselves."""
_NUMBERED = frozenset({"audit"})
"""Tables whose numbers only tell the order, and which the database gives itself."""
_Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows are there now, and the SHA-256 over all of them."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Sum:
    rows: int
    sha256: str


def move(
    source: Place, target: Place, progress: _Progress = lambda _table, _rows: None
) -> TableDigest:
    """Copy all records from one place to another; those at the source stay. No bot may run.

    `progress` is told of each table that is done, and its rows. Raises RecordsNotMoved where the
    target has records of its own, or something else came than was sent, and RecordsUnavailable.
    """
    with closing(_opened(source)) as sent, closing(_opened(target)) as there:
        return copy(sent, there, progress)


def _opened(place: Place) -> Database:
    return open_database(place, MIGRATIONS, first_version=FIRST_VERSION)


def copy(
    source: Database, target: Database, progress: _Progress = lambda _table, _rows: None
) -> TableDigest:
    """Copy all records of one moment to a database that has none; raises as `move` does."""
    last = source.last_id()
    with source.snapshot() as sent:
        wanted = {table: _sum(sent, table) for table in TABLES}
        _begin(target, wanted)
        for table in TABLES:
            with target.snapshot() as there:
                is_there = _sum(there, table) == wanted[table]
            if not is_there or table == "facts":
                with target.transaction() as db:
                    db.execute(f"DELETE FROM {table}")
                    _fill(db, table, _rows(sent, table))
                    if table == "facts":
                        _mark(db)
            progress(table, wanted[table].rows)
        with target.transaction() as db:
            db.raise_last_id(last)
    with target.snapshot() as there:
        for table in TABLES:
            if _sum(there, table) != wanted[table]:
                raise RecordsNotMoved(
                    _(
                        "The records were not moved: {table} came otherwise than it was sent. "
                        "Nothing was removed; try again."
                    ).format(table=table)
                )
    with target.transaction() as db:
        db.execute("DELETE FROM facts WHERE key = ?", (_UNDER_WAY,))
    whole = hashlib.sha256("".join(one.sha256 for one in wanted.values()).encode()).hexdigest()
    return TableDigest(sum(one.rows for one in wanted.values()), whole)


def _begin(target: Database, wanted: Mapping[str, _Sum]) -> None:
    """Mark the target as being filled; raise RecordsNotMoved where it is filled already."""
    with target.snapshot() as there:
        found = {table: _sum(there, table) for table in TABLES}
        begun = any(fact["key"] == _UNDER_WAY for fact in there.rows("facts", "key"))
    if not begun and found != wanted and any(one.rows for one in found.values()):
        raise RecordsNotMoved(
            _("There are records already where these should go, and nothing is written over.")
        )
    with target.transaction() as db:
        _mark(db)


def _mark(db: Transaction) -> None:
    db.execute(upsert("facts", "key, value", "key"), (_UNDER_WAY, ""))


def _fill(db: Transaction, table: str, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(itertools.islice(rows, _BATCH)):
        names = list(batch[0])
        marks = f"({', '.join('?' * len(names))})"
        db.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([marks] * len(batch))}",
            [row[name] for row in batch for name in names],
        )


def _sum(snapshot: Snapshot, table: str) -> _Sum:
    return _summed(_rows(snapshot, table))


def _summed(rows: Iterable[dict[str, Any]]) -> _Sum:
    digest, found = hashlib.sha256(), 0
    for row in rows:
        digest.update(json.dumps(row, sort_keys=True, default=_as_text).encode())
        found += 1
    return _Sum(found, digest.hexdigest())


def _rows(snapshot: Snapshot, table: str) -> Iterator[dict[str, Any]]:
    for row in snapshot.rows(table, TABLES[table]):
        if row.get("key") == _UNDER_WAY:
            continue
        if table in _NUMBERED:
            del row["id"]
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """Return a value as both kinds of database can hold it."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _as_text(value: Any) -> str:
    return bytes(value).hex()
