"""Copies of the documents that answers look into: their rows in memory, asked by the same SQL.

An answer asks tens of small things of the documents that were found: a sentence, a page, the rows
of a table. Each would be a round trip; so the rows of these documents are fetched at once.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from index.store.catalog.document_table import CREATE_DOCUMENTS
from index.store.catalog.layouts import CREATE_LAYOUTS
from index.store.catalog.particulars import CREATE_PARTICULARS
from index.store.catalog.passage_table import CREATE_PASSAGES
from index.store.tables import Parameters

_LARGEST = 256 << 10
"""Bytes of text up to which a document is copied; of a larger one an answer reads little."""
_AT_ONCE = 2 << 20
"""Bytes of text that are copied in one round trip; the smallest documents come first."""
_MOST = 32 << 20
"""Bytes of text that are kept; their rows take about three times as much."""
_MOST_APART = 100_000

_SIZES = "SELECT name, octet_length(text) FROM documents WHERE name = ANY (%s)"
_SMALL = (
    "SELECT name FROM (SELECT name, octet_length(text) AS size, sum(octet_length(text))"
    " OVER (ORDER BY octet_length(text), name) AS total FROM documents WHERE name = ANY (%s))"
    " AS sized WHERE size <= %s AND total <= %s"
)
_COLUMNS = {
    "documents": "key, name, file, class, title, metadata, sha256, indexed_at, remarks, doubtful,"
    " has_hidden, pages, text, blocks",
    "passages": "key, id, document, start, stop, page, heading, title, text, context, units, lead,"
    " index_sha256",
    "particulars": "document, what, value, origin, start, stop",
    "layouts": "document, stretch, styles",
}
_ORDERED = {"particulars": " ORDER BY rowid"}
_OF_ONE = re.compile(
    r" FROM (?:documents|passages|particulars|layouts)"
    r" WHERE (?:name|document) = (\?|:name)(?!\w| \|\|)"
)


def statements(names: Collection[str]) -> list[tuple[str, list[Any]]]:
    """Return what asks for the sizes of documents, then for the rows of those that are small."""
    wanted = sorted(names)
    return [(_SIZES, [wanted])] + [
        (
            f"SELECT {columns} FROM {table}"
            f" WHERE {_name_in(table)} IN ({_SMALL}){_ORDERED.get(table, '')}",
            [wanted, _LARGEST, _AT_ONCE],
        )
        for table, columns in _COLUMNS.items()
    ]


class Copies:
    """Copies of documents of one generation, those that were used last. Safe for several threads.

    A statement about one document that is there is answered; all others are not.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._apart: set[str] = set()
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        for each in (*CREATE_DOCUMENTS, *CREATE_PASSAGES, *CREATE_PARTICULARS, CREATE_LAYOUTS):
            self._db.execute(each)

    def missing(self, names: Iterable[str]) -> list[str]:
        """Return the documents that are not there, but for those known to be too large."""
        with self._lock:
            return [name for name in names if name not in self._sizes and name not in self._apart]

    def answer(self, sql: str, parameters: Parameters) -> list[Any] | None:
        """Return the rows that a statement about one document gives; None where it is not there."""
        name = _document_in(sql, parameters)
        if name is None:
            return None
        with self._lock:
            if name not in self._sizes:
                return None
            self._sizes.move_to_end(name)
            return self._db.execute(sql, parameters).fetchall()

    def put(self, sizes: Sequence[Any], tables: Iterable[Sequence[Any]]) -> None:
        """Keep what `statements` asked for, and no more of what was used longest ago."""
        rows = dict(zip(_COLUMNS, tables, strict=True))
        size_of = dict(sizes)
        with self._lock:
            self._apart.update(name for name, size in size_of.items() if size > _LARGEST)
            if len(self._apart) > _MOST_APART:
                self._apart.clear()
            # Another thread may have put some of them meanwhile.
            new = {name for _, name, *_ in rows["documents"] if name not in self._sizes}
            for table, columns in _COLUMNS.items():
                at = columns.split(", ").index(_name_in(table))
                marks = ", ".join("?" * len(columns.split(", ")))
                self._db.executemany(
                    f"INSERT INTO {table} ({columns}) VALUES ({marks})",
                    [row for row in rows[table] if row[at] in new],
                )
            self._sizes.update((name, size_of[name]) for name in sorted(new))
            while sum(self._sizes.values()) > self._most:
                name, _ = self._sizes.popitem(last=False)
                for table in _COLUMNS:
                    self._db.execute(f"DELETE FROM {table} WHERE {_name_in(table)} = ?", (name,))


def _name_in(table: str) -> str:
    return "name" if table == "documents" else "document"


def _document_in(sql: str, parameters: Parameters) -> str | None:
    """Return the document that a statement is about, if that is a single one."""
    place = _place_of_document(sql)
    if place is None:
        return None
    name = parameters[place]  # type: ignore[index]
    return name if isinstance(name, str) else None


@lru_cache(512)
def _place_of_document(sql: str) -> int | str | None:
    """Return which parameter of a statement is the one document that it is about."""
    found = _OF_ONE.search(sql)
    if not found or sql.count(" FROM ") > 1 or " JOIN " in sql or " OR " in sql:
        return None
    return "name" if found[1] == ":name" else sql.count("?", 0, found.start(1))
