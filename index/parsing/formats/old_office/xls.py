"""Parser of old Excel workbooks (.xls), through xlrd; each sheet is a page."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import partial
from typing import Any

import xlrd

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.numbers.formats import shown_number, shown_text
from index.parsing.formats.office.embedded_objects import EmbeddedObjects
from index.parsing.formats.old_office.ole import OleFile, is_ole, parse_as_what_it_is
from index.parsing.formats.old_office.xls_objects import sheet_objects
from index.parsing.options import HiddenContent
from index.parsing.tables.sheet_pages import SheetCells, write_sheet
from index.parsing.tables.sheet_tables import Area
from index.parsing.unread.hidden import HiddenParts

__all__ = ["parse"]

_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08]")
"""How a workbook begins that is not packed in an OLE file: one of Excel 2 to 4."""
_ERRORS = xlrd.error_text_from_code


def parse(source: Source) -> Draft:
    if not is_ole(source.data) and not _BIFF.match(source.data):
        return parse_as_what_it_is(source, "an Excel workbook")
    workbook = _opened(source)
    builder = DocumentBuilder(source.limits)
    hidden = HiddenParts(builder, source.options)
    with builder.within_limit("sheet"):
        for number in builder.first(range(workbook.nsheets), "sheets"):
            sheet = workbook.sheet_by_index(number)
            write_sheet(_cells(sheet, workbook), builder, hidden)
            if not sheet.visibility:
                _write_notes(sheet, hidden)
            workbook.unload_sheet(number)
    objects = EmbeddedObjects(source)
    title, metadata = "", dict[str, str]()
    if is_ole(source.data):
        file = OleFile(source)
        _take_objects(file, objects, hidden)
        title, metadata = file.properties()
    hidden.remark()
    return replace(builder.draft(title=title, metadata=metadata), enclosed=objects.files)


def _take_objects(file: OleFile, objects: EmbeddedObjects, hidden: HiddenParts) -> None:
    storages = {name for name in file.storages() if name.startswith("MBD")}
    stream = (file.read("Workbook") or file.read("Book")) if storages else b""
    for each in sheet_objects(stream):
        if each.storage in storages:
            find = partial(file.file_in, (each.storage,))
            if not objects.take(each.storage, find, is_icon=each.is_icon):
                hidden.lost("embedded object")


def _opened(source: Source) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=source.data, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as exc:
        if "encrypted" in str(exc).lower():
            raise UnreadableDocument("it is protected by a password") from exc
        raise


def _cells(sheet: Any, workbook: Any) -> SheetCells:
    cells = SheetCells(sheet.name, is_hidden=bool(sheet.visibility))
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            if text := _written(sheet.cell(row, column), workbook):
                cells.put(row, column, text)
    cells.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    cells.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    cells.merged = [
        Area(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
    ]
    return cells


def _written(cell: Any, workbook: Any) -> str:
    """Return a cell's value as its format shows it."""
    match cell.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return ""
        case xlrd.XL_CELL_TEXT:
            return one_line(shown_text(cell.value, _format_of(cell, workbook)))
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return str(_ERRORS.get(cell.value, "#N/A"))
    code = _format_of(cell, workbook)
    return shown_number(repr(cell.value), code, from_1904=bool(workbook.datemode))


def _format_of(cell: Any, workbook: Any) -> str:
    known = workbook.format_map.get(workbook.xf_list[cell.xf_index].format_key)
    return str(known.format_str or "") if known is not None else ""


def _write_notes(sheet: Any, hidden: HiddenParts) -> None:
    for _, note in sorted(sheet.cell_note_map.items()):
        hidden.write(HiddenContent.COMMENTS, "comment", note.text, f"sheet {sheet.name}")
