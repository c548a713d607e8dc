"""The reader: one pass over a question and a passage gives all scores of the passage.

The pass says how relevant the passage is, whether it answers, how likely each of its units is
evidence, and where a short answer begins and ends. The model is ms-marco-MiniLM-L-12-v2, trained
further by tools/training/, as int8 in ONNX (index/models/weights/MODEL_CARD.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from index.chunking.passage import Passage
from index.document import Span
from index.models.onnx import Outputs, PairModel
from index.models.registry import PACKAGED_READER, model_directory
from index.models.reranker import load_reranker
from index.models.reranking_reader import RerankingReader
from index.ports import UNSCORED, Embedder, PassageScores, Reader

_LONGEST_ANSWER = 30
"""Tokens of a short answer."""


def load_reader(
    model: str, embedder: Callable[[], Embedder], evidence_passages: int, threads: int = 0
) -> Reader:
    """Return the packaged reader, or one made of the reranker of that name, path or hub name.

    `embedder` and `threads` are as in `load_reranker`, `evidence_passages` as in `RerankingReader`.
    Raises ModelUnavailable.
    """
    if model == PACKAGED_READER:
        return OnnxReader(model_directory(PACKAGED_READER) / "model.onnx", threads)
    return RerankingReader(load_reranker(model, embedder, threads), evidence_passages)


class OnnxReader:
    """The packaged reader, or another model of the same shape and with the same tokenizer."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        """Load the weights at `path`; `threads` of 0 uses every core. Raises ModelUnavailable."""
        tokenizer = model_directory(PACKAGED_READER) / "tokenizer.json"
        self._model = PairModel(path, tokenizer, threads)

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        def scores(row: int, pair: Encoding, outputs: Outputs) -> PassageScores:
            pooled, tokens = outputs
            return passage_scores(pair, passages[row], pooled[0], tokens[0])

        return self._model.run(question, [p.index_text for p in passages], scores)


def passage_scores(
    pair: Encoding,
    passage: Passage,
    pooled: NDArray[np.float32],
    tokens: NDArray[np.float32],
) -> PassageScores:
    """Return a passage's scores, made of the model's outputs for its pair with a question.

    `pooled` is (2,): relevance and answerability. `tokens` is (length, 4): the logits that an
    answer starts here, that it ends here, and two of evidence. A unit's evidence is the mean of
    the first of these over its tokens plus the greatest of the second.
    """
    # From offsets in `Passage.index_text` to offsets in the document.
    shift = passage.span.start - (len(passage.context) + 1 if passage.context else 0)
    offsets = np.array(pair.offsets) + shift
    in_passage = (np.array(pair.type_ids) == 1) & (np.array(pair.special_tokens_mask) == 0)
    in_passage &= offsets[:, 0] >= passage.span.start
    evidence = np.full(len(passage.units), UNSCORED)
    for n, unit in enumerate(passage.units):
        inside = in_passage & (offsets[:, 1] > unit.span.start) & (offsets[:, 0] < unit.span.end)
        if inside.any():
            evidence[n] = tokens[inside, 2].mean() + tokens[inside, 3].max()
    answer, margin = _likeliest_answer(tokens, np.flatnonzero(in_passage), offsets)
    return PassageScores(
        relevance=float(pooled[0]),
        answerability=float(pooled[1]),
        evidence=evidence,
        answer=answer,
        margin=margin,
    )


def _likeliest_answer(
    tokens: NDArray[np.float32], in_passage: NDArray[np.intp], offsets: NDArray[np.int64]
) -> tuple[Span | None, float]:
    """Return the likeliest short answer, and by how many logits it beats "no answer here"."""
    if not len(in_passage):
        return None, 0.0
    scores = tokens[in_passage, 0][:, None] + tokens[in_passage, 1][None, :]
    distance = np.arange(len(in_passage))[None, :] - np.arange(len(in_passage))[:, None]
    scores = np.where((distance >= 0) & (distance < _LONGEST_ANSWER), scores, -np.inf)
    start, end = np.unravel_index(int(np.argmax(scores)), scores.shape)
    span = Span(int(offsets[in_passage[start], 0]), int(offsets[in_passage[end], 1]))
    # The first token stands for "no answer here".
    return span, float(scores[start, end] - tokens[0, :2].sum())
