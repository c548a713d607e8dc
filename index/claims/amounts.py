"""Amounts in running text: numbers, money, percentages, durations, times of day and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from index.claims.measures import UnitMeasure, measure_of, rate_per_year
from index.claims.written_numbers import BARE_WORDS, WORDS, digits_of, small_number, worth
from index.document import Span
from index.number_words import MONTHS, WEEKDAYS
from index.parsing.text.dates import dates_in
from index.text import WORD

__all__ = ["Amount", "amounts_in"]

_FIGURES = (
    r"\d{1,3}(?:[ \u00a0\u202f',.’]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,12}(?:[.,]\d{1,4})?(?!\d|(?:st|nd|rd|th)\b)"
)
_NUMBER = rf"(?:{_FIGURES}|(?:{'|'.join(sorted(WORDS, key=lambda word: -len(word)))})(?![\w-]))"
_HALF = r"(?:\s(?:and a half|½))?"
_SIGN = r"[€$£¥]|(?:EUR|USD|GBP|NOK|SEK|DKK|CHF|PLN|kr)\b\.?"
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "k": 1_000,
    "million": 1_000_000,
    "mio": 1_000_000,
    "m": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
}
_AMOUNT = re.compile(
    rf"(?<![\w.,/:#-])(?P<before>{_SIGN})?\s?(?P<minus>[-−](?=\d))?(?P<number>{_NUMBER})(?P<half>{_HALF})"
    rf"(?P<unit_first>\s?(?:%|°C|[^\W\d_]{{1,10}}))??(?:(?:\s?[-–]\s?|\s(?:to|and|or|bis|til)\s)"
    rf"(?:{_SIGN})?(?P<to>{_NUMBER}))?(?P<scale>\s?(?:hundred|thousand|million|mio|billion|bn|k|m)\b\.?)?"
    r"(?P<unit>\s?-?(?:%|‰|°\s?[CF]|[€$£]|[^\W\d_]+(?:/[^\W\d_]+|[²³])?(?:\s[^\W\d_]{2,12})?))?",
    re.IGNORECASE,
)
_CLOCK = r"(?:[01]?\d|2[0-4])"
_HOUR = (
    rf"(?:{_CLOCK}[:.][0-5]\d(?!\d|[.,]\d)(?:\s?(?:[ap]\.?m\b\.?|h\b|hrs\b|o['’]clock))?"
    rf"|{_CLOCK}\s?(?:[ap]\.?m\b\.?|o['’]clock\b)|(?:[01]\d|2[0-4])[0-5]\d\s?(?:hrs|hours|h)\b"
    r"|noon\b|midnight\b)"
)
_TO = r"\s?(?:[-–]|to|until|till|and|bis|til)\s?"
_TIME = re.compile(
    rf"(?<![\w.,:-])(?:(?P<bare_from>{_CLOCK}){_TO}(?={_HOUR}))?(?P<first>{_HOUR})"
    rf"(?:{_TO}(?P<last>{_HOUR}|{_CLOCK}(?![\w:%.,€-])))?"
    rf"|\b(?:at|from|opens|closes|by|until|before|after)\s(?P<at>{_CLOCK})"
    rf"(?:{_TO}(?P<at_last>{_CLOCK}))?(?=\s*(?:[.;,)]|$|on\b|every\b|each\b|in\sthe\b|and\b))",
    re.IGNORECASE,
)
_BEFORE_TIME = re.compile(
    r"(?:\b(?:at|from|until|till|to|by|before|after|between|and|kl|klokken|um|opens|closes)\.?|[-–])\s?$",
    re.IGNORECASE,
)
"""Before a time that is written with a point, as a price may be."""
_FEW = re.compile(
    r"\b(?:(?P<half>half an?)\s(?P<half_unit>hour|day|year|week|mile)"
    r"|(?P<quarter>a quarter of an hour|quarter of an hour)"
    r"|an?\s(?P<one_unit>hour|day|week|month|year|kilomet(?:re|er)|mile"
    r"|ton(?:ne)?)(?P<more>\sand a half)"
    r"|(?P<three>three quarters of an hour)|(?P<fortnight>a fortnight|fortnight))\b",
    re.IGNORECASE,
)
_OFTEN = {
    "hourly": 8760,
    "daily": 365,
    "weekly": 52,
    "fortnightly": 26,
    "biweekly": 26,
    "monthly": 12,
    "quarterly": 4,
    "annually": 1,
    "yearly": 1,
}
_EVERY = re.compile(
    rf"\b(?:(?P<adverb>{'|'.join(_OFTEN)})(?=\s*(?:[.;,)]|$|by\b|and\b|in\b|on\b|at\b|for\b|before\b))"
    r"|every\s(?:(?P<second>second|other)\s)?(?:(?P<number>\d{1,3}|two|three|four|five|six)\s)?"
    r"(?P<every>hour|day|week|month|quarter|year)s?"
    r"|(?P<once>once|twice|(?:\d{1,3}|two|three|four|five|six|ten)\stimes)\s(?:an?|per|each|every)\s"
    r"(?P<unit>hour|day|week|month|quarter|year))\b",
    re.IGNORECASE,
)
_TIMES = {"hour": 8760, "day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
_PHONE = re.compile(r"(?<![\w.,])(?:\+\d{1,3}[ -]?)?\(?\d{2,4}\)?(?:[ -]\d{2,4}){2,5}(?![\w])")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@])")
_NUMBERED = re.compile(
    r"\b(?P<what>room|gate|door|channel|platform|berth|bay|building|floor|level|extension|ext\.?|code"
    r"|frequency|form|line|route|zone|terminal|track|counter|locker|hall|stage|grade|class|number|no\."
    r"|week|version|step|phase|chapter|section|lot|lesson|article|clause|annex|table|figure|part|block"
    r"|tank|pump|machine|house|sheet|group|team|shift|round|session|module|model|type|option|priority"
    r"|category|ward|tower|pier|dock|hangar|site|point|post|station|sector|district|region|generator"
    r"|engine|unit|vehicle|convoy|camp|depot|well|shelf|box|aged?|under|day|page|rule|tier|release)"
    r"\s(?P<which>[A-Z]?\d{1,6}(?:\.\d{1,4}){0,3}[A-Z]?|[A-Z])\b(?![,:]\d)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?P<first>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?"
    r"(?:\s?(?:to|-|–|until|through)\s?(?P<last>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?)?\b",
    re.IGNORECASE,
)
_DAYS = "mon tue wed thu fri sat sun".split()
_ABOUT = re.compile(
    r"(?:\b(?:about|around|approx\.?|approximately|roughly|ca\.?|circa|some|nearly|almost"
    r"|close to|over"
    r"|more than|just under|just over|under|less than|typically|usually|on average|an average of"
    r"|averag\w+|estimated(?: at)?|up to about|in the region of|or so|rund|etwa|knapp|cirka"
    r"|omtrent)"
    r"|[~≈±])\s*(?:the\s|of\s|a\s)?$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?:\b(?:at least|min\.?|minimum(?: of)?|no (?:less|fewer|earlier) than|not (?:less"
    r"|fewer) than"
    r"|from|or more|mindestens|minst|more than|over|above|after)|[≥>])\s*(?:the\s|of\s|is\s)?$",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"(?:\b(?:at most|max\.?|maximum(?: of)?|no (?:more|later) than|not (?:more|later) than|up to"
    r"|not exceed(?:ing)?|must not exceed|within|a limit of|by|until|before|höchstens|maks\.?"
    r"|less than"
    r"|fewer than|under|below)|[≤<])\s*(?:the\s|of\s|is\s)?$",
    re.IGNORECASE,
)
_AFTER_LEAST = re.compile(r"\s*(?:or (?:more|later|above|older|over)|\+|and (?:above|over))")
_AFTER_MOST = re.compile(
    r"\s*(?:or (?:less|fewer|earlier|under|below)|at (?:most|the latest)|max)\b"
)
_AFTER_ABOUT = re.compile(r"\s*(?:or so|on average|roughly|approximately)\b")
_RATE = re.compile(
    r"\s*(?:(?:per|a|an|each|every|pr\.?|pro)\s+|/\s?)"
    r"(?P<unit>(?:working\s)?(?:second|minute|hour|day|night|week|month|quarter|year|annum|person|head"
    r"|participant|kilomet(?:re|er)|km|litre|liter|kg|kilo|tonne|ton|unit|item|visit|trip|vehicle|room"
    r"|team|shift|meal|session|user|employee|pupil|student|household|child|box|pallet|seat|page|copy|h|d"
    r"|mo))\b",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"\s*(?:(?P<year>annually|yearly|p\.?\s?a\.|a year)|(?P<month>monthly|a month)"
    r"|(?P<day>daily))\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s(?!of|or|and|more|another|day\b|that|who|should|can|may|must|is|has|can|side|way|time|another"
    r"|person|by|to|in|for|at|on|with|side|the)[a-z]{3,}"
)
_HINT = re.compile(r"[\d@]")
_HINT_WORDS = frozenset((*WORDS, *_OFTEN, *MONTHS, *WEEKDAYS)).union(
    (f"{day}s" for day in WEEKDAYS),
    "once half quarter every fortnight noon midnight".split(),
)
_BEFORE_A_LETTER = frozenset("a an room gate door zone building hall".split())
_LETTERED = re.compile(rf"\b(?:{'|'.join(sorted(_BEFORE_A_LETTER))})\s(?:hour|[a-z]\b)")
_MOST_OF_ONE = 24
"""Amounts of one statement that are looked at; one with more is a list of figures."""
_LONGEST = 2_000


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


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Return the amounts of a statement in order; none of one that is too long to be one."""
    if len(text) > _LONGEST or not _may_have_one(text):
        return ()
    found: list[Amount] = []
    taken: list[Span] = []
    low = text.lower()
    for finder, sign in _FINDERS:
        for amount in finder(text) if sign.search(low) else ():
            if not any(amount.span.overlaps(other) for other in taken):
                found.append(amount)
                taken.append(amount.span)
        if len(found) > _MOST_OF_ONE:
            return ()
    return tuple(
        _limited(each, text) for each in sorted(found, key=lambda each: each.span) if each.kind
    )


def _may_have_one(text: str) -> bool:
    """Return whether a text may have an amount; most texts have none, and this tells it soon."""
    if _HINT.search(text):
        return True
    low = text.lower()
    words = WORD.findall(low)
    if not _HINT_WORDS.isdisjoint(words):
        return True
    return not _BEFORE_A_LETTER.isdisjoint(words) and _LETTERED.search(low) is not None


def _limited(amount: Amount, text: str) -> Amount:
    """Return an amount with what stands around it: about, at least, at most."""
    before = text[max(0, amount.span.start - 32) : amount.span.start]
    after = text[amount.span.end : amount.span.end + 24]
    about = bool(_ABOUT.search(before) or _AFTER_ABOUT.match(after))
    bound = ""
    if not amount.is_range:
        if _LEAST.search(before) or _AFTER_LEAST.match(after):
            bound = "least"
        elif _MOST.search(before) or _AFTER_MOST.match(after):
            bound = "most"
    if amount.dimension in ("date", "clock", "weekday"):
        bound = ""  # "from 8", "until Friday", "by 3 May": the value itself
    return replace(amount, about=about, bound=bound)


def _mails(text: str) -> Iterator[Amount]:
    if "@" in text:
        for match in _MAIL.finditer(text):
            yield _label("email", match[0].lower(), Span(*match.span()))


def _phones(text: str) -> Iterator[Amount]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 7 <= len(digits) <= 15 and not re.fullmatch(r"\d{1,3}(?: \d{3})+", match[0]):
            yield _label("phone", digits[-8:], Span(*match.span()))


def _numbered(text: str) -> Iterator[Amount]:
    for match in _NUMBERED.finditer(text):
        if match["which"].isalpha() and not match["which"].isupper():
            continue
        what = match["what"].lower().rstrip(".")
        span = Span(*match.span("which"))
        yield _label(f"number of {what}", match["which"].upper(), span)


def _label(dimension: str, value: str, span: Span) -> Amount:
    """Return a value that is a label, such as a room: only equal or not."""
    return Amount("name", dimension, Decimal(0), Decimal(0), span, text=value)


def _dates(text: str) -> Iterator[Amount]:
    for date in dates_in(text):
        period = date.period(date.year or 2000)
        if period is None:
            continue
        dimension = "date" if date.year and date.month else "year" if date.year else "day"
        low, high = period.first.toordinal(), period.last.toordinal()
        span = Span(date.start, date.end)
        yield Amount("date", dimension, Decimal(low), Decimal(high), span)


def _weekdays(text: str) -> Iterator[Amount]:
    for match in _WEEKDAY.finditer(text):
        first = _DAYS.index(match["first"][:3].lower())
        last = _DAYS.index(match["last"][:3].lower()) if match["last"] else first
        span = Span(*match.span())
        yield Amount("date", "weekday", Decimal(first), Decimal(last), span)


def _times(text: str) -> Iterator[Amount]:
    for match in _TIME.finditer(text):
        names = ("first", "last") if match["first"] else ("at", "at_last")
        first, last = match[names[0]], match[names[1]]
        half = re.search(r"[ap]\.?m", last or "", re.IGNORECASE)
        low = _minutes(match["bare_from"] or first, half[0] if half else "")
        if match["bare_from"] and not last:
            last = first
        high = _minutes(last, "") if last else low
        is_dotted = "." in (first or "") and ":" not in first and "m" not in first.lower()
        if (
            low is None
            or high is None
            or (is_dotted and not _BEFORE_TIME.search(text, 0, match.start()))
        ):
            continue
        start = match.start("bare_from") if match["bare_from"] else match.start(names[0])
        span = Span(start, match.start() + len(match[0].rstrip(" .")))
        yield Amount("date", "clock", Decimal(low), Decimal(high), span)


def _minutes(written: str, half: str) -> int | None:
    low = written.lower().strip()
    if low in ("noon", "midnight"):
        return 720 if low == "noon" else 1440
    digits = re.findall(r"\d+", low)
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if len(digits) == 1 and len(digits[0]) == 4:
        hour, minute = divmod(hour, 100)
    is_told = re.search(r"[ap]\.?m", low)
    half_day = is_told[0] if is_told else half.lower()
    if half_day.startswith("p") and hour < 12:
        hour += 12
    elif half_day.startswith("a") and hour == 12:
        hour = 0
    return hour * 60 + minute if minute < 60 and hour <= 24 else None


def _frequencies(text: str) -> Iterator[Amount]:
    for match in _EVERY.finditer(text):
        if match["adverb"]:
            often = Decimal(_OFTEN[match["adverb"].lower()])
        elif match["every"]:
            number = 2 if match["second"] else small_number(match["number"] or "1")
            often = Decimal(_TIMES[match["every"].lower()]) / number
        else:
            word = match["once"].lower().split()[0]
            number = {"once": 1, "twice": 2}.get(word) or small_number(word)
            often = Decimal(_TIMES[match["unit"].lower()]) * number
        yield Amount("duration", "frequency", often, often, Span(*match.span()))


def _few(text: str) -> Iterator[Amount]:
    for match in _FEW.finditer(text):
        if match["fortnight"]:
            number, unit = Decimal(2), "week"
        elif match["quarter"] or match["three"]:
            number, unit = Decimal("0.75" if match["three"] else "0.25"), "hour"
        elif match["half"]:
            number, unit = Decimal("0.5"), match["half_unit"]
        else:
            number, unit = Decimal("1.5"), match["one_unit"]
        if measure := measure_of(unit):
            value = number * measure.factor
            span = Span(*match.span())
            yield Amount(measure.kind, measure.dimension, value, value, span)


def _plain(text: str) -> Iterator[Amount]:
    for match in _AMOUNT.finditer(text):
        if amount := _amount(match, text):
            yield amount


def _amount(match: re.Match[str], text: str) -> Amount | None:
    words = match["number"].lower() in WORDS
    low = worth(match["number"])
    high = worth(match["to"]) if match["to"] else low
    if low is None or high is None:
        return None
    if match["half"]:
        low, high = low + Decimal("0.5"), high + Decimal("0.5")
    if match["minus"]:
        low = high = -low
    scale = _SCALES.get((match["scale"] or "").strip(" .").lower(), 1)
    written = (match["unit"] or "").strip(" -")
    if (
        scale > 1
        and match["scale"].strip(" .") == "m"
        and not match["before"]
        and not written.startswith(("€", "$", "£"))
    ):
        scale, measure, end = 1, measure_of("m"), match.end("scale")
    else:
        measure, end = _measure(match, written)
    is_bare = measure is None and match["number"].lower() in BARE_WORDS
    is_counted = match["number"].lower() == "one" and _COUNTED.match(text, match.end("number"))
    if low > high or (is_bare and not is_counted):
        return None
    end = match.end("scale") if measure is None and match["scale"] and scale > 1 else end
    if measure is None:
        end = end if scale > 1 else match.end("to") if match["to"] else match.end("half")
        if text[end : end + 1] in ("-", "/") and text[end + 1 : end + 2].isalnum():
            return None  # a part of a code
    kind, dimension, factor = (
        (measure.kind, measure.dimension, measure.factor) if measure else ("number", "count", 1)
    )
    low, high, per = low * scale * factor, high * scale * factor, ""
    if rate := _RATE.match(text, end) or _YEARLY.match(text, end):
        groups = rate.groupdict()
        per = groups.get("unit") or next(name for name, value in groups.items() if value)
        often = rate_per_year(per)
        if often:
            low, high, per = low * often, high * often, "time"
        end = rate.end()
        per = per.lower().rstrip("s")
    noun = "" if measure else _noun(text, end)
    span = Span(match.start("before") if match["before"] else match.start("number"), end)
    digits = digits_of(match["number"]) if not words else 9
    is_uneven = measure is not None and measure.is_uneven
    return Amount(kind, dimension, low, high, span, noun, per, digits=digits, is_uneven=is_uneven)


def _measure(match: re.Match[str], written: str) -> tuple[UnitMeasure | None, int]:
    """Return the unit of a number, and where it ends."""
    if match["before"]:
        after = match.end("scale") if match["scale"] else match.end("to")
        after = after if after > 0 else match.end("half")
        return measure_of(match["before"].strip(". ")), max(after, match.end("half"))
    start = match.end("unit") - len((match["unit"] or "").lstrip(" -"))
    two, _, _ = written.partition(" ")
    for tried in dict.fromkeys((written, two)):
        if tried and (found := measure_of(tried)):
            return found, start + len(tried)
    return None, match.end("half")


def _noun(text: str, end: int) -> str:
    match = re.compile(r"\s(?:of the\s|of\s)?([^\W\d_]{3,30})").match(text, end)
    return match[1].lower() if match else ""


_FINDERS: tuple[tuple[Callable[[str], Iterator[Amount]], re.Pattern[str]], ...] = tuple(
    (finder, re.compile(sign))
    for finder, sign in (
        (_mails, "@"),
        (_dates, ""),
        (_frequencies, "every|ly|times|once|twice"),
        (_times, r"\d|noon|midnight"),
        (_phones, r"\d"),
        (_numbered, r"\d|\s[a-z]\b"),
        (_weekdays, "day"),
        (_few, "half|quarter|fortnight"),
        (_plain, ""),
    )
)
"""Each with what a text, in small letters, has if it finds something; the first ones come first."""
