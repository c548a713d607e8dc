"""Rollback: a copy of an earlier generation without what must not answer again, for any store."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Protocol

from index.errors import IndexMismatch, NothingToRollBack
from index.store.catalog.catalog import Catalog
from index.store.catalog.history import Moment
from index.store.generation import Generation, Manifest, Recipe
from index.store.pointer import Pointer, Takeover
from index.store.ports import Staged
from index.store.quarantine import Quarantine, versions_to_quarantine


class _Store(Protocol):
    """What of a store is needed here."""

    def pointer(self) -> Pointer: ...
    def open_number(self, number: int, expected: Recipe | None = None) -> Generation: ...
    def sound(self, number: int) -> AbstractContextManager[Catalog | None]: ...
    def quarantine(self) -> Quarantine: ...
    def set_quarantine(self, held: Quarantine) -> None: ...
    def publish_copy(
        self,
        base: Generation,
        without: Collection[str],
        takeover: Takeover,
        *,
        after: Catalog | None = None,
    ) -> Manifest: ...
    def prune(self) -> None: ...


def leave_out(
    staged: Staged,
    base: Manifest,
    without: Collection[str],
    after: Catalog | None,
    moment: Moment,
    *,
    alone: bool,
) -> Manifest:
    """Leave documents, and those that lie in these, out of a staged copy of `base`, and save it;
    return its manifest.

    Of one that stands `alone`, nothing more of them is in it. `after` is the catalog that answered
    until now, whose history goes on; without it, no older text is kept.
    """
    catalog = staged.catalog
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
        # Files may be gone whose documents are back: by no limits, the next reindex looks at all.
        "limits": base.limits if alone else {},
    }
    staged.save(clean=alone)
    return base.model_copy(update=changed)


def roll_back(store: _Store, expected: Recipe | None) -> Pointer:
    """Make a copy of the previous generation current; the current one becomes the previous.

    The copy is without `Pointer.closed` and `Pointer.withheld`, so that going back shows nobody
    a document that they may not see now. Raises NothingToRollBack, also where the previous
    generation was made by another recipe than `expected` (None takes any), and IndexDamaged
    where it is damaged. What it takes back is held back from then on.
    """
    pointer = store.pointer()
    if pointer.previous is None:
        raise NothingToRollBack("There is no earlier generation to go back to.")
    try:
        base = store.open_number(pointer.previous, expected)
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
    with store.sound(pointer.current) as after:
        taken = (
            versions_to_quarantine(after, pointer.withheld, base.catalog, versions) if after else []
        )
        base.catalog.close()
        store.set_quarantine(store.quarantine().including(taken, unknown=after is None))
        store.publish_copy(base, without, Takeover(shut=pointer.withheld), after=after)
    store.prune()
    return store.pointer()
