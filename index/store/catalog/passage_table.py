"""Table of the catalog: passages, by their keys, by their places, and by the tables in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.store.rows import PASSAGE_COLUMNS, compact_json, passage_of, units_of
from index.store.tables import Tables

CREATE_PASSAGES = (
    # AUTOINCREMENT: the key of a removed passage is never used again.
    """CREATE TABLE passages (
        key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, document TEXT NOT NULL,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, page INTEGER, heading TEXT NOT NULL,
        title TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, units TEXT NOT NULL,
        lead TEXT NOT NULL, index_sha256 BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX passages_document ON passages (document, start)",
    "CREATE INDEX passages_index_sha256 ON passages (index_sha256)",
    "CREATE UNIQUE INDEX passages_id ON passages (id)",
)

_PASSAGES_OF_SPAN = 12
"""Passages that are looked at to find those of a span; an excerpt is hardly ever in as many."""
_UNITS_BEFORE = 200
_TABLE_UNIT = re.compile(
    rf'\["(?:{BlockKind.ROW}|{BlockKind.HEADER})",\d+,\d+,\d+,\d+,(?:"[^"]*",)?(\d+)\]'
)
_FROM_HERE_ON = "start >= ? ORDER BY start, stop"
_UNITS_WITH = "SELECT units FROM passages WHERE document = ? AND instr(units, ?) > 0"
_FIRST_UNITS_WITH = f"{_UNITS_WITH} ORDER BY start, stop LIMIT 1"
_SOME_UNITS_WITH = f"{_UNITS_WITH} ORDER BY start, stop LIMIT 12"
_LAST_UNITS_WITH = f"{_UNITS_WITH} ORDER BY start DESC, stop DESC LIMIT 1"


class PassageTable:
    """Reads passages."""

    def __init__(self, connection: Tables) -> None:
        self._db = connection

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of these keys."""
        rows = self._db.execute(
            f"SELECT key, {PASSAGE_COLUMNS} FROM passages"
            " WHERE key IN (SELECT value FROM json_each(?))",
            (compact_json(list(keys)),),
        )
        return {key: passage_of(row) for key, *row in rows}

    def texts(self, keys: Sequence[int]) -> dict[int, str]:
        """Return the texts of the passages of these keys, in order of key."""
        rows = self._db.execute(
            "SELECT key, text FROM passages WHERE key IN (SELECT value FROM json_each(?))"
            " ORDER BY key",
            (compact_json(list(keys)),),
        )
        return dict(rows.fetchall())

    def passages_of(
        self, document: str, below: Callable[[Sequence[str]], bool] = lambda _: True
    ) -> list[Passage]:
        """Return a document's passages in order, those below headings of which `below` is true."""
        rows = self._db.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE document = ? ORDER BY start, stop",
            (document,),
        )
        return [passage_of(row) for row in rows if below(json.loads(row[3]))]

    def passages_around(self, document: str, span: Span) -> dict[int, Passage]:
        """Return the passages that overlap a span, in order, then the one after and the one before.

        The keys are those of the passages.
        """
        before = self._db.execute(
            f"SELECT key, {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND start < ?"
            " ORDER BY start DESC, stop DESC LIMIT ?",
            (document, span.end, _PASSAGES_OF_SPAN),
        ).fetchall()
        after = self._db.execute(
            f"SELECT key, {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND start >= ?"
            " ORDER BY start, stop LIMIT 1",
            (document, span.end),
        ).fetchall()
        found = {key: passage_of(row) for key, *row in (*reversed(before), *after)}
        over = {key: passage for key, passage in found.items() if passage.span.overlaps(span)}
        earlier = [key for key, passage in found.items() if passage.span.end <= span.start]
        beside = [key for key, passage in found.items() if passage.span.start >= span.end]
        return over | {key: found[key] for key in (*beside, *earlier[-1:])}

    def span_of_group(self, document: str, group: int) -> Span | None:
        """Return the span of a whole list or table, whichever passages its units are in."""
        # A unit is stored as a list that ends with its group.
        ends = [
            self._db.execute(query, (document, f",{group}]")).fetchone()
            for query in (_FIRST_UNITS_WITH, _LAST_UNITS_WITH)
        ]
        units = [unit for end in ends if end for unit in units_of(end[0])]
        spans = [unit.span for unit in units if unit.group == group]
        if not spans:
            return None
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    def header_of_group(self, document: str, group: int) -> Span | None:
        """Return the header row of a table, whichever passages it is in; None without one."""
        header: Span | None = None
        block = -1
        rows = self._db.execute(_SOME_UNITS_WITH, (document, f",{group}]")).fetchall()
        for unit in (unit for row in rows for unit in units_of(row[0]) if unit.group == group):
            if unit.kind is not BlockKind.HEADER or block not in (-1, unit.block):
                break
            block = unit.block
            header = Span(header.start if header else unit.span.start, unit.span.end)
        return header

    def passage_at(self, document: str, span: Span) -> Passage | None:
        """Return the first passage that holds a span whole, else the last that begins before it."""
        rows = self._db.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND start <= ?"
            " ORDER BY stop >= ? DESC, start DESC, stop LIMIT 1",
            (document, span.start, span.end),
        ).fetchone()
        return passage_of(rows) if rows else None

    def passage_before(self, document: str, offset: int) -> Passage | None:
        """Return the passage that begins last at or before a place, which takes no long search."""
        row = self._db.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND start <= ?"
            " ORDER BY start DESC LIMIT 1",
            (document, offset),
        ).fetchone()
        return passage_of(row) if row else None

    def table_places(self, keys: Sequence[int]) -> list[tuple[str, int, int]]:
        """Return the tables of these passages: document, group and an offset.

        The offset is where the passage begins. The order is that of the keys.
        """
        rows = self._db.execute(
            "SELECT key, document, start, units FROM passages"
            " WHERE key IN (SELECT value FROM json_each(?))"
            " AND (instr(units, ?) > 0 OR instr(units, ?) > 0)",
            (compact_json(list(keys)), f'["{BlockKind.ROW}"', f'["{BlockKind.HEADER}"'),
        )
        found = {key: (document, start, units) for key, document, start, units in rows}
        return [
            (document, int(group), start)
            for document, start, units in (found[key] for key in keys if key in found)
            for group in dict.fromkeys(_TABLE_UNIT.findall(units))
        ]

    def passages_of_group(
        self, document: str, group: int, offset: int, most: int
    ) -> tuple[list[Passage], bool]:
        """Return the passages with a list or table, in order, and whether these are all of them.

        One of them begins at `offset`; at most `most` on either side of it are looked for.
        """
        passages: list[Passage] = []
        is_whole = True
        for condition in ("start < ? ORDER BY start DESC, stop DESC", _FROM_HERE_ON):
            rows = self._db.execute(
                f"SELECT {PASSAGE_COLUMNS} FROM passages"
                f" WHERE document = ? AND {condition} LIMIT ?",
                (document, offset, most + 1),
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

    def units_before(self, document: str, offset: int) -> list[Unit]:
        """Return the units of the last block before `offset` that end there or earlier, in order.

        Of a very long block, the last of them. A unit that two passages share is there twice.
        """
        found: list[Unit] = []
        for unit in self._units_backwards(document, offset):
            if unit.span.end > offset:
                continue
            if found and (unit.block != found[0].block or len(found) == _UNITS_BEFORE):
                break
            found.append(unit)
        return found[::-1]

    def _units_backwards(self, document: str, offset: int) -> Iterator[Unit]:
        """Yield the units of the passages that begin before a place, the last first."""
        at, some = 0, 8
        while True:
            rows = self._db.execute(
                "SELECT units FROM passages WHERE document = ? AND start < ?"
                " ORDER BY start DESC, stop DESC LIMIT ? OFFSET ?",
                (document, offset, some, at),
            ).fetchall()
            yield from (unit for (units,) in rows for unit in reversed(units_of(units)))
            if len(rows) < some:
                return
            at, some = at + some, 2 * some

    def keys_of_group(self, document: str, group: int) -> list[int]:
        """Return the keys of the passages with a list or table, in order."""
        rows = self._db.execute(
            "SELECT key FROM passages WHERE document = ? AND instr(units, ?) > 0 ORDER BY key",
            (document, f",{group}]"),
        )
        return [int(key) for (key,) in rows]

    def key_of_text(self, index_sha256: bytes) -> int | None:
        """Return the key of a passage whose index text has this hash, and so the same vector."""
        row = self._db.execute(
            "SELECT key FROM passages WHERE index_sha256 = ?", (index_sha256,)
        ).fetchone()
        return int(row[0]) if row else None

    def keys_of(self, documents: Collection[str]) -> list[int]:
        """Return the keys of all passages of these documents, in order."""
        rows = self._db.execute(
            "SELECT key FROM passages WHERE document IN (SELECT value FROM json_each(?))"
            " ORDER BY key",
            (compact_json(list(documents)),),
        )
        return [int(key) for (key,) in rows]

    def keys_of_each(self, documents: Collection[str]) -> dict[str, list[int]]:
        """Return the keys of all passages of each of these documents that has any, in order."""
        found: dict[str, list[int]] = {}
        for document, key in self._db.execute(
            "SELECT document, key FROM passages WHERE document IN"
            " (SELECT value FROM json_each(?)) ORDER BY key",
            (compact_json(sorted(documents)),),
        ):
            found.setdefault(document, []).append(int(key))
        return found

    def documents_beside(self, keys: NDArray[np.int64]) -> set[str]:
        """Return the documents with a passage whose key is none of these."""
        rows = self._db.execute("SELECT key, document FROM passages").fetchall()
        others = ~np.isin(np.array([key for key, _ in rows], np.int64), keys)
        return {rows[at][1] for at in np.flatnonzero(others).tolist()}

    def documents_of(self, keys: Sequence[int]) -> dict[int, str]:
        """Return the name of the document of each passage."""
        found = self._db.execute(
            "SELECT key, document FROM passages WHERE key IN (SELECT value FROM json_each(?))",
            (compact_json(list(keys)),),
        )
        return dict(found.fetchall())
