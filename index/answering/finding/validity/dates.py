"""Validity dates: from when until when documents, and sentences in them, say that they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.answering.finding.evidence import Evidence
from index.answering.scope import Scope
from index.answering.understanding.moments import years_in
from index.answering.visible_documents import days_of
from index.claims.manner import tense_of
from index.parsing.text.dates import Period, WrittenDate, dates_in
from index.store.catalog.particulars import Origin, ParticularKind

_FROM = re.compile(
    r"\b(?:from|starting(?: on| from)?|beginning(?: on)?|effective(?: from| on)?|as of|as from"
    r"|with effect from|in force from)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FROM_OR_UNTIL = re.compile(
    r"\b(?:from|between|starting|beginning|effective|as of|until|till|up to|valid|expires?|vom|von"
    r"|ab|fra)\b",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\s*(?:-|–|to|until|till|through|and|bis(?: zum)?|til)\s*(?:the\s+)?", re.IGNORECASE
)
_BEGINS = re.compile(r"\W*(?:from|between|vom|von|ab|fra)\s+(?:the\s+)?", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?:until|till|up to|valid (?:to|through)|expires? on)\s+(?:the\s+)?(?:end of\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ValidityPeriod:
    """From when and until when something holds; `is_sure` tells whether its text says so."""

    start: date | None = None
    until: date | None = None
    is_sure: bool = True
    is_withdrawn: bool = False
    is_draft: bool = False
    versions: tuple[str, ...] = ()


class ValidityDates:
    """The dates of the documents of a scope, each looked up when it is asked for."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._dates: dict[str, ValidityPeriod] = {}

    def of(self, document: str) -> ValidityPeriod:
        if document not in self._dates:
            self._dates[document] = self._read(document)
        return self._dates[document]

    def _read(self, document: str) -> ValidityPeriod:
        start = until = None
        is_sure = True
        withdrawn = False
        versions = []
        for each in self._scope.catalog.particulars.of(document):
            days = days_of(each.value)
            if each.what is ParticularKind.DATE and days and start is None:
                start, is_sure = days.first, each.origin is not Origin.PROPERTIES
                if each.origin is Origin.NAME and _is_of_two_years(document):
                    start = start.replace(year=start.year - 1)  # "2026-27" is dated by its end
            elif each.what is ParticularKind.FROM and days:
                start, is_sure = days.first, True
            elif each.what is ParticularKind.UNTIL and days:
                until = days.last
            elif each.what is ParticularKind.REPLACED:
                withdrawn = True
            elif each.what is ParticularKind.VERSION:
                versions.append(each.value)
        known = self._scope.catalog.succession_index()
        for statement in known.statements_of(document):
            replaces = days_of(statement.since) if statement.is_newer else None
            if replaces and (start is None or replaces.first > start):
                start, is_sure = replaces.first, True
        identity = known.identities.get(document)
        is_draft = identity is not None and (identity.titled.is_draft or identity.filed.is_draft)
        return ValidityPeriod(start, until, is_sure, withdrawn, is_draft, tuple(versions))

    def of_pieces(self, evidence: Sequence[Evidence]) -> list[ValidityPeriod]:
        """Return the dates of each piece; what their documents are called is read at once."""
        documents = {each.passage.document for each in evidence}
        self._scope.catalog.succession_index().identities.read(documents)
        return [self.of_piece(each) for each in evidence]

    def of_piece(self, each: Evidence) -> ValidityPeriod:
        """Return the dates of a piece: those of its document, or those that its own words name."""
        dates = self.of(each.passage.document)
        headings = each.passage.heading[-1:]
        for text in (each.passage.text_of(each.unit.span), *headings):
            start, until = _stated(text, dates.start or self._scope.today)
            if start or until:
                return replace(
                    dates, start=start or dates.start, until=until or dates.until, is_sure=True
                )
        return dates


def _stated(text: str, written: date) -> tuple[date | None, date | None]:
    """Return from when and until when a sentence says that it holds.

    A day without a year is in the year of writing, or in the next, as it comes first.
    """
    start = until = None
    if not _FROM_OR_UNTIL.search(text):
        return None, None
    found = dates_in(text)
    for place, each in enumerate(found):
        before = text[: each.start]
        is_range = place > 0 and _TO.fullmatch(text, found[place - 1].end, each.start)
        if is_range or (each.month is None and each.year is None):
            continue
        days = each.period() or _coming(each, written)
        following = found[place + 1] if place + 1 < len(found) else None
        if following and not _TO.fullmatch(text, each.end, following.start):
            following = None
        if days and following and (end := _end_of_rule(text, each, following, written)):
            return days.first, end
        if days is None or following:
            continue  # "from January to June": what happened then
        if each.year is None and each.day is None:
            continue
        if _FROM.search(before):
            start = days.first
        elif _UNTIL.search(before):
            until = days.last
    return start, until


def _end_of_rule(text: str, begin: WrittenDate, end: WrittenDate, written: date) -> date | None:
    """Return the end of the time with which a rule begins: "from 1 July until 31 August the gate
    closes at 20:00"; None for what happened then, or takes place."""
    if not _BEGINS.fullmatch(text, 0, begin.start) or tense_of(text) != "present":
        return None
    days = end.period() or _coming(end, written)
    return days.last if days else None


def _is_of_two_years(document: str) -> bool:
    return len(years_in(document.rpartition("/")[2].replace("_", "-"))) > 1


def _coming(each: WrittenDate, written: date) -> Period | None:
    days = each.period(written.year)
    if days and days.last < written - timedelta(days=90):
        return each.period(written.year + 1)
    return days
