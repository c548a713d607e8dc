"""What the engine returns: hits of a search, an answer with excerpts, or no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from index.chunking.passage import Passage
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
    """The hits of one query, best first; `milliseconds` has a row per stage, and `total`."""

    query: str
    generation: int
    milliseconds: Mapping[str, float]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a document, exactly: `quote` is the stored text in `span`.

    `number` counts from 1. `passage` is the id of the passage it was found in. `score` is the
    reader's evidence logit of its best unit. `emphasis` holds spans inside `span` that answer most
    directly, where they are less than half of it.
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
    `milliseconds` has a row per stage, and `total`. `uncovered` holds the parts of the question
    that the documents do not answer, `unknown_names` the names in it that no document holds.
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
    """The documents do not answer: nothing is cited.

    `closest` holds what comes nearest, for people who want to see for themselves; it is no answer.
    `unknown_names` holds the names in the question that no document holds.
    """

    question: str
    confidence: float
    generation: int
    closest: tuple[Excerpt, ...]
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    unknown_names: tuple[str, ...] = ()


Response: TypeAlias = Answer | NoAnswer
