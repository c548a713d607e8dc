"""History in a catalog: what became of the documents with each generation, and their older texts.

It is published, rolled back, checksummed and purged with the generation that it lies in. What must
not be shown again is gone with the very generation that closes or removes it: the older texts of a
document are there only while it answers, and for the audience that it had.
"""

from __future__ import annotations

import enum
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from index.document import Document
from index.store.catalog.document_table import DocumentTable, Version
from index.store.catalog.layers import RemovalKind, hide
from index.store.catalog.layouts import stored_styles, styles_of
from index.store.rows import compact_json, document_of, document_row
from index.store.tables import Tables

CREATE_HISTORY = (
    """CREATE TABLE history (
        key INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, at TEXT NOT NULL,
        became TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, other TEXT NOT NULL,
        places TEXT NOT NULL, version BLOB
    ) STRICT""",
    "CREATE INDEX history_name ON history (name)",
)
_WITHOUT_VERSION = "generation, at, became, name, title, other, places"
_COLUMNS = f"{_WITHOUT_VERSION}, version"
_EVENT = f"{_WITHOUT_VERSION}, version IS NOT NULL"

_BEGINS = "begins"
"""Beside what `ChangeKind` has: nothing is known of before."""
_MOST_VERSIONS = 100
"""Older texts of one document; of more, those that held shortest go."""

Places = tuple[tuple[str, str | None], ...]
"""A document with what it lies in, the file first, each with the audience that it names."""


class ChangeKind(enum.StrEnum):
    """What became of a document."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RENAMED = "renamed"
    """The same bytes lie under another name."""
    REGARDED = "regarded"
    """Only who may see it changed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The generation that brings changes, and when it is made, in ISO 8601, UTC."""

    generation: int
    at: str


@dataclass(frozen=True, slots=True)
class DocumentEvent:
    """What became of the document `name`.

    `title` is the one before, or the first. `other` is the name before it was renamed. `places`
    tell who could see the version before; empty where there was none. `has_text` says whether that
    version is kept.
    """

    moment: Moment
    became: ChangeKind
    name: str
    title: str
    other: str = ""
    places: Places = ()
    has_text: bool = False


@dataclass(frozen=True)
class _Written:
    """The documents of a catalog: their versions, and the audiences that they name."""

    versions: Mapping[str, Version] = field(default_factory=dict)

    def places(self, name: str) -> Places:
        file = self.versions[name].file or name
        ends = range(len(file), len(name) + 1)
        inside = (name[:end] for end in ends if name[end : end + 1] in ("/", ""))
        return tuple((place, self._audience(place)) for place in inside)

    def _audience(self, place: str) -> str | None:
        version = self.versions.get(place)
        return version.audience if version else None


class History:
    """The events in a catalog, and the versions that they ended."""

    def __init__(self, db: Tables) -> None:
        self._db = db
        self._names: frozenset[str] | None = None

    def events(self, names: Collection[str] | None = None) -> list[DocumentEvent]:
        """Return the events, or those of documents of these names, in their order.

        What it takes goes by these names and their events, not by those of others.
        """
        here = (
            None if names is None else compact_json(list(filter(self._named().__contains__, names)))
        )
        rows = self._db.execute(
            f"SELECT {_EVENT} FROM history WHERE became <> :begins"
            + ("" if here is None else " AND name IN (SELECT value FROM json_each(:names))")
            + " ORDER BY generation, name",
            {"begins": _BEGINS, "names": here},
        )
        return [
            DocumentEvent(
                Moment(generation, at),
                ChangeKind(became),
                name,
                title,
                other,
                tuple((place, written) for place, written in json.loads(places)),
                bool(has_text),
            )
            for generation, at, became, name, title, other, places, has_text in rows
        ]

    def _named(self) -> frozenset[str]:
        """Return the documents that have events, once read: few of those of a large corpus do."""
        if self._names is None:
            found = self._db.execute("SELECT DISTINCT name FROM history").fetchall()
            self._names = frozenset(name for (name,) in found)
        return self._names

    def begins(self) -> str | None:
        """Return when it begins, in ISO 8601, UTC; None where none is kept."""
        row = self._db.execute("SELECT at FROM history WHERE became = ?", (_BEGINS,)).fetchone()
        return row[0] if row else None

    def version(self, name: str, generation: int) -> Document | None:
        """Return the version that a generation replaced; None where it is not kept."""
        row = self._db.execute(
            "SELECT version FROM history WHERE name = ? AND generation = ? AND version IS NOT NULL",
            (name, generation),
        ).fetchone()
        if not row:
            return None
        *columns, styles = json.loads(zlib.decompress(row[0]))
        return replace(document_of(columns), styles=styles_of(styles))

    # Written when a generation is made

    def begin(self, moment: Moment) -> None:
        """Note that nothing is known of before, unless it has begun."""
        if self.begins() is None:
            row = moment.generation, moment.at, _BEGINS, "", "", "", "[]", None
            self._insert([row])

    def take_over(self, other: History) -> None:
        """Have the history of another catalog in the place of this one."""
        self._delete("true")
        self._insert(other._db.execute(f"SELECT {_COLUMNS} FROM history ORDER BY key"))

    def record(
        self,
        before: DocumentTable,
        after: DocumentTable,
        moment: Moment,
        *,
        touched: Collection[str] | None = None,
        keep_texts: bool = True,
    ) -> None:
        """Note what became of each document, and keep the texts that were replaced.

        Where only those `touched` may differ, no others are compared.
        Texts of documents that were removed, or whose audience is another by now, are forgotten,
        those of earlier generations too.
        """
        names = None if touched is None else {each for name in touched for each in _way_to(name)}
        old, new = _Written(before.versions(names)), _Written(after.versions(names))
        gone, come = old.versions.keys() - new.versions.keys(), new.versions.keys() - old.versions
        self.forget_texts(gone)
        renamed = _renamed(old.versions, new.versions, gone, come)
        for name in sorted(come):
            other = renamed.get(name, "")
            became = ChangeKind.RENAMED if other else ChangeKind.ADDED
            places = old.places(other) if other else ()
            self._put(DocumentEvent(moment, became, name, _title(after, name), other, places))
        for name in sorted(gone.difference(renamed.values())):
            title = _title(before, name)
            self._put(DocumentEvent(moment, ChangeKind.REMOVED, name, title, "", old.places(name)))
        for name in sorted(old.versions.keys() & new.versions.keys()):
            was = old.places(name)
            same_audience = was == new.places(name)
            # Other bytes alone are no change: an attachment may be new that not all may see.
            same_text = old.versions[name].sha256 == new.versions[name].sha256 or before.words(
                name
            ) == after.words(name)
            if same_audience and same_text:
                continue
            became = ChangeKind.REGARDED if same_text else ChangeKind.CHANGED
            if not same_audience:
                self.forget_texts([name])
            kept = before.document(name) if keep_texts and same_audience else None
            self._put(DocumentEvent(moment, became, name, _title(before, name), "", was), kept)
            if kept:
                self._thin_out(name)

    def forget_texts(self, names: Iterable[str] | None = None) -> None:
        """Delete the older texts of these documents, or all."""
        of_names = "" if names is None else " AND name IN (SELECT value FROM json_each(:names))"
        rows = self._db.execute(
            f"SELECT key, {_WITHOUT_VERSION}, NULL FROM history"
            f" WHERE version IS NOT NULL{of_names}",
            {"names": None if names is None else compact_json(sorted(names))},
        ).fetchall()
        self._delete(
            "key IN (SELECT value FROM json_each(:keys))",
            keys=compact_json([row[0] for row in rows]),
        )
        self._insert(rows, f"key, {_COLUMNS}")

    def forget(self, name: str) -> None:
        """Delete all that names a document, one that lay in it, or any that is gone."""
        self._delete(
            "became = :removed OR :name IN (name, other)"
            " OR substr(name, 1, length(:name) + 1) = :name || '/'"
            " OR substr(other, 1, length(:name) + 1) = :name || '/'",
            name=name,
            removed=ChangeKind.REMOVED,
        )

    def prune(self, moment: Moment, days: int) -> None:
        """Delete what is more than so many days old; all for none."""
        if days == 0:
            self._delete("true")
            return
        self.begin(moment)
        before = datetime.fromisoformat(moment.at) - timedelta(days=days)
        self._delete(
            "at < :before AND became <> :begins",
            before=before.isoformat(timespec="seconds"),
            begins=_BEGINS,
        )

    def _thin_out(self, name: str) -> None:
        """Delete the event that came soonest after the one before it where there are too many."""
        rows = self._db.execute(
            "SELECT key, at FROM history WHERE name = ? AND version IS NOT NULL ORDER BY key",
            (name,),
        ).fetchall()
        if len(rows) > _MOST_VERSIONS:
            moments = [datetime.fromisoformat(at) for _, at in rows]
            inner = range(1, len(rows) - 1)
            nearest = min(inner, key=lambda number: moments[number] - moments[number - 1])
            self._delete("key = :key", key=rows[nearest][0])

    def _put(self, event: DocumentEvent, version: Document | None = None) -> None:
        packed = None
        if version:
            packed = compact_json([*document_row(version), stored_styles(version.styles)]).encode()
        self._insert(
            [
                (
                    event.moment.generation,
                    event.moment.at,
                    event.became,
                    event.name,
                    event.title,
                    event.other,
                    compact_json(event.places),
                    zlib.compress(packed) if packed else None,
                )
            ]
        )

    def _delete(self, condition: str, **values: object) -> None:
        self._names = None
        found = self._db.execute(f"SELECT key FROM history WHERE {condition}", values)
        keys = [key for (key,) in found.fetchall()]
        self._db.executemany("DELETE FROM main.history WHERE key = ?", [(key,) for key in keys])
        hide(self._db, RemovalKind.EVENT, keys)

    def _insert(self, rows: Iterable[tuple[object, ...]], columns: str = _COLUMNS) -> None:
        self._names = None
        marks = ", ".join("?" * len(columns.split(",")))
        self._db.executemany(f"INSERT INTO main.history ({columns}) VALUES ({marks})", rows)


def _way_to(name: str) -> list[str]:
    """Return a document and all that it may lie in."""
    ends = [at for at, sign in enumerate(name) if sign == "/"]
    return [name, *(name[:end] for end in ends)]


def _renamed(
    old: Mapping[str, Version],
    new: Mapping[str, Version],
    gone: Collection[str],
    come: Collection[str],
) -> dict[str, str]:
    """Return the name before, for each document that came with the bytes of one that is gone."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(gone, reverse=True):
        names[old[name].sha256].append(name)
    found = ((name, names.get(new[name].sha256)) for name in sorted(come))
    return {name: before.pop() for name, before in found if before}


def _title(documents: DocumentTable, name: str) -> str:
    return documents.title(name) or name
