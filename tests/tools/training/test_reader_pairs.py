"""Pairs to train the reader on."""

from __future__ import annotations

import random

import pytest

from index.chunking.chunker import ChunkLimits, split
from index.document import Span
from testing.fakes import count_words, document_of
from tools.training.reader.pairs import groups_of, pair_of
from tools.training.reader.sets import Asked, Found
from tools.training.reader.synthetic import entities, swapped, transplanted

TEXT = "In 1825 the town of Skagen had eleven boats. The people of Anholt sold theirs in 1830."


def test_entities_are_told_by_their_shape() -> None:
    found = entities(TEXT)
    assert found["year"] == ["1825", "1830"]
    assert found["count"] == ["eleven"]
    assert found["name"] == ["Skagen", "Anholt"]


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("How many boats sailed from Skagen?", {"How many boats sailed from Anholt?"}),
        ("how many boats sailed from skagen", {"how many boats sailed from Anholt"}),
        (
            "What is the largest boat?",
            {"What is the smallest boat?", "What isn't the largest boat?"},
        ),
        ("Boats of whom?", {None}),
    ],
)
def test_one_thing_is_changed(question: str, changed: set[str | None]) -> None:
    pool = {"name": ["Skagen", "Anholt"]}
    for seed in range(20):
        rng = random.Random(seed)
        assert swapped(question, pool, TEXT, TEXT.partition(".")[0], ["eleven"], rng) in changed


def test_an_answer_is_not_what_is_swapped_in() -> None:
    pool = {"name": ["Skagen", "Anholt"]}
    rng = random.Random(0)
    assert swapped("Skagen or whom?", pool, TEXT, "", ["the people of Anholt"], rng) is None


def test_a_question_is_asked_of_another_name() -> None:
    own = {"name": ["Norway"]}
    assert transplanted("Who leads Norway now?", own, ["Anholt"], random.Random(0)) == (
        "Who leads Anholt now?"
    )
    assert transplanted("Who leads?", {}, ["Anholt"], random.Random(0)) is None


def asked() -> Asked:
    document = document_of(TEXT, "Boats are sold on Mondays.", name="d")
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
