"""A small share of `make load`, without models."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.hardening.load import load, section

pytestmark = pytest.mark.search


async def test_few_people_and_a_reindex_go_well(tmp_path: Path) -> None:
    figures = await load(tmp_path, people=6, rounds=1, fake=True)
    assert figures.problems == []
    assert len(figures.answered) == figures.asked == 12
    assert figures.clicks > 0
    assert len(figures.generations) == 2
    assert figures.loop.worst >= figures.loop.worst_without_core > 0
    assert max(figures.acknowledged) < 3.0  # Discord's own limit
    written = section(figures, "make load", 0.0)
    assert "| asked / answered / refused; clicks answered | 12 / 12 / 0; 4 |" in written
    assert "| wrong | 0 | none | yes |" in written
