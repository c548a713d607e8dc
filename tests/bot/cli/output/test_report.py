"""Reports on the index as people see them, whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.check_results import CheckResult
from bot.cli.output import report
from bot.documents.reindexing.status import IndexState
from index.indexing.report import ReindexReport
from index.store.pointer import Pointer
from testing.samples import REPORT, STATE

Rendered = Callable[..., str]


def test_reindexed(rendered: Rendered) -> None:
    assert rendered(report.reindexed(REPORT), width=90) == (
        "Added (1):\n"
        "  a␤.txt\n"
        "Changed (1):\n"
        "  b.txt\n"
        "Removed (1):\n"
        "  c.txt\n"
        "Not read (2):\n"
        "  d.pdf: it is empty; its last good version still answers\n"
        "  e: it is a folder\n"
        "Generation 3 holds 2 documents in 1 passage; 5 passages embedded, 1 reused, in 1.2 s.\n"
    )


def test_nothing_to_reindex(rendered: Rendered) -> None:
    nothing = ReindexReport(generation=3, documents=2, passages=9)
    assert rendered(report.reindexed(nothing)) == (
        "Nothing has changed. Generation 3 holds 2 documents in 9 passages.\n"
    )
    assert rendered(report.reindexed(replace(nothing, dry_run=True))) == "Nothing has changed.\n"


def test_after_an_update(rendered: Rendered) -> None:
    anew = ReindexReport(generation=3, documents=2, passages=9, reused=9, outdated=True)
    assert rendered(report.reindexed(anew), width=200) == (
        "An older version had made the index, so all documents were read anew. Generation 3 holds "
        "2 documents in 9 passages; 0 passages embedded, 9 reused, in 0.0 s.\n"
    )


def test_what_could_not_be_seen_meanwhile_is_said_last(rendered: Rendered) -> None:
    unwatched = ReindexReport(generation=3, documents=2, passages=9, unwatched=True)
    assert rendered(report.reindexed(unwatched), width=200).endswith(
        "\nMeanwhile it could not be seen which documents were removed or closed. Reindex once "
        "more, so that none of those answers.\n"
    )


def test_dry_run(rendered: Rendered) -> None:
    planned = ReindexReport(None, 1, 0, added=("a.txt",), dry_run=True)
    assert rendered(report.reindexed(planned)) == (
        "Added (1):\n  a.txt\nA reindex would do this for 1 document. Nothing was done.\n"
    )


def test_long_lists_are_cut_short(rendered: Rendered) -> None:
    many = ReindexReport(1, 25, 25, added=tuple(f"{number:02}.txt" for number in range(25)))
    lines = rendered(report.reindexed(many)).splitlines()
    assert lines[:2] == ["Added (25):", "  00.txt"]
    assert lines[20:22] == ["  19.txt", "  and 5 more"]


def test_rolled_back(rendered: Rendered) -> None:
    assert rendered(
        report.rolled_back(Pointer(current=2, previous=3), ("a\x1b.md",)), width=90
    ) == (
        "Generation 2 answers now; generation 3 is kept, and the same command goes back to it.\n"
        "Left out, as they are for others now: 1: a␛.md.\n"
    )


def test_state(rendered: Rendered) -> None:
    assert rendered(report.state(STATE)) == (
        "Generation  2, with 1 kept for rollback\n"
        "Created     2026-02-01 00:00 (2 hours ago)\n"
        "Documents   3\n"
        "Passages    1,009\n"
        "Not read    1: d.pdf\n"
        "Model       m\n"
        "Index       i (1.2 MB)\n"
        "Corpus      c\n"
        "Since then  1 added, 1 changed, 1 removed: run `briefing-bot reindex`\n"
    )


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [
        (1, "generation 1 was found damaged; this one was made of what was whole."),
        (0, "the file CURRENT was found damaged; this is the newest generation."),
    ],
)
def test_a_mended_index(rendered: Rendered, damaged: int, expected: str) -> None:
    shown = rendered(report.state(replace(STATE, damaged=damaged)), width=200)
    assert f"{expected} Run `briefing-bot reindex`\n" in shown


def test_state_without_an_index(rendered: Rendered) -> None:
    state = IndexState(index="i", corpus=Path("c"), problem="There is no index.")
    assert rendered(report.state(state)) == (
        "Index   i (0.0 MB)\nCorpus  c\n\nThere is no index.\n"
    )


@pytest.mark.parametrize(
    ("seconds", "age"),
    [(-5, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (3_599, "59 minutes"),
     (86_399, "23 hours"), (200_000, "2 days")],
)  # fmt: skip
def test_age(seconds: int, age: str, rendered: Rendered) -> None:
    assert f"({age} ago)" in rendered(report.state(replace(STATE, age_seconds=seconds)))


def test_findings(rendered: Rendered) -> None:
    found = [
        CheckResult("Python", True, "3.11"),
        CheckResult("Index", False, "There is none.", "Run this."),
        CheckResult("Document", False, "d.pdf: it is empty.", needed=False),
    ]
    assert rendered(report.findings(found)) == (
        "✓ Python   3.11\n"
        "! Document d.pdf: it is empty.\n"
        "✗ Index    There is none. Run this.\n"
        "\n"
        "1 thing that is needed is missing.\n"
    )
    assert rendered(report.findings(found[:1])) == (
        "✓ Python 3.11\n\nEverything that is needed is here.\n"
    )
