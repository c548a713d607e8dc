"""Claims: which of several bots deals with a message or a click, where more than one got it.

A question stands with its claim until it is answered, so that another bot answers it where the one
that claimed it has ended.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.config.shard import Shard
from bot.errors import RecordsBlocked
from bot.records.databases.database import Database, Transaction
from bot.records.part import Part
from bot.records.tables.rows import stamp

CREATE_CLAIMS = (
    "CREATE TABLE claims (what TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
    "CREATE INDEX claims_at ON claims (at)",
)
CREATE_CLAIMED_QUESTIONS = (
    "ALTER TABLE claims ADD COLUMN bot INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE claims ADD COLUMN person INTEGER",
    "ALTER TABLE claims ADD COLUMN guild INTEGER",
    "ALTER TABLE claims ADD COLUMN event TEXT",  # while it is not answered; sealed
    "CREATE INDEX claims_bot ON claims (bot) WHERE event IS NOT NULL",
)
_EMPTY = "event = NULL, person = NULL, guild = NULL"
"""Set where a question is not to be answered any more: only that it was taken is left."""
_RETENTION = timedelta(days=1)
_ANSWERED_WITHIN = timedelta(minutes=15)
"""After that Discord takes no answer to a command, and who wrote a message has asked again."""
_RUNNING = 0x42710000
"""The first of 10,000 keys of locks, one for each share, which the bots hold that serve it."""
_SETTLED = 10
"""Seconds after its start until the server has heard of all bots that run."""
_BOTS = f"""
    SELECT classid::bigint - {_RUNNING}, objid::bigint, 1 FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
        AND classid::bigint BETWEEN {_RUNNING} AND {_RUNNING + 9_999}
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL
    SELECT DISTINCT -1, bot, 0 FROM claims WHERE event IS NOT NULL
        AND extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) > ?
"""


@dataclass(frozen=True, slots=True)
class ClaimedQuestion:
    """A question that was claimed and not answered: the claim, who asked, and what Discord sent."""

    what: str
    person: int
    guild: int | None
    event: str


class Claims(Part):
    """What was taken, for a day: an id of Discord's, and of what it stands for nothing but an
    unanswered question."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self.bot = 1 + secrets.randbelow(2**31 - 1)
        """The number of this bot, which is another each time it starts."""

    def take(self, wanted: Mapping[str, ClaimedQuestion | None]) -> tuple[set[str], int]:
        """Return what this bot is the first to take, and how many questions other bots have.

        All that is wanted, and 0, also while nobody can tell: Discord itself accepts one answer to
        a click, and without the server there is mostly one bot that is connected.
        """
        # A time of its own within the last second tells one try of this bot from another.
        at = stamp(self._clock()) - secrets.randbelow(1_000_000)
        rows: list[object] = []
        for what, asked in sorted(wanted.items()):  # in one order, so that no two wait for another
            question = (asked.person, asked.guild, asked.event) if asked else (None, None, None)
            rows += (what, at, self.bot, *question)
        try:
            *taken, (_, others) = self._database.at_once(
                (
                    "INSERT INTO claims (what, at, bot, person, guild, event) VALUES"
                    f" {', '.join(['(?, ?, ?, ?, ?, ?)'] * len(wanted))} ON CONFLICT DO NOTHING",
                    rows,
                ),
                (
                    "SELECT what, 0 FROM claims WHERE bot = ? AND at = ?"
                    f" AND what IN ({', '.join('?' * len(wanted))})"
                    " UNION ALL SELECT NULL, count(*) FROM claims"
                    " WHERE event IS NOT NULL AND bot <> ?",
                    (self.bot, at, *wanted, self.bot),
                ),
            )
            return {str(what) for what, _ in taken}, int(others)
        except RecordsBlocked:
            return set(wanted), 0

    def is_mine(self, what: str) -> bool:
        """Return whether this bot has it still; True also while nobody can tell."""
        try:
            found = self._database.read(
                lambda row: int(row[0]), "SELECT bot FROM claims WHERE what = ?", (what,)
            )
        except RecordsBlocked:
            return True
        return found in ([], [self.bot])

    def close(self, what: str) -> None:
        """Keep no more of a question, which is answered. Raises RecordsBlocked."""
        self._database.at_once(
            (f"UPDATE claims SET {_EMPTY} WHERE what = ? AND bot = ?", (what, self.bot))
        )

    def running_key(self, shard: Shard) -> tuple[int, int]:
        """Return the two keys of the lock that says that this bot runs."""
        return _RUNNING + shard.number, self.bot

    def other_bots(self, shard: Shard) -> tuple[frozenset[int], frozenset[int]]:
        """Return which others serve this share, and which have questions and run no longer.

        Raises RecordsBlocked.
        """
        found = self._database.read(tuple, _BOTS, (_SETTLED,))
        running = {bot for share, bot, is_running in found if is_running}
        others = frozenset(bot for share, bot, _ in found if share == shard.number)
        ended = frozenset(bot for _, bot, is_running in found if not is_running)
        return others - {self.bot}, ended - running - {self.bot}

    def take_over(self, bots: Collection[int], shard: Shard) -> list[ClaimedQuestion]:
        """Take the questions of this share that these bots have not answered, the oldest first.

        What is too old for an answer is dropped. Raises RecordsBlocked.
        """
        since = stamp(self._clock() - _ANSWERED_WITHIN)
        theirs = f"WHERE event IS NOT NULL AND bot IN ({', '.join(str(int(bot)) for bot in bots)})"
        rows = self._database.at_once(
            (f"UPDATE claims SET {_EMPTY} {theirs} AND at < ?", (since,)),
            (
                f"UPDATE claims SET bot = ? {theirs}"
                " AND (coalesce(guild, 0) >> 22) % ? = ? RETURNING at, what, person, guild, event",
                (self.bot, shard.count, shard.number),
            ),
        )
        return [
            ClaimedQuestion(str(what), int(person), guild, str(event))
            for _, what, person, guild, event in sorted(rows)
        ]

    def forget_person(self, db: Transaction, person: int) -> None:
        db.execute(f"UPDATE claims SET {_EMPTY} WHERE person = ?", (person,))

    def prune(self, db: Transaction, before: int) -> None:
        now = self._clock()
        db.execute("DELETE FROM claims WHERE at < ?", (stamp(now - _RETENTION),))
        old = stamp(now - _ANSWERED_WITHIN)
        db.execute(f"UPDATE claims SET {_EMPTY} WHERE event IS NOT NULL AND at < ?", (old,))
