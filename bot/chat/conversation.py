"""The conversation that a question may follow up, as far as those who will see the answer may know.

A turn with words of a document that not all of them may see now is left out, and so is everything
before it. So is what was asked in private, unless the same person asks again, alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access import Access, Viewer
from bot.chat.question import ChatQuestion
from bot.records import CONVERSATION, Exchange, Records
from index.answering.answer import QuestionKind
from index.rewriting import Turn

_TURNS = 4
"""Questions about the documents that a follow-up may refer to."""
_LOOKED_AT = 12
"""Exchanges of a conversation, with its small talk."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The documents and the other people whose words may be in a question."""

    documents: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()

    @classmethod
    def of(cls, exchanges: Sequence[Exchange], asker: int) -> Provenance:
        """Return those of a question that follows up these exchanges."""
        documents = (exchange.documents for exchange in exchanges)
        people = ({exchange.person, *exchange.source_people} for exchange in exchanges)
        return cls(frozenset().union(*documents), frozenset().union(*people) - {asker})

    @classmethod
    def in_question_of(cls, exchange: Exchange) -> Provenance:
        """Return those of a question that is asked again as it was rewritten."""
        return cls(frozenset(exchange.source_documents), frozenset(exchange.source_people))


def exchanges_before(
    asked: ChatQuestion, viewer: Viewer, records: Records, access: Access, now: datetime
) -> list[Exchange]:
    """Return the exchanges that a question may follow up, the latest first."""
    found: list[Exchange] = []
    exchange = _previous(asked, records, now)
    while exchange is not None and _may_be_followed(exchange, asked, viewer, access):
        found.append(exchange)
        turns = sum(each.question_kind is not QuestionKind.TALK for each in found)
        if turns == _TURNS or len(found) == _LOOKED_AT or exchange.follows is None:
            break
        exchange = records.exchange(exchange.follows)
    return found


def turns_of(exchanges: Sequence[Exchange]) -> list[Turn]:
    """Return the turns of these exchanges, the oldest first; small talk is none."""
    return [
        # The rewritten question holds what it took from the turns before it.
        Turn(exchange.rewritten, exchange.shown)
        for exchange in reversed(exchanges)
        if exchange.question_kind is not QuestionKind.TALK
    ]


def _previous(asked: ChatQuestion, records: Records, now: datetime) -> Exchange | None:
    """Return the exchange just before the question, if any.

    That is the one it replies to, or else the person's last one here, or else the one that the
    thread began at.
    """
    replied_to = records.exchange(asked.reply_to) if asked.reply_to else None
    if replied_to and replied_to.private and not asked.only_asker_sees:
        replied_to = None
    return (
        replied_to
        # An edited question does not follow up its own earlier wording.
        or records.last(
            asked.person,
            asked.channel,
            now - CONVERSATION,
            private=asked.only_asker_sees,
            but_in=asked.message,
        )
        or (records.exchange(asked.thread_of) if asked.thread_of else None)
    )


def _may_be_followed(
    exchange: Exchange, asked: ChatQuestion, viewer: Viewer, access: Access
) -> bool:
    if not exchange.rewritten:  # its words are no longer kept
        return False
    if asked.message is not None and exchange.message == asked.message:
        return False
    alone = exchange.private or exchange.guild is None
    if alone and not (asked.only_asker_sees and exchange.person == asked.person):
        return False
    return access.may_know_of_all(viewer, exchange.documents)
