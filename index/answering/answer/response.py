"""The response to one question: its verdict, what is shown, and what is said beside that."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from index.answering.answer.documents import ListedDocument, Standing
from index.answering.answer.quotes import Computed, Excerpt, Quote, SummaryHeading
from index.answering.answer.replies import Reply
from index.answering.list_requests import Extent


class Verdict(enum.StrEnum):
    """How sure the engine is that what it shows answers the question."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    """Passages are shown, and it is said that they may not answer."""
    SILENT = "silent"
    """Nothing close was found; nothing is shown unasked."""


class QuestionKind(enum.StrEnum):
    """A kind of question: it decides how the question is answered."""

    FACT = "fact"
    """What a sentence or a few answer; every question that is of no other kind."""
    LIST = "list"
    """A whole list, the decisions, the steps, or a section whose heading is the question."""
    TABLE = "table"
    """Cells of tables, compared or computed."""
    COLLECTION = "collection"
    """The documents themselves: which, how many, how old, by whom."""
    SUMMARY = "summary"
    """What a document says, or all of them on a topic."""
    TIMELINE = "timeline"
    """What happened at a time, or between two."""
    MORE = "more"
    """What stands around what was shown, and what comes next to it."""
    TALK = "talk"
    """Small talk, and questions about the bot itself."""
    UNCLEAR = "unclear"
    """Two readings have different answers, or nothing says what it is about."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Documents that hold and that answer the same question differently.

    `excerpts` has two or more, the newest document's first, and `values` the words of each that
    differ: spans of its document, inside the excerpt. `kind` is "number", "money", "date",
    "duration", "percentage", "name" or "polarity".
    """

    kind: str
    excerpts: tuple[Excerpt, ...]
    values: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of an unclear question: `label` says which, and `question` stands alone.

    `document` is the one that the reading names; empty where it names none.
    """

    label: str
    question: str
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerContent:
    """The content of an answer, or of what is found for one part of a question.

    `excerpts` are shown, the best first, the others in reading order; `closest` come nearest, for
    people who want to see for themselves, and are no answer. `contents` are the headings of a
    document that is summarised. `extent` is that of the list over all documents whose beginning is
    shown, or which can be had besides.
    """

    excerpts: tuple[Excerpt, ...] = ()
    closest: tuple[Excerpt, ...] = ()
    replies: tuple[Reply, ...] = ()
    documents: tuple[ListedDocument, ...] = ()
    computed: tuple[Computed, ...] = ()
    choices: tuple[Choice, ...] = ()
    contents: tuple[SummaryHeading, ...] = ()
    differences: tuple[Difference, ...] = ()
    extent: Extent | None = None


@dataclass(frozen=True, slots=True)
class Response(AnswerContent):
    """The response to one question.

    `question` has its spelling corrected; `rewritten` is as typed, completed by the conversation,
    and `carried` tells whether words of the conversation are in it. `confidence` in [0, 1] is the
    calibrated probability that the documents answer the question. `milliseconds` has a row per
    stage, and `total`. `uncovered` holds the parts of the question that the documents do not
    answer, `unknown_names` the names in it that no document holds. `standings` has one for each
    document that is shown, in the order in which they are; what is said of them and of
    `differences` is no document's words. `today` is the asker's date, by which ages are told.
    """

    question: str
    verdict: Verdict
    confidence: float
    generation: int
    kind: QuestionKind = QuestionKind.FACT
    uncovered: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()
    today: date | None = None
    rewritten: str = ""
    carried: bool = False
    milliseconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Return whether the engine is sure enough to call it an answer."""
        return self.verdict is Verdict.ANSWERED
