"""The teacher as a torch model: MPNet-base with the reader's four outputs over its own tokens."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import MPNetConfig, MPNetModel

from tools.training.reader.batching import LONGEST
from tools.training.reader.model import Output


def teacher_tokenizer(directory: Path) -> Tokenizer:
    """Return MPNet's tokenizer, which pads nothing."""
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST, strategy="only_second")
    return tokenizer


class Teacher(nn.Module):
    """Computes in bfloat16 where that is safe; the weights are float32."""

    def __init__(self, config: MPNetConfig) -> None:
        super().__init__()
        width: int = config.hidden_size
        self.body = MPNetModel(config, add_pooling_layer=False)
        self.pooler = nn.Linear(width, width)
        self.relevance = nn.Linear(width, 1)
        self.answer_pooler = nn.Linear(width, width)
        self.answerability = nn.Linear(width, 1)
        self.token_outputs = nn.Linear(width, 4)
        self._padding: int = config.pad_token_id or 0
        for module in (self.relevance, self.answerability, self.token_outputs):
            nn.init.normal_(module.weight, std=0.02)
            nn.init.zeros_(module.bias)

    @classmethod
    def from_directory(cls, directory: Path) -> Teacher:
        """Return MPNet as tools/training/teacher.py put it together, with new outputs."""
        teacher = cls(_config(directory))
        teacher.body = MPNetModel.from_pretrained(
            directory, add_pooling_layer=False, local_files_only=True, use_safetensors=True
        )
        for setting in teacher.body.modules():
            if isinstance(setting, nn.Dropout):
                setting.p = 0.0  # as in the reader: half the time, and the data are many
        return teacher

    @classmethod
    def untrained(cls, directory: Path) -> Teacher:
        """Return a teacher of the same shape, whose weights are loaded afterwards."""
        return cls(_config(directory))

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor | None, frozen: int = 0) -> Output:
        """Return the outputs. MPNet has no kinds of tokens, and `frozen` is for `trained`."""
        if mask is None:
            mask = torch.ones_like(ids)
        with torch.autocast(ids.device.type, torch.bfloat16):
            hidden = self.body(
                input_ids=ids.masked_fill(mask == 0, self._padding), attention_mask=mask
            ).last_hidden_state
        hidden = hidden.float()
        first = hidden[:, 0]
        relevance = self.relevance(torch.tanh(self.pooler(first)))[:, 0]
        answerability = self.answerability(torch.tanh(self.answer_pooler(first)))[:, 0]
        return Output(relevance, answerability, self.token_outputs(hidden))

    def trained(self, frozen: int) -> list[nn.Parameter]:
        """Return the parameters above the first `frozen` layers; those below get no gradient."""
        below = [*self.body.embeddings.parameters()]
        for layer in self.body.encoder.layer[:frozen]:
            below += layer.parameters()
        for parameter in below:
            parameter.requires_grad_(False)
        return [p for p in self.parameters() if p.requires_grad]

    def heads(self) -> list[nn.Parameter]:
        """Return the parameters of all outputs: MPNet has none of them."""
        modules = (
            self.pooler,
            self.relevance,
            self.answer_pooler,
            self.answerability,
            self.token_outputs,
        )
        return [p for module in modules for p in module.parameters()]


def _config(directory: Path) -> MPNetConfig:
    config = MPNetConfig.from_pretrained(directory, local_files_only=True)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    return config
