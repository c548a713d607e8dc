from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import (
    COMPOUND,
    LONGEST_KEPT,
    SUPERSCRIPT_DIGITS,
    WORD,
    fold,
    keep_of_short,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't cease-fire", ["don", "t", "cease", "fire"]),
        ("1,200 at 10:30_b", ["1", "200", "at", "10", "30", "b"]),
        ("Zoe\u0308 Støre", ["zoe\u0308", "støre"]),
        ("the fee¹ of 10⁶ m²", ["the", "fee", "of", "10", "m"]),
        ("?! …", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't cease-fire", ["Don't", "cease-fire"]),
        ("1,200 at 10:30, then: R&D", ["1,200", "at", "10:30", "then", "R&D"]),
        ("the U.S. army's, or so", ["the", "U.S", "army's", "or", "so"]),
    ],
)
def test_compounds(text: str, words: list[str]) -> None:
    assert COMPOUND.findall(text) == words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Støre", "store"),
        ("Straße", "strasse"),
        ("ŁÓDŹ", "lodz"),
        ("ﬁve m²", "five m2"),
        ("ǽ", "ae"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_letter_and_digit_is_in_a_word(text: str) -> None:
    inside = {at for match in WORD.finditer(text) for at in range(*match.span())}
    assert all(
        at in inside
        for at, character in enumerate(text)
        if character.isalnum() and character not in SUPERSCRIPT_DIGITS
    )


def test_results_of_short_texts_are_kept_and_of_long_ones_none() -> None:
    asked = list[str]()

    @keep_of_short(2)
    def length(text: str, *, more: int = 0) -> int:
        asked.append(text)
        return len(text) + more

    long = "x" * (LONGEST_KEPT + 1)
    assert [length(text) for text in ("a", "a", "b", long, long)] == [1, 1, 1, 201, 201]
    assert asked == ["a", "b", long, long]
    assert (length("a", more=1), length("c"), length("b")) == (2, 1, 1)
    assert asked[4:] == ["a", "c", "b"]
