"""Texts are split at the best place, and nothing of them is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.rendering.escape import escape, markup_costs, quote
from bot.discord.rendering.limits import split, units
from tests.bot.discord.rendering.texts import any_text

_PROSE = st.lists(
    st.sampled_from(["word", "longer", "one.", "Two!", "\n", "\n\n", "😀", "é"]), max_size=60
).map(" ".join)


@given(st.text(st.characters(codec=None)))
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(text=st.one_of(any_text, _PROSE), most=st.integers(8, 60))
@example("", 8)
@example("x" * 100, 8)
@example("👩‍🚒" * 20, 8)
@example("a" + "\u0301" * 50, 8)
@example("\\" * 50, 9)
@example("> " * 50, 9)
def test_nothing_is_lost_or_torn(text: str, most: int) -> None:
    pieces = split(text, most)
    assert "".join(pieces) == text
    assert all(units(piece) <= most for piece in pieces)
    assert all(pieces) or pieces == [""]


@given(text=any_text, most=st.integers(8, 60))
def test_escapes_and_quotes_are_not_torn(text: str, most: int) -> None:
    for markup in (escape(text), quote(text)):
        pieces = split(markup, most)
        assert "".join(pieces) == markup
        for piece in pieces[:-1]:
            assert (len(piece) - len(piece.rstrip("\\"))) % 2 == 0
            assert not re.search(r"\n>\s?\Z", piece)


@given(text=_PROSE)
def test_no_word_is_torn_that_fits(text: str) -> None:
    for piece in split(text, 12)[:-1]:
        assert piece[-1].isspace()


@given(text=any_text, most=st.integers(8, 60))
def test_costs_count(text: str, most: int) -> None:
    costs = markup_costs(text)
    pieces = split(text, most, costs)
    assert "".join(pieces) == text
    start = 0
    for piece in pieces:
        assert sum(costs[start : start + len(piece)]) <= most or len(piece) == 1
        start += len(piece)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("short", ["short"]),
        ("One.\nTwo is.\n\nThree is here.", ["One.\nTwo is.\n\n", "Three is here."]),
        ("A line here.\nAnother line it is", ["A line here.\n", "Another line it is"]),
        ("It ended so. Then it began again", ["It ended so. ", "Then it began again"]),
        ("A (whole) word is not cut up", ["A (whole) word is ", "not cut up"]),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", ["ABCDEFGHIJKLMNOPQRST", "UVWXYZ"]),
        ("😀" * 12, ["😀" * 10, "😀" * 2]),
        ("ABCDEFGHIJKLMNOPQRS\\*TU", ["ABCDEFGHIJKLMNOPQRS", "\\*TU"]),
        ("ABCDEFGHIJKLMNOPQRé\u0301\u0301TU", ["ABCDEFGHIJKLMNOPQR", "é\u0301\u0301TU"]),
    ],
)
def test_where_it_is_cut(text: str, pieces: list[str]) -> None:
    assert split(text, 20) == pieces
