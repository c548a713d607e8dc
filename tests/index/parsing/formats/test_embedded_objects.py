"""Files in Office documents: behind an icon they are read, else only where hidden parts are."""

from __future__ import annotations

import io
from typing import Any

import pptx
import pytest
from pptx.util import Inches

from index.document import Document
from index.parsing.limits import ParsingLimits
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.parser import parse_bytes
from testing import ole as old
from testing.odfs import odf
from testing.ole import doc, ole, wrapped_file
from tests.index.parsing.packages import saved_bytes, sheet_of, with_parts
from tests.index.parsing.word_files import paragraph, word

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLAN = word(paragraph("<w:r><w:t>The gate is shut.</w:t></w:r>"))


def holding(content: bytes, aspect: str = "Icon") -> bytes:
    thing = (
        f'<w:r><w:object><v:imagedata/><o:OLEObject DrawAspect="{aspect}" r:id="oleObject1"/>'
        "</w:object></w:r>"
    )
    return word(paragraph("<w:r><w:t>Attached:</w:t></w:r>", thing), oleObject1=content)


def read(data: bytes, suffix: str, *hidden: HiddenContent) -> Document:
    options = ParsingOptions(hidden=frozenset(hidden))
    return parse_bytes(data, f"a{suffix}", suffix, limits=ParsingLimits(), options=options)


def texts(document: Document) -> dict[str, str]:
    return {each.name: each.text for each in document.enclosed}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (wrapped_file(b"notes.txt", b"The gate is shut."), "notes.txt"),
        (wrapped_file(b"D:\\plans\\notes.md", b"The gate is shut."), "notes.md"),
        (PLAN, "oleObject1.docx"),
        (ole({"Package": PLAN}), "oleObject1.docx"),
        (doc([("The gate is shut.\r", b"")]), "oleObject1.doc"),
    ],
)
def test_what_lies_behind_an_icon(content: bytes, name: str) -> None:
    document = read(holding(content), ".docx")
    assert document.text == "Attached:"
    assert texts(document) == {f"a.docx/{name}": "The gate is shut."}
    assert not document.remarks


def test_a_file_that_was_dragged_in_always_shows_as_an_icon() -> None:
    content = wrapped_file(b"notes.txt", b"The gate is shut.")
    assert list(texts(read(holding(content, "Content"), ".docx"))) == ["a.docx/notes.txt"]


def test_of_what_is_shown_as_a_picture_the_rest_is_hidden() -> None:
    data = holding(PLAN, "Content")
    unread = read(data, ".docx")
    assert not unread.enclosed
    assert unread.remarks == ("1 embedded object was not read.",)
    assert list(texts(read(data, ".docx", HiddenContent.HIDDEN))) == ["a.docx/oleObject1.docx"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 and no more",
        ole({"Equation Native": b"x"}),
        wrapped_file(b"a.txt", b"x")[:-900],
    ],
)
def test_what_is_no_file_is_an_object_that_was_not_read(content: bytes) -> None:
    document = read(holding(content), ".docx")
    assert not document.enclosed
    assert document.remarks == ("1 embedded object was not read.",)


def test_one_file_behind_two_icons_is_one_document() -> None:
    thing = '<w:r><w:object><o:OLEObject DrawAspect="Icon" r:id="package1"/></w:object></w:r>'
    document = read(word(paragraph(thing) + paragraph(thing), package1=PLAN), ".docx")
    assert texts(document) == {"a.docx/package1.docx": "The gate is shut."}


def test_a_slide_with_nothing_but_a_file() -> None:
    deck: Any = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_ole_object(io.BytesIO(PLAN), "Word.Document.12", Inches(1), Inches(1))
    document = read(saved_bytes(deck), ".pptx")
    assert list(texts(document).values()) == ["The gate is shut."]


@pytest.mark.parametrize(("aspect", "count"), [("DVASPECT_ICON", 1), ("DVASPECT_CONTENT", 0)])
def test_a_file_on_a_sheet(aspect: str, count: int) -> None:
    objects = f'<oleObjects><oleObject dvAspect="{aspect}" r:id="rId9"/></oleObjects>'
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>Attached:</t></is></c></row>'
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{OFFICE}/package" Target="../embeddings/b.docx"/>'
        "</Relationships>"
    )
    sheet = sheet_of(row, after=objects, parts={"xl/worksheets/_rels/sheet1.xml.rels": relations})
    document = read(with_parts(sheet, {"xl/embeddings/b.docx": PLAN}), ".xlsx")
    assert document.text.endswith("Attached:")
    assert list(texts(document)) == ["a.xlsx/b.docx"][:count]
    assert len(document.remarks) == 1 - count


# Old Office and OpenDocument: they are not read

OLD_DOC = doc(
    [("Attached: \x13EMBED Package\x14\x01\x15.\r", old.style(0))],
    [(25, b""), (1, old.object_mark()), (3, b"")],
)
OLD_SHEET = old.xls({"Ships": [old.label(0, 0, "Berth")]}, objects=2)
OLD_SLIDE = old.ppt([[old.shape(old.text_atoms(0, "Berths")), old.object_shape()]])
FRAME = '<draw:frame><draw:object xlink:href="./Object 1"/><draw:image/></draw:frame>'
TEXT = odf("text", f"<text:p>Attached:</text:p><text:p>{FRAME}</text:p>")
SHEET = odf(
    "spreadsheet",
    "<table:table table:name='Fees'><table:table-row><table:table-cell><text:p>40 crowns</text:p>"
    f"{FRAME}</table:table-cell></table:table-row></table:table>",
)


@pytest.mark.parametrize(
    ("data", "suffix", "remark"),
    [
        (OLD_DOC, ".doc", "1 embedded object was not read."),
        (OLD_SHEET, ".xls", "2 embedded objects were not read."),
        (OLD_SLIDE, ".ppt", "1 embedded object on slide 1 was not read."),
        (TEXT, ".odt", "1 embedded object was not read."),
        (SHEET, ".ods", "1 embedded object was not read."),
    ],
)
def test_objects_that_are_not_read(data: bytes, suffix: str, remark: str) -> None:
    document = read(data, suffix)
    assert not document.enclosed
    assert remark in document.remarks
