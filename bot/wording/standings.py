"""How old documents are and whether they still hold, in words: for citations and for replies."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date

from babel.dates import format_skeleton

from bot.localization import LazyText, _, in_figures, locale, ngettext
from index.answering.answer import Standing, Successor
from index.decisions import Review
from index.store.catalog.particulars import Origin

_LONG = "yMMMMd", "yMMMM"
_SHORT = "yMMMd", "yMMM"
"""How a day is written, and how a month is, by the names that CLDR has for that."""
_WORDS = (
    *(LazyText("one"), LazyText("two"), LazyText("three"), LazyText("four"), LazyText("five")),
    *(LazyText("six"), LazyText("seven"), LazyText("eight"), LazyText("nine"), LazyText("ten")),
    *(LazyText("eleven"), LazyText("twelve")),
)
_UNUSUAL = re.compile(r"[^0-9A-Za-z -]")
"""What is in no date, so that nothing else passes for one where words are not escaped."""
_WEEKS_FROM, _MONTHS_FROM, _YEARS_FROM = 14, 60, 24
"""Days from which on weeks are told, and months; months from which on years are."""


def written_day(iso: str) -> str:
    """Return a date in ISO 8601 as precisely as it is stated: "28 April 2026", "May 2026"."""
    return _day(iso, _LONG)


def short_day(iso: str) -> str:
    """Return it as "28 Apr 2026"."""
    return _day(iso, _SHORT)


def age(iso: str, today: date) -> str:
    """Say how old what is of a date is, "ten months old"; nothing where that is not known.

    What is dated by a month or a year has its age from the end of that.
    """
    year, month, day = _parts(iso)
    if not year:
        return ""
    last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    days = (today - last).days
    if days < 0 or (not days and not day):
        return ""
    if days < 2:
        return _("of today") if not days else _("of yesterday")
    months = (today.year - last.year) * 12 + today.month - last.month - (today.day < last.day)
    if days < _WEEKS_FROM:
        said, number = ngettext("{n} day old", "{n} days old", days), days
    elif days < _MONTHS_FROM:
        said, number = ngettext("{n} week old", "{n} weeks old", days // 7), days // 7
    elif months < _YEARS_FROM:
        said, number = ngettext("{n} month old", "{n} months old", months), months
    else:
        said, number = ngettext("{n} year old", "{n} years old", months // 12), months // 12
    few = number <= len(_WORDS)
    return said.format(n=_WORDS[number - 1] if few else in_figures(number))


def marks(standing: Standing, today: date | None, escape: Callable[[str], str]) -> Iterator[str]:
    """Yield what a citation says of its document: date and age, classification, what it lacks.

    `escape` makes words of a document ready to be shown. Without `today`, no age is told.
    """
    if standing.date:
        dated = short_day(standing.date)
        old = age(standing.date, today) if today else ""
        if standing.date_from is Origin.PROPERTIES:
            dated = _("{date} by its file").format(date=dated)
        yield _("{date}, {age}").format(date=dated, age=old) if old else dated
    if standing.classification:
        yield escape(standing.classification)
    yield from _holding(standing, today, escape)


def side(title: str, standing: Standing | None, escape: Callable[[str], str]) -> str:
    """Name one of several documents that differ, with its date and its owner.

    `escape` makes words of a document ready to be shown.
    """
    dated = short_day(standing.date) if standing and standing.date else _("no date")
    told = [escape(title), dated]
    if standing and standing.owner:
        told.append(owner(standing.owner, escape))
    return _(", ").join(told)


def owner(name: str, escape: Callable[[str], str]) -> str:
    return _("owner: {owner}").format(owner=escape(name))


def replaced(successor: Successor, title: str, escape: Callable[[str], str]) -> str:
    """Say by which document one with this title was replaced, and when."""
    by = _named(successor, title, escape)
    if successor.since is None:
        return _("replaced by {by}").format(by=by)
    is_day = len(successor.since) >= len("2026-05-01")
    said = _("replaced on {date} by {by}") if is_day else _("replaced in {date} by {by}")
    return said.format(by=by, date=short_day(successor.since))


def _named(successor: Successor, title: str, escape: Callable[[str], str]) -> str:
    is_version = successor.title.casefold() == title.casefold()
    return _("a newer version") if is_version else escape(successor.title)


def _holding(standing: Standing, today: date | None, escape: Callable[[str], str]) -> Iterator[str]:
    """Yield whether it no longer holds, or not yet, or only until a day."""
    now = today.isoformat() if today else ""
    if successor := standing.replaced_by:
        if now and successor.since and successor.since[:10] > now:
            yield _("until {by} replaces it on {date}").format(
                by=_named(successor, standing.title, escape), date=short_day(successor.since)
            )
        else:
            yield replaced(successor, standing.title, escape)
    elif standing.is_withdrawn:
        yield _("no longer holds")
    if standing.until:
        is_over = now and standing.until[:10] < now[: len(standing.until[:10])]
        text = _("was valid until {date}") if is_over else _("valid until {date}")
        yield text.format(date=short_day(standing.until))
    if standing.since and now and standing.since[:10] > now:
        yield _("holds from {date}").format(date=short_day(standing.since))
    if standing.reviewed:
        yield reviewed(standing.reviewed)


def reviewed(review: Review) -> str:
    """Say what people said of a document as it is, and when."""
    if review.is_right:
        by_owner, otherwise = _("confirmed by its owner on {day}"), _("confirmed on {day}")
    else:
        by_owner = _("no longer right, as its owner said on {day}")
        otherwise = _("no longer right, as was said on {day}")
    return (by_owner if review.by_owner else otherwise).format(day=short_day(review.on))


def overdue_since(since: date, *, has_ended: bool, review: Review | None) -> str:
    """Say since when a document is overdue, and why; as in `bot.documents.reviews.Overdue`."""
    if review is not None and not review.is_right:
        return reviewed(review)
    day = short_day(since.isoformat())
    if review is not None:
        said = _("{confirmed}, which counted until {day}")
        return said.format(confirmed=reviewed(review), day=day)
    said = _("it held until {day}") if has_ended else _("review due by {day}")
    return said.format(day=day)


def _day(iso: str, forms: tuple[str, str]) -> str:
    year, month, day = _parts(iso)
    if not year:
        return _UNUSUAL.sub("", iso[:10])
    if month is None:
        return str(year)
    form = forms[0] if day else forms[1]
    return format_skeleton(form, date(year, month, day or 1), locale=locale())


def _parts(iso: str) -> tuple[int, int | None, int | None]:
    """Return year, month and day of a date in ISO 8601, as far as it has them; 0 for none."""
    parts = iso[:10].split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return 0, None, None
    year, month, day = (*map(int, parts), None, None)[:3]
    try:
        date(year or 0, month or 1, day or 1)
    except (ValueError, OverflowError):
        return 0, None, None
    return year or 0, month, day
