"""The forward pass of a BERT encoder, made for CPUs.

Why not the one in `transformers`: this one keeps the residual stream and the layer norms in float32
and only the matrix products in bfloat16, fuses the query, key and value products, and imports no
framework at start-up. So it is faster than `transformers` in bfloat16, and closer to float32
(docs/BENCHMARKS.md). The architecture is Devlin et al. 2018, https://arxiv.org/abs/1810.04805.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

_SHAPES = {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32", "LRU_CACHE_CAPACITY": "32"}
"""How many shapes of a matrix product compiled code is kept for: by oneDNN, and by PyTorch, which
holds on to what oneDNN has let go. Their defaults of 1,024 take half a MB for each shape, 100 MB
after many questions, and are no faster."""


def matmul_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it natively, else float32.

    Emulated bfloat16 is slower than float32.
    """
    has = torch.cpu.get_capabilities()
    native = has.get("amx_bf16") or has.get("avx512_bf16") or has.get("bf16")
    return torch.bfloat16 if native else torch.float32


def pad(ids: Sequence[Sequence[int]], pad_id: int) -> tuple[Tensor, Tensor]:
    """Return token ids and attention mask, each int64 (n, longest)."""
    longest = max(map(len, ids))
    padded = np.full((len(ids), longest), pad_id, dtype=np.int64)
    mask = np.zeros((len(ids), longest), dtype=np.int64)
    for row, tokens in enumerate(ids):
        padded[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return torch.from_numpy(padded), torch.from_numpy(mask)


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: tuple[Tensor, Tensor]
    attended: tuple[Tensor, Tensor]
    attention_norm: tuple[Tensor, Tensor]
    widened: tuple[Tensor, Tensor]
    contracted: tuple[Tensor, Tensor]
    output_norm: tuple[Tensor, Tensor]


class BertEncoder:
    """The layers of one BERT model, loaded from its directory."""

    def __init__(self, directory: Path, dtype: torch.dtype) -> None:
        for name, most in _SHAPES.items():
            os.environ.setdefault(name, most)  # read at the first product
        config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
        weights = load_file(directory / "model.safetensors")
        self._weights = {name.removeprefix("bert."): value for name, value in weights.items()}
        self._dtype = dtype
        self._heads: int = config["num_attention_heads"]
        self._epsilon: float = config["layer_norm_eps"]
        self.hidden_size: int = config["hidden_size"]
        self.pad_id: int = config.get("pad_token_id") or 0
        self._words = self._weights["embeddings.word_embeddings.weight"].float()
        self._positions = (
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        ).float()
        self._embedding_norm = self._norm("embeddings.LayerNorm")
        self._layers = [
            self._layer(f"encoder.layer.{n}.") for n in range(config["num_hidden_layers"])
        ]
        self._weights = {}

    @staticmethod
    def supports(directory: Path) -> bool:
        """Return whether this forward pass computes the model in the directory."""
        path = directory / "config.json"
        if not path.is_file() or not (directory / "model.safetensors").is_file():
            return False
        config = json.loads(path.read_text(encoding="utf-8"))
        return (
            config.get("model_type") == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and not config.get("is_decoder", False)
        )

    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the last hidden states: float32 (n, length, hidden_size).

        `ids` and `mask` are int64 (n, length); `mask` is 1 on tokens and 0 on padding.
        """
        n, length = ids.shape
        head_size = self.hidden_size // self._heads
        visible = None
        if not bool(mask.all()):
            visible = torch.zeros((n, 1, 1, length), dtype=self._dtype)
            visible.masked_fill_(mask[:, None, None, :] == 0, float("-inf"))
        hidden = F.embedding(ids, self._words) + self._positions[:length]
        hidden = self._normed(hidden, self._embedding_norm)
        for layer in self._layers:
            qkv = F.linear(hidden.to(self._dtype), *layer.qkv)
            query, key, value = qkv.view(n, length, 3, self._heads, head_size).permute(
                2, 0, 3, 1, 4
            )
            mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=visible)
            mixed = mixed.transpose(1, 2).reshape(n, length, self.hidden_size)
            hidden = self._normed(hidden + F.linear(mixed, *layer.attended), layer.attention_norm)
            wide = F.gelu(F.linear(hidden.to(self._dtype), *layer.widened))
            hidden = self._normed(hidden + F.linear(wide, *layer.contracted), layer.output_norm)
        return hidden

    def _normed(self, hidden: Tensor, norm: tuple[Tensor, Tensor]) -> Tensor:
        return F.layer_norm(hidden, (self.hidden_size,), *norm, self._epsilon)

    def _layer(self, prefix: str) -> _Layer:
        parts = [self._linear(f"{prefix}attention.self.{n}") for n in ("query", "key", "value")]
        return _Layer(
            qkv=(torch.cat([w for w, _ in parts]), torch.cat([b for _, b in parts])),
            attended=self._linear(f"{prefix}attention.output.dense"),
            attention_norm=self._norm(f"{prefix}attention.output.LayerNorm"),
            widened=self._linear(f"{prefix}intermediate.dense"),
            contracted=self._linear(f"{prefix}output.dense"),
            output_norm=self._norm(f"{prefix}output.LayerNorm"),
        )

    def _linear(self, name: str) -> tuple[Tensor, Tensor]:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return weight.to(self._dtype), bias.to(self._dtype)

    def _norm(self, name: str) -> tuple[Tensor, Tensor]:
        return self._weights[f"{name}.weight"].float(), self._weights[f"{name}.bias"].float()
