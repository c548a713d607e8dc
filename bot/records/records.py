"""Records: stores, looks up and forgets exchanges, feedback, audit entries and facts."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock, utc_now
from bot.records.databases.database import Place, Transaction, upsert
from bot.records.entries import (
    AuditEntry,
    PersonCounts,
    PersonData,
)
from bot.records.marks import Marks
from bot.records.part import Part
from bot.records.parts.claims import Claims
from bot.records.parts.closed_gaps import ClosedGaps
from bot.records.parts.decisions import DocumentDecisions
from bot.records.parts.handed import HandedQuestions
from bot.records.parts.marked_answers import MarkedAnswers
from bot.records.parts.notices import Notices
from bot.records.parts.settled import SettledConflicts
from bot.records.parts.turns import QuestionTurns
from bot.records.parts.visits import Visits
from bot.records.parts.watches import Watches
from bot.records.parts.withheld import WithheldChanges
from bot.records.tables.columns import (
    AUDIT,
    EXCHANGE_COLUMNS,
    EXCHANGES,
    FEEDBACK_COLUMNS,
    FEEDBACK_TABLES,
    STILL_THERE,
    WITH_DOCUMENT,
    WITH_WORDS_OF,
)
from bot.records.tables.rows import (
    audit_entry_of,
    feedback_of,
    stamp,
    storable,
)

_FROM_THE_FIRST = -(2**63)


class Records(Marks):
    """All that is recorded: exchanges, marks, the audit log and facts, and the parts."""

    def __init__(self, place: Place, clock: Clock = utc_now, **options: bool) -> None:
        """Open the records; `options` are those of a `Store`, and so are the errors."""
        super().__init__(place, clock, **options)
        self.decided = DocumentDecisions(self._database, clock)
        self.settled = SettledConflicts(self._database, clock)
        self.visits = Visits(self._database, clock)
        self.withheld = WithheldChanges(self._database, clock)
        self.watches = Watches(self._database, clock)
        self.closed_gaps = ClosedGaps(self._database, clock)
        self.marked = MarkedAnswers(self._database, clock)
        self.notices = Notices(self._database, clock)
        self.handed = HandedQuestions(self._database, clock)
        self.claims = Claims(self._database, clock)
        self.turns = QuestionTurns(self._database, clock)
        self._parts: tuple[Part, ...] = (
            *(self.claims, self.turns),
            *(self.decided, self.settled, self.visits, self.withheld),
            *(self.watches, self.closed_gaps, self.marked, self.notices, self.handed),
        )

    # What admins did, and small facts

    def audit(
        self,
        person: int,
        guild: int | None,
        action: str,
        detail: str = "",
        document: str | None = None,
        other: str | None = None,
    ) -> AuditEntry:
        """Add an entry to the audit log; `document` is the one that was changed, if it was one.

        With `other` it is of two documents.
        """
        row = {
            "at": stamp(self._clock()),
            "person": person,
            "guild": guild,
            "action": storable(action),
            "detail": storable(detail),
            "document": None if document is None else storable(document),
            "other": None if other is None else storable(other),
        }

        def add(db: Transaction) -> AuditEntry:
            added = db.execute(
                f"INSERT INTO audit ({AUDIT}) VALUES (:at, :person, :guild, :action, :detail,"
                f" :document, :other) RETURNING {AUDIT}",
                row,
            ).fetchone()
            return audit_entry_of(added)

        return self._write(add)

    def audits(self, limit: int) -> list[AuditEntry]:
        """Return the newest `limit` entries, the newest first."""
        sql = f"SELECT {AUDIT} FROM audit ORDER BY id DESC LIMIT ?"
        found = (database.read(audit_entry_of, sql, (limit,)) for database in self._databases())
        return list(itertools.chain.from_iterable(found))[:limit]

    def remember(self, key: str, value: str) -> None:
        """Store a small fact, such as the hash of the commands that were synced last."""
        fact = storable(key), storable(value)
        self._write(lambda db: db.execute(upsert("facts", "key, value", "key"), fact))

    def recall(self, key: str) -> str | None:
        sql = "SELECT value FROM facts WHERE key = ?"
        for database in self._databases():
            for value in database.read(lambda row: str(row[0]), sql, (storable(key),)):
                return value
        return None

    # Forgetting

    def counts_of_person(self, person: int) -> PersonCounts:
        """Return how much is kept of the person now."""
        sql = f"""
            SELECT count(*), count(wordings.exchange),
                (SELECT count(*) FROM feedback WHERE person = :person),
                (SELECT count(*) FROM audit WHERE person = :person)
            FROM {EXCHANGES} WHERE exchanges.person = :person
        """
        kept = [database.read(tuple, sql, {"person": person})[0] for database in self._databases()]
        found = PersonCounts(*map(sum, zip(*kept, strict=True)))
        worded = found.worded + self._recent.of_person(person)
        return replace(
            found,
            worded=worded,
            watches=len(self.watches.of_person(person)),
            handed=len(self.handed.of_person(person)),
        )

    def forget_person(self, person: int) -> int:
        """Remove all that is kept of a person, and return the number of exchanges removed.

        That is: their questions with everybody's feedback on them, their feedback, and their words
        in the rewritten questions of others. The audit log stays, since it says who changed what
        for everybody.
        """
        who = (person,)
        with self._all_on_disk() as db:
            self._recent.forget_person(person)
            # A choice of theirs that another person took was recorded as that person's question.
            db.execute(f"DELETE FROM wordings WHERE {WITH_WORDS_OF} AND question = rewritten", who)
            db.execute(
                "UPDATE wordings SET rewritten = question, source_people = '[]', choices = '[]'"
                f" WHERE {WITH_WORDS_OF}",
                who,
            )
            db.execute("DELETE FROM feedback WHERE person = ?", who)
            removed = db.execute("DELETE FROM exchanges WHERE person = ?", who).rowcount
            for part in self._parts:
                part.forget_person(db, person)
            _keep_words(db, since=_FROM_THE_FIRST)
            times = self._count_forgotten(db, person)
        self._note_forgotten(times, person)
        self._database.write_anew()
        return removed

    def of_person(self, person: int) -> PersonData:
        """Return all that is kept of the person, the oldest first."""
        who = (person,)
        exchanges = self._database.read(
            self._exchange,
            f"SELECT {EXCHANGE_COLUMNS} FROM {EXCHANGES} WHERE exchanges.person = ? ORDER BY id",
            who,
        )
        marks = self._database.read(
            feedback_of,
            f"SELECT {FEEDBACK_COLUMNS} FROM {FEEDBACK_TABLES} WHERE feedback.person = ?"
            " ORDER BY feedback.at, feedback.exchange",
            who,
        )
        actions = self._database.read(
            audit_entry_of, f"SELECT {AUDIT} FROM audit WHERE person = ? ORDER BY id", who
        )
        elsewhere = self._database.read(
            lambda row: int(row[0]), f"SELECT count(*) FROM wordings WHERE {WITH_WORDS_OF}", who
        )
        visited = self.visits.last(person)
        return PersonData(tuple(exchanges), tuple(marks), tuple(actions), elsewhere[0], visited)

    def knows_document(self, name: str) -> bool:
        """Return whether `forget_document` would remove an exchange."""
        with self._all_on_disk() as db:
            found = db.execute(
                f"SELECT 1 FROM exchanges WHERE {WITH_DOCUMENT} LIMIT 1", {"name": storable(name)}
            )
            return found.fetchone() is not None

    def forget_document(self, name: str) -> int:
        """Remove every exchange that quotes, names or asked a document, or one that lies in it, or
        whose words may be from there, with everybody's feedback on it; return their number.

        The audit log stays, with the document's name.
        """
        with self._all_on_disk() as db:
            removed = db.execute(
                f"DELETE FROM exchanges WHERE {WITH_DOCUMENT}", {"name": storable(name)}
            ).rowcount
            for part in self._parts:
                part.forget_document(db, name)
            _keep_words(db, since=_FROM_THE_FIRST)
        self._database.write_anew()
        return removed

    def prune(
        self,
        before: datetime,
        *,
        words_before: datetime | None = None,
        audit_before: datetime | None = None,
    ) -> int:
        """Remove exchanges from before that moment, with their feedback; return their number.

        Words from before `words_before` are removed too, and the audit log from before
        `audit_before`.
        """
        since = _FROM_THE_FIRST if words_before is None else stamp(words_before)
        self._recent.prune()
        with self._all_on_disk() as db:
            removed = db.execute("DELETE FROM exchanges WHERE at < ?", (stamp(before),)).rowcount
            for part in self._parts:
                part.prune(db, stamp(before))
            _keep_words(db, since)
            if audit_before is not None:
                db.keep_only("audit", "at >= :since", {"since": stamp(audit_before)})
        self._database.wipe()
        return removed


def _keep_words(db: Transaction, since: int) -> None:
    """Remove all words but those written since then, on exchanges and marks that still exist."""
    for table, still_there in STILL_THERE.items():
        db.keep_only(table, still_there, {"since": since})
