"""Reindexing after little or nothing changed, against building the index."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bot.app import composition
from bot.config.settings import Settings
from tools.bench.common import Bench, Process
from tools.bench.report import Row

_SETTLED = 2.1
"""Seconds after which a file's date tells whether it has changed."""


def full_build(bench: Bench, settings: Settings) -> Process:
    """Build the index from nothing by the command line."""
    shutil.rmtree(settings.index, ignore_errors=True)
    time.sleep(_SETTLED)
    return bench.command_line(settings, "reindex", "--json")


def bench(bench: Bench) -> list[Row]:
    settings = bench.settings(bench.passages_set, "reindexed")
    count = len(bench.passages_set.documents)
    runs = bench.size(3, 1)
    shutil.rmtree(settings.index, ignore_errors=True)
    time.sleep(_SETTLED)
    reindexer = composition.reindexer(settings)
    reindexer.embedder().embed_passages(["Loaded and warm."], lambda _: None)

    def in_process() -> float:
        return reindexer.run().seconds

    built = in_process()
    rows = _again(in_process, settings.corpus, runs, built, f"{count:,}, models loaded")

    def by_command_line() -> float:
        run = bench.command_line(settings, "reindex", "--json")
        json.loads(run.stdout)
        return run.seconds

    bench.corpus(bench.passages_set)
    whole = full_build(bench, settings).seconds
    return rows + _again(
        by_command_line, settings.corpus, runs, whole, f"{count:,}, the whole process"
    )


def _again(
    reindex: Callable[[], float], corpus: Path, runs: int, built: float, label: str
) -> list[Row]:
    unchanged = median([reindex() for _ in range(runs)])
    documents = sorted(corpus.iterdir())
    changed = []
    for number in range(runs):
        # Spread over the corpus, and longer by a sentence.
        path = documents[(number + 1) * len(documents) // (runs + 1)]
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nThis line was added for measurement {number + 1}.\n")
        changed.append(reindex())
        time.sleep(_SETTLED)
    return [
        _row(f"reindexing after one document changed ({label})", median(changed), built, 0.03),
        _row(f"reindexing when nothing changed ({label})", unchanged, built, 0.01),
    ]


def _row(what: str, seconds: float, built: float, target: float) -> Row:
    share = seconds / built
    return Row(
        f"{what}, against the full build",
        f"{seconds:.2f} s",
        f"{built:.1f} s",
        f"{share:.2%}",
        f"< {target:.0%}",
        share < target,
    )
