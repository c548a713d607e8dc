"""Holidays that a question names, as the days on which they fall."""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["with_their_days"]

_FIXED = {
    r"(?:christmas|x-?mas) eve": ((12, 24),),
    r"(?:christmas|x-?mas) day": ((12, 25),),
    r"boxing day|(?:st\.?|saint) stephen['’]?s day": ((12, 26),),
    r"christmas|x-?mas": ((12, 24), (12, 25), (12, 26)),
    r"new year['’]?s eve": ((12, 31),),
    r"new year['’]?s day": ((1, 1),),
    r"new year(?:['’]?s)?": ((12, 31), (1, 1)),
    r"epiphany": ((1, 6),),
    r"valentine['’]?s day": ((2, 14),),
    r"may day|labou?r day": ((5, 1),),
    r"hallowe['’]?en": ((10, 31),),
    r"all saints['’]? day": ((11, 1),),
}
"""Months and days, the first of what goes on over several days in its year."""
_FROM_EASTER = {
    r"maundy thursday": (-3,),
    r"good friday": (-2,),
    r"easter sunday": (0,),
    r"easter monday": (1,),
    r"easter": (-2, -1, 0, 1),
    r"ascension(?: day)?": (39,),
    r"whit monday": (50,),
    r"whit sunday|pentecost": (49,),
}
"""Days after Easter Sunday."""
_THINGS = (
    "bonus|cards?|concert|day|dinner|eggs?|eve|fair|gifts?|lunch|market|monday|party|presents?|sunday"
    "|trees?"
)
"""Things named after a holiday that need not fall on it, and other holidays."""


def _named(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:\b(?:on|at|over|during|for)\s+)?\b(?:the\s+)?(?:{name})\b(?!['’]|\s+(?:{_THINGS})\b)"
        r"(?:\s+(?:days|holidays?|break|period)\b)?(?:\s+(?P<year>20\d\d)\b)?",
        re.IGNORECASE,
    )


_NAMED = [(_named(name), days) for name, days in _FIXED.items()]
_NAMED_AFTER_EASTER = [(_named(name), days) for name, days in _FROM_EASTER.items()]


def with_their_days(question: str, today: date) -> str | None:
    """Return the question with the days of the holiday that it names, the next from today on.

    Returns None where it names none.
    """
    for year in (today.year, today.year + 1):
        for match, days in _holidays_in(question, year):
            if match["year"] or days[-1] >= today:
                *others, last = [f"{day.day} {day:%B} {day.year}" for day in days]
                when = f"{', '.join(others)} and {last}" if others else last
                return f"{question[: match.start()]}on {when}{question[match.end() :]}"
    return None


def _holidays_in(question: str, year: int) -> list[tuple[re.Match[str], list[date]]]:
    """Return the holidays that a question names, with their days in the year that it names."""
    found = []
    for named, fixed in _NAMED:
        if match := named.search(question):
            first = int(match["year"] or year)
            (begins, _), *_ = fixed
            days = [date(first + (month < begins), month, day) for month, day in fixed]
            found.append((match, days))
    for named, after in _NAMED_AFTER_EASTER:
        if match := named.search(question):
            easter = _easter(int(match["year"] or year))
            found.append((match, [easter + timedelta(days=each) for each in after]))
    return found


def _easter(year: int) -> date:
    """Return Easter Sunday, by the Gregorian algorithm of Butcher and O'Beirne."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    days = moon + weekday - 7 * ((golden + 11 * moon + 19 * weekday) // 433)
    month = (days + 90) // 25
    return date(year, month, (days + 33 * month + 19) % 32)
