from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.matching import Grade, Match, Matcher, folded_words

ENTRIES = [
    ("security/norway-force.md", "Norway and a possible security force"),
    ("operations/cold-chain.html", "Cold-chain brief: vaccine shipment"),
    ("operations/fuel.csv", "Fuel"),
    ("town-hall.txt", "Staff town hall, Rzeszów hub, Tromsø"),
    ("policy.docx", "Travel and security policy"),
]
MATCHER = Matcher(ENTRIES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cold-chain_brief: ", "cold chain brief"),
        ("Rzeszów, Tromsø, Łódź, Straße", "rzeszow tromso lodz strasse"),
        ("", ""),
        ("?!…", ""),
    ],
)
def test_folded_words(text: str, words: str) -> None:
    assert folded_words(text) == words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fuel", [(2, Grade.EXACT)]),
        ("FUEL.", [(2, Grade.EXACT)]),
        ("secur", [(0, Grade.BEGINNING), (4, Grade.WORDS)]),
        ("sec pol", [(4, Grade.WORDS)]),
        ("coldchain", [(1, Grade.INSIDE)]),
        ("rzeszow", [(3, Grade.WORDS)]),
        ("tromso", [(3, Grade.WORDS)]),
        ("norwya", [(0, Grade.FUZZY)]),
        ("sceurity polcy", [(4, Grade.FUZZY)]),
        ("policy for travel", [(4, Grade.FUZZY)]),
        ("shipmnt", [(1, Grade.FUZZY)]),
        ("zebra", []),
        ("fu zebra", []),
        ("", []),
        ("%%%", []),
    ],
)
def test_best(typed: str, found: list[tuple[int, Grade]]) -> None:
    assert [(match.index, match.grade) for match in MATCHER.best(typed, 10)] == found


def test_of_equals_the_shorter_and_then_the_earlier_comes_first() -> None:
    matcher = Matcher([("fuel stocks",), ("fuel b",), ("fuel a",)])
    assert matcher.best("fuel", 2) == [Match(1, Grade.BEGINNING), Match(2, Grade.BEGINNING)]


@given(st.text(max_size=300), st.lists(st.lists(st.text(max_size=20), max_size=3), max_size=5))
def test_anything_may_be_typed_and_named(typed: str, entries: list[list[str]]) -> None:
    matcher = Matcher(entries)
    found = matcher.best(typed, 3)
    assert len(found) <= 3
    for index, texts in enumerate(entries):
        for text in texts:
            if folded_words(text):
                exact = [m for m in matcher.best(text, 5) if m.grade is Grade.EXACT]
                assert index in [match.index for match in exact]
