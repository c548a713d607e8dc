"""The catalog of a generation on a server."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import cast

from index.store.catalog.catalog import Catalog
from index.store.postgres.database import StagedTables, StoredTables
from index.store.segments.segment import Segment

__all__ = ["ServerCatalog"]


class ServerCatalog(Catalog):
    """Asks tables on a server what a catalog asks those in a file."""

    def __init__(
        self, tables: StagedTables | StoredTables, segments: Mapping[str, Segment] | None = None
    ) -> None:
        super().__init__(cast(sqlite3.Connection, tables), segments)

    def commit(self) -> None:
        """Do nothing: what was staged is written when it is published."""
