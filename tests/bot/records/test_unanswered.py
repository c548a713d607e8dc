from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.records import UnsatisfiedQuestion
from bot.records.likeness import likeness_of
from bot.records.unanswered import Gap, group
from index.answering.answer import Verdict
from testing.exchanges import exchange

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
QUESTIONS = Path(__file__).parents[2] / "data" / "corpus-questions.jsonl"


def asked(
    number: int, wording: str, *, person: int = 1, reasons: Sequence[str] = ()
) -> UnsatisfiedQuestion:
    """The question with that id, asked `number` minutes after noon."""
    asked_for = exchange(
        "and there?",
        id=number,
        at=NOON + timedelta(minutes=number),
        person=person,
        rewritten=wording,
        confidence=0.1,
        verdict=Verdict.SILENT,
    )
    return UnsatisfiedQuestion(asked_for, tuple(reasons))


def at_degrees(*angles: float) -> NDArray[np.float32]:
    """Return likenesses (n, n): cosines of the angles between two of these directions."""
    radians = np.radians(angles)
    return cosines(np.stack([np.cos(radians), np.sin(radians)], axis=1))


def cosines(vectors: NDArray[Any]) -> NDArray[np.float32]:
    return np.asarray(vectors @ vectors.T, dtype=np.float32)


def ids(gaps: Sequence[Gap]) -> list[list[int]]:
    return [[exchange.id for exchange in gap.exchanges] for gap in gaps]


def test_what_came_of_the_questions_of_a_gap() -> None:
    silent, again, unsure, marked = (asked(number, "who?", person=number) for number in range(1, 5))
    again = replace(again, exchange=replace(again.exchange, person=1))
    unsure = replace(unsure, exchange=replace(unsure.exchange, verdict=Verdict.UNSURE))
    marked = replace(marked, marked_down=True)
    (gap,) = group([silent, again, unsure, marked], at_degrees(0, 0, 0, 0), threshold=0.6)
    assert (gap.count, gap.silent, gap.unsure, gap.marked_down) == (3, 1, 1, 1)


def test_no_questions_leave_no_gaps() -> None:
    assert group([], np.zeros((0, 0), dtype=np.float32)) == []


def test_the_likeness_of_equal_vectors_may_be_rounded_above_one() -> None:
    longer = np.nextafter(np.float32(1), np.float32(2))
    vectors = np.array([[longer, 0], [longer, 0], [0, 1]], dtype=np.float32)
    questions = [asked(1, "where is the pump"), asked(2, "where's the pump"), asked(3, "how deep")]
    assert ids(group(questions, cosines(vectors), threshold=0.6)) == [[1, 2], [3]]


def test_alike_questions_become_one_gap_and_the_most_frequent_comes_first() -> None:
    questions = [
        asked(1, "Where is the pump?", reasons=["Too old."]),
        asked(2, "How deep is the well?", person=2, reasons=["Wrong well.", "Too old."]),
        asked(3, "pump where", person=3, reasons=["Too old."]),
        asked(4, "Where would the pump be?", person=4, reasons=["No map."]),
    ]
    pump, well = group(questions, at_degrees(0, 90, 10, 30), threshold=0.9)
    assert pump == Gap(
        question="pump where",  # between the other two
        exchanges=tuple(questions[n].exchange for n in (0, 2, 3)),
        count=3,
        last_at=NOON + timedelta(minutes=4),
        reasons=("Too old.", "No map."),
        silent=3,
    )
    assert (well.question, well.count) == ("How deep is the well?", 1)
    assert well.reasons == ("Wrong well.", "Too old.")


def test_gaps_of_the_same_size_are_listed_newest_first() -> None:
    questions = [asked(1, "a"), asked(3, "b"), asked(2, "c")]
    assert ids(group(questions, at_degrees(0, 90, 180), threshold=0.6)) == [[3], [2], [1]]


def test_a_person_who_repeats_the_same_words_counts_once() -> None:
    questions = [
        asked(1, "Where is the pump?"),
        asked(2, "where  is the PUMP?"),
        asked(3, "Where is the pump?", person=2),
        asked(4, "Which place has the pump?"),
    ]
    (gap,) = group(questions, at_degrees(0, 0, 0, 10), threshold=0.6)
    assert gap.count == 3
    assert len(gap.exchanges) == 4
    assert gap.question == "Where is the pump?"  # both are as near; this one was asked more


def test_the_same_words_are_one_gap_however_their_vectors_differ() -> None:
    assert ids(
        group([asked(1, "Pump?"), asked(2, "pump? ")], at_degrees(0, 90), threshold=0.6)
    ) == [[1, 2]]


def test_a_chain_of_half_alike_questions_is_not_one_gap() -> None:
    questions = [asked(n, f"question {n}") for n in range(1, 6)]
    gaps = ids(group(questions, at_degrees(0, 31, 60, 91, 120), threshold=0.85))
    assert sorted(gaps) == [[1], [2, 3], [4, 5]]


def test_as_many_likenesses_as_questions_are_needed() -> None:
    with pytest.raises(ValueError, match=r"1 questions have likenesses of \(2, 2\)"):
        group([asked(1, "a")], at_degrees(0, 1))


def by_the_book(vectors: NDArray[np.float32], threshold: float) -> set[frozenset[int]]:
    """Joins the two groups that are most alike on average, until none are alike enough."""
    groups = [[row] for row in range(len(vectors))]
    while len(groups) > 1:
        likeness, one, other = max(
            (float(np.mean(vectors[one] @ vectors[other].T)), one, other)
            for one, other in combinations(groups, 2)
        )
        if likeness < threshold:
            break
        groups = [*(g for g in groups if g not in (one, other)), one + other]
    return {frozenset(rows) for rows in groups}


@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 24), threshold=st.floats(-1, 1))
def test_groups_are_those_of_average_link_agglomeration(
    seed: int, size: int, threshold: float
) -> None:
    vectors = np.random.default_rng(seed).standard_normal((size, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    questions = [asked(n, f"question {n:02}") for n in range(size)]
    found = group(questions, cosines(vectors), threshold=threshold)
    assert {frozenset(rows) for rows in ids(found)} == by_the_book(vectors, threshold)


@given(
    questions=st.lists(
        st.tuples(st.sampled_from(["A?", "a?", "b", "c", "d", "e", "f"]), st.integers(1, 3)),
        max_size=20,
    ),
    # Few directions, so that there are ties.
    angles=st.lists(st.sampled_from([0, 30, 60, 90, 45, 180]), min_size=20, max_size=20),
    threshold=st.sampled_from([-1.0, 0.5, 0.6, 0.70710677, 0.8660254, 1.0]),
    chance=st.randoms(use_true_random=False),
)
def test_the_order_of_the_questions_changes_nothing(
    questions: list[tuple[str, int]], angles: list[int], threshold: float, chance: random.Random
) -> None:
    given_questions = [
        asked(n, wording, person=person, reasons=[f"reason {n % 3}"])
        for n, (wording, person) in enumerate(questions)
    ]
    likeness = at_degrees(*angles[: len(questions)])
    gaps = group(given_questions, likeness, threshold=threshold)
    order = list(range(len(questions)))
    chance.shuffle(order)
    shuffled = [given_questions[row] for row in order]
    assert group(shuffled, likeness[np.ix_(order, order)], threshold=threshold) == gaps
    assert sorted(number for rows in ids(gaps) for number in rows) == list(range(len(questions)))


# Each line asks one thing; many lines are about the same place or thing as another line, or as one
# of the corpus' questions.
PARAPHRASES = (
    (
        "How many Leopard tanks has Norway given to Ukraine?",
        "number of Leopards Norway donated",
        "norway leopard tanks for ukraine - how many?",
        "What quantity of Leopard tanks did Oslo send to Kyiv?",
    ),
    (
        "Who will command the Norwegian contingent?",
        "who is the commander of norway's force",
        "Which officer leads the Norwegian soldiers in Ukraine?",
    ),
    (
        "What share of its GDP does Sweden spend on defence?",
        "swedish defence budget as percentage of gdp",
        "How much of Sweden's GDP goes to the military?",
    ),
    (
        "What is the daily allowance in Berlin?",
        "per diem berlin",
        "How much per day do I get for a trip to Berlin?",
        "berlin daily allowence how much",
    ),
    (
        "Where is the assembly point of the Dorosh office?",
        "Dorosh assembly point",
        "where do we meet if the Dorosh office is evacuated?",
        "At which place do people in Dorosh gather in an evacuation?",
    ),
    (
        "What is the telephone number of the duty officer in Vienna?",
        "vienna duty officer phone",
        "How do I call the duty officer in Vienna?",
        "phone no. of the Vienna duty officer pls",
    ),
    (
        "Which model of forklift is hired for the Karsk move?",
        "what forklift are we renting for the warehouse move in Karsk",
        "karsk forklift model",
    ),
    (
        "How do I get a new badge?",
        "I lost my badge, how can I replace it?",
        "replacement badge - who do I ask?",
        "badge lost",
    ),
    (
        "When is the next fire drill?",
        "date of the upcoming fire drill",
        "next fire drill when?",
        "On which day do we practise the fire alarm?",
    ),
    (
        "Can I bring my dog to the office?",
        "are dogs allowed in the office",
        "office pets policy",
        "Is it OK to take a dog to work?",
    ),
    (
        "How many days of parental leave do we have?",
        "parental leave how long",
        "length of paternity or maternity leave",
        "How long may I stay at home after my child is born?",
    ),
    (
        "Who pays for the visa of a family member?",
        "are family visas reimbursed",
        "does the organisation cover visa fees for my spouse",
        "visa costs for relatives: who covers them?",
    ),
    (
        "What is the wifi password for guests?",
        "guest wifi password",
        "How can a visitor get on the wireless network?",
        "wlan code for visitors",
    ),
    (
        "Is the road between Lipova and Medik open?",
        "lipova - medik road status",
        "Can we drive from Lipova to Medik at the moment?",
        "Has the Lipova-Medik road been reopened?",
    ),
    (
        "How many mines were cleared from the road to Lipova?",
        "mines removed on lipova road - number",
        "What number of mines did they clear on the way to Lipova?",
    ),
    (
        "How much diesel is left in Velin?",
        "velin diesel stock",
        "What is the current fuel level at the Velin depot?",
        "how many litres of diesel are in Velin now",
    ),
    (
        "How many doses of vaccine were delivered to Velin?",
        "vaccines delivered velin how many doses",
        "How many doses of vaccine reached Velin?",
    ),
    (
        "Who approves overtime?",
        "overtime approval",
        "Whose permission do I need to work extra hours?",
        "who signs off on overtime",
    ),
    (
        "What is the speed limit for trucks in the camp?",
        "how fast may lorries drive inside the camp",
        "camp truck speed limit",
        "maximum speed for heavy vehicles in camp",
    ),
    (
        "Is there a shuttle from the airport to the hotel?",
        "airport hotel shuttle",
        "How do I get from the airport to the hotel?",
        "bus from airport to the hotel?",
    ),
)


@pytest.mark.models
def test_paraphrases_are_found_and_other_questions_kept_apart() -> None:
    from index.models.embedder import load_embedder

    lines = QUESTIONS.read_text("utf-8").splitlines()
    groups = [(json.loads(line)["question"],) for line in lines] + list(PARAPHRASES)
    meaning = {wording: number for number, same in enumerate(groups) for wording in same}
    wordings = list(meaning)
    vectors = load_embedder("all-MiniLM-L6-v2").embed_passages(wordings)
    questions = [asked(number, wording) for number, wording in enumerate(wordings)]

    def pairs(groups: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
        return {pair for rows in groups for pair in combinations(sorted(rows), 2)}

    same = {
        (one, other)
        for one, other in combinations(range(len(wordings)), 2)
        if meaning[wordings[one]] == meaning[wordings[other]]
    }
    found = pairs(ids(group(questions, likeness_of(wordings, vectors))))
    precision, recall = len(found & same) / len(found), len(found & same) / len(same)
    print(f"precision {precision:.3f}, recall {recall:.3f}")
    assert precision > 0.98
    assert recall > 0.5
