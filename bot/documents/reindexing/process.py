"""A reindex in a process of its own, while the bot goes on answering.

Parsing PDFs and embedding would compete with answers for Python's lock and for memory, and a file
that makes a parser crash would take the bot with it. So another process does it, at a lower
priority, and waits some minutes for the next one, since starting takes longer than taking in one
document. The engine sees the new generation when it is published.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from bot.config.settings import Settings
from bot.documents.reindexing.child import ReindexChild
from bot.errors import ReindexFailed
from bot.localization import LazyText, _
from index.errors import BriefingError, CorpusShrunk, IndexBusy
from index.indexing.report import ReindexReport, seconds_left

_BUSY = LazyText("A reindex is running already. Wait until it has ended.")
_STOPPED = LazyText("The reindex was stopped, as the bot is about to end. Nothing was changed.")
_FAILED = LazyText("The reindex failed, and nothing was changed: {reason}")
REINDEX_UNEXPECTED = LazyText("It ended unexpectedly; the log says where.")

_REPORT = TypeAdapter(ReindexReport)
_log = logging.getLogger(__name__)
_KEPT_SECONDS = 300.0
"""Seconds for which a process waits for another reindex: it has the models loaded."""


@dataclass(frozen=True, slots=True)
class ReindexProgress:
    """How far a reindex is: `done` of `total` documents read, `embedded` passages embedded.

    `pages` were read of those that have pages. `seconds_left` is an estimate, None at first.
    """

    done: int = 0
    total: int = 0
    embedded: int = 0
    pages: int = 0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class ReindexOutcome:
    """How a reindex ended: after how many seconds, and with which `problem`, if any.

    `shrunk` is that problem where most documents are gone, which an admin decides on.
    """

    seconds: float
    problem: str = ""
    shrunk: CorpusShrunk | None = None

    @property
    def done(self) -> bool:
        return not self.problem


class ReindexProcess:
    """Runs reindexes, one at a time; blocks its caller, which is a worker thread."""

    def __init__(self, settings: Settings, module: str = "bot.cli") -> None:
        """Take the command line that reindexes."""
        self._settings = settings
        self._module = module
        self._running = threading.Lock()
        self._child: ReindexChild | None = None
        self._kept: ReindexChild | None = None
        self._keeping = threading.Lock()
        self._timer: threading.Timer | None = None
        self._stopped = False
        self.last: ReindexOutcome | None = None
        """The last reindex of this process, dry runs not counted."""
        self.counts = dict.fromkeys(("done", "failed", "refused", "stopped"), 0)
        """How many reindexes of this process ended how; one is refused where most is gone."""
        self.last_good: float | None = None
        """When the last one that was done ended, in Unix time."""

    @property
    def running(self) -> bool:
        return self._running.locked()

    def run(
        self,
        *,
        dry_run: bool = False,
        drop_missing: bool | str = False,
        release: Collection[str] = (),
        only: Collection[str] = (),
        progress: Callable[[ReindexProgress], None] = lambda _: None,
    ) -> ReindexReport:
        """Run a reindex and return its report.

        `drop_missing`, `release` and `only` are as in `Reindexer.run`; a str stands for one name.
        Raises IndexBusy where this or another process reindexes already, CorpusShrunk, and
        ReindexFailed with the reason.
        """
        if self._stopped:
            raise ReindexFailed(_STOPPED)
        if not self._running.acquire(blocking=False):
            raise IndexBusy(_BUSY)
        began, problem, outcome = time.monotonic(), str(REINDEX_UNEXPECTED), "failed"
        shrunk = None
        try:
            report = replace(
                self._run(dry_run, drop_missing, release, only, progress), dry_run=dry_run
            )
            problem, outcome = "", "done"
            if not dry_run:
                self.last_good = time.time()
                _log_report(report, time.monotonic() - began)
            return report
        except IndexBusy:
            dry_run = True  # the reindex of another process is not recorded here
            raise
        except CorpusShrunk as exc:
            problem, outcome, shrunk = str(exc), "refused", exc
            raise
        except BriefingError as exc:
            problem = str(exc)
            raise
        finally:
            if not dry_run:
                self.counts["stopped" if problem and self._stopped else outcome] += 1
                if problem and not self._stopped:
                    _log.error("The reindex failed: %s", problem)
                self.last = ReindexOutcome(time.monotonic() - began, problem, shrunk)
            self._running.release()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called; then no reindex begins any more."""
        return self._stopped

    def prepare(self) -> None:
        """Make ready what a reindex needs, as one is about to begin; returns at once."""
        if self._stopped or self.running or self._kept:
            return
        with suppress(OSError):  # a reindex tells why there can be no process
            child = ReindexChild(self._settings, self._module)
            child.prepare()
            self._keep(child)

    def stop(self) -> None:
        """End a running reindex, and refuse any later one; the generation that answers stays."""
        self._stopped = True
        if self._child:
            self._child.end()
        self._let_go()

    def _run(
        self,
        dry_run: bool,
        drop_missing: bool | str,
        release: Collection[str],
        only: Collection[str],
        progress: Callable[[ReindexProgress], None],
    ) -> ReindexReport:
        job = {
            "dry_run": dry_run,
            "drop_missing": [drop_missing] if isinstance(drop_missing, str) else drop_missing,
            "release": sorted(release),
            "only": sorted(only),
        }
        child = self._take() or ReindexChild(self._settings, self._module)
        self._child = child
        if self._stopped:  # since the check in `run`
            child.end()
        state, report, shrunk, busy = ReindexProgress(), None, None, False
        problem = ""
        began = time.monotonic()
        try:
            for event in child.events(job):
                if "report" in event:
                    report = _REPORT.validate_python(event["report"])
                elif "known" in event:
                    shrunk = CorpusShrunk(self._settings.corpus, event["gone"], event["known"])
                elif "busy" in event:
                    busy = True
                elif "problem" in event:
                    problem = event["problem"]
                elif "total" in event:
                    left = seconds_left(event["share"], time.monotonic() - began)
                    state = replace(
                        state, done=event["documents"], total=event["total"], seconds_left=left
                    )
                    progress(state)
                elif "pages" in event:
                    state = replace(state, pages=event["pages"])
                    progress(state)
                elif "embedded" in event:
                    state = replace(state, embedded=event["embedded"])
                    progress(state)
        except BaseException:
            child.end()
            child.ended()
            raise
        if child.waits:
            self._keep(child)
            code, errors = 0, ""
        else:
            code, errors = child.ended()
        if shrunk:
            raise shrunk
        if busy:
            raise IndexBusy(_BUSY)
        if report is None and self._stopped:
            raise ReindexFailed(_STOPPED)
        if report is None or code:
            reason = problem or errors or _("it ended with exit code {code}").format(code=code)
            raise ReindexFailed(_FAILED.format(reason=reason))
        return report

    def _keep(self, child: ReindexChild) -> None:
        """Let a process that waits be there for the next reindex, but not for long."""
        with self._keeping:
            other, self._kept = self._kept, child
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(_KEPT_SECONDS, self._let_go)
            self._timer.daemon = True
            self._timer.start()
        if other:
            other.end()
            other.ended()
        if self._stopped:  # meanwhile
            self._let_go()

    def _take(self) -> ReindexChild | None:
        """Return the process that waits, if there is one; it is the caller's from now on."""
        with self._keeping:
            child, self._kept = self._kept, None
            if self._timer:
                self._timer.cancel()
        if child and child.has_ended:
            child.ended()
            return None
        return child

    def _let_go(self) -> None:
        if child := self._take():
            child.end()
            child.ended()


def _log_report(report: ReindexReport, seconds: float) -> None:
    fields = {
        "generation": report.generation,
        "added": len(report.added),
        "changed": len(report.changed),
        "removed": len(report.removed),
        "not_read": len(report.failed),
        "seconds": round(seconds, 1),
    }
    _log.info("Reindexed: generation %s", report.generation, extra=fields)
    if report.unwatched:
        _log.warning("Meanwhile it could not be seen what was removed or closed; reindex once more")
