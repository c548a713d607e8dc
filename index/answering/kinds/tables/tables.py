"""Rows, columns and cells of tables, compared and computed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from index.answering.answer import Excerpt, QuestionKind, Quote
from index.answering.finding.validity.validity import Validity
from index.answering.kinds.tables.candidates import PlacedRow, PlacedTable, placed_tables
from index.answering.kinds.tables.matching import header_words
from index.answering.kinds.tables.query import TableQuery
from index.answering.kinds.tables.query_parser import parse_table_query
from index.answering.kinds.tables.solving.matched_table import matched_with
from index.answering.kinds.tables.solving.solution import Solution, unexplained
from index.answering.kinds.tables.solving.solver import solve
from index.answering.kinds.tables.words import (
    DEMANDING,
    GENERIC,
    QuestionWord,
    has_reasons,
    is_content,
)
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING, Tuning
from index.document import Span
from index.rewriting.english import VERBS
from index.store.words.tokens import tokens_of

_NUMBERS = re.compile(r"\d+")
"""In the names of documents: those of versions may differ in these alone."""


def answer_table(
    question: str, found: Findings, scope: Scope, tuning: Tuning = TUNING
) -> Findings | None:
    """Return the rows that answer; None where no table settles it. `found` is by the sentences."""
    holding = Validity(question, scope, tuning)
    answered = _answered(question, found, scope, tuning, holding)
    if answered is None or len({each.document for each in answered.excerpts}) < 2:
        return answered
    firsts = {each.quote.partition("|")[0].strip() for each in answered.excerpts}
    are_versions = (
        len({_NUMBERS.sub("", each.document) for each in answered.excerpts}) == 1
        and not any(map(_NUMBERS.search, firsts))  # rows of a year or week hold beside others
    )
    goes_on = len(firsts) == len(answered.excerpts) and not are_versions  # in another document
    if goes_on or answered.computed or not holding.moment.is_now or not tuning.freshness:
        return answered

    def age(excerpt: Excerpt) -> tuple[bool, date]:
        start = holding.starts(excerpt.document) or date.min
        return not holding.is_to_come(excerpt.document), start

    numbered = enumerate(sorted(answered.excerpts, key=age, reverse=True), start=1)
    return replace(answered, excerpts=tuple(replace(each, number=n) for n, each in numbered))


def _answered(
    question: str, found: Findings, scope: Scope, tuning: Tuning, holding: Validity
) -> Findings | None:
    asked = parse_table_query(question)
    tables = placed_tables(
        question, asked, found, scope, tuning, holding_version=holding.holding_version
    )
    if not tables:
        return None
    weights, unknown = _weights(question, asked, scope)
    solutions = [
        (solution, sure)
        for placed in tables
        if (solution := solve(placed, asked, weights, tuning)) is not None
        and (sure := _confidence(solution, asked, weights, unknown, tuning))
    ]
    if not solutions:
        return None
    solutions.sort(key=lambda pair: -pair[0].score)
    best, confidence = solutions[0]
    if asked.wh == "why" and not has_reasons(best.placed.table.headers):
        return None
    if best.headed and any(
        best.headed <= frozenset().union(*header_words(placed.table, asked).values())
        for placed in tables
        if placed is not best.placed and solve(placed, asked, weights, tuning) is None
    ):
        return None
    if not best.named and any(_names(placed, best, asked, tuning) for placed in tables):
        return None
    equal = [s for s, _ in solutions[1:] if s.score >= tuning.as_good * best.score]
    shown = [best]
    if equal:
        if best.computed is None and all(s.computed is None for s in equal):
            shown += equal
        elif any(_value(s) != _value(best) for s in equal):
            return None
    if sum(len(s.rows) for s in shown) > tuning.table_rows and len(shown) > 1:
        return None
    rows = [(s, row) for s in shown for row in s.rows][: tuning.table_rows]
    excerpts = tuple(
        row_excerpt(solution, row, number, found, scope)
        for number, (solution, row) in enumerate(rows, start=1)
    )
    computed = tuple(s.computed for s in shown if s.computed is not None)
    return Findings(QuestionKind.TABLE, confidence, excerpts=excerpts, computed=computed)


def _names(placed: PlacedTable, best: Solution, asked: TableQuery, tuning: Tuning) -> bool:
    """Return whether a table has a cell with the words that another has beside further ones.

    Of "welfare officer" that is the row of the officer, and not the task "find a welfare officer".
    """
    if placed is best.placed:
        return False
    matches = matched_with(placed, asked, tuning).matches
    return matches.full_cells > 0 and len(matches.in_rows) > 1 and best.in_rows <= matches.in_rows


def _value(solution: Solution) -> str:
    return solution.computed.value if solution.computed else ""


def _weights(
    question: str, asked: TableQuery, scope: Scope
) -> tuple[Mapping[int, float], frozenset[int]]:
    """Return how much each word of the question says, by place, and those in no passage."""
    coverage = scope.catalog.coverage(question, (), scope.allowed)
    passages = scope.catalog.passage_count(scope.allowed)
    counts = {tokens_of(word): count for word, (count, _) in coverage.items()}
    weights: dict[int, float] = {}
    unknown = set()
    for word in asked.words:
        if not is_content(word.low) and not word.is_number:
            continue
        count = counts.get(tokens_of(word.low), 0)
        weights[word.at] = math.log1p(passages / (1 + count))
        if not count:
            unknown.add(word.at)
    return weights, frozenset(unknown)


def _confidence(
    solution: Solution,
    asked: TableQuery,
    weights: Mapping[int, float],
    unknown: Iterable[int],
    tuning: Tuning,
) -> float:
    """Return how likely the rows answer; 0 where something of importance is left over."""
    left = unexplained(asked, solution.explained)
    if not left:
        return tuning.table_confidence
    if not solution.settled or len(left) > 1 or len(solution.rows) > 1:
        return 0.0
    (at,) = left
    word = asked.words[at]
    if word.is_number or (word.is_name and at > 0) or at in unknown or _is_asked(word, asked):
        return 0.0
    if (
        word.low in VERBS
        or word.low in DEMANDING
        or asked.superlative
        or asked.comparison
        or asked.operation
    ):
        return 0.0
    total = sum(
        weight for place, weight in weights.items() if asked.words[place].low not in GENERIC
    )
    if weights.get(at, 0.0) > tuning.unmatched_share * total:
        return 0.0
    return tuning.less_sure_confidence


def _is_asked(word: QuestionWord, asked: TableQuery) -> bool:
    """Return whether a word is what is asked for: "the status" in "the status of the lead"."""
    is_first = not any(is_content(before.low) for before in asked.words[: word.at])
    return is_first and any(after.low == "of" for after in asked.words[word.at + 1 : word.at + 2])


def row_excerpt(
    solution: Solution, row: PlacedRow, number: int, found: Findings, scope: Scope
) -> Excerpt:
    """Return a row of a solution as an excerpt, beside its header."""
    passage, line = row.passage, row.row.line
    scores = [c for c in found.candidates if c.passage.id == passage.id]
    return Excerpt(
        number=number,
        quote=line.text,
        document=passage.document,
        title=passage.title,
        heading=passage.heading,
        page=scope.catalog.page_at(passage.document, line.span.start),
        span=line.span,
        passage=passage.id,
        score=scores[0].relevance if scores else 0.0,
        emphasis=_emphasis(solution, row),
        header=Quote(row.header.text, row.header.span) if row.header else None,
        origin=passage.origin_in(line.span),
    )


def _emphasis(solution: Solution, row: PlacedRow) -> tuple[Span, ...]:
    """Return the cells that answer, where they are less than half of the row."""
    cells: Sequence[int] = solution.cells.get(row.number, ())
    spans = [row.row.cells[column].span for column in cells if row.row.cells[column].text]
    return tuple(sorted(set(spans))) if sum(map(len, spans)) <= len(row.row.span) / 2 else ()
