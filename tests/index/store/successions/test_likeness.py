"""Sketches: how much of their text two documents have in common."""

from __future__ import annotations

from random import Random

import pytest

from index.store.successions.likeness import BINS, likeness_of, sketch_of


@pytest.mark.parametrize("shared", [0.0, 0.3, 0.6, 1.0])
def test_likeness_is_about_the_share_of_runs_in_common(shared: float) -> None:
    random = Random(3)
    common = [str(random.random()) for _ in range(round(2_000 * shared))]
    one, other = (
        sketch_of(common + [str(random.random()) for _ in range(2_000 - len(common))])
        for _ in range(2)
    )
    expected = len(common) / (4_000 - len(common))
    assert likeness_of(one, other) == pytest.approx(expected, abs=0.12)
    assert likeness_of(one, one) == 1.0


def test_a_sketch_has_one_size_and_a_short_text_none() -> None:
    assert len(sketch_of("a b c d e".split())) == len(sketch_of(["word"] * 5_000)) == 2 * BINS
    assert sketch_of("a b c".split()) == b""
    assert likeness_of(b"", sketch_of("a b c d e".split())) == 0.0
    assert likeness_of(b"", b"") == 0.0


def test_any_text_has_a_sketch() -> None:
    assert sketch_of(["\ud800", "é", "漢", "", "a"])
