"""Whether two questions ask the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.records.likeness import likeness_of

PAIRS = Path(__file__).parents[2] / "data" / "question-pairs.jsonl"


def asks_the_same(one: str, other: str, cosine: float) -> bool:
    vectors = np.array([(1, 0), (cosine, max(0, 1 - cosine**2) ** 0.5)], np.float32)
    return bool(likeness_of([one, other], vectors)[0, 1] >= 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the fee for 12 people?", "What is the fee for 14 people?"),
        ("Who may enter the depot?", "Who may not enter the depot?"),
        ("What is the per diem in Berlin?", "What is the per diem in Oslo?"),
        ("When was the lease signed?", "Who signed the lease?"),
        ("When does it open on Fridays?", "When does it open on Sundays?"),
        ("When does the shop open?", "When does the shop close?"),
        ("Do drivers need a licence?", "Do cooks need a licence?"),
        ("What is his phone number?", "What is his email address?"),
        ("Wer leitet den Einkauf?", "Wer leitet den Einkauf nicht?"),
    ],
)
def test_words_that_must_not_differ(one: str, other: str) -> None:
    assert not asks_the_same(one, other, 0.99)
    assert not asks_the_same(other, one, 0.99)


@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [
        ("What is the per diem in Berlin?", "per diem berlin", 0.85),
        ("Who signs the lease?", "By whom is the lease signed?", 0.8),
        ("Why was the office closed?", "What was the reason for closing the office?", 0.8),
        ("What share of its GDP does Norway spend?", "norwegian GDP share spent", 0.8),
        ("How many cars are there?", "What is the number of vehicles?", 0.8),
    ],
)
def test_the_same_in_other_words(one: str, other: str, cosine: float) -> None:
    assert asks_the_same(one, other, cosine)
    assert asks_the_same(other, one, cosine)
    assert not asks_the_same(one, other, 0.4)


def test_all_pairs_at_once() -> None:
    questions = ["Who signs the lease?", "who signs the lease", "Who signs the lease in Oslo?"]
    likeness = likeness_of(questions, np.ones((3, 1), dtype=np.float32))
    assert (likeness == likeness.T).all()
    assert (
        (likeness >= 0) == [[True, True, False], [True, True, False], [False, False, True]]
    ).all()


@pytest.mark.search
@pytest.mark.models
def test_pairs_of_every_kind() -> None:
    from index.models.embedder import load_embedder

    pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair["one"], pair["other"])))
    vectors = load_embedder("all-MiniLM-L6-v2").embed_passages(texts)
    of = dict(zip(texts, vectors, strict=True))
    found = [
        asks_the_same(pair["one"], pair["other"], float(of[pair["one"]] @ of[pair["other"]]))
        for pair in pairs
    ]
    same = [pair["same"] for pair in pairs]
    both = sum(a and b for a, b in zip(found, same, strict=True))
    precision, recall = both / sum(found), both / sum(same)
    print(f"precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.95
    assert recall >= 0.85
