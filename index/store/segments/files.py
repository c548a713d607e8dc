"""Files of segments: which segments a generation keeps, which are made anew, and of what.

A segment that stays is the very file of the generation before, under a second name on the disk, and
not a copy. Small segments and those with much that was deleted are made into greater ones, a few at
a time, so that there are never many, and each document is written again only a few times.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.store.segments.blocks import read_blocks
from index.store.segments.segment import Segment

__all__ = [
    "VECTORS",
    "WORDS",
    "KeptSegment",
    "files_of_segments",
    "in_parts",
    "link_files",
    "plan_segments",
    "read_segments",
    "segments_in",
    "stored_segment",
]

WORDS, VECTORS = ".words", ".vectors"
"""What the names of the files of a segment end with; they begin with their SHA-256."""
MOST_PASSAGES = 65_536
"""Passages of a segment, but for one document with more: as many as little memory holds."""
_OF_ONE_SIZE = 8
"""Segments of about one size that are made into one."""
_LEAST_ALIVE = 0.75
"""Share of the documents of a segment that are there, below which it is made anew."""

_Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment that is stored, by the name of its file, and which of its documents are there."""

    name: str
    alive: _Keys
    deleted: int
    passages: int


def segments_in(files: Iterable[str]) -> list[str]:
    """Return which files are the words of segments."""
    return sorted(name for name in files if name.endswith(WORDS))


def files_of_segments(files: Iterable[str]) -> list[str]:
    """Return which files belong to segments."""
    return sorted(name for name in files if name.endswith((WORDS, VECTORS)))


def read_segments(directory: Path, names: Iterable[str]) -> dict[str, Segment]:
    """Map segments; raises OSError."""
    return {name: Segment(read_blocks(directory / name)) for name in names}


def link_files(base: Path, names: Iterable[str], staging: Path) -> None:
    """Let files be in a second folder too; they are copied where the disk knows no links."""
    for name in names:
        try:
            os.link(base / name, staging / name)
        except OSError:
            shutil.copy2(base / name, staging / name)


def stored_segment(name: str, segment: Segment, keys: _Keys) -> KeptSegment:
    """Return what is there of a segment, where the documents with these keys are."""
    there = np.isin(segment.document_keys, keys)
    passages = np.diff(segment.passage_ends.astype(np.int64), prepend=0)
    return KeptSegment(
        name,
        segment.document_keys[there],
        deleted=int((~there).sum()),
        passages=int(passages[there].sum()),
    )


def plan_segments(
    kept_segments: Sequence[KeptSegment], new: int, *, clean: bool = False
) -> tuple[set[str], list[int]]:
    """Return which segments go, and the documents of these that must get into others.

    `new` is how many passages are in none yet. With `clean`, no segment stays that has a deleted
    document.
    """
    going = {
        each.name
        for each in kept_segments
        if not len(each.alive)
        or (clean and each.deleted)
        or len(each.alive) < _LEAST_ALIVE * (len(each.alive) + each.deleted)
    }
    loose = [each for each in kept_segments if each.name in going and len(each.alive)]
    staying = [each for each in kept_segments if each.name not in going]
    passages = new + sum(each.passages for each in loose)
    while crowded := _crowded(staying, passages):
        loose += crowded
        passages += sum(each.passages for each in crowded)
        going.update(each.name for each in crowded)
        staying = [each for each in staying if each.name not in going]
    return going, [key for each in loose for key in each.alive.tolist()]


def _crowded(kept_segments: Sequence[KeptSegment], made: int) -> list[KeptSegment]:
    """Return the segments that become one with what is to be made, which has so many passages."""
    sizes: defaultdict[int, list[KeptSegment]] = defaultdict(list)
    for each in kept_segments:
        sizes[_size(each.passages)].append(each)
    for size, those in sorted(sizes.items()):
        number = len(those) + (made > 0 and _size(made) == size)
        if number >= _OF_ONE_SIZE and made + sum(e.passages for e in those) <= MOST_PASSAGES:
            return those
    return []


def _size(passages: int) -> int:
    """Return the size of a segment: each is eight times that before."""
    return max(0, (passages // 8).bit_length() - 1) // 3


def in_parts(documents: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield documents in parts of at most MOST_PASSAGES passages, in the same order."""
    part: list[int] = []
    passages = 0
    for key, number in documents.items():
        if part and passages + number > MOST_PASSAGES:
            yield part
            part, passages = [], 0
        part.append(key)
        passages += number
    if part:
        yield part
