"""Hidden documents that make others wait, and tell by the time what they hold: in two worlds that
differ by hidden documents alone, a question takes as many steps."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from itertools import islice, product
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, TypeAlias

import pytest

import index
from index.answering.engine import Engine
from index.document import Document
from index.ports import Vectors
from index.rewriting import Turn
from index.store.catalog.catalog import Catalog
from index.store.segments.segment import MappedTokens, PostingList
from index.store.vectors.vectors import MappedVectors
from testing.budget import amount
from testing.fakes import document_of
from tests.index.answering.test_two_worlds import (
    AFTER,
    ALONE,
    NAMES,
    NOUNS,
    TODAY,
    Matter,
    Worlds,
    document,
    engine_over,
    misspelt,
    question,
)

PRODUCT = str(Path(index.__file__).parent)
MARKS = {
    "a": "àáâãāă",
    "e": "èéêëēĕė",
    "i": "ìíîï",
    "o": "òóôõō",
    "r": "ŕŗř",
    "n": "ñńň",
    "t": "ťţ",
}
MOST = 1.2
"""Times the steps that a question may take beside hidden documents."""
FEW = 60
"""Steps more, for any question: a search in an ordered table is deeper among more rows."""
OPENING = ("where is the zanzibr?", "which documents mention Oslo?", "the report of May 2026")
"""Questions that have an engine read what it keeps for all others."""

Trace: TypeAlias = Callable[[FrameType, str, Any], Any]


def variants(word: str, most: int) -> list[str]:
    """With other marks on its letters, so that each may be a spelling of the word."""
    forms = ("".join(letters) for letters in product(*(c + MARKS.get(c, "") for c in word)))
    return list(islice(forms, 1, most))


def slips(word: str) -> list[str]:
    """One letter from the word, as a typing error is."""
    return [word[:at] + letter + word[at:] for at in range(1, len(word)) for letter in "aeiouxq"]


def hostile(matter: Matter) -> list[Document]:
    """Documents that would be looked at for nearly any question, if somebody looked."""
    words = [*matter.nouns, *map(str.lower, matter.names), "litres", "documents"]
    texts = {
        "accents": [" ".join(variants(word, 400)) for word in words],
        "slips": [" ".join(slips(word)) for word in (*words, *map(misspelt, matter.nouns))],
        "often": [" ".join([word] * 300) for word in (*words, *NOUNS, *map(str.lower, NAMES))],
        "dates": [f"On {day} May 2026 the convoy left." for day in range(1, 29)] * 6,
    }
    return [
        document_of(*lines, name=f"hidden/{name}.txt", title=f"The {name} {matter.kinds[0]}")
        for name, lines in texts.items()
    ]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    random = Random(7)
    matter = Matter.of(random)
    seen = [document(random, matter, n, hidden=False) for n in range(8)]
    hidden = [document(random, matter, 10 + n, hidden=True) for n in range(80)]
    everything = [*seen, *hidden, *hostile(matter)]
    random.shuffle(everything)
    folder = tmp_path_factory.mktemp("worlds")
    both = Worlds(
        engine_over(folder / "without", [each for each in everything if each in seen]),
        engine_over(folder / "beside", everything),
        tuple(each.name for each in seen),
        matter,
        [each.title for each in everything],
        [each.name.rpartition("/")[2] for each in everything],
    )
    for engine, asked in product((both.without, both.beside), OPENING):
        engine.ask(asked, both.seen, today=TODAY)
    return both


class Steps:
    """What is done over a catalog: instructions of SQLite, lines of the product, and postings and
    vectors that are read."""

    def __init__(self, catalog: Catalog) -> None:
        self.sqlite = self.lines = self.read = 0
        assert isinstance(catalog._db, sqlite3.Connection)
        self._db = catalog._db
        self._patches = pytest.MonkeyPatch()

    def __enter__(self) -> Steps:
        held, scores = MappedTokens.postings, MappedVectors.scores

        def postings(*asked: Any, **how: Any) -> PostingList:
            found = held(*asked, **how)
            self.read += len(found)
            return found

        def vectors(*asked: Any) -> Vectors:
            found = scores(*asked)
            self.read += len(found)
            return found

        self._patches.setattr(MappedTokens, "postings", postings)
        self._patches.setattr(MappedVectors, "scores", vectors)
        self._db.set_progress_handler(self._instruction, 1)
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)
        self._db.set_progress_handler(None, 0)
        self._patches.undo()

    def _instruction(self) -> int:
        self.sqlite += 1
        return 0

    def _trace(self, frame: FrameType, event: str, _: Any) -> Trace | None:
        if not frame.f_code.co_filename.startswith(PRODUCT):
            return None
        self.lines += event == "line"
        return self._trace


def steps_of(engine: Engine, do: Callable[[Engine], object]) -> Steps:
    with Steps(engine._index.generation().catalog) as steps:
        do(engine)
    return steps


def assert_alike(both: Worlds, do: Callable[[Engine], object], what: str) -> None:
    alone, beside = steps_of(both.without, do), steps_of(both.beside, do)
    assert alone.sqlite, what
    assert beside.sqlite <= MOST * alone.sqlite + FEW, what
    assert beside.lines <= MOST * alone.lines + FEW, what
    assert beside.read <= MOST * alone.read + FEW, what


@pytest.mark.parametrize(
    "many", [2, pytest.param(amount(90, check=15), marks=pytest.mark.search)], ids=["few", "many"]
)
def test_hidden_documents_make_no_question_of_any_kind_take_longer(both: Worlds, many: int) -> None:
    random = Random(3)
    turns: tuple[Turn, ...] = ()
    forms = [*ALONE, *AFTER]
    for form in random.sample(forms, min(many, len(forms))):
        asked = question(random, [form], both)
        ask = partial(
            Engine.ask,
            question=asked,
            documents=both.seen,
            conversation=turns if form in AFTER else (),
            today=TODAY,
        )
        assert_alike(both, ask, asked)
        found = ask(both.without)
        turns = (Turn(found.rewritten, found.excerpts),) if found.excerpts else turns


@pytest.mark.parametrize(
    "asked", ["{noun}", "litres of the {noun}", "{misspelt}", "who mentions {name} and {noun2}"]
)
def test_hidden_documents_make_no_search_take_longer(both: Worlds, asked: str) -> None:
    query = question(Random(5), [asked], both)
    assert_alike(both, lambda engine: engine.search(query, 10, both.seen), query)


def test_hidden_documents_make_no_list_take_longer(both: Worlds) -> None:
    def listed(engine: Engine) -> object:
        return engine._index.generation().catalog.rows(both.seen)

    assert listed(both.beside) == listed(both.without)
    assert_alike(both, listed, "rows")
