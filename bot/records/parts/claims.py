"""Claims: which of several bots deals with a message or a click, where more than one got it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.errors import RecordsBlocked
from bot.records.databases.database import Transaction
from bot.records.part import Part
from bot.records.tables.rows import stamp

__all__ = ["CREATE_CLAIMS", "Claims"]

CREATE_CLAIMS = (
    "CREATE TABLE claims (what TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
    "CREATE INDEX claims_at ON claims (at)",
)
_RETENTION = timedelta(days=1)


class Claims(Part):
    """What was taken, for a day: an id of Discord's, and nothing of what it stands for."""

    def take(self, what: str) -> bool:
        """Return whether this bot is the first to take it; True also while nobody can tell.

        Discord itself accepts one answer to a click, and without the server there is mostly one bot
        that is connected.
        """
        # A time of its own within the last second tells this bot's claim from that of another.
        at = stamp(self._clock()) - secrets.randbelow(1_000_000)
        try:
            ((is_first,),) = self._database.at_once(
                ("INSERT INTO claims (what, at) VALUES (?, ?) ON CONFLICT DO NOTHING", (what, at)),
                ("SELECT at = ? FROM claims WHERE what = ?", (at, what)),
            )
            return bool(is_first)
        except RecordsBlocked:
            return True

    def prune(self, db: Transaction, before: int) -> None:
        db.execute("DELETE FROM claims WHERE at < ?", (stamp(self._clock() - _RETENTION),))
