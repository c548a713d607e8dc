"""Reindexes by itself, some quiet seconds after documents in the corpus folder have changed, or
after the index was found damaged and mended without those that had changed last.

In a thread of its own: a folder on a network may keep whoever looks at it waiting, and the event
loop must not wait with it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import watchfiles

from bot.documents.reindex_process import ReindexProcess
from index.errors import BriefingError, CorpusUnavailable, IndexBusy, IndexUnavailable
from index.indexing.reindex import Reindexer
from index.parsing import SUFFIXES
from index.store.folder import IndexStore

__all__ = ["Watcher"]

_LOOK_AGAIN = 1.0
"""Seconds between two looks whether it has been quiet, and whether it is still the same folder."""
_STEP = 0.25
"""Seconds, in which several changes count as one, and after which a stop is noticed."""
_BUSY_ELSEWHERE = 10.0
"""Seconds until it is tried again: each try starts a process."""
_POLLED = 5.0
"""Seconds between two looks at every file, where WATCHFILES_FORCE_POLLING asks for that."""
_AT_LATEST = 10
"""Times the quiet seconds: where somebody writes all day, it would else never be quiet."""
_TRY_AGAIN = 60.0
"""Seconds, where the system refuses to tell of changes."""
_log = logging.getLogger(__name__)


class Watcher:
    """From `start` until `stop`, each of them called once.

    What came while nobody watched is found at the start. A reindex that is not needed, since an
    upload's own has been there before, is not begun; one that fails, or that would lose most of the
    documents (CorpusShrunk), is told of in the log and in `ReindexProcess.last`, and not tried
    again
    before something else changes.
    """

    def __init__(
        self, reindexer: Reindexer, reindexing: ReindexProcess, quiet_seconds: float
    ) -> None:
        """Watch the corpus of `reindexer`, whose dry run says whether `reindexing` is needed."""
        self._reindexer = reindexer
        self._corpus = reindexer.corpus
        self._reindexing = reindexing
        self._quiet = quiet_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when no reindex will begin any more; one that runs is `ReindexProcess`'s to
        stop."""
        self._stop.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = _LOOK_AGAIN
            try:
                self._watch(self._corpus.resolve(strict=True))
            except FileNotFoundError:  # it may come back
                pass
            except Exception:
                _log.exception("The corpus folder cannot be watched; the next try in 60 s")
                pause = _TRY_AGAIN
            self._stop.wait(pause)

    def _watch(self, corpus: Path) -> None:
        """Until it is another folder that is there, as after it was mounted again."""
        there = _identity(self._corpus)
        changed_first = changed_last = time.monotonic()
        waiting = True
        store = self._reindexer.store
        stamp = store.stamp()
        for changes in watchfiles.watch(
            corpus,
            watch_filter=None,  # what it filtered out would leave no time to look at the clock
            step=int(_STEP * 1000),
            stop_event=self._stop,
            rust_timeout=int(_LOOK_AGAIN * 1000),
            yield_on_timeout=True,
            poll_delay_ms=int(_POLLED * 1000),
            ignore_permission_denied=True,
        ):
            now = time.monotonic()
            before, stamp = stamp, store.stamp()
            mended = stamp != before and _was_mended(store)
            if mended or _concern((Path(path) for _, path in changes), corpus):
                changed_last = now
                changed_first = changed_first if waiting else now
                waiting = True
            quiet = now - changed_last >= self._quiet
            if waiting and (quiet or now - changed_first >= _AT_LATEST * self._quiet):
                waiting = False
                self._reindex()
            if _identity(self._corpus) != there:
                return

    def _reindex(self) -> None:
        while not self._stop.is_set():
            if self._reindexing.running:
                self._stop.wait(_LOOK_AGAIN)
                continue
            if not self._is_behind():
                return
            try:
                report = self._reindexing.run()
            except IndexBusy:  # another process'
                self._stop.wait(_BUSY_ELSEWHERE)
            except BriefingError as exc:
                if not self._reindexing.stopped:
                    _log.error("Documents have changed, but no reindex (%s): see /status", exc)
                return
            else:
                _log.info(
                    "Documents have changed: generation %s, %d added, %d changed, %d removed",
                    report.generation,
                    len(report.added),
                    len(report.changed),
                    len(report.removed),
                )
                return

    def _is_behind(self) -> bool:
        """Whether a reindex would do anything; loads no model."""
        try:
            would = self._reindexer.run(dry_run=True)
        except CorpusUnavailable:
            return False
        except BriefingError:  # told by the reindex, which may also mend it
            return True
        return bool(would.added or would.changed or would.removed)


def _was_mended(store: IndexStore) -> bool:
    try:
        return store.pointer().damaged is not None
    except IndexUnavailable:
        return False


def _identity(folder: Path) -> tuple[int, int]:
    stat = folder.stat()
    return stat.st_dev, stat.st_ino


def _concern(paths: Iterable[Path], corpus: Path) -> bool:
    """Whether any of them may be, or may have held, a document."""
    for path in paths:
        parts = path.relative_to(corpus).parts if path.is_relative_to(corpus) else ()
        hidden = any(part.startswith((".", "~$")) for part in parts)
        if not hidden and (path.suffix.lower() in SUFFIXES or not path.is_file()):
            return True
    return False
