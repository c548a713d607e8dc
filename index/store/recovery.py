"""A generation that was damaged is put aside, and the one before it answers again by itself."""

from __future__ import annotations

import logging

from index.errors import IndexDamaged
from index.store.folder import IndexStore
from index.store.generation import open_generation, read_manifest, verify_files

__all__ = ["recover"]

_log = logging.getLogger(__name__)


def recover(store: IndexStore) -> None:
    """Publishes a copy of the previous generation if the current one is damaged; needs the lock.

    Not the previous one itself: what was removed since must not answer again, nor what was changed,
    for it may have been closed, or something taken out of it. So the copy is made without either,
    and the next reindex reads them. If only CURRENT is damaged, it names the newest generation
    anew. Does nothing where nothing is damaged. Raises IndexDamaged where there is no earlier
    generation, where that is damaged too or it is not known what changed since, and
    IndexNotWritten.
    """
    try:
        pointer = store.pointer()
    except IndexDamaged as exc:
        pointer = store.point_to_newest()
        _log.error("%s Generation %d, the newest, answers now.", exc, pointer.current)
        return
    try:
        directory = store.directory(pointer.current)
        verify_files(directory, read_manifest(directory))
        return
    except IndexDamaged as exc:
        if pointer.previous is None or pointer.changed is None:
            raise
        damage = exc
    base = open_generation(store.directory(pointer.previous), expected=None)
    base.catalog.close()
    without = pointer.removed + pointer.changed
    made = store.publish_copy(base, without, damaged=pointer.current)
    _log.error(
        "%s Generation %d was made from %d; left out, since changed or removed: %d.",
        damage,
        made.number,
        base.number,
        len(without),
    )
