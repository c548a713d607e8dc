"""Statements with a date: which sentences, items and rows say when something was, or will be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from index.document import BlockKind, Document, Span
from index.indexing.extraction.particulars import ContextLine
from index.parsing.text.dates import WrittenDate, dates_in
from index.store.catalog.particulars import DatedStatement

_STATING = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW})
_MOST = 6
"""Dates of one statement that are noted; one with more is a list of dates."""
_NEAREST_MONTHS = 2
"""Months to a date in the year before or after, which then is meant."""
_JOINED = re.compile(r"\s*(?:-|–|to|and|or|until|through)\s*(?:the\s+)?", re.IGNORECASE)


def dated_statements(
    document: Document,
    lines: Sequence[ContextLine],
    date: str | None,
    without: Collection[Span],
    keys: Sequence[int],
) -> Iterator[DatedStatement]:
    """Yield a document's dated statements in order, but for the spans `without`.

    `keys` are those of its passages. `date` is the document's; it tells the year of a date that is
    written without one, where neither its statement nor a heading above does.
    """
    titled = _years(document.title)
    for line in lines:
        if line.kind not in _STATING or line.span in without:
            continue
        if line.text.rstrip().endswith("?"):
            continue  # a question states nothing
        written = dates_in(line.text)
        if not written or len(written) > _MOST:
            continue
        above = next((years for each in reversed(line.heading) if (years := _years(each))), titled)
        periods = dict.fromkeys(
            period
            for place, each in enumerate(written)
            if (period := each.period(_year(written, place, line.text, above, date)))
        )
        for period in periods:
            is_row = line.kind is BlockKind.ROW
            yield DatedStatement(document.name, period, line.span, is_row, keys[line.passage])


def _year(
    written: Sequence[WrittenDate], place: int, text: str, above: Sequence[int], date: str | None
) -> int | None:
    """Return the year that a date without one is of."""
    each = written[place]
    if each.year is not None:
        return each.year
    following = written[place + 1] if place + 1 < len(written) else None
    if following and following.year and _JOINED.fullmatch(text, each.end, following.start):
        return following.year
    before = [other.year for other in written[:place] if other.year]
    if before:
        return before[-1]
    if len(set(above)) == 1:
        return above[0]
    if date is None:
        return None
    year, month = int(date[:4]), int(date[5:7] or 0)
    if not month or not each.month:
        return year
    # In January, "December" is that of the year before.
    near = [
        y
        for y in (year - 1, year + 1)
        if abs((y - year) * 12 + each.month - month) <= _NEAREST_MONTHS
    ]
    return near[0] if near else year


def _years(text: str) -> list[int]:
    return [date.year for date in dates_in(text) if date.year]
