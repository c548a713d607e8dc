"""A sentence that people see once stands in one passage once, however often the file holds it."""

from __future__ import annotations

import io
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from openpyxl import Workbook
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.chunking.chunker import ChunkLimits, split
from testing.fakes import count_words
from testing.odfs import odf
from tests.index.parsing.conftest import Parse
from tests.index.parsing.packages import saved_bytes, sheet_of
from tests.index.parsing.word_files import box, cell, paragraph, row, run, table, word

SAID = "The ferry leaves the north quay at nine."
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_DRAWING = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# Workbooks


def _book(*rows: tuple[str, ...], merged: str = "") -> bytes:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    if merged:
        book.active.merge_cells(merged)
    return saved_bytes(book)


def _xlsx_title() -> bytes:
    return _book((SAID, "", ""), ("Ship", "Berth", "Crew"), ("Hauk", "2", "9"), merged="A1:C1")


def _xlsx_in_a_row() -> bytes:
    rows = (("Ship", "Berth", "Crew", "Cargo"), ("Vik", "1", "4", "5"), ("Hauk", SAID, "", ""))
    return _book(*rows, ("Nes", "2", "9", "3"), merged="B3:D3")


def _xlsx_note_below() -> bytes:
    return _book(("Ship", "Berth"), ("Hauk", "2"), ("Nes", "3"), (SAID, ""), merged="A4:B5")


def _xlsx_spoken() -> bytes:
    text = f'<is><r><t>{SAID}</t></r><rPh sb="0" eb="1"><t>{SAID}</t></rPh></is>'
    return sheet_of(f'<row r="1"><c r="A1" t="inlineStr">{text}</c></row>')


def _xlsx_value_and_text() -> bytes:
    inside = f'<f>"{SAID}"</f><v>{SAID}</v><is><t>{SAID}</t></is>'
    return sheet_of(f'<row r="1"><c r="A1" t="str">{inside}</c></row>')


def _xlsx_shape() -> bytes:
    shape = (
        f"<xdr:sp><xdr:nvSpPr><xdr:cNvPr id='2' name='x'/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/>"
        f"<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{SAID}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    anchor = (
        f"<xdr:wsDr {_DRAWING} {_A} {_MC}><xdr:absoluteAnchor><mc:AlternateContent>"
        f"<mc:Choice Requires='a14'>{shape}</mc:Choice><mc:Fallback>{shape}</mc:Fallback>"
        "</mc:AlternateContent><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>"
    )
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="d" Type="{_OFFICE}/drawing" Target="../drawings/d.xml"/>'
        "</Relationships>"
    )
    return sheet_of(
        '<row r="1"><c r="A1"><v>7</v></c></row>',
        after='<drawing r:id="d"/>',
        parts={"xl/drawings/d.xml": anchor, "xl/worksheets/_rels/sheet1.xml.rels": relation},
    )


# Presentations


def _deck() -> tuple[Any, Any]:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Ferries"
    return deck, slide


def _text_box(slide: Any, text: str = SAID) -> Any:
    shape = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(5), Inches(1))
    shape.text_frame.text = text
    return shape


def _pptx_alternatives() -> bytes:
    deck, slide = _deck()
    shape = _text_box(slide)._element
    around = parse_xml(
        f"<mc:AlternateContent {_MC} {nsdecls('p', 'a')}><mc:Choice Requires='a14'/>"
        "<mc:Fallback/></mc:AlternateContent>"
    )
    shape.getparent().replace(shape, around)
    around[0].append(shape)
    around[1].append(deepcopy(shape))
    return saved_bytes(deck)


def _pptx_merged(*, across: bool) -> bytes:
    deck, slide = _deck()
    grid = slide.shapes.add_table(4, 4, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for number, name in enumerate(("Ship", "Berth", "Crew", "Cargo")):
        grid.cell(0, number).text = name
        for line in (1, 2, 3):
            grid.cell(line, number).text = "" if number and line == 3 else f"{name} {line}"
    grid.cell(3, 1).text = SAID
    if across:
        grid.cell(3, 1).merge(grid.cell(3, 3))
    return saved_bytes(deck)


def _pptx_shadow() -> bytes:
    deck, slide = _deck()
    _text_box(slide)
    _text_box(slide).left += 12_700
    return saved_bytes(deck)


def _pptx_of_master() -> bytes:
    deck, slide = _deck()
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "More"
    shape = _text_box(slide)._element
    slide.slide_layout.slide_master.shapes._spTree.append(shape)
    return saved_bytes(deck)


# OpenDocument

_BOX = f"<draw:text-box><text:p>{SAID}</text:p></draw:text-box>"
_ODT = {
    "a frame with what stands in for it": f"<text:p>Ferries<draw:frame>{_BOX}<draw:image "
    f'xlink:href="x.png"><text:p>{SAID}</text:p></draw:image></draw:frame></text:p>',
    "a description of a frame": f"<text:p>Ferries<draw:frame>{_BOX}<svg:title>{SAID}</svg:title>"
    f"<svg:desc>{SAID}</svg:desc></draw:frame></text:p>",
    "a cell that covers others": "<table:table><table:table-row><table:table-cell><text:p>Ship"
    "</text:p></table:table-cell><table:table-cell><text:p>Berth</text:p></table:table-cell>"
    "<table:table-cell><text:p>Crew</text:p></table:table-cell></table:table-row><table:table-row>"
    "<table:table-cell><text:p>Hauk</text:p></table:table-cell><table:table-cell "
    f'table:number-columns-spanned="2"><text:p>{SAID}</text:p></table:table-cell>'
    f"<table:covered-table-cell><text:p>{SAID}</text:p></table:covered-table-cell>"
    "</table:table-row><table:table-row><table:table-cell><text:p>Nes</text:p></table:table-cell>"
    "<table:table-cell><text:p>2</text:p></table:table-cell><table:table-cell><text:p>9</text:p>"
    "</table:table-cell></table:table-row></table:table>",
    "what is spoken above": f"<text:p><text:ruby><text:ruby-base>{SAID}</text:ruby-base>"
    "<text:ruby-text>x</text:ruby-text></text:ruby></text:p>",
    "a variable": f'<text:p><text:variable-set text:name="a" office:value-type="string" '
    f'office:string-value="{SAID}">{SAID}</text:variable-set></text:p>',
    "a mark": f'<text:p><text:bookmark-start text:name="a"/>{SAID}<text:bookmark-end '
    'text:name="a"/></text:p>',
}


# PDFs


def _pdf(draw: Callable[[Canvas], object]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont("Helvetica", 11)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _again(*shifts: tuple[float, float], mode: int | None = None) -> Callable[[Canvas], object]:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 600, SAID)
        for across, down in shifts:
            canvas.drawString(72 + across, 600 - down, SAID, mode=mode)
        canvas.drawString(72, 560, "Dogs are carried free of charge on all days.")

    return draw


def _form_twice(canvas: Canvas) -> None:
    canvas.beginForm("a")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 600, SAID)
    canvas.endForm()
    canvas.doForm("a")
    canvas.doForm("a")


def _field(canvas: Canvas) -> None:
    canvas.drawString(72, 640, "Departures")
    canvas.acroForm.textfield(
        name="a", value=SAID, tooltip=SAID, x=72, y=590, width=320, height=24, fontSize=11
    )


# Word


def _word_table() -> bytes:
    grid = '<w:gridSpan w:val="3"/>'
    return word(
        table(
            row(*(cell(paragraph(run(name))) for name in ("Ship", "Berth", "Crew", "Cargo"))),
            row(*(cell(paragraph(run(text))) for text in ("Vik", "1", "4", "5"))),
            row(cell(paragraph(run("Hauk"))), cell(paragraph(run(SAID)), grid)),
            row(*(cell(paragraph(run(text))) for text in ("Nes", "2", "9", "3"))),
        )
    )


_HTML_TABLE = (
    "<table><tr><th>Ship<th>Berth<th>Crew<th>Cargo</tr><tr><td>Vik<td>1<td>4<td>5</tr>"
    f"<tr><td>Hauk<td colspan=3>{SAID}</tr><tr><td>Nes<td>2<td>9<td>3</tr></table>"
)

_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a title over columns": (".xlsx", _xlsx_title),
    "a merged cell in a row": (".xlsx", _xlsx_in_a_row),
    "a merged note below": (".xlsx", _xlsx_note_below),
    "how it is spoken": (".xlsx", _xlsx_spoken),
    "a value and its text": (".xlsx", _xlsx_value_and_text),
    "a shape and its fallback": (".xlsx", _xlsx_shape),
    "alternatives": (".pptx", _pptx_alternatives),
    "a merged cell of a slide": (".pptx", lambda: _pptx_merged(across=True)),
    "a cell of a slide": (".pptx", lambda: _pptx_merged(across=False)),
    "a shadow": (".pptx", _pptx_shadow),
    "a text of the master": (".pptx", _pptx_of_master),
    "drawn once": (".pdf", lambda: _pdf(_again())),
    "fake bold": (".pdf", lambda: _pdf(_again((0.3, 0), (0.6, 0)))),
    "a shadow of a PDF": (".pdf", lambda: _pdf(_again((1, 1)))),
    "an outline": (".pdf", lambda: _pdf(_again((0, 0), mode=1))),
    "a hidden layer of text": (".pdf", lambda: _pdf(_again((0, 0.5), mode=3))),
    "a drawing that is used twice": (".pdf", lambda: _pdf(_form_twice)),
    "a field": (".pdf", lambda: _pdf(_field)),
    "a box and its fallback": (".docx", lambda: word(paragraph(box(paragraph(run(SAID)))))),
    "a merged cell of Word": (".docx", _word_table),
    "a merged cell of a page": (".html", _HTML_TABLE.encode),
    **{name: (".odt", lambda body=body: odf("text", body)) for name, body in _ODT.items()},  # type: ignore[misc]
}


@pytest.mark.parametrize(("suffix", "make"), _FILES.values(), ids=_FILES)
def test_it_stands_in_one_passage_once(
    suffix: str, make: Callable[[], bytes], parse: Parse
) -> None:
    document = parse(f"a{suffix}", make())
    passages = split(document, count_words, ChunkLimits())
    assert sum(passage.text.count(SAID) for passage in passages) == 1, document.text
