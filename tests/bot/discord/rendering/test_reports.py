"""Reports on the index, the complete text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.discord.rendering.reports import progress, reindexed, state
from bot.documents.reindexing.process import ReindexProgress
from bot.documents.reindexing.status import IndexState
from index.indexing.report import Failure, ReindexReport
from testing.samples import REPORT, STATE
from tests.bot.discord.rendering.sent import check, texts_of
from tests.bot.discord.rendering.shown import shown

_REPORT = replace(
    REPORT,
    added=("a_b\n.txt",),
    failed=(Failure("d.pdf", "it is empty", True), Failure("e", "it is a folder.", False)),
)
_STATE = replace(STATE, failing=("d_e.pdf",), model="m_l", changes=_REPORT)


def test_reindexed() -> None:
    assert shown(reindexed(_REPORT)) == (
        "------\n"
        "I now answer from 2 documents. That took 1 second.\n"
        "\n**Added (1)**\n"
        "- a\\_b␤.txt\n"
        "\n**Changed (1)**\n"
        "- b.txt\n"
        "\n**Removed (1)**\n"
        "- c.txt\n"
        "\n**Not read (2)**\n"
        "- d.pdf: it is empty. Its last good version still answers.\n"
        "- e: it is a folder."
    )


def test_nothing_to_reindex() -> None:
    nothing = ReindexReport(generation=3, documents=2, passages=9)
    assert shown(reindexed(nothing)) == ("------\nNothing has changed. I answer from 2 documents.")
    assert shown(reindexed(replace(nothing, dry_run=True))) == "------\nNothing has changed."


def test_after_an_update() -> None:
    anew = ReindexReport(generation=3, documents=2, passages=9, reused=9, outdated=True)
    assert shown(reindexed(anew)) == (
        "------\n"
        "An older version had made the index, so all documents were read anew.\n"
        "I now answer from 2 documents. That took 1 second."
    )


def test_what_could_not_be_seen_meanwhile_is_said_first() -> None:
    unwatched = ReindexReport(generation=3, documents=2, passages=9, unwatched=True)
    assert shown(reindexed(unwatched)).startswith(
        "------\n⚠️ Meanwhile it could not be seen which documents were removed or closed. "
        "Reindex once more, so that none of those answers.\n"
    )


def test_dry_run() -> None:
    assert shown(reindexed(replace(_REPORT, dry_run=True))) == (
        "------\n"
        "A reindex would do this for 3 documents. Nothing was done.\n"
        "\n**Would be added (1)**\n"
        "- a\\_b␤.txt\n"
        "\n**Would be read again (1)**\n"
        "- b.txt\n"
        "\n**Would be removed (1)**\n"
        "- c.txt\n"
        "\n**Cannot be read (2)**\n"
        "- d.pdf: it is empty. Its last good version still answers.\n"
        "- e: it is a folder."
    )


def test_long_lists_are_complete() -> None:
    names = tuple(f"folder/document {number:04}.txt" for number in range(900))
    failed = tuple(Failure(name, "why it is so " * 30, False) for name in names[:30])
    parts = reindexed(ReindexReport(1, 900, 900, added=names, failed=failed))
    for part in parts:
        check(part)
    text = "\n".join(text for part in parts for text in texts_of(part))
    assert [line for line in text.split("\n") if line.startswith("- folder")] == [
        *(f"- {name}" for name in names),
        *(f"- {failure.document}: {failure.reason}." for failure in failed),
    ]


def test_progress() -> None:
    assert shown([progress(ReindexProgress())]) == "Reindexing: getting ready …"
    assert shown([progress(ReindexProgress(3, 1_200, 1))]) == (
        "Reindexing: 3 of 1,200 documents read, 1 passage taken in. I answer meanwhile."
    )
    assert shown([progress(ReindexProgress(3, 9, 70, pages=12, seconds_left=150))]) == (
        "Reindexing: 3 of 9 documents read, 12 pages, 70 passages taken in, 2 minutes left."
        " I answer meanwhile."
    )


def test_state() -> None:
    said = state(_STATE, problems=["The disk is full."], more=["A reindex is running."])
    assert shown(said) == (
        "------\n"
        "⚠️ The disk is full.\n"
        "**I answer from 3 documents**, brought up to date <t:1769904000:R>.\n"
        "Since then: 1 document new, 1 document changed, 1 document gone. `/reindex` takes that"
        " in.\n"
        "A reindex is running.\n"
        "\n**Not read (1)**\n"
        "- d\\_e.pdf"
    )


def test_a_mended_index_is_told_of() -> None:
    assert "Generation 1 was found damaged and is not used. Generation 2 was made of" in shown(
        state(replace(_STATE, damaged=1))
    )
    assert "Generation 2, the newest, answers; `/reindex` brings it up to date." in shown(
        state(replace(_STATE, damaged=0))
    )


def test_state_of_an_index_up_to_date() -> None:
    nothing = ReindexReport(2, 3, 9)
    fresh = replace(_STATE, previous=None, failing=(), changes=nothing)
    assert shown(state(fresh)) == (
        "------\n"
        "**I answer from 3 documents**, brought up to date <t:1769904000:R>.\n"
        "Nothing has changed since then."
    )


def test_state_without_an_index() -> None:
    missing = IndexState("i", Path("c"), problem="There is no index in `i` yet.")
    assert shown(state(missing)) == "------\n⚠️ There is no index in \\`i\\` yet."
