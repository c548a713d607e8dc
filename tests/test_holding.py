"""What holds now, over families of versions of documents, with the real models."""

from __future__ import annotations

import pytest

from index.answering.engine import Engine
from testing.budget import HARDENING
from testing.holding import Holding, holding, wrong
from tools.training.measure_holding import engine_of

DATA = holding()
RIGHT = 0.9
HALVES = ("development", "other") if HARDENING else ("other",)
ASKED = Holding(
    today=DATA.today, family=tuple(each for each in DATA.families if each.half in HALVES)
)
"""All documents are indexed of which some are asked, so that each family has others beside it."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_of(ASKED, tmp_path_factory.mktemp("holding"))


def test_the_set_has_families_of_versions_and_questions_on_them() -> None:
    assert sum(len(family.questions) for family in DATA.families) >= 60
    for family in DATA.families:
        names = {each.name for each in family.documents}
        assert all(each.first in names for each in family.questions)
        assert all(each.replaces in names for each in family.documents if each.replaces)


@pytest.mark.models
def test_what_holds_comes_first(engine: Engine) -> None:
    part = ASKED.families if HARDENING else ASKED.families[::2]
    asked, failed = wrong(engine, Holding(today=DATA.today, family=part))
    assert len(failed) <= (1 - RIGHT) * asked, [each.asked for each in failed]
