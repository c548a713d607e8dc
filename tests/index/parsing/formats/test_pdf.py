from __future__ import annotations

import io
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

BODY = (
    "Norway has offered to take part in a security force for Ukraine after a credible ceasefire. "
)


@pytest.fixture(scope="module")
def briefing() -> bytes:
    styles = getSampleStyleSheet()
    text = styles["BodyText"]

    def foot(drawing: Any, document: Any) -> None:
        drawing.drawString(72, 40, "Confidential briefing")
        drawing.drawRightString(520, 40, f"Page {document.page}")

    buffer = io.BytesIO()
    grid = [("GRID", (0, 0), (-1, -1), 1, colors.black)]
    story = [
        Paragraph("A security force", styles["Title"]),
        Paragraph(BODY * 4, text),
        Paragraph(BODY * 3, text),
        Paragraph("Roles", styles["Heading2"]),
        Paragraph("The force would:", text),
        ListFlowable(
            [Paragraph("monitor it, " + BODY, text), Paragraph("train soldiers", text)],
            bulletType="bullet",
        ),
        Table([["Country", "Troops"], ["Norway", "500"], ["France", "6,000"]], style=grid),
        Paragraph("<b>Costs and time</b>", text),
        Paragraph(BODY * 3, text),
        PageBreak(),
        Paragraph(BODY * 2, text),
        PageBreak(),
        Spacer(1, 1),
        Paragraph("Outlook", styles["Heading2"]),
        Paragraph(BODY * 2, text),
    ]
    document = SimpleDocTemplate(buffer, title="Force brief", author="A. Analyst")
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def test_blocks(parse: Any, outline: Any, briefing: bytes) -> None:
    document = parse("a.pdf", briefing)
    assert outline(document) == [
        ("heading", 1, "A security force"),
        ("paragraph", 0, (BODY * 4).strip()),
        ("paragraph", 0, (BODY * 3).strip()),
        ("heading", 2, "Roles"),
        ("paragraph", 0, "The force would:"),
        ("item", 0, "• monitor it, " + BODY.strip()),
        ("item", 0, "• train soldiers"),
        ("header", 0, "Country | Troops"),
        ("row", 0, "Norway | 500"),
        ("row", 0, "France | 6,000"),
        ("heading", 3, "Costs and time"),
        ("paragraph", 0, (BODY * 3).strip()),
        ("paragraph", 0, "Confidential briefing Page 1"),
        ("paragraph", 0, (BODY * 2).strip()),
        ("heading", 2, "Outlook"),
        ("paragraph", 0, (BODY * 2).strip()),
    ]
    assert document.title == "Force brief"
    assert document.metadata["author"] == "A. Analyst"
    assert document.metadata["date"].startswith("20")
    assert len(document.pages) == 3
    assert document.page_of(document.text.index("Outlook")) == 3


def test_unmarked_headings_of_one_type(parse: Any, outline: Any) -> None:
    buffer = io.BytesIO()
    text = getSampleStyleSheet()["BodyText"]
    parts = ["Norway and the force", BODY * 3, "What it would do", BODY * 3]
    SimpleDocTemplate(buffer).build([Paragraph(part, text) for part in parts])
    found = outline(parse("a.pdf", buffer.getvalue()))
    assert [(kind, level) for kind, level, _ in found] == [
        ("heading", 1),
        ("paragraph", 0),
        ("heading", 2),
        ("paragraph", 0),
    ]
