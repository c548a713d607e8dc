"""What a question asks of a table: a cell, the greatest, the rows that pass a test, or a sum."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal

from index.answering.kinds.tables.words import QuestionWord
from index.tables.dates import PartialDate

PAID = ("paid",)
"""What "who pays the most" compares: whatever is the one sum of money."""
SIZES = ("size", "volume", "capacity", "area")
"""What "the biggest" compares where the question names nothing else."""


class Operation(enum.StrEnum):
    """What is computed of the cells."""

    NONE = ""
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Superlative:
    """The row with the greatest or the least value; `of` are words for what is compared."""

    at: int
    greatest: bool
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows whose value is between `least` and `most`; None where that side is open.

    Without both, the value is compared with another column, whose header comes after `last`.
    """

    positions: frozenset[int]
    last: int
    above: bool
    least: Decimal | None = None
    most: Decimal | None = None
    strict: bool = False
    since: PartialDate | None = None
    until: PartialDate | None = None
    unit: str = ""

    @property
    def is_of_dates(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def is_of_columns(self) -> bool:
        return self.least is None and self.most is None and not self.is_of_dates


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date of the question, and the words that it is written with."""

    positions: frozenset[int]
    date: PartialDate


@dataclass(frozen=True, slots=True)
class TableQuery:
    """A question as it is asked of a table.

    `wh` is the word or words that ask, "" in keywords and "is" where yes or no is asked. `head` are
    the places of the noun that is asked for. `operators` are the places of words that say what to
    do with the cells.
    """

    words: tuple[QuestionWord, ...]
    wh: str
    head: tuple[int, ...]
    operation: Operation
    superlative: Superlative | None
    comparison: Condition | None
    dates: tuple[DateMention, ...]
    operators: frozenset[int]
    operated: frozenset[int]
    """Of these, the words that ask for the operation."""
