"""Marks: what people think of answers, and the questions that need a better one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.records.databases.database import Transaction
from bot.records.entries import (
    Counts,
    Exchange,
    Fault,
    FeedbackEntry,
    Mark,
    UnsatisfiedQuestion,
)
from bot.records.exchanges import Exchanges, is_id
from bot.records.tables.columns import (
    EXCHANGE_COLUMNS,
    FEEDBACK_COLUMNS,
    FEEDBACK_TABLES,
    IS_DOWN,
    IS_OPEN,
    STANDS,
    WORDED,
)
from bot.records.tables.rows import (
    EPOCH,
    counts_of,
    evaluation_row,
    feedback_of,
    stamp,
    storable,
    unsatisfied_of,
)
from bot.records.waiting import put_mark

_IS_UNSATISFIED = (
    f"exchanges.at >= ? AND {STANDS} AND (({IS_OPEN}) OR {IS_DOWN})"
    " AND id NOT IN (SELECT exchange FROM settled_gaps)"
)


class Marks(Exchanges):
    """What people think of answers."""

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
        if not is_id(exchange_id):
            return None
        given = (exchange_id, person)
        now = stamp(self._clock())
        kept = storable(reason) if reason and self.keep_questions else None

        def rate(db: Transaction) -> FeedbackEntry | None:
            if not self._is_known(db, exchange_id):
                return None
            put_mark(db, given, mark, now, kept, fault)
            row = db.execute(
                f"SELECT {FEEDBACK_COLUMNS} FROM {FEEDBACK_TABLES}"
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
            SELECT {FEEDBACK_COLUMNS}, {EXCHANGE_COLUMNS}
            FROM {FEEDBACK_TABLES} JOIN exchanges ON exchanges.id = feedback.exchange
                LEFT JOIN {WORDED}
            WHERE (:exchange IS NULL OR feedback.exchange = :exchange)
                AND (:mark IS NULL OR mark = :mark)
                AND feedback.at >= :since
            ORDER BY feedback.at DESC, feedback.exchange DESC, feedback.person DESC
            """,
            {"exchange": exchange, "mark": mark, "since": stamp(since)},
        )

    def unsatisfied(self, guild: int | None, since: datetime) -> list[UnsatisfiedQuestion]:
        """Return a guild's questions that were not surely answered or marked down, oldest first.

        Of kind ASK only, private ones included; None means direct messages. Small talk and what was
        asked back are none of them, nor what was settled or taken back. Of an edited question only
        the newest wording counts. Those whose words are not kept are left out.
        """
        return self._unsatisfied("guild IS ?", guild, stamp(since))

    def unsatisfied_ids(self, guild: int | None, since: datetime) -> list[int]:
        """Return the exchanges of the same questions, oldest first."""
        return self._database.read(
            lambda row: int(row[0]),
            f"""
            SELECT id FROM exchanges JOIN {WORDED}
            WHERE guild IS ? AND {_IS_UNSATISFIED}
            ORDER BY id
            """,
            (guild, stamp(since)),
        )

    def unsatisfied_question(self, exchange: int, since: datetime) -> UnsatisfiedQuestion | None:
        """Return the question of an exchange, if it is still one of them."""
        return next(iter(self._unsatisfied("id = ?", exchange, stamp(since))), None)

    def unsatisfied_anywhere(self, since: datetime) -> list[UnsatisfiedQuestion]:
        """Return the same of all guilds and direct messages, but for what only its asker saw."""
        return self._unsatisfied("private = 0", stamp(since))

    def _unsatisfied(self, condition: str, *parameters: int | None) -> list[UnsatisfiedQuestion]:
        return self._database.read(
            unsatisfied_of,
            f"""
            SELECT (SELECT json_group_array(json_array(feedback.at, reason))
                    FROM feedback JOIN reasons USING (exchange, person)
                    WHERE exchange = exchanges.id AND mark = 'down'),
                {IS_DOWN},
                (SELECT json_group_array(fault) FROM feedback
                    WHERE exchange = exchanges.id AND mark = 'down' AND fault IS NOT NULL),
                {EXCHANGE_COLUMNS}
            FROM exchanges JOIN {WORDED}
            WHERE {condition} AND {_IS_UNSATISFIED}
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
            SELECT verdict = 'answered' AND NOT {IS_DOWN}, {EXCHANGE_COLUMNS}
            FROM exchanges JOIN {WORDED}
            WHERE {STANDS} AND (:private = 1 OR private = 0)
                AND (({IS_OPEN}) OR id IN (SELECT exchange FROM feedback))
            ORDER BY id
            """,
            {"private": private},
        )

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
            FROM exchanges WHERE at >= :since AND {STANDS} AND question_kind <> 'unclear'
            """,
            {"since": stamp(since)},
        )[0]
