"""Successions in a catalog: which document replaces which, and what says so.

Each is found from its two documents alone, so that leaving out those that may not be seen leaves
exactly what there would be without them.
"""

from __future__ import annotations

import enum
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from index.document import Span
from index.store.rows import compact_json

__all__ = ["CREATE_SUCCESSIONS", "Basis", "Succession", "Successions"]

CREATE_SUCCESSIONS = (
    """CREATE TABLE successions (
        old TEXT NOT NULL, new TEXT NOT NULL, basis TEXT NOT NULL, start INTEGER, stop INTEGER,
        since TEXT, likeness REAL NOT NULL, PRIMARY KEY (old, new)
    ) STRICT""",
    "CREATE INDEX successions_new ON successions (new)",
)
_COLUMNS = "old, new, basis, start, stop, since, likeness"


class Basis(enum.StrEnum):
    """What says that one document replaces another."""

    FIELD = "field"
    """A field of one of them: front matter, or a property of the file."""
    STATEMENT = "statement"
    """A sentence of one of them."""
    NAME = "name"
    """Their titles or names, which differ in date or version alone."""
    CONTENT = "content"
    """The passages that both have."""


@dataclass(frozen=True, slots=True)
class Succession:
    """That the document `new` replaces the document `old`.

    `span` is where the newer document says so; None where it does not. `since` is the day from
    which the newer holds, in ISO 8601 as precisely as it is stated. `likeness` in [0, 1] tells how
    sure a proposal is.
    """

    old: str
    new: str
    basis: Basis
    span: Span | None = None
    since: str | None = None
    likeness: float = 1.0

    @property
    def is_proposal(self) -> bool:
        """Return whether it counts only once an admin has confirmed it."""
        return self.basis in (Basis.NAME, Basis.CONTENT)


class Successions:
    """The successions in a catalog."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, found: Iterable[Succession]) -> None:
        """Store successions, each in the place of the one between the same documents."""
        self._db.executemany(
            f"INSERT OR REPLACE INTO successions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    each.old,
                    each.new,
                    each.basis,
                    each.span.start if each.span else None,
                    each.span.end if each.span else None,
                    each.since,
                    each.likeness,
                )
                for each in found
            ],
        )

    def delete(self, document: str) -> None:
        """Delete all successions of a document, on either side."""
        self._db.execute(
            "DELETE FROM successions WHERE old = :name OR new = :name", {"name": document}
        )

    def among(self, names: Collection[str] | None = None) -> list[Succession]:
        """Return the successions between documents of these names, in order of name; None: all."""
        both = "SELECT value FROM json_each(:names)"
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM successions"
            + ("" if names is None else f" WHERE old IN ({both}) AND new IN ({both})")
            + " ORDER BY old, new",
            {} if names is None else {"names": compact_json(sorted(names))},
        )
        return [
            Succession(
                old,
                new,
                Basis(basis),
                None if start is None else Span(start, stop),
                since,
                likeness,
            )
            for old, new, basis, start, stop, since, likeness in rows
        ]
