"""The text of OpenDocument files: paragraphs, headings, lists, tables, frames and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Source
from index.parsing.formats.office.flow import FlowWriter
from index.parsing.formats.opendocument.forms import FIELD, OdfForms, field_text
from index.parsing.formats.opendocument.lists import ListStyles, OpenList
from index.parsing.formats.opendocument.package import Package, Style, attribute, count_of, names
from index.parsing.formats.opendocument.tables import cells_of_row, coloured_in, read_table, rows_of
from index.parsing.options import HiddenContent
from index.parsing.tables.grid import header_rows_of
from index.parsing.text.scripts import lowered, raised, superscript
from index.parsing.text.styling import Kinds, Runs
from index.parsing.text.symbol_fonts import in_unicode, is_symbol_font
from index.parsing.unread.hidden import HiddenParts
from index.parsing.unread.looks import Look, is_unseen

(_P, _H, _LIST, _ITEM, _LIST_HEADER, _TABLE, _SECTION, _TEXT_BOX) = names(
    "text:p", "text:h", "text:list", "text:list-item", "text:list-header", "table:table",
    "text:section", "draw:text-box",
)  # fmt: skip
(_CHANGES, _REGION, _DELETION, _CHANGE, _CONTROL) = names(
    "text:tracked-changes", "text:changed-region", "text:deletion", "text:change", "draw:control"
)
(_SPACE, _TAB, _BREAK, _SPAN, _NOTE, _CITATION, _NOTE_BODY) = names(
    "text:s", "text:tab", "text:line-break", "text:span", "text:note", "text:note-citation",
    "text:note-body",
)  # fmt: skip
_COMMENTS = frozenset(names("office:annotation", "officeooo:annotation"))
"""The second is LibreOffice's, on slides."""
_HIDDEN_TEXTS = frozenset(names("text:hidden-text", "text:hidden-paragraph"))
_FRAMES = frozenset(names("draw:frame", "draw:g", "draw:a"))
_SHAPES = frozenset(
    names(
        "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:circle", "draw:line",
        "draw:polygon", "draw:polyline", "draw:path", "draw:connector", "draw:caption",
        "draw:regular-polygon", "draw:measure", "draw:text-box",
    )
)  # fmt: skip
_SKIPPED = frozenset(
    names(
        "text:ruby-text", "text:sequence-decls", "text:variable-decls", "text:user-field-decls",
        "text:dde-connection-decls", "text:table-of-content-source", "office:forms", "svg:title",
        "svg:desc", "office:event-listeners", "draw:glue-point", "draw:enhanced-geometry",
        "office:annotation-end", "text:bibliography-source", "text:alphabetical-index-source",
    )
)  # fmt: skip
_OBJECTS = names("draw:object", "draw:object-ole")
_WHITE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 1_000


@dataclass(slots=True)
class _Inline:
    """What a paragraph holds: its visible text, and what hangs on it."""

    pieces: list[str] = field(default_factory=list)
    kinds: Kinds = frozenset()
    """How the paragraph is set; `spans` say it of pieces, by their numbers."""
    spans: list[tuple[int, int, Kinds]] = field(default_factory=list)
    look: Look = field(default_factory=Look)
    """How that is set which is read just now."""
    hidden: list[str] = field(default_factory=list)
    attached: list[Element] = field(default_factory=list)
    """Frames, comments and marks of deletions."""

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def runs(self) -> Runs:
        """How the visible text is set."""
        found = [self.kinds] * len(self.pieces)
        for start, end, kinds in self.spans:
            for number in range(start, min(end, len(found))):
                found[number] |= kinds
        return list(zip(self.pieces, found, strict=True))


class TextWriter:
    """Writes the text of elements to a builder. `finish` adds the notes and remarks."""

    def __init__(
        self, package: Package, lists: ListStyles, builder: DocumentBuilder, source: Source
    ) -> None:
        self._package = package
        self._lists = lists
        self._builder = builder
        self.hidden = HiddenParts(builder, source.options)
        self.forms = OdfForms(())
        self._flow = FlowWriter(builder, self.hidden)
        self._deletions: dict[str, Element] = {}
        self._notes: list[tuple[str, Element]] = []
        self.page_colour = self.colour_of_slide = ""
        """Behind the text of pages, or shapes without a fill; empty where it is not known."""
        self._behind: list[str] = []
        """The colours of the tables and frames that are open, empty where they are not known."""
        self.below_title = False
        """Whether headings stand below a title, which is a heading of the first level then."""

    def write(self, elements: Iterable[Element]) -> None:
        for element in elements:
            self._write(element)

    def write_margins(self, elements: Iterable[Element]) -> None:
        self._flow.margins(map(self.line, elements))

    def finish(self) -> None:
        with self._builder.within_limit():
            for mark, body in self._notes:  # of which each may add others
                self._builder.paragraph(f"{superscript(mark)} {self.line(body)}".strip())
        self.hidden.remark()
        self._package.remark_damage(self._builder)

    def line(self, element: Element) -> str:
        """Return all visible text of an element on one line, as a cell or a note has it."""
        return one_line(" ".join(self._texts(element)))

    # Blocks

    def _write(self, element: Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
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
        elif tag == _CHANGE:
            self._write_deletion(element)
        elif tag in _COMMENTS:
            self._write_comment(element)
        elif tag in _FRAMES or tag in _SHAPES:
            with self._standing_apart(self._fill(element)):
                self._write_frame(element) if tag in _FRAMES else self.write(element)
        elif tag == _SECTION and attribute(element, "text:display") in ("none", "condition"):
            with self.hidden.part(HiddenContent.HIDDEN, "hidden section") as read:
                self.write(element if read else ())
        elif tag == _SECTION and self._style("section", element).look.background:
            with self._standing_apart():
                self.write(element)
        else:
            self.write(element)

    def _write_paragraph(self, element: Element, number: str = "") -> None:
        inline = self._inline(element)
        text = inline.text.strip()
        style = self._style("paragraph", element)
        if text and element.tag == _H:
            level = count_of(element, "text:outline-level", 9) + int(self.below_title)
            self._flow.heading(text, level, number, inline.runs)
        elif text and style.is_title:
            self._flow.heading(text, 1, "", inline.runs)
        else:
            self._flow.text(text, inline.runs, is_quote=style.is_quote)
        self._write_attached(inline)

    def _write_attached(self, inline: _Inline) -> None:
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
        inlines: list[_Inline] = []
        for child in [*entry, None]:
            if child is not None and child.tag == _P:
                inlines.append(self._inline(child))
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
        cells = (cell for row, _ in rows_of(table) for _, cell, _ in cells_of_row(row))
        first, second = next(cells, None), next(cells, None)
        if first is not None and second is None:  # a frame around a text
            with self._standing_apart():
                self.write(first)
            return
        with self._standing_apart():
            rows, marked = read_table(table, self.line)
        self._builder.table(rows, header_rows=header_rows_of(rows, marked))
        coloured_in(table, self._package).remark(self.hidden)

    def _write_frame(self, frame: Element) -> None:
        chart = self._package.chart(frame)
        if chart is not None:
            title, table = chart
            self._builder.paragraph(title)
            rows, _ = read_table(table, self.line)
            self._builder.table(rows, header_rows=min(1, len(rows) - 1))
            return
        known = [child for child in frame if child.tag in _FRAMES | _SHAPES or child.tag == _TABLE]
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

    def _style(self, family: str, element: Element) -> Style:
        return self._package.style(family, attribute(element, "text:style-name"))

    # Text within paragraphs

    @contextmanager
    def _standing_apart(self, colour: str = "") -> Iterator[None]:
        self._behind.append(colour)
        yield
        self._behind.pop()

    def _fill(self, shape: Element) -> str:
        """Return the colour of a shape, which a box in a frame has from that."""
        if shape.tag == _TEXT_BOX and self._behind:
            return self._behind[-1]
        package = self._package
        return package.fill(shape) if package.is_filled(shape) else self.colour_of_slide

    def _inline(self, element: Element) -> _Inline:
        style = self._style("paragraph", element)
        page = Look(background=self._behind[-1] if self._behind else self.page_colour)
        inline = _Inline(kinds=style.kinds, look=style.look.over(page))
        is_hidden = style.is_hidden or (is_unseen(*inline.look) and not self._colours(element))
        self._gather(element, inline, inline.hidden if is_hidden else inline.pieces)
        return inline

    def _colours(self, element: Element) -> bool:
        """Return whether a paragraph has spans of another colour or size."""
        return any(self._style("text", span).look != Look() for span in element.iter(_SPAN))

    def _gather(self, element: Element, inline: _Inline, into: list[str]) -> None:
        # Runs of white space in the XML are one space; what is meant as more has its elements.
        into.append(_WHITE.sub(" ", str(element.text or "")))
        for child in element:
            self._gather_child(child, inline, into)
            into.append(_WHITE.sub(" ", str(child.tail or "")))

    def _gather_child(self, child: Element, inline: _Inline, into: list[str]) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        if tag == _SPACE:
            into.append(" " * count_of(child, "text:c", _MOST_SPACES))
        elif tag == _TAB:
            into.append("\t")
        elif tag == _BREAK:
            into.append("\n")
        elif tag == _SPAN:
            self._gather_span(child, inline, into)
        elif tag in _HIDDEN_TEXTS:
            self._gather_hidden(child, inline)
        elif tag == _NOTE:
            self._gather_note(child, into)
        elif tag == _CONTROL:
            into.append(self.forms.control(child))
        elif tag == FIELD:
            into.append(field_text(child))
        elif tag == _CHANGE or tag in _COMMENTS | _FRAMES | _SHAPES:
            inline.attached.append(child)
        else:
            self._gather(child, inline, into)

    def _gather_span(self, span: Element, inline: _Inline, into: list[str]) -> None:
        style = self._style("text", span)
        outer, inline.look = inline.look, style.look.over(inline.look)
        is_hidden = style.is_hidden or is_unseen(*inline.look)
        if is_hidden and into is not inline.hidden:
            self._gather_hidden(span, inline)
            inline.look = outer
            return
        start = len(into)
        self._gather(span, inline, into)
        inline.look = outer
        if style.kinds and into is inline.pieces:
            inline.spans.append((start, len(into), style.kinds))
        if is_symbol_font(style.font):
            into[start:] = [in_unicode(style.font, piece) for piece in into[start:]]
        if style.position:
            before, text = "".join(into[:start][-3:]), "".join(into[start:])
            after = str(span.tail or "")
            moved = raised(text, before) if style.position > 0 else lowered(text, before, after)
            into[start:] = [moved]

    def _gather_hidden(self, element: Element, inline: _Inline) -> None:
        pieces: list[str] = []
        self._gather(element, inline, pieces)
        # The field of a hidden text holds its words in an attribute.
        inline.hidden.append("".join(pieces) or attribute(element, "text:string-value"))

    def _gather_note(self, note: Element, into: list[str]) -> None:
        citation, body = note.find(_CITATION), note.find(_NOTE_BODY)
        mark = "" if citation is None else one_line("".join(map(str, citation.itertext())))
        into.append(superscript(mark))
        if body is not None:
            self._notes.append((mark, body))

    def _texts(self, element: Element) -> Iterator[str]:
        """Yield the visible texts of paragraphs, wherever they stand in an element."""
        if element.tag in (_P, _H):
            inline = self._inline(element)
            yield inline.text
            for each in inline.attached:
                if each.tag in _FRAMES or each.tag in _SHAPES:
                    yield from self._texts(each)
                elif each.tag in _COMMENTS:
                    self.hidden.left_out(HiddenContent.COMMENTS, "comment")
                elif each.tag == _CHANGE and self._deletion(each) is not None:
                    self.hidden.left_out(HiddenContent.DELETED, "tracked deletion")
            count = sum(map(bool, map(str.strip, inline.hidden)))
            self.hidden.left_out(HiddenContent.HIDDEN, "hidden text", count)
        elif element.tag == _LIST:
            current = self._lists.open(element, attribute(element, "text:style-name"))
            yield from self._entry_texts(element, current, 0)
        elif isinstance(element.tag, str) and element.tag not in _SKIPPED | _COMMENTS:
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
