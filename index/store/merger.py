"""Merger: makes one segment of several, as it was planned, with their vectors."""

from __future__ import annotations

from pathlib import Path

from index.store.segments.block_store import FolderBlockStore
from index.store.segments.files import WORDS, files_of_segments
from index.store.segments.merging import MergePlan
from index.store.segments.segment import CHECKED, Segment
from index.store.vectors.files import StagedVectors, put_vectors
from index.store.words.segment_merger import merge_segments


def make_planned(plan: MergePlan, sources: Path, made: Path) -> str | None:
    """Make the planned segment of the files in a folder, and put it into another; return its name.

    None where a file of these segments is damaged, since that would be sealed anew.
    """
    blocks = FolderBlockStore(sources)
    verified = {name: blocks.verified(name) for name in files_of_segments(blocks.names())}
    segments = [each for name in plan.sources if (each := verified.get(name)) is not None]
    if None in verified.values() or len(segments) < len(plan.sources):
        return None
    made.mkdir(exist_ok=True)
    target = FolderBlockStore(made)
    arrays = merge_segments([Segment(each) for each in segments], plan.keys)
    name = target.put(WORDS, arrays, CHECKED)
    segment = Segment(target.read(name))
    keys = segment.passage_keys.tolist()
    put_vectors(target, name, segment, StagedVectors(sources).get(keys))
    return name
