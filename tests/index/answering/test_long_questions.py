"""Questions and lines that are made to take long: runs of the same, up to the longest allowed.

Time is that of the process, and several times what each step takes on a busy machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from index.answering.finding.furniture import (
    is_appeal,
    is_furniture,
    is_mail_header,
    states_something,
)
from index.answering.kinds.collection.collection import answer_collection
from index.answering.kinds.summary import answer_summary
from index.answering.kinds.tables.cells import CellMatcher
from index.answering.kinds.tables.query_parser import parse_table_query
from index.answering.kinds.talk.talk import answer_talk, talk_in
from index.answering.scope import Scope
from index.answering.tuning import TUNING
from index.answering.understanding.decomposition import parts_of
from index.answering.understanding.language import language_of
from index.answering.understanding.times import asked_time
from index.answering.understanding.wording import bare
from index.document import Span
from index.parsing.text.dates import dates_in
from index.parsing.text.heading_words import heading_words
from index.question import LONGEST_QUESTION
from index.rewriting import Turn, rewrite
from index.store.words.name_index import name_terms
from index.tables.table import TableLine, read_table
from index.tables.values import has_decimal_commas, value_of
from testing.budget import one_in

_NOWHERE: Scope = None  # type: ignore[assignment] # what is too long is asked of no document
_BEFORE = (Turn("where is the depot at Karsk?"),)
_SHORT = 0.02
"""Seconds that are never long, so that the reference need not be taken."""
_TIMES = 8
"""As long as `reference` may it take, in processor time of the same run."""


def reference() -> object:
    """Take some 25 ms on an idle core of 2026."""
    return sum(range(2_000_000))


_TABLE = read_table(
    "stock.md",
    "",
    TableLine("week | Karsk | tents", Span(0, 20)),
    [TableLine(f"{n} | {n % 2 + 1} | 2", Span(n, n)) for n in range(1, 40)],
    is_whole=True,
)


def match_cells(question: str) -> object:
    """Match the numbers of a table with those of a question."""
    assert _TABLE is not None
    asked = parse_table_query(question)
    if asked is None:
        return None
    matcher = CellMatcher(_TABLE, asked)
    return [
        matcher.numbered(cell.text, column)
        for row in _TABLE.rows
        for column, cell in enumerate(row.cells)
    ]


QUESTIONS: dict[str, Callable[[str], object]] = {
    "talk": lambda text: (talk_in(text), answer_talk(text)),
    "collection": lambda text: answer_collection(text, _NOWHERE),
    "summary": lambda text: answer_summary(text, _NOWHERE),
    "table": parse_table_query,
    "cells": match_cells,
    "bare": bare,
    "parts": lambda text: parts_of(text, TUNING),
    "language": language_of,
    "time": lambda text: asked_time(text, date(2026, 6, 15)),
    "names": name_terms,
    "follow-up": lambda text: rewrite(text, _BEFORE),
}
LINES: dict[str, Callable[[str], object]] = {
    "furniture": lambda text: (is_furniture(text), is_mail_header(text), is_appeal(text)),
    "heading": lambda text: (states_something(text), heading_words(text)),
    "value": value_of,
    "column": lambda text: has_decimal_commas([text]),
    "dates": dates_in,
}
REPEATED = (
    *("a", "A ", "1", "1 ", "1.", "1,", " ", "\n", "\t", ", ", "-", "_", "(", "[", "| ", "?", "@"),
    *("a@", "a/", "é", "a\u0301", "\u200b a", "and ", "the ", "what ", "is ", "no, ", "May "),
    *("12 May ", "2026-", "tl;dr ", "summary of ", "what is ", "please ", "x: ", "? and ", "ok "),
    *("1/2 ", "week 12 ", "\u00a0\n", "*a ", "[](", "a: ", "register ", "updates ", "a@a"),
)


def spent(work: Callable[[], object]) -> float:
    """Return the processor time of a piece of work, in seconds."""
    begins = time.process_time()
    work()
    return time.process_time() - begins


def is_quick(work: Callable[[str], object], text: str) -> bool:
    """Return whether work on a text is not far beyond the reference; others use the machine too."""
    for _ in range(3):
        taken = spent(lambda: work(text))
        if taken < _SHORT or taken < _TIMES * spent(reference):
            return True
    return False


@pytest.mark.parametrize("step", one_in(6, QUESTIONS))
@pytest.mark.parametrize(("before", "after"), one_in(2, [("what is ", "x"), ("a", "a!")]))
def test_no_question_takes_a_step_long(step: str, before: str, after: str) -> None:
    for repeated in REPEATED:
        text = before + repeated * (LONGEST_QUESTION // len(repeated))
        text = text[: LONGEST_QUESTION - len(after)] + after
        assert is_quick(QUESTIONS[step], text), repeated


@pytest.mark.parametrize("step", LINES)
def test_no_line_of_a_document_takes_long(step: str) -> None:
    for repeated in REPEATED:
        text = f"1{repeated * (10_000 // len(repeated))}x"
        assert is_quick(LINES[step], text), repeated
