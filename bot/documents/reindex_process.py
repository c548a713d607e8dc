"""Reindexing in a process of its own, while this one goes on answering.

Reading PDFs and embedding would compete with answers for Python's lock and for memory, and a
document that brings a reader down would bring the bot down with it. So it is the command line's
own `reindex --events` that runs, at a lower priority; the engine sees the new generation when it is
published.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from bot.config.settings import PREFIX, Settings
from bot.errors import ReindexFailed
from bot.localization import _
from index.errors import BriefingError, CorpusShrunk, IndexBusy
from index.indexing.report import ReindexReport

__all__ = ["Ended", "ReindexProcess", "ReindexProgress"]

_BUSY = _("A reindex is running already. Wait until it has ended.")
_STOPPED = _("The reindex was stopped, as the bot is about to end. Nothing was changed.")
_FAILED = _("The reindex failed, and nothing was changed: {reason}")
REINDEX_UNEXPECTED = _("It ended unexpectedly; the log says where.")

_REPORT = TypeAdapter(ReindexReport)
_NICE = 10
_OOM_SCORE = 500
"""Added to what the kernel goes by when memory runs out, of 1,000 for all of it: the reindex is to
end, and not the bot."""


@dataclass(frozen=True, slots=True)
class ReindexProgress:
    """`done` of `total` documents were read, and `embedded` passages embedded."""

    done: int = 0
    total: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a reindex ended, after how many seconds: with a report, or without, and the `problem`."""

    seconds: float
    problem: str = ""

    @property
    def done(self) -> bool:
        return not self.problem


class ReindexProcess:
    """One at a time; blocks its caller, which is a worker thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._stopped = False
        self.last: Ended | None = None
        """Dry runs left out."""

    @property
    def running(self) -> bool:
        return self._running.locked()

    def run(
        self,
        *,
        dry_run: bool = False,
        drop_missing: bool | str = False,
        progress: Callable[[ReindexProgress], None] = lambda _: None,
    ) -> ReindexReport:
        """`drop_missing`, as such or for one name, is as in `Reindexer.run`.

        Raises IndexBusy where one is running already, be it another process', CorpusShrunk, and
        ReindexFailed with the reason.
        """
        if self._stopped:
            raise ReindexFailed(_STOPPED)
        if not self._running.acquire(blocking=False):
            raise IndexBusy(_BUSY)
        began, problem = time.monotonic(), REINDEX_UNEXPECTED
        try:
            report = replace(self._run(dry_run, drop_missing, progress), dry_run=dry_run)
            problem = ""
            return report
        except IndexBusy:
            dry_run = True  # another process' is none of ours
            raise
        except BriefingError as exc:
            problem = str(exc)
            raise
        finally:
            if not dry_run:
                self.last = Ended(time.monotonic() - began, problem)
            self._running.release()

    @property
    def stopped(self) -> bool:
        """For good."""
        return self._stopped

    def stop(self) -> None:
        """Ends what is running, for good; the generation that answers is untouched by that."""
        self._stopped = True
        if self._child:
            self._child.terminate()  # does nothing where it has ended

    def _run(
        self, dry_run: bool, drop_missing: bool | str, progress: Callable[[ReindexProgress], None]
    ) -> ReindexReport:
        command = [sys.executable, "-m", "bot.cli", "reindex", "--events"]
        command += ["--dry-run"] * dry_run
        if drop_missing:
            command.append(
                "--drop-missing" if drop_missing is True else f"--dropped={drop_missing}"
            )
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
            if self._stopped:  # meanwhile
                child.terminate()
            _give_way(child.pid)
            assert child.stdout is not None
            assert child.stderr is not None
            errors: list[str] = []
            reader = threading.Thread(target=lambda: errors.extend(child.stderr or ()), daemon=True)
            reader.start()
            state, report, shrunk, busy = ReindexProgress(), None, None, False
            for line in child.stdout:
                event = _event(line)
                if "report" in event:
                    report = _REPORT.validate_python(event["report"])
                elif "known" in event:
                    shrunk = CorpusShrunk(self._settings.corpus, event["gone"], event["known"])
                elif "busy" in event:
                    busy = True
                elif "total" in event:
                    state = replace(state, done=event["documents"], total=event["total"])
                    progress(state)
                elif "embedded" in event:
                    state = replace(state, embedded=event["embedded"])
                    progress(state)
            reader.join()
        if shrunk:
            raise shrunk
        if busy:
            raise IndexBusy(_BUSY)
        if report is None and self._stopped:
            raise ReindexFailed(_STOPPED)
        if report is None or child.returncode:
            said = " ".join(line.strip() for line in errors[-3:]) or (
                _("it ended with exit code {code}").format(code=child.returncode)
            )
            raise ReindexFailed(_FAILED.format(reason=said))
        return report


def _event(line: str) -> Mapping[str, int]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}  # a library that prints is none of ours
    return event if isinstance(event, dict) else {}


def _environment(settings: Settings) -> dict[str, str]:
    """This process' environment with these settings in place of its own, and without the token."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    kept["DISCORD_TOKEN"] = ""
    for name, value in settings.model_dump(exclude={"discord_token"}).items():
        if value is not None:
            kept[f"{PREFIX}{name.upper()}"] = str(value)
    return kept


def _give_way(process: int) -> None:
    with suppress(OSError):  # it has ended already
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process, _NICE)
    with suppress(OSError):  # not Linux, or it has ended
        Path(f"/proc/{process}/oom_score_adj").write_text(str(_OOM_SCORE))
