"""A part of the records: one subject with tables of its own, in the same file."""

from __future__ import annotations

from typing import ClassVar

from bot.clock import Clock
from bot.records.databases.database import Database, Transaction


class Part:
    """What every part does when something is forgotten; each does nothing unless it is overridden.

    What is called with `db` runs in a transaction of the records, and must use that alone. Unlike
    exchanges and marks, nothing of a part waits in memory: what cannot be written raises
    RecordsBlocked.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def forget_person(self, db: Transaction, person: int) -> None:
        """Remove all that is kept of a person."""

    def forget_document(self, db: Transaction, name: str) -> None:
        """Remove all that holds words or the name of a document, or of one that lies in it."""

    def prune(self, db: Transaction, before: int) -> None:
        """Remove what is from before that moment, in microseconds since 1970, and is of no use."""


class ExchangePart(Part):
    """A part whose rows are each of an exchange, and go when that is forgotten, which it was before
    the parts are told."""

    tables: ClassVar[tuple[str, ...]]

    def forget_person(self, db: Transaction, person: int) -> None:
        self._forget_gone(db)

    def forget_document(self, db: Transaction, name: str) -> None:
        self._forget_gone(db)

    def prune(self, db: Transaction, before: int) -> None:
        self._forget_gone(db)

    def _forget_gone(self, db: Transaction) -> None:
        for table in self.tables:
            db.execute(f"DELETE FROM {table} WHERE exchange NOT IN (SELECT id FROM exchanges)")


def is_of(document: str, name: str) -> bool:
    """Return whether a document has this name, or lies in the file of this name."""
    return document == name or document.startswith(f"{name}/")
