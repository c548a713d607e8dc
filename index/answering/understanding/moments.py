"""The moment that a question is about: today, a day of the past, or a version before."""

from __future__ import annotations

import re
from datetime import date, timedelta

from index.answering.scope.moment import AskedMoment
from index.answering.understanding.times import AskedTime, asked_time
from index.document import Span
from index.parsing.text.dates import dates_in

_YEAR = re.compile(r"(?<![\d.,/€$£-])(?:19|20)\d\d(?![\d%]|[.,]\d)")
_TWO_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/–]((?:19|20)?\d\d)(?!\d)")
_RULING = (
    r"(?:version|edition|revision|polic(?:y|ies)|plans?|brief(?:ing)?s?|rules?|regulations?"
    r"|guid(?:e|ance|elines?)|manuals?|handbooks?|documents?|memos?|notes?|lists?|contracts?"
    r"|agreements?|instructions?|procedures?|standards?|slides|schedules?|rates?|limits?"
    r"|allowances?|budgets?|prices?|fees?|hours|one|ones)"
)
_BEFORE = re.compile(
    r"[,\s]*\b(?:previously|formerly|originally|in the past|back then|beforehand"
    r"|before(?=\W*$)"
    r"|before (?:that|then|now|this|it (?:was )?changed"
    r"|(?:the|its|their|this|that) (?:last |latest |new |recent )?"
    r"(?:changes?|updates?|amendments?|revisions?|(?:new )?"
    rf"{_RULING}))"
    rf"|(?:in|under|by|according to|of|from) (?:the|our|its|an?) (?:old|older|previous|former"
    rf"|earlier|prior|outdated|superseded|replaced)(?: \w+){{0,2}}? {_RULING})\b",
    re.IGNORECASE,
)
_OLD = re.compile(
    rf"\b(?:old|older|previous|former|earlier|prior|outdated|superseded|replaced)"
    rf"(?P<what>(?: \w+){{0,2}}? {_RULING})\b"
    r"|\bused to (?:be|have|get|cost|pay|need)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"[,\s]*\b(?:(?:(?P<before>before|prior to)|in|under|of|by|according to|from) )?(?:the )?"
    r"(?:version|ver\.|edition|revision|rev\.|v)\s?(?P<number>\d+(?:\.\d+)*)\b(?: of)?",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"as (?:of|at)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|did|had|been|wasn['’]t|weren['’]t|didn['’]t)\b", re.IGNORECASE)
_RECENT = timedelta(days=7)


_IT = r"(?:this|that|it|these|those|they|the (?:answer|information|document|rule|figure|number)s?)"
_HOLDING = (
    r"(?:current|valid|up[ -]to[ -]date|in force|in effect|true|right|correct|applicable|relevant"
    r"|the (?:latest|newest|current|most recent)(?: (?:version|one|document|state|figure|rule))?"
    r"|the case)"
)
_WHETHER = re.compile(
    rf"(?:(?:and|but|so|ok|okay|hm+)[\s,]+)?(?:"
    rf"(?:is|are|isn['’]t|aren['’]t|was|were) {_IT}(?: all)?(?: (?:still|really|actually|now))?"
    rf" {_HOLDING}"
    rf"|(?:does|do) {_IT} still (?:hold|apply|stand|count)"
    rf"|(?:is|are|has|have|was|were) {_IT}(?: already| since| been| not| yet)*"
    r" (?:outdated|out of date|obsolete|old|replaced|superseded|expired|changed|withdrawn)"
    rf"|still {_HOLDING}|how (?:old|current|recent|new|up[ -]to[ -]date) (?:is|are) {_IT}"
    rf"|(?:when|from when|what date) (?:is|are|was|were) {_IT}(?: (?:from|written|published))?"
    r")(?: (?:now|today|anymore|any more|already|yet|or (?:not|outdated|old)))*\W*",
    re.IGNORECASE,
)


def asked_moment(question: str, today: date) -> AskedMoment:
    """Return the moment that a question is about."""
    if version := _VERSION.search(question):
        return AskedMoment(
            version=version["number"],
            before=version["before"] is not None,
            rest=_without(question, Span(*version.span())),
        )
    if before := _BEFORE.search(question):
        return AskedMoment(before=True, rest=_without(question, Span(*before.span())))
    if old := _OLD.search(question):
        end = old.start("what") if old["what"] else old.end()
        used_to = old["what"] is None
        rest = question if used_to else _without(question, Span(old.start(), end))
        return AskedMoment(before=True, rest=rest)
    years = years_in(question)
    time = asked_time(question, today)
    if time is None or (not years and not _is_past(question, time, today)):
        return AskedMoment(years=years)
    return _of_time(question, time, today, years)


def asks_whether_it_holds(question: str) -> bool:
    """Return whether a follow-up asks if what was shown still holds: "is this still current?"."""
    return _WHETHER.fullmatch(" ".join(question.split())) is not None


def years_in(text: str) -> frozenset[str]:
    """Return the years that a text names; "2025-26" is two."""
    spans = ((int(first), last) for first, last in _TWO_YEARS.findall(text))
    both = (first for first, last in spans if (first + 1) % 100 == int(last) % 100)
    two = {str(year) for first in both for year in (first, first + 1)}
    return frozenset(_YEAR.findall(text)) | two


def is_version(stated: str, asked: str) -> bool:
    """Return whether a version that a document states is the one asked for: "2.0" is "2"."""
    return _numbers(stated) == _numbers(asked)


def _of_time(question: str, time: AskedTime, today: date, years: frozenset[str]) -> AskedMoment:
    words = question[time.span.start : time.span.end]
    rest = time.without(question)
    first, last = time.period.first, time.period.last
    if time.since:
        if not _AS_OF.match(words):
            return AskedMoment()
        named = [each.period(first.year) for each in dates_in(words)]
        last = next((period.last for period in reversed(named) if period), first)
    if first <= today <= last and first > date.min:
        return AskedMoment(years=years)
    if first == date.min and last >= today:
        return AskedMoment()
    if today - _RECENT <= last <= today:
        return AskedMoment()
    is_end = first == date.min or _AS_OF.match(words)
    named_years = frozenset() if is_end else years or frozenset({str(first.year), str(last.year)})
    return AskedMoment(day=last, years=named_years, rest=rest)


def _is_past(question: str, time: AskedTime, today: date) -> bool:
    """Return whether a time without a year is one of the past: "in June" may come every year."""
    words = question[time.span.start : time.span.end]
    is_relative = re.search(r"\b(?:last|past|previous|ago|yesterday|as of)\b", words, re.IGNORECASE)
    return bool(is_relative or _PAST.search(question) or time.period.first > today)


def _without(question: str, span: Span) -> str:
    rest = f"{question[: span.start].rstrip()} {question[span.end :].lstrip()}"
    return re.sub(r"\s+([?.!,])", r"\1", rest).strip()


def _numbers(version: str) -> list[int]:
    numbers = [int(number) for number in re.findall(r"\d{1,9}", version)]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return numbers
