"""Rows kept as few long strings are the rows that were put in."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.parsing.tables.compact_rows import CompactRows

_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\1"), max_size=3)
_ROWS = st.lists(st.lists(_CELLS, max_size=4).filter(lambda row: row != [""]), max_size=8)


@given(_ROWS)
def test_rows_are_what_was_put_in(rows: list[list[str]]) -> None:
    repeated = rows * 100
    kept = CompactRows(repeated)
    assert list(kept) == repeated
    assert [kept[at] for at in range(len(kept))] == repeated
    assert kept[-3:] == repeated[-3:]
    assert kept.width == max(map(len, repeated), default=0)
    assert kept.cells == sum(map(len, repeated))


def test_signs_that_keep_rows_apart_are_no_part_of_a_text() -> None:
    assert list(CompactRows([["a\0b", "c\1d"], ["\0"], ["e"]])) == [["ab", "cd"], [], ["e"]]


def test_there_are_no_rows_beyond() -> None:
    with pytest.raises(IndexError):
        CompactRows([["a"]])[1]


def test_many_short_rows_take_little_memory() -> None:
    kept = CompactRows(["a", str(number)] for number in range(100_000))
    held = sum(map(sys.getsizeof, (kept._stretches, *kept._stretches, *kept._last)))
    assert held < 20 * len(kept)
