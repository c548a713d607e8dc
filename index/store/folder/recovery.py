"""Recovery: a damaged generation is replaced by a copy of the one before it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.store.catalog.catalog import Catalog
from index.store.folder.generation_files import (
    CATALOG,
    lost_segments,
    open_generation,
    read_manifest,
    verify_files,
)
from index.store.generation import Generation, Manifest
from index.store.pointer import Pointer, Takeover
from index.store.segments.blocks import read_blocks
from index.store.segments.files import VECTORS

_log = logging.getLogger(__name__)


class _Folder(Protocol):
    """What of an `IndexStore` is needed here."""

    def pointer(self) -> Pointer: ...
    def point_to_newest(self) -> Pointer: ...
    def directory(self, number: int) -> Path: ...
    def mend(self) -> None: ...
    def publish_copy(
        self,
        base: Generation,
        without: Collection[str],
        takeover: Takeover,
        *,
        after: Catalog | None = None,
        lost: Collection[str] = (),
    ) -> Manifest: ...


def recover(store: _Folder) -> None:
    """Publish a copy of the previous generation if the current one is damaged; needs the lock.

    What has a spare is put back, and words that are damaged are made anew from the catalog: nothing
    is lost. Where the vectors of a segment are, and the previous generation has it too, the
    documents in it are left out.

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
    store.mend()
    lost: Collection[str] = ()
    try:
        directory = store.directory(pointer.current)
        manifest = read_manifest(directory)
        lost = lost_segments(directory, manifest)
        verify_files(directory, manifest, lost)
        if not lost or _make_segments(store, pointer, lost, partly=False):
            return
        verify_files(directory, manifest)
    except IndexDamaged as exc:
        damage = exc
    try:
        if pointer.previous is None:
            raise damage
        base = open_generation(store.directory(pointer.previous), expected=None)
    except IndexDamaged:  # it has the same segments
        if lost and _make_segments(store, pointer, lost, partly=True):
            return
        raise
    base.catalog.close()
    without = {*pointer.removed, *pointer.changed, *pointer.withheld}
    takeover = Takeover(damaged=pointer.current, shut=pointer.withheld)
    made = store.publish_copy(base, without, takeover)
    _log.error(
        "%s Generation %d was made from %d, without the documents changed or removed since: %d.",
        damage,
        made.number,
        base.number,
        len(without),
    )


def _make_segments(
    store: _Folder, pointer: Pointer, lost: Collection[str], *, partly: bool
) -> bool:
    """Publish a copy of the current generation with these files of segments made anew.

    Of documents whose vectors are lost, there are none to make: only `partly` are they left out.
    Return whether there is anything to publish.
    """
    directory = store.directory(pointer.current)
    base = open_generation(directory, expected=None, lost=lost)
    base.catalog.close()
    with closing(Catalog.open(directory / CATALOG)) as after:
        without = after.documents_beside(_keys_of_vectors(directory, base.manifest, lost))
        if without and (not partly or len(without) == len(after.document_names())):
            return False
        takeover = Takeover(damaged=pointer.current, withheld=pointer.withheld)
        made = store.publish_copy(base, without, takeover, after=after, lost=lost)
    _log.error(
        "Of generation %d, segments were damaged (%d of their files). Generation %d has them"
        " anew%s.",
        pointer.current,
        len(lost),
        made.number,
        f"; documents that it lacks: {len(without)}" if without else "",
    )
    return True


def _keys_of_vectors(
    directory: Path, manifest: Manifest, lost: Collection[str]
) -> NDArray[np.int64]:
    """Return the keys of the passages whose vectors are not lost."""
    names = (n for n in manifest.files if n.endswith(VECTORS) and n not in lost)
    keys = (read_blocks(directory / name)["key"] for name in names)
    return np.concatenate((np.zeros(0, np.int64), *keys))
