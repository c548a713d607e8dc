"""Drawing: makes pictures in a confined process, which may die of them without harm.

A PDF may be made to take over the process that draws it. So no process draws pages of two files:
what it could keep of one is not to get into the picture of another, which others see.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from index.document import Document, Span
from index.errors import DrawnTooLate, ParsingUnavailable, UnreadableDocument
from index.parsing.limits import ParsingLimits
from index.parsing.sandbox.confined_process import ConfinedProcess
from index.parsing.sandbox.protocol import FALSE_ANSWER, pack, receive, send
from index.picturing.picture import Picture

_Answer = tuple[Mapping[str, Any], bytes]

log = logging.getLogger(__name__)

_MEMORY = 1_000_000_000
_SECONDS = 6
"""Of processor time for a picture; a page of a real report takes a fifth of one."""
_DRAWERS = 2
"""Pictures that are drawn beside each other, so that a slow one holds up nobody else."""
_TEXTS = "texts"
_WAITING = 3
"""Seconds of waiting for each of processor time, since other processes run as well."""
_START_SECONDS = 30
_IDLE_SECONDS = 120.0
_MOST_BYTES = (8_000_000, ParsingLimits().max_bytes)
"""Of a picture, and of a document that lies in a file."""
_MOST_EXCERPT = 20_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DIED = "drawing it takes more memory than there is, or crashes a library"


class Drawing:
    """Draws pictures for several threads, two at a time; its processes end when they are idle."""

    def __init__(self, *, seconds: int = _SECONDS, idle_seconds: float = _IDLE_SECONDS) -> None:
        """A picture may take so many `seconds` of processor time."""
        self._drawers = [_Drawer(seconds, idle_seconds) for _ in range(_DRAWERS)]
        self._free = list(self._drawers)
        self._freed = threading.Condition()

    def page(
        self, data: bytes, sha256: str, number: int, *, excerpt: str = "", before: str = ""
    ) -> Picture:
        """Return a page (from 1) of the PDF with this hash, as it is, with an excerpt marked.

        `before` is the text before the excerpt. Raises UnreadableDocument, DrawnTooLate and
        ParsingUnavailable.
        """
        asked = {
            "sort": "page",
            "number": number,
            "excerpt": excerpt[:_MOST_EXCERPT],
            "before": before[-500:],
        }
        return _picture_of(*self._ask(asked, data, of=sha256))

    def text(self, part: Document, marks: Sequence[Span]) -> Picture:
        """Return a part of a document, as we set it; raises as `page` does."""
        asked = {"sort": "text", "marks": [(mark.start, mark.end) for mark in marks]}
        return _picture_of(*self._ask(asked, bytes(pack(part)), of=_TEXTS))

    def enclosed(self, data: bytes, of: str, suffix: str, inner: str, sha256: str) -> bytes:
        """Return the bytes of a document that lies in a file under the name `inner`.

        `of` is the hash of the file, `sha256` that of the document. Raises as `page` does.
        """
        asked = {"sort": "enclosed", "suffix": suffix, "inner": inner, "sha256": sha256}
        _, found = self._ask(asked, data, of=of)
        # The process may be in the hands of the file: only what was indexed may come of it.
        if hashlib.sha256(found).hexdigest() != sha256:
            raise UnreadableDocument(_DIED)
        return found

    def close(self) -> None:
        """End the processes; the next picture starts another."""
        for drawer in self._drawers:
            drawer.close()

    def _ask(self, asked: Mapping[str, object], data: bytes, *, of: str) -> _Answer:
        with self._freed:
            self._freed.wait_for(lambda: self._free)
            # The one that drew of the same file, else the one that has been free the longest.
            drawer = next((each for each in self._free if each.of == of), self._free[0])
            self._free.remove(drawer)
        try:
            return drawer.ask(asked, data, of=of)
        finally:
            with self._freed:
                self._free.append(drawer)
                self._freed.notify()


def _picture_of(result: Mapping[str, Any], png: bytes) -> Picture:
    try:
        if not png.startswith(_SIGNATURE):
            raise ValueError("it is no picture")
        width, height = map(int, result["size"])
        lines, columns = map(int, result["left_out"])
        return Picture(
            png, width, height, bool(result["marked"]), str(result["missing"]), lines, columns
        )
    except FALSE_ANSWER as exc:
        raise UnreadableDocument(_DIED) from exc


class _Drawer:
    """One process, started when it is needed."""

    def __init__(self, seconds: int, idle_seconds: float) -> None:
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._process: ConfinedProcess | None = None
        self.of = ""
        """What it draws, or drew last: the hash of a file, or all texts."""
        self._end: Callable[[], object] = lambda: None
        self._timer: threading.Timer | None = None

    def ask(self, asked: Mapping[str, object], data: bytes, *, of: str) -> _Answer:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if of != self.of:
                self._stop()
            try:
                return self._asked(asked, data, of)
            finally:
                if self._process is not None:
                    self._timer = threading.Timer(self._idle_seconds, self.close)
                    self._timer.daemon = True
                    self._timer.start()

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        self._end()
        self._process = None

    def _asked(self, asked: Mapping[str, object], data: bytes, of: str) -> _Answer:
        process = self._started()
        self.of = of
        try:
            with process.within(_WAITING * self._seconds):
                send(process.stdin, json.dumps(asked).encode(), data)
                result = json.loads(receive(process.stdout, 1 << 16))
                made = receive(process.stdout, _MOST_BYTES[asked["sort"] == "enclosed"])
            if result["reason"]:
                raise UnreadableDocument(str(result["reason"]))
            return result, made
        except (*FALSE_ANSWER, RecursionError) as exc:
            self._stop()
            log.debug("a picture ended the process that draws", exc_info=exc)
            if process.is_late:
                raise DrawnTooLate from exc
            late = f"drawing it takes more than {self._seconds} seconds"
            raise UnreadableDocument(late if process.overdue else _DIED) from exc

    def _started(self) -> ConfinedProcess:
        if self._process is None:
            settings = json.dumps({"memory": _MEMORY, "seconds": self._seconds})
            process = ConfinedProcess("index.picturing.worker", settings)
            self._end = weakref.finalize(self, process.end)
            try:
                with process.within(_START_SECONDS):
                    receive(process.stdout, 1 << 16)
            except FALSE_ANSWER as exc:
                self._stop()
                if process.is_late:
                    raise DrawnTooLate from exc
                raise ParsingUnavailable("it ends, or says nothing, when started") from exc
            self._process = process
        return self._process
