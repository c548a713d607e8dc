"""Embedders, which turn text into vectors."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from tokenizers import Tokenizer, normalizers
from torch import Tensor

from index.errors import ModelUnavailable
from index.machine import cores
from index.models.bert import BertEncoder, matmul_dtype, pad
from index.models.prompts import Prompts, prompts_of
from index.models.registry import LOADED_WITHOUT_CODE, model_directory
from index.ports import Embedder

_TOKENS_PER_BATCH = 1024
"""A size that keeps a layer's activations in a core's cache; 512 to 2,048 were tried."""


def _nobody(_: int) -> None:
    pass


def load_embedder(
    model: str, query_prompt: str | None = None, passage_prompt: str | None = None
) -> Embedder:
    """Return the embedder of that model name, path or hub name.

    The prompts are put before every query and passage; None takes the model's own prompts. Raises
    ModelUnavailable.
    """
    directory = model_directory(model)
    try:
        prompts = prompts_of(model, directory, query_prompt, passage_prompt)
        if BertEmbedder.supports(directory):
            return BertEmbedder(directory, prompts)
    except Exception as exc:  # tokenizers raises nothing narrower
        raise ModelUnavailable(
            model, f"its files cannot be read ({exc})", "Name another, or fetch it again."
        ) from exc
    return SentenceTransformerEmbedder(directory, prompts)


class BertEmbedder:
    """A sentence-transformers model that is a BERT with mean or first-token pooling.

    These are the all-MiniLM, bge, e5 and gte models that are BERTs; `BertEncoder` computes them.
    """

    def __init__(
        self, directory: Path, prompts: Prompts, *, dtype: torch.dtype | None = None
    ) -> None:
        # Each core works on a batch of its own, or on another question. Cores that share the layers
        # of one text wait for each other, on a busy machine several times as long as the work.
        torch.set_num_threads(1)
        self._encoder = BertEncoder(directory, dtype or matmul_dtype())
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.encode_special_tokens = True  # "[SEP]" in a text is no end of it
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        if _json(directory / "sentence_bert_config.json").get("do_lower_case"):
            configured = [self._tokenizer.normalizer] if self._tokenizer.normalizer else []
            self._tokenizer.normalizer = normalizers.Sequence(
                [normalizers.Lowercase(), *configured]
            )
        self._prompts = prompts
        self._mean = _pooling_mode(directory) == "mean"
        self._length = _most_tokens(directory)
        self.dimension = self._encoder.hidden_size
        specials = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self.max_tokens = self._length - specials - self.count_tokens([prompts.passage])[0]

    @staticmethod
    def supports(directory: Path) -> bool:
        """Return whether this class can compute the model in the directory."""
        return (
            BertEncoder.supports(directory)
            and (directory / "tokenizer.json").is_file()
            and (directory / "sentence_bert_config.json").is_file()
            and _pooling_mode(directory) in ("mean", "cls")
            and set(_module_types(directory)) <= {"Transformer", "Pooling", "Normalize"}
        )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encoded]

    def embed_passages(
        self, texts: Sequence[str], embedded: Callable[[int], None] = _nobody
    ) -> NDArray[np.float32]:
        ids = self._ids([self._prompts.passage + text for text in texts])
        order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
        vectors = np.zeros((len(ids), self.dimension), dtype=np.float32)
        batches = iter(_by_tokens(order, ids))
        lock = threading.Lock()
        failures: list[BaseException] = []

        def work() -> None:
            torch.set_num_threads(1)  # others in this process may have set another number
            try:
                while not failures:
                    with lock:
                        batch = next(batches, None)
                    if batch is None:
                        return
                    vectors[batch] = self._embed([ids[row] for row in batch]).numpy()
                    embedded(len(batch))
            except BaseException as exc:
                failures.append(exc)

        workers = [threading.Thread(target=work) for _ in range(cores())]
        for worker in workers:
            worker.start()
        try:
            for worker in workers:
                worker.join()
        except BaseException as exc:  # interrupted: no worker begins another batch
            failures.append(exc)
            for worker in workers:
                worker.join()
        if failures:
            raise failures[0]
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._embed(self._ids([self._prompts.query + text]))[
            0
        ].numpy()
        return vector

    def _ids(self, texts: list[str]) -> list[list[int]]:
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        return [
            row if len(row) <= self._length else [*row[: self._length - 1], row[-1]] for row in ids
        ]

    def _embed(self, ids: list[list[int]]) -> Tensor:
        with torch.inference_mode():
            padded, mask = pad(ids, self._encoder.pad_id)
            hidden = self._encoder(padded, mask)
            if self._mean:
                weight = mask[:, :, None].float()
                pooled = (hidden * weight).sum(1) / weight.sum(1)
            else:
                pooled = hidden[:, 0]
            return F.normalize(pooled, dim=1)


class SentenceTransformerEmbedder:
    """Any other model, computed by sentence-transformers."""

    def __init__(self, directory: Path, prompts: Prompts) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(str(directory), **LOADED_WITHOUT_CODE)
        except Exception as exc:  # the library raises anything for a folder that is no model
            raise ModelUnavailable(
                str(directory), f"sentence-transformers cannot load it ({exc})", "Name another."
            ) from exc
        self._model.tokenizer.split_special_tokens = True  # "[SEP]" in a text is no end of it
        self._prompts = prompts
        # Its tokenizer is set anew for each call, which two threads may not do at once.
        self._lock = threading.Lock()
        dimension = self._model.get_embedding_dimension()
        assert dimension is not None
        self.dimension = dimension
        specials = self._model.tokenizer.num_special_tokens_to_add(pair=False)
        length = self._model.max_seq_length or 512
        self.max_tokens = length - specials - self.count_tokens([prompts.passage])[0]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        with self._lock:
            encoded = self._model.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(
        self, texts: Sequence[str], embedded: Callable[[int], None] = _nobody
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            vectors[batch] = self._encode([self._prompts.passage + texts[row] for row in batch])
            embedded(len(batch))
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._encode([self._prompts.query + text])[0]
        return vector

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        # prompt="" keeps sentence-transformers from adding the prompt that is there already.
        with self._lock:
            vectors: NDArray[np.float32] = self._model.encode(
                texts, prompt="", normalize_embeddings=True, batch_size=8, show_progress_bar=False
            )
        return vectors


def _by_tokens(order: list[int], ids: list[list[int]]) -> list[list[int]]:
    """Return rows in batches of about `_TOKENS_PER_BATCH` tokens; `order` has long rows first."""
    batches: list[list[int]] = []
    position = 0
    while position < len(order):
        size = max(1, _TOKENS_PER_BATCH // len(ids[order[position]]))
        batches.append(order[position : position + size])
        position += size
    return batches


def _module_types(directory: Path) -> list[str]:
    path = directory / "modules.json"
    if not path.is_file():
        return []
    return [module["type"].rpartition(".")[2] for module in json.loads(path.read_text("utf-8"))]


def _pooling_mode(directory: Path) -> str | None:
    """Return the pooling mode as sentence-transformers 6 names it, whatever version saved it."""
    config = _json(directory / "1_Pooling" / "config.json")
    if not config.get("include_prompt", True):
        return None
    if "pooling_mode" in config:
        return str(config["pooling_mode"])
    on = [key for key, value in config.items() if key.startswith("pooling_mode_") and value]
    names = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    return names.get(on[0]) if len(on) == 1 else None


def _most_tokens(directory: Path) -> int:
    """Return how many tokens of a text the model reads, special tokens included.

    Up to version 5 sentence-transformers stored it with the transformer, since then with the
    tokenizer.
    """
    stored = [
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
    ]
    positions = _json(directory / "config.json")["max_position_embeddings"]
    found = [_json(directory / name).get(key) for name, key in stored]
    return int(min(next((length for length in found if length), positions), positions))


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return content
