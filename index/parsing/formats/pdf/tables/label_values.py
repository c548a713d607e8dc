"""Labels and their values on a PDF's page, in one pair of columns or several."""

from __future__ import annotations

from collections.abc import Sequence

from index.parsing.formats.pdf.tables.columns import Columns
from index.parsing.formats.pdf.tables.pieces import Piece, TextLine
from index.parsing.formats.pdf.tables.rows import Row, table_of
from index.parsing.page_content import PageTable, Word
from index.parsing.tables.grid import GridCell

_MOST_LABEL_WORDS = 5
_MOST_VALUE_WORDS = 14


def label_values(lines: Sequence[TextLine]) -> PageTable | None:
    """Return labels and values as rows of two columns, if the lines hold nothing else."""
    many = [line for line in lines if len(line.pieces) > 1]
    if len(many) < 2 or len(many) < 0.5 * len(lines):
        return None
    rows: list[Row] = []
    for line in lines:
        pairs = _pairs(line)
        if pairs:
            rows += [_row(line, label, value) for label, value in pairs]
        elif not rows or not _goes_on(rows, line):
            return None
    filled = sum(1 in row.cells for row in rows)
    if len(rows) < 3 or 2 * filled <= len(rows):
        return None
    return as_pairs(table_of(rows, _columns(rows)))


def as_pairs(table: PageTable) -> PageTable:
    """Return a table of labels with colons as rows of a label and its value, without the colons."""
    width = len(table.edges) - 1
    if width % 2 or any(cell.rows > 1 or cell.columns > 1 for cell in table.cells):
        return table
    labels = [cell.text for cell in table.cells if cell.column % 2 == 0]
    values = [cell.text for cell in table.cells if cell.column % 2]
    ends = sum(text.endswith(":") for text in labels)
    if ends < max(2, 0.8 * len(labels)) or any(text.endswith(":") for text in values):
        return table
    cells = [
        GridCell(
            cell.text.rstrip(": ") if cell.column % 2 == 0 else cell.text,
            row=cell.row * (width // 2) + cell.column // 2,
            column=cell.column % 2,
        )
        for cell in table.cells
    ]
    return PageTable(table.box, tuple(cells), 0, (*table.edges[:2], table.edges[-1]))


def _pairs(line: TextLine) -> list[tuple[list[Word], list[Word]]]:
    """Return the labels of a line, each with its value, if the line is nothing else."""
    pairs: list[tuple[list[Word], list[Word]]] = []
    for piece in line.pieces:
        colon = _colon(piece)
        if colon:
            pairs.append((piece.words[:colon], piece.words[colon:]))
        elif pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], piece.words)
        else:
            return []
    fits = all(len(value) <= _MOST_VALUE_WORDS for _, value in pairs)
    return pairs if fits else []


def _colon(piece: Piece) -> int:
    """Return how many words of a piece are a label with its colon; 0 if there is none."""
    for number, word in enumerate(piece.words[:_MOST_LABEL_WORDS], 1):
        if word.text.endswith(":"):
            return number if word.text != ":" or number > 1 else 0
    return 0


def _row(line: TextLine, label: list[Word], value: list[Word]) -> Row:
    cells = {0: label, 1: value} if value else {0: label}
    return Row(line.top, line.bottom, cells, dict.fromkeys(cells, 1))


def _goes_on(rows: Sequence[Row], line: TextLine) -> bool:
    """Add a line to the values above it, if all of it stands below them."""
    near = 0.6 * line.size
    found = []
    for piece in line.pieces:
        above = [
            row
            for row in rows[-4:]
            if 1 in row.cells
            and abs(row.cells[1][0].box.left - piece.left) < near
            and 0 < line.bottom - row.bottom < 1.5 * line.size
        ]
        if not above:
            return False
        found.append((above[-1], piece))
    for row, piece in found:
        row.cells[1].extend(piece.words)
        row.bottom = line.bottom
    return True


def _columns(rows: Sequence[Row]) -> Columns:
    labels = [word.box for row in rows for word in row.cells[0]]
    values = [word.box for row in rows for word in row.cells.get(1, ())]
    return Columns(
        [
            (min(box.left for box in boxes), max(box.right for box in boxes))
            for boxes in (labels, values)
        ]
    )
