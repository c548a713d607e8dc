"""What was mistyped, put right by the words of the passages that may be seen."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.calibration import calibration_for
from index.catalog import Catalog
from index.engine import Engine
from index.evidence import RerankingReader
from index.live import LiveIndex
from index.passages import CutterLimits, cut
from index.spelling import Speller, english_words
from index.store import IndexStore
from tests.fakes import FakeReranker, WordEmbedder, count_words, document_of, publish, recipe_of

KNOWN = "iraq roles force store poet singer unprotected cooperative quantitative facet".split()
SPELLER = Speller(KNOWN)
TEXT = """Prime Minister Støre said that a multinational force would take roles in Iran.
Roles of the Norwegian force: the force is protected. Forces guard the frontier.
A ceasefire was reported by SFOR in Hansen and again in Hanson.
The deployment is quantitative, and singers sang. Government of Bolesław, a government.
𞤀𞤣𞤤𞤢𞤥 and forc3s."""


def catalog_of(texts: Mapping[str, str]) -> Catalog:
    catalog = Catalog.create(Path(":memory:"))
    for name, text in texts.items():
        document = document_of(*text.splitlines(), name=name)
        catalog.put_document(document, "")
        for passage in cut(document, count_words, CutterLimits(target=8, most=12, short=2)):
            catalog.put_passage(passage, b"")
    return catalog


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("norwegan roles in the forse", "Norwegian roles in the force"),
        ("Multinatinal?", "Multinational?"),
        ("what did Stoere say", "what did Støre say"),
        ("the foce's roels", "the force's roles"),
        ("depolymnet", "deployment"),  # two slips in a long word
        ("Boleslaw", "Bolesław"),
        ("a cease-fire, ceesfire and ceasefires", "a cease-fire, ceasefire and ceasefires"),
        ("protexted guvernment", "protected government"),
    ],
)
def test_a_mistyped_word_becomes_what_the_passages_write(typed: str, meant: str) -> None:
    catalog = catalog_of({"a": TEXT})
    assert SPELLER.corrected(typed, catalog) == meant
    assert SPELLER.corrected(meant, catalog) == meant


@pytest.mark.parametrize(
    "question",
    [
        "roles in Iraq",  # known, and not Iran
        "is it unprotected",  # known, and the contrary
        "unprotexted",
        "nonquantitative uncooperative",  # known but for the prefix
        "the facets of poets",  # known but for the ending
        "KFOR",  # another abbreviation
        "for 4orce",
        "Hansan",  # Hansen or Hanson?
        "Governmant Depolymnet",  # two slips make another name
        "xover zzzz ?!",
        "isnt",
        "𞤀𞤣𞤤𞤢𞤣",
    ],
)
def test_what_may_be_another_word_is_left_alone(question: str) -> None:
    expected = question.replace("Governmant", "Government")
    assert SPELLER.corrected(question, catalog_of({"a": TEXT})) == expected


def test_the_most_frequent_word_is_meant_where_it_is_so_by_far() -> None:
    few = {"rare": "the forte", "often": "the force"}
    many = few | {f"{n}": "the force" for n in range(8)}
    assert SPELLER.corrected("forke", catalog_of(few)) == "forke"
    assert SPELLER.corrected("forke", catalog_of(many)) == "force"


LETTERS = st.text("aeno", min_size=4, max_size=6)
WORDS = st.lists(LETTERS, min_size=1, max_size=6).map(" ".join)


@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=5), WORDS)
def test_what_is_not_seen_suggests_nothing(texts: list[tuple[str, bool]], question: str) -> None:
    named = {f"{n}": text for n, (text, _) in enumerate(texts)}
    everything = catalog_of(named)
    alone = catalog_of({name: named[name] for name in named if texts[int(name)][1]})
    within = everything.keys_of([f"{n}" for n, (_, seen) in enumerate(texts) if seen])
    assert SPELLER.corrected(question, everything, within) == SPELLER.corrected(question, alone)


def test_the_engine_answers_what_was_meant_and_says_so(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    publish(
        store,
        document_of("The force guards the border.", name="a"),
        document_of("The convoy guards the bridge.", name="b"),
    )
    reader = RerankingReader(FakeReranker())
    engine = Engine(
        LiveIndex(store, recipe_of()),
        WordEmbedder(),
        reader,
        calibration_for("none"),
        speller=SPELLER,
    )
    answer = engine.ask("who guards the bordre")
    assert answer.question == "who guards the border"
    assert replace(answer, milliseconds={}) == replace(
        engine.ask("who guards the border"), milliseconds={}
    )
    assert engine.search("bordre").query == "border"
    assert engine.ask("who guards the bordre", {"b"}).question == "who guards the bordre"


@pytest.mark.skipif(
    importlib.util.find_spec("symspellpy") is None, reason="the list of words is not installed"
)
def test_english_words_and_well_known_names_are_known() -> None:
    known = english_words()
    assert {"facet", "plumber", "asynchronously", "iran", "iraq", "sweden", "oslo"} <= known
    assert not {"norwegan", "forse", "multinatinal", "ceesfire", "ukrane"} & known
