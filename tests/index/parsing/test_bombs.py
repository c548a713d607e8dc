"""Files made to take all time or memory there is, or to reach beyond themselves.

Each is small, and is read as a reindex reads it. It must be read or refused for a reason of its
own; only where the test says so may it be the limits that end it.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing import SUFFIXES, ParsingLimits
from index.parsing.sandbox.process import ParsingProcess
from index.sources.folder import scan
from testing.budget import HARDENING, in_full
from testing.soundness import assert_sound
from tests.index.parsing.pdfs import pdf
from tools.hardening.fuzz_seeds import rezipped, seeds

pytestmark = [
    pytest.mark.search,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits"),
]

LIMITS = ParsingLimits(
    max_seconds=30, max_memory=600_000_000, max_unpacked_bytes=20_000_000, max_characters=2_000_000
)
"""A tenth of what is allowed elsewhere, so that the bombs are made quickly."""
ENDED = "reading it takes"
"""What is said of a file at which the limits ended the process."""


@pytest.fixture(scope="module")
def process() -> Iterator[ParsingProcess]:
    with ParsingProcess() as process:
        yield process


class Bombs:
    def __init__(self, folder: Path, process: ParsingProcess) -> None:
        self.folder, self._process = folder, process

    def ended(self, name: str, data: bytes) -> None:
        """Nothing but the time limit ends this one."""
        path = self.folder / name
        path.write_bytes(data)
        with pytest.raises(UnreadableDocument, match=ENDED):
            self._process.parse_file(path, name, limits=replace(LIMITS, max_seconds=1))

    def parse(self, name: str, data: bytes | str) -> Document | str:
        """The document, or the reason for which there is none."""
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        (found,) = self._process.parse_files([(path, name)], limits=LIMITS)
        if isinstance(found, UnreadableDocument):
            assert not found.reason.startswith(ENDED), (name, found.reason)
            return found.reason
        assert_sound(found)
        return found

    def refused(self, name: str, data: bytes | str) -> str:
        found = self.parse(name, data)
        assert isinstance(found, str), found.text[:500]
        return found

    def cut(self, name: str, data: bytes | str) -> Document:
        """The beginning of a document that unfolds to more than one may be."""
        found = self.parse(name, data)
        assert isinstance(found, Document), found
        assert len(found.text) <= LIMITS.max_characters
        assert any("more than 2,000,000 characters" in remark for remark in found.remarks)
        return found

    def text(self, name: str, data: bytes | str) -> str:
        found = self.parse(name, data)
        assert isinstance(found, Document), found
        return found.text


@pytest.fixture
def bombs(tmp_path: Path, process: ParsingProcess) -> Bombs:
    return Bombs(tmp_path, process)


# Zip files

SMALL = dict(reversed(seeds(Path("no corpus"))))
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(suffix: str, **changed: bytes) -> bytes:
    """A small file of the format with other members; `__` stands for `/`, `_` for `.`."""
    named = {k.replace("__", "/").replace("_", "."): v for k, v in changed.items()}
    return rezipped(members(SMALL[suffix]) | named)


def word(body: str, doctype: str = "") -> bytes:
    page = f"<?xml version='1.0'?>{doctype}<w:document {WORD}><w:body>{body}</w:body></w:document>"
    return packed(".docx", word__document_xml=page.encode())


def sheet(rows: str, doctype: str = "", dimension: str = "A1:B2") -> bytes:
    page = (
        f"<?xml version='1.0'?>{doctype}<worksheet {SHEET}><dimension ref='{dimension}'/>"
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    return packed(".xlsx", xl__worksheets__sheet1_xml=page.encode())


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_a_flat_zip_bomb(bombs: Bombs, suffix: str) -> None:
    bomb = packed(suffix, word__media__a_bin=b"\0" * 21_000_000)
    assert len(bomb) < 30_000
    assert bombs.refused(f"a{suffix}", bomb) == "it unpacks to more than 20 MB"


def test_a_zip_bomb_in_the_text(bombs: Bombs) -> None:
    bomb = word("<w:p><w:r><w:t>" + " x" * 5_000_000 + "</w:t></w:r></w:p>")
    assert len(bomb) < 30_000
    assert bombs.cut("a.docx", bomb).text.startswith("x x x")


@in_full
def test_a_zip_bomb_of_elements(bombs: Bombs) -> None:
    bomb = word("<w:p/>" * 3_000_000)
    assert "white space" in bombs.refused("a.docx", bomb)


def test_a_zip_that_lies_about_its_size(bombs: Bombs) -> None:
    bomb = bytearray(packed(".docx", word__document_xml=b" " * 30_000_000))
    for place in range(len(bomb) - 4):
        if bomb[place : place + 4] == (30_000_000).to_bytes(4, "little"):
            bomb[place : place + 4] = (1000).to_bytes(4, "little")
    bombs.refused("a.docx", bytes(bomb))


def test_a_nested_zip_is_not_opened(bombs: Bombs) -> None:
    inner = b"\0" * 1_000_000
    for _ in range(5):
        inner = rezipped({"a.zip": inner})
    bomb = rezipped(members(SMALL[".docx"]) | {"word/a.zip": inner})
    assert "Aims" in bombs.text("a.docx", bomb)


def test_overlapping_members(bombs: Bombs) -> None:
    """One compressed stretch that the directory names many times over."""
    many = rezipped([(f"word/{n}.bin", b"\0" * 100_000) for n in range(300)])
    assert "20 MB" in bombs.refused("a.docx", many)
    many = rezipped([(f"word/{n}.bin", b"") for n in range(10_001)])
    assert "10,000 files" in bombs.refused("a.docx", many)


@pytest.mark.parametrize(
    "name",
    ["../../escaped.xml", "/tmp/escaped.xml", "word/../../e.xml", "C:\\e.xml", "a" * 60_000,
     "word/a\nb.xml", "word/\u202etxt.xml", "-rf", "con.xml", "\ud7ff/\uffff"],
)  # fmt: skip
def test_names_within_a_zip_lead_nowhere(bombs: Bombs, name: str) -> None:
    before = set(bombs.folder.parent.rglob("*"))
    assert "Aims" in bombs.text("a.docx", rezipped(members(SMALL[".docx"]) | {name: b"<a/>"}))
    assert set(bombs.folder.parent.rglob("*")) - before == {bombs.folder / "a.docx"}


@pytest.mark.parametrize(
    "target", ["../../../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "\\\\host\\a"]
)
def test_a_part_that_is_a_file_of_the_system(bombs: Bombs, target: str) -> None:
    package = members(SMALL[".docx"])
    package["_rels/.rels"] = package["_rels/.rels"].replace(b"word/document.xml", target.encode())
    bomb = rezipped(package)
    assert "root:" not in str(bombs.parse("a.docx", bomb))


# XML

MULTIPLIED = (f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 11))
LAUGHS = f"<!DOCTYPE a [<!ENTITY a0 'ha'>{''.join(MULTIPLIED)}]>"
QUADRATIC = f"<!DOCTYPE a [<!ENTITY a10 '{'x' * 50_000}'>]>"


@pytest.mark.parametrize("doctype", [LAUGHS, QUADRATIC])
def test_entities_are_not_multiplied(bombs: Bombs, doctype: str) -> None:
    references = "&a10;" * 20_000
    files: dict[str, bytes | str] = {
        "a.docx": word(f"<w:p><w:r><w:t>Aims {references}</w:t></w:r></w:p>", doctype),
        "a.xlsx": sheet(f"<row><c t='inlineStr'><is><t>A{references}</t></is></c></row>", doctype),
        "a.html": f"{doctype}<html><body><p>Aims {references}</p></body></html>",
        "a.xhtml": f"<?xml version='1.0'?>{doctype}<html><body><svg><text>{references}</text></svg>"
        "<p>Aims</p></body></html>",
    }
    for name, data in files.items():
        assert "hahaha" not in str(bombs.parse(name, data)), name
        assert "xxxxxx" not in str(bombs.parse(name, data)), name


def test_entities_of_other_files_and_of_the_network(bombs: Bombs) -> None:
    secret = bombs.folder / "secret.txt"
    secret.write_text("the secret")
    for source in (secret.as_uri(), "http://127.0.0.1:9/x", "//127.0.0.1/x", "secret.txt"):
        doctype = (
            f"<!DOCTYPE a SYSTEM '{source}' [<!ENTITY a SYSTEM '{source}'>"
            f"<!ENTITY % p SYSTEM '{source}'>%p;]>"
        )
        files: dict[str, bytes | str] = {
            "a.docx": word("<w:p><w:r><w:t>Aims &a;</w:t></w:r></w:p>", doctype),
            "a.xlsx": sheet("<row><c t='inlineStr'><is><t>Aims &a;</t></is></c></row>", doctype),
            "a.html": f"{doctype}<html><head><base href='{source}'><link rel='stylesheet' href='"
            f"{source}'></head><body><p>Aims &a;</p><iframe src='{source}'></iframe><img src='"
            f"{source}'><svg><image href='{source}'/></svg></body></html>",
        }
        for name, data in files.items():
            found = bombs.parse(name, data)
            assert "the secret" not in str(found), (name, source)
            assert "reaches" not in str(found), (name, source)


def test_deep_xml(bombs: Bombs) -> None:
    deep = "<w:sdt><w:sdtContent>" * 100_000 + "</w:sdtContent></w:sdt>" * 100_000
    bombs.refused("a.docx", word(deep))
    table = "<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80
    bombs.parse("b.docx", word(table))
    bombs.parse("a.xlsx", sheet("<row>" * 100_000))


def test_a_table_as_wide_as_it_says(bombs: Bombs) -> None:
    words = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    cell = f"<w:tc><w:tcPr><w:gridSpan w:val='99999999'/></w:tcPr>{words}</w:tc>"
    assert "x" in bombs.text("a.docx", word(f"<w:tbl><w:tr>{cell * 500}</w:tr></w:tbl>"))
    wide = "<td colspan=99999999 rowspan=99999999>x" * 2_000
    assert "x" in bombs.text("a.html", f"<table><tr>{wide}<tr>{wide}</table>")


@in_full
def test_a_sheet_as_large_as_it_says(bombs: Bombs) -> None:
    cell = "<row r='{0}'><c r='{1}{0}'><v>7</v></c></row>"
    assert "7" in bombs.text("a.xlsx", sheet(cell.format(1, "A"), dimension="A1:XFD1048576"))
    far = cell.format(1, "A") + cell.format(1_048_576, "XFD")
    assert "7" in bombs.text("b.xlsx", sheet(far, dimension="A1:XFD1048576"))
    every = "".join(cell.format(n, "XFD") for n in range(1, 1_500))
    assert "cells" in bombs.refused("c.xlsx", sheet(every))
    beyond = cell.format(999_999_999, "A") + cell.format(1, "ZZZZZZ")
    assert "rows" in bombs.refused("d.xlsx", sheet(beyond))


def test_one_sheet_named_many_times(bombs: Bombs) -> None:
    book = members(SMALL[".xlsx"])
    one = b'<sheet name="Aims" sheetId="1" r:id="worksheet"/>'
    book["xl/workbook.xml"] = book["xl/workbook.xml"].replace(one, one * 6_000)
    found = bombs.parse("a.xlsx", rezipped(book))
    assert isinstance(found, Document)
    assert "Only the first 5,000 of its" in " ".join(found.remarks)


def test_strings_that_are_shared_too_often(bombs: Bombs) -> None:
    book = members(SMALL[".xlsx"])
    relation = (
        b'<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    book["xl/_rels/workbook.xml.rels"] = book["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", relation
    )
    book["[Content_Types].xml"] = book["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    long = b"long " * 100_000
    book["xl/sharedStrings.xml"] = f"<sst {SHEET}><si><t>".encode() + long + b"</t></si></sst>"
    rows = "<row><c t='s'><v>0</v></c></row>" * 300
    book["xl/worksheets/sheet1.xml"] = (
        f"<worksheet {SHEET}><sheetData>{rows}</sheetData></worksheet>".encode()
    )
    assert bombs.cut("a.xlsx", rezipped(book)).text.startswith("Aims\n\nlong")


# Pictures


def test_a_huge_picture_is_not_looked_at(bombs: Bombs) -> None:
    chunk = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0"
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\r" + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    corpus = Path(__file__).parents[3] / "corpus" / "operations"
    deck = members((corpus / "vehicle-movement-training.pptx").read_bytes())
    deck = {name: picture if "/media/" in name else data for name, data in deck.items()}
    assert bombs.text("a.pptx", rezipped(deck | {"ppt/media/image1.png": picture}))
    assert "Aims" in bombs.text("a.docx", packed(".docx", word__media__image1_png=picture))
    page = "<p>Aims</p><img src='data:image/png;base64,AAAA' width=99999999 height=99999999>"
    assert bombs.text("a.html", page) == "Aims"


# PDF


def stream(content: bytes, head: bytes = b"", filters: int = 1) -> bytes:
    for _ in range(filters):
        content = zlib.compress(content, 9)
    named = b"[%s]" % (b" /FlateDecode" * filters)
    return b"<< %s /Filter %s /Length %d >>\nstream\n%s\nendstream" % (
        head, named, len(content), content
    )  # fmt: skip


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
    b"/XObject << /X 6 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
SHOWN = b"BT /F1 12 Tf 72 700 Td (Aims) Tj ET "


def one_page(content: bytes, **more: bytes) -> bytes:
    others = {int(name[1:]): each for name, each in more.items()}
    return pdf({1: CATALOG, 2: PAGES, 3: PAGE, 4: content, 5: FONT} | others)


def test_pages_in_a_circle(bombs: Bombs) -> None:
    for kids in (
        b"[2 0 R]",
        b"[2 0 R 2 0 R 3 0 R]",
        b"2 0 R",
        b"[1 0 R 3 0 R]",
        b"[3 0 R] /Parent 2 0 R",
    ):
        pages = b"<< /Type /Pages /Kids %s /Count 1 /MediaBox [0 0 612 792] >>" % kids
        bombs.parse("a.pdf", pdf({1: CATALOG, 2: pages, 3: PAGE, 4: stream(SHOWN), 5: FONT}))


def test_a_tree_of_pages_that_doubles(bombs: Bombs) -> None:
    levels = 26
    tree = {
        10 + n: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 2 >>" % (11 + n, 11 + n)
        for n in range(levels)
    }
    tree[10 + levels] = b"<< /Type /Page /MediaBox [0 0 612 792] /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"
    bombs.parse("a.pdf", pdf({1: CATALOG, 2: pages, 4: stream(SHOWN), 5: FONT} | tree))


def test_a_deep_tree_of_pages(bombs: Bombs) -> None:
    tree = {
        10 + n: b"<< /Type /Pages /Kids [%d 0 R] /Parent %d 0 R /Count 1 >>" % (11 + n, 9 + n)
        for n in range(5_000)
    }
    tree[5_010] = b"<< /Type /Page /MediaBox [0 0 612 792] /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"
    bombs.parse("a.pdf", pdf({1: CATALOG, 2: pages, 4: stream(SHOWN), 5: FONT} | tree))


def test_a_length_that_is_its_own(bombs: Bombs) -> None:
    bombs.parse("a.pdf", one_page(b"<< /Length 4 0 R >>\nstream\n" + SHOWN + b"\nendstream"))
    bombs.parse(
        "b.pdf", one_page(b"<< /Length 7 0 R >>\nstream\n" + SHOWN + b"\nendstream", _7=b"7 0 R")
    )


def test_object_streams_in_a_circle(bombs: Bombs) -> None:
    inner = b"4 0 " + b"<< /Type /ObjStm >>"
    table = b"".join(
        bytes([2]) + (4).to_bytes(4, "big") + b"\0\0" for _ in range(8)
    )  # each object, the stream's own included, lies within object 4
    data = b"%PDF-1.7\n"
    place = len(data)
    data += (
        b"4 0 obj\n" + stream(inner, b"/Type /ObjStm /N 1 /First 4 /Extends 4 0 R") + b"\nendobj\n"
    )
    start = len(data)
    head = b"/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R /Index [0 8]"
    data += b"9 0 obj\n" + stream(table, head) + b"\nendobj\n"
    assert place
    bombs.refused("a.pdf", data + b"startxref\n%d\n%%%%EOF\n" % start)


@pytest.mark.parametrize("previous", [b"%d", b"0", b"-5", b"99999999999999999999"])
def test_tables_of_objects_in_a_circle(bombs: Bombs, previous: bytes) -> None:
    plain = one_page(stream(SHOWN))
    start = int(plain.rsplit(b"startxref\n", 1)[1].split()[0])
    value = previous % start if b"%d" in previous else previous
    trailer = b"/Root 1 0 R /Prev %s /XRefStm %s" % (value, value)
    bombs.parse("a.pdf", pdf({1: CATALOG, 2: PAGES, 3: PAGE, 4: stream(SHOWN), 5: FONT}, trailer))


@in_full
def test_a_stream_that_unpacks_to_much(bombs: Bombs) -> None:
    for filters in (1, 2, 3):
        bomb = one_page(stream(b" " * 50_000_000, filters=filters))
        assert len(bomb) < 3_000_000
        bombs.parse("a.pdf", bomb)


def test_forms_that_draw_each_other(bombs: Bombs) -> None:
    form = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
    )
    itself = one_page(stream(SHOWN + b"/X Do"), _6=stream(b"/X Do", form % 6))
    bombs.parse("a.pdf", itself)
    doubling = {f"_{n}": stream(b"/X Do /X Do", form % (n + 1)) for n in range(6, 36)}
    bombs.ended("b.pdf", one_page(stream(SHOWN + b"/X Do"), **doubling, _36=stream(b"q Q")))


@in_full
def test_much_to_draw(bombs: Bombs) -> None:
    bombs.parse("a.pdf", one_page(stream(SHOWN + b"0 0 m 9 9 l S " * 10_000)))
    bombs.parse("b.pdf", one_page(stream(SHOWN + b"1 1 5 5 re S " * 2_900)))
    bombs.parse("c.pdf", one_page(stream(b"[" * 100_000)))
    bombs.parse("d.pdf", one_page(stream(SHOWN + b"q " * 50_000)))


@in_full
def test_far_too_many_pages(bombs: Bombs) -> None:
    pages = b"<< /Type /Pages /Kids [%s] /Count 99999 /MediaBox [0 0 9 9] >>" % (b"3 0 R " * 50_000)
    page = b"<< /Type /Page /Parent 2 0 R >>"
    bombs.parse("a.pdf", pdf({1: CATALOG, 2: pages, 3: page}))


def test_a_table_of_characters_from_elsewhere(bombs: Bombs) -> None:
    """pdfminer unpickled what a PDF named as its table of characters (CVE-2025-64512)."""
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /#2Ftmp#2Fevil "
        b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A "
        b"/CIDSystemInfo << /Registry (../../tmp) /Ordering (evil) /Supplement 0 >> >>] >>"
    )
    bombs.parse("a.pdf", one_page(stream(SHOWN), _5=font))


# Text


@pytest.mark.parametrize("suffix", [".html", ".eml"])
def test_a_deep_page(bombs: Bombs, suffix: str) -> None:
    head = "From: a@example.org\nContent-Type: text/html\n\n" if suffix == ".eml" else ""
    for tag in ("div", "ul><li", "table><tr><td", "b", "blockquote", "font"):
        bombs.parse(f"a{suffix}", f"{head}<p>Aims</p>{f'<{tag}>' * 100_000}x")
    bombs.parse(f"b{suffix}", head + "<p>Aims" + "<" * 1_000_000)
    bombs.parse(f"c{suffix}", head + "<p>Aims" + "<a " + "b " * 500_000)
    bombs.parse(f"d{suffix}", head + "<p>Aims" + "<!--" * 200_000)
    bombs.parse(f"e{suffix}", head + "<table>" + "<tr><td>" * 3_000 + "</table>" * 3_000)
    bombs.parse(f"f{suffix}", head + "<p>Aims" + "&#x1F600;" * 100_000 + "&" * 500_000)


@pytest.mark.parametrize(
    "line",
    ["> " * 10_000, "- " * 10_000, "1. " * 10_000, "[" * 50_000, "*a_" * 50_000, "`" * 50_001,
     "![" * 50_000, "<" * 50_000, "|" * 100_000, "\\" * 100_000, "&" * 100_000, "a|" * 50_000,
     "[a]: <" * 20_000, "<!--" * 50_000, "#" * 100_000, "=" * 100_000, " " * 100_000 + "x"],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_a_line_of_marks(bombs: Bombs, suffix: str, line: str) -> None:
    bombs.parse(f"a{suffix}", f"Aims\n\n{line}x\n\nMore.\n")


@pytest.mark.parametrize(
    "line",
    ["> ", "- ", "1. x", "x", "# x", "| a | b |", "    x", "[a]: b", "A heading", "---", "```",
     "<b>", "\tx", "a:\n", "===", "x\n-", "SHOUTED\n", "- x\n\n  y", "1. A heading of it\n\n"],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_many_lines(bombs: Bombs, suffix: str, line: str) -> None:
    bombs.parse(f"a{suffix}", "Aims\n\n" + f"{line}\n" * (20_000 if HARDENING else 5_000))


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_a_list_that_goes_ever_deeper(bombs: Bombs, suffix: str) -> None:
    bombs.parse(f"a{suffix}", "".join(f"{'  ' * n}- x\n" for n in range(2_000)))
    bombs.parse(f"b{suffix}", "".join(f"{'>' * n} x\n" for n in range(2_000)))


@pytest.mark.parametrize(
    "front",
    [
        "a0: &a0 [x]\n"
        + "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 20)),
        "[" * 20_000,
        "a: " + "{a: " * 20_000,
        'title: "\\ud800"',
        'title: "\\0\\x01"',
        "title: " + "9" * 100_000,
        "title: !!python/object/apply:os.system [echo]",
        "? " * 20_000,
        "date: 99999-99-99",
        "title: 1" + ":59" * 5_000,
    ],
)  # fmt: skip
def test_front_matter(bombs: Bombs, front: str) -> None:
    bombs.parse("a.md", f"---\n{front}\n---\n# Aims\n\nText.\n")


@pytest.mark.parametrize("suffix", [".csv", pytest.param(".tsv", marks=in_full)])
def test_tables_beyond_measure(bombs: Bombs, suffix: str) -> None:
    separator = "," if suffix == ".csv" else "\t"
    bombs.parse(f"a{suffix}", f"a{separator}b\n" + separator * 1_000_000 + "x\n")
    bombs.parse(f"b{suffix}", f"a{separator}b\n" + "x" * 5_000_000)
    lines = 500_000 if HARDENING else 50_000
    bombs.parse(f"c{suffix}", f'a{separator}b\n"' + "x\n" * lines)
    bombs.parse(f"d{suffix}", '"' * 1_000_001)
    bombs.parse(f"e{suffix}", "a;b|c\t" * 200_000)
    bombs.parse(f"f{suffix}", "\n" * 1_000_000 + "x")


@in_full
def test_nested_parts_of_a_mail(bombs: Bombs) -> None:
    head = "From: a@example.org\nSubject: Aims\nMIME-Version: 1.0\n"
    parts = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1_000)
    )
    bombs.parse("a.eml", f"{head}{parts}Content-Type: text/plain\n\nAims\n")
    same = "Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 1_000
    bombs.parse("b.eml", f"{head}{same}Content-Type: text/plain\n\nAims\n")
    mails = "Content-Type: message/rfc822\n\n" * 1_000
    bombs.parse("c.eml", f"{head}{mails}\n\nAims\n")
    bombs.parse("d.eml", f"{head}{'X: y' * 500_000}\n\nAims\n")
    bombs.parse("e.eml", f"{head}To: {'a@example.org, ' * 2_000}\n\nAims\n")
    bombs.parse("f.eml", f"{head}To: {'(' * 20_000}\n\nAims\n")
    bombs.parse("g.eml", head + "X: y\n" * 100_000 + "\n\nAims\n")
    bombs.parse("h.eml", f"{head}Content-Type: text/plain; {'a*0=b;' * 2_000}\n\nAims\n")
    bombs.parse("i.eml", f"{head}Content-Type: text/plain; charset={'a' * 50_000}\n\nAims\n")
    bombs.parse("j.eml", f"{head}Subject: {'=?utf-8?q?a?= ' * 20_000}\n\nAims\n")
    several = "Content-Type: multipart/mixed; boundary=b\n\n"
    bombs.parse("k.eml", head + several + "--b\n\nx\n" * 5_000)
    bombs.parse("l.eml", f"{head}To: {'<' * 20_000}\n\nAims\n")
    bombs.parse("m.eml", f"{head}Date: {'1 ' * 20_000}\n\nAims\n")
    bombs.parse("n.mht", head + several + "--b\n\nx\n" * 5_000)
    bombs.parse("o.mbox", "From 1:00\n\n" * 200_000)
    bombs.parse("p.mbox", "From 10:00\n\n" + "\n\nFrom 1" * 200_000)
    bombs.parse("q.mbox", "From " + "10:1" * 100_000)


# Names, and what is no file


HARD_NAMES = [
    "-rf.txt", "a\nb.txt", "\u202egnp.txt", " .txt", "a\\b.txt", "$(x).txt", "\x1b[2J.txt",
    "é" * 120 + ".txt", "con.txt", "%s%n.txt", "\ufffe.txt", "\U0001f600.txt", "a\tb.txt",
]  # fmt: skip


def test_hard_names_are_read(tmp_path: Path, process: ParsingProcess) -> None:
    for name in HARD_NAMES:
        (tmp_path / name).write_text("Aims of it\n")
    with os.fdopen(
        os.open(os.fsencode(tmp_path) + b"/\xff\xfe.txt", os.O_CREAT | os.O_WRONLY)
    ) as _:
        pass
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.txt")).write_text("Aims of it\n")
    files = scan(tmp_path, SUFFIXES).values()
    assert len(files) == len(HARD_NAMES) + 1
    for found in process.parse_files(((file.path, file.name) for file in files), limits=LIMITS):
        assert isinstance(found, Document), found
        assert found.text == "Aims of it\n"


def test_what_is_no_file_is_refused_at_once(tmp_path: Path, process: ParsingProcess) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("the secret")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "out.txt").symlink_to(outside / "secret.txt")
    (corpus / "folder").symlink_to(outside)
    (corpus / "loop.txt").symlink_to(corpus / "loop.txt")
    (corpus / "self").symlink_to(corpus)
    (corpus / "zero.txt").symlink_to("/dev/zero")
    (corpus / "process.txt").symlink_to("/proc/self/environ")
    with socket.socket(socket.AF_UNIX) as listening:
        with contextlib.chdir(corpus):  # a socket's path must be short
            listening.bind("socket.txt")
        files = scan(corpus, SUFFIXES)
        assert {name for name, file in files.items() if not file.problem} == set()
        for name in ("pipe.txt", "loop.txt", "zero.txt", "socket.txt"):
            # As if it had come there after the look.
            with pytest.raises(UnreadableDocument):
                process.parse_file(corpus / name, name, limits=LIMITS)


@pytest.mark.parametrize("name", ["a\0.txt", "a" * 300 + ".txt", "no/such/folder.txt"])
def test_paths_that_cannot_be(tmp_path: Path, process: ParsingProcess, name: str) -> None:
    with pytest.raises(UnreadableDocument):
        process.parse_file(tmp_path / name, name, limits=LIMITS)
