"""The packaged model, and the encoder."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from index.chunking.chunker import ChunkLimits, split
from index.models.bert import BertEncoder, matmul_dtype
from index.models.embedder import BertEmbedder, load_embedder
from index.models.prompts import Prompts
from index.models.registry import PACKAGED_EMBEDDER, model_directory
from index.parsing import ParsingLimits, parse_file
from tests.index.models.embedded_texts import TEXTS

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def packaged() -> Path:
    return model_directory(PACKAGED_EMBEDDER)


# The packaged model


def test_the_packaged_model_is_the_default_and_ours_to_compute(packaged: Path) -> None:
    embedder = load_embedder(PACKAGED_EMBEDDER)
    assert isinstance(embedder, BertEmbedder)
    assert (embedder.dimension, embedder.max_tokens) == (384, 254)
    assert BertEmbedder.supports(packaged)


def test_a_query_has_the_vector_of_the_same_passage(packaged: Path) -> None:
    embedder = BertEmbedder(packaged, Prompts(), dtype=torch.float32)
    query = embedder.embed_query(TEXTS[3])
    assert query.shape == (384,)
    np.testing.assert_allclose(query, embedder.embed_passages([TEXTS[3]])[0], atol=1e-6)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)


def test_no_passages_have_no_vectors(packaged: Path) -> None:
    embedder = BertEmbedder(packaged, Prompts())
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_each_passage_is_told_of_once(packaged: Path) -> None:
    told: list[int] = []
    BertEmbedder(packaged, Prompts()).embed_passages(TEXTS, told.append)
    assert sum(told) == len(TEXTS)


def test_a_failure_in_a_worker_is_raised_to_the_caller(packaged: Path) -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        BertEmbedder(packaged, Prompts()).embed_passages(TEXTS, fail)


def test_tokens_are_counted_without_the_special_ones(packaged: Path) -> None:
    embedder = BertEmbedder(packaged, Prompts())
    assert embedder.count_tokens(["", "norway", "norway sends ships", "norway, ships"]) == [
        0,
        1,
        3,
        3,
    ]
    long = "word " * 5000
    assert embedder.count_tokens([long]) == [5000]


def test_signs_of_the_model_in_a_text_are_words(packaged: Path) -> None:
    embedder = BertEmbedder(packaged, Prompts())
    assert min(embedder.count_tokens(["[SEP]", "[CLS]", "[PAD]", "[MASK]"])) == 3


def test_no_passage_is_longer_than_what_the_packaged_model_reads(packaged: Path) -> None:
    """No passage is truncated silently, with the real tokenizer, real texts and odd texts."""
    embedder = BertEmbedder(packaged, Prompts())
    corpus = Path(__file__).parents[3] / "corpus"
    documents = [
        parse_file(path, path.name, limits=ParsingLimits())
        for path in sorted(corpus.rglob("*"))
        if path.suffix in {".txt", ".md", ".html", ".csv"}
    ]
    assert documents
    for document in documents:
        for passage in split(
            document, embedder.count_tokens, ChunkLimits(most=embedder.max_tokens)
        ):
            assert embedder.count_tokens([passage.index_text])[0] <= embedder.max_tokens


# The encoder


@pytest.mark.parametrize("name", ["ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"])
@pytest.mark.parametrize("chosen", [None, "7"])
def test_products_of_few_shapes_are_kept_unless_told_otherwise(
    name: str, chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, chosen or "")
    if chosen is None:
        monkeypatch.delenv(name)
    BertEncoder(model_directory(PACKAGED_EMBEDDER), torch.float32)
    assert os.environ[name] == (chosen or "32")


def test_the_type_of_the_products_is_one_that_the_processor_has() -> None:
    assert matmul_dtype() in (torch.bfloat16, torch.float32)
    has = torch.cpu.get_capabilities()
    if not any(has.get(name) for name in ("amx_bf16", "avx512_bf16", "bf16")):
        assert matmul_dtype() is torch.float32
