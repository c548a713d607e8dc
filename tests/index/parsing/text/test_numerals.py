from __future__ import annotations

import pytest

from index.parsing.text.numerals import letters, roman


@pytest.mark.parametrize(
    ("number", "in_letters", "in_roman"),
    [(1, "a", "i"), (4, "d", "iv"), (26, "z", "xxvi"), (28, "ab", "xxviii"), (0, "0", "0"),
     (1994, "bxr", "mcmxciv"), (4000, "ewv", "4000"), (-2, "-2", "-2")],
)  # fmt: skip
def test_numerals(number: int, in_letters: str, in_roman: str) -> None:
    assert (letters(number), roman(number)) == (in_letters, in_roman)
