"""Our forward pass and batching against sentence-transformers' own `encode`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from index.errors import ModelUnavailable
from index.models.bert import BertEncoder, pad
from index.models.embedder import BertEmbedder, SentenceTransformerEmbedder, load_embedder
from index.models.prompts import Prompts
from index.models.registry import PACKAGED_EMBEDDER, model_directory
from index.ports import Embedder, Vectors

if TYPE_CHECKING:
    from transformers import BertModel, PreTrainedModel

from tests.index.models.embedded_texts import TEXTS

pytestmark = pytest.mark.search  # to load sentence-transformers takes six seconds


def cosines(one: Vectors, two: Vectors) -> Vectors:
    assert one.dtype == two.dtype == np.float32
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1)
    found: Vectors = (one * two).sum(1) / lengths
    return found


def reference(directory: Path, texts: list[str]) -> Vectors:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(directory), device="cpu", local_files_only=True)
    encoded: Vectors = model.encode(texts, prompt="", normalize_embeddings=True)
    return encoded


@pytest.fixture(scope="module")
def packaged() -> Path:
    return model_directory(PACKAGED_EMBEDDER)


@pytest.fixture(scope="module")
def packaged_vectors(packaged: Path) -> Vectors:
    return reference(packaged, TEXTS)


def test_in_float32_the_vectors_are_those_of_sentence_transformers(
    packaged: Path, packaged_vectors: Vectors
) -> None:
    embedder = BertEmbedder(packaged, Prompts(), dtype=torch.float32)
    vectors = embedder.embed_passages(TEXTS)
    np.testing.assert_allclose(vectors, packaged_vectors, atol=2e-6)
    assert cosines(vectors, packaged_vectors).min() > 0.999999


def test_in_bfloat16_they_hardly_differ(packaged: Path, packaged_vectors: Vectors) -> None:
    embedder = BertEmbedder(packaged, Prompts(), dtype=torch.bfloat16)
    vectors = embedder.embed_passages(TEXTS)
    assert cosines(vectors, packaged_vectors).min() > 0.9999


# Models of other making


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory, packaged: Path) -> Callable[..., Path]:
    """Return a tiny random model, as sentence-transformers saves it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import AutoTokenizer

    def make(
        model: PreTrainedModel, pooling: str = "mean", length: int | None = 48, **options: Any
    ) -> Path:
        folder = tmp_path_factory.mktemp("model")
        AutoTokenizer.from_pretrained(packaged).save_pretrained(folder / "raw")
        model.save_pretrained(folder / "raw")
        transformer = Transformer(str(folder / "raw"), max_seq_length=length, **options)
        modules = [transformer, Pooling(32, pooling_mode=pooling), Normalize()]
        SentenceTransformer(modules=modules, device="cpu").save(str(folder / "saved"))
        return folder / "saved"

    return make


@pytest.fixture(scope="module")
def made(make: Callable[..., Path]) -> Path:
    return make(tiny_bert())


@pytest.fixture
def bert(made: Path, tmp_path: Path) -> Path:
    """Return a BERT with mean pooling, for tests to change."""
    return Path(shutil.copytree(made, tmp_path / "bert"))


def tiny_bert(**options: Any) -> BertModel:
    """Return a model with weights so large that no two texts have nearly the same vector."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(2026)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,
        **options,
    )
    return BertModel(config)


def as_before_version_6(directory: Path, pooling: str, length: int | None, **options: Any) -> Path:
    """Return the same model in the layout of sentence-transformers up to version 5."""
    old = directory.with_name("old")
    shutil.copytree(directory, old)
    modes = {f"pooling_mode_{mode}": mode == pooling for mode in ("cls_token", "mean_tokens")}
    (old / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 32, **modes})
    )
    (old / "sentence_bert_config.json").write_text(
        json.dumps({"max_seq_length": length, "do_lower_case": False, **options})
    )
    return old


def assert_the_same(directory: Path) -> BertEmbedder:
    assert BertEmbedder.supports(directory)
    embedder = BertEmbedder(directory, Prompts(), dtype=torch.float32)
    expected = reference(directory, TEXTS)
    vectors = embedder.embed_passages(TEXTS)
    assert cosines(vectors, expected).min() > 0.99999
    others = expected[:4] @ expected[:4].T  # the test can tell texts apart
    assert others[~np.eye(4, dtype=bool)].min() < 0.99
    return embedder


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_bert_saved_by_this_version_is_recognised(
    make: Callable[..., Path], pooling: str
) -> None:
    embedder = assert_the_same(make(tiny_bert(), pooling))
    assert (embedder.dimension, embedder.max_tokens) == (32, 46)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_bert_saved_by_an_earlier_version_is_recognised(
    make: Callable[..., Path], pooling: str
) -> None:
    mode = {"mean": "mean_tokens", "cls": "cls_token"}[pooling]
    embedder = assert_the_same(as_before_version_6(make(tiny_bert(), pooling), mode, 40))
    assert embedder.max_tokens == 38


def test_without_a_length_of_its_own_a_model_reads_its_positions(make: Callable[..., Path]) -> None:
    directory = as_before_version_6(make(tiny_bert(), length=None), "mean_tokens", None)
    assert assert_the_same(directory).max_tokens == 62


def test_a_model_that_is_told_to_read_lower_case_does(bert: Path) -> None:
    directory = as_before_version_6(bert, "mean_tokens", 48, do_lower_case=True)
    tokenizer = json.loads((directory / "tokenizer.json").read_text("utf-8"))
    tokenizer["normalizer"]["lowercase"] = False
    (directory / "tokenizer.json").write_text(json.dumps(tokenizer), "utf-8")
    config = json.loads((directory / "tokenizer_config.json").read_text("utf-8"))
    config["do_lower_case"] = False
    (directory / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    assert_the_same(directory)


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("1_Pooling/config.json", {"pooling_mode": "max"}),
        ("1_Pooling/config.json", {"pooling_mode": ["mean", "cls"]}),
        ("1_Pooling/config.json", {"include_prompt": False}),
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"model_type": "roberta"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("config.json", {"is_decoder": True}),
        ("modules.json", [{"type": "sentence_transformers.models.Dense"}]),
    ],
)
def test_what_our_forward_pass_does_not_compute_is_left_to_sentence_transformers(
    bert: Path, file: str, changes: Any
) -> None:
    assert BertEmbedder.supports(bert)
    content = json.loads((bert / file).read_text("utf-8"))
    changed = [*content, *changes] if isinstance(content, list) else content | changes
    (bert / file).write_text(json.dumps(changed), "utf-8")
    assert not BertEmbedder.supports(bert)


@pytest.mark.parametrize(
    "file", ["config.json", "model.safetensors", "tokenizer.json", "1_Pooling/config.json"]
)
def test_a_model_that_lacks_a_file_is_not_ours(bert: Path, file: str) -> None:
    (bert / file).unlink()
    assert not BertEmbedder.supports(bert)


@pytest.mark.parametrize(
    "file", ["config.json", "model.safetensors", "tokenizer.json", "modules.json"]
)
def test_a_damaged_model_is_unavailable_not_an_accident(bert: Path, file: str) -> None:
    (bert / file).write_bytes((bert / file).read_bytes()[:40])
    with pytest.raises(ModelUnavailable):
        load_embedder(str(bert))


def test_an_empty_directory_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        load_embedder(str(tmp_path))


def test_another_architecture_is_computed_by_sentence_transformers(
    make: Callable[..., Path],
) -> None:
    from transformers import DistilBertConfig, DistilBertModel

    torch.manual_seed(2026)
    directory = make(
        DistilBertModel(
            DistilBertConfig(
                dim=32,
                n_layers=2,
                n_heads=4,
                hidden_dim=64,
                max_position_embeddings=64,
                initializer_range=0.5,
            )
        )
    )
    embedder = load_embedder(str(directory))
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert (embedder.dimension, embedder.max_tokens) == (32, 46)
    np.testing.assert_allclose(
        embedder.embed_passages(TEXTS), reference(directory, TEXTS), atol=1e-5
    )
    assert embedder.embed_query("norway").shape == (32,)
    assert embedder.embed_passages([]).shape == (0, 32)
    assert embedder.count_tokens([]) == []
    assert embedder.count_tokens(["norway sends ships", "word " * 5000]) == [3, 5000]
    assert embedder.count_tokens(["[SEP]"]) > [1]  # a sign of the model is words in a text
    told: list[int] = []
    embedder.embed_passages(TEXTS * 2, told.append)
    assert sum(told) == 2 * len(TEXTS)
    assert_prompts(SentenceTransformerEmbedder, directory)


def test_prompts_stand_before_queries_and_passages(bert: Path) -> None:
    assert_prompts(BertEmbedder, bert)


def assert_prompts(
    kind: type[BertEmbedder] | type[SentenceTransformerEmbedder], directory: Path
) -> None:
    plain: Embedder = kind(directory, Prompts())
    prompted: Embedder = kind(directory, Prompts("query please: ", "a passage: "))
    # A passage's prompt takes of the room that its text has: "a", "passage" and ":".
    assert prompted.max_tokens == plain.max_tokens - 3
    query = prompted.embed_query("norway")
    (passage,) = prompted.embed_passages(["norway"])
    np.testing.assert_allclose(query, plain.embed_query("query please: norway"), atol=2e-3)
    np.testing.assert_allclose(passage, plain.embed_query("a passage: norway"), atol=2e-3)
    assert cosines(query[None], passage[None])[0] < 0.99


def test_the_models_own_prompts_are_not_added_twice(bert: Path) -> None:
    path = bert / "config_sentence_transformers.json"
    config = json.loads(path.read_text("utf-8"))
    config |= {
        "prompts": {"query": "query: ", "document": "passage: "},
        "default_prompt_name": "query",
    }
    path.write_text(json.dumps(config), "utf-8")
    ours, theirs = (
        load_embedder(str(bert)),
        SentenceTransformerEmbedder(bert, Prompts("query: ", "passage: ")),
    )
    assert isinstance(ours, BertEmbedder)
    assert cosines(ours.embed_query("norway")[None], theirs.embed_query("norway")[None])[0] > 0.99
    assert cosines(ours.embed_passages(["norway"]), theirs.embed_passages(["norway"]))[0] > 0.99
    assert cosines(ours.embed_passages(["norway"]), ours.embed_query("norway")[None])[0] < 0.99


def test_padding_changes_no_vector(bert: Path) -> None:
    encoder = BertEncoder(bert, torch.float32)
    short, long = [101, 2000, 102], [101, *range(2000, 2030), 102]
    ids, mask = pad([short, long], encoder.pad_id)
    assert ids.tolist()[0] == [*short, *[0] * 29]
    assert mask.sum(1).tolist() == [3, 32]
    together = encoder(ids, mask)
    alone = encoder(*pad([short], encoder.pad_id))
    torch.testing.assert_close(together[0, :3], alone[0], atol=1e-5, rtol=1e-5)
