"""The rows of a table with the greatest or the least value: "the cheapest lorry"."""

from __future__ import annotations

import re
from decimal import Decimal

from index.answering.answer import Computed
from index.answering.kinds.tables.candidates import PlacedRow
from index.answering.kinds.tables.compared import takes_time
from index.answering.kinds.tables.query import Operation
from index.answering.kinds.tables.solving.matched_table import MatchedTable
from index.answering.kinds.tables.solving.solution import SolutionDraft
from index.answering.kinds.tables.words import words_in
from index.tables.table import Column
from index.tables.values import CellKind, Value

_MORE_IS_BETTER = re.compile(
    r"\b(?:scores?|ratings?|points?|grades?|marks?|stars?|quality|max(?:imum)?)\b|(?:/|\bof) ?\d+",
    re.IGNORECASE,
)
"""In the header of a column in which the best has the greatest value."""

_KEEPING = frozenset("run keep own operate maintain".split())


def extreme(matched: MatchedTable) -> SolutionDraft | None:
    """Return the rows with the greatest or the least value of the column that is meant."""
    superlative = matched.asked.superlative
    assert superlative is not None
    measure = matched.columns.measure() or _price_by_unit(matched)
    if measure is None:
        return None
    column, positions = measure
    word = matched.asked.words[superlative.at].low
    if word in ("best", "worst") and not _MORE_IS_BETTER.search(column.header):
        return None
    if matched.asked.operation is not Operation.NONE and not (
        matched.asked.operated & matched.columns.named_by(column.number)
    ):
        return None
    named = words_in(column.header)
    if any(word.low == "total" for word in matched.asked.words) and "total" not in named:
        return None
    rows = matched.chosen_rows()
    if rows is None or not matched.table.is_whole:
        return None
    values = {row.number: _comparable(column, row) for row in rows}
    rows = [row for row in rows if values[row.number] is not None]
    if not matched.calculator.are_alike(rows, column):
        return None
    if len(rows) < 2:
        return None
    is_turned = _is_age(matched, column) or ("speed" in superlative.of and takes_time(column))
    order = max if superlative.greatest != is_turned else min
    best = order(values[row.number] for row in rows if values[row.number] is not None)  # type: ignore[type-var]
    winners = [row for row in rows if values[row.number] == best]
    targets = matched.columns.targets(besides=column.number)
    draft = SolutionDraft(winners, explained={superlative.at, *positions, *targets.positions})
    draft.cells = {row.number: [column.number, *targets.columns] for row in winners}
    if not {"cost", "costs"}.isdisjoint(named):  # "cheapest to run" is not what one was bought for
        draft.explained |= {word.at for word in matched.asked.words if word.low in _KEEPING}
    if targets.missing:
        return None
    operation = "greatest" if order is max else "least"
    others = [row for row in rows if values[row.number] != best]
    cells = [matched.calculator.cell(row, column.number) for row in (*winners, *others)]
    text = winners[0].row.cells[column.number].text
    draft.computed = Computed(operation, text, tuple(cells))
    return draft


def _price_by_unit(matched: MatchedTable) -> tuple[Column, frozenset[int]] | None:
    """Return the first column of prices by the hour, the day and so on, if none contradicts.

    Each of them must have its least or its greatest price in the same row.
    """
    superlative = matched.asked.superlative
    assert superlative is not None
    columns = matched.columns.prices_by_unit()
    rows = [
        row
        for row in matched.chosen_rows() or ()
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
    return (columns[0], matched.columns.named_by(columns[0].number)) if is_one else None


def _is_age(matched: MatchedTable, column: Column) -> bool:
    """Return whether the oldest has the greatest value: an age, not a year."""
    assert matched.asked.superlative is not None
    return "age" in matched.asked.superlative.of and column.is_numeric


def _comparable(column: Column, row: PlacedRow) -> Decimal | tuple[int, int, int] | None:
    value: Value = column.values[row.number]
    if column.kind is CellKind.DATE:
        return value.date.last_key if value.date else None
    return value.number
