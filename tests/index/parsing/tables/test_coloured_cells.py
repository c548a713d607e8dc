"""Cells that say something by their colour alone: a remark in each format, and none for stripes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from pptx import Presentation
from pptx.dml.color import RGBColor

from index.parsing import ParsingLimits
from index.parsing.builder import DocumentBuilder
from index.parsing.options import ParsingOptions
from index.parsing.tables.coloured_cells import ColouredCells
from index.parsing.tables.sheet_tables import Area
from index.parsing.unread.hidden import HiddenParts
from testing import ole
from testing.odfs import odf
from tests.index.parsing.conftest import Parse
from tests.index.parsing.packages import saved_bytes
from tests.index.parsing.word_files import cell, row, table, word

_ROTA = [("Name", "Mon", "Tue"), ("Ida", "!", ""), ("Ole", "", "!"), ("Mia", "", "")]
"""Cells with "!" are green and have no text."""


def _remark(rows: list[str], merged: tuple[Area, ...] = ()) -> tuple[str, ...]:
    """Return the remark on rows such as "Ida g - b:Total": a text, or a fill, or both."""
    cells = ColouredCells()
    for number, written in enumerate(rows):
        parts = [each.partition(":") for each in written.split()]
        cells.add_row(
            number,
            [
                (
                    column,
                    first if len(first) == 1 and first != "-" else "",
                    bool(colon or len(first) > 1),
                )
                for column, (first, colon, _) in enumerate(parts)
            ],
        )
    builder = DocumentBuilder(ParsingLimits())
    hidden = HiddenParts(builder, ParsingOptions())
    cells.remark(hidden, "sheet A", merged)
    hidden.remark()
    return builder.draft().remarks


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (["Name Mon Tue", "Ida g -", "Ole - g"], 2),
        (["Name Mon Tue", "Ida g y", "Ole - -"], 2),
        (["Name Mon Tue", "s:Ida s s", "Ole - -", "s:Mia s s"], 0),  # stripes
        (["Name Mon Tue", "s:Ida s g", "Ole - -", "s:Mia s s"], 1),  # and a mark on one
        (["Town c:Sum", "Arvik c:4", "Bodø c", "Moss c:9"], 0),  # a column of a colour
        (["Name Mon", "Ida -", "- g"], 0),  # a row that names nothing
        (["Name Mon", "Ida -"], 0),
    ],
)
def test_what_tells_a_colour_from_a_decoration(rows: list[str], count: int) -> None:
    counts = {1: "1 cell in a colour without text on sheet A was not read."}
    several = f"{count} cells in a colour without text on sheet A were not read."
    assert _remark(rows) == ((counts.get(count, several),) if count else ())


def test_a_merged_cell_is_one() -> None:
    rows = ["Year b:2031 b g:2032 g", "Town In Out In Out"]
    assert _remark(rows)
    assert not _remark(rows, (Area(0, 1, 0, 2), Area(0, 3, 0, 4)))


def _workbook() -> bytes:
    workbook: Any = Workbook()
    workbook.active.title = "June"
    for number, texts in enumerate(_ROTA, start=1):
        workbook.active.append([text if text not in ("", "!") else None for text in texts])
        for column, text in enumerate(texts, start=1):
            if text == "!":
                workbook.active.cell(number, column).fill = PatternFill("solid", fgColor="00AA00")
    return saved_bytes(workbook)


def _slide() -> bytes:
    deck: Any = Presentation()
    shapes = deck.slides.add_slide(deck.slide_layouts[6]).shapes
    grid = shapes.add_table(len(_ROTA), 3, 0, 0, 10**6, 10**6).table
    for number, texts in enumerate(_ROTA):
        for column, text in enumerate(texts):
            grid.cell(number, column).text = text.replace("!", "")
            if text == "!":
                fill = grid.cell(number, column).fill
                fill.solid()
                fill.fore_color.rgb = RGBColor(0, 170, 0)  # type: ignore[no-untyped-call]
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _word() -> bytes:
    shading = '<w:shd w:val="clear" w:fill="00AA00"/>'
    return word(
        table(*(row(*(cell("", shading) if t == "!" else cell(t) for t in ts)) for ts in _ROTA))
    )


def _odf(kind: str) -> bytes:
    style = """<style:style style:name="g" style:family="table-cell"><style:table-cell-properties
      fo:background-color="#00aa00"/></style:style>"""
    cells = {"!": '<table:table-cell table:style-name="g"/>', "": "<table:table-cell/>"}
    rows = "".join(
        "<table:table-row>"
        + "".join(
            cells.get(t, f"<table:table-cell><text:p>{t}</text:p></table:table-cell>") for t in ts
        )
        + "</table:table-row>"
        for ts in _ROTA
    )
    return odf(kind, f'<table:table table:name="June">{rows}</table:table>', styles=style)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.xlsx", _workbook, " on sheet June"),
        ("a.ods", lambda: _odf("spreadsheet"), " on sheet June"),
        ("a.odt", lambda: _odf("text"), ""),
        ("a.docx", _word, ""),
        ("a.pptx", _slide, " on slide 1"),
    ],
)
def test_each_format_says_so(name: str, content: Any, place: str, parse: Parse) -> None:
    document = parse(name, content())
    assert "Ida | " in document.text
    assert document.remarks == (f"2 cells in a colour without text{place} were not read.",)


def test_old_workbooks_say_so(parse: Parse) -> None:
    records = [
        ole.label(number, column, text) if text != "!" else ole.blank(number, column, 1)
        for number, texts in enumerate(_ROTA)
        for column, text in enumerate(texts)
        if text
    ]
    document = parse("a.xls", ole.xls({"June": records}, ["0"], fill=17))
    assert document.remarks == ("2 cells in a colour without text on sheet June were not read.",)
