"""Recovery: a damaged generation is replaced by a copy of the one before it."""

from __future__ import annotations

import logging

from index.errors import IndexDamaged
from index.store.folder import IndexStore
from index.store.generation import open_generation, read_manifest, verify_files

__all__ = ["recover"]

_log = logging.getLogger(__name__)


def recover(store: IndexStore) -> None:
    """Publish a copy of the previous generation if the current one is damaged; needs the lock.

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
        verify_files(directory, read_manifest(directory))
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
