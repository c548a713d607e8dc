"""Word, PowerPoint and Excel."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import OxmlElement
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.index.parsing.packages import with_parts


def test_word(parse: Any, outline: Any, saved: Any) -> None:
    document = docx.Document()
    document.core_properties.created = datetime.datetime(2026, 1, 6, 10, 0)
    document.core_properties.author = "Kari"
    document.add_heading("The force", 0)
    document.add_heading("Aims", 1)
    document.add_paragraph("One ").add_run("bold")
    for style in ("List Bullet", "List Bullet 2", "List Bullet", "List Number", "List Number"):
        document.add_paragraph("entry", style=style)
    table = document.add_table(3, 3)
    for number, name in enumerate(("Country", "Year", "Cost")):
        table.cell(0, number).text = name
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Norway"
    table.cell(1, 2).text = "5"
    table.cell(2, 0).text = "Sweden"
    document.add_paragraph("after")
    document.add_paragraph("- typed item")
    found = parse("a.docx", saved(document))
    assert outline(found) == [
        ("heading", 1, "The force"),
        ("heading", 2, "Aims"),
        ("paragraph", 0, "One bold"),
        ("item", 0, "• entry"),
        ("item", 1, "• entry"),
        ("item", 0, "• entry"),
        ("item", 0, "1. entry"),
        ("item", 0, "2. entry"),
        ("header", 0, "Country | Year | Cost"),
        ("row", 0, "Norway | Norway | 5"),
        ("row", 0, "Sweden |  |"),
        ("paragraph", 0, "after"),
        ("item", 0, "- typed item"),
    ]
    assert found.metadata == {"author": "Kari", "date": "2026-01-06T10:00:00+00:00"}


def test_word_without_styles(parse: Any, outline: Any, saved: Any) -> None:
    document = docx.Document()
    long = (
        "The force would be sent after a ceasefire, and its tasks would be limited to few things."
    )
    for text in ("A security force", long, "Background", long):
        document.add_paragraph(text)
    found = outline(parse("a.docx", saved(document)))
    assert [(kind, level) for kind, level, _ in found] == [
        ("heading", 1),
        ("paragraph", 0),
        ("heading", 2),
        ("paragraph", 0),
    ]


def test_word_reads_content_controls_and_not_deletions(parse: Any, saved: Any) -> None:
    document = docx.Document()
    inside = document.add_paragraph("inside")
    deleted = document.add_paragraph("kept ").add_run("deleted")
    control, content, mark = (OxmlElement(tag) for tag in ("w:sdt", "w:sdtContent", "w:del"))
    inside._p.addprevious(control)
    control.append(content)
    content.append(inside._p)
    deleted._r.addprevious(mark)
    mark.append(deleted._r)
    assert parse("a.docx", saved(document)).text == "inside\n\nkept"


def test_powerpoint(parse: Any, outline: Any, saved: Any) -> None:
    presentation = pptx.Presentation()
    layouts = presentation.slide_layouts
    slide = presentation.slides.add_slide(layouts[0])
    slide.shapes.title.text = "The force"
    slide.placeholders[1].text = "A briefing"
    slide = presentation.slides.add_slide(layouts[1])
    slide.shapes.title.text = "Roles"
    frame = slide.placeholders[1].text_frame
    frame.text = "Monitor"
    nested = frame.add_paragraph()
    nested.text, nested.level = "By drones", 1
    slide.notes_slide.notes_text_frame.text = "Say this.\nAnd that."
    presentation.slides.add_slide(layouts[6])
    slide = presentation.slides.add_slide(layouts[5])
    slide.shapes.title.text = "Costs"
    box = (Inches(1), Inches(1), Inches(4), Inches(2))
    table = slide.shapes.add_table(2, 2, *box).table
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        table.cell(row, column).text = f"{row}{column}"
    figures: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx has no types
    figures.categories = ["2025", "2026"]
    figures.add_series("Troops", (100, 500))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box, figures)
    document = parse("a.pptx", saved(presentation))
    assert outline(document) == [
        ("heading", 1, "The force"),
        ("paragraph", 0, "A briefing"),
        ("heading", 2, "Roles"),
        ("item", 0, "• Monitor"),
        ("item", 1, "• By drones"),
        ("heading", 2, "Costs"),
        ("header", 0, "00 | 01"),
        ("row", 0, "10 | 11"),
        ("header", 0, "| Troops"),
        ("row", 0, "2025 | 100"),
        ("row", 0, "2026 | 500"),
    ]
    assert document.title == "The force"
    assert document.metadata == {}
    assert [len(page) for page in document.pages][2] == 0
    assert document.page_of(document.text.index("Costs")) == 4


def test_excel(parse: Any, outline: Any, saved: Any) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Costs"
    sheet["B2"] = "Costs of the force"
    rows: list[list[object]] = [
        ["Country", "When", "Share", None, "Cost", "Sure"],
        ["Norway", datetime.date(2026, 1, 6), 0.125, None, 1.5, True],
        [None] * 6,
        ["France", datetime.datetime(2026, 1, 6, 12, 30), 1, None, 0.1 + 0.2, False],
    ]
    for row, cells in enumerate(rows, start=4):
        for column, value in enumerate(cells, start=2):
            sheet.cell(row, column, value)
    sheet["D5"].number_format = "0.0%"
    workbook.create_sheet("Empty")
    workbook.create_sheet("More")["A1"] = "words"
    document = parse("a_b.xlsx", saved(workbook))
    assert outline(document) == [
        ("heading", 2, "Costs"),
        ("paragraph", 0, "Costs of the force"),
        ("header", 0, "Country | When | Share | Cost | Sure"),
        ("row", 0, "Norway | 2026-01-06 | 12.5% | 1.5 | TRUE"),
        ("row", 0, "France | 2026-01-06 12:30:00 | 1 | 0.3 | FALSE"),
        ("heading", 2, "More"),
        ("paragraph", 0, "words"),
    ]
    assert document.title == "a b"
    assert document.page_of(document.text.index("words")) == 3


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
def test_a_file_without_properties_has_no_title_and_date_made_up(
    parse: Any, saved: Any, suffix: str
) -> None:
    document, workbook, presentation = docx.Document(), openpyxl.Workbook(), pptx.Presentation()
    document.add_paragraph("Norway sends ships to the northern sea.")
    workbook.active["A1"] = "ships"
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "Ships"
    whole = saved({".docx": document, ".xlsx": workbook, ".pptx": presentation}[suffix])
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as package, zipfile.ZipFile(bare, "w") as without:
        for name in package.namelist():
            if name != "docProps/core.xml":
                content = package.read(name)
                if name in ("_rels/.rels", "[Content_Types].xml"):
                    content = re.sub(rb"<(?:Relationship|Override) [^>]*core[^>]*/>", b"", content)
                without.writestr(name, content)
    found = parse(f"the_aims{suffix}", bare.getvalue())
    assert found.metadata == {}
    assert found.title in ("Norway sends ships to the northern sea.", "Ships", "the aims")


def test_properties_that_people_add_are_kept_if_they_say_something_of_the_document(
    parse: Any, saved: Any
) -> None:
    document = docx.Document()
    document.add_paragraph("Some text.")
    values = {"Supersedes": "HR-12 (2024)", "Next review": "2026-05-01", "audience": "all"}
    vt = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    custom = "".join(
        f'<property pid="{pid}" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property>'
        for pid, (name, value) in enumerate(values.items(), start=2)
    )
    root = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'custom-properties" xmlns:vt="{vt}">{custom}</Properties>'
    )
    package = with_parts(saved(document), {"docProps/custom.xml": root.encode()})
    found = parse("custom.docx", package).metadata
    assert found["supersedes"] == "HR-12 (2024)"
    assert found["next review"] == "2026-05-01"
    assert "audience" not in found


def test_a_workbook_without_a_date_gets_none(parse: Any, saved: Any) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "ships"
    undated = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(workbook))) as package,
        zipfile.ZipFile(undated, "w") as without,
    ):
        for name in package.namelist():
            created = rb"<dcterms:created.*?</dcterms:created>"
            without.writestr(name, re.sub(created, b"", package.read(name)))
    assert parse("a.xlsx", undated.getvalue()).metadata == {}
