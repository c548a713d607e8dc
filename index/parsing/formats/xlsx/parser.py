"""Parser of Excel workbooks; each sheet is a page."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from index.document import TextOrigin
from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.office.embedded_objects import EmbeddedObjects
from index.parsing.formats.office.package import EXCEL, OfficePackage, Relationship
from index.parsing.formats.xlsx.cells import (
    SheetCells,
    Workbook,
    area_of,
    read_cells,
    read_strings,
    unescaped,
)
from index.parsing.formats.xlsx.drawings import DrawingReader
from index.parsing.formats.xlsx.styles import read_styles
from index.parsing.options import HiddenContent
from index.parsing.tables.sheet_tables import Area, SheetHints, write_tables
from index.parsing.unread.hidden import ALL_HIDDEN, HiddenParts
from index.parsing.unread.remarks import counted

_DEFAULT_NAME = re.compile(r"(?:sheet|ark|tabelle|feuil|hoja)\s?\d*", re.IGNORECASE)
_TITLE_ROWS = re.compile(r"\$\d+:\$(\d+)$")
_COPY = "[Threaded comment]"
"""What Excel puts before the copy of a thread that older versions show."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    kind: str
    is_hidden: bool
    title_rows: int


def parse(source: Source) -> Draft:
    package = OfficePackage(source, EXCEL)
    builder = DocumentBuilder(source.limits)
    parser = _Parser(source, package, builder)
    names = parser.write()
    title, metadata = package.properties
    single = len(names) == 1 and not _DEFAULT_NAME.fullmatch(names[0])
    fallback = names[0] if single else source.stem.replace("-", " ").replace("_", " ")
    draft = builder.draft(title=title or fallback, metadata=metadata)
    return replace(draft, enclosed=parser.objects.files)


class _Parser:
    """Writes the sheets of one workbook into a builder, and remarks what was not read."""

    def __init__(self, source: Source, package: OfficePackage, builder: DocumentBuilder) -> None:
        self._source, self._package, self._builder = source, package, builder
        self._relations = package.relations(package.main)
        self._hidden = HiddenParts(builder, source.options)
        self._uncomputed = 0
        self._margins: set[str] = set()
        self._read: set[str] = set()
        root = package.xml(package.main)
        if root is None:
            raise UnreadableDocument("it is damaged: its list of sheets cannot be read")
        properties = root.find("{*}workbookPr")
        from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        styles = read_styles(package.xml(package.target(package.main, "styles", "xl/styles.xml")))
        strings_part = package.target(package.main, "sharedStrings", "xl/sharedStrings.xml")
        strings = read_strings(package.open(strings_part), source.limits.max_characters)
        if strings.is_damaged and strings_part in package:
            package.note_damage(strings_part)
        self._workbook = Workbook(strings, styles, from_1904)
        self._title_rows = {
            each.get("localSheetId", ""): int(found[1])
            for each in root.iterfind("{*}definedNames/{*}definedName")
            if each.get("name") == "_xlnm.Print_Titles"
            and (found := _TITLE_ROWS.search(each.text or ""))
        }
        self._sheets = [
            self._sheet(number, each.attrib)
            for number, each in enumerate(root.iterfind("{*}sheets/{*}sheet"))
        ]
        shown = {sheet.name for sheet in self._sheets if not sheet.is_hidden}
        self.objects = EmbeddedObjects(source)
        self._drawings = DrawingReader(package, builder, shown, self.objects, self._hidden)

    def write(self) -> list[str]:
        """Add all sheets, each as a page, and return the names of those that are read."""
        names, written = [], False
        with self._builder.within_limit("sheet"):
            for sheet in self._builder.first(self._sheets, "sheets"):
                if sheet.is_hidden and not self._hidden.reads(HiddenContent.HIDDEN):
                    place = f"“{sheet.name}”"
                    self._hidden.left_out(HiddenContent.HIDDEN, "hidden sheet", place=place)
                    self._builder.page_break()
                    continue
                names.append(sheet.name)
                origin = TextOrigin.HIDDEN if sheet.is_hidden else TextOrigin.BODY
                with self._builder.origin(origin):
                    written |= self._write_sheet(sheet)
                self._builder.page_break()
        self._remark()
        if not (written or self._builder.length) and not self.objects.files:
            self._refuse()
        return names

    def _sheet(self, number: int, attributes: Mapping[str, str]) -> _Sheet:
        target = next((v for name, v in attributes.items() if name.endswith("}id")), "")
        # Where the list of parts is lost, the parts still have the names that Excel gives them.
        usual = Relationship("worksheet", f"xl/worksheets/sheet{number + 1}.xml", external=False)
        relation = self._relations.get(target, usual)
        return _Sheet(
            one_line(attributes.get("name", "")),
            relation.target,
            relation.kind,
            attributes.get("state", "visible") != "visible",
            self._title_rows.get(str(number), 0),
        )

    def _write_sheet(self, sheet: _Sheet) -> bool:
        """Add a sheet's name as its heading, and all that it shows; return whether there is any."""
        builder, length = self._builder, self._builder.length
        known = sheet.kind in ("worksheet", "chartsheet") and sheet.part in self._package
        if not known or sheet.part in self._read:
            self._hidden.lost("damaged sheet", f"“{sheet.name}”")
            return False
        self._read.add(sheet.part)
        relations = self._package.relations(sheet.part)
        cells = SheetCells()
        if sheet.kind == "worksheet":
            cells = read_cells(self._package.open(sheet.part), self._workbook, self._source)
            self._count(sheet, cells)
        drawings = self._drawings.of(sheet.name, relations, cells.icons)
        comments = self._comments(relations.values())
        if not self._hidden.reads(HiddenContent.COMMENTS):
            self._hidden.left_out(
                HiddenContent.COMMENTS, "comment", len(comments), place=f"sheet {sheet.name}"
            )
            comments = []
        if not (cells.rows or drawings or comments):
            return False
        builder.heading(sheet.name, 2)
        length = builder.length
        write_tables(
            builder,
            cells.rows,
            merged=[place for area in cells.merged if (place := cells.place(area))],
            hints=self._hints(sheet, cells, relations.values()),
            numbers=array("I", (number + 1 for number in cells.numbers)),
        )
        for write in drawings:
            write()
        with builder.origin(TextOrigin.MARGIN):
            for line in cells.margins:
                if line not in self._margins:
                    self._margins.add(line)
                    builder.paragraph(line)
        for comment in comments:
            self._hidden.write(HiddenContent.COMMENTS, "comment", comment)
        return builder.length > length

    def _hints(
        self, sheet: _Sheet, cells: SheetCells, relations: Iterable[Relationship]
    ) -> SheetHints:
        tables: list[tuple[Area, int]] = []
        for relation in relations:
            root = self._package.xml(relation.target) if relation.kind == "table" else None
            area = area_of(root.get("ref")) if root is not None else None
            if root is not None and area is not None and (place := cells.place(area)):
                headers = root.get("headerRowCount", "1")
                tables.append((place, int(headers) if headers.isdecimal() else 1))
        frozen = max(cells.frozen, sheet.title_rows)
        return SheetHints(
            tables=tuple(tables),
            filtered=frozenset(
                place.top for row in cells.filtered if (place := cells.place(Area(row, 0, row, 0)))
            ),
            marked=frozenset(cells.marked),
            frozen=sum(number < frozen for number in cells.numbers[:frozen]),
            hidden=frozenset(
                place for place, number in enumerate(cells.numbers) if number in cells.hidden
            )
            if cells.hidden
            else frozenset(),
        )

    def _comments(self, relations: Iterable[Relationship]) -> list[str]:
        """Return the comments on a sheet, threads before notes."""
        found: list[str] = []
        for kind in ("threadedComment", "comments"):
            for relation in relations:
                if relation.kind != kind or (root := self._package.xml(relation.target)) is None:
                    continue
                for each in root.iter("{*}threadedComment", "{*}comment"):
                    texts = each.iter("{*}t") if kind == "comments" else each.iter("{*}text")
                    text = unescaped("".join(part.text or "" for part in texts)).strip()
                    if text and not text.startswith(_COPY):
                        found.append(text)
        return found

    def _count(self, sheet: _Sheet, cells: SheetCells) -> None:
        self._uncomputed += cells.uncomputed
        if not self._hidden.reads(HiddenContent.HIDDEN):
            for name, count in (
                ("hidden row", cells.hidden_rows),
                ("hidden column", len(cells.hidden_columns)),
                ("hidden cell", cells.hidden_cells),
            ):
                self._hidden.left_out(
                    HiddenContent.HIDDEN, name, count, place=f"sheet {sheet.name}"
                )
        cells.coloured.remark(self._hidden, f"sheet {sheet.name}", cells.merged)
        if cells.is_cut:
            self._package.note_damage(sheet.part)

    def _remark(self) -> None:
        self._hidden.remark()
        if self._uncomputed:
            have = counted(self._uncomputed, "formula has", "formulas have")
            self._builder.remark(f"{have} no saved result and could not be read.")
        self._package.remark_damage(self._builder)

    def _refuse(self) -> None:
        if self._uncomputed:
            raise UnreadableDocument(
                "its cells are formulas without saved results; open it in a spreadsheet program "
                "and save it there"
            )
        if self._hidden.leaves_out:
            raise UnreadableDocument(ALL_HIDDEN)
        if self._package.damaged:
            raise UnreadableDocument("it is damaged: none of its sheets can be read")
        held = self._hidden.all_lost()
        raise UnreadableDocument(
            f"its sheets hold nothing but {held}" if held else "its sheets are empty"
        )
