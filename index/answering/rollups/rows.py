"""What a list over all documents holds: its rows, as many as are shown, and the counts of all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from index.answering.answer import Excerpt, Reply, Says, Successor
from index.answering.list_requests import Extent
from index.document import Span
from index.parsing.text.dates import Period


@dataclass(frozen=True, slots=True)
class ListedFigure:
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
    values: tuple[ListedFigure, ...] = ()
    replaced_by: Successor | None = None
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RollUp:
    """A list: how long it is, and some of its rows; the first of these has the number `first`."""

    extent: Extent
    rows: tuple[RollUpRow, ...]
    first: int = 1
    generation: int = 0


def reply_of(extent: Extent, shown: int) -> Reply:
    """Return what is said of a list of which so many rows are shown."""
    request = extent.request
    values: dict[str, str | int | tuple[str, ...]] = {"shown": shown, **request.days()}
    if request.about:
        values["name"] = request.about
    if not extent.is_whole:
        values["more"] = 1
    if extent.is_of_documents:
        if not extent.documents:
            return Reply(Says.NOT_MENTIONED, values)
        counts = {"number": extent.documents, "mentions": extent.statements}
        return Reply(Says.MENTIONED_IN, values | counts)
    counts = {"number": extent.statements, "documents": extent.documents}
    return Reply(Says.LISTED, {**values, "lists": request.lists, **counts})
