"""Parser of OpenDocument spreadsheets (.ods), through lxml; each sheet is a page.

The file holds the text of each cell as the program shows it beside its value, and the text is read.
"""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Source
from index.parsing.formats.opendocument.lists import ListStyles
from index.parsing.formats.opendocument.package import Package, attribute, count_of, names
from index.parsing.formats.opendocument.tables import (
    cells_of_row,
    fills_of_row,
    hidden_columns,
    is_out_of_sight,
    table_of_row,
)
from index.parsing.formats.opendocument.text import TextWriter
from index.parsing.tables.sheet_cells import (
    MOST_COLUMNS,
    MOST_ROWS,
    SheetCells,
    write_sheet,
)
from index.parsing.tables.sheet_tables import Area
from index.parsing.unread.looks import WHITE, is_unseen

(
    _SPREADSHEET, _TABLE, _SHAPES, _COMMENT, _PROPERTIES, _RANGE, _PARAGRAPH, _TEXT_BOX,
    _FRAME,
) = names(
    "office:spreadsheet", "table:table", "table:shapes",
    "office:annotation", "style:table-properties", "table:database-range", "text:p",
    "draw:text-box", "draw:frame",
)  # fmt: skip
_MOST_ALIKE = 10_000
_ADDRESS = re.compile(r"\$?(?:'(?P<quoted>[^']*)'|(?P<plain>[^.$]*))\.\$?[A-Z]+\$?(?P<row>\d{1,7})")


def parse(source: Source) -> Draft:
    package = Package(source, "an OpenDocument spreadsheet")
    builder = DocumentBuilder(source.limits)
    rows = _Rows(package, builder, source, package.xml("styles.xml"))
    body = next(package.stream(rows.begin, rows.take).iter(_SPREADSHEET), None)
    if body is None:
        raise package.of_another_kind()
    writer = rows.writer
    filtered = _filtered(body)
    with builder.within_limit("sheet"):
        for table in builder.first(list(body.iterchildren(_TABLE)), "sheets"):
            name, is_hidden = attribute(table, "table:name"), _is_hidden(table, package)
            sheet = rows.sheets.pop(table, None) or SheetCells(source.options)
            sheet.filtered = sorted(filtered.get(name, ()))
            frames = list(table.iter(_FRAME))
            charts = [chart[0] for frame in frames if (chart := package.chart(frame))]
            write_sheet(name, sheet, builder, writer.hidden, charts=charts, is_hidden=is_hidden)
            if not is_hidden:
                comments = list(table.iter(_COMMENT))
                boxes = [
                    box for shapes in table.iterchildren(_SHAPES) for box in shapes.iter(_TEXT_BOX)
                ]
                writer.write([*boxes, *comments])
                for frame in frames:
                    if package.chart(frame) is None:
                        writer.note_objects(frame)
            builder.page_break()
    writer.finish()
    title, metadata = package.properties()
    return builder.draft(title=title, metadata=metadata)


class _Rows:
    """Takes the texts of rows while the file is read, and empties them; `sheets` is what they give.

    The XML of a cell is ten times as large as its text.
    """

    sheets: dict[Element, SheetCells]
    writer: TextWriter

    def __init__(
        self, package: Package, builder: DocumentBuilder, source: Source, styles: Element | None
    ) -> None:
        self._package = package
        self._builder = builder
        self._source = source
        self._styles = [] if styles is None else [styles]
        self._next = 0

    def begin(self, content: Element) -> None:
        lists = ListStyles(*self._styles, content)
        self.writer = TextWriter(self._package, lists, self._builder, self._source)
        self.sheets = {}

    def take(self, row: Element) -> None:
        table = table_of_row(row)
        above = None if table is None else table.getparent()
        if table is None or above is None or above.tag != _SPREADSHEET:
            return
        if table not in self.sheets:
            sheet = self.sheets[table] = SheetCells(self._source.options)
            sheet.hide_columns(hidden_columns(table))
            self._next = 0
        if self._next < MOST_ROWS and len(self.sheets) <= self._source.limits.max_pages:
            self._read(row, self.sheets[table])
        if next(row.iter(_COMMENT, _FRAME), None) is None:
            row.clear()
        before = row.getprevious()
        if before is not None and before.tag == row.tag and not len(before):
            before.getparent().remove(before)

    def _read(self, element: Element, sheet: SheetCells) -> None:
        row = self._next
        alike = count_of(element, "table:number-rows-repeated", MOST_ROWS)
        self._next += alike
        found = [
            (column, cell, across, text)
            for column, cell, across in cells_of_row(element)
            if (text := _written(cell, self.writer))
        ]
        if not found:
            return
        if alike > _MOST_ALIKE:
            raise UnreadableDocument(f"a sheet has more than {_MOST_ALIKE:,} rows alike")
        is_hidden = is_out_of_sight(element)
        unseen = {column for column, cell, *_ in found if _is_unseen(cell, self._package)}
        fills = list(fills_of_row(element, self._package, {column for column, *_ in found}))
        for number in range(row, row + alike):
            cells = [
                (column, text, False)
                for start, _, across, text in found
                for column in range(start, start + across)
                if start not in unseen or sheet.shows_hidden_cell(number)
            ]
            sheet.add_row(number, cells, () if number > row else fills, is_hidden=is_hidden)
            sheet.merged += (
                area
                for start, cell, across, _ in found
                if (area := _area(cell, number, start, across))
            )


def _is_hidden(table: Element, package: Package) -> bool:
    return any(
        attribute(properties, "table:display") == "false"
        for style in package.chain("table", attribute(table, "table:style-name"))
        for properties in style.iterchildren(_PROPERTIES)
    )


def _is_unseen(cell: Element, package: Package) -> bool:
    look = package.style("table-cell", attribute(cell, "table:style-name")).look
    return is_unseen(look.colour, look.background or WHITE, look.size)


def _area(cell: Element, row: int, column: int, alike: int) -> Area | None:
    """Return what a merged cell covers."""
    down = count_of(cell, "table:number-rows-spanned", MOST_ROWS)
    across = count_of(cell, "table:number-columns-spanned", MOST_COLUMNS)
    is_merged = alike == 1 and down * across > 1
    return Area(row, column, row + down - 1, column + across - 1) if is_merged else None


def _written(cell: Element, writer: TextWriter) -> str:
    """Return a cell's text as it is shown, or its value where the file has no text of it."""
    if len(cell) == 1 and cell[0].tag == _PARAGRAPH and not len(cell[0]):
        text = str(cell[0].text or "")
    else:
        text = writer.line(cell)
    if text.strip():
        return text.strip()
    value = attribute(cell, "office:value")
    match attribute(cell, "office:value-type"):
        case "percentage" if value:
            return f"{float(value) * 100:.10g}%"
        case "date":
            return attribute(cell, "office:date-value")
        case "time":
            return attribute(cell, "office:time-value")
        case "boolean":
            return attribute(cell, "office:boolean-value").upper()
        case "string":
            return attribute(cell, "office:string-value")
        case _:
            return value


def _filtered(body: Element) -> dict[str, set[int]]:
    """Return the rows with the buttons of a filter, by the names of their sheets."""
    found: dict[str, set[int]] = {}
    for each in body.iter(_RANGE):
        address = _ADDRESS.match(attribute(each, "table:target-range-address"))
        if address and attribute(each, "table:display-filter-buttons") == "true":
            name = address["quoted"] or address["plain"] or ""
            found.setdefault(name, set()).add(int(address["row"]) - 1)
    return found
