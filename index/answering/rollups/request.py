"""What is to be listed over all documents."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from index.parsing.dates import Period

__all__ = ["Lists", "RollUpRequest"]


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
