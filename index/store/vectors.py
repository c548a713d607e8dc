"""Vector index of FAISS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.ports import Vectors

__all__ = ["FaissVectors"]


class FaissVectors:
    """A flat inner-product index of FAISS: exact, and fast enough (docs/BENCHMARKS.md)."""

    def __init__(self, dimension: int) -> None:
        self._index: faiss.Index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        if len(keys):
            self._index.add_with_ids(vectors, np.asarray(keys, dtype=np.int64))

    def remove(self, keys: Sequence[int]) -> None:
        if len(keys):
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(keys, dtype=np.int64)))

    def get(self, keys: Sequence[int]) -> Vectors:
        vectors = np.empty((len(keys), self._index.d), dtype=np.float32)
        for row, key in enumerate(keys):
            try:
                vectors[row] = self._index.reconstruct(key)
            except RuntimeError as exc:
                raise KeyError(key) from exc
        return vectors

    def search(
        self, query: Vectors, k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        k = min(k, len(self) if allowed is None else len(allowed))
        if k == 0:
            return []
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(allowed)
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # not in its stubs
        scores, keys = self._index.search(query[None, :], k, params=parameters)
        # FAISS fills the rest with -1 where fewer than `k` are found.
        found = zip(keys[0], scores[0], strict=True)
        return [(int(key), float(score)) for key, score in found if key >= 0]

    def save(self, path: Path) -> None:
        # Through a file of Python: FAISS ignores errors when it closes its own file on a full disk.
        with path.open("wb") as file:
            writer = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined] # not in its stubs
            faiss.write_index(self._index, writer)

    @classmethod
    def load(cls, path: Path) -> Self:
        vectors = cls.__new__(cls)
        try:
            # Without downcast_index, whose result does not keep the index alive.
            vectors._index = faiss.read_index(str(path))
        except RuntimeError as exc:
            raise OSError(f"FAISS could not read {path.name}") from exc
        return vectors
