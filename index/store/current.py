"""The generation that answers now: reopened when another one was published."""

from __future__ import annotations

import threading
from pathlib import Path

from index.document import Document
from index.errors import IndexBusy, IndexDamaged, IndexNotWritten, UnknownDocument
from index.store.folder import IndexStore
from index.store.generation import Generation, Recipe
from index.store.recovery import recover

__all__ = ["CurrentGeneration"]


class CurrentGeneration:
    """Needs no model. Safe to use from several threads; whoever holds a generation keeps it."""

    def __init__(self, store: IndexStore, recipe: Recipe | None) -> None:
        """`recipe` is what the index must have been made by; None takes any."""
        self.store = store
        self.recipe = recipe
        self._lock = threading.Lock()
        self._open: tuple[object, Generation] | None = None

    def generation(self) -> Generation:
        """The current one; where that is damaged, what `recover` makes of the one before it.

        Its checksums are compared when it is opened, and again once a file of it was written to.
        Raises IndexMissing, IndexMismatch, and IndexDamaged where there is nothing to heal from.
        """
        with self._lock:
            if self._open is None or self._open[0] != self._state(self._open[1].number):
                try:
                    self._open = self._opened()
                except IndexDamaged as damage:
                    self._heal(damage)
                    self._open = self._opened()
            return self._open[1]

    def _opened(self) -> tuple[object, Generation]:
        # Before it is opened, so that what changes meanwhile is seen the next time.
        state = self._state(self.store.pointer().current)
        return state, self.store.open(self.recipe)

    def _state(self, number: int) -> object:
        return self.store.stamp(), self.store.marks(number)

    def _heal(self, damage: IndexDamaged) -> None:
        try:
            with self.store.lock():
                recover(self.store)
        except (IndexBusy, IndexNotWritten) as exc:
            raise damage from exc

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
