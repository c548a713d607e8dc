"""Recovery: a damaged generation is replaced by a copy of the one before it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import closing

from index.errors import IndexDamaged
from index.store.catalog import Catalog
from index.store.folder import IndexStore
from index.store.generation import (
    CATALOG,
    lost_segments,
    open_generation,
    read_manifest,
    verify_files,
)
from index.store.pointer import Pointer

__all__ = ["recover"]

_log = logging.getLogger(__name__)


def recover(store: IndexStore) -> None:
    """Publish a copy of the previous generation if the current one is damaged; needs the lock.

    Where only segments are damaged, they are made anew from the catalog, and nothing is lost.

    The copy is without the documents that were removed or changed since: a removed one must not
    answer again, and a changed one may have got another audience or lost a secret. The next reindex
    parses them. If only CURRENT is damaged, it is made to name the newest generation. Nothing is
    done where nothing is damaged. Raises IndexDamaged where there is no earlier generation or that
    is damaged too, and IndexNotWritten.
    """
    try:
        pointer = store.pointer()
    except IndexDamaged as exc:
        pointer = store.point_to_newest()
        _log.error("%s Generation %d, the newest, answers now.", exc, pointer.current)
        return
    try:
        directory = store.directory(pointer.current)
        manifest = read_manifest(directory)
        lost = lost_segments(directory, manifest)
        verify_files(directory, manifest, lost)
        if lost:
            _make_segments(store, pointer, lost)
        return
    except IndexDamaged as exc:
        if pointer.previous is None:
            raise
        damage = exc
    base = open_generation(store.directory(pointer.previous), expected=None)
    base.catalog.close()
    without = {*pointer.removed, *pointer.changed, *pointer.withheld}
    made = store.publish_copy(base, without, damaged=pointer.current, shut=pointer.withheld)
    _log.error(
        "%s Generation %d was made from %d, without the documents changed or removed since: %d.",
        damage,
        made.number,
        base.number,
        len(without),
    )


def _make_segments(store: IndexStore, pointer: Pointer, lost: Collection[str]) -> None:
    """Publish a copy of the current generation with these segments made anew."""
    directory = store.directory(pointer.current)
    base = open_generation(directory, expected=None, lost=lost)
    base.catalog.close()
    with closing(Catalog.open(directory / CATALOG)) as after:
        made = store.publish_copy(
            base, (), damaged=pointer.current, withheld=pointer.withheld, after=after, lost=lost
        )
    _log.error(
        "Of generation %d, %d files of words were damaged. Generation %d has them anew.",
        pointer.current,
        len(lost),
        made.number,
    )
