"""Lists and tables across passages: where they are, and what stands before a place."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.store.rows import PASSAGE_COLUMNS, passage_of, units_of

__all__ = ["passages_of_group", "span_of_group", "table_places", "units_before"]

_TABLE_UNIT = re.compile(rf'\["(?:{BlockKind.ROW}|{BlockKind.HEADER})",\d+,\d+,\d+,\d+,(\d+)\]')
_FROM_HERE_ON = "start >= ? ORDER BY start, stop"
_UNITS_WITH = "SELECT units FROM passages WHERE document = ? AND instr(units, ?)"
_FIRST_UNITS_WITH = f"{_UNITS_WITH} ORDER BY start, stop LIMIT 1"
_LAST_UNITS_WITH = f"{_UNITS_WITH} ORDER BY start DESC, stop DESC LIMIT 1"


def span_of_group(db: sqlite3.Connection, document: str, group: int) -> Span | None:
    """Return the span of a whole list or table, whichever passages its units are in."""
    # A unit is stored as a list that ends with its group.
    ends = [
        db.execute(query, (document, f",{group}]")).fetchone()
        for query in (_FIRST_UNITS_WITH, _LAST_UNITS_WITH)
    ]
    units = [unit for end in ends if end for unit in units_of(end[0])]
    spans = [unit.span for unit in units if unit.group == group]
    if not spans:
        return None
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def table_places(db: sqlite3.Connection, keys: Sequence[int]) -> list[tuple[str, int, int]]:
    """Return the tables of these passages: document, group and an offset.

    The offset is where the passage begins. The order is that of the keys.
    """
    marks = ",".join("?" * len(keys))
    rows = db.execute(
        f"SELECT key, document, start, units FROM passages WHERE key IN ({marks})"
        " AND (instr(units, ?) OR instr(units, ?))",
        [*keys, f'["{BlockKind.ROW}"', f'["{BlockKind.HEADER}"'],
    )
    found = {key: (document, start, units) for key, document, start, units in rows}
    return [
        (document, int(group), start)
        for document, start, units in (found[key] for key in keys if key in found)
        for group in dict.fromkeys(_TABLE_UNIT.findall(units))
    ]


def passages_of_group(
    db: sqlite3.Connection, document: str, group: int, offset: int, most: int
) -> tuple[list[Passage], bool]:
    """Return the passages with a list or table, in order, and whether these are all of them.

    One of them begins at `offset`; at most `most` on either side of it are looked for.
    """
    passages: list[Passage] = []
    is_whole = True
    for condition in ("start < ? ORDER BY start DESC, stop DESC", _FROM_HERE_ON):
        rows = db.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND {condition}",
            (document, offset),
        )
        for count, row in enumerate(rows):
            passage = passage_of(row)
            if all(unit.group != group for unit in passage.units):
                break
            if count >= most:
                is_whole = False
                break
            passages.append(passage)
    return sorted(passages, key=lambda passage: passage.span), is_whole


def units_before(db: sqlite3.Connection, document: str, offset: int) -> list[Unit]:
    """Return the units of the last block before `offset` that end there or earlier, in order."""
    rows = db.execute(
        "SELECT units FROM passages WHERE document = ? AND start < ?"
        " ORDER BY start DESC, stop DESC",
        (document, offset),
    )
    found: list[Unit] = []
    for unit in (unit for (units,) in rows for unit in reversed(units_of(units))):
        if unit.span.end > offset:
            continue
        if found and unit.block != found[0].block:
            break
        found.append(unit)
    return found[::-1]
