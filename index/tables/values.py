"""Values of cells: numbers with their units, dates, durations, and numbers written back."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from index.tables.dates import PartialDate, date_of

__all__ = [
    "CellKind",
    "Value",
    "has_decimal_commas",
    "is_money",
    "is_unit_word",
    "unit_of_caption",
    "unit_of_header",
    "unit_words",
    "value_of",
    "written",
]


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


_EMPTY = frozenset(("", "-", "–", "—", "n/a", "na", "none", "?", "…", "...", "tbd", "tba"))
_NUMBER = r"[+\-−–]?\d{1,3}(?:[ \u00a0\u202f',.’]\d{3})+(?:[.,]\d+)?|[+\-−–]?\d*[.,]?\d+"
_CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₴": "UAH", "zł": "PLN"}
_CURRENCIES = "EUR|USD|GBP|JPY|UAH|PLN|CHF|NOK|SEK|DKK|CZK|HUF|RON|CAD|AUD|INR|CNY"
_QUANTITY = re.compile(
    rf"(?:(?:about|approx\.?|approximately|around|ca\.?|c\.|some|up to|max\.?|min\.?|at most"
    rf"|at least|[~≈<>≤≥])\s*)?(?P<before>[€$£¥]|(?:{_CURRENCIES})\b)?\s*(?P<number>{_NUMBER})"
    r"\s*(?P<unit>[^\W\d_][^\d|()]{0,24}|[°%‰€£$µ][^\d|()]{0,6})?(?:\s*\([^)]*\)|\[\w+\])*",
    re.IGNORECASE,
)
_DECIMAL_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.\d")
_DECIMAL_COMMA = re.compile(r"\D*\d[\d. \u00a0]*,(?:\d{1,2}|\d{4,})\D*")
_CLOCK = re.compile(r"(\d{1,3}):(\d\d)(?::(\d\d))?(?:\.(\d+))?")
_IN_HEADER = re.compile(r"[(\[]([^()\[\]]+)[)\]]|,\s*(?:in\s+)?([^\s,]+)$|\bin\s+([^\s,]+)$")
_IN_CAPTION = re.compile(
    r"\bin\s+((?:thousands?|millions?|billions?)(?:\s+of)?\s+\w+|[\w°%€$£/]+)\b[,.:;)]?", re.I
)

_UNITS: dict[str, str] = {}
_WORDS: dict[str, tuple[str, ...]] = {}
for _unit, _kind_words in {
    "EUR": "euro euros €:money amount price cost",
    "USD": "dollar dollars $:money amount price cost",
    "GBP": "pound pounds £:money amount price cost",
    "NOK": "kroner krone:money amount price cost",
    "PLN": "zloty zł złoty:money amount price cost",
    "UAH": "hryvnia ₴:money amount price cost",
    "CHF": "francs franc:money amount price cost",
    "SEK": "kronor krona:money amount price cost",
    "%": "percent per\u00a0cent percentage pct:percentage share rate",
    "°C": "celsius c degrees degree °:temperature warm cold",
    "°F": "fahrenheit:temperature warm cold",
    "km/h": "kmh kph:speed fast",
    "km²": "sq\u00a0km square\u00a0kilometres:area",
    "km": "kilometre kilometres kilometer kilometers:distance length far long",
    "m": "metre metres meter meters:distance length long high",
    "cm": "centimetre centimetres centimeters:length long high",
    "mm": "millimetre millimetres:length",
    "mi": "mile miles:distance length far long",
    "ft": "feet foot:length height high",
    "kg": "kilo kilos kilogram kilograms:weight heavy weigh",
    "g": "gram grams:weight heavy weigh",
    "t": "tonne tonnes ton tons:weight heavy load",
    "l": "litre litres liter liters:volume",
    "h": "hour hours hrs hr:time duration long",
    "min": "minute minutes mins:time duration long",
    "s": "second seconds sec:time duration long",
    "d": "day days:time duration long",
    "wk": "week weeks:time duration long",
    "mo": "month months:time duration long",
    "yr": "year years:time duration long old age",
    "kW": "kilowatt kilowatts:power",
    "kWh": "kilowatt-hours:energy",
    "MB": "megabyte megabytes:size",
    "GB": "gigabyte gigabytes:size",
}.items():
    _names, _, _about = _kind_words.partition(":")
    for _name in (_unit, *_names.split(" ")):
        _UNITS[_name.lower().replace("\u00a0", " ")] = _unit
    _WORDS[_unit] = tuple(w for w in _names.replace("\u00a0", " ").split() if w.isalpha()) + tuple(
        _about.split()
    )
_LONGEST_VALUE = 200
"""Characters of a cell that holds one value; a longer one is a text."""
_DURATIONS = frozenset(("h", "min", "s", "d", "wk", "mo", "yr"))
_MONEY = frozenset(_CURRENCIES.split("|"))


@lru_cache(16_384)
def value_of(text: str, *, decimal_commas: bool = False) -> Value:
    """Return what a cell says; with `decimal_commas`, "1.234,5" is a number above a thousand."""
    text = " ".join(text.strip().strip("*_`").split())
    if text.lower() in _EMPTY:
        return Value(CellKind.EMPTY)
    if len(text) > _LONGEST_VALUE or not any(map(str.isdigit, text)):
        return Value(CellKind.TEXT)
    if (found := date_of(text)) is not None:
        # A year alone may be a number as well.
        number = Decimal(found.year or 0) if text.isdigit() else None
        return Value(CellKind.DATE, number, "", found)
    if match := _CLOCK.fullmatch(text):
        first, second, third = int(match[1]), int(match[2]), match[3]
        whole = (first * 60 + second) * (60 if third else 1) + int(third or 0)
        fraction = Decimal(f"0.{match[4] or 0}")
        return Value(CellKind.DURATION, whole + fraction, "h:m:s" if third else "m:s")
    match = _QUANTITY.fullmatch(text)
    number = _decimal(match["number"], decimal_commas) if match else None
    if match is None or number is None:
        return Value(CellKind.TEXT)
    unit = canonical_unit(match["before"] or match["unit"] or "")
    if unit is None:
        return Value(CellKind.TEXT)
    return Value(_kind(unit), number, unit)


def canonical_unit(text: str) -> str | None:
    """Return the sign of a unit, the text itself if it is an unknown one; None for a sentence."""
    text = text.strip(" .*")
    if text in _CURRENCY_SIGNS:
        return _CURRENCY_SIGNS[text]
    if known := _UNITS.get(text.lower()):
        return known
    first, _, rest = text.partition(" ")
    if rest and first.lower() == "working" and rest.lower() in _UNITS:
        return f"working {_UNITS[rest.lower()]}"
    if len(text.split()) > 2 or "," in text or text.lower() in ("st", "nd", "rd", "th"):
        return None
    return text.lower()


def unit_of_header(header: str) -> str:
    """Return the unit that a header names, as in "Price (EUR)" or "Stock, l"; empty if none."""
    for match in _IN_HEADER.finditer(" ".join(header.split())):
        words = next(filter(None, match.groups()))
        unit = _CURRENCY_SIGNS.get(words) or _UNITS.get(words.strip().lower())
        if unit:
            return unit
        if scaled := unit_of_caption(f"in {words}"):
            return scaled
    return _UNITS.get(header.strip().lower(), "") if len(header.strip()) > 1 else ""


def unit_of_caption(caption: str) -> str:
    """Return the unit that holds for a whole table: "in thousands of euros"; empty if none."""
    for match in _IN_CAPTION.finditer(caption):
        words = match[1].lower()
        if words.startswith(("thousand", "million", "billion")):
            return re.sub(r"s?(?: of)? ", " ", words, count=1)
        if words in _UNITS and (len(words) > 1 or words in _CURRENCY_SIGNS):
            return _UNITS[words]
    return ""


def unit_words(unit: str) -> tuple[str, ...]:
    """Return the words that people use for a unit and for what it measures."""
    words = unit.split()
    if len(words) > 1:
        known = [canonical_unit(word) or word for word in words]
        return (*words, *(name for word in known for name in _WORDS.get(word, ())))
    return (unit.lower(), *_WORDS.get(unit, ()))


def is_money(unit: str) -> bool:
    """Return whether a unit is a currency."""
    return unit in _MONEY


def is_unit_word(low: str) -> bool:
    """Return whether a word is a unit, or names what a unit measures."""
    return low in _UNITS or any(low in words for words in _WORDS.values())


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


def _places(number: str, decimal_commas: bool) -> int:
    mark = "," if decimal_commas else "."
    if mark not in number or re.fullmatch(r"[+\-−–]?\d{1,3}(?:,\d{3})+", number):
        return 0
    return len(number.rpartition(mark)[2])


def _kind(unit: str) -> CellKind:
    if unit in _MONEY:
        return CellKind.MONEY
    if unit == "%":
        return CellKind.PERCENTAGE
    if unit.removeprefix("working ") in _DURATIONS:
        return CellKind.DURATION
    return CellKind.NUMBER


def _decimal(written_number: str, decimal_commas: bool) -> Decimal | None:
    number = re.sub(r"[ \u00a0\u202f'’]", "", written_number).replace("−", "-").replace("–", "-")
    if decimal_commas:
        number = number.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    elif number.count(",") == 1 and "." not in number:
        number = number.replace(",", ".")
    elif "," in number:
        return None
    try:
        return Decimal(number)
    except InvalidOperation:
        return None
