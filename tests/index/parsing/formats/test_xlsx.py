"""Excel workbooks: what their cells show, and what is hidden, drawn or damaged in them."""

from __future__ import annotations

import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from index.document import Document, TextOrigin
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, ParsingOptions
from index.parsing.options import HiddenContent
from index.parsing.parser import parse_bytes
from testing.soundness import assert_sound
from tests.index.parsing.packages import saved_bytes, sheet_of, with_parts

SHEET = "xl/worksheets/sheet1.xml"


def read(data: bytes, *hidden: HiddenContent, suffix: str = ".xlsx") -> Document:
    options = ParsingOptions(hidden=frozenset(hidden))
    document = parse_bytes(data, f"a{suffix}", suffix, limits=ParsingLimits(), options=options)
    assert_sound(document)
    return document


def told(document: Document) -> list[str]:
    signs = {"heading": "#", "header": "H", "row": "R", "paragraph": "P", "item": "I"}
    return [f"{signs[block.kind]} {block.span.of(document.text)}" for block in document.blocks]


def texts_of(document: Document, origin: TextOrigin) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.origin is origin]


def workbook_of(*rows: list[Any], name: str = "Ports") -> Any:
    workbook = openpyxl.Workbook()
    workbook.active.title = name
    for row in rows:
        workbook.active.append(row)
    return workbook


def test_cells_show_what_their_formats_say() -> None:
    workbook = workbook_of(
        ["Item", "Code", "Price", "Share", "When", "Long", "Sure"],
        ["Rope", 42, 1250.5, 0.125, datetime.date(2031, 3, 4), datetime.timedelta(hours=30), True],
        ["Tar", 7, -3, 1, datetime.date(2031, 3, 5), datetime.timedelta(minutes=5), "#N/A"],
    )
    formats = ("00000", '"£"#,##0.00', '0.0"%"', "d mmm yyyy", "[h]:mm")
    for row in workbook.active.iter_rows(min_row=2, min_col=2, max_col=6):
        for cell, code in zip(row, formats, strict=True):
            cell.number_format = code
    assert told(read(saved_bytes(workbook))) == [
        "# Ports",
        "H Item | Code | Price | Share | When | Long | Sure",
        "R Rope | 00042 | £1,250.50 | 0.1% | 4 Mar 2031 | 30:00 | TRUE",
        "R Tar | 00007 | -£3.00 | 1.0% | 5 Mar 2031 | 0:05 | #N/A",
    ]


def test_kinds_of_cells() -> None:
    data = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>10</t></r><r><rPr>'
        '<vertAlign val="superscript"/></rPr><t>6</t></r><r><t xml:space="preserve"> l_x000D_\n'
        'a day</t></r></is></c><c t="str"><v>x_x005F_y</v></c><c t="b"><v>0</v></c></row>'
        '<row><c t="e"><v>#REF!</v></c><c t="d"><v>2031-03-04T00:00:00</v></c>'
        "<c><v>1E+15</v></c><c><f>A1</f></c></row>"
    )
    found = read(sheet_of(data))
    assert told(found) == [
        "# Ports",
        "H 10⁶ l a day | x_y | FALSE",
        "R #REF! | 2031-03-04 | 1000000000000000",
    ]
    assert found.remarks == ("1 formula has no saved result and could not be read.",)


def test_hidden_rows_columns_and_sheets() -> None:
    workbook = workbook_of(["Town", "Old", "New"], ["A", 1, 2], ["B", 3, 4], ["C", 5, 6])
    sheet = workbook.active
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("A2:A3")
    for name, state in (("Draft", "hidden"), ("Keys", "veryHidden")):
        other = workbook.create_sheet(name)
        other["A1"], other.sheet_state = "secret", state
    found = read(saved_bytes(workbook))
    assert told(found) == ["# Ports", "H Town | New", "R A | 2", "R C | 6"]
    assert found.has_hidden
    assert found.remarks == (
        "1 hidden row on sheet Ports was not read (BRIEFING_READ_HIDDEN=hidden).",
        "1 hidden column on sheet Ports was not read (BRIEFING_READ_HIDDEN=hidden).",
        "2 hidden sheets (“Draft” and “Keys”) were not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    whole = read(saved_bytes(workbook), HiddenContent.HIDDEN)
    assert not whole.remarks
    assert not whole.has_hidden
    assert texts_of(whole, TextOrigin.HIDDEN)[-4:] == ["Draft", "secret", "Keys", "secret"]


@pytest.mark.parametrize("size", ["0.0", "0", ".4", "0.05"])
def test_a_row_and_a_column_of_no_size_are_hidden(size: str) -> None:
    workbook = workbook_of(["Town", "Old", "New"], ["A", 1, 2], ["B", 3, 4], ["C", 5, 6])
    sheet = workbook.active
    sheet.column_dimensions["B"].width = sheet.row_dimensions[3].height = 0.5
    saved = with_parts(
        saved_bytes(workbook), {"xl/worksheets/sheet1.xml": (b'"0.5"', f'"{size}"'.encode())}
    )
    found = read(saved)
    assert told(found) == ["# Ports", "H Town | New", "R A | 2", "R C | 6"]
    assert found.has_hidden


def test_hidden_rows_that_are_read_say_so() -> None:
    workbook = workbook_of(["Town", "Mail"], ["A", 1], ["B", 2], ["C", 3])
    workbook.active.row_dimensions[3].hidden = True
    found = read(saved_bytes(workbook), HiddenContent.HIDDEN)
    assert told(found) == ["# Ports", "H Town | Mail", "R A | 1", "R B | 2", "R C | 3"]
    assert texts_of(found, TextOrigin.HIDDEN) == ["B | 2"]


@pytest.mark.parametrize("of_text", [";;;", "0;0;0;", "General;General;General;"])
def test_cells_that_their_format_hides(of_text: str) -> None:
    workbook = workbook_of(["Town", "Key"], ["A", 4711], ["B", "rope"], ["C", "tar"])
    for place, code in (("B2", ";;;"), ("B3", of_text), ("B4", "0;0;0;@")):
        workbook.active[place].number_format = code
    found = read(saved_bytes(workbook))
    assert "4711" not in found.text
    assert "rope" not in found.text
    assert "tar" in found.text
    assert found.remarks == (
        "2 hidden cells on sheet Ports were not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    assert "4711" in read(saved_bytes(workbook), HiddenContent.HIDDEN).text


def test_margins_are_read_once_and_without_what_changes() -> None:
    workbook = workbook_of(["Town", "Mail"], ["A", 1])
    workbook.create_sheet("More")["A1"] = "x"
    for sheet in workbook.worksheets:
        sheet.oddHeader.center.text = "Confidential: Berg && Co"
        sheet.oddFooter.left.text = "Page &P of &N"
    found = read(saved_bytes(workbook))
    assert texts_of(found, TextOrigin.MARGIN) == ["Confidential: Berg & Co"]


def test_comments() -> None:
    workbook = workbook_of(["Town", "Mail"], ["A", 1])
    workbook.active["B2"].comment = Comment("Counted twice.", "Kari")
    found = read(saved_bytes(workbook))
    assert "twice" not in found.text
    assert found.remarks == (
        "1 comment on sheet Ports was not read (BRIEFING_READ_HIDDEN=comments).",
    )
    whole = read(saved_bytes(workbook), HiddenContent.COMMENTS)
    assert texts_of(whole, TextOrigin.COMMENT) == ["Counted twice."]


def test_tables_filters_and_frozen_rows_name_the_columns() -> None:
    years = (["Name", 2031], ["Age", 2032], ["Town", 2033])
    table = workbook_of(["x"], *[[str(cell) for cell in row] for row in years])
    table.active.add_table(Table(displayName="T", ref="A2:B4"))
    filtered, frozen, printed = workbook_of(*years), workbook_of(*years), workbook_of(*years)
    filtered.active.auto_filter.ref = "A1:B3"
    frozen.active.freeze_panes = "A2"
    printed.active.print_title_rows = "1:1"
    for workbook in (table, filtered, frozen, printed):
        assert told(read(saved_bytes(workbook)))[-3:] == [
            "H Name | 2031",
            "R Age | 2032",
            "R Town | 2033",
        ]


def chart_on(workbook: Any, source: Any, title: str) -> None:
    chart: Any = BarChart()
    chart.title = title
    chart.add_data(Reference(source, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    workbook.active.add_chart(chart, "E5")


def test_a_chart_of_the_sheets_own_cells_is_its_title() -> None:
    workbook = workbook_of(["Town", "Mail"], ["A", 1])
    chart_on(workbook, workbook.active, "Mail of a year")
    assert told(read(saved_bytes(workbook))) == [
        "# Ports",
        "H Town | Mail",
        "R A | 1",
        "P Mail of a year",
    ]


def test_a_chart_of_hidden_cells_is_read() -> None:
    workbook = workbook_of(["Town", "Mail"], ["A", 1])
    source = workbook.create_sheet("Data")
    source.append(["", "Tons"])
    source.append(["", 7])
    source.sheet_state = "hidden"
    chart_on(workbook, source, "Tons of a year")
    cached = (
        b"<numRef><f>'Data'!$B$2</f>",
        b'<numRef><f>\'Data\'!$B$2</f><numCache><ptCount val="1"/><pt idx="0"><v>1234567</v></pt>'
        b"</numCache>",
    )
    data = with_parts(saved_bytes(workbook), {"xl/charts/chart1.xml": cached})
    assert told(read(data))[3:] == ["P Tons of a year", "R | 1234567"]


def test_a_formula_that_was_never_computed_refuses_a_workbook_of_nothing_else(refused: Any) -> None:
    assert "formulas" in refused("a.xlsx", saved_bytes(workbook_of(["=1+1"])))


@pytest.mark.parametrize("suffix", [".xlsm", ".xltx", ".xltm"])
def test_templates_and_workbooks_with_macros(suffix: str) -> None:
    assert read(saved_bytes(workbook_of(["Town", "Mail"], ["A", 1])), suffix=suffix).text


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"xl/styles.xml": (b"<cellXfs", b'<cellXfs odd="1"')}, ""),
        ({"xl/styles.xml": b"<broken"}, "xl/styles.xml"),
        ({"xl/styles.xml": None}, ""),
        ({"xl/theme/theme1.xml": b"none"}, ""),
        ({"xl/worksheets/sheet1.xml": (b"</sheetData>", b"</sheet")}, "xl/worksheets/sheet1.xml"),
        ({"xl/_rels/workbook.xml.rels": b"<"}, "xl/_rels/workbook.xml.rels"),
        ({"docProps/core.xml": b"<"}, ""),
    ],
)
def test_one_broken_part_leaves_the_rest(changes: dict[str, Any], remark: str) -> None:
    data = with_parts(saved_bytes(workbook_of(["Town", 2], ["A", 1])), changes)
    found = read(data)
    assert "Town | 2" in found.text
    assert remark in " ".join(found.remarks)
    assert bool(remark) == bool(found.remarks)


def test_a_sheet_that_is_lost_is_named() -> None:
    workbook = workbook_of(["Town", 2])
    workbook.create_sheet("Lost")["A1"] = "x"
    found = read(with_parts(saved_bytes(workbook), {"xl/worksheets/sheet2.xml": None}))
    assert found.remarks == ("1 damaged sheet (“Lost”) was not read.",)
    assert len(found.pages) == 2


def test_rows_and_cells_that_say_no_place() -> None:
    data = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>"
    assert told(read(sheet_of(data))) == ["# Ports", "R 1 | 2", "R 3 | 4"]


@pytest.mark.parametrize(
    "data",
    [
        '<row r="99999999"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZ1"><v>1</v></c><c r="1"><v>2</v></c><c r=""><v>3</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99999</v></c><c r="A1" s="99"><v>x</v></c></row>',
        '<row r="2"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>',
    ],
)
def test_odd_places_break_nothing(data: str) -> None:
    reason = ""
    try:
        read(sheet_of(data))
    except UnreadableDocument as exc:
        reason = exc.reason
    assert "damaged" not in reason


@pytest.mark.search
def test_a_million_hidden_columns_and_merged_cells_take_no_time() -> None:
    row = "<row><c><v>1</v></c><c><v>2</v></c></row>"
    data = sheet_of(
        row * 200,
        before='<cols><col min="3" max="16384" hidden="1"/></cols>',
        after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 20_000 + "</mergeCells>",
    )
    assert read(data).text.count("1 | 2") == 200


def test_rows_keep_the_number_that_they_have_in_the_sheet() -> None:
    workbook = workbook_of(["Ports"], [], [], ["Port", "Berths"], ["Arvik", 4], [], ["Holm", 7])
    workbook.active.append(["Rossvik", 2])
    workbook.active.row_dimensions[7].hidden = True
    document = read(saved_bytes(workbook))
    rows = {block.span.of(document.text): block.row for block in document.blocks if block.row}
    assert rows == {"Arvik | 4": 5, "Rossvik | 2": 8}
