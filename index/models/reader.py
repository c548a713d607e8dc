"""The reader: what one look at a question and a passage says about both.

One forward pass gives how relevant the passage is, whether it answers, how likely each of its units
is evidence, and where a short answer would begin and end. The model is the packaged cross-encoder,
tuned by tools/training/train_reader.py (index/models/weights/MODEL_CARD.md), as int8 in ONNX.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.answering.evidence import RerankingReader
from index.chunking.chunker import Passage
from index.document import BlockKind, Span
from index.errors import ModelUnavailable
from index.models.cores import cores
from index.models.registry import PACKAGED_READER, PACKAGED_RERANKER, model_directory
from index.models.reranker import load_reranker
from index.ports import UNSCORED, Embedder, PassageScores, Reader

__all__ = ["OnnxReader", "impression", "load_reader"]

_LONGEST_ANSWER = 30
"""Tokens of a short answer."""


def load_reader(model: str, embedder: Callable[[], Embedder], threads: int = 0) -> Reader:
    """The packaged reader, or one made of the reranker of that name, path or hub name.

    `embedder` and `threads` are as `load_reranker` wants them. Raises ModelUnavailable.
    """
    if model == PACKAGED_READER:
        return OnnxReader(model_directory(PACKAGED_READER) / "model.onnx", threads)
    return RerankingReader(load_reranker(model, embedder, threads))


class OnnxReader:
    """Pairs are read one by one, each on one core: in a batch the int8 model would quantise each
    pair by the extremes of the others, and cores that share a layer wait for each other."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        tokenizer = model_directory(PACKAGED_RERANKER) / "tokenizer.json"
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        # onnxruntime and tokenizers raise classes that they do not export.
        except Exception as exc:
            raise ModelUnavailable(
                str(path), f"it cannot be loaded ({exc})", "Run `make setup` again."
            ) from exc
        self._tokenizer.no_padding()
        # Passages are cut to fit well below this; only a question as long as a page reaches it.
        self._tokenizer.enable_truncation(512)
        self._pool = ThreadPoolExecutor(threads or cores(), thread_name_prefix="read")

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        encoded = self._tokenizer.encode_batch([(question, p.index_text) for p in passages])
        # Long ones first, so that no core is left with one at the end.
        order = sorted(range(len(encoded)), key=lambda row: -len(encoded[row].ids))
        read = self._pool.map(lambda row: self._read(encoded[row], passages[row]), order)
        by_row = dict(zip(order, read, strict=True))
        return [by_row[row] for row in range(len(encoded))]

    def _read(self, pair: Encoding, passage: Passage) -> PassageScores:
        pooled, tokens = self._session.run(
            None,
            {
                "ids": np.array([pair.ids], dtype=np.int64),
                "kinds": np.array([pair.type_ids], dtype=np.int64),
            },
        )
        return impression(pair, passage, pooled[0], tokens[0])


def impression(
    pair: Encoding,
    passage: Passage,
    pooled: NDArray[np.float32],
    tokens: NDArray[np.float32],
) -> PassageScores:
    """From the model's outputs: relevance and answerability (2,), and for each token (length, 4)
    the start and the end of an answer, and evidence, to be averaged and at its greatest."""
    # Offsets of tokens in the document, by way of `Passage.index_text`.
    moved = passage.span.start - (len(passage.context) + 1 if passage.context else 0)
    offsets = np.array(pair.offsets) + moved
    own = (np.array(pair.type_ids) == 1) & (np.array(pair.special_tokens_mask) == 0)
    own &= offsets[:, 0] >= passage.span.start
    evidence = np.full(len(passage.units), UNSCORED)
    for n, unit in enumerate(passage.units):
        inside = own & (offsets[:, 1] > unit.span.start) & (offsets[:, 0] < unit.span.end)
        if unit.kind is not BlockKind.HEADING and inside.any():
            evidence[n] = tokens[inside, 2].mean() + tokens[inside, 3].max()
    answer, margin = _best_span(tokens, np.flatnonzero(own), offsets)
    return PassageScores(
        relevance=float(pooled[0]),
        answerability=float(pooled[1]),
        evidence=evidence,
        answer=answer,
        margin=margin,
    )


def _best_span(
    tokens: NDArray[np.float32], own: NDArray[np.intp], offsets: NDArray[np.int64]
) -> tuple[Span | None, float]:
    if not len(own):
        return None, 0.0
    scores = tokens[own, 0][:, None] + tokens[own, 1][None, :]
    distance = np.arange(len(own))[None, :] - np.arange(len(own))[:, None]
    scores = np.where((distance >= 0) & (distance < _LONGEST_ANSWER), scores, -np.inf)
    start, end = np.unravel_index(int(np.argmax(scores)), scores.shape)
    span = Span(int(offsets[own[start], 0]), int(offsets[own[end], 1]))
    # The first token stands for "no answer here".
    return span, float(scores[start, end] - tokens[0, :2].sum())
