"""The contract of a store: what keeps generations, one of which answers.

What the engine, the reindexer and those who look documents up need of it, and no more: no path of a
file, and nothing of what a store is made of. `IndexStore` keeps an index in a folder,
`PostgresStore` on a server.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from index.store.catalog.catalog import Catalog
from index.store.catalog.history import Moment
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.pointer import Pointer, Takeover
from index.store.quarantine import Quarantine
from index.store.segments.block_store import BlockStore
from index.store.segments.merging import Merging
from index.store.vectors.files import StagedVectors

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Staged:
    """The catalog and the vectors of a generation that is made."""

    catalog: Catalog
    vectors: StagedVectors
    blocks: BlockStore
    merging: Merging | None = None
    """What makes segments one in the background; None where that is done at once."""

    def save(self, *, clean: bool = False) -> None:
        """Write all of it; nothing can be added afterwards. With `clean`, nothing of a deleted
        document stays."""
        merging = None if clean else self.merging
        segments = self.catalog.store_segments_on(self.blocks, clean=clean, merging=merging)
        self.vectors.save(segments)
        if merging:
            self.catalog.plan_merge(merging)
        self.catalog.commit()


class Store(Protocol):
    """Keeps generations. To read it never writes; to write to it needs the lock."""

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        ...

    # Read

    def pointer(self) -> Pointer:
        """Return which generation answers; raises IndexMissing and IndexUnavailable."""
        ...

    def stamp(self, *, fresh: bool = False) -> Stamp | None:
        """Return a value that changes whenever the pointer is written; None where it cannot be
        looked at, and `pointer` then says why.

        A store may learn of it a moment later, unless it is to be `fresh`.
        """
        ...

    def marks(self, number: int) -> tuple[tuple[int, int, int], ...]:
        """Return values that change when what is stored of a generation is damaged from outside."""
        ...

    def numbers(self) -> set[int]:
        """Return the numbers of all generations that are there."""
        ...

    def size(self) -> int:
        """Return how many bytes all generations take."""
        ...

    def open(self, expected: Recipe | None, *, trust: Trust = Trust.NONE) -> Generation:
        """Open the generation that answers; raises IndexUnavailable.

        Raises IndexMismatch where it was made by another recipe than `expected`; None takes any.
        What is trusted need not be verified now.
        """
        ...

    def open_number(self, number: int, expected: Recipe | None = None) -> Generation:
        """Open any generation, verified; raises what `open` does."""
        ...

    def catalog(self, number: int) -> Catalog:
        """Open the catalog of a generation without verifying anything."""
        ...

    def verify(self, manifest: Manifest) -> None:
        """Raise IndexDamaged unless all of a generation is what was published."""
        ...

    def quarantine(self) -> Quarantine:
        """Return what a rollback took back, as far as it does not answer."""
        ...

    # Write

    def lock(self) -> AbstractContextManager[None]:
        """Hold the right to write; raises IndexBusy at once where another holds it."""
        ...

    def next_moment(self) -> Moment:
        """Return the number of the next generation, and the time now."""
        ...

    def stage(self, base: int | None) -> AbstractContextManager[Any]:
        """Begin the next generation, like generation `base`, or empty.

        What is not published is gone afterwards. Failures to write become IndexNotWritten.
        """
        ...

    def edit(self, staging: Any, *, anew: bool) -> Staged:
        """Return what was staged, to be changed; with `anew`, it begins empty."""
        ...

    def publish(self, staging: Any, manifest: Manifest, takeover: Takeover) -> Manifest:
        """Let what was staged answer from now on."""
        ...

    def withhold(self, names: Collection[str]) -> None:
        """Let documents of the generation that answers not answer any more."""
        ...

    def set_quarantine(self, held: Quarantine) -> None:
        """Hold these versions back, and no others."""
        ...

    def settle(self) -> None:
        """Note that the generation that answers is sound, and withholds nothing."""
        ...

    def rollback(self, expected: Recipe | None = None) -> Pointer:
        """Make a copy of the generation before answer; raises NothingToRollBack."""
        ...

    def recover(self) -> None:
        """Replace the generation that answers where it is damaged; raises IndexDamaged."""
        ...

    def purge(self, name: str) -> Pointer:
        """Leave nothing of a document in any generation; there is none to go back to afterwards."""
        ...

    def prune(self) -> None:
        """Remove every generation that the pointer does not name."""
        ...

    def merge(self) -> bool:
        """Do what changes left to the background, without the lock and whatever is changed
        meanwhile; return whether there was anything. It may be killed without harm."""
        ...

    def has_merge(self) -> bool:
        """Return whether `merge` has something to do."""
        ...
