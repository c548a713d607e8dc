"""Hits: the passages that a search found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.answering.answer.documents import Standing
from index.answering.answer.quotes import Quote
from index.chunking.passage import Passage
from index.document import Span, Style


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
