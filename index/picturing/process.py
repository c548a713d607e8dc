"""Drawing: makes pictures in a confined process, which may die of them without harm.

A PDF may be made to take over the process that draws it. So no process draws pages of two files:
what it could keep of one is not to get into the picture of another, which others see.
"""

from __future__ import annotations

import json
import logging
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence

from index.document import Document, Span
from index.errors import DrawnTooLate, ParsingUnavailable, UnreadableDocument
from index.parsing.sandbox.confined_process import ConfinedProcess
from index.parsing.sandbox.protocol import FALSE_ANSWER, pack, receive, send
from index.picturing.picture import Picture

__all__ = ["Drawing"]

log = logging.getLogger(__name__)

_MEMORY = 1_000_000_000
_SECONDS = 6
"""Of processor time for a picture; a page of a real report takes a fifth of one."""
_AT_ONCE = 2
"""Pictures that are drawn beside each other, so that a slow one holds up nobody else."""
_TEXTS = "texts"
_WAITING = 3
"""Seconds of waiting for each of processor time, since other processes run as well."""
_START_SECONDS = 30
_IDLE_SECONDS = 120.0
_MOST_BYTES = 8_000_000
_MOST_EXCERPT = 20_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DIED = "drawing it takes more memory than there is, or crashes a library"


class Drawing:
    """Draws pictures for several threads, two at a time; its processes end when they are idle."""

    def __init__(self, *, seconds: int = _SECONDS, idle_seconds: float = _IDLE_SECONDS) -> None:
        """A picture may take so many `seconds` of processor time."""
        self._drawers = [_Drawer(seconds, idle_seconds) for _ in range(_AT_ONCE)]
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
            "is_pdf": True,
            "number": number,
            "excerpt": excerpt[:_MOST_EXCERPT],
            "before": before[-500:],
        }
        return self._draw(asked, data, of=sha256)

    def text(self, part: Document, marks: Sequence[Span]) -> Picture:
        """Return a part of a document, as we set it; raises as `page` does."""
        asked = {"is_pdf": False, "marks": [(mark.start, mark.end) for mark in marks]}
        return self._draw(asked, pack(part), of=_TEXTS)

    def close(self) -> None:
        """End the processes; the next picture starts another."""
        for drawer in self._drawers:
            drawer.close()

    def _draw(self, asked: Mapping[str, object], data: bytes, *, of: str) -> Picture:
        with self._freed:
            self._freed.wait_for(lambda: self._free)
            # The one that drew of the same file, else the one that has been free the longest.
            drawer = next((each for each in self._free if each.of == of), self._free[0])
            self._free.remove(drawer)
        try:
            return drawer.draw(asked, data, of=of)
        finally:
            with self._freed:
                self._free.append(drawer)
                self._freed.notify()


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

    def draw(self, asked: Mapping[str, object], data: bytes, *, of: str) -> Picture:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if of != self.of:
                self._stop()
            try:
                return self._drawn(asked, data, of)
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

    def _drawn(self, asked: Mapping[str, object], data: bytes, of: str) -> Picture:
        process = self._started()
        self.of = of
        try:
            with process.within(_WAITING * self._seconds):
                send(process.stdin, json.dumps(asked).encode(), data)
                result = json.loads(receive(process.stdout, 1 << 16))
                png = receive(process.stdout, _MOST_BYTES)
            if result["reason"]:
                raise UnreadableDocument(str(result["reason"]))
            if not png.startswith(_SIGNATURE):
                raise ValueError("it is no picture")
            width, height = map(int, result["size"])
            lines, columns = map(int, result["left_out"])
            return Picture(
                png, width, height, bool(result["marked"]), str(result["missing"]), lines, columns
            )
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
