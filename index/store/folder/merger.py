"""Merger: makes one segment of several, as it was planned, while the index is used."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress

from filelock import FileLock, Timeout

from index.store.atomic_files import sync_directory, sync_file
from index.store.segments.block_store import FolderBlockStore
from index.store.segments.files import WORDS, files_of_segments
from index.store.segments.merging import MADE, MergeFolder
from index.store.segments.segment import CHECKED, Segment
from index.store.vectors.files import StagedVectors, put_vectors
from index.store.words.segment_merger import merge_segments

__all__ = ["merge_planned"]

_log = logging.getLogger(__name__)


def merge_planned(merging: MergeFolder) -> bool:
    """Make what is planned; return whether it was made now.

    Nothing is made where another process does it, or where a file of these segments is damaged,
    since that would be sealed anew. Whoever changes the index meanwhile may forget the plan: then
    its folder is gone. Where the disk is full, what it took is given back, and the index is whole
    without it.
    """
    with suppress(FileNotFoundError, Timeout):
        if (folder := merging.planned()) is not None:
            with FileLock(merging.lock, timeout=0):
                try:
                    return _made(merging)
                except FileNotFoundError:
                    raise
                except OSError as exc:
                    shutil.rmtree(folder / MADE, ignore_errors=True)
                    _log.warning("Segments could not be made into one: %s", exc.strerror)
    return False


def _made(merging: MergeFolder) -> bool:
    folder, plan = merging.planned(), merging.plan()
    if folder is None or plan is None or merging.made():
        return False
    sources = FolderBlockStore(folder)
    verified = {name: sources.verified(name) for name in files_of_segments(sources.names())}
    segments = [each for name in plan.sources if (each := verified.get(name)) is not None]
    if None in verified.values() or len(segments) < len(plan.sources):
        return False
    (folder / MADE).mkdir(exist_ok=True)
    made = FolderBlockStore(folder / MADE)
    name = made.put(WORDS, merge_segments([Segment(each) for each in segments], plan.keys), CHECKED)
    segment = Segment(made.read(name))
    put_vectors(made, name, segment, StagedVectors(folder).get(segment.passage_keys.tolist()))
    for path in (folder / MADE).iterdir():
        sync_file(path)
    sync_directory(folder / MADE)
    merging.finish(folder, name)
    return True
