"""Mistyped words, corrected by the words of the passages that may be seen."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.calibration import calibration_for
from index.answering.engine import Engine
from index.answering.tuning import TUNING
from index.answering.understanding.spelling import Speller, english_words
from index.chunking.chunker import ChunkLimits, split
from index.models.reranking_reader import RerankingReader
from index.ports import Filter
from index.store.catalog.catalog import Catalog
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import FakeReranker, WordEmbedder, count_words, document_of, publish, recipe_of

KNOWN = "iraq roles force store poet singer unprotected cooperative quantitative facet".split()
SPELLER = Speller(KNOWN)
TEXT = """Prime Minister Støre said that a multinational force would take roles in Iran.
Roles of the Norwegian force: the force is protected. Forces guard the frontier.
A ceasefire was reported by SFOR in Hansen and again in Hanson.
The deployment is quantitative, and singers sang. Government of Bolesław, a government.
𞤀𞤣𞤤𞤢𞤥 and forc3s."""


def _corrected(question: str, catalog: Catalog, allowed: Filter | None = None) -> str:
    return SPELLER.corrected(question, catalog, TUNING, allowed)


def catalog_of(texts: Mapping[str, str]) -> Catalog:
    catalog = Catalog.create(Path(":memory:"))
    for name, text in texts.items():
        document = document_of(*text.splitlines(), name=name)
        catalog.put_document(document, "")
        for passage in split(document, count_words, ChunkLimits(target=8, most=12, short=2)):
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
        ("wich roles do ppl take in wk 3", "which roles do people take in week 3"),
    ],
)
def test_a_mistyped_word_becomes_what_the_passages_write(typed: str, meant: str) -> None:
    catalog = catalog_of({"a": TEXT})
    assert _corrected(typed, catalog) == meant
    assert _corrected(meant, catalog) == meant


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
    assert _corrected(question, catalog_of({"a": TEXT})) == expected


def test_a_word_becomes_no_small_word_but_by_letters_that_changed_places() -> None:
    catalog = catalog_of({"a": "They have a floor with steps."})
    assert _corrected("how havy is the floor wiht steps", catalog) == (
        "how havy is the floor with steps"
    )


def test_the_most_frequent_word_is_meant_where_it_is_so_by_far() -> None:
    few = {"rare": "the forte", "often": "the force"}
    many = few | {f"{n}": "the force" for n in range(8)}
    assert _corrected("forke", catalog_of(few)) == "forke"
    assert _corrected("forke", catalog_of(many)) == "force"


LETTERS = st.text("aeno", min_size=4, max_size=6)
WORDS = st.lists(LETTERS, min_size=1, max_size=6).map(" ".join)


@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=5), WORDS)
def test_what_is_not_seen_suggests_nothing(texts: list[tuple[str, bool]], question: str) -> None:
    named = {f"{n}": text for n, (text, _) in enumerate(texts)}
    everything = catalog_of(named)
    alone = catalog_of({name: named[name] for name in named if texts[int(name)][1]})
    allowed = everything.filter_of([f"{n}" for n, (_, seen) in enumerate(texts) if seen])
    assert _corrected(question, everything, allowed) == _corrected(question, alone)


# Letters that pass for others where case or marks do not count: ſ is an s there, and İ an i.
MARKED = [
    "İstanbul istanbul Istanbul ıstanbul istanbbl Istanbal".split(),
    "ſansibar sansibar zanſibar zansibar zansbar".split(),
    "Straße strasse strase STRASSE ſtrasse".split(),
    "ΛΟΓΟΣ λογος λογοσ λογοξ".split(),
    "smørbrød smorbrod smorbrot smo\u0338rbrod Smørbrød".split(),
    "\N{KELVIN SIGN}elvin kelvin Kelvin kelvinn".split(),
    "re\u0301sume\u0301 résumé resumee resume RÉSUMÉ".split(),
    "sma\u0345ller smaller smaallr small\u0345er ller".split(),
]


def _texts_of(words: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=3).map(" ".join)


def _asked_of(words: list[str]) -> st.SearchStrategy[tuple[list[tuple[str, bool]], str]]:
    texts = st.lists(st.tuples(_texts_of(words), st.booleans()), min_size=1, max_size=4)
    return st.tuples(texts, _texts_of(words))


@given(st.sampled_from(MARKED).flatmap(_asked_of))
def test_what_is_not_seen_suggests_nothing_by_letters_that_pass_for_others(
    asked: tuple[list[tuple[str, bool]], str],
) -> None:
    """The corrected question is the same, and with it each score and count, to the last bit."""
    texts, question = asked
    named = {f"{n}": text for n, (text, _) in enumerate(texts)}
    shown = [name for name in named if texts[int(name)][1]]
    everything, alone = catalog_of(named), catalog_of({name: named[name] for name in shown})
    allowed = everything.filter_of(shown)
    key_in = dict(zip(alone.keys_of(shown), everything.keys_of(shown), strict=True))
    meant = _corrected(question, everything, allowed)
    assert meant == _corrected(question, alone)
    assert everything.search(meant, 9, allowed) == [
        (key_in[key], score) for key, score in alone.search(meant, 9)
    ]
    counted = {word: count for word, (count, _) in alone.coverage(meant, []).items()}
    covered = everything.coverage(meant, [], allowed)
    assert {word: count for word, (count, _) in covered.items()} == counted


@pytest.mark.parametrize(
    ("shown", "hidden", "typed"),
    [("İstanbul is small", "Istanbul", "istanbal"), ("called zanſibar", "zansibar", "sansibar")],
)
def test_a_hidden_word_is_no_correction(shown: str, hidden: str, typed: str) -> None:
    catalog = catalog_of({"a": shown, "b": hidden})
    alone = catalog_of({"a": shown})
    assert (
        _corrected(typed, catalog, catalog.filter_of(["a"])) == _corrected(typed, alone) != hidden
    )
    assert _corrected(typed, catalog) == (hidden if hidden.islower() else "Istanbul")


@pytest.mark.parametrize(
    "question",
    [
        "Wer sprach in Iram über die Forc?",
        "Qui a guardé la frontiere du Norwegan?",
        "Ktoś zapłcil rolees norwegan forze wczoraj",
    ],
)
def test_a_question_in_another_language_is_left_alone(question: str) -> None:
    assert _corrected(question, catalog_of({"a": TEXT})) == question


def test_a_word_of_a_file_name_is_known() -> None:
    catalog = Catalog.create(Path(":memory:"))
    document = document_of(*TEXT.splitlines(), name="foroe-2025.txt", title="Notes")
    catalog.put_document(document, "")
    for passage in split(document, count_words, ChunkLimits(target=8, most=12, short=2)):
        catalog.put_passage(passage, b"")
    assert _corrected("the foroe of Iran", catalog) == "the foroe of Iran"


def test_the_first_words_of_a_very_long_question_are_corrected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up: list[str] = []
    near = Catalog.similar_words

    def noted(catalog: Catalog, word: str, edits: int, allowed: Filter | None) -> dict[str, int]:
        looked_up.append(word)
        return near(catalog, word, edits, allowed)

    monkeypatch.setattr(Catalog, "similar_words", noted)
    catalog = catalog_of({"a": TEXT})
    gibberish = [f"{a}{b}xqzvw" for a in "bcdfghjklm" for b in "npqrstvwxz"]
    numbers = map(str, range(33))
    question = " ".join([*gibberish[:30], *numbers, "norwegan", *gibberish, "norwegan roels"])
    assert _corrected(question, catalog) == question.replace("norwegan", "Norwegian")
    assert looked_up == [*gibberish[:30], "norwegan"]


def test_the_engine_answers_what_was_meant_and_says_so(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    publish(
        store,
        document_of("The force guards the border.", name="a"),
        document_of("The convoy guards the bridge.", name="b"),
    )
    reader = RerankingReader(FakeReranker(), TUNING.evidence_passages)
    engine = Engine(
        CurrentGeneration(store, recipe_of()),
        WordEmbedder(),
        reader,
        calibration_for("none"),
        speller=SPELLER,
    )
    answer = engine.ask("who guards the bordre")
    assert answer.question == "who guards the border"
    assert answer.rewritten == "who guards the bordre"
    typed_right = engine.ask("who guards the border")
    assert replace(answer, milliseconds={}, rewritten="") == replace(
        typed_right, milliseconds={}, rewritten=""
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


def test_a_short_form_stays_where_a_document_has_it() -> None:
    catalog = catalog_of({"a": TEXT, "b": "The wk is a kind of boat."})
    assert _corrected("seats of the wk", catalog) == "seats of the wk"
    others = catalog.filter_of(["a"])
    assert _corrected("seats of the wk", catalog, others) == "seats of the week"


@pytest.mark.parametrize(
    ("typed", "foreign"),
    [
        ("Kernarbeitszeit?", ["kernarbeitszeit"]),
        ("kernarbeitszeit roles", ["kernarbeitszeit"]),
        ("the kernarbeitszeit", []),
        ("roles kernarbeitszeit force", []),
        ("HR 15", []),
    ],
)
def test_words_that_are_none_of_english(typed: str, foreign: list[str]) -> None:
    assert SPELLER.foreign(typed) == foreign


@pytest.mark.parametrize(
    ("typed", "is_so"),
    [
        ("asdf qwer", True),
        ("xkcd?", True),
        ("", False),
        ("roles of qwer", False),
        ("Hansen", False),
        ("store", False),
        ("wer bewacht die Grenze", False),
    ],
)
def test_a_message_of_which_nobody_knows_a_word(typed: str, is_so: bool) -> None:
    assert SPELLER.knows_none(typed, catalog_of({"force.txt": TEXT})) is is_so


def test_what_is_not_seen_is_not_known() -> None:
    catalog = catalog_of({"force.txt": TEXT})
    assert SPELLER.knows_none("Hansen", catalog, (), Filter())
