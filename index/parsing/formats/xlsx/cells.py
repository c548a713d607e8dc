"""Cells of one sheet of an Excel workbook, read row by row, so that long sheets need little memory.

The libraries that do so were measured: they take two to five times as long, or know nothing of
number formats and of what is hidden (docs/DEPENDENCIES.md).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from lxml import etree
from lxml.etree import _Element as Element

from index.errors import UnreadableDocument
from index.parsing.draft import Source
from index.parsing.formats.numbers.formats import plain_number, shown_number, shown_text
from index.parsing.formats.office.drawing_text import local_name
from index.parsing.formats.office.package import BROKEN
from index.parsing.formats.xlsx.styles import CellStyle
from index.parsing.options import HiddenContent
from index.parsing.tables.coloured_cells import ColouredCells
from index.parsing.tables.compact_rows import CompactRows
from index.parsing.tables.sheet_tables import Area
from index.parsing.text.scripts import HEIGHTS, with_scripts

_MOST_ROWS = 1 << 20  # Excel's own limit
_MOST_COLUMNS = 1 << 14
_MOST_CELLS = 20_000_000
"""Counts empty cells too: a row with only its last column filled has 16,384 of them."""
_MOST_AREAS = 500_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_DIGITS = "0123456789"
_PARTS = re.compile(r"(?<!&)&[LCR]")
_CHANGING = re.compile(r"&[PNDTFAZ]", re.IGNORECASE)
"""A page's number, the day of printing, the name of the file or the sheet."""
_MARK = re.compile(r"&(?:&|\"[^\"]*\"|\d{1,3}|K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|[A-Z])", re.IGNORECASE)
_NO_STYLE = CellStyle()
_NOTHING = re.compile(r"0+(?:\.0*)?")
_TRUE = ("1", "true")
_HIDING = re.compile(r"\s*;[;\s]*")
"""A format that shows nothing of any number."""
_READ = tuple(
    "{*}" + name
    for name in ("row", "col", "mergeCell", "autoFilter", "pane", "headerFooter", "oleObject")
)


@dataclass(frozen=True, slots=True)
class Strings:
    """The strings of a workbook, which end early where there are too many, or where it breaks."""

    texts: list[str] = field(default_factory=list)
    is_cut: bool = False
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the sheets of a workbook share."""

    strings: Strings
    styles: Mapping[str, CellStyle]
    from_1904: bool


@dataclass(slots=True)
class SheetCells:
    """The rows with text, an empty one between those that are apart, and what is said of them.

    `numbers` are the rows' numbers in the sheet, from 0, and `marked` are places in `rows`. Of the
    rows and columns that are hidden, with text, there are the numbers; they are among the rows only
    if they are to be read, and `hidden` are those rows then. `left_out` are columns that are not.
    `hidden_cells` counts cells that show nothing because of their format. `margins` are the lines
    that are printed above and below the pages, `icons` the relations of objects shown as such.
    """

    rows: CompactRows = field(default_factory=CompactRows)
    numbers: array[int] = field(default_factory=lambda: array("I"))
    merged: list[Area] = field(default_factory=list)
    filtered: list[int] = field(default_factory=list)
    marked: set[int] = field(default_factory=set)
    frozen: int = 0
    hidden: set[int] = field(default_factory=set)
    hidden_rows: int = 0
    hidden_columns: set[int] = field(default_factory=set)
    left_out: list[int] = field(default_factory=list)
    hidden_cells: int = 0
    margins: list[str] = field(default_factory=list)
    icons: set[str] = field(default_factory=set)
    coloured: ColouredCells = field(default_factory=ColouredCells)
    uncomputed: int = 0
    is_cut: bool = False

    def place(self, area: Area) -> Area | None:
        """Return where an area of the sheet is in `rows`; None where nothing of it is."""
        top = bisect_left(self.numbers, area.top)
        bottom = bisect_right(self.numbers, area.bottom) - 1
        left, right = self._column(area.left), self._column(area.right + 1) - 1
        return Area(top, left, bottom, right) if top <= bottom and left <= right else None

    def _column(self, column: int) -> int:
        return column - bisect_left(self.left_out, column)


def area_of(reference: str | None) -> Area | None:
    """Return the cells that a reference such as "B2:D9" names."""
    found = _REFERENCE.findall(reference or "")
    if not found:
        return None
    (left, top), (right, bottom) = found[0], found[-1]
    return Area(int(top) - 1, column_of(left), int(bottom) - 1, column_of(right))


def column_of(letters: str) -> int:
    """Return the number, from 0, of the column that letters name."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number - 1


def unescaped(text: str) -> str:
    """Return a text without the marks that stand for control characters, such as _x000D_."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def rich_text(element: Element) -> str:
    """Return the text of a string, without readings of Asian signs."""
    plain = element.find("{*}t")
    if plain is not None and len(element) == 1:
        return unescaped(plain.text or "")
    return with_scripts(_runs(element))


def _runs(element: Element) -> Iterator[tuple[str, int]]:
    """Yield the texts of a string and how high each is set."""
    for child in element:
        name = local_name(child)
        if name == "t":
            yield unescaped(child.text or ""), 0
        elif name == "r":
            mark = child.find("{*}rPr/{*}vertAlign")
            height = "" if mark is None else mark.get("val", "")
            yield unescaped(child.findtext("{*}t") or ""), HEIGHTS.get(height, 0)


def read_strings(file: IO[bytes], limit: int) -> Strings:
    """Return the strings that cells name by number, of at most so many characters."""
    strings: list[str] = []
    characters = 0
    try:
        for _, element in etree.iterparse(
            file, tag="{*}si", no_network=True, resolve_entities=False
        ):
            strings.append(rich_text(element))
            characters += len(strings[-1])
            if characters > limit:
                return Strings(strings, is_cut=True)
            _forget(element)
    except (etree.XMLSyntaxError, *BROKEN):
        return Strings(strings, is_damaged=True)
    return Strings(strings)


def read_cells(file: IO[bytes], workbook: Workbook, source: Source) -> SheetCells:
    """Return the cells of a sheet; a small file that unfolds to too much is refused on the way."""
    reader = _Reader(workbook, source)
    try:
        for _, element in etree.iterparse(
            file, tag=_READ, no_network=True, resolve_entities=False, remove_comments=True
        ):
            name = local_name(element)
            if name == "row":
                reader.row(element)
                if reader.is_full:  # nothing of what follows can be written
                    break
                _forget(element)
            else:
                reader.other(name, element)
    except (etree.XMLSyntaxError, *BROKEN):
        return reader.finished(is_cut=True)
    return reader.finished(is_cut=False)


def _forget(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _margin_lines(code: str) -> Iterator[str]:
    """Yield what stands left, in the middle and right at a page's edge, without its numbers."""
    for part in _PARTS.split(code):
        if part and not _CHANGING.search(part.replace("&&", "")):
            yield _MARK.sub(lambda found: "&" if found[0] == "&&" else "", part)


class _Reader:
    """Collects the cells of a sheet from the elements of its part."""

    def __init__(self, workbook: Workbook, source: Source) -> None:
        self._cells = SheetCells()
        self._strings, self._styles = workbook.strings.texts, workbook.styles
        self._has_fills = any(style.fill for style in workbook.styles.values())
        self._lacks_strings = workbook.strings.is_cut
        self._from_1904 = workbook.from_1904
        self._limit = source.limits.max_characters
        self._reads_hidden = HiddenContent.HIDDEN in source.options.hidden
        self._columns: dict[str, int] = {}
        self._hidden_columns: set[int] = set()
        self._shown: dict[int, int] = {}
        self._sorted: list[int] = []
        self._number = -1
        self._has_gap = False
        self._counted = self._characters = 0
        self.is_full = False

    def row(self, element: Element) -> None:
        cells, before = self._cells, self._number
        written = element.get("r", "")
        self._number = int(written) - 1 if written.isdecimal() else before + 1
        if self._number >= _MOST_ROWS:
            raise UnreadableDocument(f"a sheet has more than {_MOST_ROWS:,} rows")
        texts, is_marked = self._texts(element)
        is_hidden = _is_unseen(element, "ht")
        self._has_gap |= self._number > before + 1 or not (texts or is_hidden)
        if not texts or self._number <= before:
            return
        if is_hidden:
            cells.hidden_rows += 1
            if not self._reads_hidden:
                return
            cells.hidden.add(self._number)
        if self._has_gap and cells.rows:
            cells.rows.append(())
            cells.numbers.append(self._number - 1)
        self._has_gap = False
        if is_marked:
            cells.marked.add(len(cells.rows))
        cells.rows.append(texts)
        cells.numbers.append(self._number)
        self._counted += len(texts)
        self._characters += sum(map(len, texts))
        if self._counted > _MOST_CELLS:
            raise UnreadableDocument(f"a sheet spreads over more than {_MOST_CELLS:,} cells")
        self.is_full |= self._characters > self._limit

    def other(self, name: str, element: Element) -> None:
        """Keep what is said of the cells outside of them."""
        cells = self._cells
        if name == "col":
            self._hide(element)
        elif name == "pane" and element.get("state", "").startswith("frozen"):
            rows = element.get("ySplit", "0").partition(".")[0]
            cells.frozen = int(rows) if rows.isdecimal() else 0
        elif name == "mergeCell" and len(cells.merged) < _MOST_AREAS:
            if area := area_of(element.get("ref")):
                cells.merged.append(area)
        elif name == "autoFilter" and (area := area_of(element.get("ref"))):
            cells.filtered.append(area.top)
        elif name == "oleObject" and element.get("dvAspect") == "DVASPECT_ICON":
            cells.icons.update(str(v) for key, v in element.attrib.items() if key.endswith("}id"))
        elif name == "headerFooter":
            cells.margins = [line for child in element for line in _margin_lines(child.text or "")]

    def finished(self, *, is_cut: bool) -> SheetCells:
        cells = self._cells
        cells.is_cut = is_cut
        cells.left_out = self._left_out()
        return cells

    def _hide(self, element: Element) -> None:
        first, last = element.get("min", ""), element.get("max", "")
        if _is_unseen(element, "width") and first.isdecimal() and last.isdecimal():
            self._hidden_columns.update(range(int(first) - 1, min(int(last), _MOST_COLUMNS)))

    def _texts(self, element: Element) -> tuple[list[str], bool]:
        """Return the texts of a row up to its last one, and whether all of them are marked."""
        texts: list[str] = []
        found = marked = 0
        column = -1
        filled: list[tuple[int, str, bool]] = []
        for cell in element:
            reference = cell.get("r")
            column = self._column(reference) if reference else column + 1
            style = self._styles.get(cell.get("s", ""), _NO_STYLE)
            text = self._text(cell, style)
            if self._has_fills and column not in self._hidden_columns:
                filled.append((column, style.fill, bool(text)))
            if not text:
                continue
            place = column
            if self._hidden_columns:
                if column in self._hidden_columns:
                    self._cells.hidden_columns.add(column)
                    if not self._reads_hidden:
                        continue
                    self._cells.hidden.add(self._number)
                elif not self._reads_hidden:
                    place = self._shown_column(column)
            found += 1
            marked += style.is_marked
            if place >= len(texts):
                texts += [""] * (place - len(texts))
                texts.append(text)
            else:
                texts[place] = text
        if filled and element.get("hidden") not in _TRUE:
            self._cells.coloured.add_row(self._number, filled)
        return texts, found == marked > 0

    def _column(self, reference: str) -> int:
        letters = reference.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = column_of(letters) if len(letters) <= 3 and letters.isalpha() else 0
            if not 0 <= column < _MOST_COLUMNS:
                column = 0
            self._columns[letters] = column
        return column

    def _shown_column(self, column: int) -> int:
        if column not in self._shown:
            self._shown[column] = column - bisect_left(self._left_out(), column)
        return self._shown[column]

    def _left_out(self) -> list[int]:
        if self._reads_hidden:
            return []
        if len(self._sorted) != len(self._hidden_columns):
            self._sorted = sorted(self._hidden_columns)
        return self._sorted

    def _text(self, cell: Element, style: CellStyle) -> str:
        """Return what a cell shows."""
        value: str | None = None
        formula: Element | None = None
        for child in cell:
            name = str(child.tag).rpartition("}")[2]
            if name == "v":
                value = child.text
            elif name == "f":
                formula = child
            elif name == "is":
                value = rich_text(child)
        kind = cell.get("t", "n")
        if not value:
            self._cells.uncomputed += formula is not None and kind != "str"
            return ""
        if style.code and _HIDING.fullmatch(style.code):
            self._cells.hidden_cells += 1
            if not self._reads_hidden:
                return ""
            self._cells.hidden.add(self._number)
            style = _NO_STYLE
        match kind:
            case "n":
                if not style.code:
                    return plain_number(value)
                return shown_number(value, style.code, from_1904=self._from_1904)
            case "s":
                number = int(value) if value.isdecimal() else len(self._strings)
                text = self._strings[number] if number < len(self._strings) else ""
                self.is_full |= self._lacks_strings and not text
            case "b":
                return "TRUE" if value == "1" else "FALSE"
            case "str":
                text = unescaped(value)
            case "d":
                return value.removesuffix("T00:00:00")
            case _:
                text = value
        return shown_text(text, style.code).strip() if style.code else text.strip()


def _is_unseen(element: Element, size: str) -> bool:
    """Return whether a row or column is hidden, or of no height or width, which shows as little."""
    return element.get("hidden") in _TRUE or _NOTHING.fullmatch(element.get(size) or "") is not None
