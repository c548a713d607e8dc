"""Merging in a folder: makes what was planned there, while the index is used."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress

from filelock import FileLock, Timeout

from index.store.atomic_files import sync_directory, sync_file
from index.store.merger import make_planned
from index.store.segments.merging import MADE, MergeFolder

_log = logging.getLogger(__name__)


def merge_planned(merging: MergeFolder) -> bool:
    """Make what is planned; return whether it was made now.

    Nothing is made where another process does it, or where a file of these segments is damaged.
    Whoever changes the index meanwhile may forget the plan: then its folder is gone. Where the disk
    is full, what it took is given back, and the index is whole without it.
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
    name = make_planned(plan, folder, folder / MADE)
    if name is None:
        return False
    for path in (folder / MADE).iterdir():
        sync_file(path)
    sync_directory(folder / MADE)
    merging.finish(folder, name)
    return True
