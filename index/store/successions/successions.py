"""What documents are versions of, and what they say that they replace, as the catalog keeps it.

A row is made of its document alone. Which document replaces which is found among those that may be
seen, when it is asked (see `SuccessionIndex`), as if there were no others.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from index.document import Span
from index.store.rows import compact_json
from index.store.tables import Tables
from index.text import fold

CREATE_SUCCESSIONS = (
    """CREATE TABLE identities (
        document TEXT PRIMARY KEY, title TEXT NOT NULL, titled TEXT NOT NULL, filed TEXT NOT NULL,
        version TEXT NOT NULL, date TEXT NOT NULL, is_stated INTEGER NOT NULL, since TEXT NOT NULL,
        times TEXT NOT NULL, sketch BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE replacing (
        document TEXT NOT NULL, is_newer INTEGER NOT NULL, basis TEXT NOT NULL,
        reach TEXT NOT NULL, naming TEXT NOT NULL, file TEXT NOT NULL, start INTEGER, stop INTEGER,
        since TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX replacing_document ON replacing (document)",
)

_IDENTITY = "document, title, titled, filed, version, date, is_stated, since, times, sketch"
_ENDINGS = ("enes", "ene", "ane", "ens", "ets", "en", "et", "er", "es", "s", "e", "n", "a")
_SHORTEST_STEM = 4


class Basis(enum.StrEnum):
    """What says that one document replaces another."""

    FIELD = "field"
    """A field of one of them: front matter, or a property of the file."""
    STATEMENT = "statement"
    """A sentence of one of them."""
    NAME = "name"
    """Their titles or names, which differ in date or version alone."""
    CONTENT = "content"
    """The text that both have."""


class Nature(enum.StrEnum):
    """How a document of some kind relates to one with the same name and another date."""

    LIVING = "living"
    """A version of the same thing: policies, plans, lists of contacts."""
    ISSUED = "issued"
    """Now a version, now a thing of its own: briefs, notes."""
    RECORD = "record"
    """A thing of its own: minutes, reports of a period, offers, letters."""
    UNKNOWN = ""


_NATURES = {each.value: each for each in Nature}


class Reach(enum.StrEnum):
    """Which documents a statement means."""

    NAMED = "named"
    """One that it names, by title, file, version or date."""
    NEXT = "next"
    """The version before, or after, of the same thing."""
    ALL = "all"
    """All versions before of the same thing."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a title, a file's name or a phrase calls a document.

    `words` are stems without those of dates, versions and kinds. `kinds` are in order, and `head`
    is the one that says what it is: of "guide to travel policies", the guide. `dates` are in
    ISO 8601, as precise as they are written; "--01-19" has no year.
    """

    words: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    head: str = ""
    nature: Nature = Nature.UNKNOWN
    version: str = ""
    dates: tuple[str, ...] = ()
    is_draft: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.kinds)

    def as_json(self) -> str:
        return compact_json(
            [
                sorted(self.words),
                sorted(self.kinds),
                self.head,
                self.nature,
                self.version,
                self.dates,
                self.is_draft,
            ]
        )

    @classmethod
    def of_values(cls, stored: Sequence[Any]) -> Naming:
        words, kinds, head, nature, version, dates, is_draft = stored
        return cls(
            frozenset(words),
            frozenset(kinds),
            head,
            _NATURES[nature],
            version,
            tuple(dates),
            is_draft,
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Which thing a document is a version of, and which version.

    `titled` and `filed` are what its title and its file's name call it. `date` is the document's;
    it `is_stated` where its text says so. From `since` on it holds. `times` are the dates at its
    head. A `sketch` is of its text (see `likeness`).
    """

    document: str
    title: str
    titled: Naming
    filed: Naming
    version: str = ""
    date: str = ""
    is_stated: bool = False
    since: str = ""
    times: tuple[str, ...] = ()
    sketch: bytes = b""

    @property
    def folder(self) -> str:
        return self.document.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class SuccessionStatement:
    """That a document replaces another, or is replaced by it, and how it calls that one.

    With `is_newer`, the document that says so is the newer one. `file` is the name of a file or its
    end, in lower case, where the other is called by it.
    """

    document: str
    is_newer: bool
    basis: Basis
    reach: Reach
    naming: Naming
    file: str = ""
    span: Span | None = None
    since: str = ""


@dataclass(frozen=True, slots=True)
class Succession:
    """That the document `new` replaces the document `old`.

    `says` is the document that says so, at `span`; None where it is from a property, and where none
    says so. `since` is the day from which the newer holds, in ISO 8601 as precisely as it is told.
    """

    old: str
    new: str
    basis: Basis
    since: str | None = None
    says: str | None = None
    span: Span | None = None


class Successions:
    """The identities of the documents in a catalog, and what they say that they replace."""

    def __init__(self, db: Tables) -> None:
        self._db = db

    def put(self, identity: Identity, statements: Iterable[SuccessionStatement]) -> None:
        """Store what was found in one document, in place of what was there."""
        self.delete(identity.document)
        self._db.execute(
            "INSERT INTO main.identities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                identity.document,
                identity.title,
                identity.titled.as_json(),
                identity.filed.as_json(),
                identity.version,
                identity.date,
                identity.is_stated,
                identity.since,
                compact_json(identity.times),
                identity.sketch,
            ),
        )
        self._db.executemany(
            "INSERT INTO main.replacing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    each.document,
                    each.is_newer,
                    each.basis,
                    each.reach,
                    each.naming.as_json(),
                    each.file,
                    each.span.start if each.span else None,
                    each.span.end if each.span else None,
                    each.since,
                )
                for each in statements
            ],
        )

    def delete(self, document: str) -> None:
        """Delete what was found in a document."""
        self._db.execute("DELETE FROM main.identities WHERE document = ?", (document,))
        self._db.execute("DELETE FROM main.replacing WHERE document = ?", (document,))

    def identities(self, names: Collection[str] | None = None) -> list[Identity]:
        """Return the identities of all documents, or of those of some names, in order of name."""
        of_names = "" if names is None else " WHERE document IN (SELECT value FROM json_each(?))"
        rows = self._db.execute(
            f"SELECT {_IDENTITY} FROM identities{of_names} ORDER BY document",
            () if names is None else (compact_json(sorted(names)),),
        ).fetchall()
        titled, filed, times = (
            json.loads(f"[{','.join(row[column] for row in rows)}]") for column in (2, 3, 8)
        )
        return [
            Identity(
                row[0],
                row[1],
                Naming.of_values(titled[number]),
                Naming.of_values(filed[number]),
                row[4],
                row[5],
                bool(row[6]),
                row[7],
                tuple(times[number]),
                row[9],
            )
            for number, row in enumerate(rows)
        ]

    def statements(self) -> list[SuccessionStatement]:
        """Return what all documents say, in order of name and place."""
        return [
            SuccessionStatement(
                document,
                bool(is_newer),
                Basis(basis),
                Reach(reach),
                Naming.of_values(json.loads(naming)),
                file,
                None if start is None else Span(start, stop),
                since,
            )
            for document, is_newer, basis, reach, naming, file, start, stop, since in (
                self._db.execute(
                    "SELECT document, is_newer, basis, reach, naming, file, start, stop, since"
                    " FROM replacing ORDER BY document, rowid"
                )
            )
        ]


class Identities(Mapping[str, Identity]):
    """The identities of the documents of some names, None for all, read as they are asked for."""

    def __init__(self, successions: Successions, names: Set[str] | None = None) -> None:
        self._successions = successions
        self.names = names
        self._known: dict[str, Identity] = {}

    def read(self, names: Collection[str]) -> None:
        """Read those of several names at once."""
        missing = [name for name in names if name not in self._known]
        wanted = missing if self.names is None else sorted(self.names & set(missing))
        for each in self._successions.identities(wanted) if wanted else ():
            self._known[each.document] = each

    def __getitem__(self, name: str) -> Identity:
        self.read((name,))
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str):
            self.read((name,))
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        found = {each.document: each for each in self._successions.identities(self.names)}
        self._known |= found
        return iter(found)

    def __len__(self) -> int:
        return len(list(iter(self)))


def stem_of(word: str) -> str:
    """Return a word without the endings of plurals and of Norwegian articles, folded."""
    folded = fold(word)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_STEM:
            return folded[: -len(ending)]
    return folded
