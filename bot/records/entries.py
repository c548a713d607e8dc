"""Entries of the records, as values."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from index.answering.answer import Excerpt

__all__ = [
    "AuditEntry",
    "Counts",
    "Exchange",
    "FeedbackEntry",
    "Held",
    "Kind",
    "Unsatisfied",
    "Verdict",
]


class Kind(enum.StrEnum):
    ASK = "ask"
    CLAIM = "claim"
    """The words of a message on which somebody used "Find sources"."""
    SEARCH = "search"


class Verdict(enum.StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and what was shown for it.

    `question`: as it was asked. `rewritten`: completed by the conversation. Both are empty where
    words are not kept. `guild`: None in a direct message. `channel`: may be a thread or a direct
    conversation. `generation`: of the index. `confidence`: in [0, 1]. `excerpts`: the closest
    passages where it is not `answered`. `message`: the one that held the question. `replies`: the
    bot's messages with the answer, in order. `document`: where only that one was asked. `private`:
    only the asker saw it. `source_documents` and `source_people`: documents, and other people,
    whose words may be in `rewritten`.
    """

    id: int
    kind: Kind
    at: datetime
    person: int
    guild: int | None
    channel: int
    question: str
    rewritten: str
    generation: int
    confidence: float
    answered: bool
    excerpts: tuple[Excerpt, ...]
    private: bool
    message: int | None
    replies: tuple[int, ...]
    document: str | None
    source_documents: tuple[str, ...] = ()
    source_people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    exchange: int
    person: int
    verdict: Verdict
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Unsatisfied:
    """A question that was not answered or was marked down.

    `reasons` are those given for the marks, the oldest first.
    """

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
    """Numbers of exchanges and answered ones, of every kind, and of verdicts."""

    exchanges: int
    answered: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept of one person.

    `exchanges`: of theirs. `worded`: those of them whose words are kept. `marks`: given by them.
    `actions`: of theirs in the audit log.
    """

    exchanges: int
    worded: int
    marks: int
    actions: int
