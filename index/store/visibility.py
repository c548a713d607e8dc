"""Visibility classes: documents that share folder and stated audience.

Who may see one of them may see all. They are known when a document is indexed; a policy says later
who sees which.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from index.document import AUDIENCE, Document
from index.ports import Filter
from index.store.cached_results import keep_results
from index.store.rows import compact_json
from index.store.tables import Tables

_SIZES = "SELECT class, count(*) FROM documents GROUP BY class"
_CLASSES_OF = (
    "SELECT name, class FROM documents WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name"
)
_NAMES_OF = (
    "SELECT name FROM documents WHERE class IN (SELECT value FROM json_each(:classes))"
    " UNION SELECT value FROM json_each(:documents)"
)
_FILTERS_KEPT = 64
_MOST_KNOWN = 20_000
"""Names of which it is remembered whether they are among some: on a server each is a round trip."""


def class_of(document: Document, outer: Mapping[str, str | None]) -> str:
    """Return the class of a document: its folder, and the audience that it and each that it lies in
    states. `outer` has those of what it lies in, by name."""
    places = [at for at, sign in enumerate(document.name) if sign == "/"]
    stated = [outer.get(document.name[:at]) for at in places if document.name[:at] in outer]
    folder = document.name[: places[-1]] if places else ""
    return compact_json([folder, *stated, document.metadata.get(AUDIENCE)])


@dataclass(frozen=True, slots=True)
class FileClass:
    """What the files of a class that lie in no other file have in common."""

    folder: str
    audience: str | None


def file_class(written: str) -> FileClass | None:
    """Return what a class says; None for one of documents that lie in files."""
    folder, *stated = json.loads(written)
    return FileClass(folder, stated[0]) if len(stated) == 1 else None


class VisibleNames(Set[str]):
    """The names of what a filter lets be seen, which are gathered only where all are asked for.

    `others` are names of files that are no documents.
    """

    def __init__(self, db: Tables, allowed: Filter, others: frozenset[str] = frozenset()) -> None:
        self._db = db
        self.allowed = allowed
        self._others = others
        self._known: dict[str, bool] = {}

    @cached_property
    def _all(self) -> frozenset[str]:
        wanted = {
            "classes": compact_json(sorted(self.allowed.classes)),
            "documents": compact_json(sorted(self.allowed.documents)),
        }
        found = self._db.execute(_NAMES_OF, wanted)
        return self._others.union(name for (name,) in found)

    def is_of(self, db: Tables) -> bool:
        """Return whether these are names of documents there."""
        return self._db is db

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self._of((name,)))

    def __and__(self, other: Iterable[object]) -> frozenset[str]:
        return self._of({name for name in other if isinstance(name, str)})

    __rand__ = __and__

    def _of(self, names: Collection[str]) -> frozenset[str]:
        """Return which of these names are among these, after one query at most."""
        known = self._known
        missing = [name for name in names if name not in known]
        if len(missing) > _MOST_KNOWN:
            return self._all.intersection(names)
        if missing:
            new = {name: name in self.allowed.documents or name in self._others for name in missing}
            if asked := [name for name, is_there in new.items() if not is_there]:
                found = self._db.execute(_CLASSES_OF, (compact_json(asked),))
                new |= {name: of in self.allowed.classes for name, of in found}
            if len(known) + len(new) > _MOST_KNOWN:
                known = self._known = {name: known[name] for name in names if name in known}
            known.update(new)
        return frozenset(name for name in names if known[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __bool__(self) -> bool:
        return bool(self.allowed.classes or self.allowed.documents or self._others)

    def __le__(self, other: Set[Any]) -> bool:
        if isinstance(other, VisibleNames) and other.is_of(self._db):
            return (
                self.allowed.classes <= other.allowed.classes
                and all(name in other for name in self.allowed.documents)
                and all(name in other for name in self._others)
            ) or self._all <= other._all
        return self._all <= other

    def __ge__(self, other: Set[Any]) -> bool:
        if isinstance(other, VisibleNames):
            return other <= self
        return all(name in self for name in other)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, VisibleNames) and other.is_of(self._db):
            return (self.allowed, self._others) == (other.allowed, other._others)
        return isinstance(other, Set) and self._all == other

    def __hash__(self) -> int:
        return hash((self.allowed, self._others))

    @classmethod
    def _from_iterable(cls, names: Iterable[Any]) -> frozenset[Any]:
        return frozenset(names)


class VisibilityClasses:
    """Makes filters of names, over documents that no longer change. Safe for several threads."""

    def __init__(self, db: Tables) -> None:
        self._db = db
        self._filter_of = keep_results(self._read, _FILTERS_KEPT)

    @cached_property
    def _sizes(self) -> dict[str, int]:
        return dict(self._db.execute(_SIZES).fetchall())

    def filter_of(self, names: Collection[str]) -> Filter:
        """Return the filter that lets exactly the documents of these names be seen."""
        if isinstance(names, VisibleNames) and names.is_of(self._db):
            return names.allowed
        return self._filter_of(frozenset(names))

    def _read(self, names: frozenset[str]) -> Filter:
        members: dict[str, list[str]] = {}
        for name, of in self._db.execute(_CLASSES_OF, (compact_json(sorted(names)),)):
            members.setdefault(of, []).append(name)
        whole = {of for of, those in members.items() if len(those) == self._sizes[of]}
        others = (name for of, those in members.items() if of not in whole for name in those)
        return Filter(frozenset(whole), frozenset(others))
