"""The reader as a torch model, for training: a BERT encoder with four outputs.

Relevance is the cross-encoder's own head, answerability another one beside it; each token has a
logit for the beginning and one for the end of a short answer, where the first token, [CLS], stands
for "no answer here", and two from which the evidence of the sentence around it is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LAYERS, WIDTH, HEADS, EPSILON = 12, 384, 12, 1e-12
_TOKEN_OUTPUTS = 4


@dataclass(frozen=True, slots=True)
class Output:
    """The model's outputs for n pairs of `length` tokens: float32 (n,), (n,) and (n, length, 4).

    The four of a token are: an answer starts here, it ends here, and two of evidence. The mean of
    the first and the greatest of the second over a unit's tokens make its evidence.
    """

    relevance: Tensor
    answerability: Tensor
    tokens: Tensor


class Scorer(Protocol):
    """The reader, or the teacher: gives the outputs for pairs of its own tokens."""

    def __call__(
        self, ids: Tensor, kinds: Tensor, mask: Tensor | None, frozen: int = 0
    ) -> Output: ...

    def trained(self, frozen: int) -> list[nn.Parameter]:
        """Return the parameters above the first `frozen` layers."""

    def heads(self) -> list[nn.Parameter]:
        """Return the parameters of the outputs that begin anew."""

    def state_dict(self) -> dict[str, Tensor]: ...


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.widened = nn.Linear(WIDTH, 4 * WIDTH)
        self.redact = nn.Linear(4 * WIDTH, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, hidden: Tensor, visible: Tensor | None, dtype: torch.dtype) -> Tensor:
        n, length, _ = hidden.shape
        qkv = _linear(self.qkv, hidden, dtype)
        query, key, value = qkv.view(n, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=visible)
        mixed = mixed.transpose(1, 2).reshape(n, length, WIDTH)
        hidden = _normed(self.attention_norm, hidden + _linear(self.attended, mixed, dtype))
        wide = F.gelu(_linear(self.widened, hidden, dtype))
        return _normed(self.output_norm, hidden + _linear(self.redact, wide, dtype))


class Reader(nn.Module):
    """Compute inside the layers with `dtype`; the weights are float32."""

    def __init__(self, dtype: torch.dtype = torch.float32, vocabulary: int = 30522) -> None:
        super().__init__()
        self.dtype = dtype
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.kinds = nn.Embedding(2, WIDTH)
        self.embedding_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(_Layer() for _ in range(LAYERS))
        self.pooler = nn.Linear(WIDTH, WIDTH)
        self.relevance = nn.Linear(WIDTH, 1)
        self.answer_pooler = nn.Linear(WIDTH, WIDTH)
        self.answerability = nn.Linear(WIDTH, 1)
        self.token_outputs = nn.Linear(WIDTH, _TOKEN_OUTPUTS)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor | None, frozen: int = 0) -> Output:
        """Return the outputs; the embeddings and the first `frozen` layers get no gradient.

        `ids`, `kinds` and `mask` are (n, length); the mask is None where nothing is padded.
        """
        visible = None
        if mask is not None:
            visible = torch.zeros(mask.shape, dtype=self.dtype, device=ids.device)
            visible = visible.masked_fill(mask == 0, float("-inf"))[:, None, None, :]
        with torch.set_grad_enabled(torch.is_grad_enabled() and frozen == 0):
            hidden = self.embed(ids, kinds).to(self.dtype)
        for number, layer in enumerate(self.layers):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number >= frozen):
                hidden = layer(hidden, visible, self.dtype)
        hidden = hidden.float()
        first = hidden[:, 0]
        relevance = self.relevance(torch.tanh(self.pooler(first)))[:, 0]
        answerability = self.answerability(torch.tanh(self.answer_pooler(first)))[:, 0]
        return Output(relevance, answerability, self.token_outputs(hidden))

    def embed(self, ids: Tensor, kinds: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        embedded = self.words(ids) + self.positions(places) + self.kinds(kinds)
        normed: Tensor = self.embedding_norm(embedded)
        return normed

    def trained(self, frozen: int) -> list[nn.Parameter]:
        """Return the parameters above the first `frozen` layers."""
        below = {id(p) for layer in self.layers[:frozen] for p in layer.parameters()}
        for module in (self.words, self.positions, self.kinds, self.embedding_norm):
            below |= {id(p) for p in module.parameters()}
        return [p for p in self.parameters() if id(p) not in below]

    def heads(self) -> list[nn.Parameter]:
        """Return the parameters of the outputs that the cross-encoder has not."""
        return [*self.answerability.parameters(), *self.token_outputs.parameters()]

    def start_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take a cross-encoder's weights, under the names that Hugging Face gives them.

        The answerability head begins as the relevance head, and the heads of tokens near zero.
        """
        with torch.no_grad():
            for name, module in (
                ("word_embeddings", self.words),
                ("position_embeddings", self.positions),
                ("token_type_embeddings", self.kinds),
            ):
                module.weight.copy_(weights[f"bert.embeddings.{name}.weight"])
            _copy(self.embedding_norm, weights, "bert.embeddings.LayerNorm")
            for number, layer in enumerate(self.layers):
                assert isinstance(layer, _Layer)
                at = f"bert.encoder.layer.{number}"
                for kind, parameter in (("weight", layer.qkv.weight), ("bias", layer.qkv.bias)):
                    parts = (
                        weights[f"{at}.attention.self.{n}.{kind}"]
                        for n in ("query", "key", "value")
                    )
                    parameter.copy_(torch.cat(list(parts)))
                _copy(layer.attended, weights, f"{at}.attention.output.dense")
                _copy(layer.attention_norm, weights, f"{at}.attention.output.LayerNorm")
                _copy(layer.widened, weights, f"{at}.intermediate.dense")
                _copy(layer.redact, weights, f"{at}.output.dense")
                _copy(layer.output_norm, weights, f"{at}.output.LayerNorm")
            _copy(self.pooler, weights, "bert.pooler.dense")
            _copy(self.relevance, weights, "classifier")
            _copy(self.answer_pooler, weights, "bert.pooler.dense")
            self.answerability.weight.copy_(0.3 * self.relevance.weight)
            self.answerability.bias.zero_()
            self.token_outputs.weight.normal_(std=0.02)
            self.token_outputs.bias.zero_()


def _linear(module: nn.Module, inputs: Tensor, dtype: torch.dtype) -> Tensor:
    assert isinstance(module, nn.Linear)
    return F.linear(inputs.to(dtype), module.weight.to(dtype), module.bias.to(dtype))


def _normed(module: nn.Module, inputs: Tensor) -> Tensor:
    assert isinstance(module, nn.LayerNorm)
    weight, bias = module.weight.to(inputs.dtype), module.bias.to(inputs.dtype)
    return F.layer_norm(inputs, (WIDTH,), weight, bias, EPSILON)


def _copy(module: nn.Linear | nn.LayerNorm, weights: Mapping[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[f"{name}.weight"])
    module.bias.copy_(weights[f"{name}.bias"])
