"""ParsingProcess: parses untrusted files in a worker process that may die of them.

A file may be made to take all the memory or time there is, or to crash a library. The worker gets
the file's bytes through a pipe, has no network and writes nothing. When it dies, another one is
started for the next file. `confinement.py` says what is enforced on which system.
"""

from __future__ import annotations

import hashlib
import json
import logging
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from index.document import Document
from index.errors import ParsingUnavailable, UnreadableDocument
from index.parsing import ParsingLimits, ParsingOptions
from index.parsing.parser import read_file
from index.parsing.sandbox.confined_process import ConfinedProcess
from index.parsing.sandbox.protocol import FALSE_ANSWER, receive, send, unpack

log = logging.getLogger(__name__)

_START_SECONDS = 60
_WAITING = 4
"""Seconds of waiting for each second of processor time, since other processes run as well."""
_DIED = "reading it takes more memory than there is, or crashes a library"
_MOST_BYTES = 1 << 20
"""Of a message that holds no document."""
_REASON = 500
"""Most characters of a reason."""
_BATCH_BYTES = 1 << 18
_BATCH_FILES = 64
_DEFAULT = ParsingOptions()


class ParsingProcess:
    """Parses like `parse_file` and `parse_files`, in a worker that starts with the first file.

    For one thread at a time. `enforced` is what the system enforces, known once the worker runs.
    With `in_brief`, documents come back with their title and the number of their pages, and hardly
    any text: a large one would take much memory in this process.
    """

    def __init__(self, *, nice: int = 0, in_brief: bool = False) -> None:
        self._nice = nice
        self._in_brief = in_brief
        self._limits, self._options = ParsingLimits(), ParsingOptions()
        self._worker: _Worker | None = None
        self._stopped = False
        self._end: Callable[[], object] = lambda: None
        self._pages_read: Callable[[int], None] = lambda _: None
        self.enforced: frozenset[str] = frozenset()
        self.peak = 0
        """The most resident memory, in bytes, that the worker had up to the last document."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker; the next file starts another one."""
        self._end()
        self._worker = None

    def stop(self) -> None:
        """End the worker for good, also while another thread waits for a file, which then fails."""
        self._stopped = True
        self.close()

    def start(self, *, limits: ParsingLimits, options: ParsingOptions = _DEFAULT) -> None:
        """Start the worker before there is a file; raises ParsingUnavailable."""
        self._limits, self._options = limits, options
        self._started()

    def parse_file(
        self,
        path: Path,
        name: str,
        *,
        limits: ParsingLimits,
        options: ParsingOptions = _DEFAULT,
    ) -> Document:
        """Return one document.

        Raises UnreadableDocument for this file, and ParsingUnavailable where no file can be parsed.
        """
        (result,) = self.parse_files([(path, name)], limits=limits, options=options)
        if isinstance(result, UnreadableDocument):
            raise result
        return result

    def parse_files(
        self,
        files: Iterable[tuple[Path, str]],
        *,
        limits: ParsingLimits,
        options: ParsingOptions = _DEFAULT,
        pages_read: Callable[[int], None] = lambda _: None,
    ) -> Iterator[Document | UnreadableDocument]:
        """Yield, for each path and name in order, the document or the error that says why not.

        Small files are sent together. When the worker dies of them, each is sent alone to find out
        which one was at fault. `pages_read` is called with the number of pages that were just read.
        Raises ParsingUnavailable.
        """
        self._pages_read = pages_read
        if (limits, options) != (self._limits, self._options):
            self.close()
            self._limits, self._options = limits, options
        for batch in _batches(files, limits):
            parsed = iter(self._parse([file for file in batch if isinstance(file, _File)]))
            for file in batch:
                yield next(parsed) if isinstance(file, _File) else file

    def _parse(self, files: Sequence[_File]) -> list[Document | UnreadableDocument]:
        if not files:
            return []
        worker = self._started()
        seconds = max(self._limits.seconds(len(file.data)) for file in files)
        try:
            with worker.within(_WAITING * seconds):
                whole = 0 if self._in_brief else 16 * self._limits.max_characters
                most = whole + _MOST_BYTES
                answers = worker.ask(files, most, self._limits, self._pages_read)
            documents = [
                _checked(file, result, packed)
                for file, (result, packed) in zip(files, answers, strict=True)
            ]
            last_result, _ = answers[-1]
            self.peak = int(last_result["peak"])
            last = bool(last_result["last"])
        except (*FALSE_ANSWER, RecursionError) as exc:
            self.close()
            if len(files) > 1:
                return [document for file in files for document in self._parse([file])]
            log.debug("%s ended the worker", files[0].name, exc_info=exc)
            too_long = f"reading it takes more than {seconds} seconds"
            return [UnreadableDocument(too_long if worker.overdue else _DIED)]
        if last:
            self.close()
        return documents

    def _started(self) -> _Worker:
        if self._stopped:
            raise ParsingUnavailable("it was stopped")
        if self._worker is None:
            worker = _Worker(self._limits, self._options, self._nice, self._in_brief)
            self._end = weakref.finalize(self, worker.end)
            try:
                with worker.within(_START_SECONDS):
                    self.enforced = frozenset(json.loads(receive(worker.stdout, _MOST_BYTES)))
            except (*FALSE_ANSWER, RecursionError) as exc:
                self.close()
                raise ParsingUnavailable("it ends, or says nothing, when started") from exc
            self._worker = worker
            if self._stopped:  # meanwhile
                self._end()
        return self._worker


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    suffix: str
    data: bytes


def _batches(
    files: Iterable[tuple[Path, str]], limits: ParsingLimits
) -> Iterator[list[_File | UnreadableDocument]]:
    """Yield files with their bytes, or the error in their place; a large file is a batch alone."""
    batch: list[_File | UnreadableDocument] = []
    size = 0
    for path, name in files:
        try:
            data = read_file(path, name, limits)
        except UnreadableDocument as exc:
            batch.append(exc)
            continue
        if (size and size + len(data) > _BATCH_BYTES) or len(batch) >= _BATCH_FILES:
            yield batch
            batch, size = [], 0
        batch.append(_File(name, path.suffix.lower(), data))
        size += len(data)
    yield batch


def _checked(file: _File, result: Any, packed: bytes) -> Document | UnreadableDocument:
    """Return what the worker made of a file; raises ValueError and the like for a false answer."""
    if result["broken"]:
        raise ParsingUnavailable(str(result["broken"]))
    if result["reason"]:
        log.debug("%s could not be read: %s", file.name, result["cause"])
        return UnreadableDocument(str(result["reason"])[:_REASON])
    if result["attempts"]:
        log.warning("%s was refused: reading it reached for %s", file.name, result["attempts"])
        return UnreadableDocument("it reaches for other files or the network when it is read")
    return unpack(packed, file.name, hashlib.sha256(file.data).hexdigest())


class _Worker(ConfinedProcess):
    """One worker process that parses."""

    def __init__(
        self, limits: ParsingLimits, options: ParsingOptions, nice: int, in_brief: bool
    ) -> None:
        settings = {
            "limits": asdict(limits),
            "options": options.as_lists(),
            "nice": nice,
            "in_brief": in_brief,
        }
        super().__init__("index.parsing.sandbox.worker", json.dumps(settings))

    def ask(
        self,
        files: Sequence[_File],
        most: int,
        limits: ParsingLimits,
        pages_read: Callable[[int], None],
    ) -> list[tuple[Any, bytes]]:
        """Return a result and a packed document of at most `most` bytes for each file.

        Each page that the worker says it has read gives it more time.
        """
        names = json.dumps([(file.name, file.suffix) for file in files]).encode()
        send(self.stdin, names, *(file.data for file in files))
        answers: list[tuple[Any, bytes]] = []
        left = limits.max_pages * len(files)
        while len(answers) < len(files):
            result = json.loads(receive(self.stdout, _MOST_BYTES))
            if "pages" not in result:
                answers.append((result, receive(self.stdout, most)))
                continue
            pages, recognised = max(0, int(result["pages"])), max(0, int(result["recognised"]))
            left -= pages + recognised
            if left < 0:
                raise ValueError("more pages than a file may have")
            self.allow(_WAITING * limits.more_seconds(pages, recognised))
            pages_read(pages + recognised)
        return answers
