"""Headers in the rows of a sheet: which rows name the columns, and where another table begins.

A row names the columns where its cells are texts and what stands below them are values of one kind,
where the file marks it, or where it repeats the names of the table above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from statistics import median

from index.parsing.text.characters import header_likely
from index.tables.values import CellKind, value_of

_MOST_HEADER_ROWS = 5
_SAMPLE = 24
"""Rows that are looked at to tell a header."""
_MOST_KNOWN = 128
_SHARE = 0.6
"""Of the cells of a column that are not empty: with as many values, it is a column of values."""
_LONGEST_NAME = 100
_FEWEST_DAYS = 3
"""Dates beside each other that name the columns of a calendar or a roster."""
_DIGITS = re.compile(r"\d+")
_LABEL = re.compile(
    r"(?:name|title|owner|author|contact|e-?mail|phone|telephone|tel|fax|mobile|address|web ?site"
    r"|date|valid|version|status|department|responsible|project|subject|reference|currency|period"
    r"|classification|location|office|(?:approved|prepared|made|checked|issued|updated|report) ?"
    r"(?:by|on|of)?)\b.{0,30}",
    re.IGNORECASE,
)
"""What people write before a value, and seldom in a row of a table below its header."""
_SPOKEN = frozenset((CellKind.TEXT, CellKind.DATE, CellKind.EMPTY))
"""What names of columns are: a year may be one, and a dash above the names of rows."""
_OF_YEAR = re.compile(r"(?:19|20)\d\d [^\W\d_]")
"""A name such as "2026 plan (EUR)", which without its year's sense is a quantity."""


class SheetRows:
    """Rows of a sheet, at `places`, from 0, in some of its columns.

    Each is made anew whenever it is asked for. `marked` are those that are bold or filled.
    """

    def __init__(
        self,
        sheet: Sequence[Sequence[str]],
        columns: Sequence[int],
        places: Sequence[int],
        marked: AbstractSet[int],
        hidden: AbstractSet[int],
        *,
        filled: dict[int, list[str]] | None = None,
        known: dict[int, list[str]] | None = None,
    ) -> None:
        self._sheet, self._columns, self.places = sheet, columns, places
        self._marked, self._hidden = marked, hidden
        self._filled: dict[int, list[str]] = {} if filled is None else filled
        self._known: dict[int, list[str]] = {} if known is None else known
        """The last rows that were asked for, since each of their columns is looked at by itself."""
        self._is_whole = columns == range(len(columns))
        self.width = len(columns) if places else 0

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[list[str]]:
        return map(self._row, self.places)

    def __getitem__(self, at: int) -> list[str]:
        return self._row(self.places[at])

    def _row(self, place: int) -> list[str]:
        row = self._filled.get(place) or self._known.get(place)
        if row is None:
            if len(self._known) == _MOST_KNOWN:
                self._known.clear()
            row = self._known[place] = self._made(self._sheet[place])
        return row

    def _made(self, row: Sequence[str]) -> list[str]:
        if self._is_whole and len(row) <= self.width:
            return list(row) if len(row) == self.width else [*row, *[""] * (self.width - len(row))]
        return [row[column] if column < len(row) else "" for column in self._columns]

    def fill(self, at: int, row: list[str]) -> None:
        """Replace a row, here and where this is a part of more rows."""
        self._filled[self.places[at]] = row

    @property
    def marked(self) -> bytes:
        return bytes(map(self._marked.__contains__, self.places))

    @property
    def hidden(self) -> bytes:
        return bytes(map(self._hidden.__contains__, self.places))

    def is_marked(self, at: int) -> bool:
        return self.places[at] in self._marked

    def between(self, start: int, end: int) -> SheetRows:
        return SheetRows(
            self._sheet,
            self._columns,
            self.places[start:end],
            self._marked,
            self._hidden,
            filled=self._filled,
            known=self._known,
        )

    def count(self, at: int) -> int:
        """Return how many cells of a row have a text."""
        return sum(map(bool, self[at]))

    def kinds_below(self, column: int, at: int) -> Counter[CellKind]:
        """Count the kinds of cells in a column, from a row on."""
        texts = (row[column] for row in self.between(at, at + _SAMPLE))
        return Counter(kind_of(text) for text in texts if text)

    def has_values(self, column: int, at: int) -> bool:
        """Return whether most cells of a column are values, from a row on."""
        kinds = self.kinds_below(column, at)
        return _values(kinds) >= _SHARE * kinds.total() > 0

    def without_empty_columns(self) -> SheetRows:
        empty = set(range(self.width))
        for row in self:
            empty -= {column for column in empty if row[column]}
            if not empty:
                return self
        used = [column for column in range(self.width) if column not in empty]
        columns = [self._columns[column] for column in used]
        filled = {place: [row[n] for n in used] for place, row in self._filled.items()}
        return SheetRows(
            self._sheet, columns, self.places, self._marked, self._hidden, filled=filled
        )


def kind_of(text: str) -> CellKind:
    """Return what a cell holds; figures in brackets are negative ones."""
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return value_of(text).kind


def header_of(rows: SheetRows, *, forced: int | None = None, frozen: int = 0) -> tuple[int, int]:
    """Return the row at which the table begins, with its header, and how many rows that has.

    The rows before it are lines about the table. `forced` is the header as the file says; the first
    `frozen` rows stay in sight.
    """
    if forced is not None:
        return forced, names_columns(rows.between(forced, forced + _SAMPLE))
    if rows.width < 2:
        is_named = len(rows) > 2 and kind_of(rows[0][0]) is CellKind.TEXT and rows.has_values(0, 1)
        return 0, int(is_named)
    lead = 0
    while lead < len(rows) and rows.count(lead) == 1:
        lead += 1
    counts = [rows.count(at) for at in range(min(len(rows), lead + _SAMPLE))]
    typical = median(counts[lead:]) if counts[lead:] else 0
    best = (lead, 0)
    for at in range(lead, len(counts)):
        if counts[at] == 1:
            continue
        top = rows.between(at, at + _SAMPLE + _MOST_HEADER_ROWS)
        found, is_sure = _header_rows(top, frozen - at)
        if found and frozen <= at and _are_pairs(top):
            return lead, 0
        if found and (is_sure or not best[1]):
            best = (at, found)
        if found and (counts[at] >= typical or found > 1):
            break
        if counts[at] > max(2, typical / 2) and not found:
            break
    return best


def names_columns(rows: SheetRows) -> int:
    """Return how many rows at the top name the columns, where at least the first one does."""
    return max(1, _header_rows(rows, 0)[0]) if len(rows) > 1 else 0


def header_rows_in(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top of a table name its columns."""
    top = rows[: _SAMPLE + _MOST_HEADER_ROWS]
    columns = range(max(map(len, top), default=0))
    none: frozenset[int] = frozenset()
    if are_labelled(top):
        return 0
    return _header_rows(SheetRows(top, columns, range(len(top)), none, none), 0)[0]


def are_labelled(rows: Sequence[Sequence[str]], *, is_marked: bool = False) -> bool:
    """Return whether two columns are labels with their values, by the words of the labels.

    `is_marked` says that the first row stands out from the others: it may name the columns.
    """
    if any(len(row) != 2 for row in rows):
        return False
    labels = [row[0] for row in rows if row[0]]
    if 2 * sum(label.endswith(":") for label in labels) >= len(labels) > 0:
        return True
    known = sum(_LABEL.fullmatch(label) is not None for label in labels)
    return not is_marked and known >= max(2, len(labels) / 3)


class TableHead:
    """The first rows of a table, by which it is told where another one begins below it."""

    def __init__(self, rows: SheetRows, start: int, header_rows: int) -> None:
        first = start + header_rows
        self._rows = rows
        self._first = first
        self._columns = [n for n in range(rows.width) if rows.has_values(n, first)]
        self._names = [_shape(text) for row in rows.between(start, first) for text in row]
        sample = rows.between(first, first + _SAMPLE).marked
        self._is_marked = sum(sample) > len(sample) / 3

    def next(self) -> int:
        """Return the first row below that begins another table, or the end of the rows."""
        rows, column = self._rows, self._columns[0] if self._columns else None
        for at in range(self._first + 1, len(rows)):
            text = rows[at][column] if column is not None else rows[at][0]
            if column is not None and (not text or (text[0].isdigit() and text[-1].isdigit())):
                continue
            if self.ends_at(at):
                return at
        return len(rows)

    def ends_at(self, at: int, *, apart: bool = False) -> bool:
        """Return whether a row names the columns of another table; `apart`: below an empty row."""
        rows = self._rows
        texts = [text for text in rows[at] if text]
        if len(texts) < max(2, rows.width / 2) or at + 1 >= len(rows):
            return False
        if not all(kind_of(text) in _SPOKEN and len(text) <= _LONGEST_NAME for text in texts):
            return False
        shapes = [_shape(text) for text in texts]
        if 2 * sum(shape in self._names for shape in shapes) > len(shapes):
            return True
        changed = [
            n for n in self._columns if rows[at][n] and kind_of(rows[at][n]) is CellKind.TEXT
        ]
        changes = sum(rows.has_values(n, at + 1) for n in changed)
        if apart:
            return changes > 0 or (rows.is_marked(at) and not self._is_marked)
        if rows.is_marked(at) and not self._is_marked:
            return changes > 0
        above = rows.count(at - 1) == 1
        return changes > (0 if above else 1) and len(set(texts)) == len(texts)


def _header_rows(rows: SheetRows, frozen: int) -> tuple[int, bool]:
    """Return how many of the first rows name the columns, and whether that is sure."""
    grouped = 0
    while grouped < min(len(rows) - 2, _MOST_HEADER_ROWS - 1) and _is_grouping(rows, grouped):
        grouped += 1
    sign = _sign_of_header(rows, grouped, frozen)
    if grouped and (not sign or (sign == 1 and rows[grouped][0] not in ("", rows[0][0]))):
        grouped, sign = 0, _sign_of_header(rows, 0, frozen)
    if not sign:
        return 0, False
    count = grouped + 1
    while count < min(len(rows) - 1, _MOST_HEADER_ROWS) and (
        (count < frozen and _is_spoken(rows[count])) or _continues_header(rows, count)
    ):
        count += 1
    return count, sign > 1


def _is_grouping(rows: SheetRows, at: int) -> bool:
    """Return whether a text covers two columns that the row below names apart.

    Where no cells are merged, it is told by the names below it, which repeat themselves.
    """
    row, below = rows[at], rows[at + 1]
    if not (_is_spoken(row) and _is_spoken(below)):
        return False
    if len(set(row)) > 1 and any(one and one == two for one, two in pairwise(row)):
        return True
    names = [text for text in below if text]
    if len(set(names)) == len(names) or not any(row):
        return False
    filled = list(row)
    for column in range(1, len(filled)):
        if not filled[column] and below[column]:
            filled[column] = filled[column - 1]
    if len(set(filter(None, filled))) < 2 or filled == row:
        return False
    rows.fill(at, filled)
    return True


def _sign_of_header(rows: SheetRows, at: int, frozen: int) -> int:
    """Return whether a row names the columns: 0 for no, 1 for perhaps, 2 for surely."""
    row = rows[at]
    texts = [text for text in row if text]
    if len(texts) < 2 or at + 1 >= len(rows) or not _are_names(rows, at):
        return 0
    if at == frozen - 1 or (rows.marked[at] and not all(rows.marked[at + 1 : at + _SAMPLE])):
        return 2
    named = [column for column, text in enumerate(row) if text]
    dates = [column for column in named if kind_of(row[column]) is CellKind.DATE]
    below = {column: rows.kinds_below(column, at + 1) for column in named}
    if any(below[column][CellKind.DATE] >= _SHARE * below[column].total() > 0 for column in dates):
        return 0
    if len(named) - 1 <= len({row[column] for column in dates}) >= _FEWEST_DAYS:
        return 2
    if any(_values(kinds) >= _SHARE * kinds.total() > 0 for kinds in below.values()):
        return 2
    return int(not dates and header_likely([rows[at], rows[at + 1]]))


def _continues_header(rows: SheetRows, at: int) -> bool:
    """Return whether a row below a header belongs to it, as one of units does."""
    row, above = rows[at], rows[at - 1]
    texts = [column for column, text in enumerate(row) if text]
    if not texts or not _is_spoken(row):
        return False
    if rows.marked[at] and rows.marked[at - 1] and not any(rows.marked[at + 1 : at + 3]):
        return len(texts) > 1
    if row[0] and row[0] != above[0]:
        return False
    changed = [column for column in texts if row[column] != above[column]]
    return bool(changed) and all(
        kind_of(row[column]) is CellKind.TEXT and rows.has_values(column, at + 1)
        for column in changed
    )


def _are_pairs(rows: SheetRows) -> bool:
    """Return whether two columns are labels with their values, and no row names them."""
    if rows.width != 2:
        return False
    is_marked = bool(rows.marked[0]) and not all(rows.marked)
    if are_labelled(list(rows), is_marked=is_marked):
        return True
    if is_marked:
        return False
    kinds = rows.kinds_below(1, 1)
    first = kind_of(rows[0][1])
    if kinds.total() < 2 or first is CellKind.DATE:
        return first is CellKind.DATE
    return len(kinds) > 1 and kinds.most_common(1)[0][1] < _SHARE * kinds.total()


def _are_names(rows: SheetRows, at: int) -> bool:
    """Return whether the cells of a row are texts, or begin with a year above other units.

    "2000 boxes" above "1500 boxes" is a quantity, "2026 plan" above "1500" the name of its column.
    """
    row = rows[at]
    of_year = [column for column, text in enumerate(row) if _OF_YEAR.match(text)]
    for column in of_year:
        unit = value_of(row[column]).unit
        below = (other[column] for other in rows.between(at + 1, at + 1 + _SAMPLE))
        if any(value_of(text).unit == unit for text in below if text):
            return False
    return _is_spoken([text for column, text in enumerate(row) if column not in of_year])


def _is_spoken(row: Sequence[str]) -> bool:
    return all(kind_of(text) in _SPOKEN and len(text) <= _LONGEST_NAME for text in row if text)


def _values(kinds: Counter[CellKind]) -> int:
    return kinds.total() - kinds[CellKind.TEXT] - kinds[CellKind.EMPTY]


def _shape(text: str) -> str:
    return _DIGITS.sub("0", text.casefold())
