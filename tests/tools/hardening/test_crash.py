"""A few of the kills that `make crash` makes in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.budget import HARDENING
from tools.hardening.crash import crash, page
from tools.hardening.crash_work import WORK

pytestmark = pytest.mark.search
NAMES = list(WORK) if HARDENING else ["upload", "rollback", "decide", "merge"]
"""A reindex and feedback have tests of their own that kill them."""


def test_a_kill_in_the_middle_of_each_kind_of_work_loses_nothing(tmp_path: Path) -> None:
    figures = crash(kills=len(NAMES), seed=1, folder=tmp_path, names=NAMES)
    assert set(figures.kills) == set(NAMES)
    assert figures.merging
    assert "| upload | 1 |" in page(figures, "make crash")
