"""A generation that was damaged is put aside, and the one before it answers again by itself."""

from __future__ import annotations

import logging

from index.errors import IndexDamaged
from index.store.catalog import Catalog
from index.store.folder import IndexStore
from index.store.generation import CATALOG, VECTORS, open_generation, read_manifest, verify_files
from index.store.vectors import FaissVectors

__all__ = ["recover"]

_log = logging.getLogger(__name__)


def recover(store: IndexStore) -> None:
    """Publishes a copy of the previous generation if the current one is damaged; needs the lock.

    Not the previous one itself: what was removed since must not answer again, so the copy is made
    without it (`Pointer.removed`). If only CURRENT is damaged, it names the newest generation anew.
    Does nothing where nothing is damaged. Raises IndexDamaged where there is no earlier generation
    or that is damaged too, and IndexNotWritten.
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
    with store.stage(base.number) as staging:
        catalog = Catalog.edit(staging / CATALOG)
        vectors = FaissVectors.load(staging / VECTORS)
        for name in pointer.removed:
            vectors.remove(catalog.delete_passages(name))
            catalog.delete_document(name)
            catalog.delete_file(name)
        manifest = base.manifest.model_copy(
            update={
                "documents": len(catalog.document_names()),
                "passages": catalog.passage_count(),
            }
        )
        catalog.commit()
        vectors.save(staging / VECTORS)
        made = store.publish(staging, manifest, damaged=pointer.current)
    _log.error("%s Generation %d was made from %d.", damage, made.number, base.number)
