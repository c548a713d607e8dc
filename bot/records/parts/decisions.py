"""What people decided about documents: which of them replaces which, and which are still right."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import RecordsUnavailable
from bot.records.databases.database import Place, Transaction, upsert
from bot.records.part import Part
from bot.records.tables.columns import is_document
from bot.records.tables.rows import moment, stamp, storable
from index.decisions import Decisions, Review

CREATE_DECIDED = (
    # The sketches, of a refusal alone, tell whether a document is still much the same.
    """CREATE TABLE decided_successions (
        old TEXT NOT NULL, new TEXT NOT NULL, confirmed INTEGER NOT NULL, person INTEGER,
        at INTEGER NOT NULL, old_sketch BLOB, new_sketch BLOB, PRIMARY KEY (old, new)
    ) STRICT""",
    """CREATE TABLE reviews (
        document TEXT PRIMARY KEY, sha256 TEXT NOT NULL, day TEXT NOT NULL, until TEXT,
        by_owner INTEGER NOT NULL, person INTEGER, at INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE reminders (
        document TEXT NOT NULL, recipient INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (document, recipient)
    ) STRICT""",
)

_SUCCESSIONS = "SELECT old, new, confirmed FROM decided_successions"
_REVIEWS = "SELECT document, sha256, day, until, by_owner FROM reviews"
_PUT_SUCCESSION = upsert(
    "decided_successions", "old, new, confirmed, person, at, old_sketch, new_sketch", "old, new"
)
_PUT_REVIEW = upsert("reviews", "document, sha256, day, until, by_owner, person, at", "document")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """That `new` does not replace `old`, with sketches of both as they were then."""

    old: str
    new: str
    old_sketch: bytes
    new_sketch: bytes


@dataclass(frozen=True, slots=True)
class DeciderData:
    """What one person decided: rows of (old, new, confirmed, at) and (document, is right, at)."""

    successions: tuple[tuple[str, str, bool, datetime], ...] = ()
    reviews: tuple[tuple[str, bool, datetime], ...] = ()

    def __len__(self) -> int:
        return len(self.successions) + len(self.reviews)


class DocumentDecisions(Part):
    """The decisions, the newest on each matter; and who was reminded of what."""

    _last = Decisions()

    # Successions

    def decide_succession(
        self,
        old: str,
        new: str,
        *,
        confirmed: bool,
        person: int | None,
        sketches: tuple[bytes, bytes] | None = None,
    ) -> None:
        """Keep that the document `new` replaces `old`, or with `confirmed` false that it does not.

        With `sketches`, of `old` and `new`, a refusal can lapse. The opposite, that `old` replaces
        `new`, is no longer confirmed then. Raises RecordsBlocked.
        """
        old, new, at = storable(old), storable(new), stamp(self._clock())
        row = old, new, confirmed, person, at, *(sketches or (None, None))
        with self._database.transaction() as db:
            db.execute(_PUT_SUCCESSION, row)
            if confirmed:
                db.execute(
                    "DELETE FROM decided_successions WHERE old = ? AND new = ? AND confirmed = 1",
                    (new, old),
                )

    def undo_succession(self, old: str, new: str) -> bool:
        """Forget what was decided on the two; return whether something was."""
        with self._database.transaction() as db:
            done = db.execute(
                "DELETE FROM decided_successions WHERE old = ? AND new = ?",
                (storable(old), storable(new)),
            )
            return bool(done.rowcount)

    def refusals(self) -> list[Refusal]:
        """Return the refusals that can lapse."""
        return self._database.read(
            lambda row: Refusal(str(row[0]), str(row[1]), bytes(row[2]), bytes(row[3])),
            "SELECT old, new, old_sketch, new_sketch FROM decided_successions"
            " WHERE confirmed = 0 AND old_sketch IS NOT NULL AND new_sketch IS NOT NULL"
            " ORDER BY old, new",
        )

    # Reviews

    def review(self, document: str, review: Review, *, person: int | None) -> None:
        """Keep what was said of a document, in place of what was said before."""
        row = (
            storable(document),
            review.sha256,
            review.on,
            review.until,
            review.by_owner,
            person,
            stamp(self._clock()),
        )
        with self._database.transaction() as db:
            db.execute(_PUT_REVIEW, row)

    def withdraw_review(self, document: str) -> bool:
        """Forget what was said of a document; return whether something was."""
        with self._database.transaction() as db:
            done = db.execute("DELETE FROM reviews WHERE document = ?", (storable(document),))
            return bool(done.rowcount)

    def decisions(self) -> Decisions:
        """Return what is decided at this moment; where that cannot be read, what was known last.

        A question is answered all the same.
        """
        try:
            self._last = _decisions(
                self._database.read(tuple, _SUCCESSIONS), self._database.read(tuple, _REVIEWS)
            )
        except RecordsUnavailable as exc:
            _log.warning("What was decided about documents could not be read: %s", exc)
        return self._last

    # Reminders

    def remind(
        self, recipient: int, documents: Sequence[str], since: datetime, most: int
    ) -> list[str]:
        """Keep that somebody is reminded now of the first `most` of these documents of which they
        were not reminded `since` then, and return these.
        """
        with self._database.transaction() as db:
            found = db.execute(
                "SELECT document FROM reminders WHERE recipient = ? AND at > ?",
                (recipient, stamp(since)),
            )
            reminded = {name for (name,) in found}
            due = [name for name in documents if storable(name) not in reminded][:most]
            db.executemany(
                upsert("reminders", "document, recipient, at", "document, recipient"),
                [(storable(name), recipient, stamp(self._clock())) for name in due],
            )
        return due

    def not_reminded(self, recipient: int, documents: Sequence[str]) -> None:
        """Take it back where it could not be sent."""
        with self._database.transaction() as db:
            db.executemany(
                "DELETE FROM reminders WHERE document = ? AND recipient = ?",
                [(storable(name), recipient) for name in documents],
            )

    # Forgetting

    def of_person(self, person: int) -> DeciderData:
        """Return what a person decided, the oldest first."""
        who = (person,)
        return DeciderData(
            tuple(
                self._database.read(
                    lambda row: (str(row[0]), str(row[1]), bool(row[2]), moment(row[3])),
                    "SELECT old, new, confirmed, at FROM decided_successions WHERE person = ?"
                    " ORDER BY at",
                    who,
                )
            ),
            tuple(
                self._database.read(
                    lambda row: (str(row[0]), row[1] is not None, moment(row[2])),
                    "SELECT document, until, at FROM reviews WHERE person = ? ORDER BY at",
                    who,
                )
            ),
        )

    def forget_person(self, db: Transaction, person: int) -> None:
        """What was decided holds for everybody, and stays; by whom goes."""
        for table in ("decided_successions", "reviews"):
            db.execute(f"UPDATE {table} SET person = NULL WHERE person = ?", (person,))
        db.execute("DELETE FROM reminders WHERE recipient = ?", (person,))

    def forget_document(self, db: Transaction, name: str) -> None:
        for table, column in (
            ("decided_successions", "old"),
            ("decided_successions", "new"),
            ("reviews", "document"),
            ("reminders", "document"),
        ):
            db.execute(f"DELETE FROM {table} WHERE {is_document(column)}", {"name": storable(name)})

    def prune(self, db: Transaction, before: int) -> None:
        db.execute("DELETE FROM reminders WHERE at < ?", (before,))


def decisions_in(place: Place) -> Decisions:
    """Return what is decided in the records at `place`; nothing where they cannot be read.

    They are not made, changed or brought up to date.
    """
    try:
        if not isinstance(place, Path):
            from bot.records.databases.server_connection import read_alone

            return _decisions(*read_alone(place, _SUCCESSIONS, _REVIEWS))
        if not place.is_file():
            return Decisions()
        with closing(sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return _decisions(db.execute(_SUCCESSIONS).fetchall(), db.execute(_REVIEWS).fetchall())
    except (sqlite3.Error, UnicodeDecodeError, RecordsUnavailable) as exc:
        _log.warning("What was decided about documents could not be read: %s", exc)
        return Decisions()


def _decisions(
    successions: Sequence[tuple[str, str, int]],
    reviews: Sequence[tuple[str, str, str, str | None, int]],
) -> Decisions:
    said: Mapping[str, Review] = {
        document: Review(sha256, on, until, bool(by_owner))
        for document, sha256, on, until, by_owner in reviews
    }
    return Decisions(
        frozenset((old, new) for old, new, confirmed in successions if confirmed),
        frozenset((old, new) for old, new, confirmed in successions if not confirmed),
        said,
    )
