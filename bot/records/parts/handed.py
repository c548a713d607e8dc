"""Handed questions: those that the documents did not answer, and a person is asked instead.

A handed question keeps its words while it is open, whatever the settings say of other words:
whoever handed it agreed to that. What is answered is never kept; it goes straight to the asker.
"""

from __future__ import annotations

import enum
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.records.databases.database import Transaction
from bot.records.part import Part, is_of
from bot.records.tables.rows import moment, stamp, storable

CREATE_HANDED = (
    # Random ids: they stand in buttons, and should not show how many there are.
    """CREATE TABLE handed (
        id INTEGER PRIMARY KEY, exchange INTEGER NOT NULL, person INTEGER NOT NULL,
        guild INTEGER NOT NULL, channel INTEGER NOT NULL, reply_to INTEGER,
        is_public INTEGER NOT NULL, question TEXT NOT NULL, people TEXT NOT NULL,
        source_documents TEXT NOT NULL, recipient INTEGER NOT NULL, is_role INTEGER NOT NULL,
        place INTEGER NOT NULL, message INTEGER, state TEXT NOT NULL, began INTEGER NOT NULL,
        answered_by INTEGER
    ) STRICT""",
    "CREATE INDEX handed_person ON handed (person)",
    "CREATE INDEX handed_exchange ON handed (exchange)",
    "CREATE INDEX handed_message ON handed (message)",
)

MOST_OPEN, MOST_A_DAY = 5, 10
"""Questions that one person may have open at a time, and may hand in a day."""
LASTS = timedelta(days=30)
"""How long a question stays open."""
_DAY = timedelta(days=1)
_COLUMNS = (
    "id, exchange, person, guild, channel, reply_to, is_public, question, people,"
    " source_documents, recipient, is_role, place, message, state, began, answered_by"
)


class HandedState(enum.StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class HandedQuestion:
    """A question that `person` had handed to `recipient`, a person or all who have a role.

    `guild`: by whose settings. `channel` and `reply_to`: where it was asked, and the bot's message
    there; what is answered is shown to all there if it `is_public`, else to the person alone.
    `question` is empty once it is no longer open. `people` and `source_documents`: whose words may
    be in it. `place` and `message`: where the recipient sees it, None until it is sent.
    """

    exchange: int
    person: int
    guild: int
    channel: int
    reply_to: int | None
    is_public: bool
    question: str
    people: tuple[int, ...]
    source_documents: tuple[str, ...]
    recipient: int
    is_role: bool
    place: int
    began: datetime
    id: int = 0
    message: int | None = None
    state: HandedState = HandedState.ASKED
    answered_by: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state is HandedState.ASKED


class HandedQuestions(Part):
    """The handed questions; of those that are no longer open, what came of them."""

    def add(self, handed: HandedQuestion) -> HandedQuestion | None:
        """Store a question under a new id, as of now; None where the person hands too many.

        Raises RecordsBlocked.
        """
        now = self._clock()
        new = replace(handed, id=10**17 + secrets.randbelow(9 * 10**17), began=now)
        with self._database.transaction() as db:
            is_open, of_today = db.execute(
                "SELECT count(*) FILTER (WHERE state = 'asked' AND began >= ?),"
                " count(*) FILTER (WHERE began >= ?) FROM handed WHERE person = ?",
                (stamp(now - LASTS), stamp(now - _DAY), handed.person),
            ).fetchone()
            if is_open >= MOST_OPEN or of_today >= MOST_A_DAY:
                return None
            marks = ", ".join("?" * len(_COLUMNS.split(",")))
            db.execute(f"INSERT INTO handed ({_COLUMNS}) VALUES ({marks})", _row_of(new))
        return new

    def sent(self, number: int, place: int, message: int) -> None:
        """Keep where the recipient sees a question."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE handed SET place = ?, message = ? WHERE id = ?", (place, message, number)
            )

    def drop(self, number: int) -> None:
        """Remove a question that could not be sent."""
        with self._database.transaction() as db:
            db.keep_only("handed", "id <> ?", (number,))
        self._database.wipe()

    def end_of_guild(self, guild: int) -> None:
        """Remove what was handed to people of a guild."""
        with self._database.transaction() as db:
            db.keep_only("handed", "guild <> ?", (guild,))
        self._database.wipe()

    def end(self, number: int, state: HandedState, by: int | None = None) -> bool:
        """Keep what came of a question, and remove its words; return whether it was open."""
        with self._database.transaction() as db:
            done = db.execute(
                "UPDATE handed SET state = ?, answered_by = ?, question = '', people = '[]',"
                " source_documents = '[]' WHERE id = ? AND state = 'asked'",
                (state, by, number),
            ).rowcount
            db.keep_only("handed", "TRUE", {}, anyway=True)
        self._database.wipe()
        return bool(done)

    def get(self, number: int) -> HandedQuestion | None:
        """Return a question; None where there is none, since a button may be forged."""
        return self._first("id = ?", number)

    def by_message(self, message: int) -> HandedQuestion | None:
        """Return the question that a message of the bot's shows to its recipient."""
        return self._first("message = ?", message)

    def of_exchange(self, exchange: int) -> HandedQuestion | None:
        """Return the question that was handed last on an exchange."""
        return self._first("exchange = ?", exchange)

    def of_person(self, person: int) -> list[HandedQuestion]:
        """Return what a person had handed, or answered, the oldest first."""
        return self._read("? IN (person, answered_by)", person)

    def all_open(self) -> list[HandedQuestion]:
        """Return the questions that wait for an answer, the oldest first."""
        return self._read("state = 'asked' AND began >= ?", stamp(self._clock() - LASTS))

    def counts(self) -> dict[HandedState, int]:
        """Return how many questions there are of each state."""
        found = dict(
            self._database.read(
                lambda row: (HandedState(row[0]), int(row[1])),
                "SELECT state, count(*) FROM handed GROUP BY state",
            )
        )
        return {state: found.get(state, 0) for state in HandedState}

    def forget_person(self, db: Transaction, person: int) -> None:
        """Remove what a person had handed, questions with their words, and that they answered."""
        db.keep_only(
            "handed",
            "person <> :who AND NOT EXISTS ("
            "SELECT * FROM json_each(people) WHERE CAST(value AS BIGINT) = :who)",
            {"who": person},
        )
        db.execute("UPDATE handed SET answered_by = NULL WHERE answered_by = ?", (person,))
        db.execute(
            "UPDATE handed SET recipient = 0"
            " WHERE recipient = ? AND is_role = 0 AND state <> 'asked'",
            (person,),
        )

    def forget_document(self, db: Transaction, name: str) -> None:
        """Remove questions that may hold words of a document."""
        name = storable(name)
        found = [_handed_of(row) for row in db.execute(f"SELECT {_COLUMNS} FROM handed")]
        for each in found:
            if any(is_of(one, name) for one in each.source_documents):
                db.execute("DELETE FROM handed WHERE id = ?", (each.id,))
        db.keep_only("handed", "TRUE", {}, anyway=True)

    def prune(self, db: Transaction, before: int) -> None:
        """Remove what is old, and what has been open for too long, unless the clock is doubted."""
        if before > 0:
            limits = {"before": before, "open": stamp(self._clock() - LASTS)}
            db.keep_only(
                "handed",
                "began >= :before AND (state <> 'asked' OR began >= :open)",
                limits,
            )

    def _first(self, condition: str, number: int) -> HandedQuestion | None:
        found = self._read(condition, number) if 0 < number < 2**63 else []
        return found[-1] if found else None

    def _read(self, condition: str, number: int) -> list[HandedQuestion]:
        return self._database.read(
            _handed_of,
            f"SELECT {_COLUMNS} FROM handed WHERE {condition} ORDER BY began, id",
            (number,),
        )


def _row_of(handed: HandedQuestion) -> tuple[object, ...]:
    return (
        handed.id,
        handed.exchange,
        handed.person,
        handed.guild,
        handed.channel,
        handed.reply_to,
        handed.is_public,
        storable(handed.question),
        json.dumps(sorted(handed.people)),
        json.dumps(sorted(map(storable, handed.source_documents))),
        handed.recipient,
        handed.is_role,
        handed.place,
        handed.message,
        handed.state,
        stamp(handed.began),
        handed.answered_by,
    )


def _handed_of(row: Sequence[Any]) -> HandedQuestion:
    (
        number, exchange, person, guild, channel, reply_to, is_public, question, people,
        source_documents, recipient, is_role, place, message, state, began, answered_by,
    ) = row  # fmt: skip
    return HandedQuestion(
        id=number,
        exchange=exchange,
        person=person,
        guild=guild,
        channel=channel,
        reply_to=reply_to,
        is_public=bool(is_public),
        question=question,
        people=tuple(json.loads(people)),
        source_documents=tuple(json.loads(source_documents)),
        recipient=recipient,
        is_role=bool(is_role),
        place=place,
        message=message,
        state=HandedState(state),
        began=moment(began),
        answered_by=answered_by,
    )
