"""Parser of Excel workbooks; each sheet is a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from index.document import TextOrigin
from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.office.embedded_objects import EmbeddedObjects
from index.parsing.formats.office.package import EXCEL, OfficePackage, Relationship
from index.parsing.formats.xlsx.cells import (
    Sheet,
    Workbook,
    area_of,
    read_sheet,
    read_strings,
    unescaped,
)
from index.parsing.formats.xlsx.drawings import DrawingReader
from index.parsing.formats.xlsx.styles import read_styles
from index.parsing.options import HiddenContent
from index.parsing.tables.sheet_cells import SheetCells
from index.parsing.tables.sheet_tables import Area
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
        found = Sheet(SheetCells(self._source.options))
        if sheet.kind == "worksheet":
            found = read_sheet(self._package.open(sheet.part), self._workbook, self._source)
            found.cells.remark(self._hidden, sheet.name)
            self._uncomputed += found.uncomputed
            if found.is_cut:
                self._package.note_damage(sheet.part)
        drawings = self._drawings.of(sheet.name, relations, found.icons)
        comments = self._comments(relations.values())
        if not self._hidden.reads(HiddenContent.COMMENTS):
            self._hidden.left_out(
                HiddenContent.COMMENTS, "comment", len(comments), place=f"sheet {sheet.name}"
            )
            comments = []
        if not (found.cells.has_text or drawings or comments):
            return False
        builder.heading(sheet.name, 2)
        length = builder.length
        found.cells.write(builder, list(self._tables(relations.values())), sheet.title_rows)
        for write in drawings:
            write()
        with builder.origin(TextOrigin.MARGIN):
            for line in found.margins:
                if line not in self._margins:
                    self._margins.add(line)
                    builder.paragraph(line)
        for comment in comments:
            self._hidden.write(HiddenContent.COMMENTS, "comment", comment)
        return builder.length > length

    def _tables(self, relations: Iterable[Relationship]) -> Iterator[tuple[Area, int]]:
        """Yield the areas that the file calls tables, with the number of their header rows."""
        for relation in relations:
            root = self._package.xml(relation.target) if relation.kind == "table" else None
            area = area_of(root.get("ref")) if root is not None else None
            if root is not None and area is not None:
                headers = root.get("headerRowCount", "1")
                yield area, int(headers) if headers.isdecimal() else 1

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
