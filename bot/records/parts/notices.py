"""Notices: which messages tell admins of answers that people marked down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.records.databases.database import Transaction, upsert
from bot.records.part import ExchangePart
from bot.records.tables.rows import stamp

CREATE_NOTICES = (
    """CREATE TABLE notices (
        exchange INTEGER NOT NULL, person INTEGER NOT NULL, channel INTEGER NOT NULL,
        message INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (exchange, person, channel)
    ) STRICT""",
    "CREATE INDEX notices_person ON notices (person)",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """The message in a channel that tells of a person's mark on an exchange."""

    exchange: int
    person: int
    channel: int
    message: int


class Notices(ExchangePart):
    """The notices, one for each mark and channel."""

    tables = ("notices",)

    def of(self, exchange: int, person: int) -> dict[int, Notice]:
        """Return what tells of a person's mark, by channel."""
        found = self._database.read(
            lambda row: Notice(*row),
            "SELECT exchange, person, channel, message FROM notices"
            " WHERE exchange = ? AND person = ?",
            (exchange, person),
        )
        return {notice.channel: notice for notice in found}

    def put(self, notice: Notice) -> None:
        """Keep a notice that was sent. Raises RecordsBlocked."""
        row = notice.exchange, notice.person, notice.channel, notice.message
        with self._database.transaction() as db:
            db.execute(
                upsert(
                    "notices",
                    "exchange, person, channel, message, at",
                    "exchange, person, channel",
                    "SELECT id, ?, ?, ?, ? FROM exchanges WHERE id = ?",
                ),
                (*row[1:], stamp(self._clock()), row[0]),
            )

    def since(self, person: int, moment: datetime) -> int:
        """Return of how many of a person's marks was told since then."""
        sql = "SELECT count(*) FROM notices WHERE person = ? AND at >= ?"
        return self._database.read(lambda row: int(row[0]), sql, (person, stamp(moment)))[0]

    def forget_person(self, db: Transaction, person: int) -> None:
        db.execute("DELETE FROM notices WHERE person = ?", (person,))
        super().forget_person(db, person)
