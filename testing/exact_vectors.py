"""Vector index in plain NumPy, to hold FAISS against."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.ports import Vectors

__all__ = ["ExactVectors"]


class ExactVectors:
    """The reference implementation, as short as possible."""

    def __init__(self, dimension: int) -> None:
        self._keys: list[int] = []
        self._vectors: Vectors = np.empty((0, dimension), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        self._keys.extend(keys)
        self._vectors = np.vstack([self._vectors, vectors])

    def remove(self, keys: Sequence[int]) -> None:
        gone = set(keys)
        kept = [row for row, key in enumerate(self._keys) if key not in gone]
        self._keys = [self._keys[row] for row in kept]
        self._vectors = self._vectors[kept]

    def get(self, keys: Sequence[int]) -> Vectors:
        rows = {key: row for row, key in enumerate(self._keys)}
        return self._vectors[[rows[key] for key in keys]]

    def search(
        self, query: Vectors, k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        scores = self._vectors @ query
        selector = set(self._keys if allowed is None else allowed.tolist())
        ranked = np.argsort(-scores, kind="stable")
        best = [row for row in ranked if self._keys[row] in selector][:k]
        return [(self._keys[row], float(scores[row])) for row in best]

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez(file, keys=np.asarray(self._keys, dtype=np.int64), vectors=self._vectors)

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path, allow_pickle=False) as stored:
            vectors = cls(stored["vectors"].shape[1])
            vectors.add([int(key) for key in stored["keys"]], stored["vectors"])
        return vectors
