from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.understanding.wording import bare


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("so alcohol is not paid?", "Alcohol is not paid."),
        (
            "I heard the toolchain is not available in Chile.",
            "The toolchain is not available in Chile.",
        ),
        ("I read that vests are worn", "Vests are worn."),
        ("we were told it is closed", "It is closed."),
        ("the lease ends in June, right?", "The lease ends in June."),
        ("can you confirm that the convoy arrived late?", "The convoy arrived late."),
        ("Yusuf will go, won't he?", "Yusuf will go."),
        ("one can take a taxi at night, or not?", "One can take a taxi at night."),
        ("is it true that nobody was hurt?", "Nobody was hurt."),
        ("can you tell me who signs the lease?", "Who signs the lease?"),
        ("could you please tell me what the per diem is", "What the per diem is"),
        ("I was wondering if alcohol is paid", "Alcohol is paid."),
        ("and who is the director", "Who is the director"),
        ("I lost my key, what now?", "What to do if you lost your key?"),
    ],
)
def test_what_only_says_that_something_is_asked_or_believed_goes(typed: str, asked: str) -> None:
    assert bare(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "stockholm per diem",
        "Is the lease signed?",
        "Who is right?",
        "which one, the left or the right?",
        "compare Malmö and Turku",
        "tell me about Karsk",
        "we claim taxi costs",
        "We go to Velin. Who approves the journey?",
        "So?",
        "I think so",
        "right",
    ],
)
def test_anything_else_stays_as_it_was_typed(typed: str) -> None:
    assert bare(typed) == typed


@given(st.text(max_size=200))
def test_something_is_always_left(typed: str) -> None:
    assert bare(typed).strip() or not typed.strip()
    assert bare(bare(typed)).strip() or not typed.strip()
