"""The catalog of a generation on a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.chunking.passage import Passage
from index.store.catalog.catalog import Catalog
from index.store.postgres.tables.database import StagedTables, StoredTables
from index.store.segments.segment import Segment

_FEW = 64
"""Passages that are looked into; of more, as for a list over all documents, only they are read."""
_MOST_NAMED = 50_000


class ServerCatalog(Catalog):
    """Asks tables on a server what a catalog asks those in a file."""

    def __init__(
        self, tables: StagedTables | StoredTables, segments: Mapping[str, Segment] | None = None
    ) -> None:
        super().__init__(tables, segments)

    def commit(self) -> None:
        """Do nothing: what was staged is written when it is published."""


class StoredCatalog(ServerCatalog):
    """The catalog of a published generation. It copies the documents that were found: an answer
    asks much of them, and each time would be a round trip."""

    def __init__(self, tables: StoredTables, segments: Mapping[str, Segment] | None = None) -> None:
        super().__init__(tables, segments)
        self._tables = tables
        self._document_of: dict[int, str] = {}

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        found = super().passages(keys)
        self._copy(passage.document for passage in found.values())
        return found

    def table_places(self, keys: Sequence[int]) -> list[tuple[str, int, int]]:
        found = super().table_places(keys)
        self._copy(document for document, _, _ in found)
        return found

    def documents_of(self, keys: Sequence[int]) -> dict[int, str]:
        known = self._document_of
        if missing := [key for key in keys if key not in known]:
            if len(known) > _MOST_NAMED:
                known = self._document_of = {}
                missing = list(keys)
            known.update(super().documents_of(missing))
        found = {key: known[key] for key in keys if key in known}
        self._copy(found.values())
        return found

    def _copy(self, documents: Iterable[str]) -> None:
        if len(found := list(documents)) <= _FEW:
            self._tables.copy(set(found))
