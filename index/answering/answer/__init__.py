"""What the engine returns: hits of a search, or a response with its verdict and its excerpts."""

from index.answering.answer.documents import ListedDocument, Standing, Successor
from index.answering.answer.hits import Hit, SearchResult
from index.answering.answer.quotes import CitedCell, Computed, Excerpt, Quote, SummaryHeading
from index.answering.answer.replies import Reply, Says
from index.answering.answer.response import (
    AnswerContent,
    Choice,
    Difference,
    QuestionKind,
    Response,
    Verdict,
)

__all__ = [
    "AnswerContent",
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
