"""Files that cannot be read, each with its reason."""

from __future__ import annotations

import errno
import io
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, parse_file
from testing.made_files import zipped

OFFICE = [".docx", ".pptx", ".xlsx"]


def reason(path: Path, **limits: int) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        parse_file(path, path.name, limits=ParsingLimits(**limits))
    return caught.value.reason


def pdf(*pages: str, encrypt: StandardEncryption | None = None) -> bytes:
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer, encrypt=encrypt)
    for page in pages:
        drawing.drawString(72, 700, page) if page else drawing.rect(72, 72, 100, 100)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


@pytest.mark.parametrize(
    "suffix", [".txt", ".md", ".html", ".pdf", ".docx", ".xlsx", ".csv", ".eml"]
)
def test_an_empty_file(refused: Any, suffix: str) -> None:
    assert refused(f"a{suffix}", b"") == "it is empty"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv"])
def test_nothing_but_white_space(refused: Any, name: str) -> None:
    assert refused(name, " \n\t\r\n \u00a0\f") == "it holds nothing but white space"


def test_word_document_of_white_space(refused: Any, saved: Any) -> None:
    document = docx.Document()
    document.add_paragraph("  ")
    assert refused("a.docx", saved(document)) == "it holds nothing but white space"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv"])
def test_bytes_that_are_no_text(refused: Any, name: str) -> None:
    assert refused(name, b"abc\0def") == "it is not text: it holds NUL bytes"
    controls = bytes(range(1, 8)) * 50
    assert refused(name, controls) == "it is not text: it is full of control characters"


def test_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    path.touch()
    os.truncate(path, 200_000_000)
    assert reason(path) == "it is larger than 50 MB (BRIEFING_MAX_FILE_MB)"


def test_a_missing_file(tmp_path: Path) -> None:
    assert reason(tmp_path / "gone.txt") == "it is no longer there"


def test_a_folder_named_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    assert reason(tmp_path / "folder.txt") in ("it is not a regular file", "it is a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path / "pipe.txt") == "it is not a regular file"


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_arguments: object) -> int:  # real permissions do not stop root
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("index.parsing.parser.os.open", deny)
    assert reason(tmp_path / "secret.txt") == "there is no permission to read it"


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert reason(tmp_path / "loop.txt") == "it is a link that leads to itself"


def test_a_file_that_is_replaced_while_read_is_one_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old " * 1000)
    other = tmp_path / "new"
    other.write_text("new " * 2000)
    fstat = os.fstat

    def replace_then_fstat(handle: int) -> os.stat_result:
        if other.exists():
            other.replace(path)
        return fstat(handle)

    monkeypatch.setattr("index.parsing.parser.os.fstat", replace_then_fstat)
    document = parse_file(path, "a.txt", limits=ParsingLimits())
    assert document.text == "old " * 1000


def test_a_file_that_is_written_to_while_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    fstat = os.fstat

    def fstat_then_write(handle: int) -> os.stat_result:
        result = fstat(handle)
        path.write_text("longer than before")
        return result

    monkeypatch.setattr("index.parsing.parser.os.fstat", fstat_then_write)
    assert reason(path) == "it was being written while it was read; reindex again"


def test_an_unknown_suffix(refused: Any) -> None:
    assert refused("a.xyz", "hello") == "files ending in .xyz are not read"


@pytest.mark.parametrize(
    "name", ["two words.txt", "emoji 🇳🇴.txt", "line\nbreak.md", "ÆØÅ.TXT", "a'\"b.csv"]
)
def test_odd_names(parse: Any, name: str) -> None:
    assert "Norway" in parse(name, "Norway is ready,yes\n1,2").text


def test_pdf_with_a_password(refused: Any, parse: Any) -> None:
    locked = pdf("secret", encrypt=StandardEncryption("pw"))
    assert refused("a.pdf", locked) == "it is protected by a password"
    # One that anyone may open and only its owner may change:
    assert parse("a.pdf", pdf("open", encrypt=StandardEncryption("", "owner"))).text == "open"


def test_pdf_without_text(refused: Any, parse: Any) -> None:
    expected = "it has no text: its 3 pages are blank or drawn"
    assert refused("a.pdf", pdf("", "", "")) == expected
    partly = parse("a.pdf", pdf("some words", "", "more words"))
    assert partly.remarks == ("Page 2 has no text.",)
    assert len(partly.pages) == 3
    assert partly.page_of(partly.text.index("more")) == 3


def test_pdf_that_is_cut_off(refused: Any) -> None:
    whole = pdf("some words")
    assert (
        refused("a.pdf", whole[: len(whole) // 2]) == "it is cut off: the end of the PDF is missing"
    )


def test_pdf_that_is_none(refused: Any) -> None:
    assert refused("a.pdf", "<!DOCTYPE html><p>hi") == "it is not a PDF, but a web page"
    assert refused("a.pdf", "hello") == "it is not a PDF"
    assert refused("a.pdf", "%PDF-1.4 x startxref 0 %%EOF") == "it is damaged, or not a PDF"


@pytest.mark.parametrize("suffix", OFFICE)
def test_office_files_that_are_none(refused: Any, suffix: str) -> None:
    assert refused(f"a{suffix}", "hello").endswith("it is not even a zip file")
    assert refused(f"a{suffix}", zipped({"x": b"1"})).startswith("it is a zip file, but not")
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert refused(f"a{suffix}", old).startswith("it is a file of old Office")
    locked = old + "EncryptedPackage".encode("utf-16-le")
    assert refused(f"a{suffix}", locked) == "it is protected by a password"


def test_office_file_that_is_cut_off(refused: Any, saved: Any) -> None:
    whole = saved(docx.Document())
    assert refused("a.docx", whole[:-500]) == "it is damaged or cut off: its zip file is broken"


def test_office_file_whose_parts_are_broken(refused: Any) -> None:
    broken = zipped({"word/document.xml": b"<no", "[Content_Types].xml": b"<no"})
    assert refused("a.docx", broken) == "it is damaged, or not a Word document"


def test_zip_bomb(refused: Any) -> None:
    bomb = zipped({"word/document.xml": bytes(5_000_000)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 10_000
    assert refused("a.docx", bomb, max_unpacked_bytes=1_000_000) == "it unpacks to more than 1 MB"
    many = zipped({f"m{number}": b"" for number in range(20)})
    assert refused("a.xlsx", many, max_members=10) == "it is packed from more than 10 files"


def test_workbook_of_formulas_that_were_never_computed(
    refused: Any, saved: Any, parse: Any
) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "=1+1"
    assert refused("a.xlsx", saved(workbook)).startswith(
        "its cells are formulas without saved results"
    )
    workbook.active["A2"] = "words"
    remarks = parse("a.xlsx", saved(workbook)).remarks
    assert remarks == ("1 formula has no saved result and could not be read.",)


def test_empty_workbook(refused: Any, saved: Any) -> None:
    assert refused("a.xlsx", saved(openpyxl.Workbook())) == "its sheets are empty"


def test_email_without_text(refused: Any) -> None:
    assert refused("a.eml", "From: a@b.no\nSubject: x\n\n") == "its message has no text"
    assert refused("a.eml", "just words") == "it is not an e-mail: it has no headers"
    attached = (
        "From: a@b.no\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain"
        "\n\n\n--b\nContent-Disposition: attachment; filename=a.pdf\n\nx\n--b--"
    )
    assert refused("a.eml", attached) == (
        "nothing in it was read: The attachment a.pdf was not read: it is not a PDF"
    )


def test_a_cell_of_any_length(parse: Any) -> None:
    long = "x" * 200_000
    assert parse("a.csv", f'a,b\n1,"{long}"').text == f"a | b\n1 | {long}"


@pytest.mark.parametrize("opening", ["<div>", "<ul><li>", "<table><tr><td>", "<b><i>"])
def test_deeply_nested_page(refused: Any, opening: str) -> None:
    page = opening * 100_000 + "words"
    assert refused("a.html", page) == "its elements are nested too deeply"


@pytest.mark.search
@pytest.mark.slow
def test_deeply_nested_markdown(parse: Any) -> None:
    for opening in ("> ", "- ", "1. ", "[", "("):
        parse("a.md", opening * 5_000 + "words\n")
    parse("a.md", "---\na: " + "[" * 5_000 + "\n---\nwords")


@pytest.mark.parametrize("error", [MemoryError, RecursionError, KeyError, AssertionError])
def test_whatever_a_library_raises_becomes_a_reason(
    refused: Any, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    import index.parsing.formats.plain

    def fail(_source: object) -> None:
        raise error("library")

    monkeypatch.setattr(index.parsing.formats.plain, "parse", fail)
    assert refused("a.txt", "words")


def test_documents_are_the_same_each_time(parse: Any) -> None:
    assert parse("a.md", "# A\n\n- b\n") == parse("a.md", "# A\n\n- b\n")


def test_recursion_limit_is_left_alone(parse: Any) -> None:
    before = sys.getrecursionlimit()
    parse("a.md", "# A")
    assert sys.getrecursionlimit() == before
