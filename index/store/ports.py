"""The contract of a store: what keeps generations, one of which answers.

What the engine, the reindexer and those who look documents up need of it, and no more: no path of a
file, and nothing of what a store is made of. `IndexStore` keeps an index in a folder,
`PostgresStore` on a server. What both do in the same way stands here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from index.errors import IndexDamaged, IndexMismatch, IndexRemoved, NothingToRollBack
from index.store.catalog.catalog import Catalog
from index.store.catalog.history import Moment
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.pointer import Pointer, Takeover
from index.store.quarantine import Quarantine, versions_to_quarantine
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

    def leave_out(
        self,
        base: Manifest,
        without: Collection[str],
        after: Catalog | None,
        moment: Moment,
        *,
        alone: bool,
    ) -> Manifest:
        """Leave documents, and those that lie in these, out of a copy of `base`, and save it;
        return its manifest.

        Of one that stands `alone`, nothing more of them is in it. `after` is the catalog that
        answered until now, whose history goes on; without it, no older text is kept.
        """
        catalog = self.catalog
        containers = catalog.containers()
        for name in without:
            for each in (name, *catalog.enclosed_in(name)):
                catalog.delete_passages(each)
                catalog.delete_document(each)
            if name in containers:
                catalog.forget_state(containers[name])
            catalog.delete_file(name)
            if alone:
                catalog.history.forget(name)
        if after is None:
            catalog.history.forget_texts()  # some of these documents may be closed by now
        else:
            catalog.history.take_over(after.history)
            # What an admin took back is not shown again beside what holds.
            catalog.history.record(after, catalog, moment, keep_texts=False)
        changed = {
            "documents": catalog.document_count(),
            "passages": catalog.passage_count(),
            # Files may be gone whose documents are back: by no limits, the next reindex looks at
            # all.
            "limits": base.limits if alone else {},
        }
        self.save(clean=alone)
        return base.model_copy(update=changed)


class Store(ABC):
    """Keeps generations. To read it never writes; to write to it needs the lock, and raises
    IndexNotWritten."""

    place: str
    """Where it is, for a person."""

    # Read

    @abstractmethod
    def pointer(self) -> Pointer:
        """Return which generation answers; raises IndexMissing and IndexUnavailable."""

    @abstractmethod
    def stamp(self, *, fresh: bool = False) -> Stamp | None:
        """Return a value that changes whenever the pointer is written, even with the same content;
        None where it cannot be looked at, and `pointer` then says why.

        A store may learn of it a moment later, unless it is to be `fresh`.
        """

    @abstractmethod
    def marks(self, number: int) -> tuple[tuple[int, int, int], ...]:
        """Return values that change when what is stored of a generation is damaged from outside."""

    @abstractmethod
    def numbers(self) -> set[int]:
        """Return the numbers of all generations that are there, also of those left by a crash."""

    @abstractmethod
    def size(self) -> int:
        """Return how many bytes all generations take."""

    def open(self, expected: Recipe | None, *, trust: Trust = Trust.NONE) -> Generation:
        """Open the generation that answers; raises what `pointer` and `open_number` raise.

        What is trusted need not be verified now.
        """
        pointer = self.pointer()
        while True:
            try:
                opened = self.open_number(pointer.current, expected, trust=trust)
                return replace(opened, withheld=frozenset(pointer.withheld))
            except (IndexDamaged, IndexRemoved):
                # Others may have been published meanwhile: then it is gone, and not damaged.
                newer = self.pointer()
                if newer == pointer:
                    raise
                pointer = newer

    @abstractmethod
    def open_number(
        self, number: int, expected: Recipe | None = None, *, trust: Trust = Trust.NONE
    ) -> Generation:
        """Open any generation, verified; raises IndexUnavailable.

        Raises IndexMismatch where it was made by another recipe than `expected`; None takes any.
        """

    @abstractmethod
    def catalog(self, number: int) -> Catalog:
        """Open the catalog of a generation without verifying anything."""

    @abstractmethod
    def verify(self, manifest: Manifest) -> None:
        """Raise IndexDamaged unless all of a generation is what was published."""

    @abstractmethod
    def sound(self, number: int) -> AbstractContextManager[Catalog | None]:
        """Lend the catalog of a generation; None where that is damaged."""

    @abstractmethod
    def quarantine(self) -> Quarantine:
        """Return what a rollback took back, as far as it does not answer; raises
        IndexUnreadable."""

    def next_moment(self) -> Moment:
        """Return the number of the next generation, the same while the lock is held, and the time
        now."""
        number = max(self.numbers(), default=0) + 1
        return Moment(number, datetime.now(UTC).isoformat(timespec="seconds"))

    # Write

    @abstractmethod
    def lock(self) -> AbstractContextManager[None]:
        """Hold the right to write; raises IndexBusy at once where another holds it."""

    @abstractmethod
    def stage(self, base: int | None) -> AbstractContextManager[Any]:
        """Begin the next generation, like generation `base`, or empty.

        What is not published is gone afterwards. Failures to write become IndexNotWritten.
        """

    @abstractmethod
    def edit(self, staging: Any, *, anew: bool) -> Staged:
        """Return what was staged, to be changed; with `anew`, it begins empty."""

    @abstractmethod
    def publish(self, staging: Any, manifest: Manifest, takeover: Takeover) -> Manifest:
        """Let what was staged answer from now on."""

    def publish_copy(
        self,
        base: Generation,
        without: Collection[str],
        takeover: Takeover,
        *,
        after: Catalog | None = None,
    ) -> Manifest:
        """Let a copy of an older generation answer, without some of its documents, and without
        those that lie in these, as `Staged.leave_out` does. The next reindex parses them."""
        with self.stage(base.number) as staging:
            manifest = self._left_out(staging, base, without, takeover, after)
            return self.publish(staging, manifest, takeover)

    def _left_out(
        self,
        staging: Any,
        base: Generation,
        without: Collection[str],
        takeover: Takeover,
        after: Catalog | None,
    ) -> Manifest:
        """Leave documents out of a copy of a generation that is staged."""
        staged, moment = self.edit(staging, anew=False), self.next_moment()
        return staged.leave_out(base.manifest, without, after, moment, alone=takeover.alone)

    def withhold(self, names: Collection[str]) -> None:
        """Let documents of the generation that answers not answer any more."""
        pointer = self.pointer()
        withheld = tuple(sorted({*pointer.withheld, *names}))
        if withheld != pointer.withheld:
            self._point_to(pointer.model_copy(update={"withheld": withheld}))

    def settle(self) -> None:
        """Note that the generation that answers is sound: it replaces no damaged one, and withholds
        nothing."""
        pointer = self.pointer()
        if not pointer.is_settled:
            self._point_to(pointer.model_copy(update={"damaged": None, "withheld": ()}))

    def set_quarantine(self, held: Quarantine) -> None:
        """Hold these versions back, and no others."""
        if held != self.quarantine() or held.unknown:
            self._hold(held)

    def rollback(self, expected: Recipe | None = None) -> Pointer:
        """Make a copy of the previous generation current; the current one becomes the previous.

        The copy is without `Pointer.closed` and `Pointer.withheld`, so that going back shows nobody
        a document that they may not see now. Raises NothingToRollBack, also where the previous
        generation was made by another recipe than `expected` (None takes any), and IndexDamaged
        where it is damaged. What it takes back is held back from then on.
        """
        pointer = self.pointer()
        if pointer.previous is None:
            raise NothingToRollBack("There is no earlier generation to go back to.")
        try:
            base = self.open_number(pointer.previous, expected)
        except IndexMismatch as exc:
            raise NothingToRollBack(
                f"Generation {pointer.previous}, the one before, was made by another version of "
                "this program or for another model, so it cannot answer."
            ) from exc
        without = {*pointer.closed, *pointer.withheld}
        versions = {
            name: version
            for name, version in base.catalog.versions().items()
            if not without.intersection((name, version.file))
        }
        with self.sound(pointer.current) as after:
            taken = (
                versions_to_quarantine(after, pointer.withheld, base.catalog, versions)
                if after
                else []
            )
            base.catalog.close()
            self.set_quarantine(self.quarantine().including(taken, unknown=after is None))
            self.publish_copy(base, without, Takeover(shut=pointer.withheld), after=after)
        self.prune()
        return self.pointer()

    @abstractmethod
    def recover(self) -> None:
        """Replace the generation that answers where it is damaged; raises IndexDamaged."""

    @abstractmethod
    def purge(self, name: str) -> Pointer:
        """Make a copy of the current generation without a document the only one.

        Nothing of the document is left, nor of any that was removed or changed before. There is no
        generation to go back to afterwards. After a crash, purge again. Raises what `open` raises.
        """

    @abstractmethod
    def prune(self) -> None:
        """Remove every generation that the pointer does not name."""

    @abstractmethod
    def merge(self) -> bool:
        """Do what changes left to the background, without the lock and whatever is changed
        meanwhile; return whether there was anything. It may be killed without harm."""

    @abstractmethod
    def has_merge(self) -> bool:
        """Return whether `merge` has something to do."""

    @abstractmethod
    def _point_to(self, pointer: Pointer) -> None:
        """Write the pointer, at once."""

    @abstractmethod
    def _hold(self, held: Quarantine) -> None:
        """Write what is held back, at once."""
