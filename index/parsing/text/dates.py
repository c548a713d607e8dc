"""Dates, as people and programs write them, turned into ISO 8601."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from index.number_words import ALSO_WORDS, MONTHS, QUARTERS

_MONTHS = {name[:3]: number for number, name in enumerate(MONTHS, start=1)} | {
    "mai": 5,
    "okt": 10,
    "des": 12,
    "mär": 3,
    "dez": 12,
}  # Norwegian and German
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_DAY_FIRST = re.compile(r"(?:\w+day,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(
    r"(?:\w+day,?\s+)?([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE
)
_PDF = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?'?)?.*")
_LABELLED = re.compile(
    r"^[ \t]*(?:date|dated|dato|datum|stand|published|updated)[ \t]*:[ \t]*([^\r\n]{1,60}?)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)

_MONTH = (
    r"(?:jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch|s)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|de[sz](?:ember)?)\b\.?"
)
_WHOLE_MONTH = rf"(?:{'|'.join(MONTHS)})\b"
_YEAR = r"(?:1[5-9]|20)\d\d(?!\d|[.,]\d|[-/]\d)"
_TO = r"\s*(?:-|–|to|and|until|through)\s*"
_NTH = r"(?:st|nd|rd|th|\.)?"
_BEGINS = r"(?=\d|\b(?:ja|fe|m[aä]|ap|ju|au|se|o[ck]|no|de|q[1-4]|fi|th|fo))"
"""Where a date may begin, which most letters are not: the forms are tried only there."""
_WRITTEN = re.compile(
    rf"{_BEGINS}(?:"
    r"(?<![\d-])(?P<iso_year>(?:1[5-9]|20)\d\d)-(?P<iso_month>\d\d)(?:-(?P<iso_day>\d\d))?(?![\d-])"
    r"|(?<![\d.,/])(?P<dotted_day>\d{1,2})(?P<dot>[./])(?P<dotted_month>\d{1,2})(?P=dot)"
    r"(?P<dotted_year>(?:19|20)\d\d)(?!\d)"
    rf"|(?<![\d.,/])\b(?P<day>\d{{1,2}}){_NTH}(?:{_TO}(?P<last_day>\d{{1,2}}){_NTH})?"
    rf"\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?"
    rf"|\b(?P<month_first>{_MONTH})\s+(?P<day_first>\d{{1,2}})(?:{_TO}(?P<last_day_first>\d{{1,2}}))?"
    rf"(?:st|nd|rd|th)?(?![\d:]|[.,]\d)(?:,?\s+(?P<year_first>{_YEAR}))?"
    rf"|\b(?P<month_of>{_MONTH}),?\s+(?:of\s+)?(?P<year_of>{_YEAR})"
    rf"|\b(?P<only_month>{_WHOLE_MONTH})"
    rf"|\bQ(?P<quarter>[1-4])\b(?:[\s/-]*(?:of\s+)?(?P<quarter_year>{_YEAR}))?"
    r"|\b(?P<year_quarter>(?:19|20)\d\d)[\s/-]?Q(?P<quarter_after>[1-4])\b"
    rf"|\b(?P<quarter_word>{'|'.join(QUARTERS)})\s+quarter\b"
    rf"(?:\s+(?:of\s+)?(?P<word_year>{_YEAR}))?"
    rf"|(?<![\d.,/€$£-])\b(?P<only_year>{_YEAR}))",
    re.IGNORECASE,
)
_BEFORE_A_TIME = re.compile(
    r"\b(?:in|since|until|till|by|during|before|after|from|to|and|between|of|through|for|early|late"
    r"|on|mid|year|winter|spring|summer|autumn|fall|next|last|this|every|each)[\s-]+$|[(–]\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it stands in a text, at `[start, end)`; what is not written is None.

    `last_day` ends a run of days ("9 to 12 February"); `months` is 3 for a quarter, and `month` its
    first one.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    months: int = 1

    def period(self, year: int | None = None) -> Period | None:
        """Return its days, in `year` where none is written; None where there are none."""
        year = self.year or year
        if year is None:
            return None
        try:
            if self.month is None:
                return Period(date(year, 1, 1), date(year, 12, 31))
            if self.day is not None:
                last = date(year, self.month, self.last_day or self.day)
                return Period(date(year, self.month, self.day), last)
            last_month = self.month + self.months - 1
            last = date(year, last_month, monthrange(year, last_month)[1])
            return Period(date(year, self.month, 1), last)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def holds(self, other: Period) -> bool:
        return self.first <= other.first and other.last <= self.last

    def ends(self) -> dict[str, str]:
        """Return the `first` and the `last` day in ISO 8601, but for an end that is open."""
        first = {} if self.first == date.min else {"first": self.first.isoformat()}
        return first if self.last == date.max else {**first, "last": self.last.isoformat()}


def iso_moment(moment: date | datetime) -> str:
    """Return a moment as ISO 8601; at midnight only its day, since files store days like that."""
    if isinstance(moment, datetime):
        moment = moment.replace(microsecond=0)
        if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return moment.date().isoformat()
    return moment.isoformat()


def iso_date(written: str) -> str | None:
    """Return a date as ISO 8601, or None where it may mean two days (as 06/01/2026 may)."""
    written = " ".join(written.split())
    if not 8 <= len(written) <= 60:
        return None
    try:
        if _ISO.fullmatch(written):
            return iso_moment(datetime.fromisoformat(written))
        if match := _DAY_FIRST.fullmatch(written):
            day, month, year = match.groups()
            return _named(year, month, day)
        if match := _MONTH_FIRST.fullmatch(written):
            month, day, year = match.groups()
            return _named(year, month, day)
        if match := _PDF.fullmatch(written):
            return _pdf_date(match)
        if written[-1].isalnum() and ":" in written:
            return iso_moment(parsedate_to_datetime(written))
    except (ValueError, OverflowError, TypeError):
        return None
    return None


_OF_TEMPLATES = frozenset(
    "1996-10-14T23:33:28 1996-12-17T01:32:42 2006-09-16 2013-01-27T09:14:16"
    " 2013-12-23T23:15:00 2015-06-05T18:17:20 2015-06-05T18:19:34".split()
)
"""Of the templates that programs and libraries carry with them."""
_NEVER_SET = ("1601-01-01", "1899-12-3", "1900-01-0", "1904-01-01", "1970-01-01", "1980-01-01")


def is_of_template(iso: str) -> bool:
    """Return whether the date of a file's properties is that of its template, or of none."""
    moment = iso.removesuffix("Z").removesuffix("+00:00")
    return moment in _OF_TEMPLATES or moment.startswith(_NEVER_SET)


def date_near_top(text: str) -> str | None:
    """Return the date of a line like "Date: 6 January 2026" in the first 1,500 characters."""
    for match in _LABELLED.finditer(text[:1500]):
        if found := iso_date(match[1]):
            return found
    return None


def dates_in(text: str) -> list[WrittenDate]:
    """Return the dates in a text, in order: days, months, quarters and years.

    A word that has other meanings, as "may" has, and a bare number count only after a word such as
    "in" or "since".
    """
    return [found for match in _WRITTEN.finditer(text) if (found := _written(match))]


def _written(match: re.Match[str]) -> WrittenDate | None:
    found = {name: value for name, value in match.groupdict().items() if value is not None}

    def first_of(*names: str) -> int | None:
        return next((int(found[name]) for name in names if name in found), None)

    word = next(
        (found[n] for n in ("month", "month_first", "month_of", "only_month") if n in found), ""
    )
    month = _MONTHS[word[:3].lower()] if word else first_of("iso_month", "dotted_month")
    quarter = first_of("quarter", "quarter_after") or QUARTERS.get(
        found.get("quarter_word", "").lower()
    )
    is_verb = word in ALSO_WORDS and not any("year" in name for name in found)
    is_bare = "only_year" in found or ("only_month" in found and word.lower() in ALSO_WORDS)
    if (is_verb or is_bare) and not _is_time(match):
        return None
    day = first_of("iso_day", "dotted_day", "day", "day_first")
    if found.get("dot") == "/" and day != month and (day or 0) <= 12:
        return None  # 06/01/2026 may mean two days
    written = WrittenDate(
        *match.span(),
        year=next((int(value) for name, value in found.items() if "year" in name), None),
        month=3 * quarter - 2 if quarter else month,
        day=day,
        last_day=first_of("last_day", "last_day_first"),
        months=3 if quarter else 1,
    )
    return written if written.period(written.year or 2000) else None


def _is_time(match: re.Match[str]) -> bool:
    """Return whether the words before tell that a word or number is a time, or it stands alone."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    after = match.string[match.end() :]
    is_alone = match[0] == match.string.strip()
    is_last_day = match["day"] is not None and not any(sign.isalnum() for sign in after)
    return is_alone or is_last_day or _BEFORE_A_TIME.search(before) is not None


def _named(year: str, month: str, day: str) -> str | None:
    number = _MONTHS.get(month[:3].lower())
    return None if number is None else date(int(year), number, int(day)).isoformat()


def _pdf_date(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, zulu, zone_hours, zone_minutes = match.groups()
    if hour is None:
        return date(int(year), int(month or 1), int(day or 1)).isoformat()
    zone = "+00:00" if zulu else f"{zone_hours}:{zone_minutes or '00'}" if zone_hours else ""
    stamp = f"{year}-{month}-{day}T{hour}:{minute or '00'}:{second or '00'}{zone}"
    return iso_moment(datetime.fromisoformat(stamp))
