from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.answering.tuning import TUNING
from index.answering.understanding.decomposition import QuestionPart, parts_of

_QUESTIONS = Path(__file__).parents[3] / "data" / "part-questions.jsonl"


def _parts_of(question: str) -> tuple[QuestionPart, ...]:
    return parts_of(question, TUNING)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("capital of Norway? and of Sweden?", ["capital of Norway?", "capital of Sweden?"]),
        (
            "what is the price in Arvik? and in Holm?",
            ["what is the price in Arvik?", "what is the price in Holm?"],
        ),
        (
            "When was Larkfield founded and by whom?",
            ["When was Larkfield founded?", "by whom was Larkfield founded?"],
        ),
        (
            "What is the Brenna bridge, and why was it closed?",
            ["What is the Brenna bridge?", "why was the Brenna bridge closed?"],
        ),
        (
            "When and where was the treaty signed?",
            ["When was the treaty signed?", "where was the treaty signed?"],
        ),
        (
            "How many vehicles and how many people did the convoy lose?",
            ["How many vehicles did the convoy lose?", "how many people did the convoy lose?"],
        ),
        (
            "Who is the hub manager? When does the lease end?",
            ["Who is the hub manager?", "When does the lease end?"],
        ),
        (
            "Who is the director? When did Lipova close? Is there a forklift?",
            ["Who is the director?", "When did Lipova close?", "Is there a forklift?"],
        ),
        ("per diem vienna? speed on snow?", ["per diem vienna?", "speed on snow?"]),
        (
            "1. who signs the claims\n2. lease end\n3. per diem in Oslo",
            ["who signs the claims?", "lease end?", "per diem in Oslo?"],
        ),
        (
            "I have two questions:\n- who signs the claims?\n- how old is the depot?",
            ["who signs the claims?", "how old is the depot?"],
        ),
        (
            "1) who signs the claims? 2) when does the lease end?",
            ["who signs the claims?", "when does the lease end?"],
        ),
        (
            "Who signs the claims?\nWhen does the lease end?",
            ["Who signs the claims?", "When does the lease end?"],
        ),
        (
            "What is the per diem, how fast may I drive on snow, and who is the director?",
            ["What is the per diem?", "how fast may I drive on snow?", "who is the director?"],
        ),
        (
            "is there a forklift and are riders allowed?",
            ["is there a forklift?", "are riders allowed?"],
        ),
        (
            "Explain what a stock point is and how it works",
            ["Explain what a stock point is?", "how a stock point works?"],
        ),
        (
            "compare conscription in Sweden and Finland",
            ["What is conscription in Sweden?", "What is conscription in Finland?"],
        ),
        (
            "Compare the number of kits in Sweden and in Finland.",
            ["What is the number of kits in Sweden?", "What is the number of kits in Finland?"],
        ),
        (
            "Compare the capacity of Malmö with that of Turku",
            ["What is the capacity of Malmö?", "What is the capacity of Turku?"],
        ),
        (
            "how does the Malmö store compare with the Turku store?",
            ["What is the Malmö store?", "What is the Turku store?"],
        ),
        (
            "difference between the Malmö and the Turku store",
            ["What is the Malmö store?", "What is the Turku store?"],
        ),
        (
            "How many letters came? how many complaints?",
            ["How many letters came?", "how many complaints?"],
        ),
        (
            "Sweden's versus Finland's conscription",
            ["What is Sweden's conscription?", "What is Finland's conscription?"],
        ),
        (
            "What is the difference in price between racks and shelves?",
            ["What is price of racks?", "What is price of shelves?"],
        ),
    ],
)
def test_each_part_stands_alone(question: str, parts: list[str]) -> None:
    assert [part.question for part in _parts_of(question)] == parts


def test_a_part_is_named_as_it_was_typed_where_that_says_enough() -> None:
    named = [p.wording for p in _parts_of("What is the Brenna bridge, and why was it closed?")]
    assert named == ["What is the Brenna bridge", "why was it closed"]
    named = [p.wording for p in _parts_of("When was Larkfield founded and by whom?")]
    assert named == ["When was Larkfield founded", "by whom was Larkfield founded"]
    assert [p.wording for p in _parts_of("Malmö versus Turku")] == ["Malmö", "Turku"]


@pytest.mark.parametrize(
    "question",
    [
        "Which two missions did NATO lead in Bosnia and Herzegovina?",
        "who runs command and control in Velin",
        "Where are the search and rescue teams?",
        "When did Sweden and Finland join NATO?",
        "Who checks tyres, wheel nuts and lights?",
        "What is the difference between Bosnia and Herzegovina and Serbia?",
        "Who trains the guards who patrol and who search the ferries?",
        "Which plan was approved in May and is in force?",
        "Who said that Norway is ready, and when?",
        "where did Australian troops go and fight after Gallipoli",
        "What is the difference between what the plan says and what the police say?",
        "How much less steam did the Corliss engine use compared to the Watt engine?",
        "Where were Persians more successful compared to Chinese in the Yuan?",
        "How did France differ from Britain in managing its colonies?",
        "who is rosaline and how is she related to the capulets",
        "We go to Velin. Who approves the journey?",
        "Which vans are new and can carry fuel?",
        "Which depot, where the tanks are, is closed?",
        "Hello.\nWe go to Velin.\nWho approves the journey?",
        "a? b? c? d? e? f?",
        "",
        "and",
        "When is the meeting? who leads it? where?",
    ],
)
def test_a_question_in_doubt_has_no_parts(question: str) -> None:
    assert _parts_of(question) == ()


def test_most_two_part_questions_over_the_corpus_have_two_parts_and_others_none() -> None:
    questions: list[dict[str, Any]] = [
        json.loads(line) for line in _QUESTIONS.read_text("utf-8").splitlines()
    ]
    two = [q for q in questions if len(q["expected"]) == 2]
    cut = [q for q in two if len(_parts_of(q["question"])) == 2]
    assert len(two) >= 60
    assert len(cut) / len(two) > 0.85
    assert not [q for q in questions if len(q["expected"]) == 1 and _parts_of(q["question"])]


@example("? 0")
@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                "who what when and compare with between versus is it the Oslo roles ? , by whose"
                " does difference in of that Sweden's explain how many vs".split()
            ),
            max_size=70,
        ).map(" ".join),
    )
)
def test_there_are_up_to_five_parts_or_none(question: str) -> None:
    parts = _parts_of(question)
    assert len(parts) in (0, 2, 3, 4, 5)
    assert all(part.question.strip(" ?") and part.wording.strip() for part in parts)
