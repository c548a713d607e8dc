"""Where an excerpt stands on a page, by the words that the page has."""

from __future__ import annotations

import time

import pytest

from index.parsing.page_content import DIVIDING, Box, Word
from index.picturing.marks import boxes_of


def page(*lines: str) -> list[Word]:
    """Return words of 10 by 10 points, lines 20 points apart."""
    return [
        Word(word, Box(20.0 * at, 20.0 * row, 20.0 * at + 10, 20.0 * row + 10), 10)
        for row, line in enumerate(lines)
        for at, word in enumerate(line.split())
    ]


def marked(words: list[Word], excerpt: str, before: str = "") -> str:
    boxes = boxes_of(words, excerpt, before)
    return " ".join(word.text for word in words if any(box.holds(word.box) for box in boxes))


FLEET = page("The fleet has 58 lorries.", "It had 62 lorries.", "It had 62 lorries.")


@pytest.mark.parametrize(
    ("excerpt", "found"),
    [
        ("The fleet has 58 lorries.", "The fleet has 58 lorries."),
        ("fleet | has | 58", "fleet has 58"),
        ("the FLEET has 58", "The fleet has 58"),
        ("58 lorries. It had", "58 lorries. It had"),
        ("nothing of it", ""),
        ("…", ""),
        ("", ""),
    ],
)
def test_words_are_found_without_signs_and_spaces(excerpt: str, found: str) -> None:
    assert marked(FLEET, excerpt) == found


def test_what_stands_before_tells_equal_places_apart() -> None:
    (first,) = boxes_of(FLEET, "It had 62 lorries.", "58 lorries.")[:1]
    (second,) = boxes_of(FLEET, "It had 62 lorries.", "62 lorries.")[:1]
    assert (first.top, second.top) == (20, 40)


def test_a_divided_word_is_one() -> None:
    words = page(f"The lor{DIVIDING}", "ries came.")
    assert marked(words, "The lorries came.") == f"The lor{DIVIDING} ries came."


def test_an_excerpt_that_the_page_has_in_another_order() -> None:
    words = page("Late lorries", "brought bread to", "the town that day", "in the morning")
    shown = "brought bread to the town. It was late lorries in the morning"
    assert marked(words, shown) == "brought bread to the town in the morning"


def test_words_beside_each_other_are_marked_together() -> None:
    words = [word._replace(size=20) for word in page("one two", "three")]
    assert boxes_of(words, "one two three") == [Box(0, 0, 30, 10), Box(0, 20, 10, 30)]


def test_a_page_full_of_the_same_takes_no_long_time() -> None:
    words = page(" ".join(["a"] * 20_000))
    began = time.process_time()
    boxes_of(words, "a " * 3_000, "a " * 3_000)
    boxes_of(words, "a " * 3_000 + "b")
    assert time.process_time() - began < 3
