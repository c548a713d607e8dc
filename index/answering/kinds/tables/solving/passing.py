"""The rows of a table that pass a comparison: with a value, or of one column with another."""

from __future__ import annotations

from index.answering.kinds.tables.query import Operation
from index.answering.kinds.tables.solving.computing import passes
from index.answering.kinds.tables.solving.matched_table import MatchedTable
from index.answering.kinds.tables.solving.solution import SolutionDraft
from index.answering.kinds.tables.solving.totals import apart, count_rows


def compared(matched: MatchedTable) -> SolutionDraft | None:
    """Return the rows that pass the comparison that the question makes."""
    comparison = matched.asked.comparison
    assert comparison is not None
    if comparison.is_of_columns:
        return _column_against_column(matched)
    tested = matched.columns.tested()
    rows = matched.chosen_rows()
    if tested is None or rows is None or not matched.table.is_whole:
        return None
    column, positions = tested
    if not comparison.is_of_dates:
        if comparison.unit and column.unit and comparison.unit != column.unit:
            return None
        if not matched.calculator.are_alike(rows, column):
            return None
    passing = [row for row in rows if passes(comparison, column.values[row.number])]
    if not passing:
        return None
    explained = {*comparison.positions, *positions}
    if matched.asked.operation is Operation.COUNT:
        return count_rows(matched, passing, explained, also=column.number)
    targets = matched.columns.targets(besides=column.number)
    if targets.missing:
        return None
    draft = SolutionDraft(passing, explained={*explained, *targets.positions})
    draft.cells = {row.number: [column.number, *targets.columns] for row in passing}
    return draft


def _column_against_column(matched: MatchedTable) -> SolutionDraft | None:
    comparison = matched.asked.comparison
    assert comparison is not None
    pair = matched.columns.pair()
    rows = matched.chosen_rows()
    if pair is None or rows is None:
        return None
    actual, limit, positions = pair
    if matched.asked.wh.startswith("how"):
        return apart(matched, rows, actual, limit, positions)
    passing = []
    for row in rows:
        one, other = actual.values[row.number].number, limit.values[row.number].number
        if one is None or other is None or one == other:
            continue
        if (one > other) == comparison.above:
            passing.append(row)
    targets = matched.columns.targets(besides=actual.number)
    explained = {*comparison.positions, *positions, *targets.positions}
    if matched.asked.operation is Operation.COUNT:
        return count_rows(matched, passing, explained, also=actual.number) if passing else None
    draft = SolutionDraft(passing, explained=explained)
    draft.cells = {row.number: [actual.number, limit.number, *targets.columns] for row in passing}
    return draft
