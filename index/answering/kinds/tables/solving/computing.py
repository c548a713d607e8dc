"""Computes with the cells of one column, where their units allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.answering.answer import CitedCell, Computed
from index.answering.kinds.tables.candidates import PlacedRow
from index.answering.kinds.tables.compared import ComparedColumns
from index.answering.kinds.tables.query import Condition
from index.tables.dates import PartialDate
from index.tables.table import Column, Table
from index.tables.units import is_money
from index.tables.values import CellKind, Value, written

_SPELLED_UNITS = {
    "d": "days",
    "wk": "weeks",
    "mo": "months",
    "yr": "years",
    "working d": "working days",
}
_NOT_ADDED = frozenset(("%", "°C", "°F", "km/h", "m:s", "h:m:s"))
"""Units of which a sum says nothing, or is written otherwise."""


class Calculator:
    """Counts, adds up, averages and subtracts cells of one table, and says from which."""

    def __init__(self, table: Table, columns: ComparedColumns) -> None:
        self._table = table
        self._columns = columns

    def are_alike(self, rows: Sequence[PlacedRow], column: Column) -> bool:
        """Return whether the values of these rows have one unit."""
        values = [column.values[row.number] for row in rows]
        if column.kind is CellKind.DATE:
            dates = [value.date for value in values if value.date]
            return all((d.year is None) == (dates[0].year is None) for d in dates)
        if len({value.unit for value in values if value.number is not None}) > 1:
            return False
        measure = self._columns.unit_column()
        if measure is None or measure == column.number or column.kind is CellKind.DURATION:
            return True
        if self._columns.unit_of(column) and not is_money(self._columns.unit_of(column)):
            return True
        if is_money(column.unit) and self._columns.is_unit_of_quantity(measure):
            return True
        return len({row.row.cells[measure].text for row in rows}) < 2

    def sum_of(self, rows: Sequence[PlacedRow], number: int) -> Computed | None:
        """Return the sum of a column in these rows; None where its cells cannot be added."""
        column = self._table.column(number)
        numbers = [column.values[row.number].number for row in rows]
        if not column.is_numeric or column.unit in _NOT_ADDED or not self.are_alike(rows, column):
            return None
        known = [value for value in numbers if value is not None]
        if len(known) < len(rows):
            return None
        cells = [self.cell(row, number) for row in rows]
        return self.computed("sum", sum(known, Decimal(0)), cells, column)

    def average_of(self, rows: Sequence[PlacedRow], column: Column) -> Computed | None:
        """Return the average of a column in these rows; None where its cells cannot be added."""
        known = [column.values[row.number].number for row in rows]
        numbers = [value for value in known if value is not None]
        if len(numbers) < len(rows) or not self.are_alike(rows, column):
            return None
        if column.unit in ("m:s", "h:m:s"):
            return None
        average = round(sum(numbers, Decimal(0)) / len(numbers), 2)
        cells = [self.cell(row, column.number) for row in rows]
        return self.computed("average", average, cells, column)

    def count_of(self, rows: Sequence[PlacedRow], number: int) -> Computed:
        """Return how many different cells a column has in these rows; empty ones do not count."""
        first: dict[str, PlacedRow] = {}
        for row in rows:
            if text := row.row.cells[number].text:
                first.setdefault(text, row)
        cells = tuple(self.cell(row, number) for row in first.values())
        return Computed("count", str(len(cells)), cells)

    def computed(
        self, operation: str, value: Decimal, cells: Sequence[CitedCell], column: Column
    ) -> Computed:
        """Return a value that was computed from cells, written as they are."""
        unit = self._columns.unit_of(column)
        text = written(value, [cell.text for cell in cells], _SPELLED_UNITS.get(unit, unit))
        return Computed(operation, text, tuple(cells))

    def cell(self, row: PlacedRow, column: int) -> CitedCell:
        """Return one cell of a row, with the texts that say which it is."""
        cell = row.row.cells[column]
        return CitedCell(
            row.passage.document,
            cell.text,
            cell.span,
            self._table.headers[column],
            self._table.label_of(row.row),
        )


def passes(test: Condition, value: Value) -> bool:
    """Return whether a cell passes a test."""
    if test.is_of_dates:
        return value.date is not None and _is_in_time(
            value.date, test.since, test.until, test.strict
        )
    number = value.number
    if number is None:
        return False
    if test.least is not None and (number < test.least or (test.strict and number == test.least)):
        return False
    return test.most is None or not (number > test.most or (test.strict and number == test.most))


def _is_in_time(
    date: PartialDate, since: PartialDate | None, until: PartialDate | None, strict: bool
) -> bool:
    """Return whether a date lies after or before another; one within it lies in neither.

    Between two dates, both count; where their year is left open, in any year.
    """
    if since is not None and until is not None:
        if since.year is None:
            date = replace(date, year=None)
        return since.first <= date.first <= until.first or until.holds(date)
    if since is not None:
        if since.holds(date):
            return not strict
        return (date.year is None) == (since.year is None) and date.first > since.first
    assert until is not None
    if until.holds(date):
        return not strict
    return (date.year is None) == (until.year is None) and date.first < until.first
