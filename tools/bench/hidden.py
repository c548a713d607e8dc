"""Does the time of an answer tell about documents that the viewer may not see?"""

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
from tools.bench.common import Bench
from tools.bench.report import Row


def bench(bench: Bench) -> list[Row]:
    """Ask the same questions by turns, with hidden documents in the index and without."""
    seen, hidden = bench.questions_set, bench.passages_set
    both = replace(seen, name="hidden", documents={**seen.documents, **hidden.documents})
    settings_of = {"without": bench.indexed(seen), "with": bench.indexed(both)}
    shipped = settings_of["without"]
    embedder = load_embedder(shipped.model)
    reader = load_reader(shipped.reader, lambda: embedder, TUNING.evidence_passages)
    indexes = {
        name: composition.current_generation(settings) for name, settings in settings_of.items()
    }
    engines = {
        name: Engine(current, embedder, reader, calibration_for(shipped.reader))
        for name, current in indexes.items()
    }
    # As `Access.visible` says it: None is every document.
    visible = {"without": None, "with": indexes["without"].generation().catalog.document_names()}
    asked = seen.sample(bench.size(300, 20))
    took: dict[str, list[float]] = {name: [] for name in engines}
    warm_up = asked[:10]
    for number, question in enumerate([*warm_up, *asked]):
        for name in list(engines)[:: 1 if number % 2 else -1]:
            started = time.perf_counter()
            engines[name].ask(question.question, visible[name])
            if number >= len(warm_up):
                took[name].append((time.perf_counter() - started) * 1000)
    difference = ratio([b - a for a, b in zip(took["without"], took["with"], strict=True)])
    ours, bare = latency(took["with"]), latency(took["without"])
    counts = {name: len(current.generation().vectors) for name, current in indexes.items()}
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
            f"{difference.value:+.1f} ms ({difference.low:+.1f} to {difference.high:+.1f})",
        ),
    ]
