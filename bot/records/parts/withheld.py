"""Changes of documents that admins said are not to be shown; the audit log has who said so."""

from __future__ import annotations

from bot.records.databases.database import Transaction, upsert
from bot.records.part import Part
from bot.records.tables.columns import is_document
from bot.records.tables.rows import storable

CREATE_WITHHELD = (
    """CREATE TABLE withheld_changes (
        document TEXT NOT NULL, moment TEXT NOT NULL, PRIMARY KEY (document, moment)
    ) STRICT""",
)

Change = tuple[str, str]
"""A document, and the moment of its change as the history of the index has it."""
_PUT = upsert("withheld_changes", "document, moment", "document, moment")


class WithheldChanges(Part):
    """The changes, until their document is forgotten."""

    def withhold(self, document: str, moment: str) -> None:
        """Keep that a change is not to be shown. Raises RecordsBlocked."""
        row = storable(document), moment
        with self._database.transaction() as db:
            db.execute(_PUT, row)

    def show_again(self, document: str, moment: str) -> None:
        """Forget that a change is not to be shown. Raises RecordsBlocked."""
        with self._database.transaction() as db:
            db.execute(
                "DELETE FROM withheld_changes WHERE document = ? AND moment = ?",
                (storable(document), moment),
            )

    def all(self) -> frozenset[Change]:
        """Return the changes that are not to be shown at this moment."""
        sql = "SELECT document, moment FROM withheld_changes"
        return frozenset(self._database.read(lambda row: (str(row[0]), str(row[1])), sql))

    def forget_document(self, db: Transaction, name: str) -> None:
        db.execute(
            f"DELETE FROM withheld_changes WHERE {is_document('document')}",
            {"name": storable(name)},
        )
