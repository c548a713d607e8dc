from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, ParsingOptions, parse_files
from index.parsing.sandbox import pool
from index.parsing.sandbox.pool import ParsingPool
from index.parsing.sandbox.process import ParsingProcess
from testing.made_files import pdf_of
from tests.index.parsing.pdfs import ENDLESS_PDF

pytestmark = pytest.mark.processes

LIMITS, OPTIONS = ParsingLimits(), ParsingOptions()


def files_in(folder: Path, sizes: list[int]) -> list[tuple[Path, str]]:
    """Return files of so many lines each; one without any is empty."""
    made = []
    for number, size in enumerate(sizes):
        path = folder / f"{number}.txt"
        path.write_text(f"Line of {number}\n" * size)
        made.append((path, path.name))
    return made


@pytest.mark.search
def test_what_several_processes_parse_comes_in_order(tmp_path: Path) -> None:
    files = files_in(tmp_path, [(number * 7919) % 23 * 40 for number in range(150)])
    files.append((tmp_path / "gone.txt", "gone.txt"))
    found = list(ParsingPool(processes=3).parse_files(files, limits=LIMITS, options=OPTIONS))
    expected = list(parse_files(files, limits=LIMITS, options=OPTIONS))
    assert list(map(str, found)) == list(map(str, expected))
    assert [each for each in found if isinstance(each, Document)] == [
        each for each in expected if isinstance(each, Document)
    ]


@pytest.mark.search
def test_it_parses_ahead_of_what_is_taken_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_GROUP_BYTES", 1 << 14)
    taken: list[str] = []

    def listed() -> list[tuple[Path, str]]:
        return files_in(tmp_path, [1_250] * 16)  # each is a group of its own

    def watched() -> Iterator[tuple[Path, str]]:
        for path, name in listed():
            taken.append(name)
            yield path, name

    results = ParsingPool(processes=2).parse_files(watched(), limits=LIMITS, options=OPTIONS)
    next(results)
    assert 3 < len(taken) < 12
    assert len(list(results)) == 15


@pytest.mark.search
def test_a_file_that_kills_its_process_harms_no_other(tmp_path: Path) -> None:
    files = files_in(tmp_path, [100] * 6)
    files[2][0].write_text("x\n\n" * 300_000)
    limits = ParsingLimits(max_memory=150_000_000)
    found = list(ParsingPool(processes=2).parse_files(files, limits=limits, options=OPTIONS))
    assert [isinstance(each, Document) for each in found] == [True, True, False, True, True, True]
    assert "memory" in str(found[2])


@pytest.mark.search
def test_nothing_is_left_when_nobody_takes_the_rest(tmp_path: Path) -> None:
    others = set(psutil.Process().children())
    files = files_in(tmp_path, [20_000] * 12)
    (tmp_path / "endless.pdf").write_bytes(ENDLESS_PDF)
    files[3:3] = [(tmp_path / "endless.pdf", "endless.pdf")]
    results = ParsingPool(processes=2).parse_files(files, limits=LIMITS, options=OPTIONS)
    assert isinstance(next(results), Document)
    results.close()  # type: ignore[attr-defined]
    assert set(psutil.Process().children()) == others


@pytest.mark.search
def test_pages_are_told_while_a_file_is_read(tmp_path: Path) -> None:
    pages = (f"Page {number} of the report." for number in range(40))
    (tmp_path / "long.pdf").write_bytes(pdf_of(*pages))
    told: list[int] = []
    files = [(tmp_path / "long.pdf", "long.pdf")]
    (document,) = ParsingPool(processes=1).parse_files(
        files, limits=LIMITS, options=OPTIONS, pages_read=told.append
    )
    assert not isinstance(document, UnreadableDocument)
    assert (sum(told), len(told) > 1) == (40, True)


@pytest.mark.search
def test_a_process_that_waits_is_for_the_next_files_alone(tmp_path: Path) -> None:
    files, parsing = files_in(tmp_path, [3]), ParsingPool(processes=1)
    parsing.prepare(limits=LIMITS, options=OPTIONS)
    waiting = parsing._ready
    assert waiting is not None
    worker = waiting._worker
    (found,) = parsing.parse_files(files, limits=LIMITS, options=OPTIONS)
    assert isinstance(found, Document)
    assert (parsing._ready, waiting._worker) == (None, None)  # it read these, and has ended
    assert worker is not None
    assert worker._process.returncode is not None
    with ParsingProcess() as other:
        list(other.parse_files(files, limits=LIMITS, options=OPTIONS))
        assert other.enforced == waiting.enforced != frozenset()
