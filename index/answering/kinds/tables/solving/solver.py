"""Answers a question from one table: which rows count, which cells answer, what is computed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from index.answering.kinds.tables.candidates import PlacedRow, PlacedTable
from index.answering.kinds.tables.marks import mark_of
from index.answering.kinds.tables.query import Operation, TableQuery
from index.answering.kinds.tables.solving.extremes import extreme
from index.answering.kinds.tables.solving.matched_table import matched_with
from index.answering.kinds.tables.solving.passing import compared
from index.answering.kinds.tables.solving.solution import Solution, SolutionDraft
from index.answering.kinds.tables.solving.totals import (
    aggregated,
    counted,
    counted_alike,
    counted_below,
    counted_out,
    difference,
)
from index.answering.kinds.tables.words import (
    DEMANDING,
    NEGATING,
    QuestionWord,
    is_content,
    words_in,
)
from index.answering.tuning import TUNING, Tuning

_NAMED_BY = frozenset(
    "users customers clients members people persons guests visitors staff shift shifts duty".split()
)
_LOOSE = 0.3
"""Of a word's weight, which is lost where another word or a unit stands for it."""


def solve(
    placed: PlacedTable, asked: TableQuery, weights: Mapping[int, float], tuning: Tuning = TUNING
) -> Solution | None:
    """Return what the table answers; None where it leaves the question open."""
    return _Solver(placed, asked, weights, tuning).solution()


class _Solver:
    def __init__(
        self, placed: PlacedTable, asked: TableQuery, weights: Mapping[int, float], tuning: Tuning
    ) -> None:
        self._matched = matched = matched_with(placed, asked, tuning)
        self._placed = placed
        self._table = placed.table
        self._asked = asked
        self._weights = weights
        self._tuning = tuning
        self._matches = matched.matches
        self._columns = matched.columns
        self._calculator = matched.calculator

    def solution(self) -> Solution | None:
        if self._matches.conflict:
            return None
        draft = self._draft()
        if draft is None or not draft.rows:
            return None
        if len(draft.rows) > 1 and any(word.low == "only" for word in self._asked.words):
            return None
        if len(draft.rows) > self._tuning.table_rows and draft.computed is None:
            return None
        explained = frozenset(draft.explained) | self._matches.in_rows | self._asked.operators
        explained |= self._matches.hints | self._between()
        headed = frozenset().union(*self._matches.headers.values())
        own = sum(self._weights.get(at, 0.0) for at in explained)
        own += sum(self._weights.get(at, 0.0) for at in headed & self._asked.operators)
        loosely = explained - self._matches.in_rows - self._asked.operators
        loosely -= headed
        own -= _LOOSE * sum(self._weights.get(at, 0.0) for at in loosely)
        context = sum(self._weights.get(at, 0.0) for at in self._matches.context - explained)
        return Solution(
            self._placed,
            tuple(draft.rows),
            {n: tuple(sorted(set(columns))) for n, columns in draft.cells.items()},
            explained | self._matches.context,
            draft.computed,
            draft.settled,
            own + context / 2 + (1.0 if draft.settled else 0.0),
            self._headed(draft),
            self._matches.in_rows,
            not self._matches.in_rows or self._matches.full_cells > 0,
        )

    def _headed(self, draft: SolutionDraft) -> frozenset[int]:
        if draft.computed is None or self._matches.in_rows or self._matches.context:
            return frozenset()
        return frozenset().union(*self._matches.headers.values())

    def _between(self) -> frozenset[int]:
        """Return the small words that a row or a header has: "between Medik and Karsk".

        So has who or what stands behind a word of a header, as "external users", or behind the
        number that is compared: "fewer than 500 people".
        """
        words, found = self._asked.words, self._matches.in_rows
        headers = {
            name
            for column in self._matches.headers
            for name in words_in(self._table.headers[column])
        }
        return frozenset(
            word.at
            for word in words
            if (word.low == "between" and {word.at + 1, word.at + 2} & found and len(found) > 1)
            or (word.low in DEMANDING and word.low in headers)
            or (word.low in _NAMED_BY and word.at and self._is_of(words[word.at - 1], headers))
        )

    def _is_of(self, word: QuestionWord, headers: Collection[str]) -> bool:
        return word.low in headers or (word.is_number and word.at in self._asked.operators)

    def _draft(self) -> SolutionDraft | None:
        asked, matched = self._asked, self._matched
        steps: list[Callable[[], SolutionDraft | None]] = []
        if asked.comparison is not None:
            steps = [self._looked_up if self._only_placed() else partial(compared, matched)]
        elif asked.superlative is not None:
            steps = [partial(extreme, matched), self._stated_limit]
        elif asked.operation is Operation.DIFFERENCE:
            steps = [partial(difference, matched)]
        elif asked.operation in (Operation.SUM, Operation.AVERAGE):
            steps = [
                self._stated_total
                if self._columns.summed() is None
                else partial(aggregated, matched)
            ]
        elif asked.operation is Operation.COUNT:
            steps = [
                self._marked,
                self._looked_up,
                partial(counted_below, matched),
                partial(counted_out, matched),
                partial(counted_alike, matched),
                partial(counted, matched),
            ]
        else:
            steps = [self._marked, self._looked_up]
        for step in steps:
            draft = step()
            if draft is not None:
                return draft
        return None

    def _only_placed(self) -> bool:
        """Return whether nothing is compared: "under a guarantee", where a row has that word."""
        comparison = self._asked.comparison
        if comparison is None or not comparison.is_of_columns:
            return False
        if self._asked.words[comparison.last].low not in ("under", "over"):
            return False
        after = [w for w in self._asked.words if w.at > comparison.last and is_content(w.low)]
        return bool(after) and after[0].at in self._matches.in_rows

    # A row and a column

    def _looked_up(self) -> SolutionDraft | None:
        matches = self._matches
        if not matches.rows:
            return self._only_row()
        if not matches.strong:
            return None
        rows = list(matches.rows)
        targets = self._columns.targets()
        if targets:
            if len(targets.columns) > 1 and self._asked.operation is not Operation.NONE:
                return None
            if self._asked.operation is Operation.COUNT and not self._counts(rows, targets.columns):
                return None
            draft = SolutionDraft(rows, explained=set(targets.positions), settled=targets.literal)
            draft.settled = targets.literal and matches.full_cells > 0
            for row in rows:
                draft.cells[row.number] = [
                    column for column in targets.columns if row.row.cells[column].text
                ]
            if not any(draft.cells.values()):
                return None
            return self._summed(draft, targets.columns) if self._adds_up(rows) else draft
        if not self._columns.may_show_row():
            return None
        return SolutionDraft(rows, settled=False)

    def _marked(self) -> SolutionDraft | None:
        """Return the rows that say yes in the column of what is asked, as "which are vegan"."""
        asked = self._asked
        found = self._columns.marked()
        if found is None or not self._table.is_whole:
            return None
        column, positions = found
        negating = {word.at for word in asked.words if word.low in NEGATING}
        wanted = bool(negating) == (not NEGATING.isdisjoint(words_in(column.header)))
        # The nuts that a column is about choose no row by its name, such as that of the nut roast.
        are_all = self._matches.in_rows <= positions
        among = self._placed.rows if are_all else self._matched.chosen_rows() or ()
        rows = [
            row
            for row in among
            if mark_of(row.row.cells[column.number].text) is wanted and not row.row.is_total
        ]
        if not rows:
            return None
        explained = negating.union(positions)
        if asked.operation is Operation.COUNT:
            label = self._table.label_column
            draft = SolutionDraft(rows, explained=explained | set(asked.head))
            draft.cells = {row.number: [label, column.number] for row in rows}
            draft.computed = self._calculator.count_of(rows, label)
            return draft
        return SolutionDraft(
            rows, {row.number: [column.number] for row in rows}, explained | set(asked.head)
        )

    def _only_row(self) -> SolutionDraft | None:
        """Return the one row with a value below the header, of a table on what is asked of."""
        targets = self._columns.targets()
        if not self._table.is_whole or not targets.literal or len(targets.columns) != 1:
            return None
        if not self._matches.context - targets.positions:
            return None
        (column,) = targets.columns
        values = self._table.column(column).values
        rows = [row for row in self._placed.rows if values[row.number].number is not None]
        if len(rows) != 1:
            return None
        return SolutionDraft(rows, {rows[0].number: [column]}, set(targets.positions))

    def _stated_limit(self) -> SolutionDraft | None:
        """Return the row of "the maximum speed on unpaved roads", where nothing is compared."""
        superlative = self._asked.superlative
        assert superlative is not None
        word = self._asked.words[superlative.at].low
        if word in ("most", "least", "fewest", "best", "worst") or len(self._matches.rows) != 1:
            return None
        return self._looked_up()

    def _stated_total(self) -> SolutionDraft | None:
        """Return the row that says itself what is to be added up or averaged."""
        targets = self._columns.targets()
        named = any(self._columns.named_by(c) & self._asked.operated for c in targets.columns)
        return self._looked_up() if named else None

    def _counts(self, rows: Sequence[PlacedRow], columns: Sequence[int]) -> bool:
        """Return whether "how many" is answered by the cells of one of these columns."""
        found = [self._table.column(column) for column in columns]
        if len(rows) == 1:
            return any(column.values[rows[0].number].number is not None for column in found)
        return any(column.is_numeric and not column.is_index for column in found)

    def _adds_up(self, rows: Sequence[PlacedRow]) -> bool:
        """Return whether "how many" of a few named rows asks for their sum."""
        joined = any(word.low == "and" for word in self._asked.words)
        asks = self._asked.wh in ("how many", "how much")
        return 1 < len(rows) <= self._tuning.table_rows and joined and asks

    def _summed(self, draft: SolutionDraft, columns: Sequence[int]) -> SolutionDraft:
        if len(columns) == 1:
            draft.computed = self._calculator.sum_of(draft.rows, columns[0])
        return draft
