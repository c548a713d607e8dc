"""Parser of Word documents: from the parts of the package to blocks in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from lxml.etree import _Element as Element

from index.document import TextOrigin
from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.docx.headings import Headings
from index.parsing.formats.docx.inserted import inserted
from index.parsing.formats.docx.notes import NoteParts, margins
from index.parsing.formats.docx.numbering import Numbering
from index.parsing.formats.docx.styles import WordStyles
from index.parsing.formats.docx.tables import CellText, cells_of_table, flowing_cells
from index.parsing.formats.docx.text import (
    NoteReference,
    ParagraphReader,
    ParagraphText,
    is_shown,
    joins_next,
)
from index.parsing.formats.docx.xml import W, blocks_of, child
from index.parsing.formats.office.charts import read_chart, write_chart
from index.parsing.formats.office.drawing_text import write_diagram
from index.parsing.formats.office.embedded_objects import EmbeddedObjects
from index.parsing.formats.office.flow import FlowWriter
from index.parsing.formats.office.package import WORD, OfficePackage
from index.parsing.options import HiddenContent
from index.parsing.tables.grid import header_rows_of, spread, without_captions
from index.parsing.tables.written_tables import MOST_INNER_CELLS, NestedTable, write_table
from index.parsing.text.list_numbers import BULLET
from index.parsing.unread.hidden import HiddenParts

_DAMAGED = "it is damaged, or not a Word document"


def parse(source: Source) -> Draft:
    package = OfficePackage(source, WORD)
    root = package.xml(package.main)
    body = child(root, "body")
    if body is None:
        raise UnreadableDocument(_DAMAGED)
    builder = DocumentBuilder(source.limits)
    objects = EmbeddedObjects(source)
    _Flow(package, body, builder, source, objects).write()
    if not builder.length and package.main in package.damaged:
        raise UnreadableDocument(_DAMAGED)
    title, metadata = package.properties
    package.remark_damage(builder)
    return replace(builder.draft(title=title, metadata=metadata), enclosed=objects.files)


class _Flow:
    def __init__(
        self,
        package: OfficePackage,
        body: Element,
        builder: DocumentBuilder,
        source: Source,
        objects: EmbeddedObjects,
    ) -> None:
        self._package, self._body = package, body
        self._builder, self._objects = builder, objects
        self._source = source
        self._hidden = HiddenParts(builder, source.options)
        self._relations = package.relations(package.main)
        self._settings = self._part("settings")
        self._styles = WordStyles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"), self._styles)
        self._notes = NoteParts(package, self._settings, body)
        self._reader = ParagraphReader(self._styles, self._notes.mark)
        if child(body.getparent(), "background") is not None:
            self._reader.page_colour = ""
        self._below = ""
        """Where what is not read stands: below the last heading."""
        self._endnotes: list[NoteReference] = []
        self._flow = FlowWriter(builder, self._hidden)
        self._later: list[ParagraphText] = []
        self._tables: list[Element] = []
        self._headings = Headings(self._styles.used_in(body))

    def write(self) -> None:
        with self._builder.within_limit():
            self._write_blocks(self._body)
            for note in self._endnotes:
                self._write_note(note)
            self._write_margins()
        self._hidden.remark()
        if not self._builder.length and "picture" in self._hidden.all_lost():
            raise UnreadableDocument("it holds pictures and no text")

    def _part(self, kind: str) -> Element | None:
        return self._package.xml(self._package.target(self._package.main, kind))

    def _related(self, name: str) -> Element | None:
        relation = self._relations.get(name)
        return None if relation is None else self._package.xml(relation.target)

    # Blocks

    def _write_blocks(self, parent: Element, *, in_table: bool = False) -> None:
        blocks = self._read_blocks(parent, in_table=in_table)
        current = next(blocks, None)
        while current is not None:
            if isinstance(current, ParagraphText):
                following = next(blocks, None)
                below = following if isinstance(following, ParagraphText) else None
                self._write_paragraph(current, below)
            else:  # written before what follows is read, since notes are counted in order
                self._write_block(current)
                following = next(blocks, None)
            current = following

    def _read_blocks(self, parent: Element, *, in_table: bool) -> Iterator[Element | ParagraphText]:
        """Yield the blocks, paragraphs as what they hold.

        A paragraph whose end was deleted joins the next one.
        """
        carried: ParagraphText | None = None
        for element in blocks_of(parent):
            if element.tag != f"{W}p":
                if carried is not None:
                    yield carried
                    carried = None
                yield element
                continue
            if not len(element):
                continue
            text = self._reader.read(element, in_table=in_table)
            if carried is not None:
                carried.join(text)
                text = carried
            if joins_next(text):
                carried = text
                continue
            carried = None
            yield text
        if carried is not None:
            yield carried

    def _write_block(self, element: Element) -> None:
        if element.tag == f"{W}tbl":
            self._write_table(element)
        else:
            self._write_inserted(element)

    def _write_paragraph(self, text: ParagraphText, following: ParagraphText | None) -> None:
        style = text.style
        words = text.text()
        place = self._numbering.place(text.properties, style)
        marker = self._numbering.count(*place) if place and is_shown(text) else ""
        if not words.strip():
            pass
        elif level := self._headings.level(
            text,
            following,
            numbered=place is not None,
            first=not self._builder.length,
        ):
            self._below = f"below “{one_line(words)}”"
            self._flow.heading(words, level, marker, text.runs())
        else:
            name, depth = (place[0], place[1] + style.depth) if place else (style.list, style.depth)
            if style.list and not place:
                marker = BULLET  # its number is not known
            self._flow.text(
                words, text.runs(), marker=marker, of=name, depth=depth, is_quote=style.is_quote
            )
        for inner in text.inner:
            if inner.tag == f"{W}tbl":
                self._write_table(inner)
            else:
                self._write_blocks(inner, in_table=True)
        for drawn in text.drawn:
            self._builder.paragraph(drawn)
        self._write_attached(text)
        if f"{W}sectPr" in text.properties:
            self._notes.end_section()

    # What hangs on a paragraph

    def _write_attached(self, text: ParagraphText) -> None:
        if text.has_unseen:
            hidden, deleted = text.text(TextOrigin.HIDDEN), text.text(TextOrigin.DELETED)
            self._flow.unseen(hidden, deleted, self._below)
        for name in text.charts:
            self._write_chart(name)
        for name in text.diagrams:
            self._write_diagram(name)
        for note in text.notes:
            if note.kind == "endnote":
                self._endnotes.append(note)
            else:
                self._write_note(note)
        for name in text.comments:
            self._write_comment(name)
        for name, is_icon in text.objects:
            relation = self._relations.get(name)
            if not self._objects.take(self._package, relation, is_icon=is_icon):
                self._hidden.lost("embedded object", self._below)
        for name in text.unread:
            self._hidden.lost(name, self._below)

    def _write_chart(self, name: str) -> None:
        root = self._related(name)
        if root is None or not write_chart(read_chart(root), self._builder):
            self._hidden.lost("chart", self._below)

    def _write_diagram(self, name: str) -> None:
        if not write_diagram(self._related(name), self._builder):
            self._hidden.lost("diagram", self._below)

    def _write_inserted(self, element: Element) -> None:
        """Write a file that Word shows in the place of this element, where it is in the package."""
        draft = inserted(element, self._package, self._relations, self._source)
        if draft is None:
            self._hidden.lost("inserted file", self._below)
        else:
            self._flow.end_list()
            self._builder.include(draft)
            self._objects.files += draft.enclosed

    def _write_note(self, note: NoteReference) -> None:
        element = self._notes.take(note.kind, note.name)
        if element is not None:
            self._reader.own_mark = note.mark
            self._builder.paragraph(self._lines(element))
            self._write_later()

    def _write_comment(self, name: str) -> None:
        element = self._notes.take("comment", name)
        if element is None:
            return
        with self._hidden.part(HiddenContent.COMMENTS, "comment", self._below) as read:
            self._builder.paragraph(self._lines(element) if read else "")

    def _write_margins(self) -> None:
        self._reader.in_margin = True
        roots = margins(self._package, self._body, self._settings)
        self._flow.margins(line for root in roots for line in self._lines(root).split("\n"))
        with self._builder.origin(TextOrigin.MARGIN):
            for text in self._later:  # a logo is no loss
                text.unread = [kind for kind in text.unread if kind != "picture"]
            self._write_later()

    # Tables, and other texts in which paragraphs are lines

    def _write_table(self, table: Element) -> None:
        self._flow.end_list()
        if cells := flowing_cells(table):
            for cell in cells:
                self._write_blocks(cell, in_table=True)
            self._flow.end_list()
            return
        found = cells_of_table(table, self._cell)
        above, inner, below = without_captions(found.cells)
        cells = list(inner)
        begun = {cell.row for cell in cells}
        headers = {cell.row for cell in cells if cell.is_header}
        said = {
            number: row
            for number, row in enumerate(spread(cells))
            if number in begun and any(map(str.strip, row))
        }
        rows = list(said.values())
        write_table(
            self._builder,
            rows,
            header_rows_of(rows, len(headers & said.keys())),
            numbers=list(said),
            above=above,
            below=below,
            nested=[
                NestedTable(row, partial(self._write_table, each)) for row, each in found.nested
            ],
        )
        found.coloured.remark(self._hidden, self._below)
        self._write_rows(found.deleted, HiddenContent.DELETED, "tracked deletion")
        self._write_rows(found.hidden, HiddenContent.HIDDEN, "hidden text")
        self._write_later()

    def _write_rows(self, rows: list[list[str]], kind: HiddenContent, name: str) -> None:
        if rows:
            with self._hidden.part(kind, name, self._below, count=len(rows)) as read:
                self._builder.table(rows if read else [], header_rows=0)

    def _cell(self, cell: Element) -> CellText:
        begun = len(self._later)
        before, self._tables = self._tables, []
        text = self._lines(cell)
        tables, self._tables = tuple(self._tables), before
        paragraphs = [each for each in self._later[begun:] if each.pieces]
        return CellText(text, all(each.is_bold for each in paragraphs), tables)

    def _lines(self, parent: Element) -> str:
        """Return the paragraphs of a cell, note or header as lines; the rest is written later."""
        lines: list[str] = []
        for element in self._read_blocks(parent, in_table=True):
            if isinstance(element, ParagraphText):
                lines += self._lines_of(element)
            elif element.tag == f"{W}tbl":
                lines += self._lines_of_table(element)
            else:
                self._hidden.lost("inserted file", self._below)
        return "\n".join(line for line in lines if line.strip())

    def _lines_of(self, text: ParagraphText) -> Iterator[str]:
        words = text.text()
        place = self._numbering.place(text.properties, text.style)
        if place and is_shown(text):
            words = f"{self._numbering.count(*place)} {words}"
        yield words
        for inner in text.inner:
            if inner.tag == f"{W}tbl":
                yield from self._lines_of_table(inner)
            else:
                yield self._lines(inner)
        yield from text.drawn
        self._later.append(text)

    def _lines_of_table(self, table: Element) -> Iterator[str]:
        """Yield the rows of a small table, or keep it to be written behind what is around it."""
        found = cells_of_table(table, lambda _: CellText("", is_bold=False))
        if len(found.cells) > MOST_INNER_CELLS:
            self._tables.append(table)
            return
        for row in spread(cells_of_table(table, self._cell).cells):
            yield " ".join(dict.fromkeys(filter(None, row)))

    def _write_later(self) -> None:
        texts, self._later = self._later, []
        tables, self._tables = self._tables, []
        for text in texts:
            self._write_attached(text)
        for table in tables:
            self._write_table(table)
