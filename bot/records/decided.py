"""What admins decided about documents: which of them replaces which."""

from __future__ import annotations

import sqlite3

from bot.records.part import Part
from bot.records.rows import stamp, storable
from index.decisions import Decisions

__all__ = ["CREATE_DECIDED", "Decided"]

CREATE_DECIDED = (
    """CREATE TABLE decided_successions (
        old TEXT NOT NULL, new TEXT NOT NULL, confirmed INTEGER NOT NULL, person INTEGER NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (old, new)
    ) STRICT""",
)


class Decided(Part):
    """The decisions, the newest on each matter."""

    def decide_succession(self, old: str, new: str, *, confirmed: bool, person: int) -> None:
        """Keep that the document `new` replaces `old`, or with `confirmed` false that it does not.

        Raises RecordsBlocked.
        """
        row = storable(old), storable(new), confirmed, person, stamp(self._clock())
        with self._database.transaction() as db:
            db.execute("INSERT OR REPLACE INTO decided_successions VALUES (?, ?, ?, ?, ?)", row)

    def decisions(self) -> Decisions:
        """Return what is decided at this moment."""
        rows = self._database.read(
            lambda row: (str(row[0]), str(row[1]), bool(row[2])),
            "SELECT old, new, confirmed FROM decided_successions",
        )
        return Decisions(
            frozenset((old, new) for old, new, confirmed in rows if confirmed),
            frozenset((old, new) for old, new, confirmed in rows if not confirmed),
        )

    def forget_document(self, db: sqlite3.Connection, name: str) -> None:
        db.execute(
            "DELETE FROM decided_successions WHERE :name IN (old, new)"
            " OR substr(old, 1, length(:name) + 1) = :name || '/'"
            " OR substr(new, 1, length(:name) + 1) = :name || '/'",
            {"name": storable(name)},
        )
