"""Parser of Word documents, through python-docx."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn
from docx.styles.style import BaseStyle, ParagraphStyle
from lxml.etree import _Element as Element

from index.parsing.builder import DocumentBuilder
from index.parsing.characters import ITEM_MARK, header_likely, looks_like_heading
from index.parsing.draft import Draft, Source
from index.parsing.formats.office import WORD, OfficePackage, opened

__all__ = ["parse"]

_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list (bullet|number)(?: ([2-5]))?$")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_BOX = qn("w:txbxContent")
_SPACES = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
_NOT_SHOWN = {_FALLBACK, _TEXT_BOX, qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr")}
_CONTAINERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:smartTag")}


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style, with the styles it is based on, says about its paragraphs."""

    heading: int = 0
    title: bool = False
    list: str = ""
    depth: int = 0
    numbering: tuple[str, int] | None = None


def parse(source: Source) -> Draft:
    builder = DocumentBuilder(source.limits)
    document = opened(source, WORD, docx.Document, builder)
    _Body(document, builder).write()
    title, metadata = OfficePackage(source, WORD).properties
    return builder.draft(title=title, metadata=metadata)


class _Body:
    def __init__(self, document: WordDocument, builder: DocumentBuilder) -> None:
        self._document = document
        self._builder = builder
        self._styles = _styles(document)
        self._formats = _number_formats(document)
        self._counters: dict[tuple[str, int], int] = {}
        self._group = 0
        self._list = ""
        elements = list(_elements(document.element.body))
        paragraphs = [element for element in elements if element.tag == qn("w:p")]
        styles = [self._style(paragraph) for paragraph in paragraphs]
        self._titled = any(style.title for style in styles)
        self._styled = any(style.heading for style in styles)
        self._elements = elements

    def write(self) -> None:
        for number, element in enumerate(self._elements):
            if element.tag == qn("w:tbl"):
                self._write_table(element)
            else:
                following = self._elements[number + 1 : number + 2]
                self._write_paragraph(element, _text(following[0]) if following else "")
        self._write_notes()

    def _write_paragraph(self, paragraph: Element, following: str) -> None:
        text = _text(paragraph)
        style = self._style(paragraph)
        numbering = _numbering(paragraph) or style.numbering
        if not text.strip():
            pass
        elif level := self._heading_level(paragraph, style, text, following):
            self._group = 0
            self._builder.heading(text, level)
        elif numbering is not None and numbering[0] != "0":
            self._write_item(text, *numbering, outermost=style.depth)
        elif style.list:
            self._write_item(text, style.list, 0, outermost=style.depth)
        elif mark := ITEM_MARK.match(text.strip()):
            self._write_item(text.strip()[mark.end() :], "typed", 0, marker=mark.group())
        else:
            self._group = 0
            self._builder.paragraph(text)
        for box in paragraph.iter(_TEXT_BOX):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                for inner in _elements(box):
                    self._builder.paragraph(_text(inner))

    def _heading_level(self, paragraph: Element, style: _Style, text: str, following: str) -> int:
        if style.title:
            return 1
        level = _outline_level(paragraph) or style.heading
        if level:
            return min(level + int(self._titled), 6)
        if self._styled or style.list or _numbering(paragraph) or ITEM_MARK.match(text.strip()):
            return 0
        if not looks_like_heading(text.strip(), following) and not (
            _bold(paragraph) and looks_like_heading(text.strip(), 200 * "x")
        ):
            return 0
        return 2 if self._builder.length else 1

    def _write_item(
        self, text: str, numbering: str, level: int, *, outermost: int = 0, marker: str = ""
    ) -> None:
        depth = level + outermost
        if not self._group or (depth == 0 and numbering != self._list):
            self._group = self._builder.group()
            self._list = numbering
            self._counters.pop(("number", 0), None)  # each list of this style counts from 1
        marker = marker or self._marker(numbering, level)
        self._builder.item(text, group=self._group, level=depth, marker=marker)

    def _marker(self, numbering: str, level: int) -> str:
        unknown = "decimal" if numbering == "number" else "bullet"
        form = self._formats.get((numbering, level), unknown)
        if form in ("bullet", "none"):
            return "•"
        count = self._counters.get((numbering, level), 0) + 1
        self._counters[numbering, level] = count
        for other in [key for key in self._counters if key[0] == numbering and key[1] > level]:
            del self._counters[other]
        if form == "lowerLetter" and count <= 26:
            return f"{chr(ord('a') + count - 1)}."
        return f"{count}."

    def _write_table(self, table: Element) -> None:
        self._group = 0
        rows: list[list[str]] = []
        marked = 0
        for row in table.iterchildren(qn("w:tr")):
            if row.find("w:trPr/w:tblHeader", nsmap) is not None and marked == len(rows):
                marked += 1
            rows.append([text for cell in _cells(row) for text in cell])
        rows_text = [row for row in rows if any(cell.strip() for cell in row)]
        if len(rows_text) == 1 and len(rows_text[0]) == 1:  # a frame around a text
            self._builder.paragraph(rows_text[0][0])
            return
        marked = min(marked, len(rows) - 1)
        self._builder.table(rows_text, header_rows=marked or int(header_likely(rows_text)))

    def _write_notes(self) -> None:
        """Add footnotes and endnotes, which are stored apart from the body."""
        for relation in self._document.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
                continue
            for note in parse_xml(relation.target_part.blob).iterchildren():
                self._builder.paragraph(" ".join(_text(each) for each in note.iter(qn("w:p"))))

    def _style(self, paragraph: Element) -> _Style:
        named = paragraph.find("w:pPr/w:pStyle", nsmap)
        return self._styles.get("" if named is None else str(named.get(qn("w:val"))), _Style())


def _styles(document: WordDocument) -> dict[str, _Style]:
    """Return the paragraph styles by their id, which paragraphs refer to."""
    found: dict[str, _Style] = {}
    for style in document.styles:
        if not isinstance(style, ParagraphStyle):
            continue
        heading, title, listed, depth, numbering = 0, False, "", 0, None
        base: BaseStyle | None = style
        for _ in range(12):  # styles may be based on each other in a circle
            if base is None:
                break
            name = str(base.name or "").lower()
            match = _HEADING_STYLE.match(name)
            heading = heading or (int(match[1]) if match else 0) or _outline_level(base.element)
            title = title or name == "title"
            numbering = numbering or _numbering(base.element)
            if not listed and (match := _LIST_STYLE.match(name)):
                listed = match[1]
                depth = int(match[2] or 1) - 1
            base = base.base_style if isinstance(base, ParagraphStyle) else None
        found[str(style.style_id)] = _Style(heading, title, listed, depth, numbering)
    return found


def _number_formats(document: WordDocument) -> dict[tuple[str, int], str]:
    """Return the number format of each list's levels: "bullet", "decimal", "lowerLetter" …"""
    relations = document.part.rels.values()
    parts = [
        r.target_part for r in relations if r.reltype.endswith("/numbering") and not r.is_external
    ]
    if not parts:
        return {}
    root = parse_xml(parts[0].blob)
    levels: dict[str, dict[int, str]] = {}
    for abstract in root.iter(qn("w:abstractNum")):
        formats = levels.setdefault(str(abstract.get(qn("w:abstractNumId"))), {})
        for level in abstract.iter(qn("w:lvl")):
            form = level.find("w:numFmt", nsmap)
            if form is not None:
                formats[_integer(level.get(qn("w:ilvl")))] = str(form.get(qn("w:val")))
    found: dict[tuple[str, int], str] = {}
    for number in root.iter(qn("w:num")):
        abstract_id = number.find("w:abstractNumId", nsmap)
        if abstract_id is not None:
            for depth, form in levels.get(str(abstract_id.get(qn("w:val"))), {}).items():
                found[str(number.get(qn("w:numId"))), depth] = form
    return found


def _elements(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables in order, also from content controls and tracked insertions."""
    for child in parent.iterchildren():
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _CONTAINERS:
            yield from _elements(child)


def _text(element: Element) -> str:
    """Return the visible text, without deletions and without text boxes, which are added later."""
    if element.tag == qn("w:tbl"):
        return ""
    pieces: list[str] = []
    waiting = [element]
    while waiting:
        current = waiting.pop()
        if current.tag == qn("w:t"):
            pieces.append(str(current.text or ""))
        elif current.tag in _SPACES:
            pieces.append(_SPACES[current.tag])
        elif current.tag not in _NOT_SHOWN:
            waiting.extend(reversed(list(current)))
    return "".join(pieces)


def _cells(row: Element) -> Iterator[Iterable[str]]:
    """Yield each cell's text, followed by an empty one for every other column that it spans."""
    for child in row.iter(qn("w:tc")):
        owner = next(child.iterancestors(qn("w:tr")), None)
        if owner is not row:
            continue  # the cell of an inner table, whose text is part of the outer cell's
        span = child.find("w:tcPr/w:gridSpan", nsmap)
        columns = 1 if span is None else max(1, min(_integer(span.get(qn("w:val"))), 100))
        merged = child.find("w:tcPr/w:vMerge", nsmap)
        continued = merged is not None and merged.get(qn("w:val")) != "restart"
        text = "" if continued else " ".join(_text(each) for each in child.iter(qn("w:p")))
        yield [text, *[""] * (columns - 1)]


def _numbering(holder: Element) -> tuple[str, int] | None:
    """Return the list and the depth that the properties of a paragraph or style name."""
    number = holder.find("w:pPr/w:numPr/w:numId", nsmap)
    if number is None:
        return None
    level = holder.find("w:pPr/w:numPr/w:ilvl", nsmap)
    depth = 0 if level is None else _integer(level.get(qn("w:val")))
    return str(number.get(qn("w:val"))), max(0, min(depth, 8))


def _outline_level(holder: Element) -> int:
    level = holder.find("w:pPr/w:outlineLvl", nsmap)
    depth = 9 if level is None else _integer(level.get(qn("w:val")))
    return depth + 1 if 0 <= depth < 9 else 0


def _bold(paragraph: Element) -> bool:
    runs = [run for run in paragraph.iter(qn("w:r")) if _text(run).strip()]
    marks = [run.find("w:rPr/w:b", nsmap) for run in runs]
    return bool(marks) and all(
        mark is not None and mark.get(qn("w:val")) not in ("0", "false") for mark in marks
    )


def _integer(written: object) -> int:
    try:
        return int(str(written))
    except ValueError:
        return 0
