"""Records: stores, looks up and forgets exchanges, feedback, audit entries and facts."""

from __future__ import annotations

import itertools
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.clock import Clock, utc_now
from bot.errors import RecordsBlocked
from bot.records.database import Database
from bot.records.entries import (
    AuditEntry,
    Counts,
    Exchange,
    Fault,
    FeedbackEntry,
    Held,
    Kind,
    Mark,
    OfPerson,
    Unsatisfied,
)
from bot.records.part import Part, keep_only
from bot.records.parts.closed_gaps import ClosedGaps
from bot.records.parts.decided import Decided
from bot.records.parts.handed import HandedQuestions
from bot.records.parts.marked_answers import MarkedAnswers
from bot.records.parts.notices import Notices
from bot.records.parts.settled import Settled
from bot.records.parts.visits import Visits
from bot.records.parts.watches import Watches
from bot.records.parts.withheld import WithheldChanges
from bot.records.recent import RecentWords, Words
from bot.records.rows import (
    EPOCH,
    audit_entry_of,
    counts_of,
    evaluation_row,
    exchange_of,
    feedback_of,
    moment,
    stamp,
    storable,
    unsatisfied_of,
)
from bot.records.schema import FIRST_VERSION, MIGRATIONS
from bot.records.waiting import is_there, put_mark, put_replies, waiting_room, write_waiting
from index.answering.answer import Choice, Excerpt, QuestionKind, Verdict

__all__ = ["Records"]

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


_EXCHANGE_COLUMNS = """
    exchanges.id, kind, exchanges.at, exchanges.person, guild, channel,
    coalesce(question, ''), coalesce(rewritten, ''),
    generation, confidence, verdict, excerpts, private, message, document, question_kind,
    coalesce(choices, '[]'), named_documents, folder, since, follows, source_documents,
    coalesce(source_people, '[]'),
    (SELECT json_group_array(json_array(position, message)) FROM replies
        WHERE exchange = exchanges.id)
"""
_WORDED = "wordings ON wordings.exchange = exchanges.id"
_EXCHANGES = f"exchanges LEFT JOIN {_WORDED}"
_FEEDBACK_COLUMNS = "feedback.exchange, feedback.person, mark, reason, feedback.at, fault"
_FEEDBACK_TABLES = """feedback LEFT JOIN reasons
    ON reasons.exchange = feedback.exchange AND reasons.person = feedback.person"""
_AUDIT = "at, person, guild, action, detail, document, other"
_IS_OPEN = "verdict <> 'answered' AND question_kind <> 'unclear'"
_IS_DOWN = "EXISTS (SELECT * FROM feedback WHERE exchange = exchanges.id AND mark = 'down')"
_WITH_WORDS_OF = "EXISTS (SELECT * FROM json_each(source_people) WHERE value = ?)"
_IS_DOCUMENT = "(? = :name OR substr(?, 1, length(:name) + 1) = :name || '/')"
"""It is of that name, or lies in the file of that name."""
_WITH_DOCUMENT = """
    {document}
    OR EXISTS (SELECT * FROM json_each(excerpts) WHERE {excerpt})
    OR EXISTS (SELECT * FROM json_each(named_documents) WHERE {value})
    OR EXISTS (SELECT * FROM json_each(source_documents) WHERE {value})
    OR EXISTS (SELECT * FROM wordings, json_each(choices) AS choice
        WHERE exchange = exchanges.id AND {choice})
""".format(
    document=_IS_DOCUMENT.replace("?", "document"),
    excerpt=_IS_DOCUMENT.replace("?", "value ->> 'document'"),
    value=_IS_DOCUMENT.replace("?", "value"),
    choice=_IS_DOCUMENT.replace("?", "choice.value ->> 'document'"),
)
_STILL_THERE = {
    "wordings": "EXISTS (SELECT * FROM exchanges WHERE id = wordings.exchange AND at >= :since)",
    "reasons": """at >= :since AND EXISTS (SELECT * FROM feedback
        WHERE feedback.exchange = reasons.exchange AND feedback.person = reasons.person)""",
}
_IS_THERE = "SELECT 1 FROM exchanges WHERE id = ?"
_FROM_THE_FIRST = -(2**63)
# Small talk asks nothing. An edited question was asked again: only its newest wording stands.
_STANDS = """
    kind = 'ask' AND question_kind <> 'talk' AND NOT EXISTS (SELECT * FROM exchanges AS later
        WHERE later.message = exchanges.message AND later.kind = 'ask' AND later.id > exchanges.id
            AND later.private = exchanges.private)
"""


class Records:
    """One file of records. Safe to use from several threads; other processes may have it open too.

    Every method raises RecordsBlocked where the disk or another process prevents it, and
    RecordsDamaged. A datetime that is passed in must be aware. Texts are stored as they are, except
    that half surrogate pairs, which UTF-8 cannot hold, become U+FFFD.

    If they `may_wait`, exchanges, marks, audit entries and facts that the disk does not take are
    kept in memory up to a bound instead, are found there like any other, and are written as soon as
    the disk takes them. Counts and lists of questions leave them out until then, and whatever
    removes something raises RecordsBlocked.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock = utc_now,
        *,
        keep_questions: bool = False,
        ids_by_time: bool = False,
        may_wait: bool = False,
    ) -> None:
        """Open the file, or create it with its folder, readable to this user alone.

        With `ids_by_time` the ids of exchanges do not show how many there are: everybody can read
        them from buttons, and nobody should learn that others were told more in private. Without
        `keep_questions` no words of people get to the disk from now on; `prune` removes those that
        are there. Raises RecordsBlocked, RecordsDamaged, RecordsOutdated and RecordsNewer.
        """
        self.path = path
        self.keep_questions = keep_questions
        self._ids_by_time = ids_by_time
        self._clock = clock
        self._recent = RecentWords(clock)
        self._database = Database(path, MIGRATIONS, first_version=FIRST_VERSION)
        self.decided = Decided(self._database, clock)
        self.settled = Settled(self._database, clock)
        self.visits = Visits(self._database, clock)
        self.withheld = WithheldChanges(self._database, clock)
        self.watches = Watches(self._database, clock)
        self.closed_gaps = ClosedGaps(self._database, clock)
        self.marked = MarkedAnswers(self._database, clock)
        self.notices = Notices(self._database, clock)
        self.handed = HandedQuestions(self._database, clock)
        self._parts: tuple[Part, ...] = (
            *(self.decided, self.settled, self.visits, self.withheld),
            *(self.watches, self.closed_gaps, self.marked, self.notices, self.handed),
        )
        self._waiting = waiting_room(path) if may_wait else None
        self._turn = threading.Lock()
        """Held while something is written, so that what waits is written before what comes then."""
        self._blocked: RecordsBlocked | None = None

    def close(self) -> None:
        """Write what waits, and close the file. What cannot be written is lost, and logged."""
        try:
            self.write_waiting()
        except RecordsBlocked as exc:
            _log.error("%d records that waited are lost. %s", self.waiting, exc)
        if self._waiting is not None:
            self._waiting.close()
        self._database.close()

    # While the disk takes nothing

    @property
    def problem(self) -> str | None:
        """Return why records wait in memory; None where none do."""
        return str(self._blocked) if self._blocked else None

    @property
    def waiting(self) -> int:
        """Return the number of exchanges, marks and audit entries that wait in memory."""
        if self._waiting is None or not self._blocked:
            return 0
        return self._waiting.read(
            lambda row: int(row[0]),
            "SELECT (SELECT count(*) FROM exchanges) + (SELECT count(*) FROM feedback)"
            " + (SELECT count(*) FROM audit)",
        )[0]

    def write_waiting(self) -> None:
        """Write what waits in memory; raises RecordsBlocked while the disk does not take it."""
        with self._turn:
            self._write_waiting()

    def _write_waiting(self) -> None:
        if self._waiting is None or not self._blocked:
            return
        with self._waiting.transaction() as waiting, self._database.transaction() as db:
            write_waiting(waiting, db)
        self._blocked = None
        _log.info("The records that waited in memory are written")

    def _write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do the work on the disk; where that is blocked and it may wait, in memory."""
        with self._turn:
            try:
                self._write_waiting()
                with self._database.transaction() as db:
                    return work(db)
            except RecordsBlocked as exc:
                if self._waiting is None:
                    raise
                with self._waiting.transaction() as db:
                    done = work(db)
                if not self._blocked:
                    _log.error("Records wait in memory until they can be written. %s", exc)
                self._blocked = exc
                return done

    def _databases(self) -> tuple[Database, ...]:
        """Return where to look, the newest first."""
        if self._waiting is None or not self._blocked:
            return (self._database,)
        return self._waiting, self._database

    def _last_id(self, db: sqlite3.Connection) -> int:
        """Return the highest id that any exchange ever had, in `db` and on the disk."""
        sql = "SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'"
        found = db.execute(sql).fetchall()
        if self._waiting is not None and self._waiting.holds(db):
            found += self._database.read(tuple, sql)
        return max((int(number) for (number,) in found), default=0)

    def _is_known(self, db: sqlite3.Connection, exchange: int) -> bool:
        """Return whether there is such an exchange in `db`, or on the disk while others wait."""
        return is_there(db, exchange) or (
            self._waiting is not None
            and self._waiting.holds(db)
            and bool(self._database.read(tuple, _IS_THERE, (exchange,)))
        )

    # Exchanges

    def add(
        self,
        *,
        kind: Kind,
        person: int,
        guild: int | None,
        channel: int,
        question: str,
        generation: int,
        confidence: float,
        verdict: Verdict,
        question_kind: QuestionKind = QuestionKind.FACT,
        excerpts: Sequence[Excerpt] = (),
        choices: Sequence[Choice] = (),
        named_documents: Collection[str] = (),
        rewritten: str | None = None,
        private: bool = False,
        message: int | None = None,
        replies: Sequence[int] = (),
        document: str | None = None,
        folder: str | None = None,
        since: date | None = None,
        follows: int | None = None,
        source_documents: Collection[str] = (),
        source_people: Sequence[int] = (),
    ) -> Exchange:
        """Store an exchange as of now, with a new id; `rewritten` is `question` if it is None."""
        now = self._clock()
        row = {
            "id": None,
            "kind": kind,
            "at": stamp(now),
            "person": person,
            "guild": guild,
            "channel": channel,
            "generation": generation,
            "confidence": confidence,
            "verdict": verdict,
            "question_kind": question_kind,
            "excerpts": json.dumps([asdict(excerpt) for excerpt in excerpts]),
            "private": private,
            "message": message,
            "document": None if document is None else storable(document),
            "named_documents": json.dumps(sorted(named_documents)),
            "folder": None if folder is None else storable(folder),
            "since": None if since is None else since.isoformat(),
            "follows": follows,
            "source_documents": json.dumps(sorted(source_documents)),
        }
        words = Words(
            storable(question),
            storable(question if rewritten is None else rewritten),
            tuple(source_people),
            tuple(
                Choice(storable(one.label), storable(one.question), storable(one.document))
                for one in choices
            ),
        )
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)

        def add(db: sqlite3.Connection) -> Exchange:
            if follows is not None and not self._is_known(db, follows):
                row["follows"] = None  # forgotten meanwhile
            if self._ids_by_time:
                row["id"] = max(self._last_id(db) + 1, stamp(now) // 1_000)
            added = db.execute(f"INSERT INTO exchanges ({names}) VALUES ({values})", row).lastrowid
            assert added is not None
            put_replies(db, added, replies)
            if self.keep_questions and kind is not Kind.CLAIM:
                db.execute(
                    "INSERT INTO wordings (exchange, question, rewritten, source_people, choices)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (
                        added,
                        words.question,
                        words.rewritten,
                        json.dumps(words.source_people),
                        json.dumps([asdict(choice) for choice in words.choices]),
                    ),
                )
            sql = f"SELECT {_EXCHANGE_COLUMNS} FROM {_EXCHANGES} WHERE id = ?"
            stored = exchange_of(db.execute(sql, (added,)).fetchone())
            if not self.keep_questions and kind is not Kind.CLAIM:
                # Within the transaction, so that a `forget_person` at the same moment counts.
                self._recent.put(added, person, words)
            return stored

        return _worded(self._write(add), words)

    def exchange(self, exchange_id: int) -> Exchange | None:
        """Return the exchange; None where it is gone, or never was, since buttons can be forged."""
        return self._newest("exchanges.id = ?", exchange_id)

    def by_reply(self, message: int) -> Exchange | None:
        """The exchange whose answer the bot's message carries."""
        if not _is_id(message):
            return None
        sql = "SELECT exchange FROM replies WHERE message = ?"
        for database in self._databases():
            for number in database.read(lambda row: int(row[0]), sql, (message,)):
                return self.exchange(number)
        return None

    def by_question(self, message: int, *, private: bool = False) -> Exchange | None:
        """The newest exchange of kind ASK that was asked in this message and shown; where none was
        (yet), the newest.

        An answer that nobody waited for any more is recorded as well. Where it was answered both to
        all and, further, to the asker alone, `private` is the latter.
        """
        asked = "message = ? AND private = ? AND kind = 'ask'"
        shown = "EXISTS (SELECT * FROM replies WHERE exchange = exchanges.id)"
        return self._newest(f"{asked} AND {shown}", message, private) or self._newest(
            asked, message, private
        )

    def last(
        self,
        person: int,
        channel: int,
        since: datetime,
        *,
        private: bool = True,
        but_in: int | None = None,
    ) -> Exchange | None:
        """What this person asked last (kind ASK) in this channel, unless it was before `since`.

        Without `private`, what was asked in private is passed over; in any case what was asked in
        the message `but_in`.
        """
        return self._newest(
            "exchanges.person = ? AND channel = ? AND exchanges.at >= ? AND private <= ?"
            " AND message IS NOT ? AND kind = 'ask'",
            person,
            channel,
            stamp(since),
            private,
            but_in or 0,
        )

    def set_replies(self, exchange_id: int, messages: Sequence[int]) -> None:
        """Replace the list of the bot's messages that show the answer.

        A message that showed another exchange's answer shows this one's from now on. Nothing
        happens where the exchange has been forgotten meanwhile.
        """

        def put(db: sqlite3.Connection) -> None:
            if self._is_known(db, exchange_id):
                db.execute("DELETE FROM replies WHERE exchange = ?", (exchange_id,))
                put_replies(db, exchange_id, messages)

        self._write(put)

    # Feedback

    def rate(
        self,
        exchange_id: int,
        person: int,
        mark: Mark,
        reason: str | None = None,
        fault: Fault | None = None,
    ) -> FeedbackEntry | None:
        """Set the person's mark on the exchange; return None where there is no exchange.

        An earlier reason is kept if the mark stays the same and no new reason comes with it; so is
        an earlier fault. Reasons are kept only where questions are.
        """
        if not _is_id(exchange_id):
            return None
        given = (exchange_id, person)
        now = stamp(self._clock())
        kept = storable(reason) if reason and self.keep_questions else None

        def rate(db: sqlite3.Connection) -> FeedbackEntry | None:
            if not self._is_known(db, exchange_id):
                return None
            put_mark(db, given, mark, now, kept, fault)
            row = db.execute(
                f"SELECT {_FEEDBACK_COLUMNS} FROM {_FEEDBACK_TABLES}"
                " WHERE feedback.exchange = ? AND feedback.person = ?",
                given,
            ).fetchone()
            return feedback_of(row)

        return self._write(rate)

    def feedback(
        self,
        *,
        exchange: int | None = None,
        mark: Mark | None = None,
        since: datetime = EPOCH,
    ) -> list[tuple[FeedbackEntry, Exchange]]:
        """Return the marks that match, each with its exchange, the newest first."""
        return self._database.read(
            lambda row: (feedback_of(row[:6]), self._exchange(row[6:])),
            f"""
            SELECT {_FEEDBACK_COLUMNS}, {_EXCHANGE_COLUMNS}
            FROM {_FEEDBACK_TABLES} JOIN exchanges ON exchanges.id = feedback.exchange
                LEFT JOIN {_WORDED}
            WHERE (:exchange IS NULL OR feedback.exchange = :exchange)
                AND (:mark IS NULL OR mark = :mark)
                AND feedback.at >= :since
            ORDER BY feedback.at DESC, feedback.rowid DESC
            """,
            {"exchange": exchange, "mark": mark, "since": stamp(since)},
        )

    def unsatisfied(self, guild: int | None, since: datetime) -> list[Unsatisfied]:
        """Return a guild's questions that were not surely answered or marked down, oldest first.

        Of kind ASK only, private ones included; None means direct messages. Small talk and what was
        asked back are none of them, nor what was settled or taken back. Of an edited question only
        the newest wording counts. Those whose words are not kept are left out.
        """
        return self._unsatisfied("guild IS ?", guild, stamp(since))

    def unsatisfied_anywhere(self, since: datetime) -> list[Unsatisfied]:
        """Return the same of all guilds and direct messages, but for what only its asker saw."""
        return self._unsatisfied("NOT private", stamp(since))

    def _unsatisfied(self, condition: str, *parameters: int | None) -> list[Unsatisfied]:
        return self._database.read(
            unsatisfied_of,
            f"""
            SELECT (SELECT json_group_array(json_array(feedback.at, reason))
                    FROM feedback JOIN reasons USING (exchange, person)
                    WHERE exchange = exchanges.id AND mark = 'down'),
                {_IS_DOWN},
                (SELECT json_group_array(fault) FROM feedback
                    WHERE exchange = exchanges.id AND mark = 'down' AND fault IS NOT NULL),
                {_EXCHANGE_COLUMNS}
            FROM exchanges JOIN {_WORDED}
            WHERE {condition} AND exchanges.at >= ? AND {_STANDS}
                AND (({_IS_OPEN}) OR {_IS_DOWN})
                AND id NOT IN (SELECT exchange FROM settled_gaps)
            ORDER BY id
            """,
            parameters,
        )

    def export(self, *, private: bool = False) -> Iterator[dict[str, object]]:
        """Yield rows of an evaluation set, oldest first.

        A row has "question", and may have "document", "excerpt" and "answerable". The questions are
        those of kind ASK of every guild, as rewritten, that were rated or not surely answered and
        whose words are kept, without small talk. One that was marked up, and down by nobody,
        expects its first excerpt. With `private`, questions that only the asker saw are included.
        """
        yield from self._database.read(
            evaluation_row,
            f"""
            SELECT verdict = 'answered' AND NOT {_IS_DOWN}, {_EXCHANGE_COLUMNS}
            FROM exchanges JOIN {_WORDED}
            WHERE {_STANDS} AND (:private OR NOT private)
                AND (({_IS_OPEN}) OR id IN (SELECT exchange FROM feedback))
            ORDER BY id
            """,
            {"private": private},
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

        def add(db: sqlite3.Connection) -> AuditEntry:
            added = db.execute(
                f"INSERT INTO audit ({_AUDIT}) VALUES (:at, :person, :guild, :action, :detail,"
                f" :document, :other) RETURNING {_AUDIT}",
                row,
            ).fetchone()
            return audit_entry_of(added)

        return self._write(add)

    def audits(self, limit: int) -> list[AuditEntry]:
        """Return the newest `limit` entries, the newest first."""
        sql = f"SELECT {_AUDIT} FROM audit ORDER BY id DESC LIMIT ?"
        found = (database.read(audit_entry_of, sql, (limit,)) for database in self._databases())
        return list(itertools.chain.from_iterable(found))[:limit]

    def remember(self, key: str, value: str) -> None:
        """Store a small fact, such as the hash of the commands that were synced last."""
        fact = storable(key), storable(value)
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", fact))

    def recall(self, key: str) -> str | None:
        sql = "SELECT value FROM facts WHERE key = ?"
        for database in self._databases():
            for value in database.read(lambda row: str(row[0]), sql, (storable(key),)):
                return value
        return None

    # Forgetting

    def held(self, person: int) -> Held:
        """Return how much is kept of the person now."""
        sql = f"""
            SELECT count(*), count(wordings.exchange),
                (SELECT count(*) FROM feedback WHERE person = :person),
                (SELECT count(*) FROM audit WHERE person = :person)
            FROM {_EXCHANGES} WHERE exchanges.person = :person
        """
        kept = [database.read(tuple, sql, {"person": person})[0] for database in self._databases()]
        found = Held(*map(sum, zip(*kept, strict=True)))
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
            db.execute(f"DELETE FROM wordings WHERE {_WITH_WORDS_OF} AND question = rewritten", who)
            db.execute(
                "UPDATE wordings SET rewritten = question, source_people = '[]', choices = '[]'"
                f" WHERE {_WITH_WORDS_OF}",
                who,
            )
            db.execute("DELETE FROM feedback WHERE person = ?", who)
            removed = db.execute("DELETE FROM exchanges WHERE person = ?", who).rowcount
            for part in self._parts:
                part.forget_person(db, person)
            _keep_words(db, since=_FROM_THE_FIRST)
        self._database.write_anew()
        return removed

    def of_person(self, person: int) -> OfPerson:
        """Return all that is kept of the person, the oldest first."""
        who = (person,)
        exchanges = self._database.read(
            self._exchange,
            f"SELECT {_EXCHANGE_COLUMNS} FROM {_EXCHANGES} WHERE exchanges.person = ? ORDER BY id",
            who,
        )
        marks = self._database.read(
            feedback_of,
            f"SELECT {_FEEDBACK_COLUMNS} FROM {_FEEDBACK_TABLES} WHERE feedback.person = ?"
            " ORDER BY feedback.at, feedback.exchange",
            who,
        )
        actions = self._database.read(
            audit_entry_of, f"SELECT {_AUDIT} FROM audit WHERE person = ? ORDER BY id", who
        )
        elsewhere = self._database.read(
            lambda row: int(row[0]), f"SELECT count(*) FROM wordings WHERE {_WITH_WORDS_OF}", who
        )
        visited = self.visits.last(person)
        return OfPerson(tuple(exchanges), tuple(marks), tuple(actions), elsewhere[0], visited)

    def forget_document(self, name: str) -> int:
        """Remove every exchange that quotes, names or asked a document, or one that lies in it, or
        whose words may be from there, with everybody's feedback on it; return their number.

        The audit log stays, with the document's name.
        """
        with self._all_on_disk() as db:
            removed = db.execute(
                f"DELETE FROM exchanges WHERE {_WITH_DOCUMENT}", {"name": storable(name)}
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
                keep_only(db, "audit", "at >= :since", {"since": stamp(audit_before)})
        self._database.wipe()
        return removed

    def newest(self) -> datetime | None:
        """Return when the last exchange was recorded."""
        found = self._database.read(lambda row: row[0], "SELECT max(at) FROM exchanges")[0]
        return None if found is None else moment(found)

    def counts(self, since: datetime = EPOCH) -> Counts:
        """Return how many questions were asked since then, and what came of them.

        Small talk is left out, and what was asked back: the choice that is taken then counts.
        """
        return self._database.read(
            counts_of,
            f"""
            SELECT count(*), count(*) FILTER (WHERE verdict = 'answered'),
                count(*) FILTER (WHERE verdict = 'unsure'),
                (SELECT count(*) FROM feedback WHERE mark = 'up' AND at >= :since),
                (SELECT count(*) FROM feedback WHERE mark = 'down' AND at >= :since),
                (SELECT json_group_object(fault, n) FROM (SELECT fault, count(*) AS n FROM feedback
                    WHERE mark = 'down' AND fault IS NOT NULL AND at >= :since GROUP BY fault))
            FROM exchanges WHERE at >= :since AND {_STANDS} AND question_kind <> 'unclear'
            """,
            {"since": stamp(since)},
        )[0]

    @contextmanager
    def _all_on_disk(self) -> Iterator[sqlite3.Connection]:
        """Begin a transaction in which nothing waits that it should change."""
        with self._turn:
            self._write_waiting()
            with self._database.transaction() as db:
                yield db

    def _newest(self, condition: str, *parameters: int) -> Exchange | None:
        if not all(map(_is_id, parameters)):
            return None
        sql = (
            f"SELECT {_EXCHANGE_COLUMNS} FROM {_EXCHANGES} WHERE {condition}"
            " ORDER BY exchanges.id DESC LIMIT 1"
        )
        for database in self._databases():
            for found in database.read(self._exchange, sql, parameters):
                return found
        return None

    def _exchange(self, row: Sequence[Any]) -> Exchange:
        stored = exchange_of(row)
        words = None if stored.question else self._recent.get(stored.id)
        return _worded(stored, words) if words else stored


def _keep_words(db: sqlite3.Connection, since: int) -> None:
    """Remove all words but those written since then, on exchanges and marks that still exist."""
    for table, still_there in _STILL_THERE.items():
        keep_only(db, table, still_there, {"since": since})


def _worded(exchange: Exchange, words: Words) -> Exchange:
    return replace(
        exchange,
        question=words.question,
        rewritten=words.rewritten,
        source_people=words.source_people,
        choices=words.choices,
    )


def _is_id(number: int) -> bool:
    """Return whether SQLite can hold the number; a forged button may carry a larger one."""
    return -(2**63) <= number < 2**63
