"""Checks of all documents after one of them changed, against building the index."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from bot.app import composition
from bot.documents.reviews import overdue
from index.answering.conflicts import conflicts_in
from index.answering.versions.proposals import proposals
from index.answering.versions.succession import successors_among
from index.chunking.chunker import CHUNKER_VERSION
from index.decisions import Decisions
from index.indexing.reindex import Reindexer
from index.parsing.parser import PARSER_VERSION
from index.store.generation import FORMAT_VERSION, Generation
from tools.bench.common import Bench
from tools.bench.report import Row

_TARGET = 0.02
_SETTLED = 2.1
"""Seconds after which a file's date tells whether it has changed."""


def bench(bench: Bench) -> list[Row]:
    settings = bench.settings(bench.passages_set, "checked")
    reindexer = composition.reindexer(settings)
    built = _built(settings.index, reindexer)
    spent: list[float] = []
    for number in range(bench.size(3, 1)):
        _change(settings.corpus, number)
        reindexer.run()
        generation = composition.current_generation(settings).generation()
        spent.append(_processor(partial(_check, generation)))
        generation.catalog.close()
        time.sleep(_SETTLED)
    share = median(spent) / built
    count = len(bench.passages_set.documents)
    return [
        Row(
            f"processor time of the checks after one of {count:,} documents changed (which replaces"
            " which, proposals, conflicts, overdue reviews), against the full build",
            f"{median(spent):.2f} s",
            f"{built:.1f} s",
            f"{share:.2%}",
            f"< {_TARGET:.0%}",
            share < _TARGET,
        )
    ]


def _built(index: Path, reindexer: Reindexer) -> float:
    """Return the processor time of the full build; one that an earlier run made is used again."""
    versions = f"{FORMAT_VERSION}-{PARSER_VERSION}-{CHUNKER_VERSION}"
    kept = index.with_name(f"{index.name}-{versions}.seconds")
    if index.exists() and kept.exists():
        return float(kept.read_text())
    shutil.rmtree(index, ignore_errors=True)
    time.sleep(_SETTLED)
    seconds = _processor(reindexer.run)
    kept.write_text(f"{seconds:.3f}")
    return seconds


def _check(generation: Generation) -> None:
    """Find all that is known of the documents together, as for an admin who sees all of them."""
    today, decisions = date.today(), Decisions()
    successors_among(generation.catalog, None, decisions, today)
    list(proposals(generation.catalog, None, decisions))
    conflicts_in(generation, None, decisions, today)
    overdue(generation, None, decisions, today)


def _change(corpus: Path, number: int) -> None:
    documents = sorted(corpus.iterdir())
    with documents[(number + 1) * len(documents) // 4].open("a", encoding="utf-8") as file:
        file.write(f"\nThe depot of measurement {number} holds {number + 40} tents.\n")


def _processor(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that a work takes, in processes of its own as well."""
    before = os.times()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])
