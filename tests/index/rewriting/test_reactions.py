"""Reactions to an answer: what each is taken for, and what is none."""

from __future__ import annotations

import pytest

from index.rewriting import FollowUpKind, Turn, rewrite

ALLOWANCE = "what is the daily allowance in Oslo?"
DEPOT = "How much diesel is in the Karsk depot?"


@pytest.mark.parametrize(
    ("typed", "follows"),
    [
        ("are you sure?", FollowUpKind.AGAIN),
        ("r u sure", FollowUpKind.AGAIN),
        ("really?", FollowUpKind.AGAIN),
        ("is that right?", FollowUpKind.AGAIN),
        ("says who?", FollowUpKind.AGAIN),
        ("where does it say that?", FollowUpKind.AGAIN),
        ("source?", FollowUpKind.AGAIN),
        ("that's wrong", FollowUpKind.WRONG),
        ("thats not right", FollowUpKind.WRONG),
        ("no that's not what I asked", FollowUpKind.WRONG),
        ("this doesn't answer my question", FollowUpKind.WRONG),
        ("wrong answer!", FollowUpKind.WRONG),
    ],
)
def test_the_question_before_is_asked_again(typed: str, follows: FollowUpKind) -> None:
    found = rewrite(typed, [Turn(ALLOWANCE)])
    assert (found.question, found.follow_up) == (ALLOWANCE, follows)
    assert found.carried == (ALLOWANCE,)


@pytest.mark.parametrize(
    "typed",
    [
        "tell me more",
        "more",
        "more details please",
        "go on",
        "anything else?",
        "can you elaborate?",
        "what's the rest?",
        "and then?",
        "give me an example",
        "tell me mroe",
    ],
)
def test_more_goes_on_with_the_question_before(typed: str) -> None:
    found = rewrite(typed, [Turn(ALLOWANCE)])
    assert found.follow_up is FollowUpKind.MORE
    assert found.continued == ALLOWANCE
    again = rewrite(typed, [Turn(ALLOWANCE), Turn(found.question)])
    assert again.continued == ALLOWANCE


@pytest.mark.parametrize(
    ("before", "typed", "expected"),
    [
        ("How many moons does Jupiter have?", "I meant Mars", "How many moons does Mars have"),
        (DEPOT, "no, the other depot", "How much diesel is in the other depot?"),
        (DEPOT, "I said petrol", "How much petrol is in the Karsk depot"),
        ("How many came in March?", "sorry, in April", "How many came in April?"),
        (ALLOWANCE, "not Oslo, Bergen", "what is the daily allowance in Bergen"),
        (ALLOWANCE, "not oslo but bergen", "what is the daily allowance in bergen"),
        (ALLOWANCE, "Bergen, not Oslo", "what is the daily allowance in Bergen"),
        (ALLOWANCE, "Bergen instead of Oslo", "what is the daily allowance in Bergen"),
        (ALLOWANCE, "no i meant in bergen", "what is the daily allowance in bergen"),
        (
            "who takes photos of planes",
            "No, I meant photos in the air.",
            "who takes photos in the air",
        ),
    ],
)
def test_a_correction_is_put_into_the_question_before(
    before: str, typed: str, expected: str
) -> None:
    found = rewrite(typed, [Turn(before)])
    assert found.question.startswith(expected)
    assert found.carried


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("no, I meant how many came in 2024?", "how many came in 2024?"),
        ("That's not what I asked. How much is lodging?", "How much is lodging?"),
    ],
)
def test_a_whole_question_after_a_rejection_stands_alone(typed: str, expected: str) -> None:
    found = rewrite(typed, [Turn(ALLOWANCE)])
    assert (found.question, found.carried) == (expected, ())


@pytest.mark.parametrize(
    "typed",
    [
        "is it true that alcohol is paid?",
        "is it right that nobody flies?",
        "what is wrong with the generator?",
        "which document mentions Karsk?",
        "more trucks in Karsk",
        "what is the rest leave in Stanova?",
        "when does rest leave continue?",
        "Who came by bus, not by car?",
        "thanks!",
        "sure",
        "ok great",
    ],
)
def test_what_only_begins_like_a_reaction_stands_alone(typed: str) -> None:
    found = rewrite(typed, [Turn(ALLOWANCE)])
    assert (found.question, found.carried, found.follow_up) == (typed, (), FollowUpKind.NOTHING)


def test_thanks_are_no_turn() -> None:
    turns = [Turn("Who approves travel?"), Turn("ok thanks!")]
    assert rewrite("and leave?", turns).question == "Who approves leave?"
    assert rewrite("and leave?", turns[1:]).carried == ()
