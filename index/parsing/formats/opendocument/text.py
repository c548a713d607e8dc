"""The text of OpenDocument files: paragraphs, headings, lists, tables, frames and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from lxml.etree import _Element as Element

from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Source
from index.parsing.formats.office.flow import FlowWriter
from index.parsing.formats.opendocument import tables
from index.parsing.formats.opendocument.inline import (
    CHANGE,
    COMMENTS,
    FRAMES,
    SHAPES,
    SKIPPED,
    Inline,
    InlineReader,
)
from index.parsing.formats.opendocument.lists import ListStyles, OpenList
from index.parsing.formats.opendocument.package import Package, attribute, count_of, names
from index.parsing.options import HiddenContent
from index.parsing.tables.grid import header_rows_of
from index.parsing.tables.written_tables import MOST_INNER_CELLS, NestedTable, write_table
from index.parsing.text.scripts import superscript
from index.parsing.unread.hidden import HiddenParts

(_P, _H, _LIST, _ITEM, _LIST_HEADER, _TABLE, _SECTION) = names(
    "text:p", "text:h", "text:list", "text:list-item", "text:list-header", "table:table",
    "text:section",
)  # fmt: skip
_CHANGES, _REGION, _DELETION = names("text:tracked-changes", "text:changed-region", "text:deletion")
_OBJECTS = names("draw:object", "draw:object-ole")


class TextWriter:
    """Writes the text of elements to a builder. `finish` adds the notes and remarks."""

    def __init__(
        self, package: Package, lists: ListStyles, builder: DocumentBuilder, source: Source
    ) -> None:
        self._package = package
        self._lists = lists
        self._builder = builder
        self.hidden = HiddenParts(builder, source.options)
        self.inlines = InlineReader(package)
        self._flow = FlowWriter(builder, self.hidden)
        self._deletions: dict[str, Element] = {}
        self._inner_tables: list[Element] | None = None
        """Tables in the cell that is read just now, but for small ones; None outside of cells."""
        self.below_title = False
        """Whether headings stand below a title, which is a heading of the first level then."""

    def write(self, elements: Iterable[Element]) -> None:
        for element in elements:
            self._write(element)

    def write_margins(self, elements: Iterable[Element]) -> None:
        self._flow.margins(map(self.line, elements))

    def finish(self) -> None:
        with self._builder.within_limit():
            for mark, body in self.inlines.notes:  # of which each may add others
                self._builder.paragraph(f"{superscript(mark)} {self.line(body)}".strip())
        self.hidden.remark()
        self._package.remark_damage(self._builder)

    def line(self, element: Element) -> str:
        """Return all visible text of an element on one line, as a cell or a note has it."""
        return one_line(" ".join(self._texts(element)))

    # Blocks

    def _write(self, element: Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            return
        if tag == _H:
            depth = count_of(element, "text:outline-level", 10) - 1
            self._write_paragraph(element, self._lists.heading_number(element, depth))
        elif tag == _P:
            self._write_paragraph(element)
        elif tag == _LIST:
            self._flow.end_list()
            current = self._lists.open(element, attribute(element, "text:style-name"))
            self._write_entries(element, current, 0, self._builder.group())
        elif tag == _TABLE:
            self._write_table(element)
        elif tag == _CHANGES:
            self._note_changes(element)
        elif tag == CHANGE:
            self._write_deletion(element)
        elif tag in COMMENTS:
            self._write_comment(element)
        elif tag in FRAMES or tag in SHAPES:
            with self.inlines.standing_apart(self.inlines.fill(element)):
                self._write_frame(element) if tag in FRAMES else self.write(element)
        elif _is_hidden_section(element):
            with self.hidden.part(HiddenContent.HIDDEN, "hidden section") as read:
                self.write(element if read else ())
        elif tag == _SECTION and self._package.style_of("section", element).look.background:
            with self.inlines.standing_apart():
                self.write(element)
        else:
            self.write(element)

    def _write_paragraph(self, element: Element, number: str = "") -> None:
        inline = self.inlines.read(element)
        text = inline.text.strip()
        style = self._package.style_of("paragraph", element)
        level = count_of(element, "text:outline-level", 9) if element.tag == _H else style.heading
        if text and style.is_title and element.tag != _H:
            self._flow.heading(text, 1, "", inline.runs)
        elif text and level:
            self._flow.heading(text, level + int(self.below_title), number, inline.runs)
        else:
            self._flow.text(text, inline.runs, is_quote=style.is_quote)
        self._write_attached(inline)

    def _write_attached(self, inline: Inline) -> None:
        for text in inline.hidden:
            self.hidden.write(HiddenContent.HIDDEN, "hidden text", text)
        self.write(inline.attached)

    def _write_entries(self, element: Element, current: OpenList, depth: int, group: int) -> None:
        for entry in element:
            if entry.tag not in (_ITEM, _LIST_HEADER):
                continue
            only_nests = len(entry) > 0 and all(child.tag == _LIST for child in entry)
            counted = entry.tag == _ITEM and not only_nests
            marker = self._lists.marker(current, depth, entry) if counted else ""
            self._write_entry(entry, current, depth, group, marker)

    def _write_entry(
        self, entry: Element, current: OpenList, depth: int, group: int, marker: str
    ) -> None:
        """Add an entry: its paragraphs are one item, what is nested comes behind it."""
        inlines: list[Inline] = []
        for child in [*entry, None]:
            if child is not None and child.tag == _P:
                inlines.append(self.inlines.read(child))
                continue
            text = "\n".join(inline.text for inline in inlines).strip()
            runs = [run for inline in inlines for run in inline.runs]
            if text and marker:
                self._builder.item(text, group=group, level=depth, marker=marker, runs=runs)
                marker = ""
            else:
                self._builder.paragraph(text, runs)
            for inline in inlines:
                self._write_attached(inline)
            inlines.clear()
            if child is None:
                continue
            if child.tag == _H:
                self._write_paragraph(child, "" if marker == "•" else marker)
                marker = ""
            elif child.tag == _LIST:
                deeper = self._lists.nested(child, current)
                self._write_entries(child, deeper, depth + 1, group)
            else:
                self._write(child)

    def _write_table(self, table: Element) -> None:
        self._flow.end_list()
        if not self.hidden.reads(HiddenContent.HIDDEN):
            self.hidden.left_out(HiddenContent.HIDDEN, "hidden cell", tables.empty_hidden(table))
        if (cell := tables.only_cell(table)) is not None:  # a frame around a text
            with self.inlines.standing_apart():
                self.write(cell)
            return
        nested: list[NestedTable] = []

        def text_of(cell: Element, row: int) -> str:
            around, self._inner_tables = self._inner_tables, []
            text = self.line(cell)
            for inner in self._inner_tables:
                nested.append(NestedTable(row, partial(self._write_table, inner)))
            self._inner_tables = around
            return text

        with self.inlines.standing_apart():
            rows, marked, numbers = tables.read_table(table, text_of)
        header_rows = header_rows_of(rows, marked)
        write_table(self._builder, rows, header_rows, numbers=numbers, nested=nested)
        tables.coloured_in(table, self._package).remark(self.hidden)

    def _write_frame(self, frame: Element) -> None:
        chart = self._package.chart(frame)
        if chart is not None:
            title, table = chart
            self._builder.paragraph(title)
            rows, _, _ = tables.read_table(table, lambda cell, _: self.line(cell))
            self._builder.table(rows, header_rows=min(1, len(rows) - 1))
            return
        known = [child for child in frame if child.tag in FRAMES | SHAPES or child.tag == _TABLE]
        if not known:
            self.note_objects(frame)
        self.write(known)

    def note_objects(self, frame: Element) -> None:
        """Note the files of other programs that a frame shows, which are not read."""
        for _ in frame.iterchildren(*_OBJECTS):
            self.hidden.lost("embedded object")

    def _write_comment(self, comment: Element) -> None:
        with self.hidden.part(HiddenContent.COMMENTS, "comment") as read:
            parts = comment.iterchildren(_P, _LIST) if read else ()
            self._builder.paragraph("\n".join(map(self.line, parts)))

    def _note_changes(self, changes: Element) -> None:
        for region in changes.iterchildren(_REGION):
            deletion = region.find(_DELETION)
            if deletion is not None:
                identifier = str(region.get("{http://www.w3.org/XML/1998/namespace}id") or "")
                self._deletions[attribute(region, "text:id") or identifier] = deletion

    def _write_deletion(self, mark: Element) -> None:
        if (deletion := self._deletion(mark)) is not None:
            with self.hidden.part(HiddenContent.DELETED, "tracked deletion") as read:
                self.write(deletion if read else ())

    def _deletion(self, mark: Element) -> Element | None:
        """Return the deletion at a mark, if it holds text and was not met before."""
        deletion = self._deletions.pop(attribute(mark, "text:change-id"), None)
        return deletion if deletion is not None and self.line(deletion) else None

    def _texts(self, element: Element) -> Iterator[str]:
        """Yield the visible texts of paragraphs, wherever they stand in an element."""
        if element.tag in (_P, _H):
            inline = self.inlines.read(element)
            yield inline.text
            for each in inline.attached:
                if each.tag in FRAMES or each.tag in SHAPES:
                    yield from self._texts(each)
                elif each.tag in COMMENTS:
                    self.hidden.left_out(HiddenContent.COMMENTS, "comment")
                elif each.tag == CHANGE and self._deletion(each) is not None:
                    self.hidden.left_out(HiddenContent.DELETED, "tracked deletion")
            count = sum(map(bool, map(str.strip, inline.hidden)))
            self.hidden.left_out(HiddenContent.HIDDEN, "hidden text", count)
        elif element.tag == _LIST:
            current = self._lists.open(element, attribute(element, "text:style-name"))
            yield from self._entry_texts(element, current, 0)
        elif element.tag == _TABLE and self._inner_tables is not None and _is_large(element):
            self._inner_tables.append(element)
        elif _is_hidden_section(element):
            self.hidden.left_out(HiddenContent.HIDDEN, "hidden section")
        elif isinstance(element.tag, str) and element.tag not in SKIPPED | COMMENTS:
            for child in element:
                yield from self._texts(child)

    def _entry_texts(self, element: Element, current: OpenList, depth: int) -> Iterator[str]:
        for entry in element:
            marker = self._lists.marker(current, depth, entry)
            for child in entry:
                if child.tag == _LIST:
                    deeper = self._lists.nested(child, current)
                    yield from self._entry_texts(child, deeper, depth + 1)
                    continue
                text = " ".join(self._texts(child))
                yield text if marker in ("", "•") else f"{marker} {text}"
                marker = ""


def _is_hidden_section(element: Element) -> bool:
    display = attribute(element, "text:display") if element.tag == _SECTION else ""
    return display in ("none", "condition")


def _is_large(table: Element) -> bool:
    """Return whether a table in a cell is one of its own, and no text or further cells of that."""
    if attribute(table, "table:is-sub-table") == "true":
        return False
    return (
        sum(1 for row, _ in tables.rows_of(table) for _ in tables.cells_of_row(row))
        > MOST_INNER_CELLS
    )
