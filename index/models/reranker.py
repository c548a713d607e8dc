"""Cross-encoders: how well a text answers a question, read together.

Every reranker gives logits on about the scale of ms-marco-MiniLM-L-12-v2, from -12 (nothing to do
with it) to 10 (answers it), which is what `index.answering.calibration` was fitted to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from index.errors import ModelUnavailable
from index.models.cores import cores
from index.models.registry import LOADED_WITHOUT_CODE, model_directory
from index.ports import Embedder, Reranker, Vectors

__all__ = [
    "CosineReranker",
    "OnnxCrossEncoder",
    "SentenceTransformersCrossEncoder",
    "load_reranker",
]


def load_reranker(model: str, embedder: Callable[[], Embedder], threads: int = 0) -> Reranker:
    """The reranker of that name, path or hub name; "none" compares embeddings instead.

    `embedder` is called for "none" only, so that both models may be loaded at once. `threads` of 0
    uses every core. Raises ModelUnavailable.
    """
    if model in ("", "none"):
        return CosineReranker(embedder())
    directory = model_directory(model)
    if (directory / "model.onnx").is_file():
        return OnnxCrossEncoder(directory, threads)
    return SentenceTransformersCrossEncoder(directory)


class OnnxCrossEncoder:
    """A directory with `model.onnx` and `tokenizer.json`.

    Pairs are scored one by one, each on one core. In a batch the int8 model would quantise each
    pair by the extremes of the others, which moves a logit by up to one; and cores that share the
    layers of one batch wait for each other, three times as long on a busy machine.
    """

    def __init__(self, directory: Path, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(directory / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        # onnxruntime and tokenizers raise classes that they do not export.
        except Exception as exc:
            raise ModelUnavailable(
                str(directory), f"it cannot be loaded ({exc})", "Run `make setup` again."
            ) from exc
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._tokenizer.no_padding()
        # Passages are cut to fit well below this; only a question as long as a page reaches it.
        self._tokenizer.enable_truncation(512)
        self._pool = ThreadPoolExecutor(threads or cores(), thread_name_prefix="rerank")

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch([(query, text) for text in texts])
        # Long ones first, so that no core is left with one at the end.
        order = sorted(range(len(encoded)), key=lambda row: -len(encoded[row].ids))
        scores = np.zeros(len(encoded), dtype=np.float32)
        scores[order] = list(self._pool.map(self._score, [encoded[row] for row in order]))
        return scores

    def _score(self, pair: Encoding) -> float:
        inputs = {
            "input_ids": pair.ids,
            "attention_mask": pair.attention_mask,
            "token_type_ids": pair.type_ids,
        }
        feed = {
            name: np.array([value], dtype=np.int64)
            for name, value in inputs.items()
            if name in self._inputs
        }
        return float(self._session.run(None, feed)[0][0, 0])


class SentenceTransformersCrossEncoder:
    """Any other cross-encoder with one output, computed by sentence-transformers."""

    def __init__(self, directory: Path) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(str(directory), **LOADED_WITHOUT_CODE)
        except Exception as exc:  # whatever the library raises for a folder that is no model
            raise ModelUnavailable(
                str(directory), f"sentence-transformers cannot load it ({exc})", "Name another."
            ) from exc
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
    """What stands in where there is no cross-encoder: cosine, put on a cross-encoder's scale."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros(0, dtype=np.float32)
        vectors = self._embedder.embed_passages(texts)
        cosine: Vectors = vectors @ self._embedder.embed_query(query)
        return 24 * cosine - 12
