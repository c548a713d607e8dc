"""Closed gaps: questions without a good answer that are answered, settled or taken back by now."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.records.databases.database import Transaction, upsert
from bot.records.part import ExchangePart
from bot.records.tables.columns import is_document
from bot.records.tables.rows import moment, stamp, storable

CREATE_CLOSED_GAPS = (
    """CREATE TABLE gap_checks (
        exchange INTEGER PRIMARY KEY, world TEXT NOT NULL, units TEXT NOT NULL, closed INTEGER,
        documents TEXT NOT NULL
    ) STRICT""",
)
CREATE_SETTLED_GAPS = (
    """CREATE TABLE settled_gaps (
        exchange INTEGER PRIMARY KEY, person INTEGER NOT NULL, at INTEGER NOT NULL
    ) STRICT""",
)
_COLUMNS = "exchange, world, units, closed, documents"


@dataclass(frozen=True, slots=True)
class GapCheck:
    """What the documents had for an open question at the last look.

    `world` and `units` are as in `Baseline`. `closed`: when it was found answered, None while it is
    not; then `documents` answer it.
    """

    exchange: int
    world: str
    units: frozenset[str]
    closed: datetime | None = None
    documents: tuple[str, ...] = ()

    def is_closed(self, documents: Set[str]) -> bool:
        """Return whether the question is answered by documents that are all among these."""
        return self.closed is not None and documents >= set(self.documents)


class ClosedGaps(ExchangePart):
    """The looks at open questions, one for each exchange, and those that are open no longer."""

    tables = ("gap_checks", "settled_gaps")

    def settle(self, exchanges: Collection[int], person: int = 0) -> None:
        """Keep that these questions are open no longer, whoever said so; raises RecordsBlocked.

        An admin is done with them, or they were taken back by whoever asked.
        """
        at = stamp(self._clock())
        with self._database.transaction() as db:
            db.executemany(
                "INSERT INTO settled_gaps SELECT id, ?, ? FROM exchanges WHERE id = ?"
                " ON CONFLICT DO NOTHING",
                [(person, at, exchange) for exchange in exchanges],
            )

    def check(self, exchange: int) -> GapCheck | None:
        """Return the last look at a question, None where there was none."""
        found = self._database.read(
            _check_of, f"SELECT {_COLUMNS} FROM gap_checks WHERE exchange = ?", (exchange,)
        )
        return found[0] if found else None

    def closed_by(self, documents: Set[str]) -> dict[int, tuple[str, ...]]:
        """Return the exchanges that are closed, each with what answers it: all among these."""
        found = self._database.read(
            lambda row: (int(row[0]), tuple(json.loads(row[1]))),
            "SELECT exchange, documents FROM gap_checks WHERE closed IS NOT NULL",
        )
        return {exchange: names for exchange, names in found if documents >= set(names)}

    def put(
        self, exchange: int, world: str, units: frozenset[str], answered_by: Sequence[str] = ()
    ) -> None:
        """Keep a look at a question, and which documents answer it; raises RecordsBlocked."""
        closed = stamp(self._clock()) if answered_by else None
        names = json.dumps([storable(name) for name in answered_by])
        with self._database.transaction() as db:
            db.execute(
                upsert(
                    "gap_checks",
                    _COLUMNS,
                    "exchange",
                    "SELECT id, ?, ?, ?, ? FROM exchanges WHERE id = ?",
                ),
                (world, json.dumps(sorted(units)), closed, names, exchange),
            )

    def forget_person(self, db: Transaction, person: int) -> None:
        super().forget_person(db, person)
        db.execute("UPDATE settled_gaps SET person = 0 WHERE person = ?", (person,))

    def forget_document(self, db: Transaction, name: str) -> None:
        """Remove the looks that found it; their questions are open again.

        Of the others, digests go: one of a short text tells what it was.
        """
        db.execute(
            "DELETE FROM gap_checks WHERE EXISTS ("
            f" SELECT * FROM json_each(documents) WHERE {is_document('value')})",
            {"name": storable(name)},
        )
        db.execute("UPDATE gap_checks SET world = '', units = '[]'")
        super().forget_document(db, name)


def _check_of(row: Sequence[Any]) -> GapCheck:
    exchange, world, units, closed, documents = row
    return GapCheck(
        exchange,
        world,
        frozenset(json.loads(units)),
        None if closed is None else moment(closed),
        tuple(json.loads(documents)),
    )
