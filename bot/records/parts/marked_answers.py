"""Marked answers: old answers whose messages say that the documents have changed since."""

from __future__ import annotations

from datetime import datetime

from bot.records.databases.database import Transaction
from bot.records.part import Part
from bot.records.tables.rows import stamp

__all__ = ["CREATE_MARKED_ANSWERS", "MarkedAnswers"]

CREATE_MARKED_ANSWERS = (
    "CREATE TABLE marked_answers (exchange INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT",
)
_WITHOUT_EXCHANGE = "exchange NOT IN (SELECT id FROM exchanges)"


class MarkedAnswers(Part):
    """Which answers are marked."""

    def unmarked(self, guild: int, since: datetime, most: int) -> list[int]:
        """Return the newest public answers of a guild since then that are not marked yet."""
        return self._database.read(
            lambda row: int(row[0]),
            """
            SELECT id FROM exchanges
            WHERE guild = ? AND at >= ? AND kind = 'ask' AND private = 0 AND verdict <> 'silent'
                AND question_kind NOT IN ('talk', 'unclear')
                AND EXISTS (SELECT * FROM replies WHERE exchange = exchanges.id)
                AND NOT EXISTS (SELECT * FROM marked_answers WHERE exchange = exchanges.id)
            ORDER BY id DESC LIMIT ?
            """,
            (guild, stamp(since), most),
        )

    def mark(self, exchange: int) -> None:
        """Keep that an answer is marked, or cannot be; raises RecordsBlocked."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO marked_answers (exchange, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (exchange, stamp(self._clock())),
            )

    def forget_person(self, db: Transaction, person: int) -> None:
        db.execute(f"DELETE FROM marked_answers WHERE {_WITHOUT_EXCHANGE}")

    def forget_document(self, db: Transaction, name: str) -> None:
        db.execute(f"DELETE FROM marked_answers WHERE {_WITHOUT_EXCHANGE}")

    def prune(self, db: Transaction, before: int) -> None:
        db.execute(f"DELETE FROM marked_answers WHERE {_WITHOUT_EXCHANGE}")
