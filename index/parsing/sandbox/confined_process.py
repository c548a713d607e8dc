"""ConfinedProcess: a worker process of this program, and a thread that kills it when it is late."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from index.errors import ParsingUnavailable

_ROOT = Path(__file__).parents[3]
_WATCH_SECONDS = 0.1
_BUFFER = 1 << 18


class ConfinedProcess:
    """A process that runs `module`, which confines itself, and is asked over its pipes."""

    def __init__(self, module: str, settings: str) -> None:
        try:
            self._process = subprocess.Popen(
                # -P: what lies in the working directory is no library; -B: bytecode is not written.
                [sys.executable, "-P", "-B", "-m", module, settings],
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=_BUFFER,
            )
        except OSError as exc:
            raise ParsingUnavailable(exc.strerror or str(exc)) from exc
        self._late = False
        self._seconds_left = math.inf
        self._lock = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="parsing-watch", daemon=True).start()

    @property
    def stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def is_late(self) -> bool:
        """Whether it was killed for the time that passed, of which others may have taken most."""
        return self._late

    @property
    def overdue(self) -> bool:
        """Whether it ended because it took too long; known after `end`."""
        return self._late or self._process.returncode == -getattr(signal, "SIGXCPU", math.inf)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Kill the process when the block takes longer."""
        with self._lock:
            self._seconds_left = seconds
        try:
            yield
        finally:
            with self._lock:
                self._seconds_left = math.inf

    def allow(self, seconds: float) -> None:
        """Allow the block of `within` so much longer."""
        with self._lock:
            self._seconds_left += seconds

    def end(self) -> None:
        self._ended.set()
        self._process.kill()
        for pipe in (self.stdin, self.stdout):
            with suppress(OSError):  # what is still in the buffer cannot be sent
                pipe.close()
        self._process.wait()

    def _watch(self) -> None:
        # Counts its own rounds instead of reading a clock, which runs on while both processes are
        # suspended.
        while not self._ended.wait(_WATCH_SECONDS):
            with self._lock:
                self._seconds_left -= _WATCH_SECONDS
                if self._seconds_left < 0:
                    self._late = True
                    self._process.kill()
                    return


def _environment() -> dict[str, str]:
    """Return only the variables that tell where the libraries are: no token, no settings."""
    kept = {
        name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ
    }
    paths = [*filter(None, sys.path), str(_ROOT)]
    return kept | {
        "PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in paths),
        # No packages from the user's home. Looking for it, Python would ask the system's database
        # of users, which may be on the network.
        "PYTHONUSERBASE": os.devnull,
        "OPENBLAS_NUM_THREADS": "1",  # numpy takes memory for each thread
    }
