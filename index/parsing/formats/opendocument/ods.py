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
from index.parsing.formats.opendocument.tables import cells_of_row, fills_of_row, table_of_row
from index.parsing.formats.opendocument.text import TextWriter
from index.parsing.tables.sheet_pages import SheetCells, write_sheet
from index.parsing.tables.sheet_tables import Area, SheetHints
from index.parsing.unread.looks import WHITE, is_unseen

(
    _SPREADSHEET, _TABLE, _COLUMN, _SHAPES, _COMMENT, _PROPERTIES, _RANGE, _PARAGRAPH, _TEXT_BOX,
    _FRAME,
) = names(
    "office:spreadsheet", "table:table", "table:table-column", "table:shapes",
    "office:annotation", "style:table-properties", "table:database-range", "text:p",
    "draw:text-box", "draw:frame",
)  # fmt: skip
_UNSEEN = ("collapse", "filter")
_MOST_ROWS = 1 << 20
_MOST_COLUMNS = 1 << 14
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
            sheet = rows.sheets.pop(table, None) or SheetCells(attribute(table, "table:name"))
            _take_columns(table, sheet)
            sheet.is_hidden = _is_hidden(table, package)
            sheet.hints = SheetHints(filtered=frozenset(filtered.get(sheet.name, ())))
            frames = list(table.iter(_FRAME))
            sheet.charts = [chart[0] for frame in frames if (chart := package.chart(frame))]
            write_sheet(sheet, builder, writer.hidden)
            if not sheet.is_hidden:
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
            self.sheets[table] = SheetCells(attribute(table, "table:name"))
            self._next = 0
        if self._next <= _MOST_ROWS and len(self.sheets) <= self._source.limits.max_pages:
            self._read(row, self.sheets[table])
        if next(row.iter(_COMMENT, _FRAME), None) is None:
            row.clear()
        before = row.getprevious()
        if before is not None and before.tag == row.tag and not len(before):
            before.getparent().remove(before)

    def _read(self, element: Element, sheet: SheetCells) -> None:
        row = self._next
        alike = count_of(element, "table:number-rows-repeated", _MOST_ROWS)
        found = [(*place, _written(place[1], self.writer)) for place in cells_of_row(element)]
        if any(text for *_, text in found):
            texts = {column for column, _, _, text in found if text}
            sheet.coloured.add_row(row, fills_of_row(element, self._package, texts))
            if alike > _MOST_ALIKE:
                raise UnreadableDocument(f"a sheet has more than {_MOST_ALIKE:,} rows alike")
            unseen = [place for place in found if _is_unseen(place[1], self._package)]
            for number in range(row, row + alike):
                _put_row(sheet, number, found)
                for start, _, across, _ in unseen:
                    sheet.hidden_cells.update((number, start + each) for each in range(across))
            if attribute(element, "table:visibility") in _UNSEEN:
                sheet.hidden_rows.update(range(row, row + alike))
        self._next += alike


def _is_hidden(table: Element, package: Package) -> bool:
    return any(
        attribute(properties, "table:display") == "false"
        for style in package.chain("table", attribute(table, "table:style-name"))
        for properties in style.iterchildren(_PROPERTIES)
    )


def _take_columns(table: Element, sheet: SheetCells) -> None:
    """Note which columns are hidden."""
    column = 0
    for each in table.iter(_COLUMN):
        alike = count_of(each, "table:number-columns-repeated", _MOST_COLUMNS)
        if attribute(each, "table:visibility") in _UNSEEN:
            sheet.hidden_columns.update(range(column, min(column + alike, _MOST_COLUMNS)))
        column += alike


def _is_unseen(cell: Element, package: Package) -> bool:
    look = package.style("table-cell", attribute(cell, "table:style-name")).look
    return is_unseen(look.colour, look.background or WHITE, look.size)


def _put_row(sheet: SheetCells, row: int, found: list[tuple[int, Element, int, str]]) -> None:
    for column, cell, alike, text in found:
        if not text:
            continue
        for each in range(column, column + alike):
            sheet.put(row, each, text)
        down = count_of(cell, "table:number-rows-spanned", _MOST_ROWS)
        across = count_of(cell, "table:number-columns-spanned", _MOST_COLUMNS)
        if alike == 1 and down * across > 1:
            sheet.merged.append(Area(row, column, row + down - 1, column + across - 1))


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
