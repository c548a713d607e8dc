"""What the engine says: hits, excerpts, an answer, or that the documents do not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from index.chunking.chunker import Passage
from index.document import Span

__all__ = ["Answer", "Excerpt", "Hit", "NoAnswer", "Response", "SearchResult"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a query found; `rank` counts from 1, `score` orders within one query only."""

    rank: int
    score: float
    passage: Passage


@dataclass(frozen=True, slots=True)
class SearchResult:
    query: str
    generation: int
    milliseconds: Mapping[str, float]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a document, exactly: `quote` is the stored text in `span`.

    `number` counts from 1. `passage` is the id of the passage it was found in. `score` is the
    cross-encoder's logit of its best unit, without a cross-encoder a cosine. `emphasis` are spans
    inside `span` that answer most directly, where that is less than half of it.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """The documents answer: at least one excerpt, the best first, the others in reading order.

    `confidence` in [0, 1] is the calibrated probability that the documents answer the question.
    `milliseconds` has a row per stage, and `total`. `uncovered` are the parts of the question that
    the documents do not answer, `unknown_names` the names in it that they do not hold.
    """

    question: str
    confidence: float
    generation: int
    excerpts: tuple[Excerpt, ...]
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    uncovered: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The documents do not say: nothing is cited.

    `closest` is what comes nearest, for a reader who wants to see for themselves; it is no answer.
    `unknown_names` are names in the question that the documents do not hold.
    """

    question: str
    confidence: float
    generation: int
    closest: tuple[Excerpt, ...]
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    unknown_names: tuple[str, ...] = ()


Response: TypeAlias = Answer | NoAnswer
