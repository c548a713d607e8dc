"""Hidden characters become visible marks, and unusual but visible ones stay."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import folded_name, visible, visible_characters, visible_line


@given(st.text(st.characters(codec=None)))
def test_nothing_hidden_is_left(text: str) -> None:
    shown = visible(text)
    shown.encode()
    for character in shown:
        assert character in "\n\t" or unicodedata.category(character) not in (
            "Cc",
            "Cs",
            "Zl",
            "Zp",
        )
    assert not set("\n\t") & set(visible_line(text))
    assert visible(shown) == shown
    assert len(visible_characters(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ünïcode, 👩‍🚒, ❤️‍🔥, می‌خواهم, क्‍ष", None),
        ("🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", None),
        ("\x1b[31mred\x07\x7f\x9b", "␛[31mred␇␡‹U+009B›"),
        ("a\u202eb\u2066c\u200b\ufeff", "a‹U+202E›b‹U+2066›c‹U+200B›‹U+FEFF›"),
        ("x\u200dy é\u200d é\u200d\u200dé", "x‹U+200D›y é‹U+200D› é‹U+200D›‹U+200D›é"),
        ("\U000e0041", "‹U+E0041›"),
        ("❤\ufe0f 1\ufe0f\u20e3 漢\U000e0100 ᠠ\u180b", None),
        ("a\ufe0fb 漢\U000e0100\U000e0101", "a‹U+FE0F›b 漢\U000e0100‹U+E0101›"),
        ("pass\u00adword\u034f\u2800", "pass‹U+00AD›word‹U+034F›‹U+2800›"),
        ("\udcff", "‹U+DCFF›"),
        ("one\r\ntwo\rthree\x0cfour\u2028five\x85", "one\ntwo\nthree\nfour\nfive\n"),
    ],
)
def test_visible(text: str, shown: str | None) -> None:
    assert visible(text) == (text if shown is None else shown)


def test_a_line_stays_one() -> None:
    assert visible_line("two\nlines\tof.txt") == "two␤lines of.txt"


def test_names_that_some_system_takes_for_one() -> None:
    assert folded_name("Ärger.MD") == folded_name("a\u0308rger.md")
