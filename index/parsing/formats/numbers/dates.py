"""Dates and times in number formats: the parts of a moment that a code asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from index.parsing.formats.numbers.codes import FormatSection, Token

_LAST_DAY = 2_958_465
_DAY_MS = 86_400_000
_MADE_BY_LIBRARIES = frozenset(("yyyy-mm-dd h:mm:ss", "yyyy-mm-dd hh:mm:ss"))
"""What libraries give to days, too; a midnight in it is no time that anybody wrote."""
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def moment_text(number: Decimal, section: FormatSection, code: str, *, from_1904: bool) -> str:
    """Return a day or time as its format shows it; raises ValueError where there is none."""
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


def _with_minutes(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Write `n` for an `m` that means minutes: it stands behind hours or before seconds."""
    found = list(tokens)
    times = [at for at, one in enumerate(tokens) if one.kind in ("date", "elapsed")]
    for number, at in enumerate(times):
        if found[at].text.startswith("m") and found[at].kind == "date":
            before = found[times[number - 1]].text if number else ""
            after = tokens[times[number + 1]].text if number + 1 < len(times) else ""
            if len(found[at].text) <= 2 and (before.startswith("h") or after.startswith("s")):
                found[at] = Token("date", "n" * len(found[at].text))
    return tuple(found)


def _is_mistakable(section: FormatSection, tokens: Sequence[Token]) -> bool:
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


def _iso(days: int, ms: int, tokens: Sequence[Token], from_1904: bool) -> str:
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
