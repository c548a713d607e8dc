"""Number formats of spreadsheets: a stored number as its cell shows it (ECMA-376-1, 18.8.30).

A code is compiled once, and what it cannot mean is no error: the whole stored number is shown then.
Two things differ from the screen. A date whose day and month could be mistaken for each other
(03/04/31), which each reader's system orders in its own way, is written as ISO 8601, and a year has
all of its digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

__all__ = ["BUILTIN_FORMATS", "is_date_format", "plain_number", "shown_number", "shown_text"]

BUILTIN_FORMATS = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)', 7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    27: "yyyy-mm-dd", 28: "yyyy-mm-dd", 29: "yyyy-mm-dd", 30: "mm-dd-yy", 31: "yyyy-mm-dd",
    32: "h:mm", 33: "h:mm:ss", 34: "yyyy-mm-dd", 35: "yyyy-mm-dd", 36: "yyyy-mm-dd",
    **dict.fromkeys(range(50, 59), "yyyy-mm-dd"),
}  # fmt: skip
"""The codes that files name by their number alone. 27 to 36 and 50 to 58 depend on the language."""

_LONGEST_CODE = 255
_DIGITS = Context(prec=15)
"""What a spreadsheet program keeps of a number."""
_WIDE = Context(prec=80)
_FARTHEST = 20
_LAST_DAY = 2_958_465
_DAY_MS = 86_400_000
_MADE_BY_LIBRARIES = frozenset(("yyyy-mm-dd h:mm:ss", "yyyy-mm-dd hh:mm:ss"))
"""What libraries give to days, too; a midnight in it is no time that anybody wrote."""
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<blank>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>E[+-])|(?P<half>AM/PM|A/P)"
    r"|(?P<date>y+|m+|d+|h+|s+|e+|g+|b+)|(?P<digit>[0#?])|(?P<sign>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SIMPLE = re.compile(r"x*(?P<digits>(?:#,##)?0(?:\.(?P<decimals>0+))?)(?:x*|x*%x*)")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
}
_COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+)", re.I)
_CURRENCY = re.compile(r"\$(?P<sign>[^-]*)(?:-(?P<language>[0-9A-Fa-f]+))?")
_ENGLISH = 0x09


class _Token(NamedTuple):
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Simple:
    """A section such as `#,##0.00"kr"`, which nearly all numbers have."""

    before: str
    after: str
    step: Decimal
    is_grouped: bool
    is_share: bool

    def written(self, number: Decimal) -> str:
        if self.is_share:
            number = number.scaleb(2)
        rounded = number.quantize(self.step, ROUND_HALF_UP, _WIDE)
        digits = f"{rounded:,f}" if self.is_grouped else f"{rounded:f}"
        if rounded.is_signed():
            return ("-" if rounded else "") + self.before + digits[1:] + self.after
        return self.before + digits + self.after


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a code: what is written for the numbers that it is for."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None
    has_colour: bool
    is_english: bool
    simple: _Simple | None

    def has(self, kind: str, text: str | None = None) -> bool:
        return any(one.kind == kind and text in (None, one.text) for one in self.tokens)

    @property
    def is_date(self) -> bool:
        return self.has("date") or self.has("elapsed")


def plain_number(stored: str) -> str:
    """Return a stored number with all of its digits: no power of ten, and no rounding errors."""
    if stored.isdecimal() and len(stored) <= _FARTHEST:
        return stored
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    if not number.is_finite() or abs(number.adjusted()) > _FARTHEST:
        return stored
    written = f"{_DIGITS.plus(number):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


@lru_cache(16_384)
def shown_number(stored: str, code: str, *, from_1904: bool = False) -> str:
    """Return a stored number as a cell with this format shows it."""
    if not code or code == "General":
        return plain_number(stored)
    try:
        number = _DIGITS.create_decimal(stored)
        sections = _sections(code)
        if not number.is_finite() or not sections:
            return plain_number(stored)
        section, signed = _section_for(number, sections)
        if section.is_date:
            written = _date(number, section, code, from_1904=from_1904)
        else:
            written = _number(number if signed else abs(number), section, stored)
    except (ArithmeticError, ValueError, IndexError):
        return plain_number(stored)
    return " ".join(written.split())


def shown_text(text: str, code: str) -> str:
    """Return a text as a cell with this format shows it, as in `"No. "@`."""
    if "@" not in code or code == "@":
        return text
    section = next((one for one in reversed(_sections(code)) if one.has("sign", "@")), None)
    if section is None or section.has("digit"):
        return text
    return "".join(text if one.kind == "sign" else one.text for one in section.tokens)


def is_date_format(code: str) -> bool:
    """Return whether a format shows a number as a date or time."""
    return any(section.is_date for section in _sections(code)[:1])


@lru_cache(4096)
def _sections(code: str) -> tuple[_Section, ...]:
    """Return the sections of a code; none where it is too long to be one."""
    if len(code) > _LONGEST_CODE:
        return ()
    sections: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            sections.append([])
        else:
            sections[-1].append(match)
    return tuple(map(_section, sections[:4]))


def _section(matches: Sequence[re.Match[str]]) -> _Section:
    tokens: list[_Token] = []
    condition: tuple[str, Decimal] | None = None
    has_colour, is_english = False, True
    for match in matches:
        kind, text = match.lastgroup or "", match[match.lastgroup or 0]
        if kind in ("quoted", "escaped", "other"):
            tokens.append(_Token("literal", text))
        elif kind == "bracket":
            lowered = text.lower()
            if found := _CONDITION.fullmatch(text):
                condition = found[1], Decimal(found[2])
            elif lowered and not lowered.strip(lowered[0]) and lowered[0] in "hms":
                tokens.append(_Token("elapsed", lowered))
            elif currency := _CURRENCY.fullmatch(text):
                language = int(currency["language"] or "9", 16)
                is_english &= language & 0xFF == _ENGLISH
                tokens.append(_Token("literal", currency["sign"]))
            has_colour |= _COLOUR.fullmatch(text) is not None
        elif kind == "blank":
            tokens.append(_Token("literal", " "))
        else:
            tokens.append(_Token(kind, text.lower() if kind == "date" else text))
    return _Section(tuple(tokens), condition, has_colour, is_english, _simple(tokens))


def _simple(tokens: Sequence[_Token]) -> _Simple | None:
    kinds = "".join(one.text if one.kind in ("digit", "sign") else "x" for one in tokens)
    match = _SIMPLE.fullmatch(kinds)
    if match is None or any(one.kind not in ("digit", "sign", "literal") for one in tokens):
        return None
    start, end = match.span("digits")
    return _Simple(
        "".join(one.text for one in tokens[:start]),
        "".join(one.text for one in tokens[end:]),
        Decimal(1).scaleb(-len(match["decimals"] or "")),
        "," in match["digits"],
        "%" in kinds,
    )


def _section_for(number: Decimal, sections: Sequence[_Section]) -> tuple[_Section, bool]:
    """Return the section for a number, and whether it writes the sign by itself."""
    numeric = [one for one in sections if not one.has("sign", "@")] or [sections[0]]
    if any(one.condition for one in numeric):
        for one in numeric:
            if one.condition is None or _COMPARE[one.condition[0]](number, one.condition[1]):
                return one, True
        return numeric[-1], True
    if number < 0 and len(numeric) > 1:
        section = numeric[1]
        by_colour = section.has_colour and not any(
            one.kind == "literal" and ("-" in one.text or "(" in one.text) for one in section.tokens
        )
        return section, by_colour
    if number == 0 and len(numeric) > 2:
        return numeric[2], True
    return numeric[0], True


def _number(number: Decimal, section: _Section, stored: str) -> str:
    tokens = section.tokens
    if section.has("general") or section.has("sign", "@"):
        plain = plain_number(stored if number < 0 else stored.lstrip("-"))
        return "".join(plain if one.kind in ("general", "sign") else one.text for one in tokens)
    if section.simple is not None:
        return section.simple.written(number)
    places = [at for at, one in enumerate(tokens) if one.kind == "digit"]
    if not places:
        return "".join(one.text for one in tokens)
    number = number.scaleb(2 * sum(one == ("sign", "%") for one in tokens))
    slash = next((at for at, one in enumerate(tokens) if one == ("sign", "/")), None)
    if slash is not None:
        return _fraction(number, tokens, slash)
    last = places[-1]
    exponent = next((at for at, one in enumerate(tokens) if one.kind == "exponent"), None)
    if exponent is not None:
        return _scientific(number, tokens, exponent)
    while last + 1 < len(tokens) and tokens[last + 1] == ("sign", ","):
        number = number.scaleb(-3)
        tokens = tokens[: last + 1] + tokens[last + 2 :]
    return _decimal(number, tokens)


def _decimal(number: Decimal, tokens: Sequence[_Token]) -> str:
    """Return a number with the digits, points and literals of its format."""
    point = next((at for at, one in enumerate(tokens) if one == ("sign", ".")), len(tokens))
    places = [one.text for one in tokens[point:] if one.kind == "digit"]
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP, _WIDE)
    whole, _, rest = f"{rounded:f}".partition(".")
    while places and rest.endswith("0") and places[-1] != "0":
        places.pop()
        rest = rest[:-1]
    written: list[str] = []
    digits = iter(rest)
    for one in tokens[point:]:
        if one.kind == "digit":
            written.append(next(digits, ""))
        elif one != ("sign", ".") or rest:
            written.append(one.text)
    sign = "-" if number < 0 and rounded else ""
    return sign + _whole(whole.lstrip("0"), tokens[:point]) + "".join(written)


def _whole(digits: str, tokens: Sequence[_Token]) -> str:
    """Return the digits before the point, from the right into their places."""
    places = [at for at, one in enumerate(tokens) if one.kind == "digit"]
    grouped = any(one == ("sign", ",") for one in tokens)
    written: list[str] = []
    count = 0
    for at in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[at]
        if kind != "digit":
            written.append("" if (kind, text) == ("sign", ",") else text[::-1])
            continue
        taken, digits = digits[-1:], digits[:-1]
        if places[0] == at:
            taken, digits = digits + taken, ""
        for digit in reversed(taken or ("0" if text == "0" else "")):
            written.append("," if grouped and count and count % 3 == 0 else "")
            written.append(digit)
            count += 1
    return "".join(written)[::-1]


def _scientific(number: Decimal, tokens: Sequence[_Token], exponent: int) -> str:
    before = tokens[:exponent]
    point = next((at for at, one in enumerate(before) if one == ("sign", ".")), len(before))
    step = max(1, sum(one.kind == "digit" for one in before[:point]))
    power = 0 if not number else number.adjusted() // step * step
    mantissa = _decimal(number.scaleb(-power), before)
    places = [one for one in tokens[exponent + 1 :] if one.kind == "digit"]
    sign = "-" if power < 0 else "+" if tokens[exponent].text.endswith("+") else ""
    after = "".join(one.text for one in tokens[exponent + 1 :] if one.kind != "digit")
    return f"{mantissa}E{sign}{abs(power):0{len(places)}d}{after}"


def _fraction(number: Decimal, tokens: Sequence[_Token], slash: int) -> str:
    """Return a number as in "3 1/2"."""
    below = "".join(one.text for one in tokens[slash + 1 :] if one.kind in ("digit", "literal"))
    fixed = re.match(r"\s*([1-9]\d*)", below)
    value = Fraction(abs(number))
    if fixed:
        bottom = int(fixed[1])
        top = int(value * bottom + Fraction(1, 2))
    else:
        most = 10 ** min(4, sum(one.kind == "digit" for one in tokens[slash + 1 :])) - 1
        near = value.limit_denominator(max(1, most))
        top, bottom = near.numerator, near.denominator
    has_whole = any(
        tokens[at].kind == "digit" and tokens[at + 1].kind == "literal" for at in range(slash - 1)
    )
    whole, top = divmod(top, bottom) if has_whole else (0, top)
    part = f"{top}/{bottom}" if top or not has_whole else ""
    sign = "-" if number < 0 else ""
    return sign + (f"{whole} {part}" if whole and part else part or str(whole))


def _date(number: Decimal, section: _Section, code: str, *, from_1904: bool) -> str:
    if not 0 <= number <= _LAST_DAY and not section.has("elapsed"):
        raise ValueError("no day")
    tokens = _with_minutes(section.tokens)
    fine = any(one == ("digit", "0") for one in tokens)
    total = int((abs(number) * _DAY_MS).to_integral_value(ROUND_HALF_UP))
    total = total if fine else (total + 500) // 1000 * 1000
    days, ms = divmod(total, _DAY_MS)
    if code in _MADE_BY_LIBRARIES and not ms and days:
        return _day(days, from_1904).isoformat()
    if section.has("date", "e") or section.has("date", "g") or _is_mistakable(section, tokens):
        return _iso(days, ms, tokens, from_1904)
    has_half = any(one.kind == "half" for one in tokens)
    written = []
    for kind, text in tokens:
        if kind == "date":
            written.append(_date_part(text, days, ms, has_half, from_1904))
        elif kind == "elapsed":
            unit = {"h": 3_600_000, "n": 60_000, "m": 60_000, "s": 1000}[text[0]]
            written.append(f"{total // unit:0{len(text)}d}")
        elif kind == "half":
            names = ("AM", "PM") if text.upper() == "AM/PM" else ("A", "P")
            written.append(names[ms >= _DAY_MS // 2])
        elif kind == "digit":
            written.append(str(ms // 100 % 10))
        elif (kind, text) != ("sign", "@"):
            written.append(text)
    return ("-" if number < 0 else "") + "".join(written)


def _with_minutes(tokens: Sequence[_Token]) -> tuple[_Token, ...]:
    """Write `n` for an `m` that means minutes: it stands behind hours or before seconds."""
    found = list(tokens)
    times = [at for at, one in enumerate(tokens) if one.kind in ("date", "elapsed")]
    for number, at in enumerate(times):
        if found[at].text.startswith("m") and found[at].kind == "date":
            before = found[times[number - 1]].text if number else ""
            after = tokens[times[number + 1]].text if number + 1 < len(times) else ""
            if len(found[at].text) <= 2 and (before.startswith("h") or after.startswith("s")):
                found[at] = _Token("date", "n" * len(found[at].text))
    return tuple(found)


def _is_mistakable(section: _Section, tokens: Sequence[_Token]) -> bool:
    """Return whether the date would be written in figures in an unknown order, or in words that are
    not English."""
    parts = [one.text for one in tokens if one.kind == "date" and one.text[0] in "ymd"]
    if not section.is_english and any(len(part) > 2 for part in parts if part[0] in "md"):
        return True
    if not {"d", "m"} <= {part[0] for part in parts if len(part) <= 2}:
        return False
    if any(len(part) > 2 for part in parts if part[0] == "m"):
        return False
    dotted = sum(one == ("sign", ".") or one == ("literal", ".") for one in tokens)
    return parts[0][0] != "y" and not (dotted > 1 and parts[0][0] == "d" and "y" in parts[-1])


def _iso(days: int, ms: int, tokens: Sequence[_Token], from_1904: bool) -> str:
    kinds = {one.text[0] for one in tokens if one.kind == "date"}
    clock = str(timedelta(milliseconds=ms)).partition(".")[0].rjust(8, "0")
    time = clock if "s" in kinds else clock[:5] if "h" in kinds else ""
    return f"{_day(days, from_1904).isoformat()} {time}".strip()


def _day(days: int, from_1904: bool) -> date:
    if from_1904:
        return date(1904, 1, 1) + timedelta(days)
    # The calendar of 1900 has a 29 February, the 60th day.
    return date(1899, 12, 30 if days > 60 else 31) + timedelta(days)


def _date_part(text: str, days: int, ms: int, has_half: bool, from_1904: bool) -> str:
    width = len(text)
    hours, rest = divmod(ms // 1000, 3600)
    match text[0]:
        case "h":
            return f"{(hours % 12 or 12) if has_half else hours:0{min(width, 2)}d}"
        case "n":
            return f"{rest // 60:0{min(width, 2)}d}"
        case "s":
            return f"{rest % 60:0{min(width, 2)}d}"
    day = _day(days, from_1904)
    match text[0]:
        case "y":
            return str(day.year)
        case "m" if width < 3:
            return f"{day.month:0{width}d}"
        case "m":
            name = _MONTHS[day.month - 1]
            return name[:3] if width == 3 else name
        case "d" if width < 3:
            return f"{day.day:0{width}d}"
        case "d":
            name = _DAYS[day.weekday()]
            return name[:3] if width == 3 else name
    raise ValueError("a calendar of another kind")
