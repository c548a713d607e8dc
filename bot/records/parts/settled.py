"""Conflicts between documents that an admin has settled, so that they are not listed again."""

from __future__ import annotations

from collections.abc import Collection

from bot.records.databases.database import Transaction, upsert
from bot.records.part import Part
from bot.records.tables.columns import is_document
from bot.records.tables.rows import stamp, storable

CREATE_SETTLED = (
    """CREATE TABLE settled_conflicts (
        pair TEXT NOT NULL, document TEXT NOT NULL, person INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (pair, document)
    ) STRICT""",
)
_PUT = upsert("settled_conflicts", "pair, document, person, at", "pair, document")


class SettledConflicts(Part):
    """The pairs of statements that are settled; of each, only a hash is kept, and its documents."""

    def settle(self, pairs: Collection[str], documents: Collection[str], person: int) -> None:
        """Keep that these pairs of statements of these documents are settled.

        Raises RecordsBlocked.
        """
        at = stamp(self._clock())
        rows = [(pair, storable(name), person, at) for pair in pairs for name in documents]
        with self._database.transaction() as db:
            db.executemany(_PUT, rows)

    def pairs(self) -> frozenset[str]:
        """Return the marks of all pairs that are settled."""
        return frozenset(
            self._database.read(
                lambda row: str(row[0]), "SELECT DISTINCT pair FROM settled_conflicts"
            )
        )

    def forget_person(self, db: Transaction, person: int) -> None:
        """Forget who settled them; that they are settled is not about a person."""
        db.execute("UPDATE settled_conflicts SET person = 0 WHERE person = ?", (person,))

    def forget_document(self, db: Transaction, name: str) -> None:
        db.execute(
            "DELETE FROM settled_conflicts WHERE pair IN (SELECT pair FROM settled_conflicts"
            f" WHERE {is_document('document')})",
            {"name": storable(name)},
        )
