"""A few of the kills that `make crash` makes in full."""

from __future__ import annotations

from pathlib import Path

from tools.hardening.crash import WORK, crash, page


def test_a_kill_in_the_middle_of_each_kind_of_work_loses_nothing(tmp_path: Path) -> None:
    figures = crash(kills=len(WORK), seed=1, folder=tmp_path)
    assert set(figures.kills) == set(WORK)
    assert "| feedback | 1 |" in page(figures, "make crash")
