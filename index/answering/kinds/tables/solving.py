"""Answers a question from one table: which rows count, which cells answer, what is computed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from index.answering.answer import Computed
from index.answering.kinds.tables.candidates import PlacedRow, PlacedTable
from index.answering.kinds.tables.columns import AnswerColumns
from index.answering.kinds.tables.computing import Calculator, passes
from index.answering.kinds.tables.marks import mark_of
from index.answering.kinds.tables.matching import Matches, match
from index.answering.kinds.tables.query import Operation, TableQuery
from index.answering.kinds.tables.solution import Solution, SolutionDraft
from index.answering.kinds.tables.words import (
    DEMANDING,
    NEGATING,
    is_content,
    same_stem,
    words_in,
)
from index.answering.tuning import TUNING, Tuning
from index.tables.table import Column, Table
from index.tables.values import CellKind, Value

__all__ = ["solve"]

_MORE_IS_BETTER = re.compile(
    r"\b(?:scores?|ratings?|points?|grades?|marks?|stars?|quality|max(?:imum)?)\b|(?:/|\bof) ?\d+",
    re.IGNORECASE,
)
"""In the header of a column in which the best has the greatest value."""
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
        self._placed = placed
        self._table: Table = placed.table
        self._asked = asked
        self._weights = weights
        self._tuning = tuning
        self._matches: Matches = match(placed, asked)
        self._columns = AnswerColumns(self._table, asked, self._matches)
        self._calculator = Calculator(self._table, self._columns)

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
        own = sum(self._weights.get(at, 0.0) for at in explained)
        loosely = explained - self._matches.in_rows - self._asked.operators
        loosely -= frozenset().union(*self._matches.headers.values())
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
        )

    def _headed(self, draft: SolutionDraft) -> frozenset[int]:
        if draft.computed is None or self._matches.in_rows or self._matches.context:
            return frozenset()
        return frozenset().union(*self._matches.headers.values())

    def _between(self) -> frozenset[int]:
        """Return the small words that a row or a header has: "between Medik and Karsk"."""
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
        )

    def _draft(self) -> SolutionDraft | None:
        asked = self._asked
        steps: list[Callable[[], SolutionDraft | None]] = []
        if asked.comparison is not None:
            steps = [self._looked_up if self._only_placed() else self._compared]
        elif asked.superlative is not None:
            steps = [self._extreme, self._stated_limit]
        elif asked.operation is Operation.DIFFERENCE:
            steps = [self._difference]
        elif asked.operation in (Operation.SUM, Operation.AVERAGE):
            steps = [self._aggregated]
        elif asked.operation is Operation.COUNT:
            steps = [
                self._marked,
                self._looked_up,
                self._counted_below,
                self._counted_alike,
                self._counted,
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
        among = self._placed.rows if are_all else self._chosen_rows() or ()
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

    # The greatest and the least

    def _extreme(self) -> SolutionDraft | None:
        superlative = self._asked.superlative
        assert superlative is not None
        measure = self._columns.measure() or self._price_by_unit()
        if measure is None:
            return None
        column, positions = measure
        word = self._asked.words[superlative.at].low
        if word in ("best", "worst") and not _MORE_IS_BETTER.search(column.header):
            return None
        if self._asked.operation is not Operation.NONE and not (
            self._asked.operated & self._columns.named_by(column.number)
        ):
            return None
        named = words_in(column.header)
        if any(word.low == "total" for word in self._asked.words) and "total" not in named:
            return None
        rows = self._chosen_rows()
        if rows is None or not self._table.is_whole:
            return None
        values = {row.number: self._comparable(column, row) for row in rows}
        rows = [row for row in rows if values[row.number] is not None]
        if not self._calculator.are_alike(rows, column):
            return None
        if len(rows) < 2:
            return None
        order = max if superlative.greatest != self._is_age(column) else min
        best = order(values[row.number] for row in rows if values[row.number] is not None)  # type: ignore[type-var]
        winners = [row for row in rows if values[row.number] == best]
        targets = self._columns.targets(besides=column.number)
        draft = SolutionDraft(winners, explained={superlative.at, *positions, *targets.positions})
        draft.cells = {row.number: [column.number, *targets.columns] for row in winners}
        if targets.missing:
            return None
        operation = "greatest" if superlative.greatest else "least"
        others = [row for row in rows if values[row.number] != best]
        cells = [self._calculator.cell(row, column.number) for row in (*winners, *others)]
        text = winners[0].row.cells[column.number].text
        draft.computed = Computed(operation, text, tuple(cells))
        return draft

    def _price_by_unit(self) -> tuple[Column, frozenset[int]] | None:
        """Return the first column of prices by the hour, the day and so on, if none contradicts.

        Each of them must have its least or its greatest price in the same row.
        """
        superlative = self._asked.superlative
        assert superlative is not None
        columns = self._columns.prices_by_unit()
        rows = [
            row
            for row in self._chosen_rows() or ()
            if all(column.values[row.number].number is not None for column in columns)
        ]
        if not columns or not rows:
            return None
        order = max if superlative.greatest else min
        best = [order(column.values[row.number].number or 0 for row in rows) for column in columns]
        first = [
            [row.number for row in rows if column.values[row.number].number == extreme]
            for column, extreme in zip(columns, best, strict=True)
        ]
        is_one = all(numbers == first[0] for numbers in first)
        return (columns[0], self._columns.named_by(columns[0].number)) if is_one else None

    def _is_age(self, column: Column) -> bool:
        """Return whether the oldest has the greatest value: an age, not a year."""
        assert self._asked.superlative is not None
        return "age" in self._asked.superlative.of and column.is_numeric

    def _chosen_rows(self) -> list[PlacedRow] | None:
        """Return the rows that the question narrows the table to, without those that add up."""
        rows = list(self._matches.rows or self._placed.rows)
        return [row for row in rows if not row.row.is_total] or None

    def _comparable(self, column: Column, row: PlacedRow) -> Decimal | tuple[int, int, int] | None:
        value: Value = column.values[row.number]
        if column.kind is CellKind.DATE:
            return value.date.last_key if value.date else None
        return value.number

    # Rows that pass a test

    def _compared(self) -> SolutionDraft | None:
        comparison = self._asked.comparison
        assert comparison is not None
        if comparison.is_of_columns:
            return self._column_against_column()
        tested = self._columns.tested()
        rows = self._chosen_rows()
        if tested is None or rows is None or not self._table.is_whole:
            return None
        column, positions = tested
        if not comparison.is_of_dates:
            if comparison.unit and column.unit and comparison.unit != column.unit:
                return None
            if not self._calculator.are_alike(rows, column):
                return None
        passing = [row for row in rows if passes(comparison, column.values[row.number])]
        if not passing:
            return None
        explained = {*comparison.positions, *positions}
        if self._asked.operation is Operation.COUNT:
            return self._count(passing, explained, also=column.number)
        targets = self._columns.targets(besides=column.number)
        if targets.missing:
            return None
        draft = SolutionDraft(passing, explained={*explained, *targets.positions})
        draft.cells = {row.number: [column.number, *targets.columns] for row in passing}
        return draft

    def _column_against_column(self) -> SolutionDraft | None:
        comparison = self._asked.comparison
        assert comparison is not None
        pair = self._columns.pair()
        rows = self._chosen_rows()
        if pair is None or rows is None:
            return None
        actual, limit, positions = pair
        if self._asked.wh.startswith("how"):
            return self._apart(rows, actual, limit, positions)
        passing = []
        for row in rows:
            one, other = actual.values[row.number].number, limit.values[row.number].number
            if one is None or other is None or one == other:
                continue
            if (one > other) == comparison.above:
                passing.append(row)
        targets = self._columns.targets(besides=actual.number)
        explained = {*comparison.positions, *positions, *targets.positions}
        if self._asked.operation is Operation.COUNT:
            return self._count(passing, explained, also=actual.number) if passing else None
        draft = SolutionDraft(passing, explained=explained)
        draft.cells = {
            row.number: [actual.number, limit.number, *targets.columns] for row in passing
        }
        return draft

    def _apart(
        self, rows: list[PlacedRow], actual: Column, limit: Column, positions: Iterable[int]
    ) -> SolutionDraft | None:
        """Return one row with the difference of two of its columns."""
        comparison = self._asked.comparison
        if len(rows) != 1 or not self._matches.rows:
            return None
        row = rows[0]
        one, other = actual.values[row.number].number, limit.values[row.number].number
        if one is None or other is None:
            return None
        draft = SolutionDraft(
            rows, explained={*positions, *(comparison.positions if comparison else ())}
        )
        stated = self._columns.difference()
        draft.cells = {row.number: [actual.number, limit.number]}
        if stated is not None:
            draft.cells[row.number].append(stated)
        if comparison is None or (one > other) == comparison.above:
            cells = [
                self._calculator.cell(row, actual.number),
                self._calculator.cell(row, limit.number),
            ]
            draft.computed = self._calculator.computed(
                "difference", abs(one - other), cells, actual
            )
        return draft

    # Counts, sums, averages, differences

    def _counted(self) -> SolutionDraft | None:
        if not self._asked.head:
            return None
        rows = self._chosen_rows()
        if rows is None or not self._table.is_whole:
            return None
        return self._count(rows, set())

    def _counted_below(self) -> SolutionDraft | None:
        """Count the rows with a name in the column asked of: "how many night shifts has Ada"."""
        head = set(self._asked.head)
        column = self._columns.headed_by(head)
        held = [self._asked.words[at] for at in self._matches.in_rows - head]
        if column is None or not held or not self._table.is_whole:
            return None
        rows = [
            row
            for row in self._chosen_rows() or ()
            if all(
                any(same_stem(word.low, name) for name in words_in(row.row.cells[column].text))
                for word in held
            )
        ]
        names = next(
            (n for n in range(self._table.width) if n != column and _differ(rows, n)), None
        )
        if not rows or names is None:
            return None
        draft = SolutionDraft(rows, explained={*head, *self._matches.in_rows})
        draft.cells = {row.number: [names, column] for row in rows}
        draft.computed = self._calculator.count_of(rows, names)
        return draft

    def _counted_alike(self) -> SolutionDraft | None:
        """Count the rows of one sort: "how many doctors are there", of a column of roles."""
        matches, label = self._matches, self._table.label_column
        if len(matches.columns) != 1 or label in matches.columns or not matches.full_cells:
            return None
        if not set(self._asked.head) <= matches.in_rows or not self._table.is_whole:
            return None
        rows = self._chosen_rows() or []
        if not self._asked.head or not _differ(rows, label):
            return None
        draft = SolutionDraft(rows, explained=set(matches.in_rows))
        draft.cells = {row.number: [label, *matches.columns] for row in rows}
        draft.computed = self._calculator.count_of(rows, label)
        return draft

    def _count(
        self, rows: list[PlacedRow], explained: set[int], also: int | None = None
    ) -> SolutionDraft | None:
        """Count what the column of the asked noun names; it must be the one that names the rows."""
        named = self._columns.counted()
        if named is None:
            return None
        column, positions = named
        label = self._table.label_column
        texts = [row.row.cells[column].text for row in rows if row.row.cells[column].text]
        if len(set(texts)) < len(texts) and (
            column != label or self._matches.rows or also is not None
        ):
            return None
        draft = SolutionDraft(rows, explained={*explained, *positions})
        draft.cells = {row.number: [column, *([also] if also is not None else [])] for row in rows}
        draft.computed = self._calculator.count_of(rows, column)
        return draft

    def _aggregated(self) -> SolutionDraft | None:
        summed = self._columns.summed()
        if summed is None:
            targets = self._columns.targets()
            named = any(self._columns.named_by(c) & self._asked.operated for c in targets.columns)
            return self._looked_up() if named else None
        column, positions = summed
        if self._asked.operation is Operation.SUM and not self._matches.rows:
            totals = [row for row in self._placed.rows if row.row.is_total]
            if len(totals) == 1:
                draft = SolutionDraft(totals, explained=set(positions))
                draft.cells = {totals[0].number: [column.number]}
                return draft
        rows = self._chosen_rows()
        if rows is None or not self._table.is_whole:
            return None
        draft = SolutionDraft(rows, explained=set(positions))
        draft.cells = {row.number: [column.number] for row in rows}
        if len(rows) == 1:
            return draft
        if self._asked.operation is Operation.SUM:
            draft.computed = self._calculator.sum_of(rows, column.number)
        else:
            draft.computed = self._calculator.average_of(rows, column)
        return draft if draft.computed or len(rows) <= self._tuning.table_rows else None

    def _difference(self) -> SolutionDraft | None:
        pair = self._columns.pair()
        rows = self._chosen_rows()
        if rows is None:
            return None
        if pair is not None and len(rows) == 1:
            actual, limit, positions = pair
            return self._apart(rows, actual, limit, positions)
        if len(self._matches.rows) != 2:
            return None
        summed = self._columns.summed()
        if summed is None:
            return None
        column, positions = summed
        rows = list(self._matches.rows)
        one, other = (column.values[row.number].number for row in rows)
        if one is None or other is None or not self._calculator.are_alike(rows, column):
            return None
        if column.unit in ("m:s", "h:m:s"):
            return None
        draft = SolutionDraft(rows, explained=set(positions))
        draft.cells = {row.number: [column.number] for row in rows}
        cells = [self._calculator.cell(row, column.number) for row in rows]
        draft.computed = self._calculator.computed("difference", abs(one - other), cells, column)
        return draft


def _differ(rows: Sequence[PlacedRow], column: int) -> bool:
    """Return whether the cells of a column tell rows apart."""
    texts = {row.row.cells[column].text for row in rows}
    return len(texts) == len(rows) and "" not in texts
