"""What documents say of themselves, and their dated statements, as the catalog keeps them.

Both are found when indexing and looked up when asked.

With `names`, only the documents of these names count, as if there were no others.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from index.document import Span
from index.parsing.text.dates import Period
from index.store.rows import compact_json
from index.store.tables import Tables

CREATE_PARTICULARS = (
    # What a document says of itself; without a span it is from its file or from its name.
    """CREATE TABLE particulars (
        document TEXT NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL, origin TEXT NOT NULL,
        start INTEGER, stop INTEGER
    ) STRICT""",
    "CREATE INDEX particulars_document ON particulars (document)",
    "CREATE INDEX particulars_what ON particulars (what, value, document)",
    # Sentences, items and rows with a date; days are numbered as in datetime.date.toordinal.
    """CREATE TABLE dated (
        document TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        is_row INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
        passage INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX dated_document ON dated (document, first, last)",
    "CREATE INDEX dated_first ON dated (first, last, is_row, document, start, stop, passage)",
)
_OF_NAMES = (
    # Document by document: rows of others are not even read. With a plus, a column is not looked up
    # in an index of its own.
    "(SELECT value AS name FROM json_each(:names)) AS seen"
    " CROSS JOIN {0} ON {0}.document = seen.name"
)


class ParticularKind(enum.StrEnum):
    """What a document may say of itself."""

    DATE = "date"
    AUTHOR = "author"
    OWNER = "owner"
    APPROVER = "approver"
    REVIEW = "review"
    """When it is to be reviewed or replaced by a new edition; empty where no day is stated."""
    FROM = "from"
    """The day from which it holds."""
    UNTIL = "until"
    """The last day on which it holds."""
    VERSION = "version"
    REPLACED = "replaced"
    """That it no longer holds; by what, where that is stated."""
    REPLACES = "replaces"
    """What it replaces, in its own words: "version 3.0 of 2 June 2025"."""
    CLASSIFICATION = "classification"
    """Who may see it, in its own words: "RESTRICTED". What the bot goes by is the audience."""


class Origin(enum.StrEnum):
    """Where a particular is from."""

    FIELD = "field"
    """A field in the document: front matter, or the head of a mail."""
    TEXT = "text"
    PROPERTIES = "properties"
    """The properties of the file, which are not in its text."""
    NAME = "name"
    """The title or the name of the file."""


@dataclass(frozen=True, slots=True)
class Particular:
    """One thing that a document says of itself, and where it says so.

    A date is in ISO 8601, as precise as it is written: "2026-05-22", "2026-05", "2026".
    """

    what: ParticularKind
    value: str
    span: Span | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class DatedStatement:
    """A sentence, item or row of a document with a date, and the days that it may mean.

    `passage` is the key of the first passage that holds it.
    """

    document: str
    period: Period
    span: Span
    is_row: bool
    passage: int


class Particulars:
    """The particulars and dated statements in a catalog."""

    def __init__(self, db: Tables) -> None:
        self._db = db

    def put(
        self, document: str, particulars: Iterable[Particular], dated: Iterable[DatedStatement]
    ) -> None:
        """Store what was found in one document, in place of what was there."""
        self.delete(document)
        self._db.executemany(
            "INSERT INTO main.particulars VALUES (?, ?, ?, ?, ?, ?)",
            [
                (document, each.what, each.value, each.origin, *_ends(each.span))
                for each in particulars
            ],
        )
        self._db.executemany(
            "INSERT INTO main.dated VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    document,
                    each.period.first.toordinal(),
                    each.period.last.toordinal(),
                    each.is_row,
                    each.span.start,
                    each.span.end,
                    each.passage,
                )
                for each in dated
            ],
        )

    def delete(self, document: str) -> None:
        """Delete what a document says of itself, and its dated statements."""
        self._db.execute("DELETE FROM main.particulars WHERE document = ?", (document,))
        self._db.execute("DELETE FROM main.dated WHERE document = ?", (document,))

    def of(self, document: str) -> list[Particular]:
        """Return what a document says of itself, in the order in which it was found."""
        rows = self._db.execute(
            "SELECT what, value, start, stop, origin FROM particulars WHERE document = ?"
            " ORDER BY rowid",
            (document,),
        )
        return [
            Particular(
                ParticularKind(what),
                value,
                None if start is None else Span(start, stop),
                Origin(origin),
            )
            for what, value, start, stop, origin in rows
        ]

    def values(
        self, what: ParticularKind, names: Collection[str] | None = None
    ) -> list[tuple[str, str]]:
        """Return (document, value) for one particular of all documents, in order of value."""
        rows = self._db.execute(
            f"SELECT document, value FROM {_from('particulars', names)}"
            f" WHERE {'what' if names is None else '+what'} = :what ORDER BY value, document",
            {"what": what, "names": _json(names)},
        )
        return list(rows)

    def dated_in(
        self,
        period: Period,
        most: int,
        names: Collection[str] | None = None,
        passages: Collection[int] | None = None,
    ) -> tuple[int, list[DatedStatement]]:
        """Return how many statements have a date in a period, and `most` of them.

        Sentences come before rows and days before months; then they are in order of date. With
        `passages`, only statements in these count.
        """
        rows = self._db.execute(
            "WITH found AS MATERIALIZED"
            " (SELECT document, first, last, start, stop, is_row, passage"
            f" FROM {_from('dated', names)}"
            " WHERE first BETWEEN :first AND :last AND last <= :last"
            " AND (:passages IS NULL OR passage IN (SELECT value FROM json_each(:passages)))),"
            " placed AS (SELECT *, row_number() OVER"
            " (PARTITION BY document, start ORDER BY first, last, stop, passage) AS place"
            " FROM found)"
            " SELECT document, first, last, start, stop, is_row, passage, count(*) OVER ()"
            " FROM placed WHERE place = 1"
            " ORDER BY is_row, last - first, first, document, start"
            " LIMIT :most",
            {
                "first": period.first.toordinal(),
                "last": period.last.toordinal(),
                "names": _json(names),
                "passages": None if passages is None else compact_json(list(passages)),
                "most": most,
            },
        ).fetchall()
        found = [
            DatedStatement(
                document,
                Period(date.fromordinal(first), date.fromordinal(last)),
                Span(start, stop),
                bool(is_row),
                passage,
            )
            for document, first, last, start, stop, is_row, passage, _ in rows
        ]
        return (rows[0][-1] if rows else 0), found


def _ends(span: Span | None) -> tuple[int, int] | tuple[None, None]:
    return (span.start, span.end) if span else (None, None)


def _from(table: str, names: Collection[str] | None) -> str:
    return table if names is None else _OF_NAMES.format(table)


def _json(names: Collection[str] | None) -> str | None:
    return None if names is None else compact_json(sorted(set(names)))
