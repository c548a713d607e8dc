"""Measures: amounts that texts state, and what their units measure, in the smallest of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from index.document import Span
from index.tables.units import canonical_unit, is_money


@dataclass(frozen=True, slots=True)
class Amount:
    """A value that a text states, at `span` of it.

    It lies from `low` to `high`, which are the same but for ranges. `dimension` says what may be
    compared: "mass", "EUR", "time", "date", "count" and so on; `kind` what it is for people.
    `noun` is the word that is counted, `per` what it is for each of. With `bound` "least" or
    "most" it is a limit, and with `about` no exact value. `digits` tells how precisely it is given.
    """

    kind: str
    dimension: str
    low: Decimal
    high: Decimal
    span: Span
    noun: str = ""
    per: str = ""
    about: bool = False
    bound: str = ""
    digits: int = 0
    text: str = ""
    is_uneven: bool = False

    @property
    def is_range(self) -> bool:
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class UnitMeasure:
    """What a unit measures: `factor` of the unit in which its dimension is compared."""

    kind: str
    dimension: str
    factor: Decimal
    is_uneven: bool = False
    """Whether it is not always as long, as a month."""


_UNEVEN = ("mo", "quarter", "yr")
_FACTORS = {
    unit: (dimension, Decimal(factor))
    for dimension, units in {
        "mass": "g:1 kg:1000 t:1000000 lb:453.6 mg:0.001",
        "length": "mm:1 cm:10 m:1000 km:1000000 mi:1609344 ft:304.8 in:25.4 nm:1852000",
        "area": "m²:1 ha:10000 km²:1000000",
        "volume": "ml:1 cl:10 dl:100 l:1000 m³:1000000",
        "duration": "s:1 min:60 h:3600 d:86400 wk:604800 mo:2629746 quarter:7889238 yr:31556952",
        "working time": "wd:1",
        "speed": "km/h:1 kn:1.852 mph:1.609",
        "power": "w:1 kw:1000 mw:1000000",
        "energy": "kwh:1 mwh:1000",
        "data": "kb:1 mb:1000 gb:1000000 tb:1000000000",
        "heat": "°c:1",
        "voltage": "v:1 kv:1000",
        "current": "a:1",
        "share": "%:1 ‰:0.1",
        "points": "points:1",
    }.items()
    for unit, _, factor in (pair.partition(":") for pair in units.split())
}
_SAME = {
    word: unit
    for unit, words in {
        "lb": "pound|pounds|lbs",
        "in": "inch|inches",
        "ha": "hectare|hectares",
        "ml": "millilitre|millilitres|milliliters",
        "m³": "cubic metres|cubic metre|cubic meters|m3",
        "m²": "square metres|square metre|square meters|m2|sqm",
        "kn": "knots|knot",
        "w": "watt|watts",
        "mw": "megawatt|megawatts",
        "mwh": "mwh",
        "tb": "terabyte|terabytes",
        "v": "volts|volt",
        "a": "amps|ampere",
        "d": "nights|night|calendar days|consecutive days",
        "wd": "working day|working days|business day|business days",
        "wk": "working weeks",
        "quarter": "quarters",
        "nm": "nautical miles",
        "%": "per cent",
        "points": "percentage points|percentage point",
        "km/h": "kilometres per|kph",
        "min": "min",
        "": "p.m|a.m|no|in|a|as",
    }.items()
    for word in words.split("|")
}
"""Words that are no units of tables, and some that are none in a sentence."""
_PER_YEAR = {
    "s": 31_536_000, "min": 525_600, "h": 8760, "d": 365, "wk": 52, "mo": 12, "quarter": 4, "yr": 1,
}  # fmt: skip


def measure_of(written: str) -> UnitMeasure | None:
    """Return what a unit measures; None for a word that is no unit."""
    word = " ".join(written.split()).lower()
    unit = _SAME.get(word)
    if unit == "":
        return None
    unit = unit or (canonical_unit(written) or "")
    if is_money(unit):
        return UnitMeasure("money", unit, Decimal(1))
    if (found := _FACTORS.get(unit.lower())) is None:
        return None
    dimension, factor = found
    kind = "duration" if dimension in ("duration", "working time") else "number"
    return UnitMeasure(
        "percentage" if dimension == "share" else kind, dimension, factor, unit in _UNEVEN
    )


def rate_per_year(unit: str) -> Decimal | None:
    """Return how often a unit of time fits into a year; None for what is no time."""
    known = {"annum": "yr", "year": "yr", "month": "mo", "day": "d", "night": "d"}
    sign = known.get(unit.lower()) or canonical_unit(unit) or ""
    return Decimal(_PER_YEAR[sign]) if sign in _PER_YEAR else None
