"""What the bot remembers: exchanges, feedback, what admins did, and small facts; one SQLite file.

A method that changes something returns after the change is on the disk, so neither `kill -9` nor a
power cut takes back what was acknowledged; that costs an fsync, a few milliseconds, which is why
the event loop should leave these calls to a worker. People, guilds, channels and messages are the
integers that the chat system gives them, below 2**63.
"""

from __future__ import annotations

import enum
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.database import Database
from index.answer import Excerpt
from index.document import Span

__all__ = [
    "AuditEntry",
    "Counts",
    "Exchange",
    "Feedback",
    "Kind",
    "Records",
    "Unsatisfied",
    "Verdict",
]


class Kind(enum.StrEnum):
    ASK = "ask"
    CLAIM = "claim"
    """"Find sources" on somebody's message."""
    SEARCH = "search"


class Verdict(enum.StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what was shown for it.

    `question` is as it was asked, `understood` as the conversation completes it. `guild` is None in
    a direct message; a thread or a direct message counts as a channel. `generation` is the index's.
    `confidence` is in [0, 1]. Where not `answered`, `excerpts` are the closest passages. `message`
    is what was asked (or claimed) in, `replies` are the bot's messages that carry the answer, in
    order. `document` is set where only that one was asked. `private` ones only the asker saw.
    `drawn_from` are the documents whose words the conversation may have put into `understood`.
    """

    id: int
    kind: Kind
    at: datetime
    person: int
    guild: int | None
    channel: int
    question: str
    understood: str
    generation: int
    confidence: float
    answered: bool
    excerpts: tuple[Excerpt, ...]
    private: bool
    message: int | None
    replies: tuple[int, ...]
    document: str | None
    drawn_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    exchange: int
    person: int
    verdict: Verdict
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Unsatisfied:
    """A question that went unanswered or was marked down; `reasons` are those given for the marks,
    oldest first."""

    exchange: Exchange
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    at: datetime
    person: int
    guild: int | None
    action: str
    detail: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """`exchanges` and `answered` are of every kind; `up` and `down` count verdicts."""

    exchanges: int
    answered: int
    up: int
    down: int


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MIGRATIONS = (
    # What was released is never edited; a change is another entry.
    (
        # AUTOINCREMENT: buttons carry the id, so that of a removed exchange is never given again.
        # Moments are microseconds since 1970 in UTC.
        """CREATE TABLE exchanges (
            id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at INTEGER NOT NULL,
            person INTEGER NOT NULL, guild INTEGER, channel INTEGER NOT NULL,
            question TEXT NOT NULL, understood TEXT NOT NULL, generation INTEGER NOT NULL,
            confidence REAL NOT NULL, answered INTEGER NOT NULL, excerpts TEXT NOT NULL,
            private INTEGER NOT NULL, message INTEGER, document TEXT
        ) STRICT""",
        "CREATE INDEX exchanges_message ON exchanges (message)",
        "CREATE INDEX exchanges_person ON exchanges (person, channel)",
        "CREATE INDEX exchanges_guild ON exchanges (guild, at)",
        "CREATE INDEX exchanges_at ON exchanges (at)",
        """CREATE TABLE replies (
            message INTEGER PRIMARY KEY, position INTEGER NOT NULL,
            exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE
        ) STRICT""",
        "CREATE INDEX replies_exchange ON replies (exchange)",
        """CREATE TABLE feedback (
            exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE,
            person INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT, at INTEGER NOT NULL,
            PRIMARY KEY (exchange, person)
        ) STRICT""",
        "CREATE INDEX feedback_person ON feedback (person)",
        "CREATE INDEX feedback_at ON feedback (at)",
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person INTEGER NOT NULL, guild INTEGER,
            action TEXT NOT NULL, detail TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ),
    (
        "ALTER TABLE exchanges ADD COLUMN drawn_from TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE audit ADD COLUMN document TEXT",
    ),
)

_EXCHANGE_COLUMNS = """
    exchanges.id, kind, exchanges.at, exchanges.person, guild, channel, question, understood,
    generation, confidence, answered, excerpts, private, message, document, drawn_from,
    (SELECT json_group_array(json_array(position, message)) FROM replies
        WHERE exchange = exchanges.id)
"""
_AUDIT = "at, person, guild, action, detail, document"
_IS_DOWN = "EXISTS (SELECT * FROM feedback WHERE exchange = exchanges.id AND verdict = 'down')"
# A question that was edited was asked again: only its newest wording stands.
_STANDS = """
    kind = 'ask' AND NOT EXISTS (SELECT * FROM exchanges AS later
        WHERE later.message = exchanges.message AND later.kind = 'ask' AND later.id > exchanges.id
            AND later.private = exchanges.private)
"""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Records:
    """One file of records, for any number of threads; other processes may have it open too.

    Every method raises RecordsBlocked where the disk or another process prevents it, and
    RecordsDamaged. A moment that is passed in must be aware. Texts are stored as they are, but for
    half surrogate pairs, which no UTF-8 file can hold and which become U+FFFD.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = _utc_now) -> None:
        """Opens the file, or makes it (and its folder), readable to this user alone.

        Raises RecordsBlocked, RecordsDamaged, and RecordsNewer for a later version's file.
        """
        self.path = path
        self._clock = clock
        self._database = Database(path, _MIGRATIONS)

    def close(self) -> None:
        self._database.close()

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
        answered: bool,
        excerpts: Sequence[Excerpt] = (),
        understood: str | None = None,
        private: bool = False,
        message: int | None = None,
        replies: Sequence[int] = (),
        document: str | None = None,
        drawn_from: Sequence[str] = (),
    ) -> Exchange:
        """Stores an exchange as of now, and gives it an id. `understood` is `question` if None."""
        row = {
            "kind": kind,
            "at": _stamp(self._clock()),
            "person": person,
            "guild": guild,
            "channel": channel,
            "question": _storable(question),
            "understood": _storable(question if understood is None else understood),
            "generation": generation,
            "confidence": confidence,
            "answered": answered,
            "excerpts": json.dumps([asdict(excerpt) for excerpt in excerpts]),
            "private": private,
            "message": message,
            "document": None if document is None else _storable(document),
            "drawn_from": json.dumps(sorted(drawn_from)),
        }
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        with self._database.transaction() as db:
            added = db.execute(f"INSERT INTO exchanges ({names}) VALUES ({values})", row).lastrowid
            assert added is not None
            _put_replies(db, added, replies)
            sql = f"SELECT {_EXCHANGE_COLUMNS} FROM exchanges WHERE id = ?"
            return _exchange(db.execute(sql, (added,)).fetchone())

    def exchange(self, exchange_id: int) -> Exchange | None:
        """None where it was pruned or forgotten, or never was: buttons can be forged."""
        return self._newest("exchanges.id = ?", exchange_id)

    def by_reply(self, message: int) -> Exchange | None:
        """The exchange whose answer the bot's message carries."""
        return self._newest(
            "exchanges.id = (SELECT exchange FROM replies WHERE message = ?)", message
        )

    def by_question(self, message: int, *, private: bool = False) -> Exchange | None:
        """The newest exchange of kind ASK that was asked in this message.

        Where it was answered both to all and, further, to the asker alone, `private` is the latter.
        """
        return self._newest("message = ? AND private = ? AND kind = 'ask'", message, private)

    def last(
        self, person: int, channel: int, since: datetime, *, private: bool = True
    ) -> Exchange | None:
        """What this person asked last (kind ASK) in this channel, unless it was before `since`.

        Without `private`, what was asked in private is passed over.
        """
        return self._newest(
            "exchanges.person = ? AND channel = ? AND exchanges.at >= ? AND private <= ?"
            " AND kind = 'ask'",
            person,
            channel,
            _stamp(since),
            private,
        )

    def set_replies(self, exchange_id: int, messages: Sequence[int]) -> None:
        """Says which of the bot's messages carry the answer, instead of what was said before.

        A message that carried another exchange's answer carries this one's now. Nothing happens
        where the exchange has been forgotten meanwhile.
        """
        with self._database.transaction() as db:
            if db.execute("SELECT 1 FROM exchanges WHERE id = ?", (exchange_id,)).fetchone():
                db.execute("DELETE FROM replies WHERE exchange = ?", (exchange_id,))
                _put_replies(db, exchange_id, messages)

    # Feedback

    def rate(
        self, exchange_id: int, person: int, verdict: Verdict, reason: str | None = None
    ) -> Feedback | None:
        """The person's one verdict on the exchange from now on; None where there is no exchange.

        A reason given before is kept if the verdict is the same and no new reason comes with it.
        """
        if not _is_id(exchange_id):
            return None
        with self._database.transaction() as db:
            row = db.execute(
                """
                INSERT INTO feedback (exchange, person, verdict, reason, at)
                SELECT id, ?, ?, ?, ? FROM exchanges WHERE id = ?
                ON CONFLICT (exchange, person) DO UPDATE SET
                    reason = CASE WHEN excluded.reason IS NULL AND excluded.verdict = verdict
                        THEN reason ELSE excluded.reason END,
                    verdict = excluded.verdict, at = excluded.at
                RETURNING exchange, person, verdict, reason, at
                """,
                (
                    person,
                    verdict,
                    _storable(reason) if reason else None,
                    _stamp(self._clock()),
                    exchange_id,
                ),
            ).fetchone()
        return _feedback(row) if row else None

    def feedback(
        self,
        *,
        exchange: int | None = None,
        verdict: Verdict | None = None,
        since: datetime = _EPOCH,
    ) -> list[tuple[Feedback, Exchange]]:
        """Every verdict, each with what it is on, newest first; narrowed by what is given."""
        return self._database.read(
            lambda row: (_feedback(row[:5]), _exchange(row[5:])),
            f"""
            SELECT feedback.exchange, feedback.person, verdict, reason, feedback.at,
                {_EXCHANGE_COLUMNS}
            FROM feedback JOIN exchanges ON exchanges.id = feedback.exchange
            WHERE (:exchange IS NULL OR feedback.exchange = :exchange)
                AND (:verdict IS NULL OR verdict = :verdict)
                AND feedback.at >= :since
            ORDER BY feedback.at DESC, feedback.rowid DESC
            """,
            {"exchange": exchange, "verdict": verdict, "since": _stamp(since)},
        )

    def unsatisfied(self, guild: int | None, since: datetime) -> list[Unsatisfied]:
        """The guild's questions (kind ASK) that went unanswered or were marked down, oldest first.

        None means direct messages. Private questions are among them. Of a question that was edited
        only the newest wording counts.
        """
        return self._database.read(
            _unsatisfied,
            f"""
            SELECT (SELECT json_group_array(json_array(at, reason)) FROM feedback
                    WHERE exchange = exchanges.id AND verdict = 'down' AND reason IS NOT NULL),
                {_EXCHANGE_COLUMNS}
            FROM exchanges
            WHERE guild IS ? AND at >= ? AND {_STANDS} AND (NOT answered OR {_IS_DOWN})
            ORDER BY id
            """,
            (guild, _stamp(since)),
        )

    def export(self, *, private: bool = False) -> Iterator[dict[str, object]]:
        """Rows for an evaluation set, oldest first: {"question", "document"?, "excerpt"?,
        "answerable"?}.

        The questions (kind ASK), as understood, of every guild, that were rated or unanswered; one
        that was marked up, and down by nobody, brings its first excerpt as the one to expect.
        `private` takes also those that only the asker saw.
        """
        yield from self._database.read(
            _evaluation_row,
            f"""
            SELECT answered AND NOT {_IS_DOWN}, {_EXCHANGE_COLUMNS} FROM exchanges
            WHERE {_STANDS} AND (:private OR NOT private)
                AND (NOT answered OR id IN (SELECT exchange FROM feedback))
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
    ) -> AuditEntry:
        """`document` is the one that it was done to, if it was one."""
        row = {
            "at": _stamp(self._clock()),
            "person": person,
            "guild": guild,
            "action": _storable(action),
            "detail": _storable(detail),
            "document": None if document is None else _storable(document),
        }
        with self._database.transaction() as db:
            added = db.execute(
                f"INSERT INTO audit ({_AUDIT}) VALUES (:at, :person, :guild, :action, :detail,"
                f" :document) RETURNING {_AUDIT}",
                row,
            ).fetchone()
        return _audit_entry(added)

    def audits(self, limit: int) -> list[AuditEntry]:
        """The newest `limit` entries, newest first."""
        return self._database.read(
            _audit_entry,
            f"SELECT {_AUDIT} FROM audit ORDER BY id DESC LIMIT ?",
            (limit,),
        )

    def remember(self, key: str, value: str) -> None:
        """Keeps a small fact, such as the hash of the commands that were synced last."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)", (_storable(key), _storable(value))
            )

    def recall(self, key: str) -> str | None:
        sql = "SELECT value FROM facts WHERE key = ?"
        found = self._database.read(lambda row: str(row[0]), sql, (_storable(key),))
        return found[0] if found else None

    # Forgetting

    def forget_person(self, person: int) -> int:
        """Removes what the person asked, with everybody's feedback on it, and all their feedback;
        the number of exchanges removed.

        The audit log stays: it says who changed what for everybody.
        """
        with self._database.transaction() as db:
            db.execute("DELETE FROM feedback WHERE person = ?", (person,))
            removed = db.execute("DELETE FROM exchanges WHERE person = ?", (person,)).rowcount
        self._database.wipe()
        return removed

    def prune(self, before: datetime) -> int:
        """Removes exchanges from before that moment, with their feedback; the number of them.

        The audit log stays.
        """
        with self._database.transaction() as db:
            cursor = db.execute("DELETE FROM exchanges WHERE at < ?", (_stamp(before),))
        self._database.wipe()
        return cursor.rowcount

    def counts(self, since: datetime = _EPOCH) -> Counts:
        return self._database.read(
            lambda row: Counts(*row),
            """
            SELECT count(*), coalesce(sum(answered), 0),
                (SELECT count(*) FROM feedback WHERE verdict = 'up' AND at >= :since),
                (SELECT count(*) FROM feedback WHERE verdict = 'down' AND at >= :since)
            FROM exchanges WHERE at >= :since
            """,
            {"since": _stamp(since)},
        )[0]

    def _newest(self, condition: str, *parameters: int) -> Exchange | None:
        if not all(map(_is_id, parameters)):
            return None
        found = self._database.read(
            _exchange,
            f"SELECT {_EXCHANGE_COLUMNS} FROM exchanges WHERE {condition}"
            " ORDER BY exchanges.id DESC LIMIT 1",
            parameters,
        )
        return found[0] if found else None


def _put_replies(db: sqlite3.Connection, exchange: int, messages: Sequence[int]) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO replies (message, position, exchange) VALUES (?, ?, ?)",
        [(message, position, exchange) for position, message in enumerate(messages)],
    )


def _exchange(row: Sequence[Any]) -> Exchange:
    (
        number, kind, at, person, guild, channel, question, understood, generation, confidence,
        answered, excerpts, private, message, document, drawn_from, replies,
    ) = row  # fmt: skip
    return Exchange(
        id=number,
        kind=Kind(kind),
        at=_moment(at),
        person=person,
        guild=guild,
        channel=channel,
        question=question,
        understood=understood,
        generation=generation,
        confidence=confidence,
        answered=bool(answered),
        excerpts=tuple(_excerpt(stored) for stored in json.loads(excerpts)),
        private=bool(private),
        message=message,
        replies=tuple(reply for _, reply in sorted(json.loads(replies))),
        document=document,
        drawn_from=tuple(json.loads(drawn_from)),
    )


def _excerpt(stored: dict[str, Any]) -> Excerpt:
    """A field that Excerpt gains needs a default; one that it loses or renames, a migration."""
    return Excerpt(
        **{
            **stored,
            "heading": tuple(stored["heading"]),
            "span": Span(**stored["span"]),
            "emphasis": tuple(Span(**span) for span in stored["emphasis"]),
        }
    )


def _feedback(row: Sequence[Any]) -> Feedback:
    exchange, person, verdict, reason, at = row
    return Feedback(exchange, person, Verdict(verdict), reason, _moment(at))


def _unsatisfied(row: Sequence[Any]) -> Unsatisfied:
    reasons = sorted(json.loads(row[0]))
    return Unsatisfied(_exchange(row[1:]), tuple(reason for _, reason in reasons))


def _evaluation_row(row: Sequence[Any]) -> dict[str, object]:
    liked, exchange = row[0], _exchange(row[1:])
    if not liked or not exchange.excerpts:
        return {"question": exchange.understood}
    first = exchange.excerpts[0]
    return {
        "question": exchange.understood,
        "document": first.document,
        "excerpt": first.quote,
        "answerable": True,
    }


def _audit_entry(row: Sequence[Any]) -> AuditEntry:
    at, person, guild, action, detail, document = row
    return AuditEntry(_moment(at), person, guild, action, detail, document)


def _is_id(number: int) -> bool:
    """Whether SQLite can hold it; what a forged button carries may be larger."""
    return -(2**63) <= number < 2**63


def _stamp(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(stamp: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stamp)


def _storable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
