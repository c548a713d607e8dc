"""Values of cells: numbers with their units, dates, durations, and numbers written back."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from index.tables.dates import PartialDate, date_of
from index.tables.units import CURRENCIES, canonical_unit, is_duration, is_money, scaled
from index.text import keep_of_short


class CellKind(enum.StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    PERCENTAGE = "percentage"
    MONEY = "money"
    DATE = "date"
    DURATION = "duration"
    TEXT = "text"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says: a `number` with its `unit`, a `date`, or neither.

    `unit` is the shortest usual sign, such as "EUR" or "km"; empty where the cell states none.
    """

    kind: CellKind
    number: Decimal | None = None
    unit: str = ""
    date: PartialDate | None = None


_EMPTY = frozenset(["", *"- – — ‒ − . .. ... … ? n/a na n.a. n/d k.a. none tbd tba".split()])
_NUMBER = r"[+\-−–]?\d{1,3}(?:[ \u00a0\u202f',.’]\d{3})+(?:[.,]\d+)?|[+\-−–]?\d*[.,]?\d+"
_CURRENCY = rf"[€$£¥]|(?:[TMk]?(?:{CURRENCIES})|kr\.?)(?![^\W\d_])"
_QUANTITY = re.compile(
    rf"(?:(?:about|approx\.?|approximately|around|ca\.?|c\.|some|up to|max\.?|min\.?|at most"
    rf"|at least|[~≈<>≤≥])\s*)?(?P<before>{_CURRENCY})?\s*(?P<number>{_NUMBER})(?:[.,][-–—](?!\d))?"
    r"\s*(?P<unit>[^\W\d_][^\d|()]{0,24}[²³23]?|[°%‰€£$µ][^\d|()]{0,12})?(?:\s*\([^)]*\)|\[\w+\])*",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    rf"(?P<before>{_CURRENCY})?\s*\((?P<in_brackets>[^()\d]{{0,5}}\d[^()]*)\)(?P<after>[^()]*)"
    rf"|[-−–]\s*(?P<signed>(?:{_CURRENCY})?\s*\d.*)"
    r"|(?P<trailing>(?:\d[\d ,.'’\u00a0\u202f]*)?\d)\s?[-−]",
    re.IGNORECASE,
)
"""Numbers below zero as accounts have them: "(1,304)", "- 4.5", "-€ 3", "1,304-"."""
_EVEN = re.compile(r",[-–—](?!\d)")
"""In place of decimals, where a comma stands before them: "1.200,–"."""
_FOOTNOTE = re.compile(r"(?<=\d)[¹²³⁴⁵⁶⁷⁸⁹]+$")
_GROUPED = re.compile(r"\d[.,' \u00a0\u202f’]\d{3}(?!\d)|[.,]\d")
_PER_YEAR = re.compile(r"\s*(?:p\.?\s?a\.?|per annum|per year|a year)$", re.IGNORECASE)
_DECIMAL_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.\d")
_DECIMAL_COMMA = re.compile(
    r"\D*\d[\d. \u00a0\u202f]*,(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:\.\d{3}){2,}\D*"
)
_CLOCK = re.compile(r"(\d{1,3}):(\d\d)(?::(\d\d))?(?:\.(\d+))?")
_STEPS = (("yr", "mo", 12), ("wk", "d", 7), ("d", "h", 24), ("h", "min", 60), ("min", "s", 60))
"""Units of time of which one has so many of the other."""
_FACTORS = ({"yr": 12, "mo": 1}, {"wk": 604_800, "d": 86_400, "h": 3_600, "min": 60, "s": 1})
"""How many of the least unit each of them is; a month is not so many days."""
_COMPOUND = re.compile(
    r"(\d+)\s*([^\W\d_]+)\.?,?\s*(?:and |und |og )?(\d+)\s*([^\W\d_]*)\.?", re.IGNORECASE
)
_LONGEST_VALUE = 200
"""Characters of a cell that holds one value; a longer one is a text."""


@keep_of_short(4_096)
def value_of(text: str, *, decimal_commas: bool = False) -> Value:
    """Return what a cell says; with `decimal_commas`, "1.234" is a number above a thousand."""
    text = " ".join(text.strip().strip("*_`").split())
    if text.lower() in _EMPTY:
        return Value(CellKind.EMPTY)
    if len(text) > _LONGEST_VALUE or not any(map(str.isdigit, text)):
        return Value(CellKind.TEXT)
    if (found := date_of(text)) is not None:
        # A year alone may be a number as well.
        number = Decimal(found.year or 0) if text.isdigit() else None
        return Value(CellKind.DATE, number, "", found)
    return _clock(text) or _compound(text) or _quantity(text, decimal_commas)


def in_one_unit(values: Sequence[Value]) -> tuple[Value, ...]:
    """Return durations in the smallest unit of any of them: "2 h" beside "30 min" is 120 min.

    Other values, and units of which one is not so many of the other, stay as they are.
    """
    units = {value.unit for value in values if value.kind is CellKind.DURATION}
    factors = next((f for f in _FACTORS if units <= f.keys()), None)
    if len(units) < 2 or factors is None:
        return tuple(values)
    least = min(units, key=factors.__getitem__)
    return tuple(
        replace(value, number=value.number * factors[value.unit] / factors[least], unit=least)
        if value.kind is CellKind.DURATION and value.number is not None
        else value
        for value in values
    )


def _clock(text: str) -> Value | None:
    if not (match := _CLOCK.fullmatch(text)):
        return None
    first, second, third = int(match[1]), int(match[2]), match[3]
    whole = (first * 60 + second) * (60 if third else 1) + int(third or 0)
    fraction = Decimal(f"0.{match[4] or 0}")
    return Value(CellKind.DURATION, whole + fraction, "h:m:s" if third else "m:s")


def _compound(text: str) -> Value | None:
    """Return a duration of two units in the smaller one: "1 h 30" is 90 minutes."""
    if not (match := _COMPOUND.fullmatch(text)):
        return None
    first, unit, second, smaller = match.groups()
    above = canonical_unit(unit)
    is_minutes = above == "h" and smaller in ("", "m")
    below = "min" if is_minutes else canonical_unit(smaller)
    times = next((n for one, other, n in _STEPS if (one, other) == (above, below)), None)
    if times is None or below is None:
        return None
    return Value(CellKind.DURATION, Decimal(int(first) * times + int(second)), below)


def _quantity(text: str, decimal_commas: bool) -> Value:
    """Return a number with its unit; anything else is a text."""
    if note := _FOOTNOTE.search(text):
        if not _GROUPED.search(text[: note.start()]):
            return Value(CellKind.TEXT)  # a power
        text = text[: note.start()]
    if negative := _NEGATIVE.fullmatch(text):
        parts = negative.groupdict(default="")
        text = f"{parts['before']} {parts['in_brackets'].strip()}{parts['after']}".strip()
        value = _quantity(text or parts["signed"] or parts["trailing"], decimal_commas)
        if value.number is None or value.number < 0:
            return Value(CellKind.TEXT)
        return Value(value.kind, -value.number, value.unit)
    match = _QUANTITY.fullmatch(text)
    commas = decimal_commas or _EVEN.search(text) is not None
    number = _decimal(match["number"], commas) if match else None
    if match is None or number is None:
        return Value(CellKind.TEXT)
    before, after = match["before"] or "", _PER_YEAR.sub("", match["unit"] or "")
    if found := scaled(before, after):
        factor, unit = found
        return Value(_kind(unit), number * factor, unit)
    told = canonical_unit(before or after)
    return Value(CellKind.TEXT) if told is None else Value(_kind(told), number, told)


def has_decimal_commas(cells: Iterable[str]) -> bool:
    """Return whether the numbers of these cells have a comma before their decimals."""
    found = False
    for cell in cells:
        if len(cell) > _LONGEST_VALUE or ("," not in cell and "." not in cell):
            continue
        if _DECIMAL_POINT.search(cell) and date_of(cell) is None:
            return False
        found = found or bool(_DECIMAL_COMMA.fullmatch(cell))
    return found


def written(value: Decimal, like: Sequence[str], unit: str = "") -> str:
    """Return a number as these cells write theirs, with a unit."""
    commas = has_decimal_commas(like)
    numbers = [match.group() for cell in like if (match := re.search(_NUMBER, cell))]
    if any(_is_scaled(cell) for cell in like):  # the value is in ones, "€ 3.2m" in millions
        numbers = []
    value = value.normalize()
    places = max(0, -int(value.as_tuple().exponent))
    shown = max([places, *(_places(number, commas) for number in numbers)])
    text = f"{value:,.{shown}f}"
    grouping = next(
        (m[1] for number in numbers if (m := re.search(r"\d([ \u00a0\u202f',.’])\d{3}", number))),
        "" if any(re.search(r"\d{4}", number) for number in numbers) else ",",
    )
    if grouping == "." and not commas and any(_places(number, commas) for number in numbers):
        grouping = ""
    text = text.replace(",", "\0").replace(".", "," if commas else ".").replace("\0", grouping)
    return f"{text} {unit}".strip() if unit != "%" else f"{text}%"


def _is_scaled(cell: str) -> bool:
    match = _QUANTITY.fullmatch(cell.strip("( )-–−"))
    return bool(match and scaled(match["before"] or "", match["unit"] or ""))


def _places(number: str, decimal_commas: bool) -> int:
    mark = "," if decimal_commas else "."
    if mark not in number or re.fullmatch(r"[+\-−–]?\d{1,3}(?:,\d{3})+", number):
        return 0
    return len(number.rpartition(mark)[2])


def _kind(unit: str) -> CellKind:
    if is_money(unit):
        return CellKind.MONEY
    if unit == "%":
        return CellKind.PERCENTAGE
    return CellKind.DURATION if is_duration(unit) else CellKind.NUMBER


def _decimal(written_number: str, decimal_commas: bool) -> Decimal | None:
    """Return a number that is written with points and commas in either role."""
    number = re.sub(r"[ \u00a0\u202f'’]", "", written_number).replace("−", "-").replace("–", "-")
    is_grouped = number != written_number.replace("−", "-").replace("–", "-")
    point = max(number.rfind("."), number.rfind(","))
    if point >= 0:
        mark = number[point]
        other = "," if mark == "." else "."
        whole, after = number[:point], number[point + 1 :]
        is_thousands = (
            len(after) == 3
            and not is_grouped
            and other not in whole
            and whole.lstrip("+-")[:1] not in ("", "0")
        )
        if mark in whole:
            if not is_thousands or not re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}})*", whole):
                return None
            number = number.replace(mark, "")
        elif is_thousands and (mark == ".") is decimal_commas:
            number = whole + after
        elif other in whole and not re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{other}\d{{3}})+", whole):
            return None
        else:
            number = f"{whole.replace(other, '')}.{after}"
    try:
        return Decimal(number)
    except InvalidOperation:
        return None
