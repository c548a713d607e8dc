"""What the engine returns: hits of a search, or a response with its verdict and its excerpts."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from index.answering.list_requests import Extent
from index.chunking.passage import Passage
from index.decisions import Review
from index.document import Span, Style, TextOrigin
from index.store.catalog.particulars import Origin

__all__ = [
    "Choice",
    "CitedCell",
    "Computed",
    "Difference",
    "Excerpt",
    "Hit",
    "ListedDocument",
    "QuestionKind",
    "Quote",
    "Reply",
    "Response",
    "Says",
    "SearchResult",
    "Standing",
    "Successor",
    "SummaryHeading",
    "Verdict",
]


class Verdict(enum.StrEnum):
    """How sure the engine is that what it shows answers the question."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    """Passages are shown, and it is said that they may not answer."""
    SILENT = "silent"
    """Nothing close was found; nothing is shown unasked."""


class QuestionKind(enum.StrEnum):
    """What is asked for, and so how it is answered."""

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
class Quote:
    """Words of a document, exactly: `text` is the stored text in `span`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a query found; `rank` counts from 1, `score` orders within one query only.

    `styles` say how its text and the header are set. `matches` are where it has words of the query,
    in any form. `header` is the header row of the table in whose rows it begins.
    """

    rank: int
    score: float
    passage: Passage
    styles: tuple[Style, ...] = ()
    matches: tuple[Span, ...] = ()
    header: Quote | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of one query, best first; `milliseconds` has a row per stage, and `total`.

    `standings` are as in a Response. `absent` are words of the query that no document has, and
    where there `is_none_said`, these are all, and only what is like the query is found.
    """

    query: str
    generation: int
    milliseconds: Mapping[str, float]
    hits: tuple[Hit, ...]
    standings: tuple[Standing, ...] = ()
    absent: tuple[str, ...] = ()
    is_none_said: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a document, exactly: `quote` is the stored text in `span`.

    `number` counts from 1. `passage` is the id of the passage it was found in. `score` is the
    reader's evidence logit of its best unit. `emphasis` holds spans inside `span` that answer most
    directly, where they are less than half of it. `header` is the header row of the table that a
    row stands in. `origin` is where in its file the text stands. `styles` say how the text of
    `span` and of the header is set, with offsets in the document. `clause` is the number of the
    paragraph or item that it stands in, such as "4.2", those of the first and the last of several,
    "4.1–4.3", or nothing.
    """

    number: int
    quote: str
    document: str
    title: str
    heading: tuple[str, ...]
    page: int | None
    span: Span
    passage: str
    score: float
    emphasis: tuple[Span, ...] = ()
    header: Quote | None = None
    origin: TextOrigin = TextOrigin.BODY
    styles: tuple[Style, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class SummaryHeading:
    """A heading of a document that is summarised.

    `text` is without the format's marks (`##`, an underline); `span` is with them. `level` is 1 to
    6, the outermost 1.
    """

    text: str
    level: int
    span: Span
    document: str


@dataclass(frozen=True, slots=True)
class CitedCell:
    """One cell of a table: `text` is the stored text in `span` of the document.

    `column` is the text of its column's header, and `row` that of its row's first cell.
    """

    document: str
    text: str
    span: Span
    column: str
    row: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that no document states, computed from cells.

    `operation` is "sum", "difference", "count", "average", "greatest" or "least". `value` is
    written as the cells write their numbers, with their unit.
    """

    operation: str
    value: str
    cells: tuple[CitedCell, ...]


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document that a question about the collection asks for.

    `date` is in ISO 8601, None where the document states none. `mentions` counts the passages that
    mention what was asked for, and `quote` is the first of them, where that was the question.
    """

    name: str
    title: str
    date: str | None = None
    mentions: int = 0
    quote: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    """A document that replaces another; `since` in ISO 8601, None where no day is stated."""

    document: str
    title: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How old a document is that is shown, and whether it still holds.

    Dates are in ISO 8601, as precise as they are stated. `date_from` tells where `date` is from.
    `since` is the day from which it holds, `until` the last one on which it does, `review` when it
    is to be reviewed. `replaced_by` is the newest document that replaces it, among those that may
    be seen; with `is_withdrawn` it says itself that it no longer holds. `reviewed` is what people
    said of this version of it; where that is that it is still right, `until` and `review` are no
    earlier than that counts.
    """

    document: str
    title: str
    date: str | None = None
    date_from: Origin | None = None
    replaced_by: Successor | None = None
    is_withdrawn: bool = False
    since: str | None = None
    until: str | None = None
    review: str | None = None
    version: str | None = None
    owner: str | None = None
    classification: str | None = None
    reviewed: Review | None = None


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


class Says(enum.StrEnum):
    """What the bot says in its own words; `bot.wording.replies` has the words."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    AGREEMENT = "agreement"
    APOLOGY = "apology"
    """To who complains."""
    NO_MATTER = "no matter"
    """To who apologises."""
    UNCLEAR = "unclear"
    """To who asks of "it", with nothing said before."""
    CANNOT_ACT = "cannot act"
    """To who asks the bot to do something."""
    HELP = "help"
    WHO = "who"
    HOW = "how"
    IN_DOCUMENT = "in document"
    """Only the documents with these `titles` were searched, since the question points at them."""
    NOT_IN_DOCUMENT = "not in document"
    """The documents with these `titles`, which the question points at, do not seem to answer."""
    LANGUAGE = "language"
    """The question is in the language with the code `asked`; those in `read` are read well."""
    NO_DOCUMENTS = "no documents"
    """There is none that may be seen."""
    DOCUMENT_COUNT = "document count"
    """`number` documents, of a `kind` or in a `folder` where one was named, and from `first` to
    `last` where a time was."""
    MENTIONED_IN = "mentioned in"
    """`name` in `number` documents, in `mentions` passages; `shown` of them are listed."""
    NOT_MENTIONED = "not mentioned"
    """`name`, which stands in no document."""
    LATEST = "latest"
    """The document `title`, of `date`, is the newest, of those with `name` where one was asked."""
    OLDEST = "oldest"
    NEW_SINCE = "new since"
    """`number` documents dated from `first` to `last`; either may be missing."""
    NOTHING_NEW = "nothing new"
    """No document is dated from `first` to `last`; the newest, `title`, is of `date`."""
    UNDATED = "undated"
    """`number` documents state no date, so that they are not among those listed."""
    WRITTEN_BY = "written by"
    """The document `title` names `people`."""
    OWNED_BY = "owned by"
    APPROVED_BY = "approved by"
    DATED = "dated"
    """The document `title` is of `date`, `days` ago."""
    VERSION = "version"
    """The document `title` is `version`."""
    IN_FORCE_FROM = "in force from"
    """The document `title` holds from `date` on."""
    NOT_YET_IN_FORCE = "not yet in force"
    VALID_UNTIL = "valid until"
    EXPIRED = "expired"
    REPLACED = "replaced"
    """The document `title` says that it no longer holds."""
    REPLACED_BY = "replaced by"
    """`by` replaces the document `title`; `written` and `date` are their days, where known."""
    HOLDS = "holds"
    """Nothing says that the document `title` no longer holds."""
    SUCCESSOR_SILENT = "successor silent"
    """The same of the document that is shown first; `by` does not seem to say it."""
    SECTION_REPLACED = "section replaced"
    """The document `by`, of `date` where it has one, replaces the section that `part` names of the
    document `title`, from which it is quoted."""
    REVIEW_DUE = "review due"
    """The document `title` is to be reviewed by `date`; without one, it says only how often."""
    REVIEW_OVERDUE = "review overdue"
    OF_THE_FILE = "of the file"
    """What was said is from the properties of the file, and not from its text."""
    NOT_STATED = "not stated"
    """The document `title` does not say `what`: "author", "owner", "approver", "date", "review",
    "validity" or "version"."""
    DOCUMENTS_BY = "documents by"
    """`number` documents name `name` as author or owner."""
    DUE_FOR_REVIEW = "due for review"
    """`number` documents are to be reviewed by today, or hold no longer."""
    NOTHING_DUE = "nothing due"
    CHANGED_SINCE = "changed since"
    """`number` documents were added or changed, with `first` and `last` where days were asked
    for."""
    NOTHING_CHANGED = "nothing changed"
    CHANGED = "changed"
    """The document `title` changed `number` times, last on `date`."""
    CHANGED_LAST_SEEN = "changed last seen"
    """What changed since the person looked last was asked for, which is not known here."""
    COMPARED = "compared"
    """The documents `one` and `other` were asked for beside each other: `differ` passages do,
    `only_one` and `only_other` are in one alone, and `agree` sentences are in both. The first are
    `quoted`."""
    SAID_SINCE = "said since"
    """What is shown first is said since `date`, in the document `title` and versions before it; one
    of `written` does not say it, where there is one."""
    CARD = "card"
    """The document `title` was asked for."""
    HAPPENED = "happened"
    """`number` statements are of the days from `first` to `last`; `shown` of them are shown."""
    DIFFER = "differ"
    """The documents with these `titles`, the newest first, do not say the same."""
    DIFFERS_WITHIN = "differs within"
    """The document `title` does not say the same everywhere."""
    NO_DIFFERENCE = "no difference"
    """Nothing was found on which the documents that are quoted differ."""
    LISTED = "listed"
    """The list called `lists` has `number` statements of `documents` documents, of which `shown`
    are shown: on `name`, and from `first` to `last`, where these were asked for. With `more` it has
    at least that many."""
    LISTABLE = "listable"
    """`number` documents mention `name`, which a list would show."""
    INSTEAD = "instead"
    """What follows denies what the question takes for granted."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something that the bot says in its own words, with the values that its text names."""

    says: Says
    values: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """What is said to one question.

    `question` has its spelling corrected; `rewritten` is as typed, completed by the conversation,
    and `carried` tells whether words of the conversation are in it. `confidence` in [0, 1] is the
    calibrated probability that the documents answer the question. `excerpts` are shown, the best
    first, the others in reading order; `closest` come nearest, for people who want to see for
    themselves, and are no answer. `milliseconds` has a row per stage, and `total`. `uncovered`
    holds the parts of the question that the documents do not answer, `unknown_names` the names in
    it that no document holds. `contents` are the headings of a document that is summarised.
    `standings` has one for each document that is shown, in the order in which they are; what is
    said of them and of `differences` is no document's words. `today` is the asker's date, by which
    ages are told. `extent` is that of the list over all documents whose beginning is shown, or
    which can be had besides.
    """

    question: str
    verdict: Verdict
    confidence: float
    generation: int
    kind: QuestionKind = QuestionKind.FACT
    excerpts: tuple[Excerpt, ...] = ()
    closest: tuple[Excerpt, ...] = ()
    replies: tuple[Reply, ...] = ()
    documents: tuple[ListedDocument, ...] = ()
    computed: tuple[Computed, ...] = ()
    choices: tuple[Choice, ...] = ()
    contents: tuple[SummaryHeading, ...] = ()
    uncovered: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()
    differences: tuple[Difference, ...] = ()
    today: date | None = None
    extent: Extent | None = None
    rewritten: str = ""
    carried: bool = False
    milliseconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Return whether the engine is sure enough to call it an answer."""
        return self.verdict is Verdict.ANSWERED
