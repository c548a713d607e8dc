"""Where records are stored, or wait until they can be."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from bot.clock import Clock, utc_now
from bot.errors import RecordsBlocked
from bot.records.databases.database import Database, Place, Transaction
from bot.records.databases.opening import open_database
from bot.records.recent import RecentWords
from bot.records.schema import FIRST_VERSION, MIGRATIONS
from bot.records.waiting import is_there, waiting_room, write_waiting

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_FORGOTTEN = "SELECT value FROM facts WHERE key = 'times forgotten'"
_FORGET = (
    "INSERT INTO facts (key, value) VALUES ('times forgotten', '1') ON CONFLICT (key) DO UPDATE"
    " SET value = CAST(CAST(facts.value AS INTEGER) + 1 AS TEXT) RETURNING value"
)
_IS_THERE = "SELECT 1 FROM exchanges WHERE id = ?"


class RecordsStore:
    """Records in a file or on a server. Safe to use from several threads; other processes may have
    them open too.

    Every method raises RecordsBlocked where the disk, the server or another process prevents it,
    and RecordsDamaged. A datetime that is passed in must be aware. Texts are stored as they are,
    except that half surrogate pairs, which UTF-8 cannot hold, become U+FFFD; on a server also NUL.

    If they `may_wait`, exchanges, marks, audit entries and facts that the disk or the server does
    not take are kept in memory up to a bound instead, are found there like any other, and are
    written as soon as it takes them. Counts and lists of questions leave them out until then, and
    whatever removes something raises RecordsBlocked.
    """

    def __init__(
        self,
        place: Place,
        clock: Clock = utc_now,
        *,
        keep_questions: bool = False,
        ids_by_time: bool = False,
        may_wait: bool = False,
    ) -> None:
        """Open the records, or make them: a file with its folder readable to this user alone.

        With `ids_by_time` the ids of exchanges do not show how many there are: everybody can read
        them from buttons, and nobody should learn that others were told more in private. Without
        `keep_questions` no words of people get to the disk from now on; `prune` removes those that
        are there. Raises RecordsBlocked, RecordsDamaged, RecordsOutdated and RecordsNewer.
        """
        self.place = place
        self.keep_questions = keep_questions
        self._ids_by_time = ids_by_time
        self._clock = clock
        self._recent = RecentWords(clock)
        self._database = open_database(place, MIGRATIONS, first_version=FIRST_VERSION)
        self._waiting = waiting_room() if may_wait else None
        self._forgetting = threading.Lock()
        self._forgotten: int | None = None
        """How often somebody was forgotten, as far as this process knows whom."""
        if may_wait:  # a bot that serves
            self.forget_old_words()
            self._database.listen(self._hear_forgotten)
        self._turn = threading.Lock()
        """Held while something is written, so that what waits is written before what comes then."""
        self._blocked: RecordsBlocked | None = None

    @property
    def are_shared(self) -> bool:
        """Whether several bots may have them open."""
        return not isinstance(self.place, Path)

    def connections(self) -> dict[str, int]:
        """Return how many connections to a server are in which state; a file has none."""
        return self._database.connections()

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

    def forget_old_words(self) -> None:
        """Forget words that are in memory alone, of conversations that are over.

        Where another process has made somebody forgotten and that was not heard of, all of them.
        """
        self._recent.prune()
        with self._forgetting, suppress(RecordsBlocked):
            times = next(iter(self._database.read(lambda row: int(row[0]), _FORGOTTEN)), 0)
            if times != self._forgotten and self._forgotten is not None:
                self._recent.forget_all()
            self._forgotten = times

    def _count_forgotten(self, db: Transaction, person: int) -> int:
        """Count in a transaction that a person is forgotten, and tell the other bots whom."""
        ((times,),) = db.execute(_FORGET).fetchall()
        db.announce(f"{times} {person}")
        return int(times)

    def _hear_forgotten(self, said: str) -> None:
        try:
            times, person = map(int, said.split())
        except ValueError:  # a bot of another version says it otherwise: the count tells
            return
        self._note_forgotten(times, person)

    def _note_forgotten(self, times: int, person: int) -> None:
        """Forget in memory who was forgotten, and note that count as one of which it is known."""
        with self._forgetting:
            self._recent.forget_person(person)
            if self._forgotten is not None and times == self._forgotten + 1:
                self._forgotten = times

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

    def _write(self, work: Callable[[Transaction], _T]) -> _T:
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

    def _last_id(self, db: Transaction) -> int:
        """Return the highest id that any exchange ever had, in `db` and on the disk."""
        last: int = db.last_id()
        if self._waiting is not None and self._waiting.holds(db):
            with suppress(RecordsBlocked):  # a server is away: then ids by time do not meet
                last = max(last, self._database.last_id())
        return last

    def _is_known(self, db: Transaction, exchange: int) -> bool:
        """Return whether there is such an exchange in `db`, or on the disk while others wait.

        While the server cannot tell, it counts as known; what belongs to none is dropped later.
        """
        found = is_there(db, exchange)
        if found or self._waiting is None or not self._waiting.holds(db):
            return found
        try:
            return bool(self._database.read(tuple, _IS_THERE, (exchange,)))
        except RecordsBlocked:
            return True

    @contextmanager
    def _all_on_disk(self) -> Iterator[Transaction]:
        """Begin a transaction in which nothing waits that it should change."""
        with self._turn:
            self._write_waiting()
            with self._database.transaction() as db:
                yield db
