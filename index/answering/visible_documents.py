"""The documents of a scope that may be seen, and their days."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from index.answering.scope import Scope
from index.parsing.text.dates import Period, WrittenDate
from index.store.words.name_index import DocumentName

_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def visible(scope: Scope) -> list[DocumentName]:
    """Return the documents that may be seen, in order of name."""
    index = scope.catalog.name_index()
    return index.at(np.flatnonzero(index.visible_mask(scope.names)))


def newest(documents: Iterable[DocumentName], *, oldest: bool = False) -> list[DocumentName]:
    """Return the documents that state a date, the newest first, or the oldest."""
    dated = [document for document in documents if document.date and _ISO.match(document.date)]
    return sorted(dated, key=lambda document: document.date or "", reverse=not oldest)


def in_period(documents: Iterable[DocumentName], period: Period) -> list[DocumentName]:
    """Return the documents whose date lies in a period, the newest first."""
    return [
        each for each in newest(documents) if (days := days_of(each.date)) and period.holds(days)
    ]


def day_of(document: DocumentName) -> str | None:
    """Return a document's date without the time of day, as precise as it is stated."""
    return document.date[:10] if document.date else None


def days_of(written: str | None) -> Period | None:
    """Return the days that a date in ISO 8601 may mean: one, or those of a month or a year."""
    match = _ISO.match(written or "")
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    return WrittenDate(0, 0, year, month, day).period()
