"""A part of the records: one subject with tables of its own, in the same file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from bot.clock import Clock
from bot.records.database import Database

__all__ = ["Part", "is_of", "keep_only"]


class Part:
    """What every part does when something is forgotten; each does nothing unless it is overridden.

    What is called with `db` runs in a transaction of the records, and must use that alone. Unlike
    exchanges and marks, nothing of a part waits in memory: what cannot be written raises
    RecordsBlocked.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def forget_person(self, db: sqlite3.Connection, person: int) -> None:
        """Remove all that is kept of a person."""

    def forget_document(self, db: sqlite3.Connection, name: str) -> None:
        """Remove all that holds words or the name of a document, or of one that lies in it."""

    def prune(self, db: sqlite3.Connection, before: int) -> None:
        """Remove what is from before that moment, in microseconds since 1970, and is of no use."""


def keep_only(
    db: sqlite3.Connection,
    table: str,
    condition: str,
    parameters: Mapping[str, object] | Sequence[object],
    *,
    anyway: bool = False,
) -> None:
    """Remove all rows but those of the condition; if `anyway`, write the table anew in any case.

    The table is emptied and filled again. If rows were deleted one by one, SQLite would move
    others from page to page, and would not overwrite the copies that stay behind.
    """
    left_out = f"SELECT 1 FROM {table} WHERE NOT ({condition})"
    if anyway or db.execute(left_out, parameters).fetchone():
        db.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {table} WHERE {condition}", parameters)
        db.execute(f"DELETE FROM {table}")
        db.execute(f"INSERT INTO {table} SELECT * FROM kept")
        db.execute("DROP TABLE kept")


def is_of(document: str, name: str) -> bool:
    """Return whether a document has this name, or lies in the file of this name."""
    return document == name or document.startswith(f"{name}/")
