from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.answer import QuestionKind, Says
from index.answering.kinds.talk.talk import answer_talk, talk_in

_TYPED = [
    json.loads(line)
    for line in (Path(__file__).parents[4] / "data" / "talk.jsonl").read_text("utf-8").splitlines()
]


def _said(message: str) -> str | None:
    talk = talk_in(message)
    return talk.says[0].value if talk.says and not talk.rest else None


def test_nearly_all_talk_is_recognised_for_what_it_is() -> None:
    talk = [row for row in _TYPED if row["says"]]
    missed = [row["typed"] for row in talk if _said(row["typed"]) != row["says"]]
    assert len(talk) > 250
    assert len(missed) / len(talk) <= 0.03, missed


def test_no_question_that_looks_like_talk_is_taken_for_it() -> None:
    questions = [row["typed"] for row in _TYPED if not row["says"]]
    assert len(questions) > 150
    assert not [typed for typed in questions if _said(typed)]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("thanks, and what is the per diem?", "and what is the per diem?"),
        ("ok who signs the claims", "who signs the claims"),
        ("hi! where is the assembly point?", "where is the assembly point?"),
        ("what is the per diem? thanks!", "what is the per diem?"),
        (
            "Good morning! Who is the director, please? Thanks a lot :)",
            "Who is the director, please?",
        ),
        ("thanks! and in Oslo?", "and in Oslo?"),
        ("no, the other depot", "no, the other depot"),
        ("sorry, I meant Velin", "sorry, I meant Velin"),
        ("cool chain temperature", "cool chain temperature"),
    ],
)
def test_talk_around_a_question_is_cut_off_and_a_correction_is_kept(typed: str, asked: str) -> None:
    assert talk_in(typed).rest == asked
    assert talk_in(typed).says == ()


def test_a_question_about_the_bot_before_another_is_replied_to_as_well() -> None:
    talk = talk_in("Who are you? What is the per diem?")
    assert talk.says == (Says.WHO,)
    assert talk.rest == "What is the per diem?"


def test_the_reply_is_of_the_kind_talk() -> None:
    found = answer_talk("hi! thanks a lot")
    assert found is not None
    assert found.kind is QuestionKind.TALK
    assert [reply.says for reply in found.replies] == [Says.THANKS]
    assert answer_talk("who thanked the drivers?") is None


@pytest.mark.search
@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                "ok hi thanks ! ? , who are you help and sorry no what is this 👍".split()
            ),
            max_size=70,
        ).map(" ".join),
    )
)
def test_a_message_is_talk_or_something_is_left_of_it(message: str) -> None:
    talk = talk_in(message)
    assert talk.rest in message
    assert talk.says or talk.rest == message or talk.rest


@pytest.mark.parametrize("piece", ["ok. ", "ok ", "really ", "a" * 30 + " ", "helloo" * 4 + " "])
def test_a_long_message_takes_no_time(piece: str) -> None:
    message = (piece * 2_000)[:2_000]
    began = time.process_time()
    talk_in(message)
    assert time.process_time() - began < 1
