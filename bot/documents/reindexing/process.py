"""A reindex in a process of its own, while the bot goes on answering.

Parsing PDFs and embedding would compete with answers for Python's lock and for memory, and a file
that makes a parser crash would take the bot with it. So `briefing-bot reindex --events` runs, at a
lower priority; the engine sees the new generation when it is published.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.config.settings import PREFIX, Settings
from bot.errors import ReindexFailed
from bot.localization import LazyText, _
from index.errors import BriefingError, CorpusShrunk, IndexBusy
from index.indexing.report import ReindexReport, seconds_left

__all__ = ["ReindexOutcome", "ReindexProcess", "ReindexProgress"]

_BUSY = LazyText("A reindex is running already. Wait until it has ended.")
_STOPPED = LazyText("The reindex was stopped, as the bot is about to end. Nothing was changed.")
_FAILED = LazyText("The reindex failed, and nothing was changed: {reason}")
REINDEX_UNEXPECTED = LazyText("It ended unexpectedly; the log says where.")

_REPORT = TypeAdapter(ReindexReport)
_log = logging.getLogger(__name__)
_NICE = 10
_OOM_SCORE = 500
"""Where memory runs out, the kernel ends the process with the highest score, of 1,000 at most: this
makes it the reindex, not the bot."""


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
    """How a reindex ended: after how many seconds, and with which `problem`, if any."""

    seconds: float
    problem: str = ""

    @property
    def done(self) -> bool:
        return not self.problem


class ReindexProcess:
    """Runs reindexes, one at a time; blocks its caller, which is a worker thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
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
            problem, outcome = str(exc), "refused"
            raise
        except BriefingError as exc:
            problem = str(exc)
            raise
        finally:
            if not dry_run:
                self.counts["stopped" if problem and self._stopped else outcome] += 1
                if problem and not self._stopped:
                    _log.error("The reindex failed: %s", problem)
                self.last = ReindexOutcome(time.monotonic() - began, problem)
            self._running.release()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called; then no reindex begins any more."""
        return self._stopped

    def stop(self) -> None:
        """End a running reindex, and refuse any later one; the generation that answers stays."""
        self._stopped = True
        if self._child:
            self._child.terminate()  # does nothing where it has ended

    def _run(
        self,
        dry_run: bool,
        drop_missing: bool | str,
        release: Collection[str],
        only: Collection[str],
        progress: Callable[[ReindexProgress], None],
    ) -> ReindexReport:
        command = [sys.executable, "-m", "bot.cli", "reindex", "--events"]
        command += ["--dry-run"] * dry_run
        if drop_missing:
            command.append(
                "--drop-missing" if drop_missing is True else f"--dropped={drop_missing}"
            )
        command += [f"--release={name}" for name in release]
        command += [f"--only={name}" for name in only]
        with subprocess.Popen(
            command,
            env=_environment(self._settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as child:
            self._child = child
            if self._stopped:  # since the check in `run`
                child.terminate()
            _lower_priority(child.pid)
            assert child.stdout is not None
            assert child.stderr is not None
            errors: list[str] = []
            collector = threading.Thread(
                target=lambda: errors.extend(child.stderr or ()), daemon=True
            )
            collector.start()
            state, report, shrunk, busy = ReindexProgress(), None, None, False
            began = time.monotonic()
            for line in child.stdout:
                event = _event(line)
                if "report" in event:
                    report = _REPORT.validate_python(event["report"])
                elif "known" in event:
                    shrunk = CorpusShrunk(self._settings.corpus, event["gone"], event["known"])
                elif "busy" in event:
                    busy = True
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
            collector.join()
        if shrunk:
            raise shrunk
        if busy:
            raise IndexBusy(_BUSY)
        if report is None and self._stopped:
            raise ReindexFailed(_STOPPED)
        if report is None or child.returncode:
            reason = " ".join(line.strip() for line in errors[-3:]) or (
                _("it ended with exit code {code}").format(code=child.returncode)
            )
            raise ReindexFailed(_FAILED.format(reason=reason))
        return report


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


def _event(line: str) -> Mapping[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}  # a library printed something
    return event if isinstance(event, dict) else {}


def _environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with these settings in it, and without the token."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    kept |= dict.fromkeys(("DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "CREDENTIALS_DIRECTORY"), "")
    return kept | settings.environment()


def _lower_priority(process: int) -> None:
    with suppress(OSError):  # it has ended already
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process, _NICE)
    with suppress(OSError):  # not Linux, or it has ended
        Path(f"/proc/{process}/oom_score_adj").write_text(str(_OOM_SCORE))
