"""The lexical index through the catalog that holds it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog
from index.lexical import match_query, telling_words
from index.passages import CutterLimits, cut
from tests.fakes import count_words, document_of

DOCUMENTS = {
    "norway.txt": "Prime Minister Støre said that troops would monitor borders.",
    "france.txt": "Président Élysée café résumé.",
    "turkey.txt": "Talks in İstanbul ended.",
    "code.txt": "call my_function with C++ and AT&T near the end NEAR NOT OR AND",
    "japan.txt": "東京 で 会議",
    "india.txt": "हिन्दी में समाचार",
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    catalog = Catalog.create(tmp_path_factory.mktemp("catalog") / "catalog.sqlite")
    for name, text in DOCUMENTS.items():
        document = document_of(text, name=name)
        catalog.put_document(document, "")
        for passage in cut(document, count_words, CutterLimits()):
            catalog.put_passage(passage, b"")
    yield catalog
    catalog.close()


def found(catalog: Catalog, question: str) -> list[str]:
    keys = [key for key, _ in catalog.search(question, 10)]
    passages = catalog.passages(keys)
    return [passages[key].document for key in keys]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What would the troops monitor?", ["norway.txt"]),
        ("monitoring a border", ["norway.txt"]),  # the stemmer's doing
        ("TROOPS", ["norway.txt"]),
        ("elysee cafe", ["france.txt"]),
        ("ÉLYSÉE", ["france.txt"]),
        (unicodedata.normalize("NFD", "résumé"), ["france.txt"]),
        ("istanbul", ["turkey.txt"]),
        ("İstanbul", ["turkey.txt"]),
        ("東京", ["japan.txt"]),
        ("हिन्दी", ["india.txt"]),
        ("my_function", ["code.txt"]),
        ("c++", ["code.txt"]),
        ("submarine", []),
    ],
)
def test_words_are_found(catalog: Catalog, question: str, names: list[str]) -> None:
    assert found(catalog, question) == names


def test_letters_of_their_own_are_not_taken_for_others(catalog: Catalog) -> None:
    """ø is no o with an accent, so FTS5 does not fold it; å, which decomposes, it would."""
    assert found(catalog, "Støre") == found(catalog, "støre") == ["norway.txt"]
    assert found(catalog, "Store") == []


@pytest.mark.parametrize(
    "question",
    [
        '"',
        'troops "unclosed',
        "troops AND",
        "NOT troops",
        "NEAR(troops borders, 2)",
        "troops*",
        "^troops",
        "-troops",
        "body:troops",
        "{context body}: troops",
        "troops + borders",
        "(troops",
        "troops; DROP TABLE passages",
        "troops\0borders",
        "_ troops ² ½ _",
    ],
)
def test_syntax_in_a_question_is_harmless(catalog: Catalog, question: str) -> None:
    assert ("norway.txt" in found(catalog, question)) is ("troops" in question)
    assert catalog.passage_count() == len(DOCUMENTS)


@pytest.mark.parametrize("question", ["", " \n", "?!", "😀😀", "-*^\"'"])
def test_a_question_without_a_word_finds_nothing(catalog: Catalog, question: str) -> None:
    assert match_query(question) is None
    assert catalog.search(question, 5) == []


@given(st.text(max_size=40))
def test_no_question_is_an_error(catalog: Catalog, question: str) -> None:
    for key, score in catalog.search(question, 5):
        assert key
        assert score > 0


def test_words_that_every_text_holds_are_left_out_unless_there_are_no_others() -> None:
    assert telling_words("What would the Troops of the troops do?") == ["troops"]
    assert telling_words("What is it?") == ["what", "is", "it"]


def test_of_a_very_long_question_the_first_words_are_looked_up(catalog: Catalog) -> None:
    question = " ".join(f"word{n}" for n in range(5000))
    assert telling_words(question) == [f"word{n}" for n in range(64)]
    assert found(catalog, f"troops {question}") == ["norway.txt"]


def test_the_best_match_comes_first_and_titles_count_double(tmp_path: Path) -> None:
    catalog = Catalog.create(tmp_path / "c")
    keys = {}
    for name, title, text in [
        ("a", "Other matters", "one two three norway four"),
        ("b", "Norway", "one two three other four"),
        ("c", "Other matters", "one two three four five"),
    ]:
        (passage,) = cut(document_of(text, name=name, title=title), count_words, CutterLimits())
        keys[name] = catalog.put_passage(passage, b"")
    (first, one), (second, two) = catalog.search("Norway", 5)
    assert (first, second) == (keys["b"], keys["a"])
    assert one > two > 0
    assert catalog.search("Norway", 1) == [(first, one)]
    catalog.close()


def test_coverage_counts_passages_by_word(catalog: Catalog) -> None:
    (key,) = (key for key, _ in catalog.search("troops", 5))
    other = max(key for key, _ in catalog.search("function", 5))
    covered = catalog.coverage("Would troops monitoring end it? zebra", [key])
    assert covered == {
        "troops": (1, frozenset({key})),
        "monitoring": (1, frozenset({key})),
        "end": (2, frozenset()),
        "zebra": (0, frozenset()),
    }
    assert catalog.coverage("end", [key, other])["end"] == (2, frozenset({other}))
    assert catalog.coverage("end", [])["end"] == (2, frozenset())
