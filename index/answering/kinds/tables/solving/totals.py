"""Counts, sums, averages and differences that a question asks of the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.answering.kinds.tables.candidates import PlacedRow
from index.answering.kinds.tables.cells import is_equal
from index.answering.kinds.tables.query import Operation
from index.answering.kinds.tables.solving.matched_table import MatchedTable
from index.answering.kinds.tables.solving.solution import SolutionDraft
from index.answering.kinds.tables.words import QuestionWord, stem, synonyms, words_in
from index.tables.table import Column
from index.tables.units import is_money


def counted(matched: MatchedTable) -> SolutionDraft | None:
    """Count the rows that the question narrows the table to."""
    if not matched.asked.head or _names_below(matched):
        return None
    rows = matched.chosen_rows()
    if rows is None or not matched.table.is_whole:
        return None
    return count_rows(matched, rows, set())


def counted_below(matched: MatchedTable) -> SolutionDraft | None:
    """Count the rows with a name in the column asked of: "how many night shifts has Ada in May".

    What else is said of rows, such as the month, stands in other columns of theirs. Of two names no
    rows are counted.
    """
    column = matched.columns.headed_by(set(matched.asked.head))
    below = _names_below(matched)
    if column is None or not below or not matched.table.is_whole:
        return None
    others = [number for number in range(matched.table.width) if number != column]
    dated = {at for mention in matched.asked.dates for at in mention.positions}
    asked = matched.matches.in_rows - {*matched.asked.head, *dated} - {word.at for word in below}
    beside = [matched.asked.words[at] for at in asked]
    rows = [
        row
        for row in matched.placed.rows
        if not row.row.is_total
        and all(_has(row, column, word) for word in below)
        and all(any(_has(row, other, word) for other in others) for word in beside)
        and _is_when(matched, row)
    ]
    names = next((number for number in others if _tells_apart(rows, number)), None)
    if not rows or names is None:
        return None
    draft = SolutionDraft(rows, explained={*matched.asked.head, *matched.matches.in_rows})
    draft.cells = {row.number: [names, column] for row in rows}
    draft.computed = matched.calculator.count_of(rows, names)
    return draft


def _names_below(matched: MatchedTable) -> list[QuestionWord]:
    """Return the words of the question in cells of the column whose header is what is counted."""
    head = set(matched.asked.head)
    column = matched.columns.headed_by(head)
    if column is None:
        return []
    held = [matched.asked.words[at] for at in sorted(matched.matches.in_rows - head)]
    return [word for word in held if any(_has(row, column, word) for row in matched.placed.rows)]


def _has(row: PlacedRow, column: int, word: QuestionWord) -> bool:
    return any(is_equal(word, name) for name in words_in(row.row.cells[column].text))


def _is_when(matched: MatchedTable, row: PlacedRow) -> bool:
    """Return whether each date that is asked of is one of a row."""
    of_row = (column.values[row.number].date for column in matched.table.columns)
    dates = [date for date in of_row if date]
    return all(any(each.date.holds(date) for date in dates) for each in matched.asked.dates)


def counted_alike(matched: MatchedTable) -> SolutionDraft | None:
    """Count the rows of one sort: "how many doctors are there", of a column of roles."""
    matches, label = matched.matches, matched.table.label_column
    if len(matches.columns) != 1 or label in matches.columns or not matches.full_cells:
        return None
    if not set(matched.asked.head) <= matches.in_rows or not matched.table.is_whole:
        return None
    rows = matched.chosen_rows() or []
    if not matched.asked.head or not _tells_apart(rows, label):
        return None
    draft = SolutionDraft(rows, explained=set(matches.in_rows))
    draft.cells = {row.number: [label, *matches.columns] for row in rows}
    draft.computed = matched.calculator.count_of(rows, label)
    return draft


def count_rows(
    matched: MatchedTable, rows: list[PlacedRow], explained: set[int], also: int | None = None
) -> SolutionDraft | None:
    """Count what the column of the asked noun names; it must be the one that names the rows."""
    named = matched.columns.counted()
    if named is None:
        return None
    column, positions = named
    label = matched.table.label_column
    is_narrowed = bool(matched.matches.rows or also is not None)
    # A name that stands in several rows is in a column that tells of each row, and counts none.
    among = matched.placed.rows if column != label and is_narrowed else rows
    texts = [row.row.cells[column].text for row in among if row.row.cells[column].text]
    if len(set(texts)) < len(texts) and (column != label or is_narrowed):
        return None
    draft = SolutionDraft(rows, explained={*explained, *positions})
    draft.cells = {row.number: [column, *([also] if also is not None else [])] for row in rows}
    draft.computed = matched.calculator.count_of(rows, column)
    return draft


def aggregated(matched: MatchedTable) -> SolutionDraft | None:
    """Add up or average the column that the question names, or quote the row that does."""
    summed = matched.columns.summed()
    if summed is None:
        return None
    column, positions = summed
    if matched.asked.operation is Operation.SUM and not matched.matches.rows:
        totals = [row for row in matched.placed.rows if row.row.is_total]
        if len(totals) == 1:
            draft = SolutionDraft(totals, explained=set(positions))
            draft.cells = {totals[0].number: [column.number]}
            return draft
    rows = matched.chosen_rows()
    if rows is None or not matched.table.is_whole:
        return None
    draft = SolutionDraft(rows, explained=set(positions))
    draft.cells = {row.number: [column.number] for row in rows}
    if len(rows) == 1:
        return draft
    if matched.asked.operation is Operation.AVERAGE:
        draft.computed = matched.calculator.average_of(rows, column)
    else:
        draft.computed = matched.calculator.sum_of(rows, column.number)
    return draft if draft.computed or len(rows) <= matched.tuning.table_rows else None


def counted_out(matched: MatchedTable) -> SolutionDraft | None:
    """Add up how many there are: "how many doses of tetanus vaccine do we have"."""
    return aggregated(matched) if matched.columns.quantities() else None


def difference(matched: MatchedTable) -> SolutionDraft | None:
    """Subtract two columns of a row, or two rows of a column."""
    pair = matched.columns.pair()
    rows = matched.chosen_rows()
    if rows is None:
        return None
    if pair is not None and len(rows) == 1:
        actual, limit, positions = pair
        compared = {word.at for word in matched.asked.words if word.low in ("than", "between")}
        if is_money(actual.unit):
            paid = synonyms("price")
            compared |= {word.at for word in matched.asked.words if paid & set(stem(word.low))}
        return apart(matched, rows, actual, limit, positions | compared)
    if len(matched.matches.rows) != 2:
        return None
    summed = matched.columns.summed()
    if summed is None:
        return None
    column, positions = summed
    rows = list(matched.matches.rows)
    one, other = (column.values[row.number].number for row in rows)
    if one is None or other is None or not matched.calculator.are_alike(rows, column):
        return None
    if column.unit in ("m:s", "h:m:s"):
        return None
    draft = SolutionDraft(rows, explained=set(positions))
    draft.cells = {row.number: [column.number] for row in rows}
    cells = [matched.calculator.cell(row, column.number) for row in rows]
    draft.computed = matched.calculator.computed("difference", abs(one - other), cells, column)
    return draft


def apart(
    matched: MatchedTable,
    rows: list[PlacedRow],
    actual: Column,
    limit: Column,
    positions: Iterable[int],
) -> SolutionDraft | None:
    """Return one row with the difference of two of its columns."""
    comparison = matched.asked.comparison
    if len(rows) != 1 or not matched.matches.rows:
        return None
    row = rows[0]
    one, other = actual.values[row.number].number, limit.values[row.number].number
    if one is None or other is None:
        return None
    draft = SolutionDraft(
        rows, explained={*positions, *(comparison.positions if comparison else ())}
    )
    stated = matched.columns.difference()
    draft.cells = {row.number: [actual.number, limit.number]}
    if stated is not None:
        draft.cells[row.number].append(stated)
    if comparison is None or (one > other) == comparison.above:
        cells = [
            matched.calculator.cell(row, actual.number),
            matched.calculator.cell(row, limit.number),
        ]
        draft.computed = matched.calculator.computed("difference", abs(one - other), cells, actual)
    return draft


def _tells_apart(rows: Sequence[PlacedRow], column: int) -> bool:
    """Return whether no two rows have the same text in a column, and all have one."""
    texts = {row.row.cells[column].text for row in rows}
    return len(texts) == len(rows) and "" not in texts
