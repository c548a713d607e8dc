"""Codes of vectors, by which the nearest of a million are found in milliseconds.

A vector is turned by a rotation that is the same everywhere, so that its values are spread like
those of any other; each then becomes one of four levels, which are two bits. So a code is made of
its vector alone, to the last bit, and no other vector, hidden or seen, changes what is found. FAISS
compares codes with a query through tables of four bits that fit into registers (FastScan).
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.ports import Vectors

_LEVELS = np.array([-1.510, -0.4528, 0.4528, 1.510])
_BETWEEN = 0.9816
"""The best four levels for values of a normal distribution, and where they part (Lloyd and Max)."""
_KEPT = 0.8825
"""Share of an inner product that is left of it by these levels."""
_IN_A_BYTE = 4
_PADDED = 64
"""A vector is filled up to a multiple of this, so that it can be turned."""
_TURNS = 3
_AT_ONCE = 256
"""Vectors that are turned together: as many as the processor's cache holds."""
_FAISS_BLOCK = 32
"""Codes that FAISS reads together, as it does by itself."""

Codes = NDArray[np.uint8]


def codes_of(vectors: Vectors) -> Codes:
    """Return the codes of vectors of length one, (n, bytes)."""
    width = _width(vectors.shape[1])
    codes = np.empty((len(vectors), width // _IN_A_BYTE), np.uint8)
    between = np.float32(_BETWEEN * max(width, 1) ** -0.5)
    for first in range(0, len(vectors), _AT_ONCE):
        values = turned(vectors[first : first + _AT_ONCE])
        levels = (values > -between).astype(np.uint8)
        levels += values > 0
        levels += values > between
        one, two, three, four = np.moveaxis(levels.reshape(len(values), -1, _IN_A_BYTE), 2, 0)
        codes[first : first + _AT_ONCE] = one << 2 | two | three << 6 | four << 4
    return codes


def turned(vectors: Vectors) -> Vectors:
    """Return vectors turned: by Hadamard's matrix on parts of them, and that three times, with
    signs drawn by chance before each and the parts mixed after it.

    There are only sums of two values each, so a vector is turned alike among any others.
    """
    number, width = len(vectors), _width(vectors.shape[1])
    values = np.zeros((number, width), np.float32)
    values[:, : vectors.shape[1]] = vectors
    part = width & -width
    for signs in _signs(width):
        values *= signs
        distance = 1
        while distance < part:
            pairs = values.reshape(number, -1, 2, distance)
            mixed = np.empty_like(pairs)
            np.add(pairs[:, :, 0], pairs[:, :, 1], out=mixed[:, :, 0])
            np.subtract(pairs[:, :, 0], pairs[:, :, 1], out=mixed[:, :, 1])
            values = mixed.reshape(number, width)
            distance *= 2
        values = values.reshape(number, -1, part).swapaxes(1, 2).reshape(number, width)
    return np.asarray(values * np.float32(part ** (-_TURNS / 2)))


class CodeIndex:
    """Codes that are searched together, known by their numbers. Safe for several threads."""

    def __init__(self, codes: Codes) -> None:
        width = codes.shape[1] * _IN_A_BYTE
        plain = faiss.IndexPQ(width, width // 2, 4, faiss.METRIC_INNER_PRODUCT)
        levels = _LEVELS / _KEPT * width**-0.5
        of_two = np.array(list(product(levels, repeat=2)), np.float32)
        tables: Any = np.tile(of_two, (width // 2, 1))
        faiss.copy_array_to_vector(tables.ravel(), plain.pq.centroids)
        faiss.copy_array_to_vector(codes.ravel(), plain.codes)
        plain.ntotal, plain.is_trained = len(codes), True
        self._index = faiss.IndexPQFastScan(plain, _FAISS_BLOCK)  # type: ignore[arg-type] # a second form

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, turned_query: Vectors, most: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return the numbers of the best, with about their inner products."""
        scores, numbers = (each[0] for each in self._index.search(turned_query, most))
        return numbers[numbers >= 0], scores[numbers >= 0]


def _width(dimension: int) -> int:
    return -(-dimension // _PADDED) * _PADDED


@cache
def _signs(width: int) -> Vectors:
    random = np.random.Generator(np.random.PCG64(1))
    return (1 - 2 * random.integers(0, 2, (_TURNS, width))).astype(np.float32)
