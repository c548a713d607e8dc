"""Whatever is asked, there is a response, or the sentence that says why there is none."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.engine import Engine
from index.answering.understanding.spelling import Speller
from index.errors import BadQuestion
from index.rewriting import Turn, rewrite
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import WordEmbedder, document_of, publish, recipe_of
from tests.index.answering.test_engine import CALIBRATION, READER

DEPOTS = document_of(
    "# Depots",
    "The depot at Karsk was built in 1931, and Ann runs it.",
    "! Depot | Built | Cost",
    "| Karsk | 1931 | 12.5 m€",
    "| Norway | 12 May 2026 | 7 %",
    "* One: a",
    "Status: superseded",
    name="plan 2026/depots.md",
    title="Depots of Norway",
)
SIGNS = document_of("Sweden signs on 4 March 2026.", "From: Ann", "Who? $ and _.", name="a-b_c.txt")
TODAY = date(2026, 6, 15)
PIECES = (
    *"compare and with versus vs differ difference between both that those of to from".split(),
    *"what who when where why how which is was does the a you it they there each all".split(),
    *"more about not no, rather since until before after last next first second one two".split(),
    *"Norway Karsk Depot Cost Ann 1931 12 May Q5 0 2026-02-31 1e999 99999999999999999999".split(),
    *"documents list latest summary table section page sum average highest please hi".split(),
    *("how many", "instead of", "in 2026", "31 February", "last 99999999 days", "99 weeks ago"),
    *(
        "plan 2026/depots.md",
        "a-b_c.txt",
        "Depots of Norway",
        "tl;dr",
        "1)",
        "(1)",
        "a)",
        "-",
        "1.",
    ),
    *"_ __ ? ! . , ; : ( ) [ ] { } \" ' ’ « * ** ` # / \\ | % € @ < > & ^ $".split(),
    *("AND", "NEAR(", "body:", '""', "NULL", "@everyone", "\n", "\t", "\x00", "\x1c", "\u2028"),
    *("ß", "İ", "ǅ", "ﬁ", "\u0301", "\u200b", "\u202e", "😀", "漢字", "한국", "١٢", "²", "½", "Ⅷ"),
)
QUESTIONS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=9).map(" ".join)


@cache
def engine() -> Engine:
    store = IndexStore(Path(mkdtemp()) / "index")
    publish(store, DEPOTS, SIGNS)
    current = CurrentGeneration(store, recipe_of())
    speller = Speller({"depot", "built", "question"})
    return Engine(current, WordEmbedder(), READER, CALIBRATION, speller=speller)


@pytest.mark.parametrize(
    "question",
    [
        "compare _ and Norway?",
        "compare both _ and Norway?",
        "difference between _ and b",
        "compare Norway with that of",
        "compare that and that",
        "__ vs x?",
        "how do _ and _ differ",
        "% ² ? table differ page about until",
        "what is ² about",
        "and ²?",
        "1) _ 2) _",
        "what happened in the year 0000",
        "documents of the last 99999999999999999999 years",
        "a" + "\u0301" * 1_990,
        "a" + "?" * 1_990,
        "a\n" * 999,
    ],
)
def test_signs_where_words_are_expected(question: str) -> None:
    assert engine().ask(question, today=TODAY).question


@given(QUESTIONS, st.lists(QUESTIONS, max_size=2))
def test_any_question_in_any_conversation(question: str, before: list[str]) -> None:
    turns = [Turn(each) for each in before]
    with suppress(BadQuestion):
        response = engine().ask(question, conversation=turns, today=TODAY)
        assert response.question


@given(QUESTIONS)
def test_any_search(query: str) -> None:
    with suppress(BadQuestion):
        assert engine().search(query).query


@given(QUESTIONS, st.lists(QUESTIONS, min_size=1, max_size=3))
def test_any_follow_up_is_rewritten(question: str, before: list[str]) -> None:
    assert isinstance(rewrite(question, [Turn(each) for each in before]).question, str)
