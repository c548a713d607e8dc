"""What the records hold, as values."""

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
    """"Find sources" on somebody's message."""
    SEARCH = "search"


class Verdict(enum.StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what was shown for it.

    `question` is as it was asked, `rewritten` as the conversation completes it; both are empty
    where they are not kept (any more). `guild` is None in a direct message; a thread or a direct
    message counts as a channel. `generation` is the index's. `confidence` is in [0, 1]. Where not
    `answered`, `excerpts` are the closest passages. `message` is what was asked (or claimed) in,
    `replies` are the bot's messages that carry the answer, in order. `document` is set where only
    that one was asked. `private` ones only the asker saw. `source_documents` are the documents, and
    `source_people` the people other than the asker, whose words the conversation may have put into
    `rewritten`.
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


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of one person: `exchanges` of theirs, of which `worded` with the words of the
    question, `marks` that they gave, and `actions` of theirs in the audit log."""

    exchanges: int
    worded: int
    marks: int
    actions: int
