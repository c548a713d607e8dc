"""Cells of one sheet of an Excel workbook, read row by row, so that long sheets need little memory.

The libraries that do so were measured: they take two to five times as long, or know nothing of
number formats and of what is hidden (docs/DEPENDENCIES.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from lxml import etree
from lxml.etree import _Element as Element

from index.parsing.draft import Source
from index.parsing.formats.numbers.formats import (
    hides_text,
    plain_number,
    shown_number,
    shown_text,
)
from index.parsing.formats.office.drawing_text import local_name
from index.parsing.formats.office.package import BROKEN
from index.parsing.formats.xlsx.styles import CellStyle
from index.parsing.tables.sheet_cells import MOST_COLUMNS, Cell, SheetCells
from index.parsing.tables.sheet_tables import Area
from index.parsing.text.scripts import HEIGHTS, with_scripts

_MOST_AREAS = 500_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_DIGITS = "0123456789"
_PARTS = re.compile(r"(?<!&)&[LCR]")
_CHANGING = re.compile(r"&[PNDTFAZ]", re.IGNORECASE)
"""A page's number, the day of printing, the name of the file or the sheet."""
_MARK = re.compile(r"&(?:&|\"[^\"]*\"|\d{1,3}|K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|[A-Z])", re.IGNORECASE)
_NO_STYLE = CellStyle()
_NOTHING = re.compile(r"(?=\.?\d)0*(?:\.(?:[0-4]\d*)?)?")
"""A height in points, or a width in characters, of which nobody sees anything: less than half."""
_TRUE = ("1", "true")
_TEXTS = ("s", "str", "inlineStr")
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
class Sheet:
    """The cells of a sheet, and what is said besides.

    `margins` are the lines that are printed above and below the pages, `icons` the relations of
    objects shown as such, and `uncomputed` counts formulas without a result.
    """

    cells: SheetCells
    margins: list[str] = field(default_factory=list)
    icons: set[str] = field(default_factory=set)
    uncomputed: int = 0
    is_cut: bool = False


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


def read_sheet(file: IO[bytes], workbook: Workbook, source: Source) -> Sheet:
    """Return a sheet; a small file that unfolds to too much is refused on the way."""
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
        reader.sheet.is_cut = True
    return reader.sheet


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
        self.sheet = Sheet(SheetCells(source.options))
        self._strings, self._styles = workbook.strings.texts, workbook.styles
        self._has_fills = any(style.fill for style in workbook.styles.values())
        self._lacks_strings = workbook.strings.is_cut
        self._from_1904 = workbook.from_1904
        self._limit = source.limits.max_characters
        self._columns: dict[str, int] = {}
        self._number = -1
        self.is_full = False

    def row(self, element: Element) -> None:
        written = element.get("r", "")
        self._number = int(written) - 1 if written.isdecimal() else self._number + 1
        found: list[Cell] = []
        filled: list[tuple[int, str, bool]] = []
        column = -1
        for cell in element:
            reference = cell.get("r")
            column = self._column(reference) if reference else column + 1
            style = self._styles.get(cell.get("s", ""), _NO_STYLE)
            text = self._text(cell, style)
            if self._has_fills:
                filled.append((column, style.fill, bool(text)))
            if text:
                found.append((column, text, style.is_marked))
        cells = self.sheet.cells
        cells.add_row(self._number, found, filled, is_hidden=_is_unseen(element, "ht"))
        self.is_full |= cells.characters > self._limit

    def other(self, name: str, element: Element) -> None:
        """Keep what is said of the cells outside of them."""
        sheet, cells = self.sheet, self.sheet.cells
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
            sheet.icons.update(str(v) for key, v in element.attrib.items() if key.endswith("}id"))
        elif name == "headerFooter":
            sheet.margins = [line for child in element for line in _margin_lines(child.text or "")]

    def _hide(self, element: Element) -> None:
        first, last = element.get("min", ""), element.get("max", "")
        if _is_unseen(element, "width") and first.isdecimal() and last.isdecimal():
            self.sheet.cells.hide_columns(range(int(first) - 1, min(int(last), MOST_COLUMNS)))

    def _column(self, reference: str) -> int:
        letters = reference.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = column_of(letters) if len(letters) <= 3 and letters.isalpha() else 0
            if not 0 <= column < MOST_COLUMNS:
                column = 0
            self._columns[letters] = column
        return column

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
            self.sheet.uncomputed += formula is not None and kind != "str"
            return ""
        if style.code and (
            _HIDING.fullmatch(style.code) or (kind in _TEXTS and hides_text(style.code))
        ):
            if not self.sheet.cells.shows_hidden_cell(self._number):
                return ""
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
