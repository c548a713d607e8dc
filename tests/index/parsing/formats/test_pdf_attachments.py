"""Files that a PDF carries are documents below it."""

from __future__ import annotations

from typing import Any

from tests.index.parsing.pdfs import pdf

LISTED = b"/Names << /EmbeddedFiles << /Names [(one) 5 0 R (two) 7 0 R] >> >>"


def specification(name: bytes, content: int) -> bytes:
    return b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F %d 0 R >> >>" % (name, name, content)


def stream(data: bytes, keys: bytes = b"/Type /EmbeddedFile") -> bytes:
    size = len(data)
    return b"<< %s /Params << /Size %d >> /Length %d >>\nstream\n%s\nendstream" % (
        keys, size, size, data
    )  # fmt: skip


def carrying(
    name: bytes, data: bytes, *, words: bytes = b"The cover.", catalogue: bytes = LISTED,
    notes: bytes = b"",
) -> bytes:  # fmt: skip
    """A page with some words, and two files, of which the second is a text."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 300] >>",
            3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [%s]"
            b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
            b" >> >> >>" % notes,
            4: stream(b"BT /F1 11 Tf 20 200 Td (%s) Tj ET" % words, b""),
            5: specification(name, 6),
            6: stream(data),
            7: specification(b"notes.txt", 8),
            8: stream(b"The ferry leaves at nine."),
            9: b"<< /Type /Annot /Subtype /FileAttachment /Rect [9 9 20 20] /FS 7 0 R >>",
        }
    )


def texts(document: Any) -> dict[str, str]:
    return {each.name: each.text for each in document.enclosed}


def test_listed_files(parse: Any) -> None:
    document = parse("a.pdf", carrying(b"plan.md", b"# Plan\n\nThe gate is shut."))
    assert document.text == "The cover."
    assert texts(document) == {
        "a.pdf/plan.md": "# Plan\n\nThe gate is shut.",
        "a.pdf/notes.txt": "The ferry leaves at nine.",
    }
    assert not document.remarks


def test_a_file_pinned_to_a_page(parse: Any) -> None:
    data = carrying(b"plan.md", b"x", catalogue=b"", notes=b"9 0 R")
    assert texts(parse("a.pdf", data)) == {"a.pdf/notes.txt": "The ferry leaves at nine."}


def test_a_file_that_is_both_listed_and_pinned(parse: Any) -> None:
    document = parse("a.pdf", carrying(b"plan.md", b"The gate is shut.", notes=b"9 0 R"))
    assert list(texts(document)) == ["a.pdf/plan.md", "a.pdf/notes.txt"]


def test_what_is_not_read_of_them_is_said(parse: Any) -> None:
    document = parse("a.pdf", carrying(b"print.joboptions", b"x"))
    assert document.remarks == (
        "The attached file print.joboptions was not read: .joboptions files are not read.",
    )


def test_a_cover_without_words(parse: Any) -> None:
    document = parse("a.pdf", carrying(b"../plan.md", b"# Plan\n\nThe gate is shut.", words=b""))
    assert not document.text
    assert list(texts(document)) == ["a.pdf/plan.md", "a.pdf/notes.txt"]


def test_nothing_that_can_be_read(refused: Any) -> None:
    data = carrying(b"a.xyz", b"x", words=b"").replace(b"(notes.txt)", b"(notes.xyz)")
    assert refused("a.pdf", data) == (
        "nothing in it was read: Page 1 has no text."
        " 2 attached files were not read: .xyz files are not read (a.xyz, notes.xyz)"
    )


def test_a_damaged_file_in_it_is_a_remark(parse: Any) -> None:
    inner = b"%PDF-1.7 without anything"
    document = parse("a.pdf", carrying(b"a.pdf", inner))
    assert "The attached file a.pdf was not read" in document.remarks[0]
