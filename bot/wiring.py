"""The composition root: builds what the commands need out of the settings.

torch, onnxruntime and sentence-transformers take seconds to import, so whatever needs them is
imported when it is asked for: `documents`, or a reindex that finds nothing to do, never waits.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from index.engine import Engine
    from index.generation import Recipe
    from index.live import LiveIndex
    from index.ports import Embedder, Reads
    from index.reindex import Reindexer
    from index.store import IndexStore

__all__ = ["engine", "index_store", "live_index", "recipe", "reindexer"]


def index_store(settings: Settings) -> IndexStore:
    from index.store import IndexStore

    return IndexStore(settings.index)


def recipe(settings: Settings) -> Recipe:
    """What an index made by these settings is made by. Raises ModelUnavailable."""
    from index.generation import Recipe
    from index.models import fingerprint, model_directory
    from index.passages import CUTTER_VERSION, CutterLimits
    from index.prompts import prompts_of
    from index.reading import READER_VERSION

    directory = model_directory(settings.model)
    prompts = prompts_of(settings.model, directory, settings.query_prompt, settings.passage_prompt)
    return Recipe(
        model=settings.model,
        fingerprint=fingerprint(directory),
        query_prompt=prompts.query,
        passage_prompt=prompts.passage,
        cutter=CUTTER_VERSION,
        reader=READER_VERSION,
        target_tokens=CutterLimits().target,
    )


def live_index(settings: Settings, *, made_by: Recipe | None = None) -> LiveIndex:
    """The index, whatever it was made by unless `made_by` is given; loads no model."""
    from index.live import LiveIndex

    return LiveIndex(index_store(settings), made_by)


def reindexer(settings: Settings) -> Reindexer:
    from index.reading import ReadingLimits
    from index.reindex import Reindexer

    _keep_to_cores(settings.threads)
    return Reindexer(
        corpus=settings.corpus,
        store=index_store(settings),
        recipe=recipe(settings),
        embedder=cache(lambda: _load_embedder(settings)),
        limits=ReadingLimits(
            max_bytes=settings.max_file_mb * 1_000_000, max_pages=settings.max_pages
        ),
    )


def engine(settings: Settings) -> Engine:
    """Loads both models at once, and opens the index meanwhile.

    Raises ModelUnavailable, IndexMissing, IndexMismatch and IndexDamaged.
    """
    # Known at once: no reason to load models for it.
    index_store(settings).pointer()
    # Imported before the threads start: two of them importing it at once may see half of it.
    import numpy  # noqa: F401

    from index.calibration import calibration_for
    from index.engine import Engine

    _keep_to_cores(settings.threads)
    with ThreadPoolExecutor(max_workers=2) as pool:
        embedder = pool.submit(_load_embedder, settings)
        reader = pool.submit(_load_reader, settings, embedder)
        index = live_index(settings, made_by=recipe(settings))
        index.generation()
        calibration = calibration_for(settings.reranker)
        return Engine(index, embedder.result(), reader.result(), calibration)


def _load_embedder(settings: Settings) -> Embedder:
    from index.embedding import load_embedder

    return load_embedder(settings.model, settings.query_prompt, settings.passage_prompt)


def _load_reader(settings: Settings, embedder: Future[Embedder]) -> Reads:
    from index.reader import load_reader

    return load_reader(settings.reranker, embedder.result, settings.threads or 0)


def _keep_to_cores(threads: int | None) -> None:
    """The one limit that torch, onnxruntime and our own workers all go by."""
    if threads and hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[:threads])
