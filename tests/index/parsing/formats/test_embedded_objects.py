"""Files in Office documents: behind an icon they are read, else only where hidden parts are."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from typing import Any

import olefile
import pptx
import pytest
from pptx.util import Inches

from index.document import Document
from index.parsing.limits import ParsingLimits
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.parser import parse_bytes
from index.parsing.unpacking import unpacked
from testing import ole as old
from testing.odfs import odf
from testing.ole import doc, ole, wrapped_file
from tests.index.parsing.packages import saved_bytes, sheet_of, with_parts
from tests.index.parsing.word_files import paragraph, word

LIMITS = ParsingLimits()
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


# Old Office

NOTES = {"\x01Ole10Native": old.native(b"notes.txt", b"The gate is shut.")}
SHOWN = {"Package": PLAN, "\x03ObjInfo": b"\0\0"}
AS_ICON = {"Package": PLAN, "\x03ObjInfo": b"\x40\0"}


def old_doc(*objects: dict[str, bytes]) -> bytes:
    """A document that shows objects numbered from 1."""
    fields = ["\x13EMBED Package\x14\x01\x15"] * len(objects)
    runs = [(10, b"")]
    for number in range(1, len(objects) + 1):
        runs += [(14, b""), (1, old.object_mark(number)), (2, b"")]
    text = f"Attached: {''.join(fields)}.\r"
    return doc([(text, old.style(0))], [*runs, (2, b"")], objects=dict(enumerate(objects, 1)))


def test_what_an_old_document_shows_as_an_icon() -> None:
    document = read(old_doc(NOTES, AS_ICON, SHOWN), ".doc")
    assert document.text == "Attached: ."
    assert texts(document) == {
        "a.doc/notes.txt": "The gate is shut.",
        "a.doc/object2.docx": "The gate is shut.",
    }
    assert document.remarks == ("1 embedded object was not read.",)
    whole = read(old_doc(SHOWN), ".doc", HiddenContent.HIDDEN)
    assert list(texts(whole)) == ["a.doc/object1.docx"]


def test_an_old_document_in_another_one() -> None:
    inner = io.BytesIO(doc([("The gate is shut.\r", old.style(0))]))
    with olefile.OleFileIO(inner) as file:
        streams = {name: file.openstream(name).read() for name in ("WordDocument", "1Table")}
    document = read(old_doc({**streams, "\x03ObjInfo": b"\x40\0"}), ".doc")
    assert texts(document) == {"a.doc/object1.doc": "The gate is shut."}


def test_a_file_on_a_sheet_of_an_old_workbook() -> None:
    sheets = {
        "Ships": [
            old.label(0, 0, "Berth"),
            old.sheet_object(1, is_icon=True),
            old.sheet_object(2, is_icon=False),
        ],
        "hidden": [old.label(0, 0, "Berth"), old.sheet_object(3, is_icon=True)],
    }
    objects = {number: {"Package": PLAN} for number in (1, 2, 3)}
    document = read(old.xls(sheets, objects=objects), ".xls")
    assert list(texts(document)) == ["a.xls/objectMBD00000001.docx"]
    assert "2 embedded objects were not read." in document.remarks


def test_a_file_on_a_slide_of_an_old_presentation() -> None:
    title = old.shape(old.text_atoms(0, "Berths"))
    objects = [(4, wrapped_file(b"notes.txt", b"The gate is shut.")), (1, PLAN), (4, b"damaged")]
    deck = old.ppt(
        [[title, old.object_shape(1)], [title, old.object_shape(2)], [title, old.object_shape(3)]],
        objects=objects,
    )
    document = read(deck, ".ppt")
    assert texts(document) == {"a.ppt/notes.txt": "The gate is shut."}
    assert document.remarks == ("2 embedded objects on slides 2 and 3 were not read.",)


# OpenDocument


def frame(name: str, style: str = "", kind: str = "object") -> str:
    return (
        f'<text:p><draw:frame draw:style-name="{style}"><draw:{kind} xlink:href="./{name}"/>'
        "<draw:image/></draw:frame></text:p>"
    )


def sheet_xml(cell: str) -> str:
    data = odf(
        "spreadsheet",
        f'<table:table table:name="Fees"><table:table-row><table:table-cell><text:p>{cell}</text:p>'
        "</table:table-cell></table:table-row></table:table>",
    )
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("content.xml").decode()


def test_files_in_an_opendocument_text() -> None:
    styles = (
        '<style:style style:name="icon" style:family="graphic"><style:graphic-properties'
        ' draw:ole-draw-aspect="icon"/></style:style>'
    )
    body = (
        "<text:p>Attached:</text:p>"
        + frame("Object 1", "icon")
        + frame("Object 2")
        + frame("Object 3", kind="object-ole")
        + frame("Object 4", "icon", kind="object-ole")
        + frame("../../etc", "icon")
    )
    members: dict[str, Any] = {
        "Object 1__content_dot_xml": sheet_xml("40 crowns"),
        "Object 2__content_dot_xml": sheet_xml("9,000 crowns"),
        "Object 3": native_file(),
        "Object 4": b"damaged",
    }
    data = odf("text", body, styles=styles, **members)
    document = read(data, ".odt")
    assert document.text == "Attached:"
    assert texts(document) == {
        "a.odt/Object 1.ods": "Fees\n\n40 crowns",
        "a.odt/notes.txt": "The gate is shut.",
    }
    assert document.remarks == ("3 embedded objects were not read.",)
    first = document.enclosed[0]
    assert (
        first.sha256
        == sha256(unpacked(data, ".odt", "Object 1.ods", first.sha256, LIMITS)).hexdigest()
    )
    whole = read(data, ".odt", HiddenContent.HIDDEN)
    assert texts(whole)["a.odt/Object 2.ods"] == "Fees\n\n9,000 crowns"


def test_a_file_on_a_sheet_of_an_opendocument_spreadsheet() -> None:
    body = (
        '<table:table table:name="Fees"><table:table-row><table:table-cell><text:p>40 crowns'
        '</text:p><draw:frame><draw:object-ole xlink:href="./Object 1"/></draw:frame>'
        "</table:table-cell></table:table-row></table:table>"
    )
    members: dict[str, Any] = {"Object 1": native_file()}
    document = read(odf("spreadsheet", body, **members), ".ods")
    assert texts(document) == {"a.ods/notes.txt": "The gate is shut."}


def native_file() -> bytes:
    return wrapped_file(b"notes.txt", b"The gate is shut.")
