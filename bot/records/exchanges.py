"""Exchanges: questions, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot.records.databases.database import Transaction
from bot.records.entries import Exchange, Kind, NewExchange
from bot.records.recent import QuestionWords
from bot.records.store import RecordsStore
from bot.records.tables.columns import EXCHANGE_COLUMNS, EXCHANGES
from bot.records.tables.rows import exchange_of, moment, stamp, storable
from bot.records.waiting import put_replies
from index.answering.answer import Choice


class Exchanges(RecordsStore):
    """Questions and what came of them."""

    def add(self, new: NewExchange) -> Exchange:
        """Store an exchange as of now, with a new id."""
        now = self._clock()
        row = {
            "kind": new.kind,
            "at": stamp(now),
            "person": new.person,
            "guild": new.guild,
            "channel": new.channel,
            "generation": new.generation,
            "confidence": new.confidence,
            "verdict": new.verdict,
            "question_kind": new.question_kind,
            "excerpts": json.dumps([asdict(excerpt) for excerpt in new.excerpts]),
            "private": new.private,
            "message": new.message,
            "document": None if new.document is None else storable(new.document),
            "named_documents": json.dumps(sorted(new.named_documents)),
            "folder": None if new.folder is None else storable(new.folder),
            "since": None if new.since is None else new.since.isoformat(),
            "follows": new.follows,
            "source_documents": json.dumps(sorted(new.source_documents)),
        }
        words = QuestionWords(
            storable(new.question),
            storable(new.question if new.rewritten is None else new.rewritten),
            new.source_people,
            tuple(
                Choice(storable(each.label), storable(each.question), storable(each.document))
                for each in new.choices
            ),
        )

        def add(db: Transaction) -> Exchange:
            if new.follows is not None and not self._is_known(db, new.follows):
                row["follows"] = None  # forgotten meanwhile
            # Once: what may be done a second time, after a cut commit, stays the same exchange.
            if self._ids_by_time and "id" not in row:
                row["id"] = max(self._last_id(db) + 1, stamp(now))
            values = ", ".join(f":{name}" for name in row)
            sql = f"INSERT INTO exchanges ({', '.join(row)}) VALUES ({values}) RETURNING id"
            (added,) = db.execute(sql, row).fetchone()
            put_replies(db, added, new.replies)
            if self.keep_questions and new.kind is not Kind.CLAIM:
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
            sql = f"SELECT {EXCHANGE_COLUMNS} FROM {EXCHANGES} WHERE id = ?"
            stored = exchange_of(db.execute(sql, (added,)).fetchone())
            if not self.keep_questions and new.kind is not Kind.CLAIM:
                # Within the transaction, so that a `forget_person` at the same moment counts.
                self._recent.put(added, new.person, words)
            return stored

        return _worded(self._write(add), words)

    def exchange(self, exchange_id: int) -> Exchange | None:
        """Return the exchange; None where it is gone, or never was, since buttons can be forged."""
        return self._newest("exchanges.id = ?", exchange_id)

    def by_reply(self, message: int) -> Exchange | None:
        """The exchange whose answer the bot's message carries."""
        if not is_id(message):
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

        def put(db: Transaction) -> None:
            if self._is_known(db, exchange_id):
                db.execute("DELETE FROM replies WHERE exchange = ?", (exchange_id,))
                put_replies(db, exchange_id, messages)

        self._write(put)

    def newest(self) -> datetime | None:
        """Return when the last exchange was recorded."""
        found = self._database.read(lambda row: row[0], "SELECT max(at) FROM exchanges")[0]
        return None if found is None else moment(found)

    def _newest(self, condition: str, *parameters: int) -> Exchange | None:
        if not all(map(is_id, parameters)):
            return None
        sql = (
            f"SELECT {EXCHANGE_COLUMNS} FROM {EXCHANGES} WHERE {condition}"
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


def _worded(exchange: Exchange, words: QuestionWords) -> Exchange:
    return replace(
        exchange,
        question=words.question,
        rewritten=words.rewritten,
        source_people=words.source_people,
        choices=words.choices,
    )


def is_id(number: int) -> bool:
    """Return whether SQLite can hold the number; a forged button may carry a larger one."""
    return -(2**63) <= number < 2**63
