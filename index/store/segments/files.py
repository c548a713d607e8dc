"""Files of segments: which segments a generation keeps, which are made anew, and of what.

A segment that stays is the very file of the generation before, under a second name on the disk, and
not a copy. Small segments and those with much that was deleted are made into greater ones, a few at
a time, so that there are never many, and each document is written again only a few times. Where
there is a background, what takes seconds is left to it (see `merging.py`).
"""

from __future__ import annotations

import os
import shutil
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.store.segments.blocks import read_blocks
from index.store.segments.segment import Segment, are_in

WORDS, VECTORS = ".words", ".vectors"
"""What the names of the files of a segment end with; they begin with their SHA-256."""
MOST_PASSAGES = 65_536
"""Passages of a segment, but for one document with more: as many as little memory holds."""
AT_ONCE = 8_192
"""Passages of segments that become one while a change waits, where there is a background: that
takes well below a second."""
_OF_ONE_SIZE = 8
"""Segments of about one size that are made into one."""
_WORTH_MERGING = 4
"""Of these, how many small ones must fit into one."""
_CROWD = 3 * _OF_ONE_SIZE
"""Segments of about one size from which a change does not leave them to the background: it may
never come."""
_LEAST_ALIVE = 0.75
"""Share of the documents of a segment that are there, below which it is made anew."""
_HARDLY_ALIVE = 0.5
"""The same, below which that is not left to the background."""

_Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment that is stored, by the name of its file, and which of its documents are there."""

    name: str
    alive: _Keys
    deleted: int
    passages: int

    def is_below(self, share: float) -> bool:
        """Return whether less than that share of its documents is there."""
        return len(self.alive) < share * (len(self.alive) + self.deleted)


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
    """Return what is there of a segment, where the documents with these keys are, in order."""
    there = are_in(segment.document_keys, keys)
    passages = np.diff(segment.passage_ends.astype(np.int64), prepend=0)
    return KeptSegment(
        name,
        segment.document_keys[there],
        deleted=int((~there).sum()),
        passages=int(passages[there].sum()),
    )


def plan_segments(
    kept_segments: Sequence[KeptSegment],
    new: int,
    *,
    clean: bool = False,
    at_once: int = MOST_PASSAGES,
) -> tuple[set[str], list[int]]:
    """Return which segments go, and the documents of these that must get into others.

    `new` is how many passages are in none yet. With `clean`, no segment stays that has a deleted
    document. Where more than `at_once` passages would be written again, it is left to the
    background, unless that is far behind.
    """
    going = {
        each.name
        for each in kept_segments
        if not len(each.alive)
        or (clean and each.deleted)
        or each.is_below(_LEAST_ALIVE if each.passages <= at_once else _HARDLY_ALIVE)
    }
    loose = [each for each in kept_segments if each.name in going and len(each.alive)]
    staying = [each for each in kept_segments if each.name not in going]
    passages = new + sum(each.passages for each in loose)
    while crowded := _crowded(staying, passages, at_once):
        loose += crowded
        passages += sum(each.passages for each in crowded)
        going.update(each.name for each in crowded)
        staying = [each for each in staying if each.name not in going]
    return going, [key for each in loose for key in each.alive.tolist()]


def segments_to_merge(kept_segments: Sequence[KeptSegment]) -> Sequence[KeptSegment]:
    """Return which segments are to become one in the background, none where all are well."""
    for each in kept_segments:
        if each.is_below(_LEAST_ALIVE):
            return [each]
    return _crowded(kept_segments, 0, MOST_PASSAGES)


def _crowded(kept_segments: Sequence[KeptSegment], made: int, at_once: int) -> list[KeptSegment]:
    """Return the segments that become one with what is to be made, which has so many passages.

    They are the smallest of about one size, where there are many of that.
    """
    sizes: defaultdict[int, list[KeptSegment]] = defaultdict(list)
    for each in kept_segments:
        sizes[_size(each.passages)].append(each)
    for size, those in sorted(sizes.items()):
        number = len(those) + (made > 0 and _size(made) == size)
        those.sort(key=lambda each: each.passages)
        fitting = bisect_right(
            list(accumulate(each.passages for each in those)), MOST_PASSAGES - made
        )
        passages = made + sum(each.passages for each in those[:fitting])
        if (
            number >= _OF_ONE_SIZE
            and fitting >= min(_WORTH_MERGING, len(those))
            and (passages <= at_once or number >= _CROWD)
        ):
            return those[:fitting]
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
