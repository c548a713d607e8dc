"""Reads documents in a process that may die of them.

A file may be made to take all memory or time there is, or to bring a library down. The process that
parses it gets its bytes through a pipe, has no network, writes nothing, and can be lost: another
one is started for the next file. `index/parsing/sandbox/confinement.py` says what is enforced
where.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

from index.document import Document
from index.errors import ParsingUnavailable, UnreadableDocument
from index.parsing import ParsingLimits
from index.parsing.parser import load
from index.parsing.sandbox.protocol import receive, send, unpack

__all__ = ["ParsingProcess"]

log = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
_START_SECONDS = 60
_WALL = 4
"""Times the processor time allowed that may go by, since other processes want to run, too."""
_DIED = "reading it takes more memory than there is, or brings the reader down"
_ROOM = 1 << 20
_WATCH_SECONDS = 0.1
_BATCH_BYTES = 1 << 18
_BATCH_FILES = 64


class ParsingProcess:
    """`read` is `parse_file`, elsewhere. The process starts with the first file.

    For one thread at a time. What `enforced` says the system enforces is known once it runs.
    """

    def __init__(self, *, nice: int = 0) -> None:
        self._nice = nice
        self._limits = ParsingLimits()
        self._child: _Child | None = None
        self._end: Callable[[], object] = lambda: None
        self.enforced: frozenset[str] = frozenset()
        self.peak = 0
        """Bytes of resident memory, at most, of the process after the last document."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process; reading again starts another one."""
        self._end()
        self._child = None

    def read(self, path: Path, name: str, *, limits: ParsingLimits) -> Document:
        """Raises UnreadableDocument for this file, and ParsingUnavailable where none can be."""
        (found,) = self.read_all([(path, name)], limits=limits)
        if isinstance(found, UnreadableDocument):
            raise found
        return found

    def read_all(
        self, files: Iterable[tuple[Path, str]], *, limits: ParsingLimits
    ) -> Iterator[Document | UnreadableDocument]:
        """For each path and name, in order, the document, or why there is none.

        Small files are sent together. Where the process dies of them, each is sent alone, so that
        it is known whose fault it was. Raises ParsingUnavailable.
        """
        if limits != self._limits:
            self.close()
            self._limits = limits
        for batch in _batches(files, limits):
            asked = [file for file in batch if isinstance(file, _File)]
            found = iter(self._read_together(asked))
            for file in batch:
                yield next(found) if isinstance(file, _File) else file

    def _read_together(self, files: Sequence[_File]) -> list[Document | UnreadableDocument]:
        if not files:
            return []
        child = self._started()
        seconds = max(self._limits.seconds(len(file.data)) for file in files)
        try:
            with child.within(_WALL * seconds):
                answers = child.ask(files, 16 * self._limits.max_characters + _ROOM)
            found = [
                _checked(file, said, packed)
                for file, (said, packed) in zip(files, answers, strict=True)
            ]
        except (OSError, EOFError, ValueError, LookupError, TypeError) as exc:
            self.close()
            if len(files) > 1:
                return [each for file in files for each in self._read_together([file])]
            log.debug("%s ended its reader", files[0].name, exc_info=exc)
            too_long = f"reading it takes more than {seconds} seconds"
            return [UnreadableDocument(too_long if child.overdue else _DIED)]
        said = answers[-1][0]
        self.peak = int(said["peak"])
        if said["last"]:
            self.close()
        return found

    def _started(self) -> _Child:
        if self._child is None:
            child = _Child(self._limits, self._nice)
            self._end = weakref.finalize(self, child.end)
            try:
                with child.within(_START_SECONDS):
                    self.enforced = frozenset(json.loads(receive(child.stdout, _ROOM)))
            except (OSError, EOFError, ValueError, TypeError) as exc:
                self.close()
                raise ParsingUnavailable("it ends, or says nothing, when started") from exc
            self._child = child
        return self._child


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    suffix: str
    data: bytes


def _batches(
    files: Iterable[tuple[Path, str]], limits: ParsingLimits
) -> Iterator[list[_File | UnreadableDocument]]:
    """Files with their bytes, or why there are none; large ones alone."""
    batch: list[_File | UnreadableDocument] = []
    size = 0
    for path, name in files:
        try:
            data = load(path, limits)
        except UnreadableDocument as exc:
            batch.append(exc)
            continue
        if (size and size + len(data) > _BATCH_BYTES) or len(batch) >= _BATCH_FILES:
            yield batch
            batch, size = [], 0
        batch.append(_File(name, path.suffix.lower(), data))
        size += len(data)
    yield batch


def _checked(file: _File, said: Any, packed: bytes) -> Document | UnreadableDocument:
    """What a process says of a file; ValueError and the like where it cannot be so."""
    if said["broken"]:
        raise ParsingUnavailable(str(said["broken"]))
    if said["reason"]:
        log.debug("%s could not be read: %s", file.name, said["cause"])
        return UnreadableDocument(str(said["reason"]))
    if said["reached"]:
        log.warning("%s was refused: reading it reached for %s", file.name, said["reached"])
        return UnreadableDocument("it reaches for other files or the network when it is read")
    return unpack(packed, file.name, hashlib.sha256(file.data).hexdigest())


class _Child:
    """One process, and a thread that kills it when it is late."""

    def __init__(self, limits: ParsingLimits, nice: int) -> None:
        settings = json.dumps({"limits": asdict(limits), "nice": nice})
        try:
            self._process = subprocess.Popen(
                # -P: what lies beside that file is no library; -B: it could not write bytecode.
                [sys.executable, "-P", "-B", str(_CHILD), settings],
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=_BATCH_BYTES,
            )
        except OSError as exc:
            raise ParsingUnavailable(exc.strerror or str(exc)) from exc
        self._late = False
        self._left = math.inf
        self._changing = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="reading-watch", daemon=True).start()

    @property
    def stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def overdue(self) -> bool:
        """Whether it ended for having taken too long; known after `end`."""
        return self._late or self._process.returncode == -getattr(signal, "SIGXCPU", math.inf)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Kills the process when what is done with it takes longer."""
        with self._changing:
            self._left = seconds
        try:
            yield
        finally:
            with self._changing:
                self._left = math.inf

    def ask(self, files: Sequence[_File], most: int) -> list[tuple[Any, bytes]]:
        """For each file what is said of it, and its document as `pack` makes it, if any."""
        named = json.dumps([(file.name, file.suffix) for file in files]).encode()
        send(self.stdin, named, *(file.data for file in files))
        return [
            (json.loads(receive(self.stdout, _ROOM)), receive(self.stdout, most)) for _ in files
        ]

    def end(self) -> None:
        self._ended.set()
        self._process.kill()
        for pipe in (self.stdin, self.stdout):
            with suppress(OSError):  # what was not sent to it has nowhere to go
                pipe.close()
        self._process.wait()

    def _watch(self) -> None:
        # Looks are counted, not the clock's seconds: while both processes were stopped, it ran on.
        while not self._ended.wait(_WATCH_SECONDS):
            with self._changing:
                self._left -= _WATCH_SECONDS
                if self._left < 0:
                    self._late = True
                    self._process.kill()
                    return


def _environment() -> dict[str, str]:
    """Where the libraries are, and no more: no token, no settings."""
    kept = {
        name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ
    }
    return kept | {
        "PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path),
        # No packages of a user's own. Else Python asks the system's users for the home directory,
        # and where these are kept elsewhere that is a connection.
        "PYTHONUSERBASE": os.devnull,
        "OPENBLAS_NUM_THREADS": "1",  # numpy, which openpyxl imports, maps memory for each
    }
