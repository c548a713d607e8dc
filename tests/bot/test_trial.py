"""Reading a file in a process that may die of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.trial import Trial, try_reading
from index.errors import UnreadableDocument
from index.reading import ReadingLimits

LIMITS = ReadingLimits(max_bytes=100)


def test_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# Plan für Oslo\n\nWe go north.\n", encoding="utf-8")
    assert try_reading(tmp_path / "x.md", "plan.md", LIMITS) == Trial("Plan für Oslo", 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"x" * 101, "it is larger than 0.0001 MB (BRIEFING_MAX_FILE_MB)"),
    ],
)
def test_what_cannot(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "x.txt").write_bytes(content)
    with pytest.raises(UnreadableDocument) as refused:
        try_reading(tmp_path / "x.txt", "x.txt", LIMITS)
    assert refused.value.reason == reason


def test_a_reader_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dies = tmp_path / "dies"
    dies.write_text("#!/bin/sh\nkill -9 $$\n")
    dies.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dies))
    with pytest.raises(UnreadableDocument, match="brings the reader down"):
        try_reading(tmp_path / "x.txt", "x.txt", LIMITS)


def test_a_reader_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = tmp_path / "hangs"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n")
    hangs.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(hangs))
    with pytest.raises(UnreadableDocument, match="takes longer than"):
        try_reading(tmp_path / "x.txt", "x.txt", LIMITS, seconds=0.2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process' memory so")
def test_a_reader_that_wants_all_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = tmp_path / "greedy"
    program = (
        "from bot import trial; trial._be_modest()\n"
        "try: bytearray(trial._MEMORY)\n"
        'except MemoryError: print(\'{"reason": "refused"}\')\n'
    )
    greedy.write_text(f"#!{sys.executable}\n{program}")
    greedy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(greedy))
    with pytest.raises(UnreadableDocument, match="refused"):
        try_reading(tmp_path / "x.txt", "x.txt", LIMITS)
