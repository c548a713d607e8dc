"""Documents that are longer than one may be: their beginning is read, and the rest is remarked."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

from index.parsing import SUFFIXES
from index.parsing.builder import DocumentBuilder
from index.parsing.limits import ParsingLimits
from index.parsing.text.cutting import beginning
from testing.made_files import pdf_of
from tools.hardening.fuzz_seeds import seeds

SAMPLES = dict(reversed(seeds(Path("no corpus"))))


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {".zip", ".mbox", ".odp", ".otp"}))
def test_of_each_format_the_beginning_is_read(parse: Any, suffix: str) -> None:
    whole = parse(f"a{suffix}", SAMPLES[suffix])
    most = len(whole.text) - 1
    begun = parse(f"a{suffix}", SAMPLES[suffix], max_characters=most)
    assert 0 < len(begun.text) <= most
    assert whole.text.startswith(begun.text)
    remark = f"It holds more than {most:,} characters; what follows"
    assert any(each.startswith(remark) for each in begun.remarks)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_a_paragraph_is_cut_between_words(parse: Any, refused: Any, name: str) -> None:
    assert parse(name, "word " * 5, max_characters=12).text == "word word"
    assert "more than 10 characters" in refused(name, "w" * 20, max_characters=10)


def test_a_row_is_whole_or_left_out(parse: Any) -> None:
    assert parse("a.csv", "a,b\n1,2\n30,40\n", max_characters=15).text == "a | b\n1 | 2"


def test_a_beginning_ends_with_a_word() -> None:
    assert [beginning("one two", most) for most in (7, 6, 4, 3, 2, 0, -1)] == [
        "one two", "one", "one", "one", "", "", "",
    ]  # fmt: skip


def test_pages_after_the_cut_are_not_among_the_pages(parse: Any) -> None:
    long = parse("a.pdf", pdf_of("First page.", "Second page.", "Third."), max_characters=26)
    assert long.text == "First page.\n\nSecond page."
    assert len(long.pages) == 3
    assert long.remarks[0].endswith("what follows after page 3 was not read.")
    assert not long.has_hidden


def slides(count: int) -> bytes:
    deck = Presentation()
    for number in range(count):
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = f"Slide {number}"
    return _saved(deck.save)


def sheets(count: int) -> bytes:
    book = openpyxl.Workbook()
    for number in range(count):
        sheet = book.active if not number else book.create_sheet()
        sheet.append(["Town", number])
    return _saved(book.save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "called"),
    [
        ("a.pdf", pdf_of("one", "two", "three"), "pages"),
        ("a.pptx", slides(3), "slides"),
        ("a.xlsx", sheets(3), "sheets"),
    ],
)
def test_of_more_pages_than_allowed_the_first_are_read(
    parse: Any, name: str, data: bytes, called: str
) -> None:
    begun = parse(name, data, max_pages=2)
    assert len(begun.pages) == 2
    remark = f"Only the first 2 of its 3 {called} were read (BRIEFING_MAX_PAGES)."
    assert remark in begun.remarks
    # Whether the others hide something is not known.
    assert begun.has_hidden


def test_what_is_included_ends_with_a_whole_block() -> None:
    inner, outer = (DocumentBuilder(ParsingLimits(max_characters=most)) for most in (100, 12))
    inner.paragraph("one two")
    inner.paragraph("three four")
    with outer.within_limit():
        outer.include(inner.draft())
    draft = outer.draft()
    assert draft.text == "one two"
    assert "more than 12 characters" in draft.remarks[0]
