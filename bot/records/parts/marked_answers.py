"""Marked answers: old answers whose messages say that the documents have changed since."""

from __future__ import annotations

from datetime import datetime

from bot.records.part import ExchangePart
from bot.records.tables.rows import stamp

CREATE_MARKED_ANSWERS = (
    "CREATE TABLE marked_answers (exchange INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT",
)


class MarkedAnswers(ExchangePart):
    """Which answers are marked."""

    tables = ("marked_answers",)

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
