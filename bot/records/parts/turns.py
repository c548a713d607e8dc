"""Turns: which questions of a person are in line or were asked just now, at any of several bots."""

from __future__ import annotations

import math
from datetime import timedelta

from bot.errors import TooMany
from bot.records.databases.database import Transaction
from bot.records.part import Part
from bot.records.rows import stamp

__all__ = ["CREATE_TURNS", "QuestionTurns"]

CREATE_TURNS = (
    """CREATE TABLE turns (
        id INTEGER PRIMARY KEY, person INTEGER NOT NULL, began INTEGER NOT NULL,
        is_open INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX turns_person ON turns (person)",
)
_MINUTE, _LOST_AFTER = 60, 180
"""Seconds; a turn of a bot that was killed ends by itself."""
_A_MOMENT = 5
_KEPT = timedelta(hours=1)
"""Longer than the clocks of machines differ."""


class QuestionTurns(Part):
    """The turns of the last minutes, for bots that share a server, by its clock: theirs may differ.

    The statements are PostgreSQL's alone. They do not wait for the disk, since nothing of this is
    of use after a crash.
    """

    def begin(self, person: int, *, per_person: int | None, per_minute: int) -> int:
        """Begin a turn and return its number; raises TooMany, and RecordsBlocked.

        Without `per_person` it only counts as a question, and has ended.
        """
        with self._database.transaction() as db:
            db.execute("SET LOCAL synchronous_commit TO off")
            now = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"
            db.execute(
                f"DELETE FROM turns WHERE person = ? AND began < {now} - ?",
                (person, _LOST_AFTER * 1_000_000),
            )
            in_line, recent, first = db.execute(
                "SELECT count(*) FILTER (WHERE is_open = 1), count(*) FILTER (WHERE is_recent),"
                " coalesce(max(age) FILTER (WHERE is_recent), 0) FROM ("
                f" SELECT is_open, began > {now} - ? AS is_recent, {now} - began AS age"
                " FROM turns WHERE person = ?) AS mine",
                (_MINUTE * 1_000_000, person),
            ).fetchone()
            if recent >= per_minute:
                raise TooMany(max(1, math.ceil(_MINUTE - first / 1_000_000)))
            if per_person is not None and in_line >= per_person:
                raise TooMany(_A_MOMENT)
            (number,) = db.execute(
                f"INSERT INTO turns (person, began, is_open) VALUES (?, {now}, ?) RETURNING id",
                (person, per_person is not None),
            ).fetchone()
            return int(number)

    def end(self, number: int) -> None:
        """End a turn. Raises RecordsBlocked."""
        with self._database.transaction() as db:
            db.execute("SET LOCAL synchronous_commit TO off")
            db.execute("UPDATE turns SET is_open = 0 WHERE id = ?", (number,))

    def forget_person(self, db: Transaction, person: int) -> None:
        db.execute("DELETE FROM turns WHERE person = ?", (person,))

    def prune(self, db: Transaction, before: int) -> None:
        """Remove all that no limit counts any more, also those of a bot that was killed."""
        db.execute("DELETE FROM turns WHERE began < ?", (stamp(self._clock() - _KEPT),))
