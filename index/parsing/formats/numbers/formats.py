"""Number formats of spreadsheets: a stored number as its cell shows it (ECMA-376-1, 18.8.30).

A code is compiled once, and what it cannot mean is no error: the whole stored number is shown then.
Two things differ from the screen. A date whose day and month could be mistaken for each other
(03/04/31), which each reader's system orders in its own way, is written as ISO 8601, and a year has
all of its digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from index.parsing.formats.numbers.codes import WIDE, FormatSection, Token, sections_of
from index.parsing.formats.numbers.dates import moment_text

_DIGITS = Context(prec=15)
"""What a spreadsheet program keeps of a number."""
_FARTHEST = 20
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
}


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
        sections = sections_of(code)
        if not number.is_finite() or not sections:
            return plain_number(stored)
        section, signed = _section_for(number, sections)
        if section.is_date:
            written = moment_text(number, section, code, from_1904=from_1904)
        else:
            written = _number(number if signed else abs(number), section, stored)
    except (ArithmeticError, ValueError, IndexError):
        return plain_number(stored)
    return " ".join(written.split())


def hides_text(code: str) -> bool:
    """Return whether a format shows nothing of a text, as `0;0;0;` does, whose last is empty."""
    sections = sections_of(code) if code.count(";") > 2 else ()
    return len(sections) == 4 and not sections[3].tokens


def shown_text(text: str, code: str) -> str:
    """Return a text as a cell with this format shows it, as in `"No. "@`."""
    if "@" not in code or code == "@":
        return text
    section = next((one for one in reversed(sections_of(code)) if one.has("sign", "@")), None)
    if section is None or section.has("digit"):
        return text
    return "".join(text if one.kind == "sign" else one.text for one in section.tokens)


def is_date_format(code: str) -> bool:
    """Return whether a format shows a number as a date or time."""
    return any(section.is_date for section in sections_of(code)[:1])


def _section_for(number: Decimal, sections: Sequence[FormatSection]) -> tuple[FormatSection, bool]:
    """Return the section for a number, and whether it writes the sign by itself."""
    if len(sections) == 1 and sections[0].condition is None:
        return sections[0], True
    numeric = [one for one in sections if not one.has("sign", "@")] or [sections[0]]
    if any(one.condition for one in numeric):
        for one in numeric:
            if one.condition is None or _COMPARE[one.condition[0]](number, one.condition[1]):
                return one, True
        raise ValueError("no section is for this number")
    if number < 0 and len(numeric) > 1:
        section = numeric[1]
        by_colour = section.has_colour and not any(
            one.kind == "literal" and ("-" in one.text or "(" in one.text) for one in section.tokens
        )
        return section, by_colour
    if number == 0 and len(numeric) > 2:
        return numeric[2], True
    return numeric[0], True


def _number(number: Decimal, section: FormatSection, stored: str) -> str:
    tokens = section.tokens
    if section.simple is not None:
        return section.simple.written(number)
    if section.has("general") or section.has("sign", "@"):
        plain = plain_number(stored if number < 0 else stored.lstrip("-"))
        return "".join(plain if one.kind in ("general", "sign") else one.text for one in tokens)
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


def _decimal(number: Decimal, tokens: Sequence[Token]) -> str:
    """Return a number with the digits, points and literals of its format."""
    point = next((at for at, one in enumerate(tokens) if one == ("sign", ".")), len(tokens))
    places = [one.text for one in tokens[point:] if one.kind == "digit"]
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP, WIDE)
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


def _whole(digits: str, tokens: Sequence[Token]) -> str:
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


def _scientific(number: Decimal, tokens: Sequence[Token], exponent: int) -> str:
    before = tokens[:exponent]
    point = next((at for at, one in enumerate(before) if one == ("sign", ".")), len(before))
    step = max(1, sum(one.kind == "digit" for one in before[:point]))
    power = 0 if not number else number.adjusted() // step * step
    mantissa = _decimal(number.scaleb(-power), before)
    places = [one for one in tokens[exponent + 1 :] if one.kind == "digit"]
    sign = "-" if power < 0 else "+" if tokens[exponent].text.endswith("+") else ""
    after = "".join(one.text for one in tokens[exponent + 1 :] if one.kind != "digit")
    return f"{mantissa}E{sign}{abs(power):0{len(places)}d}{after}"


def _fraction(number: Decimal, tokens: Sequence[Token], slash: int) -> str:
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
