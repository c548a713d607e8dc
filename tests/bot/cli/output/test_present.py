"""Answers, passages and documents as people see them, whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from bot.cli.output import present
from bot.cli.output.rolled_up import roll_up
from index.answering.answer import (
    Difference,
    ListedDocument,
    Quote,
    Reply,
    Says,
    Standing,
    Successor,
)
from index.answering.list_requests import Extent, Lists, RollUpRequest
from index.answering.rollups.rows import RollUp, RollUpRow
from index.document import Span, TextOrigin
from index.store.catalog.document_table import DocumentRow
from testing.samples import (
    ANSWER,
    DOCUMENT,
    DOCUMENTS,
    NO_ANSWER,
    SEARCH,
    SUMMARY,
    TABLE,
    TALK,
    UNCLEAR,
    UNSURE,
)

Rendered = Callable[..., str]


def test_answer(rendered: Rendered) -> None:
    assert rendered(present.answer(ANSWER)) == (
        "[1] “Observers check the truce.”\n"
        "    Norway's force — Roles — page 1 — norway/force.pdf\n"
        "\n"
        "[2] “Oslo decides␛[31m [bold]alone[/bold].”\n"
        "    Notes — notes␤[2].txt\n"
        "\n"
        "Confidence 93%, 41 ms\n"
    )


def test_an_answer_says_how_old_it_is_and_that_its_document_is_replaced(rendered: Rendered) -> None:
    replaced = Successor("new.pdf", "A \x1b[31mnewer force", "2026-04-28")
    standing = Standing("norway/force.pdf", "Force", "2026-01-19", replaced_by=replaced)
    dated = replace(
        ANSWER, excerpts=ANSWER.excerpts[:1], standings=(standing,), today=date(2026, 11, 29)
    )
    assert (
        "norway/force.pdf — 19 Jan 2026, ten months old"
        " — replaced on 28 Apr 2026 by A ␛[31mnewer force"
    ) in " ".join(rendered(present.answer(dated)).split())


def test_what_may_not_answer(rendered: Rendered) -> None:
    assert rendered(present.answer(replace(UNSURE, excerpts=UNSURE.excerpts[:1]))) == (
        "I am not sure that this answers it.\n"
        "\n"
        "[1] “Observers check the truce.”\n"
        "    Norway's force — Roles — page 1 — norway/force.pdf\n"
        "\n"
        "Confidence 41%, 41 ms\n"
    )


def test_no_answer(rendered: Rendered) -> None:
    assert rendered(present.answer(NO_ANSWER)) == (
        "I found nothing close in the documents.\n"
        "briefing-bot search shows the passages that come nearest.\n"
        "Confidence 4%, 12 ms\n"
    )


def test_no_answer_with_nothing_close(rendered: Rendered) -> None:
    nothing = replace(NO_ANSWER, closest=(), milliseconds={})
    assert rendered(present.answer(nothing)) == (
        "I found nothing close in the documents.\nConfidence 4%\n"
    )


def test_what_is_missing(rendered: Rendered) -> None:
    answer = replace(
        ANSWER, excerpts=(), uncovered=("by whom\x1b[1m", "[b]why"), unknown_names=("Oslo",)
    )
    assert rendered(present.answer(answer)) == (
        "I found nothing on: by whom␛[1m; [b]why.\n"
        "The documents do not mention Oslo.\n"
        "Confidence 93%, 41 ms\n"
    )
    silence = replace(NO_ANSWER, closest=(), milliseconds={}, unknown_names=("Oslo", "2031"))
    assert rendered(present.answer(silence)) == (
        "I found nothing close in the documents.\n"
        "The documents do not mention Oslo or 2031.\n"
        "Confidence 4%\n"
    )


def test_small_talk_has_no_confidence(rendered: Rendered) -> None:
    assert rendered(present.answer(TALK)) == (
        "You are welcome. briefing-bot --help shows what else I can do.\n"
    )


def test_the_documents_that_were_asked_for(rendered: Rendered) -> None:
    assert rendered(present.answer(DOCUMENTS)) == (
        "Norway's force — norway/force.pdf — 2026-01-19 — 2 mentions\n"
        "    “Observers check the truce.” — Roles — page 1\n"
        "\n"
        "Notes — notes␤[2].txt\n"
        "\n"
        "4 ms\n"
    )


def test_a_row_with_its_header_and_what_is_computed(rendered: Rendered) -> None:
    assert rendered(present.answer(TABLE)) == (
        "[1] Ferry | Seats\n"
        "    “Heron 4 | 12”\n"
        "    Ferries — ferries.csv\n"
        "\n"
        "The sum, computed: 20\n"
        "    “12” — Heron 4 — Seats — ferries.csv\n"
        "    “8” — Heron 5 — Seats — ferries.csv\n"
        "\n"
        "Confidence 90%, 30 ms\n"
    )


def test_a_row_in_a_list_has_its_header_too(rendered: Rendered) -> None:
    (row,) = TABLE.excerpts
    mentioning = ListedDocument(row.document, row.title, None, 1, row)
    listed = replace(TABLE, excerpts=(), computed=(), documents=(mentioning,))
    below = "    Ferry | Seats\n    “Heron 4 | 12”"
    assert below in rendered(present.answer(listed))
    extent = Extent(RollUpRequest(Lists.MENTIONS, "Heron"), documents=1, statements=1, rows=1)
    found = RollUp(extent, (RollUpRow(row.document, row.title, None, row),))
    assert below in rendered(roll_up(found))


def test_an_excerpt_says_where_in_its_file_it_stands(rendered: Rendered) -> None:
    read = replace(ANSWER.excerpts[0], origin=TextOrigin.RECOGNISED)
    said = rendered(present.answer(replace(ANSWER, excerpts=(read,))))
    assert "Roles — page 1 — recognised text — norway/force.pdf" in said


def test_a_summary_with_what_is_in_the_document(rendered: Rendered) -> None:
    assert rendered(present.answer(SUMMARY)) == (
        "[1] “Observers check the truce.”\n"
        "    Norway's force — Roles — page 1 — norway/force.pdf\n"
        "\n"
        "Contents\n"
        "  Roles\n"
        "    Terms\n"
        "\n"
        "Confidence 93%, 41 ms\n"
    )


@pytest.mark.parametrize(
    "operation", ["sum", "difference", "count", "average", "greatest", "least"]
)
def test_every_operation_has_its_words(operation: str, rendered: Rendered) -> None:
    (value,) = TABLE.computed
    said = rendered(present.answer(replace(TABLE, computed=(replace(value, operation=operation),))))
    assert re.search(r"^(The \w+, (computed|compared)|Counted): 20$", said, re.MULTILINE)


def test_a_question_with_several_readings(rendered: Rendered) -> None:
    assert rendered(present.answer(UNCLEAR)) == (
        "Which of these do you mean?\n"
        "- Norway: who is the minister of Norway?\n"
        "- Sweden: who is the minister of Sweden?\n"
        "\n"
        "Confidence 50%, 35 ms\n"
    )


@pytest.mark.parametrize(
    ("emphasis", "set_off"),
    [
        ((), []),
        ((Span(7, 16), Span(27, 32)), ["Observers", "truce"]),
        ((Span(27, 32), Span(7, 16)), ["Observers", "truce"]),
        ((Span(7, 22), Span(17, 26)), ["Observers check", " the"]),
        ((Span(7, 33),), ["Observers check the truce."]),
        ((Span(0, 99),), ["Observers check the truce."]),
    ],
)
def test_emphasis(emphasis: tuple[Span, ...], set_off: list[str]) -> None:
    excerpt = replace(ANSWER.excerpts[0], emphasis=emphasis)
    console = Console(width=80, color_system="standard", force_terminal=True)
    first, *_ = present.answer(replace(ANSWER, excerpts=(excerpt,)))
    segments = list(console.render(first))
    marked = [s.text for s in segments if s.style and s.style.color and s.style.color.number == 3]
    assert marked == set_off
    assert "“Observers check the truce.”" in "".join(segment.text for segment in segments)


def test_search(rendered: Rendered) -> None:
    assert rendered(present.search(SEARCH), width=80) == (
        "[1] Observers check the truce.\n"
        "    Norway's force — Roles › Ground — page 1 — norway/force.pdf — score 4.250\n"
        "\n"
        "1 passage, 5 ms\n"
    )
    assert rendered(present.search(replace(SEARCH, hits=()))) == "Nothing was found.\n"


def test_document(rendered: Rendered) -> None:
    assert rendered(present.document(DOCUMENT)) == (
        "Norway's force\n"
        "norway/force.pdf — 2026-01-19\n"
        "The second page is a scan.\n"
        "\n"
        "Roles\n"
        "\n"
        "Observers check the truce.\n"
        "Advisers help to rebuild.\n"
        "\n"
        "Terms\n"
        "\n"
        "Oslo decides.\n"
    )


def test_one_page(rendered: Rendered) -> None:
    assert rendered(present.document(DOCUMENT, 2)) == (
        "Norway's force\n"
        "norway/force.pdf — 2026-01-19 — page 2\n"
        "The second page is a scan.\n"
        "\n"
        "Terms\n"
        "\n"
        "Oslo decides.\n"
    )


def test_headings_are_set_off() -> None:
    console = Console(width=80, color_system="standard", force_terminal=True)
    *_, text = present.document(DOCUMENT)
    bold = [s.text for s in console.render(text) if s.style and s.style.bold]
    assert bold == ["Roles", "Terms"]


def test_documents(rendered: Rendered) -> None:
    at = "2026-02-01T00:00:00+00:00"
    rows = [
        DocumentRow("a.txt", "The first", "2026-01-19T10:00:00", 2, 1234, at, None, ()),
        DocumentRow("b.txt", "B", None, None, 1, at, "it is empty", ()),
        DocumentRow("c\n.pdf", None, None, None, 0, None, "it is damaged", ()),
        DocumentRow("d.txt", "D", None, None, 1, at, None, ("It is a copy of a.txt.",)),
    ]
    assert rendered(present.documents(rows), width=90) == (
        "Document                         Date        Pages  Passages  Indexed           Read\n"
        "a.txt                            2026-01-19      2      1234  2026-02-01 00:00  ok\n"
        "The first\n"
        "b.txt                                                      1  2026-02-01 00:00  stale\n"
        "B\n"
        "it is empty; its last good\n"
        "version answers\n"
        "c␤.pdf                                                     0                    not read\n"
        "it is damaged\n"
        "d.txt                                                      1  2026-02-01 00:00  remark\n"
        "D\n"
        "It is a copy of a.txt.\n"
        "\n"
        "2 documents read, 2 not.\n"
    )
    replaced = {"b.txt": Successor("a.txt", "The first", "2026-01-19")}
    assert "replaced on 19 Jan 2026 by The first" in rendered(
        present.documents(rows, replaced), width=120
    )
    assert rendered(present.documents([])) == "No document of that name is known.\n"


def test_documents_that_differ(rendered: Rendered) -> None:
    first, other = ANSWER.excerpts
    sides = (Quote("Observers", Span(7, 16)), Quote("Oslo", Span(100, 104)))
    differing = replace(
        ANSWER,
        replies=(Reply(Says.DIFFER, {"titles": (first.title, other.title)}),),
        standings=(Standing(first.document, first.title, "2026-01-19", owner="Anna\nBerg"),),
        differences=(Difference("name", (first, other), sides),),
    )
    shown = rendered(present.answer(differing))
    assert shown.startswith(
        "The documents differ on this, and I cannot tell which is right:\n"
        "  [1] “Observers” (Norway's force, 19 Jan 2026, owner: Anna␤Berg)\n"
        "  [2] “Oslo” (Notes, no date)\n\n[1]"
    )
    assert shown.endswith("Confidence 93% that they are about this, 41 ms\n")
