"""Parser of PowerPoint presentations, through python-pptx; each slide is a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.characters import header_likely
from index.parsing.draft import Draft, Source
from index.parsing.formats.office import POWERPOINT, OfficePackage, opened

__all__ = ["parse"]

_FURNITURE = {PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER}
_BULLETED = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY}


def parse(source: Source) -> Draft:
    builder = DocumentBuilder(source.limits)
    presentation = opened(source, POWERPOINT, pptx.Presentation, builder)
    slides = list(presentation.slides)
    if len(slides) > source.limits.max_pages:
        raise UnreadableDocument(f"it has more than {source.limits.max_pages:,} slides")
    for number, slide in enumerate(slides, start=1):
        _write_slide(slide, number, builder)
        builder.page_break()
    title, metadata = OfficePackage(source, POWERPOINT).properties
    return builder.draft(title=title, metadata=metadata)


def _write_slide(slide: Any, number: int, builder: DocumentBuilder) -> None:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        builder.heading(title.text_frame.text, 1 if number == 1 else 2)
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.has_text_frame:
            _write_text(shape, builder)
        elif getattr(shape, "has_table", False):
            _write_table(shape.table, builder)
        elif getattr(shape, "has_chart", False):
            _write_chart(shape.chart, builder)
        elif shape.element.tag == qn("p:graphicFrame"):
            builder.remark(f"Slide {number} has a diagram or an object whose text was not read.")
    if slide.has_notes_slide:
        notes = slide.notes_slide.notes_text_frame
        if notes is not None and notes.text.strip():
            builder.heading("Notes", 3)
            for paragraph in notes.paragraphs:
                builder.paragraph(paragraph.text)


def _shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """Yield the shapes in order; instead of a group, the shapes in it."""
    for shape in shapes:
        if shape.element.tag == qn("p:grpSp"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _write_text(shape: Any, builder: DocumentBuilder) -> None:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if kind in _FURNITURE:
        return
    group = builder.group()
    numbers: dict[int, int] = {}
    for paragraph in shape.text_frame.paragraphs:
        found = paragraph._p.pPr
        marks = {child.tag for child in found} if found is not None else set()
        if qn("a:buAutoNum") in marks:
            numbers[paragraph.level] = numbers.get(paragraph.level, 0) + 1
            marker = f"{numbers[paragraph.level]}."
        elif qn("a:buChar") in marks or (kind in _BULLETED and qn("a:buNone") not in marks):
            marker = "•"
        else:
            builder.paragraph(paragraph.text)
            continue
        builder.item(paragraph.text, group=group, level=paragraph.level, marker=marker)


def _write_table(table: Any, builder: DocumentBuilder) -> None:
    rows = [[_cell(cell) for cell in row.cells] for row in table.rows]
    rows = [row for row in rows if any(row)]
    headed = len(rows) > 1 and (table.first_row or header_likely(rows))
    builder.table(rows, header_rows=int(headed))


def _cell(cell: Any) -> str:
    return "" if cell.is_spanned else one_line(cell.text_frame.text)


def _write_chart(chart: Any, builder: DocumentBuilder) -> None:
    """Add the plotted figures as the table that they come from."""
    if chart.has_title and chart.chart_title.has_text_frame:
        builder.paragraph(chart.chart_title.text_frame.text)
    for plot in chart.plots:
        series = list(plot.series)
        rows = [["", *(str(each.name) for each in series)]]
        values = [list(each.values) for each in series]
        for number, category in enumerate(plot.categories):
            figures = [one[number] if number < len(one) else None for one in values]
            rows.append([str(category), *("" if one is None else f"{one:g}" for one in figures)])
        builder.table(rows, header_rows=1)
