"""What one table answers to a question, and which words it leaves over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from index.answering.answer import Computed
from index.answering.kinds.tables.candidates import PlacedRow, PlacedTable
from index.answering.kinds.tables.query import TableQuery
from index.answering.kinds.tables.words import DEMANDING, GENERIC, is_content


@dataclass(frozen=True)
class Solution:
    """What a table answers.

    `cells` are the columns of each row that answer, `explained` the places of the question's words
    that the table accounts for, and `score` orders solutions of one question.
    """

    placed: PlacedTable
    rows: tuple[PlacedRow, ...]
    cells: Mapping[int, tuple[int, ...]]
    explained: frozenset[int]
    computed: Computed | None = None
    settled: bool = True
    """Whether the header names what is asked for, and a whole cell the row."""
    score: float = 0.0
    headed: frozenset[int] = frozenset()
    """The words that stand in headers, where nothing else tells this table from others."""
    in_rows: frozenset[int] = frozenset()
    """The words that stand in the rows."""
    named: bool = True
    """Whether a whole cell, or a part of it between commas, has words of the question."""


@dataclass
class SolutionDraft:
    """A solution while it is worked out."""

    rows: list[PlacedRow]
    cells: dict[int, list[int]] = field(default_factory=dict)
    explained: set[int] = field(default_factory=set)
    computed: Computed | None = None
    settled: bool = True


def unexplained(asked: TableQuery, explained: frozenset[int]) -> list[int]:
    """Return the places of the words that say something and that the table does not account for.

    What "we" do says nothing: "which towns do we play".
    """
    words = asked.words
    ours = {
        one.at + 2
        for one, other in pairwise(words)
        if one.low in ("do", "does", "did") and other.low in ("we", "you", "they")
    }
    return [
        word.at
        for word in words
        if word.at not in explained | ours
        and (
            word.is_number
            or word.low in DEMANDING
            or (is_content(word.low) and word.low not in GENERIC)
        )
    ]
