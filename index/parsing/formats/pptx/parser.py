"""Parser of PowerPoint presentations; each slide is a page."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

from index.document import TextOrigin
from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Source
from index.parsing.formats.office.charts import read_chart, write_chart
from index.parsing.formats.office.drawing_text import (
    local_name,
    paragraph_runs,
    paragraph_text,
    reference_of,
    text_of,
    write_diagram,
)
from index.parsing.formats.office.embedded_objects import EmbeddedObjects
from index.parsing.formats.office.package import POWERPOINT, OfficePackage, Relationship
from index.parsing.formats.pptx.colours import Palette, SlideColours
from index.parsing.formats.pptx.lists import ListMarks, Styles
from index.parsing.formats.pptx.shapes import (
    Shape,
    in_reading_order,
    shapes_in,
    without_shadows,
)
from index.parsing.options import HiddenContent
from index.parsing.tables.coloured_cells import ColouredCells
from index.parsing.tables.sheet_tables import Area, SheetHints, write_tables
from index.parsing.unread.hidden import ALL_HIDDEN, HiddenParts

_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("sldNum", "dt", "ftr", "hdr"))
_SLIDE_NUMBER = re.compile(r"ppt/slides/slide(\d+)\.xml")


def parse(source: Source) -> Draft:
    package = OfficePackage(source, POWERPOINT)
    builder = DocumentBuilder(source.limits)
    objects = EmbeddedObjects(source)
    _Deck(source, package, builder, objects).write()
    title, metadata = package.properties
    return replace(builder.draft(title=title, metadata=metadata), enclosed=objects.files)


class _Deck:
    """Writes the slides of a presentation into a builder, and remarks what was not read."""

    def __init__(
        self,
        source: Source,
        package: OfficePackage,
        builder: DocumentBuilder,
        objects: EmbeddedObjects,
    ) -> None:
        self._package, self._builder, self._objects = package, builder, objects
        self._hidden = HiddenParts(builder, source.options)
        self._margins: set[str] = set()
        self._styles: dict[str, tuple[Styles, Palette]] = {}
        self._slides = builder.first(_slide_parts(package), "slides")

    def write(self) -> None:
        with self._builder.within_limit("slide"):
            for number, part in enumerate(self._slides, start=1):
                root = self._package.xml(part)
                if root is None:
                    self._hidden.lost("damaged slide", str(number))
                else:
                    self._write_slide(number, part, root)
                self._builder.page_break()
        self._hidden.remark()
        self._package.remark_damage(self._builder)
        if not self._builder.length and not self._objects.files:
            self._refuse()

    def _write_slide(self, number: int, part: str, root: Element) -> None:
        is_hidden = root.get("show", "1") in ("0", "false")
        if is_hidden and not self._hidden.reads(HiddenContent.HIDDEN):
            self._hidden.left_out(HiddenContent.HIDDEN, "hidden slide", place=str(number))
            return
        relations = dict(self._package.relations(part))
        with self._builder.origin(TextOrigin.HIDDEN if is_hidden else TextOrigin.BODY):
            styles, palette = self._styles_of(part)
            slide = _Slide(number, relations, styles, SlideColours(root, styles, palette))
            shapes = shapes_in(root.find("{*}cSld/{*}spTree"))
            titles = [one for one in shapes if one.kind in _TITLES]
            for title in titles[:1]:
                unseen = slide.colours.unseen_in_shape(title.element)
                text = text_of(title.element.find("{*}txBody"), unseen)
                self._builder.heading(text, 1 if number == 1 else 2)
                self._write_unseen(unseen, slide)
            self._write_shapes([one for one in shapes if one not in titles[:1]], slide)
            self._write_margins(shapes, slide, root)
        self._write_comments(number, relations)
        self._write_notes(number, part)

    def _styles_of(self, slide: str) -> tuple[Styles, Palette]:
        package = self._package
        name = package.target(slide, "slideLayout")
        if name not in self._styles:
            above = package.target(name, "slideMaster")
            theme = package.xml(package.target(above, "theme"))
            layout, master = package.xml(name), package.xml(above)
            self._styles[name] = Styles(layout, master), Palette(layout, master, theme)
        return self._styles[name]

    def _write_shapes(self, shapes: list[Shape], slide: _Slide) -> None:
        shown = [one for one in shapes if one.kind not in _FURNITURE]
        shown = without_shadows(shown, slide.styles.box_of)
        for shape in in_reading_order(shown, slide.styles.box_of):
            if shape.is_hidden:
                with self._hidden.part(HiddenContent.HIDDEN, "hidden shape", slide.place) as read:
                    if read:
                        self._write_shape(shape, slide)
            else:
                self._write_shape(shape, slide)

    def _write_shape(self, shape: Shape, slide: _Slide) -> None:
        element = shape.element
        match local_name(element):
            case "grpSp":
                self._write_shapes(shapes_in(element), slide)
            case "sp":
                self._write_text(shape, slide)
            case "pic":
                self._hidden.lost("picture", slide.place)
            case "contentPart":
                self._hidden.lost("drawing by hand", slide.place)
            case "graphicFrame":
                self._write_graphic(element, slide)

    def _write_text(self, shape: Shape, slide: _Slide) -> None:
        body = shape.element.find("{*}txBody")
        if body is None:
            return
        group = self._builder.group()
        marks = ListMarks(slide.styles.levels(shape.element))
        unseen = slide.colours.unseen_in_shape(shape.element)
        for paragraph in body.iterchildren("{*}p"):
            text, runs = paragraph_text(paragraph, unseen), paragraph_runs(paragraph, unseen)
            mark, level = marks.next(paragraph, bool(text.strip()))
            if mark:
                self._builder.item(text, group=group, level=level, marker=mark, runs=runs)
            else:
                self._builder.paragraph(text, runs)
        self._write_unseen(unseen, slide)

    def _write_unseen(self, runs: Collection[Element], slide: _Slide) -> None:
        """Add what nobody sees on the slide, or note that it is there."""
        for run in runs:
            text = run.findtext("{*}t") or ""
            self._hidden.write(HiddenContent.HIDDEN, "hidden text", text, slide.place)

    def _write_graphic(self, frame: Element, slide: _Slide) -> None:
        for each in frame.iterfind("{*}graphic/{*}graphicData/*"):
            name = local_name(each)
            write = {"tbl": self._write_table, "chart": self._write_chart}.get(name)
            write = self._write_diagram if name == "relIds" else write
            if write is None:
                if not self._takes_object(each, slide):
                    self._hidden.lost("embedded object", slide.place)
            elif not write(each, slide):
                self._hidden.lost("diagram" if name == "relIds" else "chart", slide.place)

    def _takes_object(self, graphic: Element, slide: _Slide) -> bool:
        found = next(graphic.iter("{*}oleObj"), None)
        if found is None:
            return False
        relation = slide.relations.get(reference_of(found, "id"))
        is_icon = found.get("showAsIcon") in ("1", "true")
        return self._objects.take(self._package, relation, is_icon=is_icon)

    def _write_table(self, table: Element, slide: _Slide) -> bool:
        rows: list[list[str]] = []
        merged: list[Area] = []
        unseen: list[Element] = []
        coloured = ColouredCells()
        for number, row in enumerate(table.iterchildren("{*}tr")):
            cells = list(row.iterchildren("{*}tc"))
            rows.append([])
            filled: list[tuple[int, str, bool]] = []
            for column, cell in enumerate(cells):
                is_covered = {cell.get("hMerge"), cell.get("vMerge")} & {"1", "true"}
                runs = slide.colours.unseen_in_cell(cell)
                unseen += runs
                rows[-1].append("" if is_covered else text_of(cell.find("{*}txBody"), runs))
                if not is_covered:
                    filled.append((column, slide.colours.fill_of_cell(cell), bool(rows[-1][-1])))
                high, wide = (_number(cell.get(name)) for name in ("rowSpan", "gridSpan"))
                if high > 1 or wide > 1:
                    right = min(column + wide, len(cells)) - 1
                    merged.append(Area(number, column, number + high - 1, right))
            coloured.add_row(number, filled)
        properties = table.find("{*}tblPr")
        headed = properties is not None and properties.get("firstRow") in ("1", "true")
        first = next((n for n, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
        hints = SheetHints(filtered=frozenset([first] if headed else []))
        write_tables(self._builder, rows, merged=merged, hints=hints)
        self._write_unseen(unseen, slide)
        coloured.remark(self._hidden, slide.place)
        return True

    def _write_chart(self, reference: Element, slide: _Slide) -> bool:
        root = self._referred(reference, "id", slide)
        return root is not None and write_chart(read_chart(root), self._builder)

    def _write_diagram(self, reference: Element, slide: _Slide) -> bool:
        return write_diagram(self._referred(reference, "dm", slide), self._builder)

    def _referred(self, element: Element, name: str, slide: _Slide) -> Element | None:
        relation = slide.relations.get(reference_of(element, name))
        return None if relation is None else self._package.xml(relation.target)

    def _write_margins(self, shapes: list[Shape], slide: _Slide, root: Element) -> None:
        """Add what stands at the edge of the slides, each text once."""
        found = [one.element for one in shapes if one.kind in _FURNITURE and one.kind != "sldNum"]
        if root.get("showMasterSp", "1") in ("1", "true"):
            found += slide.styles.drawn
        for element in found:
            if next(element.iter("{*}fld"), None) is not None:
                continue  # a number, or the day on which one looks
            text = text_of(element.find("{*}txBody"))
            if text and text not in self._margins:
                self._margins.add(text)
                with self._builder.origin(TextOrigin.MARGIN):
                    self._builder.paragraph(text)

    def _write_notes(self, number: int, slide: str) -> None:
        root = self._package.xml(self._package.target(slide, "notesSlide"))
        texts = [
            text
            for shape in shapes_in(None if root is None else root.find("{*}cSld/{*}spTree"))
            if shape.kind == "body" and (text := text_of(shape.element.find("{*}txBody")))
        ]
        if texts:
            place, kind = f"slide {number}", HiddenContent.NOTES
            with self._hidden.part(kind, "page of speaker notes", place) as read:
                self._write_lines(texts if read else [])

    def _write_comments(self, number: int, relations: dict[str, Relationship]) -> None:
        texts: list[str] = []
        for relation in relations.values():
            root = self._package.xml(relation.target) if relation.kind == "comments" else None
            for each in () if root is None else root.iter("{*}cm", "{*}reply"):
                text = each.findtext("{*}text") or text_of(each.find("{*}txBody"))
                texts += [text] if text.strip() else []
        for text in texts:
            place = f"slide {number}"
            with self._hidden.part(HiddenContent.COMMENTS, "comment", place) as read:
                self._write_lines([text] if read else [])

    def _write_lines(self, texts: list[str]) -> None:
        for text in texts:
            for line in text.split("\n"):
                self._builder.paragraph(line)

    def _refuse(self) -> None:
        if self._hidden.leaves_out:
            raise UnreadableDocument(ALL_HIDDEN)
        if held := self._hidden.all_lost():
            raise UnreadableDocument(f"its slides hold nothing but {held}")


@dataclass(frozen=True, slots=True)
class _Slide:
    number: int
    relations: dict[str, Relationship]
    styles: Styles
    colours: SlideColours

    @property
    def place(self) -> str:
        return f"slide {self.number}"


def _slide_parts(package: OfficePackage) -> list[str]:
    """Return the parts of the slides in their order; by their names where the order is lost."""
    root = package.xml(package.main)
    relations = package.relations(package.main)
    found = []
    for each in () if root is None else root.iterfind("{*}sldIdLst/{*}sldId"):
        relation = relations.get(reference_of(each, "id"))
        found += [relation.target] if relation is not None else []
    if not found and package.damaged:
        named = (
            (match, name) for name in package.names() if (match := _SLIDE_NUMBER.fullmatch(name))
        )
        found = [name for match, name in sorted(named, key=lambda pair: int(pair[0][1]))]
    return found


def _number(text: str | None) -> int:
    return min(int(text), 10_000) if text and text.isdecimal() else 1
