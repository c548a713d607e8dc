"""The catalog of a generation on a server."""

from __future__ import annotations

from index.store.catalog.catalog import Catalog

__all__ = ["ServerCatalog"]


class ServerCatalog(Catalog):
    """Asks tables on a server what a catalog asks those in a file."""

    def commit(self) -> None:
        """Do nothing: what was staged is written when it is published."""
