"""The current generation: opened once, and again when another one is published."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from index.document import Document
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexGone,
    IndexMissing,
    IndexNotWritten,
    IndexUnavailable,
    UnknownDocument,
)
from index.store.folder.generation_files import large_files
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.ports import Store

VERIFIED_AFTER = 60.0
"""Seconds after opening at which the checksums of large files are compared."""
_State = tuple[tuple[int, int] | None, tuple[tuple[int, int, int], ...]]
"""The stamp of CURRENT, and the marks of the generation's files."""
_log = logging.getLogger(__name__)


class CurrentGeneration:
    """Gives the generation that answers now; needs no model. Safe to use from several threads.

    A generation that was given out stays usable when another one becomes current.
    """

    def __init__(self, store: Store, recipe: Recipe | None) -> None:
        """The index must have been made by `recipe`; None takes any."""
        self.store = store
        self.recipe = recipe
        self._lock = threading.Lock()
        self._open: tuple[_State, Generation] | None = None
        self._damaged: int | None = None
        self._least = 0

    def at_least(self, number: int) -> None:
        """Give no generation before this one from now on: somebody has seen it already."""
        self._least = max(self._least, number)

    def generation(self, *, fresh: bool = False) -> Generation:
        """Return the current generation; where it is damaged, a recovered one.

        Its checksums are compared when it is opened, and again when one of its files has changed;
        those of large files a minute after it was opened, so that questions need not wait for it.
        What was published a moment ago is current for certain if it is to be `fresh`.
        Raises IndexMissing, IndexGone where it answered before, IndexMismatch, IndexUnreadable, and
        IndexDamaged where nothing can be recovered.
        """
        with self._lock:
            fresh = fresh or (self._open is not None and self._open[1].number < self._least)
            if self._open is None or self._is_stale(*self._open, fresh=fresh):
                try:
                    self._open = self._still_open() or self._opened()
                except IndexMissing as exc:
                    if self._open is None:
                        raise
                    raise IndexGone(self.store.place) from exc
                except IndexDamaged as damage:
                    self._recover(damage)
                    self._open = self._opened()
            self._least = min(self._least, self._open[1].number)  # an older backup was restored
            return self._open[1]

    def verified(self) -> Generation:
        """Return what `generation` does, with the checksums of all files compared now."""
        self._verify(self.generation().manifest)
        return self.generation()

    def _still_open(self) -> tuple[_State, Generation] | None:
        """Return the generation that is open, where only what it withholds has changed."""
        if self._open is None:
            return None
        state, generation = self._open
        now = self._state(generation.number)
        pointer = self.store.pointer()
        if pointer.current != generation.number or now[1:] != state[1:]:
            return None
        if self._damaged == generation.number:
            return None
        return now, replace(generation, withheld=frozenset(pointer.withheld))

    def _is_stale(self, state: _State, generation: Generation, *, fresh: bool) -> bool:
        return self._damaged == generation.number or state != self._state(
            generation.number, fresh=fresh
        )

    def _opened(self) -> tuple[_State, Generation]:
        # Taken before opening, so that a change in between is seen the next time.
        number = self.store.pointer().current
        state = self._state(number)
        if self._damaged == number:
            return state, self.store.open(self.recipe)
        opened = self.store.open(self.recipe, trust=Trust.LARGE)
        if large_files(opened.manifest):
            self._verify_later(opened.manifest)
        return state, opened

    def _verify(self, manifest: Manifest) -> None:
        try:
            self.store.verify(manifest)
        except IndexDamaged:
            # Removed meanwhile, or damaged: the next look at it tells.
            self._damaged = manifest.number
        except IndexUnavailable:
            pass
        except Exception:
            _log.exception("Large files of generation %d could not be verified", manifest.number)

    def _verify_later(self, manifest: Manifest) -> None:
        timer = threading.Timer(VERIFIED_AFTER, self._verify, (manifest,))
        timer.daemon = True
        timer.start()

    def _state(self, number: int, *, fresh: bool = False) -> _State:
        return self.store.stamp(fresh=fresh), self.store.marks(number)

    def _recover(self, damage: IndexDamaged) -> None:
        try:
            with self.store.lock():
                self.store.recover()
        except IndexBusy as exc:
            if self.store.stamp() is None:  # the first generation is there, and not yet pointed to
                raise IndexMissing(
                    f"The index in {self.store.place} is being built. Try again in a moment."
                ) from exc
            raise damage from exc
        except IndexNotWritten as exc:
            raise damage from exc

    def document(self, name: str) -> Document:
        """Return a document; raises UnknownDocument."""
        document = self.generation().catalog.document(name)
        if document is None:
            raise UnknownDocument(name)
        return document
