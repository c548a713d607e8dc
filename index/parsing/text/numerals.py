"""Numbers as lists write them: in letters, or in Roman numerals."""

from __future__ import annotations

__all__ = ["letters", "numeral", "roman"]

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_MOST_LETTERS = 26 * 26


def roman(number: int) -> str:
    """Return a number in small Roman numerals, or in figures where these have none."""
    if not 0 < number <= _LARGEST_ROMAN:
        return str(number)
    pieces = []
    for size, numeral in _ROMAN:
        times, number = divmod(number, size)
        pieces.append(numeral * times)
    return "".join(pieces)


def letters(number: int) -> str:
    """Return a number as small letters: a to z, then aa, ab and so on."""
    found = ""
    rest = number
    while rest > 0:
        rest, place = divmod(rest - 1, 26)
        found = chr(ord("a") + place) + found
    return found or str(number)


def numeral(number: int, form: str) -> str:
    """Return a number in the form that "1", "a", "A", "i" or "I" stands for.

    After z come aa, bb, cc, as office programs count.
    """
    if form in ("i", "I"):
        written = roman(number)
    elif form in ("a", "A") and 0 < number <= _MOST_LETTERS:
        written = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        return str(number)
    return written.upper() if form.isupper() else written
