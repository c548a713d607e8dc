"""Units of numbers: of cells, of headers and of captions."""

from __future__ import annotations

import re
from decimal import Decimal

_CURRENCY_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₴": "UAH", "zł": "PLN"}
CURRENCIES = "EUR|USD|GBP|JPY|UAH|PLN|CHF|NOK|SEK|DKK|CZK|HUF|RON|CAD|AUD|INR|CNY"
_UNITS: dict[str, str] = {}
_WORDS: dict[str, tuple[str, ...]] = {}
for _unit, _kind_words in {
    "EUR": "euro euros €:money amount price cost",
    "USD": "dollar dollars $:money amount price cost",
    "GBP": "pound pounds £:money amount price cost",
    "NOK": "kroner krone:money amount price cost",
    "kr": "crowns crown:money amount price cost",
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
    "hl": "hectolitre hectolitres hectoliters:volume",
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
_ABROAD = {
    word: unit
    for unit, words in {
        "%": "prosent prozent %-poeng",
        "d": "tag tage tagen dag dager døgn",
        "h": "std std. stunde stunden time timer t.",
        "min": "minuten minutter",
        "s": "sek sekunden sekunder",
        "wk": "wks wk. woche wochen uke uker",
        "mo": "mths mth mos monat monate monaten måned måneder mnd",
        "yr": "yrs jahr jahre jahren år",
    }.items()
    for word in words.split()
}
"""Units of cells in German and Norwegian, and short ones; most are other words in a question."""
_DURATIONS = frozenset(("h", "min", "s", "d", "wk", "mo", "yr"))
_MONEY = frozenset((*CURRENCIES.split("|"), "kr"))
_SCALES = {
    word: (name, Decimal(10) ** exponent)
    for name, exponent, words in (
        ("thousand", 3, "thousand thousands k tsd tausend tusen t '000 000 1,000 1000 1.000"),
        ("million", 6, "million millions m mn mln mio mill millionen millioner mm"),
        ("billion", 9, "billion billions bn bln milliard milliarden milliarder mrd mia b"),
    )
    for word in words.split()
}
_SCALE = (
    r"thousands?|millions?|billions?|tsd\.?|tausend|tusen|millionen|millioner|mill\.?|mio\.?|mln\.?"
    r"|mn|milliarden|milliarder|mrd\.?|bn|bln|['’]000|1[ ,.]?000"
)
_CURRENCY = (
    rf"(?:US|U\.S\.|Norwegian|Danish|Swedish)\s(?:dollars?|kroner|kronor)|{CURRENCIES}|euros?|dollars?"
    r"|pounds?|kroner|kronor|crowns|francs?|zloty|hryvnia|kr|[€$£¥]"
)
_SCALED = re.compile(
    rf"(?<!\w)(?:(?P<first>{_SCALE})\s*(?:of\s+)?(?P<after>{_CURRENCY})"
    rf"|(?P<before>{_CURRENCY})\s*(?P<last>{_SCALE}|[kmb]|mm)"
    rf"|(?P<joined>[TMk])(?P<currency>{CURRENCIES}|€))(?!\w)",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r"[(\[]([^()\[\]]+)[)\]]|,\s*(?:in\s+)?([^\s,]+)$|\bin\s+([^\s,]+)$")
_IN_CAPTION = re.compile(
    r"(?:\b(?:in|i)\s+|[(\[]\s*|\ball\s+(?:amounts|figures)\s+|\b(?:beløp|tall|angaben)\s+(?:in|i)\s+)"
    r"(?P<unit>[^,;:.()\[\]\n]{1,30}(?:\.\s[^,;:.()\[\]\n]{1,12})?)",
    re.IGNORECASE,
)


def canonical_unit(text: str) -> str | None:
    """Return the sign of a unit, the text itself if it is an unknown one; None for a sentence."""
    text = text.strip(" .*")
    if text in _CURRENCY_SIGNS:
        return _CURRENCY_SIGNS[text]
    if known := _UNITS.get(text.lower()) or _ABROAD.get(text.lower()):
        return known
    first, _, rest = text.partition(" ")
    if rest and first.lower() == "working" and rest.lower() in _UNITS:
        return f"working {_UNITS[rest.lower()]}"
    if len(text.split()) > 2 or "," in text or text.lower() in ("st", "nd", "rd", "th"):
        return None
    return text.lower()


def scaled(before: str, after: str) -> tuple[Decimal, str] | None:
    """Return by how much a number is to be multiplied, and its unit: of "€" and "m", or "Mio. kr".

    `before` and `after` stand before and after the number. None where neither says how much.
    """
    before, after = before.strip(), after.strip(" .")
    if joined := re.fullmatch(rf"([TMk])({CURRENCIES}|€)", before or after):
        _, factor = _SCALES[joined[1].lower()]
        return factor, canonical_unit(joined[2]) or ""
    scale, _, rest = after.replace(".", " ").partition(" ")
    if glued := re.fullmatch(r"([kKM])([€$£])", scale):
        scale, rest = glued.groups()
    unit = before or rest
    is_told = scale.lower() in _SCALES and (len(scale) > 1 or unit or scale in "kK")
    if not is_told or scale.lower() == "t" or not scale[0].isalpha():
        return None
    currency = canonical_unit(unit) if unit else ""
    return (_SCALES[scale.lower()][1], currency) if currency is not None else None


_CURRENCY_LAST = re.compile(rf"\w\s({CURRENCIES})$")
"""As in "Unit price EUR"."""


def unit_of_header(header: str) -> str:
    """Return the unit that a header names, as in "Price (EUR)" or "Stock, l"; empty if none."""
    header = " ".join(header.split())
    for match in _IN_HEADER.finditer(header):
        words = next(filter(None, match.groups()))
        unit = _CURRENCY_SIGNS.get(words) or _UNITS.get(words.strip().lower())
        if unit:
            return unit
    if unit := _scaled_unit(header) or unit_of_caption(header):
        return unit
    if currency := _CURRENCY_LAST.search(header):
        return currency[1]
    return _UNITS.get(header.lower(), "") if len(header) > 1 else ""


def unit_of_caption(caption: str) -> str:
    """Return the unit that holds for a whole table: "in thousands of euros"; empty if none."""
    for match in _IN_CAPTION.finditer(caption):
        words = match["unit"].strip()
        if unit := _scaled_unit(words):
            return unit
        first = words.split(" ", 1)[0]
        word = first.lower()
        if word in _UNITS and (len(word) > 1 or word in _CURRENCY_SIGNS):
            return _UNITS[word]
    return ""


def _scaled_unit(words: str) -> str:
    """Return "thousand euros" for "thousands of euros", and the like; empty for anything else."""
    if not (match := _SCALED.search(words)):
        return ""
    written = match["first"] or match["last"] or match["joined"]
    unit = match["after"] or match["before"] or match["currency"]
    scale, _ = _SCALES[re.sub(r"[. \u00a0]", "", written.lower()).replace("’", "'")]
    spelled = " ".join(unit.split()) if len(unit) > 3 else canonical_unit(unit)
    return f"{scale} {spelled}"


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


def is_duration(unit: str) -> bool:
    """Return whether a unit is one of time."""
    return unit.removeprefix("working ") in _DURATIONS


def is_unit_word(low: str) -> bool:
    """Return whether a word is a unit, or names what a unit measures."""
    return low in _UNITS or any(low in words for words in _WORDS.values())
