"""Parser of Excel workbooks, through openpyxl; each sheet is a page."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import openpyxl

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.dates import iso_moment
from index.parsing.draft import Draft, Source
from index.parsing.formats.office import EXCEL, OfficePackage, opened

__all__ = ["parse"]

# A formula without a stored value: the program that wrote the file never computed it.
_UNCOMPUTED = re.compile(rb"(?:</(?:x:)?f>|<(?:x:)?f\b[^>]*/>)(?:<v\s*/>|<v></v>)?</(?:x:)?c>")
_MOST_CELLS = 20_000_000
"""Counts empty cells too: a row with only its last column filled has 16,384 of them."""
_MOST_ROWS = 1 << 20  # Excel's own limit
_DEFAULT_NAME = re.compile(r"(?:sheet|ark|tabelle|feuil|hoja)\s?\d*", re.IGNORECASE)


def parse(source: Source) -> Draft:
    builder = DocumentBuilder(source.limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns about every extension that it leaves out
        workbook = opened(source, EXCEL, _load, builder)
    try:
        if len(workbook.worksheets) > source.limits.max_pages:
            raise UnreadableDocument(f"it has more than {source.limits.max_pages:,} sheets")
        written = [_write_sheet(sheet, builder, source) for sheet in workbook.worksheets]
        title, metadata = OfficePackage(source, EXCEL).properties
        names = [str(sheet.title) for sheet in workbook.worksheets]
    finally:
        workbook.close()
    uncomputed = _uncomputed(source.data)
    if not any(written):
        raise UnreadableDocument(
            "its cells are formulas without saved results; open it in a spreadsheet program and "
            "save it there"
            if uncomputed
            else "its sheets are empty"
        )
    if uncomputed:
        cells = "1 formula has" if uncomputed == 1 else f"{uncomputed:,} formulas have"
        builder.remark(f"{cells} no saved result and could not be read.")
    single = len(names) == 1 and not _DEFAULT_NAME.fullmatch(names[0])
    fallback = names[0] if single else source.stem.replace("-", " ").replace("_", " ")
    return builder.draft(title=title or fallback, metadata=metadata)


def _load(file: IO[bytes]) -> Any:
    return openpyxl.load_workbook(file, read_only=True, data_only=True)


def _write_sheet(sheet: Any, builder: DocumentBuilder, source: Source) -> bool:
    """Add heading, single cells above the table, and the table; return whether there is any."""
    # The stored size may be wrong, and it may pad each row to thousands of cells.
    sheet.reset_dimensions()
    rows = list(_rows(sheet, source.limits.max_characters))
    if rows:
        builder.heading(sheet.title, 2)
    columns = _used(rows)
    table = [[row[column] if column < len(row) else "" for column in columns] for row in rows]
    while len(columns) > 1 and len(table) > 1 and sum(map(bool, table[0])) == 1:
        builder.paragraph(" ".join(filter(None, table.pop(0))))
    builder.table(table, header_rows=1)
    builder.page_break()
    return bool(rows)


def _rows(sheet: Any, max_characters: int) -> Iterator[list[str]]:
    """Yield the rows with text; a small file that unfolds to too much is refused on the way."""
    cells = characters = 0
    for number, row in enumerate(sheet.iter_rows()):
        if number >= _MOST_ROWS:
            raise UnreadableDocument(f"a sheet has more than {_MOST_ROWS:,} rows")
        cells += len(row)
        written = [_written(cell) for cell in row]
        characters += sum(map(len, written))
        if cells > _MOST_CELLS:
            raise UnreadableDocument(f"a sheet spreads over more than {_MOST_CELLS:,} cells")
        if characters > max_characters:
            raise UnreadableDocument(f"it holds more than {max_characters:,} characters")
        if any(written):
            yield written


def _used(rows: Iterable[list[str]]) -> list[int]:
    return sorted({column for row in rows for column, cell in enumerate(row) if cell})


def _written(cell: Any) -> str:
    """Return a cell's value as a person would write it."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "TRUE" if value else "FALSE"
        case int(value) | float(value) if "%" in str(cell.number_format or ""):
            return f"{value * 100:.10g}%"
        case float(value):
            return f"{value:.15g}"
        case datetime() | date() as moment:
            return iso_moment(moment)
        case time() as moment:
            return moment.isoformat(timespec="minutes" if not moment.second else "seconds")
        case timedelta() as span:
            return str(span)
        case value:
            return one_line(str(value))


def _uncomputed(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return sum(len(_UNCOMPUTED.findall(package.read(name))) for name in sheets)
