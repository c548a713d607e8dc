"""The watcher: starts a reindex by itself, some quiet seconds after documents have changed.

It also starts one after a damaged index was repaired, since documents that had changed last are
then missing. It runs in a thread of its own: looking at a folder on a network may take long, and
the event loop must not wait for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterable
from pathlib import Path

import watchfiles

from bot.documents.reindexing.process import ReindexProcess
from index.errors import BriefingError, CorpusUnavailable, IndexBusy, IndexUnavailable
from index.indexing.reindex import Reindexer
from index.parsing import SUFFIXES
from index.store.ports import Store

_LOOK_AGAIN = 1.0
"""Seconds between two looks at the clock and at the folder, which may have been replaced."""
_STEP = 0.25
"""Seconds in which several changes count as one; a stop is noticed within them."""
_BUSY_ELSEWHERE = 10.0
"""Seconds until the next try while another process reindexes; each try starts a process."""
_POLLED = 5.0
"""Seconds between two looks at all files, where WATCHFILES_FORCE_POLLING is set."""
_AT_LATEST = 10
"""Times the quiet seconds: the longest wait for a quiet moment, where files change all day."""
_MOST_NAMED = 100
"""Files that are looked at by name; of more, all are."""
_RESCAN_SECONDS = 3600.0
"""Seconds from which on all are looked at again: what a link leads to may lie where nobody watches,
and the system may lose news."""
_TRY_AGAIN = 60.0
"""Seconds until the next try, where the system cannot watch the folder."""
_log = logging.getLogger(__name__)


class Watcher:
    """Watches from `start` until `stop`, each of which is called once.

    Changes from before the start are found at the start. No reindex begins if the index is already
    up to date, for example after an upload. A reindex that fails, or that would lose most documents
    (CorpusShrunk), is reported in the log and in `ReindexProcess.last`; the next one begins when
    something changes again.
    """

    def __init__(
        self, reindexer: Reindexer, reindexing: ReindexProcess, quiet_seconds: float
    ) -> None:
        """Watch the corpus of `reindexer`, whose dry run says whether `reindexing` is needed."""
        self._reindexer = reindexer
        self._corpus = reindexer.corpus
        self._reindexing = reindexing
        self._quiet = quiet_seconds
        self._all_looked_at: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; `ReindexProcess.stop` ends a reindex that runs."""
        self._stop.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = _LOOK_AGAIN
            try:
                self._watch(self._corpus.resolve(strict=True))
            except FileNotFoundError:  # the folder may come back
                pass
            except BaseException:  # a panic of the library that watches is no Exception
                _log.exception("The corpus folder cannot be watched; the next try in 60 s")
                pause = _TRY_AGAIN
            self._stop.wait(pause)

    def _watch(self, corpus: Path) -> None:
        """Watch until another folder has its place, as after a disk was mounted."""
        there = _identity(self._corpus)
        changed_first = changed_last = time.monotonic()
        waiting = True
        changed: set[str] | None = None
        store = self._reindexer.store
        stamp = store.stamp()
        for changes in watchfiles.watch(
            corpus,
            watch_filter=None,  # changes that it leaves out would not wake this loop
            step=int(_STEP * 1000),
            stop_event=self._stop,
            rust_timeout=int(_LOOK_AGAIN * 1000),
            yield_on_timeout=True,
            poll_delay_ms=int(_POLLED * 1000),
            ignore_permission_denied=True,
        ):
            now = time.monotonic()
            before, stamp = stamp, store.stamp()
            repaired = stamp != before and _was_repaired(store)
            found = _documents_of((Path(path) for _, path in changes), corpus)
            if repaired or found is None or found:
                changed_last = now
                if not waiting:
                    changed_first, changed = now, set()
                    self._reindexing.prepare()
                waiting = True
                together = None if repaired or found is None or changed is None else changed | found
                changed = together if together and len(together) <= _MOST_NAMED else None
            quiet = now - changed_last >= self._quiet
            if waiting and (quiet or now - changed_first >= _AT_LATEST * self._quiet):
                waiting = False
                self._reindex(changed or ())
            if _identity(self._corpus) != there:
                return

    def _reindex(self, changed: Collection[str]) -> None:
        """Reindex where only these files have changed, none for any."""
        now, last = time.monotonic(), self._all_looked_at
        only = () if last is None or now - last >= _RESCAN_SECONDS else changed
        self._all_looked_at = None  # until it is done
        while not self._stop.is_set():
            if self._reindexing.running:
                self._stop.wait(_LOOK_AGAIN)
                continue
            if not self._is_behind(only):
                break
            _log.info("Documents have changed: a reindex begins")
            try:
                self._reindexing.run(only=only)
            except IndexBusy:  # another process reindexes
                self._stop.wait(_BUSY_ELSEWHERE)
            except BriefingError:  # which is in the log already
                return
            else:
                break
        self._all_looked_at = last if only else now

    def _is_behind(self, only: Collection[str]) -> bool:
        """Return whether a reindex would change anything; loads no model."""
        try:
            would = self._reindexer.run(dry_run=True, only=only)
        except CorpusUnavailable:
            return False
        except BriefingError:  # the reindex may repair it, or else report it
            return True
        return bool(would.added or would.changed or would.removed)


def _was_repaired(store: Store) -> bool:
    try:
        return store.pointer().damaged is not None
    except IndexUnavailable:
        return False


def _identity(folder: Path) -> tuple[int, int]:
    stat = folder.stat()
    return stat.st_dev, stat.st_ino


def _documents_of(paths: Iterable[Path], corpus: Path) -> set[str] | None:
    """Return the names of the paths that are or were documents; None where one is or was a folder
    with documents."""
    found = set()
    for path in paths:
        parts = path.relative_to(corpus).parts if path.is_relative_to(corpus) else ()
        hidden = any(part.startswith((".", "~$")) for part in parts)
        if hidden:
            continue
        if path.suffix.lower() not in SUFFIXES:
            if not path.is_file():
                return None
            continue
        found.add("/".join(parts))
    return found
