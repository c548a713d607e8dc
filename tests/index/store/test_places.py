"""Where texts hold tokens: as FTS5 has it, and of the texts that are asked for alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.lexical import CREATE_LEXICAL, INSERT_LEXICAL, LEXICAL_PLACES
from index.store.places import runs_of

TEXT = st.text("abeéstingøßſ 1²\u0301_'", max_size=30)
TEXTS = st.dictionaries(st.integers(1, 9), st.tuples(TEXT, TEXT), max_size=5)


def stored(texts: Mapping[int, tuple[str, str]]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute(CREATE_LEXICAL)
    db.execute(LEXICAL_PLACES.create)
    db.execute("CREATE VIRTUAL TABLE instances USING fts5vocab(lexical, instance)")
    for key, text in texts.items():
        db.execute(INSERT_LEXICAL, (key, *text))
        LEXICAL_PLACES.put(db, key, text)
    return db


@given(TEXTS)
def test_places_are_those_of_fts5(texts: dict[int, tuple[str, str]]) -> None:
    db = stored(texts)
    instances = db.execute("SELECT term, doc, col, offset FROM instances").fetchall()
    tokens = {token for token, *_ in instances}
    assert sorted(instances) == sorted(
        (token, *place) for token in tokens for place in LEXICAL_PLACES.read(db, token, None)
    )
    assert db.execute("SELECT count(*) FROM lexical_places").fetchone() == (len(instances),)


@given(TEXTS, st.sets(st.integers(1, 9)))
def test_only_texts_that_are_asked_for_are_read(
    texts: dict[int, tuple[str, str]], asked: set[int]
) -> None:
    db = stored(texts)
    keys = np.array(sorted(asked & set(texts)), dtype=np.int64)
    for (token,) in db.execute("SELECT DISTINCT token FROM lexical_places").fetchall():
        everything = LEXICAL_PLACES.read(db, token, None)
        expected = [place for place in everything if place[0] in asked]
        assert list(LEXICAL_PLACES.read(db, token, runs_of(keys, []))) == expected


@given(TEXTS)
def test_of_what_is_deleted_nothing_is_left(texts: dict[int, tuple[str, str]]) -> None:
    db = stored(texts)
    for key, text in texts.items():
        LEXICAL_PLACES.delete(db, key, text)
    assert db.execute("SELECT count(*) FROM lexical_places").fetchone() == (0,)


@pytest.mark.parametrize(
    ("keys", "begins", "runs"),
    [
        ([], [], "[]"),
        ([4], [], "[[4, 4]]"),
        ([1, 2, 3, 7, 8], [], "[[1, 3], [7, 8]]"),
        ([1, 2, 3, 4], [1, 3], "[[1, 2], [3, 4]]"),  # as many as where a document lies between
        ([1, 2, 13, 14], [1, 3, 13], "[[1, 2], [13, 14]]"),
    ],
)
def test_runs_of_keys_end_with_a_document(keys: list[int], begins: list[int], runs: str) -> None:
    assert runs_of(np.array(keys, dtype=np.int64), begins) == runs
