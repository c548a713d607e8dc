"""Rerankers: how well a text answers a question, by a model that reads both together.

Every reranker gives logits on about the scale of ms-marco-MiniLM-L-12-v2, from -12 (the text has
nothing to do with the question) to 10 (it answers). `index.answering.calibration` is fitted to
that scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.errors import ModelUnavailable
from index.models.onnx import PairModel
from index.models.registry import LOADED_WITHOUT_CODE, model_directory
from index.ports import Embedder, Reranker, Vectors


def load_reranker(model: str, embedder: Callable[[], Embedder], threads: int = 0) -> Reranker:
    """Return the reranker of that name, path or hub name; "none" compares embeddings instead.

    `embedder` is called for "none" only, so that both models may load at the same time. `threads`
    of 0 uses every core. Raises ModelUnavailable.
    """
    if model in ("", "none"):
        return CosineReranker(embedder())
    directory = model_directory(model)
    if (directory / "model.onnx").is_file():
        return OnnxCrossEncoder(directory, threads)
    return SentenceTransformersCrossEncoder(directory)


class OnnxCrossEncoder:
    """A cross-encoder in a directory with `model.onnx` and `tokenizer.json`."""

    def __init__(self, directory: Path, threads: int = 0) -> None:
        self._model = PairModel(directory / "model.onnx", directory / "tokenizer.json", threads)

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        logits = self._model.run(query, texts, lambda _, pair, outputs: float(outputs[0][0, 0]))
        return np.array(logits, dtype=np.float32)


class SentenceTransformersCrossEncoder:
    """Any other cross-encoder with one output, computed by sentence-transformers."""

    def __init__(self, directory: Path) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(str(directory), **LOADED_WITHOUT_CODE)
        except Exception as exc:  # the library raises anything for a folder that is no model
            raise ModelUnavailable(
                str(directory), f"sentence-transformers cannot load it ({exc})", "Name another."
            ) from exc
        self._model.tokenizer.split_special_tokens = True  # "[SEP]" in a text is no end of it
        if self._model.num_labels != 1:
            raise ModelUnavailable(
                str(directory), "it has more than one output", "Name a cross-encoder with one."
            )

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        from torch.nn import Identity

        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(query, text) for text in texts]
        return np.asarray(
            self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False),
            dtype=np.float32,
        )


class CosineReranker:
    """Stands in where there is no cross-encoder: a cosine, moved to a cross-encoder's scale."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros(0, dtype=np.float32)
        vectors = self._embedder.embed_passages(texts)
        cosine: Vectors = vectors @ self._embedder.embed_query(query)
        return 24 * cosine - 12
