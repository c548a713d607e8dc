"""A table with the question that it is asked, and what of it the question matches."""

from __future__ import annotations

from dataclasses import dataclass

from index.answering.kinds.tables.candidates import PlacedRow, PlacedTable
from index.answering.kinds.tables.columns import AnswerColumns
from index.answering.kinds.tables.matching import Matches, match
from index.answering.kinds.tables.query import TableQuery
from index.answering.kinds.tables.solving.computing import Calculator
from index.answering.tuning import Tuning
from index.tables.table import Table


@dataclass(frozen=True)
class MatchedTable:
    """A table, the question that it is asked, and what matches, chooses and computes for it."""

    placed: PlacedTable
    asked: TableQuery
    tuning: Tuning
    matches: Matches
    columns: AnswerColumns
    calculator: Calculator

    @property
    def table(self) -> Table:
        return self.placed.table

    def chosen_rows(self) -> list[PlacedRow] | None:
        """Return the rows that the question narrows the table to, without those that add up."""
        rows = list(self.matches.rows or self.placed.rows)
        return [row for row in rows if not row.row.is_total] or None


def matched_with(placed: PlacedTable, asked: TableQuery, tuning: Tuning) -> MatchedTable:
    """Return the table with its rows and columns matched to the question."""
    matches = match(placed, asked)
    columns = AnswerColumns(placed.table, asked, matches)
    calculator = Calculator(placed.table, columns)
    return MatchedTable(placed, asked, tuning, matches, columns, calculator)
