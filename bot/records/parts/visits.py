"""When each person last looked at what changed: the moment alone."""

from __future__ import annotations

from datetime import datetime

from bot.records.databases.database import Transaction, upsert
from bot.records.part import Part
from bot.records.tables.rows import moment, stamp

CREATE_VISITS = ("CREATE TABLE visits (person INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT",)


class Visits(Part):
    """The last visit of each person."""

    def last(self, person: int) -> datetime | None:
        """Return when a person was here last; None where nothing is known of that."""
        sql = "SELECT at FROM visits WHERE person = ?"
        found = self._database.read(lambda row: moment(int(row[0])), sql, (person,))
        return next(iter(found), None)

    def come(self, person: int, at: datetime) -> None:
        """Keep that a person was here then. Raises RecordsBlocked."""
        row = person, stamp(at)
        with self._database.transaction() as db:
            db.execute(upsert("visits", "person, at", "person"), row)

    def forget_person(self, db: Transaction, person: int) -> None:
        db.execute("DELETE FROM visits WHERE person = ?", (person,))

    def prune(self, db: Transaction, before: int) -> None:
        db.execute("DELETE FROM visits WHERE at < ?", (before,))
