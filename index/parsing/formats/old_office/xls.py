"""Parser of old Excel workbooks (.xls), through xlrd; each sheet is a page."""

from __future__ import annotations

import io
import re
from typing import Any

import xlrd

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.numbers.formats import shown_number, shown_text
from index.parsing.formats.old_office.ole import OleFile, is_ole, parse_as_what_it_is
from index.parsing.formats.old_office.xls_charts import titles_of_charts
from index.parsing.options import HiddenContent
from index.parsing.tables.sheet_cells import Cell, SheetCells, write_sheet
from index.parsing.tables.sheet_tables import Area
from index.parsing.unread.hidden import HiddenParts

_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08]")
"""How a workbook begins that is not packed in an OLE file: one of Excel 2 to 4."""
_WHITE = (1, 9, 65)
"""Numbers of colours that are white, unless a file changes its palette."""
_OBJECT = "MBD"
"""How the names of storages begin that hold embedded objects."""
_ERRORS = xlrd.error_text_from_code


def parse(source: Source) -> Draft:
    if not is_ole(source.data) and not _BIFF.match(source.data):
        return parse_as_what_it_is(source, "an Excel workbook")
    workbook = _opened(source)
    builder = DocumentBuilder(source.limits)
    hidden = HiddenParts(builder, source.options)
    title, metadata = "", dict[str, str]()
    charts: dict[str, list[str]] = {}
    if is_ole(source.data):
        file = OleFile(source)
        charts = titles_of_charts(file.read("Workbook") or file.read("Book"))
        count = sum(name.startswith(_OBJECT) for name in file.storages())
        hidden.lost("embedded object", count=count)
        title, metadata = file.properties()
    with builder.within_limit("sheet"):
        for number in builder.first(range(workbook.nsheets), "sheets"):
            sheet = workbook.sheet_by_index(number)
            cells = _cells(sheet, workbook, source)
            titles = charts.pop(sheet.name, [])
            is_hidden = bool(sheet.visibility)
            write_sheet(sheet.name, cells, builder, hidden, charts=titles, is_hidden=is_hidden)
            if not is_hidden:
                _write_notes(sheet, hidden)
            builder.page_break()
            workbook.unload_sheet(number)
        for name, titles in charts.items():  # of sheets that are nothing else
            write_sheet(name, SheetCells(source.options), builder, hidden, charts=titles)
            builder.page_break()
    hidden.remark()
    return builder.draft(title=title, metadata=metadata)


def _opened(source: Source) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=source.data, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as exc:
        if "encrypted" in str(exc).lower():
            raise UnreadableDocument("it is protected by a password") from exc
        raise


def _cells(sheet: Any, workbook: Any, source: Source) -> SheetCells:
    cells = SheetCells(source.options)
    cells.hide_columns(column for column, info in sheet.colinfo_map.items() if info.hidden)
    cells.merged = [
        Area(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
    ]
    hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    for row in range(sheet.nrows):
        found: list[Cell] = []
        filled: list[tuple[int, str, bool]] = []
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            text = _written(cell, workbook)
            filled.append((column, _fill(cell, workbook), bool(text)))
            if text:
                found.append((column, text, False))
        cells.add_row(row, found, filled if found else (), is_hidden=row in hidden_rows)
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


def _fill(cell: Any, workbook: Any) -> str:
    styles = workbook.xf_list
    if cell.xf_index is None or cell.xf_index >= len(styles):
        return ""
    ground = styles[cell.xf_index].background
    is_plain = not ground.fill_pattern or ground.pattern_colour_index in _WHITE
    return "" if is_plain else f"{ground.fill_pattern} {ground.pattern_colour_index}"


def _write_notes(sheet: Any, hidden: HiddenParts) -> None:
    for _, note in sorted(sheet.cell_note_map.items()):
        hidden.write(HiddenContent.COMMENTS, "comment", note.text, f"sheet {sheet.name}")
