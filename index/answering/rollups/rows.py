"""What a list over all documents holds: its rows, as many as are shown, and the counts of all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from index.answering.answer import Excerpt, Successor
from index.answering.rollups.request import Lists, RollUpRequest
from index.document import Span
from index.parsing.dates import Period

__all__ = ["Figure", "RollUp", "RollUpRow"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, telephone number or mail address: `text` is the document's text in `span`.

    `number` and `unit` are what a number says, where that is clear, and `label` names its row and
    its column where it stands in a table.
    """

    text: str
    span: Span
    number: Decimal | None = None
    unit: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class RollUpRow:
    """A document that is listed, or one statement of it.

    `date` is the document's, in ISO 8601; None where it states none. `quote` is what it says, None
    where only its title holds what was asked for. `further` counts the other places in it. `day` is
    the time that a statement names. `copies` are other documents of the very same content.
    """

    document: str
    title: str
    date: str | None
    quote: Excerpt | None
    further: int = 0
    day: Period | None = None
    values: tuple[Figure, ...] = ()
    replaced_by: Successor | None = None
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RollUp:
    """A list: how many `documents` and `statements` it has, and some `rows` of it.

    There are `count` rows in all; the first of `rows` has the number `first`, from 1. Unless
    `is_whole`, the counts are at least those, since there was too much to read. `undated` documents
    hold what was asked for and state no date, where one of a time was asked for.
    """

    request: RollUpRequest
    generation: int
    documents: int
    statements: int
    count: int
    rows: tuple[RollUpRow, ...]
    first: int = 1
    undated: int = 0
    is_whole: bool = True

    @property
    def is_of_documents(self) -> bool:
        """Return whether a row is a document, and not one of its statements."""
        return self.request.lists is Lists.MENTIONS
