"""A whole question, against the work of its models alone."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot.app import composition
from index.answering.calibration import calibration_for
from index.answering.engine import Engine
from index.answering.tuning import TUNING
from index.chunking.passage import Passage
from index.evaluation.statistics import latency
from index.models.embedder import load_embedder
from index.models.reader import load_reader
from index.ports import PassageScores, Reader
from tools.bench.common import Bench
from tools.bench.report import Row, compared


class RecordingReader:
    """Keep what the reader is asked to read, so that just that can be read again."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.calls: list[tuple[str, list[Passage]]] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        self.calls.append((question, list(passages)))
        return self._reader.read(question, passages)

    def take(self) -> list[tuple[str, list[Passage]]]:
        """Return the calls since the last time."""
        calls, self.calls = self.calls, []
        return calls


def bench(bench: Bench) -> list[Row]:
    settings = bench.indexed(bench.questions_set)
    embedder = load_embedder(settings.model)
    reader = load_reader(settings.reader, lambda: embedder, TUNING.evidence_passages)
    recorder = RecordingReader(reader)
    current = composition.current_generation(settings)
    engine = Engine(current, embedder, recorder, calibration_for(settings.reader))
    asked = bench.questions_set.sample(bench.size(300, 20))
    for question in asked[:5]:
        engine.ask(question.question)
    recorder.take()
    wholes, parts, pairs = [], [], 0
    for question in asked:
        # Asked only once: a second time would find its pages of the index in memory.
        started = time.perf_counter()
        engine.ask(question.question)
        whole = time.perf_counter() - started
        calls = recorder.take()
        started = time.perf_counter()
        embedder.embed_query(question.question)
        for query, passages in calls:
            reader.read(query, passages)
        parts.append((time.perf_counter() - started) * 1000)
        wholes.append(whole * 1000)
        pairs += sum(len(passages) for _, passages in calls)
    ours, bare = latency(wholes), latency(parts)
    over = f"{len(asked)} questions, {len(current.generation().vectors):,} passages"
    return [
        compared(
            f"a question, median ({over}), against embedding it once and scoring the same pairs "
            f"({pairs / len(asked):.1f} on average) once",
            ours.median,
            bare.median,
            "{:.0f} ms",
            most=1.3,
        ),
        Row(
            "the same, 95th percentile",
            f"{ours.p95:.0f} ms",
            f"{bare.p95:.0f} ms",
            f"{ours.p95 / bare.p95:.2f} ×",
            "≤ 300 ms",
            ours.p95 <= 300,
        ),
    ]
