"""Likeness of texts: the share of their runs of words that both have, estimated from sketches.

A sketch holds the least hash in each of 128 classes (one-permutation MinHash), so that it is made
in linear time, has a fixed size, and two of them are compared without the texts.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 128
_RUN = 4
"""Words in a run: enough that two texts on one subject share few of them by chance."""
EMPTY = np.uint16(0xFFFF)
_NONE = np.uint32(0xFFFFFFFF)
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64
)

Sketches = NDArray[np.uint16]


def sketch_of(words: Sequence[str]) -> bytes:
    """Return the sketch of a text with these words, in lower case; empty for one without a run."""
    if len(words) < _RUN:
        return b""
    hashed = np.fromiter((zlib.crc32(w.encode(errors="replace")) for w in words), np.uint64)
    with np.errstate(over="ignore"):
        runs = np.zeros(len(words) - _RUN + 1, np.uint64)
        for place, factor in enumerate(_FACTORS):
            runs += (hashed[place : place + len(runs)] + np.uint64(place + 1)) * factor
            runs ^= runs >> np.uint64(29)
        runs *= np.uint64(0xBF58476D1CE4E5B9)
        runs ^= runs >> np.uint64(32)
    least = np.full(BINS, _NONE, np.uint32)
    np.minimum.at(
        least,
        (runs >> np.uint64(57)).astype(np.intp),
        (runs & np.uint64(0xFFFFFFFE)).astype(np.uint32),
    )
    return least.astype(np.uint16).tobytes()  # of the least hash, half of the bits tell enough


def sketches_of(stored: Sequence[bytes]) -> Sketches:
    """Return stored sketches as an array, (texts, BINS)."""
    return np.frombuffer(
        b"".join(each or EMPTY.tobytes() * BINS for each in stored), np.uint16
    ).reshape(len(stored), BINS)


def likeness(one: Sketches, others: Sketches) -> NDArray[np.float64]:
    """Return the share of runs that texts have in common, in [0, 1]; (…, BINS) to (…)."""
    filled = (one != EMPTY) | (others != EMPTY)
    same = ((one == others) & filled).sum(axis=-1)
    return np.asarray(same / np.maximum(filled.sum(axis=-1), 1), dtype=np.float64)


def likeness_of(one: bytes, other: bytes) -> float:
    """Return the share of runs that two texts have in common, in [0, 1]."""
    both = sketches_of((one, other))
    return float(likeness(both[0], both[1]))
