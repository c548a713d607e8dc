"""A part of the records: one subject with tables of its own, in the same file."""

from __future__ import annotations

import sqlite3

from bot.clock import Clock
from bot.records.database import Database

__all__ = ["Part"]


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
