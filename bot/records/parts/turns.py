"""Turns: which questions of a person are in line or were asked just now, at any of several bots."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import TooMany
from bot.records.databases.database import Transaction
from bot.records.part import Part
from bot.records.tables.rows import stamp

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
_RETENTION = timedelta(hours=1)
"""Longer than the clocks of machines differ."""
_LOCK = 0x42725475  # "BrTu"
_NO_LIMIT = 2**31 - 1
_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"
_BEGIN = f"""
    WITH mine AS (
        SELECT count(*) FILTER (WHERE is_open = 1) AS in_line,
            count(*) FILTER (WHERE is_recent) AS recent,
            coalesce(max(age) FILTER (WHERE is_recent), 0) AS first
        FROM (
            SELECT is_open, {_NOW} - began AS age, began > {_NOW} - {_MINUTE * 1_000_000}
                AS is_recent
            FROM turns WHERE person = :person AND began > {_NOW} - {_LOST_AFTER * 1_000_000}
        ) AS turn
    ), begun AS (
        INSERT INTO turns (person, began, is_open) SELECT :person, {_NOW}, :is_open FROM mine
        WHERE recent < :per_minute AND in_line < :in_line RETURNING id
    )
    SELECT recent, first, (SELECT id FROM begun), coalesce(
        (SELECT generation FROM exchanges WHERE person = :person ORDER BY id DESC LIMIT 1), 0)
    FROM mine
"""


@dataclass(frozen=True, slots=True)
class BegunTurn:
    """A turn, by its number, and the generation of the last answer that the person got of any bot;
    0 where there is none."""

    number: int
    generation: int


class QuestionTurns(Part):
    """The turns of the last minutes, for bots that share a server, by its clock: theirs may differ.

    The statements are PostgreSQL's alone. They do not wait for the disk, since nothing of this is
    of use after a crash.
    """

    def begin(self, person: int, *, per_person: int | None, per_minute: int) -> BegunTurn:
        """Begin a turn; raises TooMany, and RecordsBlocked.

        Without `per_person` it only counts as a question, and has ended.
        """
        is_open = per_person is not None
        ((recent, first, number, generation),) = self._database.at_once(
            ("SELECT pg_advisory_xact_lock(?, hashint8(?))", (_LOCK, person)),
            (
                _BEGIN,
                {
                    "person": person,
                    "is_open": is_open,
                    "in_line": per_person if is_open else _NO_LIMIT,
                    "per_minute": per_minute,
                },
            ),
        )
        if recent >= per_minute:
            raise TooMany(max(1, math.ceil(_MINUTE - first / 1_000_000)))
        if number is None:
            raise TooMany(_A_MOMENT)
        return BegunTurn(int(number), int(generation))

    def end(self, number: int) -> None:
        """End a turn. Raises RecordsBlocked."""
        self._database.at_once(("UPDATE turns SET is_open = 0 WHERE id = ?", (number,)))

    def forget_person(self, db: Transaction, person: int) -> None:
        db.execute("DELETE FROM turns WHERE person = ?", (person,))

    def prune(self, db: Transaction, before: int) -> None:
        """Remove all that no limit counts any more, also those of a bot that was killed."""
        db.execute("DELETE FROM turns WHERE began < ?", (stamp(self._clock() - _RETENTION),))
