"""Amounts in running text: numbers, money, percentages, durations, times of day and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from index.claims.measures import Amount, UnitMeasure, measure_of, rate_per_year
from index.claims.times import PER_YEAR, find_dates, find_frequencies, find_times, find_weekdays
from index.claims.written_numbers import BARE_WORDS, WORDS, digits_of, worth
from index.document import Span
from index.number_words import MONTHS, WEEKDAYS
from index.text import WORD

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
_FEW = re.compile(
    r"\b(?:(?P<half>half an?)\s(?P<half_unit>hour|day|year|week|mile)|(?P<quarter>a quarter of an"
    r" hour|quarter of an hour)|an?\s(?P<one_unit>hour|day|week|month|year|kilomet(?:re|er)|mile"
    r"|ton(?:ne)?)(?P<more>\sand a half)"
    r"|(?P<three>three quarters of an hour)|(?P<fortnight>a fortnight|fortnight))\b",
    re.IGNORECASE,
)
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
_ABOUT = re.compile(
    r"(?:\b(?:about|around|approx\.?|approximately|roughly|ca\.?|circa|some|nearly|almost|close to"
    r"|over|more than|just under|just over|under|less than|typically|usually|on average|an average"
    r" of|averag\w+|estimated(?: at)?|up to about|in the region of|or so|rund|etwa|knapp|cirka"
    r"|omtrent)|[~≈±])\s*(?:the\s|of\s|a\s)?$",
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
    r"|not exceed(?:ing)?|must not exceed|within|a limit of|by|until|before|höchstens|maks\.?|less"
    r" than|fewer than|under|below)|[≤<])\s*(?:the\s|of\s|is\s)?$",
    re.IGNORECASE,
)
_AFTER_LEAST = re.compile(r"\s*(?:or (?:more|later|above|older|over)|\+|and (?:above|over))")
_AFTER_MOST = re.compile(
    r"\s*(?:or (?:less|fewer|earlier|under|below)|at (?:most|the latest)|max)\b"
)
_AFTER_ABOUT = re.compile(r"\s*(?:or so|on average|roughly|approximately)\b")
_RATE = re.compile(
    r"\s*(?:(?:per|a|an|each|every|pr\.?|pro)\s+|/\s?)(?P<unit>(?:working\s)?(?:second|minute|hour"
    r"|day|night|week|month|quarter|year|annum|person|head|participant|kilomet(?:re|er)|km|litre"
    r"|liter|kg|kilo|tonne|ton|unit|item|visit|trip|vehicle|room|team|shift|meal|session|user"
    r"|employee|pupil|student|household|child|box|pallet|seat|page|copy|h|d|mo))\b",
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
_HINT_WORDS = frozenset((*WORDS, *PER_YEAR, *MONTHS, *WEEKDAYS)).union(
    (f"{day}s" for day in WEEKDAYS),
    "once half quarter every fortnight noon midnight".split(),
)
_BEFORE_A_LETTER = frozenset("a an room gate door zone building hall".split())
_LETTERED = re.compile(rf"\b(?:{'|'.join(sorted(_BEFORE_A_LETTER))})\s(?:hour|[a-z]\b)")
_MOST_OF_ONE = 24
"""Amounts of one statement that are looked at; one with more is a list of figures."""
_LONGEST = 2_000


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
        (find_dates, ""),
        (find_frequencies, "every|ly|times|once|twice"),
        (find_times, r"\d|noon|midnight"),
        (_phones, r"\d"),
        (_numbered, r"\d|\s[a-z]\b"),
        (find_weekdays, "day"),
        (_few, "half|quarter|fortnight"),
        (_plain, ""),
    )
)
"""Each with what a text, in small letters, has if it finds something; the first ones come first."""
