from __future__ import annotations

import pytest

from index.answering.understanding.situations import as_situation


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("im sick what do i do", "What to do if you are sick?"),
        ("I lost my key. What now?", "What to do if you lost your key?"),
        ("the alarm goes off, what should we do?", "What to do if the alarm goes off?"),
        ("the query fails, what steps should I take", "What to do if the query fails?"),
    ],
)
def test_a_situation_that_is_told_asks_what_to_do(typed: str, meant: str) -> None:
    assert as_situation(typed) == meant
    assert as_situation(meant) is None


@pytest.mark.parametrize(
    "typed",
    [
        "what now",
        "I heard the van is late",
        "what should I do if I am late",
        "what do we do with lost property",
        "when is the fair and what then",
        "we lost the contract in 2024, what now",
        "I lost my key. Who has another? What now?",
        f"{'I am late ' * 40}what now",
    ],
)
def test_anything_else_tells_no_situation(typed: str) -> None:
    assert as_situation(typed) is None
