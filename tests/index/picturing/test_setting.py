"""A document set as a picture: what is drawn of it, and what is said of the rest."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from index.document import Document, Span
from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from index.picturing.fonts import Face, runs_of
from index.picturing.picture import Picture
from index.picturing.setting import set_document
from index.picturing.words import SeenText, lines_of

BODY = Face(34)
YELLOW = (255, 228, 110)


def read(text: str, suffix: str = ".md") -> Document:
    return parse_bytes(text.encode(), f"a{suffix}", suffix, limits=ParsingLimits())


def drawn(text: str, mark: str = "", suffix: str = ".md") -> Picture:
    document = read(text, suffix)
    start = document.text.index(mark)
    return set_document(document, [Span(start, start + len(mark))] if mark else [])


def has_mark(picture: Picture) -> bool:
    image = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB"), np.int16)
    return bool((np.abs(image - np.array(YELLOW)).max(axis=2) < 12).any())


@pytest.mark.parametrize(
    "words",
    [
        "Blåbærsyltetøy på Ærø",
        "Größe, Straße, ÄÖÜ ẞ",
        "Ελληνικά ώ",
        "Привет, їжак ґ",
        "→ ✓ ≤ € № ½",
    ],
)
def test_what_can_be_drawn(words: str) -> None:
    picture = drawn(words)
    assert picture.missing == ""
    assert picture.width == 1080


def test_what_has_no_font_is_named_and_drawn_as_one_sign() -> None:
    picture = drawn("In 漢字漢 and 😀 they say مرحبا.")
    assert picture.missing == "漢字😀"
    texts = [glyphs.text for glyphs, _ in runs_of("a漢字b", BODY)]
    assert texts == ["a", "▯", "b"]


def test_only_the_excerpt_is_marked() -> None:
    text = "# Bread\n\nIt is baked daily. It is cheap.\n"
    assert drawn(text, "It is cheap.").is_marked
    assert has_mark(drawn(text, "It is cheap."))
    assert not has_mark(drawn(text))


def test_a_row_that_counts_is_marked_in_its_table() -> None:
    text = "| Item | EUR |\n|---|---|\n| Bread | 2 |\n| Milk | 1 |\n"
    assert drawn(text, "| Milk | 1 |").is_marked


def wide_table(columns: int, rows: int = 1, words: str = "of many") -> str:
    names = "|".join(f"Column{n:02} {words}" for n in range(columns))
    body = "".join(f"|Row {row}{'|1' * (columns - 1)}|\n" for row in range(rows))
    return f"|{names}|\n|{'---|' * columns}\n{body}"


def test_a_wide_table_is_divided_and_no_picture_is_wider_than_a_phone_can_show() -> None:
    narrow, wide = drawn(wide_table(4)), drawn(wide_table(12))
    assert narrow.width == wide.width == 1080
    assert wide.left_out_columns == 0
    assert wide.height > 2 * narrow.height - 2 * 44
    assert drawn(wide_table(80)).left_out_columns >= 20


def test_a_table_of_thirty_columns_has_all_of_them_with_the_row_that_counts() -> None:
    picture = drawn(wide_table(30, rows=5, words=""), "Row 3")
    assert picture.is_marked
    assert picture.left_out_columns == 0
    assert picture.height <= 2400


def test_each_part_of_a_divided_table_has_the_row_that_counts() -> None:
    picture = drawn(wide_table(12, rows=90), "Row 70")
    assert picture.is_marked
    assert picture.height <= 2400
    assert 0 < picture.left_out_lines < 90
    assert picture.left_out_columns == 0


def test_what_is_too_wide_even_so_has_broken_words() -> None:
    picture = drawn(wide_table(3, words="x" * 90))
    assert (picture.width, picture.left_out_columns) == (1080, 0)


def test_what_has_no_room_is_left_out_and_counted() -> None:
    picture = drawn("\n\n".join(f"Line {n}." for n in range(200)))
    assert picture.height <= 2450
    assert picture.left_out_lines > 100


@pytest.mark.parametrize("text", ["x" * 30_000, "| a |\n|--|\n| " + "y" * 9_000 + " |\n", "̈" * 500])
def test_odd_texts_have_a_bounded_picture(text: str) -> None:
    picture = drawn(text)
    assert picture.width <= 1320
    assert picture.height <= 2450


def lines(text: str, width: float) -> list[str]:
    seen = SeenText(text, (), ())
    (pieces,) = seen.paragraphs(Span(0, len(text)), BODY)
    return ["".join(piece.text for piece in line.pieces) for line in lines_of(pieces, width)]


def test_lines_break_at_spaces_and_long_words_within() -> None:
    assert lines("one two  three", 150) == ["one two", "three"]
    assert "".join(lines("incomprehensibilities", 120)) == "incomprehensibilities"
    assert max(map(len, lines("incomprehensibilities", 120))) < 9


def test_words_from_right_to_left_are_seen_so() -> None:
    assert lines("אחת שתיים שלוש", 2_000) == ["שלוש שתיים אחת"]
    assert lines("he said אחת שתיים today", 2_000) == ["he said שתיים אחת today"]
