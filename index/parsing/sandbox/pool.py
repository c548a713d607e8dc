"""ParsingPool: parses in several worker processes at once, with the results in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from index.document import Document
from index.errors import ParsingUnavailable, UnreadableDocument
from index.machine import cores, free_memory
from index.parsing import ParsingLimits, ParsingOptions
from index.parsing.sandbox.process import ParsingProcess

_MEMORY = 400_000_000
"""Bytes that a worker mostly needs at the most; only a hostile file takes more, and dies of it."""
_WAITING = 3
"""Groups of files for each worker that are parsed, or are done and wait for their turn."""
_GROUP_BYTES = 1 << 18
_GROUP_FILES = 32
_NICE = 5
"""Workers step back for what embeds; together they leave no core idle."""

_Files = list[tuple[Path, str]]
_Parsed = list[Document | UnreadableDocument]


class ParsingPool:
    """Parses like `ParsingProcess.parse_files`, in as many processes as cores and memory allow."""

    def __init__(self, *, processes: int | None = None) -> None:
        """Use so many `processes`; by default one for each core that has memory for it."""
        self._processes = processes
        self._lock = threading.Lock()
        self._ready: ParsingProcess | None = None

    def prepare(self, *, limits: ParsingLimits, options: ParsingOptions) -> None:
        """Start one process, which waits for the next files, if none waits.

        It has not read any file. Where it does not start, the next files tell.
        """
        with self._lock:
            if self._ready is None:
                process = ParsingProcess(nice=_NICE)
                with suppress(ParsingUnavailable):
                    process.start(limits=limits, options=options)
                    self._ready = process

    def _process(self) -> ParsingProcess:
        """Return the process that waits, or a new one."""
        with self._lock:
            process, self._ready = self._ready, None
        return process or ParsingProcess(nice=_NICE)

    def parse_files(
        self,
        files: Iterable[tuple[Path, str]],
        *,
        limits: ParsingLimits,
        options: ParsingOptions,
        pages_read: Callable[[int], None] = lambda _: None,
    ) -> Iterator[Document | UnreadableDocument]:
        """Yield, for each path and name in order, the document or the error that says why not.

        Files are parsed ahead of what is taken, within bounds. `pages_read` is called, from any
        thread, with the number of pages that were just read. Raises ParsingUnavailable.
        """
        of_thread, started = threading.local(), list[ParsingProcess]()

        def parse(group: _Files) -> _Parsed:
            if not hasattr(of_thread, "process"):
                of_thread.process = self._process()
                started.append(of_thread.process)
            process: ParsingProcess = of_thread.process
            return list(
                process.parse_files(group, limits=limits, options=options, pages_read=pages_read)
            )

        processes = self._processes or _processes()
        groups, waiting = _groups(files), deque[Future[_Parsed]]()
        executor = ThreadPoolExecutor(processes, "parsing")
        try:
            while True:
                while len(waiting) < _WAITING * processes and (group := next(groups, None)):
                    waiting.append(executor.submit(parse, group))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            for process in started:
                process.stop()
            executor.shutdown()


def _processes() -> int:
    memory = free_memory()
    return max(1, cores() if memory is None else min(cores(), memory // _MEMORY))


def _groups(files: Iterable[tuple[Path, str]]) -> Iterator[_Files]:
    """Yield files in groups for one worker: small ones together, a large one alone."""
    group: _Files = []
    size = 0
    for path, name in files:
        try:
            bytes_of_file = path.stat().st_size
        except (OSError, ValueError):
            bytes_of_file = 0  # parsing it says what is wrong
        if group and (size + bytes_of_file > _GROUP_BYTES or len(group) >= _GROUP_FILES):
            yield group
            group, size = [], 0
        group.append((path, name))
        size += bytes_of_file
    if group:
        yield group
