"""The progress bar: only on a terminal, and only after a while."""

from __future__ import annotations

import io

from rich.console import Console

from bot.cli.output.progress import ShownProgress, shown_progress


def _terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)


def _written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_nobody_watches() -> None:
    with shown_progress(Console(file=io.StringIO())) as progress:
        assert progress is None
    with shown_progress(_terminal(), wanted=False) as progress:
        assert progress is None


def test_what_is_done_at_once_shows_nothing() -> None:
    console = _terminal()
    with shown_progress(console) as progress:
        assert progress
        progress.documents(1, 2, 0.5)
    assert _written(console) == ""
    progress.start()  # as the timer would, if it was late
    assert _written(console) == ""


def test_documents_and_rate_are_shown() -> None:
    console = _terminal()
    now = [100.0]
    progress = ShownProgress(console, clock=lambda: now[0])
    progress.pages(20)
    progress.embedded(400)
    now[0] = 104.0
    progress.pages(60)
    progress.embedded(1600)
    progress.documents(3, 9, 0.01)
    progress.start()
    progress.stop()
    written = _written(console)
    assert "Reading and embedding documents" in written
    assert "3/9" in written
    assert "80 pages, 20/s · 2,000 passages, 500/s" in written
    assert "left" not in written  # too early to tell


def test_the_time_left_goes_by_the_share_of_what_is_to_be_read() -> None:
    console, now = _terminal(), [0.0]
    progress = ShownProgress(console, clock=lambda: now[0])
    now[0] = 1_000.0
    progress.documents(3, 9, 0.25)
    progress.start()
    progress.stop()
    assert "3/9 50 minutes left" in " ".join(_written(console).split())


def test_questions_are_counted() -> None:
    console = _terminal()
    progress = ShownProgress(console)
    progress.asked(7, 10)
    progress.start()
    progress.stop()
    assert "Asking questions" in _written(console)
    assert "7/10" in _written(console)
