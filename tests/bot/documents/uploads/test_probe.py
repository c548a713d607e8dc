"""Parsing an uploaded file in a process that may die."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.documents.uploads.probe import ProbeResult, probe_file
from index.document import Document
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, parse_file
from index.parsing.sandbox import process
from index.parsing.sandbox.protocol import unpack
from tests.index.parsing.pdfs import ENDLESS_PDF

pytestmark = pytest.mark.processes

LIMITS = ParsingLimits(max_bytes=100)


def test_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# Plan für Oslo\n\nWe go north.\n", encoding="utf-8")
    assert probe_file(tmp_path / "x.md", "plan.md", LIMITS) == ProbeResult("Plan für Oslo", 0)


def test_no_text_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[int] = []

    def unpacked(packed: bytes, name: str, sha256: str) -> Document:
        received.append(len(packed))
        return unpack(packed, name, sha256)

    monkeypatch.setattr(process, "unpack", unpacked)
    (tmp_path / "x.txt").write_text("Plan\n\n" + "We go north.\n\n" * 5_000)
    limits = ParsingLimits()
    assert probe_file(tmp_path / "x.txt", "x.txt", limits) == ProbeResult("Plan", 0)
    assert received[0] < 1_000


def test_pages_are_counted() -> None:
    (paged,) = list((Path(__file__).parents[4] / "corpus").rglob("*.pdf"))[:1]
    found = probe_file(paged, "x.pdf", ParsingLimits())
    assert found.pages == len(parse_file(paged, "x.pdf", limits=ParsingLimits()).pages) > 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "it is empty"), (b"x" * 101, "it is larger than 0.0001 MB (BRIEFING_MAX_FILE_MB)")],
)
def test_what_cannot(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "x.txt").write_bytes(content)
    with pytest.raises(UnreadableDocument) as refused:
        probe_file(tmp_path / "x.txt", "x.txt", LIMITS)
    assert refused.value.reason == reason


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process so")
def test_a_file_that_would_never_end(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(ENDLESS_PDF)
    with pytest.raises(UnreadableDocument, match="takes more than 1 seconds"):
        probe_file(tmp_path / "x.pdf", "x.pdf", ParsingLimits(max_seconds=1))
