"""Quotes: the words of documents that are shown, each exactly as its document has them."""

from __future__ import annotations

from dataclasses import dataclass

from index.document import Span, Style, TextOrigin


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document, exactly: `text` is the stored text in `span`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a document, exactly: `quote` is the stored text in `span`.

    `number` counts from 1. `passage` is the id of the passage it was found in. `score` is the
    reader's evidence logit of its best unit. `emphasis` holds spans inside `span` that answer most
    directly, where they are less than half of it. `header` is the header row of the table that a
    row stands in. `origin` is where in its file the text stands. `styles` say how the text of
    `span` and of the header is set, with offsets in the document. `clause` is the number of the
    paragraph or item that it stands in, such as "4.2", those of the first and the last of several,
    "4.1–4.3", or nothing.
    """

    number: int
    quote: str
    document: str
    title: str
    heading: tuple[str, ...]
    page: int | None
    span: Span
    passage: str
    score: float
    emphasis: tuple[Span, ...] = ()
    header: Quote | None = None
    origin: TextOrigin = TextOrigin.BODY
    styles: tuple[Style, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class SummaryHeading:
    """A heading of a document that is summarised.

    `text` is without the format's marks (`##`, an underline); `span` is with them. `level` is 1 to
    6, the outermost 1.
    """

    text: str
    level: int
    span: Span
    document: str


@dataclass(frozen=True, slots=True)
class CitedCell:
    """One cell of a table: `text` is the stored text in `span` of the document.

    `column` is the text of its column's header, and `row` that of its row's first cell.
    """

    document: str
    text: str
    span: Span
    column: str
    row: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that no document states, computed from cells.

    `operation` is "sum", "difference", "count", "average", "greatest" or "least". `value` is
    written as the cells write their numbers, with their unit.
    """

    operation: str
    value: str
    cells: tuple[CitedCell, ...]
