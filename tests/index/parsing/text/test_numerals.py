from __future__ import annotations

import pytest

from index.parsing.text.numerals import letters, roman, written_number


@pytest.mark.parametrize(
    ("number", "in_letters", "in_roman"),
    [(1, "a", "i"), (4, "d", "iv"), (26, "z", "xxvi"), (28, "ab", "xxviii"), (0, "0", "0"),
     (1994, "bxr", "mcmxciv"), (4000, "ewv", "4000"), (-2, "-2", "-2")],
)  # fmt: skip
def test_numerals(number: int, in_letters: str, in_roman: str) -> None:
    assert (letters(number), roman(number)) == (in_letters, in_roman)


@pytest.mark.parametrize(
    ("form", "number", "written"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 4, "04"),
        ("001", 4, "004"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 3, "C"),
        ("ordinal", 11, "11th"),
        ("ordinal", 22, "22nd"),
        ("cardinalText", 42, "Forty-two"),
        ("ordinalText", 21, "Twenty-first"),
        ("ordinalText", 12, "Twelfth"),
        ("ordinalText", 30, "Thirtieth"),
        ("chicago", 6, "††"),
        ("decimalEnclosedCircle", 3, "③"),
        ("russianLower", 2, "б"),
        ("none", 2, ""),
        ("lowerRoman", 0, "0"),
        ("unheardOf", 2, "2"),
    ],
)
def test_forms_of_numbers(form: str, number: int, written: str) -> None:
    assert written_number(number, form) == written
