"""Values to show, and an engine that answers with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.documents.reindexing.status import IndexState
from bot.records.parts.watches import Baseline, Watch
from index.answering.answer import (
    Choice,
    CitedCell,
    Computed,
    Excerpt,
    Hit,
    ListedDocument,
    QuestionKind,
    Quote,
    Reply,
    Response,
    Says,
    SearchResult,
    SummaryHeading,
    Verdict,
)
from index.chunking.passage import Passage, Unit
from index.document import Block, BlockKind, Document, Span
from index.errors import BadQuestion
from index.indexing.report import Failure, ReindexReport
from index.rewriting import Turn

_TEXT = "Roles\n\nObservers check the truce.\nAdvisers help to rebuild.\n\fTerms\n\nOslo decides."

DOCUMENT = Document(
    name="norway/force.pdf",
    title="Norway's force",
    text=_TEXT,
    blocks=(
        Block(BlockKind.HEADING, Span(0, 5), level=1),
        Block(BlockKind.PARAGRAPH, Span(7, 59)),
        Block(BlockKind.HEADING, Span(61, 66), level=2),
        Block(BlockKind.PARAGRAPH, Span(68, 81)),
    ),
    pages=(Span(0, 60), Span(61, 81)),
    metadata={"date": "2026-01-19"},
    sha256="ab" * 32,
    remarks=("The second page is a scan.",),
)

_EXCERPT = Excerpt(
    number=1,
    quote="Observers check the truce.",
    document="norway/force.pdf",
    title="Norway's force",
    heading=("Roles",),
    page=1,
    span=Span(7, 33),
    passage="0123456789abcdef0123",
    score=4.25,
    emphasis=(Span(7, 16), Span(27, 32)),
)
_OTHER = Excerpt(
    number=2,
    quote="Oslo decides\x1b[31m [bold]alone[/bold].",
    document="notes\n[2].txt",
    title="Notes",
    heading=(),
    page=None,
    span=Span(100, 134),
    passage="fedcba98765432100000",
    score=-1.5,
)

ANSWER = Response(
    question="what roles?",
    verdict=Verdict.ANSWERED,
    confidence=0.9312,
    generation=7,
    excerpts=(_EXCERPT, _OTHER),
    milliseconds={"total": 41.2, "retrieve": 3.1},
)
UNSURE = replace(ANSWER, verdict=Verdict.UNSURE, confidence=0.41)
TALK = Response(
    question="thanks!",
    verdict=Verdict.ANSWERED,
    confidence=1.0,
    generation=7,
    kind=QuestionKind.TALK,
    replies=(Reply(Says.THANKS),),
    milliseconds={"total": 0.4},
)
DOCUMENTS = Response(
    question="which documents mention the truce?",
    verdict=Verdict.ANSWERED,
    confidence=1.0,
    generation=7,
    kind=QuestionKind.COLLECTION,
    documents=(
        ListedDocument("norway/force.pdf", "Norway's force", "2026-01-19T10:00:00", 2, _EXCERPT),
        ListedDocument("notes\n[2].txt", "Notes"),
    ),
    milliseconds={"total": 4.0},
)
TABLE = Response(
    question="seats of both ferries",
    verdict=Verdict.ANSWERED,
    confidence=0.9,
    generation=7,
    kind=QuestionKind.TABLE,
    excerpts=(
        replace(
            _EXCERPT,
            quote="Heron 4 | 12",
            document="ferries.csv",
            title="Ferries",
            heading=(),
            page=None,
            span=Span(14, 26),
            emphasis=(),
            header=Quote("Ferry | Seats", Span(0, 13)),
        ),
    ),
    computed=(
        Computed(
            "sum",
            "20",
            (
                CitedCell("ferries.csv", "12", Span(24, 26), "Seats", "Heron 4"),
                CitedCell("ferries.csv", "8", Span(35, 36), "Seats", "Heron 5"),
            ),
        ),
    ),
    milliseconds={"total": 30.0},
)
SUMMARY = replace(
    ANSWER,
    question="summarise the force",
    kind=QuestionKind.SUMMARY,
    excerpts=(_EXCERPT,),
    contents=(
        SummaryHeading("Roles", 1, Span(0, 5), "norway/force.pdf"),
        SummaryHeading("Terms", 2, Span(61, 66), "norway/force.pdf"),
    ),
)
UNCLEAR = Response(
    question="who is the minister?",
    verdict=Verdict.UNSURE,
    confidence=0.5,
    generation=7,
    kind=QuestionKind.UNCLEAR,
    choices=(
        Choice("Norway", "who is the minister of Norway?"),
        Choice("Sweden", "who is the minister of Sweden?"),
    ),
    milliseconds={"total": 35.0},
)
NO_ANSWER = Response(
    question="who won?",
    verdict=Verdict.SILENT,
    confidence=0.04,
    generation=7,
    closest=(replace(_EXCERPT, emphasis=()),),
    milliseconds={"total": 12.5},
)

_SPAN = Span(7, 33)
_PASSAGE = Passage(
    id="0123456789abcdef0123",
    document="norway/force.pdf",
    title="Norway's force",
    heading=("Roles", "Ground"),
    page=1,
    span=_SPAN,
    text="Observers check the truce.",
    units=(Unit(BlockKind.PARAGRAPH, _SPAN, 1),),
)
SEARCH = SearchResult(
    query="truce", generation=7, milliseconds={"total": 5.0}, hits=(Hit(1, 4.25, _PASSAGE),)
)

REPORT = ReindexReport(
    generation=3,
    documents=2,
    passages=1,
    added=("a\n.txt",),
    changed=("b.txt",),
    removed=("c.txt",),
    failed=(Failure("d.pdf", "it is empty", True), Failure("e", "it is a folder", False)),
    embedded=5,
    reused=1,
    seconds=1.23456,
)
STATE = IndexState(
    index="i",
    corpus=Path("c"),
    index_bytes=1_234_567,
    generation=2,
    previous=1,
    created_at="2026-02-01T00:00:00+00:00",
    age_seconds=7_260,
    documents=3,
    passages=1_009,
    failing=("d.pdf",),
    model="m",
    changes=REPORT,
)


class FakeEngine:
    """Answers with ANSWER, but a question with "who" in it with NO_ANSWER; refuses an empty one.

    `asked` has what it was asked, in order; `documents`, `conversation` and `today` are those of
    the last question.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.documents: Collection[str] | None = None
        self.conversation: Sequence[Turn] = ()
        self.today: date | None = None

    def ask(
        self,
        question: str,
        documents: Collection[str] | None = None,
        *,
        conversation: Sequence[Turn] = (),
        today: date | None = None,
    ) -> Response:
        self._check(question)
        self.documents, self.conversation, self.today = documents, tuple(conversation), today
        response = NO_ANSWER if "who" in question else ANSWER
        return replace(response, question=question, rewritten=question)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        self._check(query)
        return replace(SEARCH, query=query, hits=SEARCH.hits[:k])

    def _check(self, question: str) -> None:
        self.asked.append(question)
        if not question.strip():
            raise BadQuestion("The question is empty.")


WATCH = Watch(
    id=0,
    person=1,
    guild=5,
    channel=6,
    is_here=False,
    awaits_answer=False,
    question="what roles?",
    question_kind=QuestionKind.FACT,
    people=(),
    source_documents=(),
    document=None,
    folder=None,
    since=None,
    began=datetime(2026, 11, 29, 12, tzinfo=UTC),
    ends=datetime(2026, 11, 29, 12, tzinfo=UTC),
    baseline=Baseline(ANSWER.excerpts),
    checked=7,
)
"""A watch that is not yet kept: the records say when it begins and ends."""
