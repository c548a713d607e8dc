"""A small share of `make load`, without models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from tools.hardening.bot import Loop
from tools.hardening.load import Figures, compared, load, section

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


async def test_of_two_bots_each_question_is_answered_once_also_where_one_is_killed(
    tmp_path: Path, postgres_url: str
) -> None:
    database = SecretStr(postgres_url)
    figures = await load(
        tmp_path, people=6, rounds=1, fake=True, bots=2, cores=True, kill=True, database=database
    )
    assert figures.problems == []
    assert len(figures.answered) == figures.asked == 4 * 6
    assert figures.lost == 0
    assert figures.processor > 0


def test_several_bots_are_held_to_what_one_takes() -> None:
    one = Figures(
        people=1,
        asked=2,
        refused=0,
        clicks=1,
        acknowledged=[0.1, 0.2],
        answered=[1.0, 1.0],
        loop=Loop(0.0, 0.0, 0.0),
        generations={1: 1, 2: 1},
        reindex=1.0,
        seconds_to_end=1.0,
        problems=[],
        processor=0.1,
    )
    rows, is_met = compared(one, replace(one, answered=[1.05, 1.05]))
    assert is_met
    assert ("answered, against one bot", "1", "1.05") in rows
    assert not compared(one, replace(one, answered=[1.2, 1.2]))[1]
    assert not compared(one, replace(one, acknowledged=[0.2, 0.2]))[1]
    assert not compared(one, replace(one, asked=3, lost=1))[1]
