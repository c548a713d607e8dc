"""Embedding a corpus, against sentence-transformers with its defaults."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from index.models.bert import matmul_dtype
from index.models.embedder import load_embedder
from index.models.registry import PACKAGED_EMBEDDER, model_directory
from index.ports import Embedder, Vectors
from tools.bench.common import Bench, index_texts
from tools.bench.report import Row, compared

_TOP = 10
_NEAR = 0.002
"""Cosines closer than this are near-ties: nobody could say which passage is better."""


def bench(bench: Bench) -> list[Row]:
    disable_progress_bar()  # type: ignore[no-untyped-call]  # has no types
    directory = str(model_directory(PACKAGED_EMBEDDER))
    ours = load_embedder(PACKAGED_EMBEDDER)
    reference = SentenceTransformer(directory, device="cpu", local_files_only=True)
    rounded = SentenceTransformer(
        directory, device="cpu", local_files_only=True, model_kwargs={"dtype": torch.bfloat16}
    )
    texts = index_texts(bench.corpus(bench.passages_set), ours)
    return [*_speed(texts, ours, reference, rounded), *_ranking(bench, ours, reference)]


def _speed(
    texts: list[str], ours: Embedder, reference: SentenceTransformer, rounded: SentenceTransformer
) -> list[Row]:
    """Embed slices of every sixth text, ours and the reference by turns, either first."""
    slices = [texts[start::6] for start in range(6)]
    encoders: dict[str, Callable[[list[str]], Vectors]] = {
        "ours": lambda part: ours.embed_passages(part, lambda _: None),
        "reference": lambda part: _encode(reference, part),
    }
    for encode in encoders.values():
        encode(texts[:64])
    seconds = dict.fromkeys(encoders, 0.0)
    vectors: dict[str, Vectors] = {}
    for number, part in enumerate(slices):
        for name in sorted(encoders, reverse=bool(number % 2)):
            started = time.perf_counter()
            vectors[name] = encoders[name](part)
            seconds[name] += time.perf_counter() - started
    _encode(rounded, texts[:64])
    started = time.perf_counter()
    in_bfloat16 = _encode(rounded, slices[-1])
    rounded_rate = len(slices[-1]) / (time.perf_counter() - started)
    target = 3.0 if matmul_dtype() is torch.bfloat16 else 1.3
    rates = {name: len(texts) / seconds[name] for name in seconds}
    times = rates["ours"] / rates["reference"]
    return [
        Row(
            f"embedding {len(texts):,} passages, against `encode` with its defaults",
            f"{rates['ours']:.1f} passages/s",
            f"{rates['reference']:.1f} passages/s",
            f"{times:.2f} ×",
            f"≥ {target:g} ×",
            times >= target,
        ),
        compared(
            "the same, against `encode` with the model cast to bfloat16 (one slice in six)",
            rates["ours"],
            rounded_rate,
            "{:.1f} passages/s",
        ),
        Row(
            "least cosine of a passage's vector to its float32 one (same slice), "
            "against that of the cast model",
            f"{_least_cosine(vectors['ours'], vectors['reference']):.5f}",
            f"{_least_cosine(in_bfloat16, vectors['reference']):.5f}",
        ),
    ]


def _ranking(bench: Bench, ours: Embedder, reference: SentenceTransformer) -> list[Row]:
    texts = index_texts(bench.corpus(bench.questions_set), ours)
    questions = [question.question for question in bench.asked]
    exact = _encode(reference, questions) @ _encode(reference, texts).T
    passages = ours.embed_passages(texts, lambda _: None)
    close = np.stack([ours.embed_query(question) for question in questions]) @ passages.T
    pairs = [_compare(a, b) for a, b in zip(exact, close, strict=True)]
    same = float(np.mean([not pair.gaps for pair in pairs]))
    near = float(np.mean([max(pair.gaps, default=0.0) < _NEAR for pair in pairs]))
    overlap = float(np.mean([1 - len(pair.gaps) / _TOP for pair in pairs]))
    worst = max((gap for pair in pairs for gap in pair.gaps), default=0.0)
    first = float(np.mean([pair.same_first for pair in pairs]))
    over = f"over {len(questions):,} questions and {len(texts):,} passages"
    return [
        Row(f"the same top 10, as a set, as float32's, {over}", f"{same:.1%}",
            target="≥ 99 %", reached=same >= 0.99),
        Row(f"the same, a swap of passages whose float32 cosines differ by < {_NEAR} not counted",
            f"{near:.1%}"),
        Row("mean overlap of the two top 10", f"{overlap:.2%}"),
        Row("the same first passage", f"{first:.1%}"),
        Row("greatest difference of float32 cosines in a swap", f"{worst:.4f}"),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The top passages of one question by exact scores and by ours.

    `gaps` has one number for each passage that is only in the exact top: by how much its exact
    score exceeds that of the passage that took its place, both in order of their scores.
    """

    gaps: tuple[float, ...]
    same_first: bool


def _compare(exact: Vectors, close: Vectors) -> _Comparison:
    """Compare the scores of one question over all passages, exact and ours."""
    wanted = np.argsort(-exact, kind="stable")[:_TOP].tolist()
    found = np.argsort(-close, kind="stable")[:_TOP].tolist()
    fell = sorted((float(exact[row]) for row in wanted if row not in found), reverse=True)
    came = sorted((float(exact[row]) for row in found if row not in wanted), reverse=True)
    gaps = tuple(out - into for out, into in zip(fell, came, strict=True))
    return _Comparison(gaps, wanted[0] == found[0])


def _encode(model: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    # Ours sets one thread a worker, which some of torch's libraries take for the whole process.
    torch.set_num_threads(_THREADS)
    encoded = model.encode(list(texts))
    vectors: Vectors = np.asarray(encoded, dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


_THREADS = torch.get_num_threads()


def _least_cosine(vectors: Vectors, exact: Vectors) -> float:
    return float((vectors * exact).sum(axis=1).min())
