"""Files of vectors while an index is built: those that are stored, and those just made."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.ports import Vectors
from index.store.segments.block_store import BlockStore, FolderBlockStore
from index.store.segments.blocks import Arrays
from index.store.segments.files import VECTORS
from index.store.segments.segment import Segment, are_in
from index.store.vectors.vectors import MappedVectors, arrays_of

_NAMED = 16
_NEW_SUFFIX = ".made"
_KEY = "key"


def vectors_beside(words: str, files: Iterable[str]) -> str | None:
    """Return which of some files has the vectors of a segment; None where none does."""
    ending = f"-{words[:_NAMED]}{VECTORS}"
    return next((name for name in files if name.endswith(ending)), None)


def read_vectors(
    blocks: BlockStore, segments: Mapping[str, Segment], files: Sequence[str]
) -> list[MappedVectors]:
    """Return the vectors of segments, in their order; raises OSError."""
    found = []
    for name, segment in segments.items():
        beside = vectors_beside(name, files)
        if beside is None:
            raise OSError(f"There are no vectors of {name}.")
        found.append(MappedVectors(blocks.read(beside), segment.words.class_ends))
    return found


class StagedVectors:
    """The vectors of a generation that is staged in a folder, by the keys of passages.

    Those that are new wait in a file of their own, since they may be more than memory holds.
    """

    def __init__(self, folder: Path, blocks: BlockStore | None = None) -> None:
        """Take the vectors that lie in the folder, or in a block store elsewhere."""
        self._blocks = blocks or FolderBlockStore(folder)
        self._made = folder / _NEW_SUFFIX
        self._keys = array("q")  # of those that are new, in the order of their file
        self._dimension = 0
        names = (name for name in self._blocks.names() if name.endswith(VECTORS))
        self._stored = [_by_key(self._blocks.read(name)) for name in names]

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add the vectors of passages, which have none yet."""
        self._dimension = vectors.shape[1]
        with self._made.open("ab") as file:
            file.write(np.ascontiguousarray(vectors, np.float32).data)
        self._keys.extend(keys)
        self.__dict__.pop("_order_of_new", None)

    def get(self, keys: Sequence[int]) -> Vectors:
        """Return the keys' vectors in their order. KeyError for an unknown key."""
        if not len(keys):
            return np.empty((0, 0), np.float32)
        wanted = np.asarray(keys, np.int64)
        found: Vectors | None = None
        missing = np.ones(len(wanted), np.bool_)
        for (_, vectors), (ordered, places) in zip(self._stored, self._orders, strict=True):
            at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
            here = np.flatnonzero(ordered[at] == wanted) if len(ordered) else at[:0]
            if len(here):
                found = _room(found, len(wanted), vectors.shape[1])
                found[here] = vectors[places[at[here]]]
                missing[here] = False
        if missing.any():
            ordered, places = self._order_of_new
            sought = wanted[missing]
            if len(unknown := sought[~are_in(sought, ordered)]):
                raise KeyError(int(unknown[0]))
            found = _room(found, len(wanted), self._dimension)
            found[missing] = self._mapped()[places[np.searchsorted(ordered, sought)]]
        assert found is not None
        return found

    def keys(self) -> NDArray[np.int64]:
        """Return the keys of the passages whose vectors lie in the folder."""
        return np.concatenate((np.zeros(0, np.int64), *(keys for keys, _ in self._stored)))

    def save(self, segments: Mapping[str, Segment]) -> None:
        """Write the vectors of each segment that lies in the folder without them."""
        names = self._blocks.names()
        kept = {vectors_beside(name, names) for name in segments}
        for name, segment in segments.items():
            if vectors_beside(name, names) is None:
                put_vectors(self._blocks, name, segment, self.get(segment.passage_keys.tolist()))
        for name in names:
            if name.endswith(VECTORS) and name not in kept:
                self._blocks.remove(name)
        self._made.unlink(missing_ok=True)

    @cached_property
    def _orders(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        orders = [np.argsort(keys, kind="stable") for keys, _ in self._stored]
        stored = zip(self._stored, orders, strict=True)
        return [(keys[order], order) for (keys, _), order in stored]

    @cached_property
    def _order_of_new(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        keys = np.array(self._keys, np.int64)
        order = np.argsort(keys, kind="stable")
        return keys[order], order

    def _mapped(self) -> Vectors:
        shape = len(self._keys), self._dimension
        return np.memmap(self._made, np.float32, "r", shape=shape)


def put_vectors(blocks: BlockStore, name: str, segment: Segment, vectors: Vectors) -> None:
    """Store the vectors of the passages of a segment, which has this name, beside it."""
    arrays = arrays_of(segment.passage_keys, vectors)
    blocks.put(f"-{name[:_NAMED]}{VECTORS}", arrays, {_KEY})


def _room(found: Vectors | None, vectors: int, dimension: int) -> Vectors:
    return np.empty((vectors, dimension), np.float32) if found is None else found


def _by_key(arrays: Arrays) -> tuple[NDArray[np.int64], Vectors]:
    keys = arrays[_KEY]
    return keys, arrays["vector"].reshape(len(keys), -1 if len(keys) else 0)
