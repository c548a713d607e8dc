"""The documented JSON objects, whole and in order."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.check_results import CheckResult
from bot.cli.output.as_json import answers as answers_as_json
from bot.cli.output.as_json import index as index_as_json
from bot.documents.reindexing.status import IndexState
from index.answering.answer import Standing, Successor
from index.document import Style, StyleKind
from index.indexing.report import Failure, ReindexReport
from index.store.catalog.document_table import DocumentRow
from index.store.catalog.particulars import Origin
from index.store.pointer import Pointer
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

_FIRST = (
    '{"number": 1, "quote": "Observers check the truce.", "document": "norway/force.pdf", '
    '"title": "Norway\'s force", "heading": ["Roles"], "page": 1, '
    '"slide": null, "sheet": null, "rows": null, "clause": null, "start": 7, "end": 33, '
    '"header": null, "origin": "body", "passage": "0123456789abcdef0123", "score": 4.25}'
)
_NOTHING_ELSE = (
    '"documents": [], "computed": [], "choices": [], "contents": [], "differences": [], '
    '"uncovered": [], "unmentioned": [], "standings": [], "list": null}'
)


def test_answer() -> None:
    assert json.dumps(answers_as_json.answer(ANSWER, "what roles?")) == (
        '{"question": "what roles?", "understood": null, "kind": "fact", "verdict": "answered", '
        '"answered": true, "confidence": 0.9312, "generation": 7, '
        '"milliseconds": {"total": 41.2, "retrieve": 3.1}, "reply": "", "excerpts": ['
        + _FIRST
        + ", "
        '{"number": 2, "quote": "Oslo decides\\u001b[31m [bold]alone[/bold].", '
        '"document": "notes\\n[2].txt", "title": "Notes", "heading": [], "page": null, '
        '"slide": null, "sheet": null, "rows": null, "clause": null, '
        '"start": 100, "end": 134, "header": null, "origin": "body", '
        '"passage": "fedcba98765432100000", '
        '"score": -1.5}], "closest": [], ' + _NOTHING_ELSE
    )


def test_the_standing_of_a_document() -> None:
    found = Standing(
        "a.md",
        "A",
        date="2026-01-19",
        date_from=Origin.FIELD,
        replaced_by=Successor("b.md", "B", None),
        until="2027",
    )
    assert json.dumps(answers_as_json.standing(found)) == (
        '{"document": "a.md", "title": "A", "date": "2026-01-19", "date_from": "field", '
        '"version": null, "owner": null, "classification": null, "holds_from": null, '
        '"holds_until": "2027", "review_by": null, "withdrawn": false, "said": null, '
        '"replaced_by": {"document": "b.md", "title": "B", "since": null}}'
    )


def test_no_answer() -> None:
    assert json.dumps(answers_as_json.answer(NO_ANSWER, "who won?")) == (
        '{"question": "who won?", "understood": null, "kind": "fact", "verdict": "silent", '
        '"answered": false, "confidence": 0.04, "generation": 7, "milliseconds": {"total": 12.5}, '
        '"reply": "", "excerpts": [], "closest": [' + _FIRST + "], " + _NOTHING_ELSE
    )


def test_what_may_not_answer_is_shown_and_no_answer() -> None:
    found = answers_as_json.answer(UNSURE, "what roles?")
    assert (found["verdict"], found["answered"]) == ("unsure", False)
    assert [excerpt["number"] for excerpt in found["excerpts"]] == [1, 2]
    assert found["closest"] == []


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("what roles?", None),
        (" what roles? ", None),
        ("wat roles?", "what roles?"),
        ("and what roles?", "what roles?"),
    ],
)
def test_what_was_understood(typed: str, understood: str | None) -> None:
    assert answers_as_json.answer(ANSWER, typed)["understood"] == understood


def test_small_talk() -> None:
    found = answers_as_json.answer(TALK, "thanks!")
    assert (found["kind"], found["excerpts"]) == ("talk", [])
    assert found["reply"] == "You are welcome. briefing-bot --help shows what else I can do."


def test_documents_that_were_asked_for() -> None:
    found = answers_as_json.answer(DOCUMENTS, "which documents mention the truce?")
    assert found["kind"] == "collection"
    assert json.dumps(found["documents"]) == (
        '[{"document": "norway/force.pdf", "title": "Norway\'s force", "date": '
        '"2026-01-19T10:00:00", "mentions": 2, "quote": ' + _FIRST + "}, "
        '{"document": "notes\\n[2].txt", "title": "Notes", "date": null, "mentions": 0, '
        '"quote": null}]'
    )


def test_a_row_with_its_header_and_what_is_computed() -> None:
    found = answers_as_json.answer(TABLE, "seats of both ferries")
    assert found["excerpts"][0]["header"] == {"text": "Ferry | Seats", "start": 0, "end": 13}
    assert json.dumps(found["computed"]) == (
        '[{"operation": "sum", "value": "20", "cells": ['
        '{"document": "ferries.csv", "quote": "12", "start": 24, "end": 26, "column": "Seats", '
        '"row": "Heron 4"}, '
        '{"document": "ferries.csv", "quote": "8", "start": 35, "end": 36, "column": "Seats", '
        '"row": "Heron 5"}]}]'
    )


def test_what_is_in_a_document_that_is_summarised() -> None:
    assert answers_as_json.answer(SUMMARY, "summarise the force")["contents"] == [
        {"text": "Roles", "level": 1, "document": "norway/force.pdf", "start": 0, "end": 5},
        {"text": "Terms", "level": 2, "document": "norway/force.pdf", "start": 61, "end": 66},
    ]


def test_choices() -> None:
    assert answers_as_json.answer(UNCLEAR, "who is the minister?")["choices"] == [
        {"label": "Norway", "question": "who is the minister of Norway?"},
        {"label": "Sweden", "question": "who is the minister of Sweden?"},
    ]


def test_what_is_missing() -> None:
    missing = replace(ANSWER, uncovered=("by whom",), unknown_names=("Oslo",))
    answer = answers_as_json.answer(missing, "what roles?")
    assert (answer["uncovered"], answer["unmentioned"]) == (["by whom"], ["Oslo"])
    silence = answers_as_json.answer(replace(NO_ANSWER, unknown_names=("Oslo",)), "who won?")
    assert silence["unmentioned"] == ["Oslo"]


def test_the_place_of_a_row_in_its_sheet() -> None:
    style = Style(StyleKind.ROW, ANSWER.excerpts[0].span, text="12")
    row = replace(
        ANSWER.excerpts[0], document="a.xlsx", heading=("Offers",), page=2, styles=(style,)
    )
    found = answers_as_json.excerpt(row)
    assert {key: found[key] for key in ("heading", "page", "slide", "sheet", "rows", "clause")} == {
        "heading": ["Offers"],
        "page": 2,
        "slide": None,
        "sheet": "Offers",
        "rows": [12, 12],
        "clause": None,
    }


def test_search() -> None:
    assert json.dumps(answers_as_json.search(SEARCH)) == (
        '{"query": "truce", "generation": 7, "milliseconds": {"total": 5.0}, "hits": ['
        '{"rank": 1, "score": 4.25, "document": "norway/force.pdf", "title": "Norway\'s force", '
        '"heading": ["Roles", "Ground"], "page": 1, '
        '"slide": null, "sheet": null, "rows": null, "clause": null, "start": 7, "end": 33, '
        '"header": null, "origin": "body", "text": "Observers check the truce.", '
        '"passage": "0123456789abcdef0123"}], "standings": [], "absent": []}'
    )


def test_document() -> None:
    assert json.dumps(index_as_json.document(DOCUMENT)) == (
        '{"document": "norway/force.pdf", "title": "Norway\'s force", "sha256": "'
        + "ab" * 32
        + '", "text": "Roles\\n\\nObservers check the truce.\\nAdvisers help to rebuild.\\n'
        '\\fTerms\\n\\nOslo decides.", "pages": [[0, 60], [61, 81]], "headings": ['
        '{"text": "Roles", "level": 1, "start": 0, "end": 5, "page": 1}, '
        '{"text": "Terms", "level": 2, "start": 61, "end": 66, "page": 2}]}'
    )


def test_reindexed() -> None:
    report = ReindexReport(
        generation=3,
        documents=2,
        passages=9,
        added=("a.txt",),
        changed=("b.txt",),
        removed=("c.txt",),
        unchanged=4,
        failed=(Failure("d.pdf", "it is empty", stale=True),),
        embedded=5,
        reused=1,
        seconds=1.23456,
    )
    assert json.dumps(index_as_json.reindexed(report)) == (
        '{"generation": 3, "documents": 2, "passages": 9, "added": ["a.txt"], '
        '"changed": ["b.txt"], "removed": ["c.txt"], "unchanged": 4, '
        '"failed": [{"document": "d.pdf", "reason": "it is empty", "stale": true}], '
        '"held": [], "embedded": 5, "reused": 1, "seconds": 1.235, "outdated": false, '
        '"unwatched": false}'
    )


def test_rolled_back() -> None:
    pointer = Pointer(current=2, previous=3)
    assert index_as_json.rolled_back(pointer, ("a.md",)) == {
        "generation": 2,
        "previous": 3,
        "left_out": ["a.md"],
        "held": [],
    }


def test_documents() -> None:
    rows = [
        DocumentRow("a.txt", "A", "2026-01-19", 2, 3, "2026-02-01T00:00:00+00:00", None, ("Hm.",)),
        DocumentRow("b.txt", "B", None, None, 1, "2026-02-01T00:00:00+00:00", "it is empty", ()),
        DocumentRow("c.pdf", None, None, None, 0, None, "it is damaged", ()),
    ]
    replaced = {"a.txt": Successor("b.txt", "B", "2026-02-01")}
    assert json.dumps(index_as_json.documents(7, rows, replaced)) == (
        '{"generation": 7, "documents": ['
        '{"document": "a.txt", "title": "A", "date": "2026-01-19", '
        '"replaced_by": "b.txt", "pages": 2, "passages": 3, '
        '"indexed_at": "2026-02-01T00:00:00+00:00", "read": "ok", "reason": null, '
        '"remarks": ["Hm."]}, '
        '{"document": "b.txt", "title": "B", "date": null, '
        '"replaced_by": null, "pages": null, "passages": 1, '
        '"indexed_at": "2026-02-01T00:00:00+00:00", "read": "stale", "reason": "it is empty", '
        '"remarks": []}, '
        '{"document": "c.pdf", "title": null, "date": null, '
        '"replaced_by": null, "pages": null, "passages": 0, '
        '"indexed_at": null, "read": "failed", "reason": "it is damaged", "remarks": []}]}'
    )


def test_state() -> None:
    state = IndexState(
        index="i",
        corpus=Path("c"),
        index_bytes=10,
        generation=2,
        previous=1,
        created_at="2026-02-01T00:00:00+00:00",
        age_seconds=60,
        documents=3,
        passages=9,
        failing=("d.pdf",),
        unread=(("e.key", ".key files are not read; export them as PDF"),),
        model="m",
        changes=ReindexReport(generation=2, documents=3, passages=9, added=("e.txt",)),
    )
    assert json.dumps(index_as_json.state(state)) == (
        '{"generation": 2, "previous": 1, "damaged": null, '
        '"created_at": "2026-02-01T00:00:00+00:00", "age_seconds": 60, '
        '"documents": 3, "passages": 9, "failing": ["d.pdf"], '
        '"unread": [{"suffix": ".key", "count": 1, "advice": "export them as PDF"}], "model": "m", '
        '"index": "i", "index_bytes": 10, "corpus": "c", '
        '"changes": {"added": ["e.txt"], "changed": [], "removed": [], "held": []}, '
        '"problem": null}'
    )


def test_state_without_an_index() -> None:
    state = IndexState(index="i", corpus=Path("c"), problem="There is no index.")
    assert json.dumps(index_as_json.state(state)) == (
        '{"generation": null, "previous": null, "damaged": null, "created_at": null, '
        '"age_seconds": null, '
        '"documents": 0, "passages": 0, "failing": [], "unread": [], "model": null, "index": "i", '
        '"index_bytes": 0, "corpus": "c", "changes": null, "problem": "There is no index."}'
    )


def test_findings() -> None:
    found = [
        CheckResult("Python", True, "3.11"),
        CheckResult("Corpus", False, "c is empty.", "Put documents there.", needed=False),
    ]
    assert json.dumps(index_as_json.findings(found)) == (
        '{"ok": true, "checks": ['
        '{"name": "Python", "ok": true, "needed": true, "detail": "3.11", "remedy": ""}, '
        '{"name": "Corpus", "ok": false, "needed": false, "detail": "c is empty.", '
        '"remedy": "Put documents there."}]}'
    )
    assert index_as_json.findings([CheckResult("Index", False, "none")])["ok"] is False
