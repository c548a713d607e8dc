"""Numbers as lists write them: in letters, in Roman numerals, in words."""

from __future__ import annotations

from collections.abc import Callable

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_MOST_TIMES = 26
_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыэюя"
_MARKS = "*†‡§"


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


def written_number(number: int, form: str) -> str:
    """Return a number in a form by its name in Word; one that is not known here is decimal."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{number:02d}"
    if form.startswith("0") and form.isdigit():
        return f"{number:0{len(form)}d}"
    write = _FORMS.get(form)
    return write(number) if write is not None and number > 0 else str(number)


def _repeated(number: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    """Return a letter, once more for each time that all letters were used, as Word counts."""
    times, place = divmod(number - 1, len(alphabet))
    return alphabet[place] * (times + 1) if times < _MOST_TIMES else str(number)


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _cardinal_text(number: int) -> str:
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if number < 20:
        return _CARDINALS[number].capitalize()
    return (_TENS[tens] + (f"-{_CARDINALS[ones]}" if ones else "")).capitalize()


def _ordinal_text(number: int) -> str:
    if number >= 100:
        return _ordinal(number)
    head, dash, last = _cardinal_text(number).lower().rpartition("-")
    last = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else f"{last}th")
    return f"{head}{dash}{last}".capitalize()


def _enclosed(first: str, most: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= most else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": _repeated,
    "upperLetter": lambda number: _repeated(number).upper(),
    "russianLower": lambda number: _repeated(number, _CYRILLIC),
    "russianUpper": lambda number: _repeated(number, _CYRILLIC).upper(),
    "ordinal": _ordinal,
    "cardinalText": _cardinal_text,
    "ordinalText": _ordinal_text,
    "chicago": lambda number: _repeated(number, _MARKS),
    "decimalEnclosedCircle": _enclosed("①", 20),
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "decimalFullWidth": lambda number: str(number).translate(
        {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
    ),
}
