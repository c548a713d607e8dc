"""Whether how long an answer takes tells of documents that whoever asks may not see."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.app import composition
from index.answering.calibration import calibration_for
from index.answering.engine import Engine
from index.answering.tuning import TUNING
from index.evaluation.statistics import latency, ratio
from index.models.embedder import load_embedder
from index.models.reader import load_reader
from tools.bench.common import Bench, Row

__all__ = ["bench"]


def bench(bench: Bench) -> list[Row]:
    """The same questions, by turns, with the hidden documents in the index and without them."""
    seen, hidden = bench.questions_set, bench.passages_set
    both = replace(seen, name="hidden", documents={**seen.documents, **hidden.documents})
    places = {"without": bench.indexed(seen), "with": bench.indexed(both)}
    settings = places["without"]
    embedder = load_embedder(settings.model)
    reader = load_reader(settings.reader, lambda: embedder, TUNING.evidence_passages)
    lives = {name: composition.current_generation(place) for name, place in places.items()}
    engines = {
        name: Engine(live, embedder, reader, calibration_for(settings.reader))
        for name, live in lives.items()
    }
    # As `Access.visible` has it: all there is, and these of it.
    visible = {"without": None, "with": lives["without"].generation().catalog.document_names()}
    asked = seen.sample(bench.size(300, 20))
    took: dict[str, list[float]] = {name: [] for name in engines}
    for number, question in enumerate([*asked[:10], *asked]):
        for name in list(engines)[:: 1 if number % 2 else -1]:
            started = time.perf_counter()
            engines[name].ask(question.question, visible[name])
            if number >= 10:  # before that, it warms up
                took[name].append((time.perf_counter() - started) * 1000)
    more = ratio([b - a for a, b in zip(took["without"], took["with"], strict=True)])
    ours, bare = latency(took["with"]), latency(took["without"])
    counts = {name: len(live.generation().vectors) for name, live in lives.items()}
    return [
        Row(
            f"a question, median ({len(asked)} questions, {counts['without']:,} passages), with "
            f"{counts['with'] - counts['without']:,} hidden ones beside these, against without",
            f"{ours.median:.1f} ms",
            f"{bare.median:.1f} ms",
            f"{ours.median / bare.median:.3f} ×",
        ),
        Row(
            "the difference, mean over the questions and its 95 % interval",
            f"{more.value:+.1f} ms ({more.low:+.1f} to {more.high:+.1f})",
        ),
    ]
