"""The generation that answers now: reopened when another one was published."""

from __future__ import annotations

import threading
from pathlib import Path

from index.document import Document
from index.errors import UnknownDocument
from index.generation import Generation, Recipe
from index.store import IndexStore

__all__ = ["LiveIndex"]


class LiveIndex:
    """Needs no model. Safe to use from several threads; whoever holds a generation keeps it."""

    def __init__(self, store: IndexStore, recipe: Recipe | None) -> None:
        """`recipe` is what the index must have been made by; None takes any."""
        self.store = store
        self._recipe = recipe
        self._lock = threading.Lock()
        self._open: tuple[tuple[int, int], Generation] | None = None

    def generation(self) -> Generation:
        """Raises IndexMissing, IndexMismatch, IndexDamaged."""
        stamp = self.store.stamp()
        with self._lock:
            if self._open is None or self._open[0] != stamp:
                self._open = stamp, self.store.open(self._recipe)
            return self._open[1]

    def document(self, name: str) -> Document:
        """Raises UnknownDocument, with names like it."""
        catalog = self.generation().catalog
        document = catalog.document(name)
        if document is None:
            # Only now: importing difflib and comparing every name is for the mistaken.
            from difflib import get_close_matches

            known = {
                part: full for full in catalog.document_names() for part in (full, Path(full).stem)
            }
            near = get_close_matches(name, sorted(known))
            raise UnknownDocument(name, tuple(dict.fromkeys(known[part] for part in near)))
        return document
