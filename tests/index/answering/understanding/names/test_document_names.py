from __future__ import annotations

from dataclasses import replace

import pytest

from index.answering.scope import Scope
from index.answering.understanding.names.document_names import documents_called, named_documents
from index.store.generation import Generation
from testing.fakes import document_of
from tests.index.answering.scopes import scope_of

NAMES = {
    "security/travel-policy.docx": "Travel and security policy",
    "security/norway-force.md": "Norway and a possible force for Ukraine",
    "security/sweden-finland.md": "Sweden and Finland compared",
    "operations/q1-report-2026.pdf": "Operations report, first quarter of 2026",
    "operations/q2-report-2026.pdf": "Operations report, second quarter of 2026",
    "operations/vendor-comparison.xlsx": "Vendors",
    "meetings/minutes-2026-03-12.txt": "Team meeting",
    "meetings/minutes-2026-04-09.txt": "Team meeting",
    "filings/BESTBUY_2017_10K.pdf": "Annual report",
    "filings/BESTBUY_2018_10K.pdf": "Annual report",
}


DOCUMENTS = [document_of("text", name=name, title=title) for name, title in NAMES.items()]


@pytest.fixture
def scope(generation: Generation) -> Scope:
    return scope_of(generation)


@pytest.mark.parametrize(
    ("typed", "named", "rest"),
    [
        ("what does the travel policy say about alcohol", ["travel-policy.docx"], "alcohol"),
        ("in the Q2 report, how many accidents?", ["q2-report-2026.pdf"], "how many accidents?"),
        ("in the second quarter report: accidents", ["q2-report-2026.pdf"], "accidents"),
        ("According to the Norway brief, who leads?", ["norway-force.md"], "who leads?"),
        ("according to the norwegian brief who leads", ["norway-force.md"], "who leads"),
        ("what do the March minutes say about cars", ["minutes-2026-03-12.txt"], "cars"),
        ("vendor-comparison.xlsx cheapest", ["vendor-comparison.xlsx"], "cheapest"),
        ("what does the spreadsheet say on price", ["vendor-comparison.xlsx"], "price"),
        ("travel policy alcohol", ["travel-policy.docx"], "alcohol"),
        (
            "per the travel and security policy is a helmet needed",
            ["travel-policy.docx"],
            "is a helmet needed",
        ),
        (
            "in the report, who was late",
            [
                "BESTBUY_2017_10K.pdf",
                "BESTBUY_2018_10K.pdf",
                "q1-report-2026.pdf",
                "q2-report-2026.pdf",
            ],
            "who was late",
        ),
        ("in the Best Buy 10-K for 2017, net sales", ["BESTBUY_2017_10K.pdf"], "net sales"),
    ],
)
def test_a_question_that_points_at_a_document(
    scope: Scope, typed: str, named: list[str], rest: str
) -> None:
    found = named_documents(typed, scope)
    assert sorted(each.name.rpartition("/")[2] for each in found) == named
    assert all(each.pointed and each.rest == rest for each in found)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("who wrote the Sweden note?", ["security/sweden-finland.md"]),
        ("send me the norway brief", ["security/norway-force.md"]),
        ("the latest minutes", ["meetings/minutes-2026-04-09.txt"]),
    ],
)
def test_a_document_that_is_spoken_of(scope: Scope, typed: str, named: list[str]) -> None:
    found = named_documents(typed, scope)
    assert sorted(each.name for each in found) == named
    assert not any(each.pointed for each in found)


@pytest.mark.parametrize(
    "typed",
    [
        "Does Norway send a force to Ukraine?",
        "what is the per diem in Vienna",
        "Who signed the report on penguins?",
        "What did the minister say about Finland?",
        "who sells the cheapest lorry",
        "what was decided in the plan",
        "",
    ],
)
def test_a_subject_is_no_document(scope: Scope, typed: str) -> None:
    assert named_documents(typed, scope) == ()


def test_a_phrase_that_is_known_to_name_a_document(scope: Scope) -> None:
    (found,) = documents_called("Sweden and Finland", scope)
    assert found.name == "security/sweden-finland.md"


def test_hidden_documents_have_no_part_in_it(scope: Scope) -> None:
    visible = replace(scope, names={"operations/q1-report-2026.pdf", "security/travel-policy.docx"})
    (found,) = named_documents("what does the report say on cars", visible)
    assert found.name == "operations/q1-report-2026.pdf"
    assert named_documents("what does the norway brief say", visible) == ()
