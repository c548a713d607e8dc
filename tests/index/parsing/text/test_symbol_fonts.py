from __future__ import annotations

import pytest

from index.parsing.text.symbol_fonts import field_sign, in_unicode, signs


@pytest.mark.parametrize(
    ("instruction", "sign"),
    [
        (r' SYMBOL 176 \f "Symbol" \s 12 ', "°"),
        (r"symbol 0xB0 \f Symbol", "°"),
        (r"SYMBOL 177", "±"),
        (r"SYMBOL 74 \f Wingdings \h", "☺"),
        (r"SYMBOL 33 \f Webdings", ""),
        (r"HYPERLINK SYMBOL 176", ""),
        (r"SYMBOL \f Symbol", ""),
        ("", ""),
    ],
)
def test_what_a_field_shows(instruction: str, sign: str) -> None:
    assert field_sign(instruction) == sign


def test_bytes_and_private_characters_of_a_font() -> None:
    assert signs("SYMBOL", b"W\xb3 5") == "Ω≥ 5"
    assert signs("Webdings", b"a\xb7") == "a•"
    assert in_unicode("Symbol", "\uf0b1 2 \uf0ff") == "± 2 \uf0ff"
    assert in_unicode("Arial", "\uf0b1") == "\uf0b1"
    assert in_unicode(None, "\uf0b1") == "\uf0b1"
