from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.understanding.wording import asks_to_act, bare


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("so alcohol is not paid?", "Alcohol is not paid."),
        (
            "I heard the toolchain is not available in Chile.",
            "The toolchain is not available in Chile.",
        ),
        ("the lease ends in June, right?", "The lease ends in June."),
        ("vpn setup pls?", "Vpn setup?"),
        ("info on parking", "Parking"),
        ("what do I need to know about parking?", "Parking?"),
        ("remind me when the store opens", "When the store opens"),
        ("quick q: how much is a hotel in Turku?", "How much is a hotel in Turku?"),
        ("Question: who drives?", "Who drives?"),
        ("quick question who drives", "Who drives"),
        ("stupid question, but can I drive at night?", "Can I drive at night?"),
        ("sorry, one last question - who drives", "Who drives"),
        ("quick one: who drives", "Who drives"),
        ("one more thing, who signs the lease", "Who signs the lease"),
        ("can you confirm that the convoy arrived late?", "The convoy arrived late."),
        ("it seems to me that vests are worn", "Vests are worn."),
        ("Yusuf will go, won't he?", "Yusuf will go."),
        ("one can take a taxi at night, or not?", "One can take a taxi at night."),
        ("is it true that nobody was hurt?", "Nobody was hurt."),
        ("someone told me that it is closed", "It is closed."),
        ("can you tell me who signs the lease?", "Who signs the lease?"),
        ("could you please tell me what the per diem is", "What is the per diem"),
        ("I was wondering if alcohol is paid", "Alcohol is paid."),
        ("and who is the director", "Who is the director"),
        ("who couldnt come to the meeting", "Who was absent from the meeting"),
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
        "question 4 of the form",
        "the question who signs the lease",
        "one thing the bag lacks",
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


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("can you book the big room for me tomorrow", True),
        ("please order two desks for us", True),
        ("remind me to call the depot", True),
        ("call me a taxi", True),
        ("can you book a room 14 days ahead?", False),
        ("remind me when the store opens", False),
        ("who books rooms for us", False),
        ("order of the agenda", False),
        ("please pay attention: what are the hours for us?", False),
    ],
)
def test_what_only_a_person_can_do(typed: str, is_one: bool) -> None:
    assert asks_to_act(typed) is is_one
