"""Questions as people type them."""

from __future__ import annotations

import random

import pytest

from tools.training.reader.phrasings import confirmed, keywords, lowered, mistyped, typed

SEEDS = [random.Random(seed) for seed in range(12)]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many boats did Skagen have?", {"boats", "Skagen"}),
        ("What is the per diem in Stockholm?", {"per", "diem", "Stockholm"}),
        ("What sailed before the war?", {"sailed", "before", "war"}),
        ("Which boats did not sail?", None),
        ("Who is it?", None),
    ],
)
def test_keywords(question: str, words: set[str] | None) -> None:
    for rng in SEEDS:
        found = keywords(question, rng)
        assert (set(found.split()) if found else None) == words


@pytest.mark.parametrize(
    ("question", "answer", "forms"),
    [
        (
            "What is the capital of France?",
            "Paris",
            {"Is Paris the capital of France?", "Paris is the capital of France."},
        ),
        ("Who founded the depot?", "Anna", {"Anna founded the depot."}),
        ("When did the talks begin?", "May", {"Did the talks begin in May?"}),
        ("When did they begin?", "in May", {"Did they begin in May?"}),
        ("How many boats did Skagen have?", "eleven", {"Did Skagen have eleven boats?"}),
        ("Why did they leave?", "the storm", set()),
        ("Who founded the depot?", "one two three four five six seven eight nine", set()),
    ],
)
def test_a_question_with_its_answer_wants_to_be_confirmed(
    question: str, answer: str, forms: set[str]
) -> None:
    for rng in SEEDS:
        found = confirmed(question, answer, rng)
        if found is None:
            assert not forms
        else:
            assert found.removeprefix("I heard that ").removeprefix("so ") in forms


def test_slips_change_one_longer_word_and_no_name() -> None:
    for rng in SEEDS:
        changed = mistyped("What did Stockholm decide of it?", rng)
        assert changed is not None
        assert changed != "What did Stockholm decide of it?"
        assert changed.startswith("What did Stockholm ")
        assert changed.endswith(" of it?")
    assert mistyped("Who is it?", SEEDS[0]) is None


def test_half_of_the_questions_keep_their_words() -> None:
    question, rng = "What is the capital of France?", random.Random(0)
    forms = [typed(question, "Paris", rng) for _ in range(400)]
    same = sum(lowered(form) == lowered(question) for form in forms)
    assert 200 < same < 340
    assert len(set(forms)) > 10
    assert not any("Paris" in typed(question, "", rng) for _ in range(100))
