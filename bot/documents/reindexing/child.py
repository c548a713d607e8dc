"""ReindexChild: a process that does one reindex after the other, as it is told over its pipes."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.config.settings import PREFIX, Settings

MERGE_FAILED = "merge-failed: "
"""Begins a line of errors that is not the reindex's own: the index is whole without it."""
_log = logging.getLogger(__name__)
_NICE = 10
_OOM_SCORE = 500
"""Where memory runs out, the kernel ends the process with the highest score, of 1,000 at most: this
makes it the reindex, not the bot."""
_ERRORS_KEPT = 3


class ReindexChild:
    """Runs `briefing-bot reindex --jobs`, at a lower priority. For one thread at a time, but for
    `end`."""

    def __init__(self, settings: Settings, module: str = "bot.cli") -> None:
        """Start it; `module` is the command line."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, "reindex", "--jobs"],
            env=_environment(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        _lower_priority(self._process.pid)
        self._errors: deque[str] = deque(maxlen=_ERRORS_KEPT)
        self._collector = threading.Thread(target=self._collect, daemon=True)
        self._collector.start()
        self.waits = False
        """Whether it can do another job."""

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def prepare(self) -> None:
        """Let it make ready what its next job needs."""
        self._send({"prepare": True})
        self.waits = True

    def events(self, job: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Give it a job; yield what it tells, until it waits for another one or ends."""
        self.waits = False
        self._send(job)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = _event(line)
            if "waits" in event:
                self.waits = True
                return
            yield event

    def end(self) -> None:
        """End it, whatever it does; does nothing where it has ended."""
        self._process.terminate()

    def ended(self) -> tuple[int, str]:
        """Wait for its end; return its exit code, and the last lines that it wrote of errors."""
        self._collector.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe is not None
            with suppress(OSError):  # what is still in the buffer cannot be sent
                pipe.close()
        return self._process.wait(), " ".join(line.strip() for line in self._errors)

    def _send(self, job: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended, which its output tells
            self._process.stdin.write(f"{json.dumps(job)}\n")
            self._process.stdin.flush()

    def _collect(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if line.startswith(MERGE_FAILED):
                reason = line.removeprefix(MERGE_FAILED).strip()
                _log.warning("Segments were not made into one in the background: %s", reason)
            else:
                self._errors.append(line)


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
