from __future__ import annotations

import pytest

from index.answering.understanding.situations import as_situation


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("im sick what do i do", "What to do if you are sick?"),
        ("what do i do im sick", "What to do if you are sick?"),
        ("i am ill tomorrow", "What to do if you are ill?"),
        ("got bitten by a dog, what now?", "What to do if you are bitten by a dog?"),
        ("i cant come to my shift", "What to do if you cannot come to your shift?"),
        ("forgot my password", "What to do if you forgot your password?"),
        ("ok so I lost my key.", "What to do if you lost your key?"),
        ("the alarm goes off, what should we do?", "What to do if the alarm goes off?"),
        ("the query fails, what steps should I take", "What to do if the query fails?"),
        ("what if i cant come", "What to do if you cannot come?"),
    ],
)
def test_a_situation_that_is_told_asks_what_to_do(typed: str, meant: str) -> None:
    assert as_situation(typed) == meant
    assert as_situation(meant) is None


@pytest.mark.parametrize(
    "typed",
    [
        "what now",
        "lost card cost",
        "missed flights policy",
        "I heard the van is late",
        "we lost the contract in 2024",
        "I can't believe it",
        "what should I do if I am late",
        "what do we do with lost property",
        "when is the fair and what then",
        "I lost my key. Who has another?",
        "We can't smoke here, can we?",
        "I can't bring my dog?",
        "I am ill, do I get paid",
        "we lost the match, didn't we?",
        "I am late " * 40,
    ],
)
def test_anything_else_tells_no_situation(typed: str) -> None:
    assert as_situation(typed) is None
