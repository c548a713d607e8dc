"""A progress bar on the error output, for what takes longer than a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

from bot import messages
from bot.localization import _
from index.indexing.report import seconds_left

_PATIENCE_SECONDS = 1.0


@contextmanager
def shown_progress(console: Console, *, wanted: bool = True) -> Iterator[ShownProgress | None]:
    """Yield the progress bar, or None where it is not wanted or there is no terminal."""
    if not (wanted and console.is_terminal):
        yield None
        return
    progress = ShownProgress(console)
    timer = threading.Timer(_PATIENCE_SECONDS, progress.start)
    timer.daemon = True
    timer.start()
    try:
        yield progress
    finally:
        timer.cancel()
        progress.stop()


class ShownProgress:
    """Shows how far a reindex or an evaluation is, once started; any thread may report."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._lock = threading.Lock()
        self._bar: tuple[Progress, TaskID] | None = None
        self._stopped = False
        self._doing, self._done, self._total = "Getting ready", 0, 0
        self._share = 0.0
        self._began = self._clock()
        self._pages, self._first_page = 0, 0.0
        self._passages, self._first_passage = 0, 0.0

    def documents(self, done: int, total: int, share: float) -> None:
        self._set(_("Reading and embedding documents"), done, total, share)

    def asked(self, done: int, total: int) -> None:
        self._set("Asking questions", done, total, 0.0)

    def pages(self, read: int) -> None:
        with self._lock:
            self._first_page = self._first_page or self._clock()
            self._pages += read
            self._update()

    def embedded(self, passages: int) -> None:
        with self._lock:
            self._first_passage = self._first_passage or self._clock()
            self._passages += passages
            self._update()

    def start(self) -> None:
        # Most runs end before this, so they need not wait for the import.
        from rich.progress import BarColumn, Progress, TextColumn

        with self._lock:
            if self._stopped:
                return
            bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[count]}"),
                TextColumn("{task.fields[rate]}"),
                console=self._console,
                transient=True,
            )
            self._bar = bar, bar.add_task(self._doing, total=None, count="", rate="")
            self._update()
            bar.start()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._bar:
                self._bar[0].stop()

    def _set(self, doing: str, done: int, total: int, share: float) -> None:
        with self._lock:
            self._doing, self._done, self._total, self._share = doing, done, total, share
            self._update()

    def _update(self) -> None:
        if self._bar and not self._stopped:
            bar, task = self._bar
            bar.update(
                task,
                description=self._doing,
                completed=self._done,
                total=self._total or None,
                count=f"{self._done:,}/{self._total:,}" if self._total else "",
                rate=" · ".join(filter(None, self._details())),
            )

    def _details(self) -> Iterator[str]:
        yield self._counted(messages.pages(self._pages), self._pages, self._first_page)
        passages = messages.passages(self._passages)
        yield self._counted(passages, self._passages, self._first_passage)
        left = seconds_left(self._share, self._clock() - self._began)
        yield "" if left is None else messages.time_left(left)

    def _counted(self, counted: str, number: int, first: float) -> str:
        seconds = self._clock() - first
        rate = f", {number / seconds:,.0f}/s" if seconds > 0.5 else ""
        return f"{counted}{rate}" if number else ""
