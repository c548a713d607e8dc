"""A whole question, against what of it cannot be left out."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot import wiring
from index.calibration import calibration_for
from index.embedding import load_embedder
from index.engine import Engine
from index.ports import Reranker, Vectors
from index.rerank import load_reranker
from index.statistics import latency
from tools.bench_common import Bench, Row

__all__ = ["bench"]


class RecordingReranker:
    """Notes what it is asked to score, so that just that can be scored again."""

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker
        self.calls: list[tuple[str, list[str]]] = []

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        self.calls.append((query, list(texts)))
        return self._reranker.score(query, texts)

    def take(self) -> list[tuple[str, list[str]]]:
        """The calls since the last time, a pair that came before left out."""
        seen: set[tuple[str, str]] = set()
        calls = []
        for query, texts in self.calls:
            fresh = [text for text in dict.fromkeys(texts) if (query, text) not in seen]
            seen.update((query, text) for text in fresh)
            calls.append((query, fresh))
        self.calls = []
        return calls


def bench(bench: Bench) -> list[Row]:
    settings = bench.indexed(bench.questions_set)
    embedder = load_embedder(settings.model)
    reranker = load_reranker(settings.reranker, lambda: embedder)
    recorder = RecordingReranker(reranker)
    live = wiring.live_index(settings)
    engine = Engine(live, embedder, recorder, calibration_for(settings.reranker))
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
        for query, texts in calls:
            reranker.score(query, texts)
        parts.append((time.perf_counter() - started) * 1000)
        wholes.append(whole * 1000)
        pairs += sum(len(texts) for _, texts in calls)
    ours, bare = latency(wholes), latency(parts)
    over = f"{len(asked)} questions, {len(live.generation().vectors):,} passages"
    ratio = ours.median / bare.median
    return [
        Row(
            f"a question, median ({over}), against embedding it once and scoring the same pairs "
            f"({pairs / len(asked):.1f} on average) once",
            f"{ours.median:.0f} ms",
            f"{bare.median:.0f} ms",
            f"{ratio:.2f} ×",
            "≤ 1.3 ×",
            ratio <= 1.3,
        ),
        Row(
            "the same, 95th percentile",
            f"{ours.p95:.0f} ms",
            f"{bare.p95:.0f} ms",
            f"{ours.p95 / bare.p95:.2f} ×",
            "< 400 ms",
            ours.p95 < 400,
        ),
    ]
