"""Times of calendar files, in words: when an event is, and how it repeats."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<utc>Z?))?"
)
_DURATION = re.compile(
    r"\+?P(?:(?P<wk>\d+)W)?(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<min>\d+)M)?(?:(?P<s>\d+)S)?)?"
)
_DURATION_WORDS = {"wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second"}
_UNITS = {
    "SECONDLY": "second",
    "MINUTELY": "minute",
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_BY_DAY = re.compile(r"(?P<number>[+-]?\d{1,2})?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
_KNOWN = frozenset("FREQ INTERVAL BYDAY BYMONTHDAY BYMONTH BYSETPOS COUNT UNTIL WKST".split())


def time_text(begin: str, end: str, duration: str, zone: str) -> str:
    """Return from when to when something is, with the name of its time zone; "" if unknown."""
    if "/" in begin:  # a period
        begin, _, end = begin.partition("/")
        if "P" in end:
            end, duration = "", end
    first, last = _MOMENT.fullmatch(begin.strip()), _MOMENT.fullmatch(end.strip())
    if first is None:
        return begin.strip()
    written = _written(first) + (_until(first, last) if last else "")
    if first["hour"] is not None:
        written += " UTC" if first["utc"] else f" ({zone})" if zone else ""
    length = "" if last else _length(duration)
    return f"{written}, {length}" if length else written


def last_day(moment: str) -> str:
    """Return the day of a moment in ISO 8601; empty if it is none."""
    match = _MOMENT.fullmatch(moment.strip())
    return _day(match) if match else ""


def recurrence(rule: str) -> str:
    """Return a rule such as "FREQ=WEEKLY;BYDAY=MO" in words, or as it is where these lack."""
    parts = dict(part.upper().split("=", 1) for part in rule.strip().split(";") if "=" in part)
    unit = _UNITS.get(parts.get("FREQ", ""))
    if unit is None or not parts.keys() <= _KNOWN:
        return rule.strip()
    interval = parts.get("INTERVAL", "1")
    words = [f"every {unit}" if interval == "1" else f"every {interval} {unit}s"]
    if months := [_MONTHS[int(n) - 1] for n in _numbers(parts.get("BYMONTH", "")) if 0 < n < 13]:
        words.append(f"in {_listed(months)}")
    if days := _by_days(parts.get("BYDAY", ""), parts.get("BYSETPOS", "")):
        words.append(f"on {days}")
    if numbers := _numbers(parts.get("BYMONTHDAY", "")):
        listed = [f"day {n}" if n > 0 else f"day {-n} from the end" for n in numbers]
        words.append(f"on {_listed(listed)}")
    written = " ".join(words)
    if count := parts.get("COUNT"):
        written += f", {count} times"
    if until := _MOMENT.fullmatch(parts.get("UNTIL", "")):
        written += f", until {_day(until)}"
    return written


def _written(moment: re.Match[str]) -> str:
    clock = _clock(moment)
    return f"{_day(moment)} {clock}" if clock else _day(moment)


def _until(first: re.Match[str], last: re.Match[str]) -> str:
    """Return the end of a time; that of whole days is the day after the last one."""
    if last["hour"] is None:
        try:
            day = date.fromisoformat(_day(last)) - timedelta(days=1)
        except (ValueError, OverflowError):
            return f" to {_day(last)}"
        return f" to {day.isoformat()}" if day.isoformat() > _day(first) else ""
    if _written(last) == _written(first):
        return ""
    if _day(last) == _day(first):
        return f" to {_clock(last)}"
    return f" to {_written(last)}"


def _day(moment: re.Match[str]) -> str:
    return f"{moment['year']}-{moment['month']}-{moment['day']}"


def _clock(moment: re.Match[str]) -> str:
    return f"{moment['hour']}:{moment['minute']}" if moment["hour"] else ""


def _length(duration: str) -> str:
    match = _DURATION.fullmatch(duration.strip().upper())
    if match is None:
        return ""
    return " ".join(
        f"{number} {_DURATION_WORDS[name]}{'' if number == '1' else 's'}"
        for name, number in match.groupdict().items()
        if number and number.strip("0")
    )


def _by_days(written: str, position: str) -> str:
    days = []
    for match in _BY_DAY.finditer(written):
        number = (match["number"] or "").lstrip("+")
        day = _DAYS[match["day"]]
        days.append(f"the {_ORDINALS.get(number, number + '.')} {day}" if number else day)
    if days and position in _ORDINALS:
        return f"the {_ORDINALS[position]} {_listed(days, 'or')}"
    return _listed(days)


def _numbers(written: str) -> list[int]:
    return [int(one) for one in written.split(",") if re.fullmatch(r"[+-]?\d{1,3}", one)]


def _listed(words: list[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
