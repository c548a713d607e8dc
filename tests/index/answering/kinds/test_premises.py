from __future__ import annotations

import pytest

from index.answering.answer import Excerpt, Says
from index.answering.kinds.premises import answer_premise
from index.answering.scope import Findings
from index.document import Span


def _found(quote: str) -> Findings:
    excerpt = Excerpt(1, quote, "a.md", "A", (), None, Span(0, len(quote)), "p", 1.0)
    return Findings(confidence=0.5, excerpts=(excerpt,))


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Why did we buy a forklift?", "No forklift is bought."),
        ("When will the owner extend the lease?", "The owner will not extend it."),
        ("How many people died in the accident?", "There was an accident. Nobody was hurt."),
        ("Who was hurt on the way?", "No fuel was spilt and nobody was hurt."),
        ("How are the old racks moved?", "The old racks are not moved."),
        ("Where do drivers smoke?", "Drivers don't smoke."),
    ],
)
def test_what_the_documents_deny_is_introduced_as_such(question: str, quote: str) -> None:
    found = answer_premise(question, _found(quote))
    assert found is not None
    assert [reply.says for reply in found.replies] == [Says.INSTEAD]
    assert found.excerpts[0].quote == quote


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Why was Lipova closed?", "Because we could no longer get there."),
        ("Why is alcohol not paid?", "Alcohol is not paid for."),
        ("Is alcohol paid?", "Alcohol is not paid for."),
        ("When does the convoy leave?", "The convoy does not leave before noon."),
        ("How much fuel could be recovered?", "2,600 litres could not be recovered."),
        ("How many vehicles came?", "Nobody was hurt."),
        ("Who signs the lease?", "The lease is signed by the director."),
        ("", "No."),
    ],
)
def test_in_doubt_nothing_is_said(question: str, quote: str) -> None:
    assert answer_premise(question, _found(quote)) is None


def test_without_an_excerpt_nothing_is_said() -> None:
    assert answer_premise("Why did we buy a forklift?", Findings()) is None
