from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelUnavailable
from index.models.registry import PACKAGED_READER, PACKAGED_RERANKER, model_directory
from index.models.reranker import (
    CosineReranker,
    OnnxCrossEncoder,
    SentenceTransformersCrossEncoder,
    load_reranker,
)
from testing.fakes import WordEmbedder
from tests.index.models.extras import needs_cross_encoder

QUESTION = "what roles would Norway's force take"
TEXTS = [
    "The boiling point of water falls with altitude.",
    "Norway's force would take four roles: monitoring, reform, border security and relief.",
    "Norway exports salmon.",
    "The roles of the force are not known. " * 9,
]


def test_without_a_cross_encoder_cosine_decides() -> None:
    reranker = load_reranker("none", WordEmbedder)
    assert isinstance(reranker, CosineReranker)
    scores = reranker.score("alpha beta", ["alpha beta", "alpha", "gamma"])
    # 24 times the cosine, less 12: cosines of 1, 1/√2 and 0.
    assert np.allclose(scores, [12, 24 / 2**0.5 - 12, -12], atol=1e-4)
    assert reranker.score("alpha", []).shape == (0,)


@pytest.mark.models
@needs_cross_encoder
def test_the_packaged_cross_encoder_knows_what_answers() -> None:
    reranker = load_reranker(PACKAGED_RERANKER, WordEmbedder)
    assert isinstance(reranker, OnnxCrossEncoder)
    scores = reranker.score(QUESTION, TEXTS)
    assert scores.dtype == np.float32
    assert int(scores.argmax()) == 1
    assert int(scores.argmin()) == 0
    assert reranker.score(QUESTION, []).shape == (0,)


@pytest.mark.models
@needs_cross_encoder
def test_a_score_does_not_depend_on_what_is_scored_beside_it() -> None:
    reranker = OnnxCrossEncoder(model_directory(PACKAGED_RERANKER))
    together = reranker.score(QUESTION, TEXTS * 5)
    alone = np.concatenate([reranker.score(QUESTION, [text]) for text in TEXTS] * 5)
    assert np.array_equal(together, alone)


@pytest.mark.models
@needs_cross_encoder
def test_a_question_as_long_as_allowed_is_scored() -> None:
    reranker = OnnxCrossEncoder(model_directory(PACKAGED_RERANKER))
    assert np.isfinite(reranker.score("🎈 word " * 280, TEXTS)).all()


def test_a_damaged_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load_reranker(str(tmp_path), WordEmbedder)
    with pytest.raises(ModelUnavailable, match="no such directory"):
        load_reranker(str(tmp_path / "gone"), WordEmbedder)


@pytest.mark.search  # to load transformers takes seconds
def test_any_cross_encoder_by_directory(tmp_path: Path) -> None:
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    config = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    source = model_directory(PACKAGED_READER)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(source / "tokenizer.json"),
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        unk_token="[UNK]",
    ).save_pretrained(tmp_path)
    reranker = load_reranker(str(tmp_path), WordEmbedder)
    assert isinstance(reranker, SentenceTransformersCrossEncoder)
    assert reranker.score(QUESTION, TEXTS).shape == (4,)
