"""A table as it stands in a document: its caption, headers and rows, each cell with its span."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from index.document import Span
from index.tables.units import canonical_unit, is_money, unit_of_caption, unit_of_header
from index.tables.values import CellKind, Value, has_decimal_commas, in_one_unit, value_of

_BREAK = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_TOTAL = re.compile(
    r"(?:grand |sub-?|in )?total\b.*|sum|sums|overall|all|altogether|average|mean", re.IGNORECASE
)
_INDEX_SHARE = 0.8
_UNIT_SHARE = 0.6
"""Of the cells of a column that are not empty: with as many values, it is a column of values."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row's text as it is stored, and its span in the document."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: `text` is the document's text in `span`, which is empty for an empty cell."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row with as many cells as the table has columns."""

    line: TableLine
    cells: tuple[TableCell, ...]

    @property
    def span(self) -> Span:
        return self.line.span

    @property
    def is_total(self) -> bool:
        """Return whether the row adds up others."""
        first = next((cell.text for cell in self.cells if cell.text), "")
        return bool(_TOTAL.fullmatch(first.strip("* _:")))


@dataclass(frozen=True)
class Column:
    """A column: its header, and the kind and unit that most of its cells have.

    `values` has one for each row.
    """

    number: int
    header: str
    values: tuple[Value, ...]
    kind: CellKind
    unit: str

    @property
    def is_numeric(self) -> bool:
        """Return whether the cells can be compared as numbers."""
        return self.kind not in (CellKind.TEXT, CellKind.EMPTY, CellKind.DATE)

    @property
    def is_index(self) -> bool:
        """Return whether the cells only number the rows."""
        numbers = [value.number for value in self.values]
        known = [number for number in numbers if number is not None]
        steps = [one - other for other, one in pairwise(known)]
        return len(known) > 2 and steps.count(Decimal(1)) > _INDEX_SHARE * len(steps)


@dataclass(frozen=True)
class Table:
    """The rows of one table. `header` is None where the table has none.

    `caption` is the text that introduces it.
    """

    document: str
    caption: str
    header: TableLine | None
    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    is_whole: bool = True
    """Whether all of its rows are here."""
    _columns: dict[int, Column] = field(default_factory=dict, repr=False, compare=False)

    @property
    def width(self) -> int:
        return len(self.headers)

    def column(self, number: int) -> Column:
        """Return a column with the values of its cells."""
        if number not in self._columns:
            self._columns[number] = self._read_column(number)
        return self._columns[number]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self.column(number) for number in range(self.width))

    @cached_property
    def label_column(self) -> int:
        """The column that names the rows: the first of text, else the first."""
        for number in range(self.width):
            if self.column(number).kind is CellKind.TEXT:
                return number
        return 0

    def label_of(self, row: TableRow) -> str:
        """Return the text of a row's first cell."""
        return row.cells[0].text

    def _read_column(self, number: int) -> Column:
        texts = [row.cells[number].text for row in self.rows]
        commas = has_decimal_commas(texts)
        values = in_one_unit([value_of(text, decimal_commas=commas) for text in texts])
        kinds = Counter(value.kind for value in values if value.kind is not CellKind.EMPTY)
        kind = CellKind.EMPTY
        if kinds:
            kind, most = kinds.most_common(1)[0]
            if kind is not CellKind.TEXT and most < _UNIT_SHARE * kinds.total():
                kind = CellKind.TEXT
        header = self.headers[number]
        if kind is CellKind.DATE and _are_counts(values, header):
            kind = CellKind.NUMBER
        units = Counter(value.unit for value in values if value.number is not None and value.unit)
        unit = units.most_common(1)[0][0] if units else ""
        if not unit and kind is CellKind.NUMBER:
            unit = unit_of_header(header) or unit_of_caption(self.caption)
            currency = canonical_unit(unit.split(" ")[-1]) or ""
            kind = CellKind.MONEY if is_money(currency) else kind
            kind = CellKind.PERCENTAGE if unit == "%" else kind
        return Column(number, header, values, kind, unit)


def read_table(
    document: str,
    caption: str,
    header: TableLine | None,
    lines: Sequence[TableLine],
    *,
    is_whole: bool,
) -> Table | None:
    """Return the table that these lines are; None where they have one column only."""
    if header is not None:
        header = header_line(header)
    named, rows = read_cells(header, lines)
    width = max((len(cells) for cells in (*named, *rows)), default=0)
    if width < 2 or not rows:
        return None
    return Table(
        document,
        caption,
        header,
        tuple(
            " ".join(dict.fromkeys(cells[n].text for cells in named if n < len(cells))).strip()
            for n in range(width)
        ),
        tuple(
            TableRow(line, _padded(cells, width, line.span.end))
            for line, cells in zip(lines, rows, strict=True)
        ),
        is_whole,
    )


def read_cells(
    header: TableLine | None, lines: Sequence[TableLine]
) -> tuple[list[list[TableCell]], list[list[TableCell]]]:
    """Return the cells of each line of a table's header, and of each of its rows."""
    heads = _lines_of(header) if header else []
    outer = _has_outer_pipes([*heads, *lines])
    return [_cells(line, outer) for line in heads], [_cells(line, outer) for line in lines]


def header_line(header: TableLine) -> TableLine:
    """Return a header without the line of dashes that Markdown puts below it."""
    lines = header.text.split("\n")
    while len(lines) > 1 and _RULE.fullmatch(lines[-1].strip()):
        lines.pop()
    text = "\n".join(lines).rstrip()
    return TableLine(text, Span(header.span.start, header.span.start + len(text)))


def _has_outer_pipes(lines: Iterable[TableLine]) -> bool:
    """Return whether pipes enclose the rows, as in Markdown, besides dividing the cells."""
    texts = [text for line in lines for text in line.text.split("\n")]
    return all(text.startswith("|") and text.endswith("|") for text in texts)


def _lines_of(header: TableLine) -> list[TableLine]:
    found = []
    start = header.span.start
    for text in header.text.split("\n"):
        found.append(TableLine(text, Span(start, start + len(text))))
        start += len(text) + 1
    return found


def _cells(line: TableLine, outer: bool) -> list[TableCell]:
    text, offset = line.text, line.span.start
    if outer:
        text, offset = text[1:-1], offset + 1
    found = []
    for piece in _BREAK.split(text) if "\\" in text else text.split("|"):
        content = piece.strip()
        begin = offset + (len(piece) - len(piece.lstrip()) if content else 0)
        found.append(TableCell(content, Span(begin, begin + len(content))))
        offset += len(piece) + 1
    return found


def _padded(cells: Sequence[TableCell], width: int, end: int) -> tuple[TableCell, ...]:
    """Return the cells with empty ones at the end, which the stored text may leave out."""
    return (*cells, *(TableCell("", Span(end, end)) for _ in range(width - len(cells))))


def _are_counts(values: Sequence[Value], header: str) -> bool:
    """Return whether what looks like years are numbers: the header does not speak of time."""
    numbers = [value.number for value in values if value.kind is CellKind.DATE]
    if not all(number is not None for number in numbers):
        return False
    return not re.search(
        r"\b(?:years?|dates?|seasons?|since|from|to|until|built|founded|est\w*|when|period)\b",
        header,
        re.IGNORECASE,
    ) and any(value.number is not None and value.kind is CellKind.NUMBER for value in values)
