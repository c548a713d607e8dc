"""Places: where each text of a full-text table holds a token, to be read text by text.

FTS5 tells the places of a token in all texts alone. That takes time by those that may not be seen,
and so tells how often they hold it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Places", "runs_of"]

_CREATE = (
    "CREATE TABLE {0}_places (token TEXT NOT NULL, key INTEGER NOT NULL, place INTEGER NOT NULL,"
    " PRIMARY KEY (token, key, place)) STRICT, WITHOUT ROWID"
)
_INSERT = "INSERT INTO {0}_places VALUES (?, ?, ?)"
_DELETE = "DELETE FROM {0}_places WHERE token = ? AND key = ?"
_ALL = "SELECT key, place FROM {0}_places WHERE token = ?"
_IN_RUNS = (
    "SELECT held.key, held.place FROM json_each(?) AS run CROSS JOIN {0}_places AS held"
    " ON held.token = ? AND held.key BETWEEN run.value ->> 0 AND run.value ->> 1"
)
_lock = threading.Lock()


class Places:
    """The places of the tokens of one full-text table, in a table beside it.

    A place is the number of a token within its column, times the number of columns, plus that of
    the column.
    """

    def __init__(self, table: str, columns: Sequence[str], tokenizer: str) -> None:
        self.table = table
        self._columns = columns
        self._tokenizer = tokenizer
        self.create = _CREATE.format(table)

    def put(self, db: sqlite3.Connection, key: int, texts: Sequence[str]) -> None:
        """Store the places of the tokens of a text, which has this key."""
        rows = [(token, key, place) for token, place in self._places(texts)]
        db.executemany(_INSERT.format(self.table), rows)

    def delete(self, db: sqlite3.Connection, key: int, texts: Sequence[str]) -> None:
        """Delete the places of the tokens of a text, which were stored with this key."""
        tokens = {token for token, _ in self._places(texts)}
        db.executemany(_DELETE.format(self.table), [(token, key) for token in tokens])

    def read(
        self, db: sqlite3.Connection, token: str, runs: str | None
    ) -> Iterator[tuple[int, str, int]]:
        """Yield the key, column and offset of each place of a token, in `runs` of keys only."""
        found = (
            db.execute(_ALL.format(self.table), (token,))
            if runs is None
            else db.execute(_IN_RUNS.format(self.table), (runs, token))
        )
        columns = len(self._columns)
        for key, place in found:
            offset, column = divmod(place, columns)
            yield key, self._columns[column], offset

    def _places(self, texts: Sequence[str]) -> list[tuple[str, int]]:
        with _lock:
            db = _tokenizing(self._tokenizer, len(self._columns))
            marks = ", ".join("?" * len(self._columns))
            db.execute(f"INSERT INTO texts VALUES ({marks})", tuple(texts))
            found = db.execute("SELECT term, offset, col FROM tokens").fetchall()
            db.execute("INSERT INTO texts (texts) VALUES ('delete-all')")
        columns = len(self._columns)
        return [(term, offset * columns + int(column[1:])) for term, offset, column in found]


def runs_of(keys: NDArray[np.int64], begins: Sequence[int]) -> str:
    """Return the runs of neighbouring keys, as JSON; one begins at each of `begins`, too.

    A run that went over several documents would be cut by a hidden one between them.
    """
    if not len(keys):
        return "[]"
    starts = np.flatnonzero((np.diff(keys, prepend=keys[0] - 2) != 1) | np.isin(keys, begins))
    ends = np.append(starts[1:], len(keys)) - 1
    return json.dumps(np.column_stack((keys[starts], keys[ends])).tolist())


@cache
def _tokenizing(tokenizer: str, columns: int) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    names = ", ".join(f"c{number}" for number in range(columns))
    db.execute(f"CREATE VIRTUAL TABLE texts USING fts5({names}, content = '', {tokenizer})")
    db.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab(texts, instance)")
    return db
