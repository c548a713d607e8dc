"""Requests for a list over all documents: what is listed, on which topic and of which time."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from index.parsing.text.dates import Period


class Lists(enum.StrEnum):
    """What is listed: documents for the first, statements of documents for all others."""

    MENTIONS = "mentions"
    FIGURES = "figures"
    DEADLINES = "deadlines"
    DECISIONS = "decisions"
    DATES = "dates"
    """All statements with a date."""
    PHONES = "phone numbers"
    ADDRESSES = "mail addresses"


@dataclass(frozen=True, slots=True)
class RollUpRequest:
    """What is listed, what it is about (empty for all), and of which time.

    The `period` is that of the day that is stated for deadlines, decisions and dates, and that of
    the document for all else.
    """

    lists: Lists
    about: str = ""
    period: Period | None = None

    def days(self) -> dict[str, str]:
        """Return the `first` and the `last` day in ISO 8601, as far as there is one."""
        return self.period.ends() if self.period else {}


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a list is: how many `documents`, `statements` and `rows` it has.

    Unless `is_whole`, it has at least so many, since there was too much to read. `undated`
    documents hold what was asked for and state no date, where one of a time was asked for.
    """

    request: RollUpRequest
    documents: int
    statements: int
    rows: int
    undated: int = 0
    is_whole: bool = True

    @property
    def is_of_documents(self) -> bool:
        """Return whether a row is a document, and not one of its statements."""
        return self.request.lists is Lists.MENTIONS
