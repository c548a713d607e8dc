"""Entries of the records, as values."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from index.answering.answer import Choice, Excerpt, QuestionKind, Verdict


class Kind(enum.StrEnum):
    ASK = "ask"
    CLAIM = "claim"
    """The words of a message on which somebody used "Find sources"."""
    SEARCH = "search"


class Mark(enum.StrEnum):
    """What a person thought of an answer."""

    UP = "up"
    DOWN = "down"


class Fault(enum.StrEnum):
    """What is wrong with an answer that was marked down."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    MISUNDERSTOOD = "misunderstood"
    UNFIT = "unfit"
    """Something in it should not be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExchange:
    """A question, and what is shown for it, as it is given to the records.

    `question`: as it was asked. `rewritten`: completed by the conversation; None where that changed
    nothing. `guild`: None in a direct message. `channel`: may be a thread or a direct conversation.
    `generation`: of the index. `confidence`: in [0, 1]. `excerpts`: those shown, the quotes of
    listed documents among them; the closest passages where the verdict is SILENT.
    `named_documents`: documents that were shown without an excerpt, listed or computed from.
    `message`: the one that held the question. `replies`: the bot's messages with the answer, in
    order. `document`, `folder` and `since`: where only those documents were asked. `private`: only
    the asker saw it. `follows`: the id of the exchange before it in its conversation.
    `source_documents` and `source_people`: documents, and other people, whose words may be in
    `rewritten`.
    """

    kind: Kind
    person: int
    guild: int | None
    channel: int
    question: str
    rewritten: str | None = None
    generation: int
    confidence: float
    verdict: Verdict
    question_kind: QuestionKind = QuestionKind.FACT
    excerpts: tuple[Excerpt, ...] = ()
    choices: tuple[Choice, ...] = ()
    named_documents: tuple[str, ...] = ()
    private: bool = False
    message: int | None = None
    replies: tuple[int, ...] = ()
    document: str | None = None
    folder: str | None = None
    since: date | None = None
    follows: int | None = None
    source_documents: tuple[str, ...] = ()
    source_people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange(NewExchange):
    """A question, and what was shown for it, as the records have it.

    `question`, `rewritten` and `choices` are empty where words are not kept.
    """

    id: int
    at: datetime
    rewritten: str

    @property
    def answered(self) -> bool:
        """Return whether what was shown was called an answer."""
        return self.verdict is Verdict.ANSWERED

    @property
    def shown(self) -> tuple[Excerpt, ...]:
        """Return the excerpts that were shown unasked."""
        return () if self.verdict is Verdict.SILENT else self.excerpts

    @property
    def documents(self) -> frozenset[str]:
        """Return the documents whose words were shown, or may be in the rewritten question."""
        quoted = (excerpt.document for excerpt in self.shown)
        return frozenset((*quoted, *self.named_documents, *self.source_documents))


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    exchange: int
    person: int
    mark: Mark
    reason: str | None
    at: datetime
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class UnsatisfiedQuestion:
    """A question about the documents that was not surely answered, or was marked down.

    `reasons` are those given for the marks, the oldest first; `faults` are those that were chosen.
    """

    exchange: Exchange
    reasons: tuple[str, ...] = ()
    marked_down: bool = False
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What somebody did. `document` is the one that it was done to; with `other`, to both."""

    at: datetime
    person: int
    guild: int | None
    action: str
    detail: str
    document: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of questions, by verdict, and of marks; no small talk, nor what was asked back.

    `faults`: how often each was chosen for a mark that stands.
    """

    exchanges: int
    answered: int
    unsure: int
    up: int
    down: int
    faults: Mapping[Fault, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """How much is kept of one person.

    `exchanges`: of theirs. `worded`: those of them whose words are kept. `marks`: given by them.
    `actions`: of theirs in the audit log. `watches`: questions that they watch.
    `handed`: questions that they had handed to a person, or answered.
    """

    exchanges: int
    worded: int
    marks: int
    actions: int
    watches: int = 0
    handed: int = 0


@dataclass(frozen=True, slots=True)
class PersonData:
    """All that is kept of one person, the oldest first.

    `exchanges` are theirs, `marks` given by them, `actions` theirs in the audit log. `elsewhere` is
    the number of other people's questions that may hold their words. `visited`: when they last
    looked at what changed.
    """

    exchanges: tuple[Exchange, ...] = ()
    marks: tuple[FeedbackEntry, ...] = ()
    actions: tuple[AuditEntry, ...] = ()
    elsewhere: int = 0
    visited: datetime | None = None
