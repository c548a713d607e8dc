"""What the settings become; no model is loaded."""

from __future__ import annotations

import pytest

from bot import wiring
from bot.settings import Settings
from index.errors import IndexMissing, ModelUnavailable
from index.generation import Recipe
from index.models import fingerprint, model_directory
from index.passages import CUTTER_VERSION, CutterLimits
from index.reading import READER_VERSION


def test_recipe(settings: Settings) -> None:
    given = settings.model_copy(update={"query_prompt": "find: "})
    assert wiring.recipe(given) == Recipe(
        model="all-MiniLM-L6-v2",
        fingerprint=fingerprint(model_directory("all-MiniLM-L6-v2")),
        query_prompt="find: ",
        passage_prompt="",
        cutter=CUTTER_VERSION,
        reader=READER_VERSION,
        target_tokens=CutterLimits().target,
    )


def test_reindexer(settings: Settings) -> None:
    given = settings.model_copy(update={"max_file_mb": 2, "max_pages": 3})
    reindexer = wiring.reindexer(given)
    assert reindexer.corpus == settings.corpus
    assert reindexer.store.root == settings.index
    assert (reindexer.limits.max_bytes, reindexer.limits.max_pages) == (2_000_000, 3)


def test_an_engine_without_an_index_is_refused_before_models_are_looked_for(
    settings: Settings,
) -> None:
    with pytest.raises(IndexMissing):
        wiring.engine(settings.model_copy(update={"model": "/none", "reranker": "/none"}))


def test_a_model_that_is_not_there(settings: Settings) -> None:
    with pytest.raises(ModelUnavailable, match="there is no such directory"):
        wiring.recipe(settings.model_copy(update={"model": "/none"}))
