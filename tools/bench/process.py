"""Whole processes: a question from a cold start, and the memory that indexing takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from index.models.embedder import load_embedder
from index.models.registry import PACKAGED_EMBEDDER, PACKAGED_READER, model_directory
from tools.bench.common import Bench, Process, index_texts
from tools.bench.reindex import full_build
from tools.bench.report import Row, compared


def bench_cold(bench: Bench) -> list[Row]:
    settings = bench.indexed(bench.questions_set)
    question = bench.questions_set.questions[0].question
    models = (
        str(model_directory(PACKAGED_EMBEDDER)),
        str(model_directory(PACKAGED_READER)),
    )
    kinds: dict[str, Callable[[], Process]] = {
        "ask": lambda: bench.command_line(settings, "ask", "--json", question),
        "load": lambda: bench.child("load", *models),
        "load-ours": lambda: bench.child("load-ours"),
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    # The first round only brings the files into memory.
    for number in range(1 + bench.size(5, 1)):
        for kind in sorted(kinds, reverse=bool(number % 2)):
            spent = kinds[kind]().seconds
            if number:
                seconds[kind].append(spent)
    ours, load, load_ours = (median(seconds[kind]) for kind in kinds)
    return [
        compared(
            "`ask` from a cold start, against importing sentence-transformers and ONNX Runtime and "
            "loading the same models with them",
            ours,
            load,
            "{:.2f} s",
            most=1.3,
        ),
        compared(
            "the same, against only importing and loading what ours loads, with our own loaders",
            ours,
            load_ours,
            "{:.2f} s",
            most=1.3,
        ),
    ]


def bench_memory(bench: Bench) -> list[Row]:
    whole = bench.passages_set
    half = replace(
        whole, name=f"{whole.name}-half", documents=dict(list(whole.documents.items())[::2])
    )
    peaks = {}
    for dataset in (whole, half):
        peaks[dataset.name] = full_build(bench, bench.settings(dataset, "built")).peak / 1e6
    texts = bench.work / "texts.json"
    texts.write_text(json.dumps(index_texts(bench.corpus(whole), load_embedder(PACKAGED_EMBEDDER))))
    bare = bench.child("encode", str(model_directory(PACKAGED_EMBEDDER)), str(texts)).peak / 1e6
    ours, smaller = peaks[whole.name], peaks[half.name]
    return [
        compared(
            f"peak memory of indexing {len(whole.documents):,} documents, against bare `encode` of "
            "the same texts",
            ours,
            bare,
            "{:.0f} MB",
            most=1.3,
        ),
        compared("the same, against indexing every other one of them", ours, smaller, "{:.0f} MB"),
    ]
