"""What is built from the settings; no model is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import composition
from bot.config.settings import Settings
from index.answering.calibration import calibration_for
from index.answering.tuning import TUNING
from index.chunking.chunker import CHUNKER_VERSION, ChunkLimits
from index.errors import IndexMissing, ModelUnavailable
from index.models.registry import fingerprint, model_directory
from index.parsing import PARSER_VERSION
from index.store.generation import Recipe
from testing.stores import folder_of

ROOT = Path(__file__).parents[3]


def test_recipe(settings: Settings) -> None:
    given = settings.model_copy(update={"query_prompt": "find: "})
    assert composition.recipe(given) == Recipe(
        model="all-MiniLM-L6-v2",
        fingerprint=fingerprint(model_directory("all-MiniLM-L6-v2")),
        query_prompt="find: ",
        passage_prompt="",
        chunker=CHUNKER_VERSION,
        parser=PARSER_VERSION,
        target_tokens=ChunkLimits().target,
    )


def test_reindexer(settings: Settings) -> None:
    given = settings.model_copy(update={"max_file_mb": 2, "max_pages": 3})
    reindexer = composition.reindexer(given)
    assert reindexer.corpus == settings.corpus
    assert folder_of(reindexer.store).root == settings.index
    assert (reindexer.limits.max_bytes, reindexer.limits.max_pages) == (2_000_000, 3)


BUILT_IN_THE_LOOP = """
import asyncio, sys
from pathlib import Path
from unittest.mock import MagicMock
from bot.app import composition
from bot.config.settings import Settings
from bot.discord.gateway import serving
composition._engine = lambda *_: (MagicMock(), MagicMock())
settings = Settings(corpus=Path("corpus"), index=Path("index"), records=Path("records"))
services = composition.services(settings)
before = set(sys.modules)

async def serve():
    composition.discord_bot(services)

asyncio.run(serve())
services.records.close()
print(*(name for name in set(sys.modules) - before if name.startswith("bot.")))
"""


@pytest.mark.processes
def test_nothing_is_imported_while_people_wait(tmp_path: Path) -> None:
    """It held the event loop up for a tenth of a second."""
    done = subprocess.run(
        [sys.executable, "-c", BUILT_IN_THE_LOOP],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""


def test_an_engine_without_an_index_is_refused_before_models_are_looked_for(
    settings: Settings,
) -> None:
    with pytest.raises(IndexMissing):
        composition.engine(settings.model_copy(update={"model": "/none", "reader": "/none"}))


def test_a_model_that_is_not_there(settings: Settings) -> None:
    with pytest.raises(ModelUnavailable, match="there is no such directory"):
        composition.recipe(settings.model_copy(update={"model": "/none"}))


@pytest.mark.parametrize("reader", ["briefing-reader", "none"])
def test_the_threshold_is_that_of_the_risk_that_was_asked_for(
    reader: str, settings: Settings
) -> None:
    given = settings.model_copy(update={"reader": reader, "wrong_at_most": 0.35})
    threshold = composition.calibration(given).confidence.threshold
    assert threshold == calibration_for(reader).threshold_for(0.35) is not None


def test_the_threshold_as_shipped(settings: Settings) -> None:
    assert composition.calibration(settings) == calibration_for(settings.reader)


def test_a_risk_that_nothing_measured_is_as_low_as_gets_the_strictest_threshold(
    settings: Settings,
) -> None:
    given = composition.calibration(settings.model_copy(update={"wrong_at_most": 0.0001}))
    assert given.confidence.threshold == given.curve.points[-1].threshold
    assert given.confidence.threshold > calibration_for(settings.reader).confidence.threshold


def test_as_many_passages_are_read_as_the_engine_reads_unasked(settings: Settings) -> None:
    assert settings.read_passages == TUNING.read_passages
