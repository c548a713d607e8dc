"""Pairs to train the reader on."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from index.chunking.chunker import ChunkLimits, split
from index.document import Span
from testing.fakes import count_words, document_of
from tools.training.reader.pairs import groups_of, pair_of
from tools.training.reader.sets import Asked, Found
from tools.training.reader.synthetic import SHARES, Mix, Rule, entities, swapped, transplanted

TEXT = "In 1825 the town of Skagen had eleven boats. The people of Anholt sold theirs in 1830."


def test_entities_are_told_by_their_shape() -> None:
    found = entities(TEXT)
    assert found["year"] == ["1825", "1830"]
    assert found["count"] == ["eleven"]
    assert found["name"] == ["Skagen", "Anholt"]


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("How many boats sailed from Skagen?", {Rule.ENTITY: "How many boats sailed from Anholt?"}),
        ("how many boats sailed from skagen", {Rule.ENTITY: "how many boats sailed from Anholt"}),
        (
            "What is the largest boat?",
            {
                Rule.ANTONYM: "What is the smallest boat?",
                Rule.NEGATION: "What isn't the largest boat?",
            },
        ),
        ("Who wrote theirs?", {Rule.EXCLUSION: "Who other than eleven wrote theirs?"}),
        ("Is it a boat?", {}),
        ("Boats of whom?", {}),
    ],
)
def test_each_rule_changes_one_thing(question: str, changed: dict[Rule, str]) -> None:
    pool = {"name": ["Skagen", "Anholt"]}
    for seed in range(20):
        rng = random.Random(seed)
        assert swapped(question, pool, TEXT, TEXT.partition(".")[0], ["eleven"], rng) == changed


def test_a_rule_that_is_far_ahead_waits() -> None:
    mix = Mix()
    assert mix.draw([]) is None
    drawn = [mix.draw({Rule.NEGATION}) for _ in range(20)]
    assert drawn[0] is Rule.NEGATION
    assert drawn.count(None) > 15


def test_a_number_is_changed_for_one_of_the_same_document() -> None:
    made = swapped("Who sailed in 1825?", entities(TEXT), TEXT, "", [], random.Random(1))
    assert made[Rule.NUMBER] != "Who sailed in 1825?"


def test_an_answer_is_not_what_is_swapped_in() -> None:
    pool = {"name": ["Skagen", "Anholt"]}
    made = swapped("Skagen or whom?", pool, TEXT, "", ["the people of Anholt"], random.Random(0))
    assert made == {}


def test_rules_have_their_shares_though_few_questions_hold_an_antonym() -> None:
    mix, rng = Mix(), random.Random(0)
    for _ in range(2000):
        mix.draw({Rule.ENTITY, *(rule for rule in Rule if rng.random() < 0.5)})
    for rule, share in SHARES.items():
        assert abs(mix.made[rule] / 2000 - share) < 0.03


def test_a_question_is_asked_of_another_name() -> None:
    own = {"name": ["Norway"]}
    assert transplanted("Who leads Norway now?", own, ["Anholt"], random.Random(0)) == (
        "Who leads Anholt now?"
    )
    assert transplanted("Who leads?", {}, ["Anholt"], random.Random(0)) is None


def asked(more: str = "") -> Asked:
    document = document_of(TEXT + more, "Boats are sold on Mondays.", name="d")
    passages = split(document, count_words, ChunkLimits(target=40, most=60))
    gold = Span(TEXT.index("eleven"), TEXT.index("eleven") + 6)
    found = tuple(
        Found(p, 1.0, 1.0, 1.0, (gold,) if p.span.contains(gold) else (), p.span.contains(gold))
        for p in passages
    )
    return Asked(
        "squad", "d", "How many boats?", True, (gold,), ("eleven",), found, {}, (1,), len(found)
    )


def test_a_pair_says_which_units_are_needed() -> None:
    one = asked()
    pair = pair_of(one.question, one.found[0], "squad")
    assert pair.answerable
    assert [answer.of(pair.text) for answer in pair.answers] == ["eleven"]
    assert sum(pair.evidence) == 1
    assert "eleven" in pair.units[pair.evidence.index(True)].of(pair.text)


def test_synthetic_pairs_do_not_answer() -> None:
    one = asked()
    for seed in range(30):
        for pairs in groups_of([one], random.Random(seed), synthetic=1.0, cropped=0.5):
            assert pairs[0].answerable
            for pair in pairs[1:]:
                assert not pair.answerable
                assert not any(pair.evidence)
            for pair in pairs:
                assert all(unit.of(pair.text).strip() for unit in pair.units)


def test_a_short_fact_may_stand_as_a_heading() -> None:
    one = asked()
    for pairs in groups_of([one], random.Random(3), headed=1.0, synthetic=0.0, transplant=0.0):
        assert pairs[0].text.startswith("In 1825 the town of Skagen had eleven boats\n\n")
        assert pairs[0].evidence[0]
        assert not any(pairs[0].evidence[1:])
        assert [answer.of(pairs[0].text) for answer in pairs[0].answers] == ["eleven"]


@pytest.mark.parametrize(
    ("set_name", "question", "twins"),
    [
        ("squad", "How many boats had Skagen?", True),
        ("wikitables", "How many boats had Skagen?", True),
        ("wikitables", "Which town had the most boats?", False),
        ("policyqa", "Boats of whom?", False),
    ],
)
def test_no_twin_is_made_where_the_passage_may_answer_it(
    set_name: str, question: str, twins: bool
) -> None:
    more = " In winter they lay on the beach, and people mended the nets of those who had drowned."
    one = replace(asked(more), set_name=set_name, question=question, answers=("eleven boats",))
    made = [
        pair
        for seed in range(20)
        for pairs in groups_of([one], random.Random(seed), synthetic=1.0, transplant=0.0)
        for pair in pairs[1:]
        if not pair.original
    ]
    assert bool(made) == twins
