"""Visibility classes: documents that share folder and stated audience.

Who may see one of them may see all. They are known when a document is indexed; a policy says later
who sees which.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from index.document import AUDIENCE, Document
from index.ports import Filter
from index.store.cached_results import keep_results
from index.store.rows import compact_json
from index.store.tables import Tables

__all__ = ["VisibilityClasses", "class_of"]

_SIZES = "SELECT class, count(*) FROM documents GROUP BY class"
_CLASSES_OF = (
    "SELECT name, class FROM documents WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name"
)
_FILTERS_KEPT = 64


def class_of(document: Document, outer: Mapping[str, str | None]) -> str:
    """Return the class of a document: its folder, and the audience that it and each that it lies in
    states. `outer` has those of what it lies in, by name."""
    places = [at for at, sign in enumerate(document.name) if sign == "/"]
    stated = [outer.get(document.name[:at]) for at in places if document.name[:at] in outer]
    folder = document.name[: places[-1]] if places else ""
    return compact_json([folder, *stated, document.metadata.get(AUDIENCE)])


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
        return self._filter_of(frozenset(names))

    def _read(self, names: frozenset[str]) -> Filter:
        members: dict[str, list[str]] = {}
        for name, of in self._db.execute(_CLASSES_OF, (compact_json(sorted(names)),)):
            members.setdefault(of, []).append(name)
        whole = {of for of, those in members.items() if len(those) == self._sizes[of]}
        others = (name for of, those in members.items() if of not in whole for name in those)
        return Filter(frozenset(whole), frozenset(others))
