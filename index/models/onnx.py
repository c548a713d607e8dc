"""One ONNX model that reads pairs of texts, with its tokenizer and its threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelUnavailable
from index.machine import cores

_MOST_TOKENS = 512
"""What the models can read. Passages are split well below it, so only a question as long as a page
is truncated."""
_INPUTS: dict[str, Callable[[Encoding], list[int]]] = {
    "ids": lambda pair: pair.ids,
    "input_ids": lambda pair: pair.ids,
    "kinds": lambda pair: pair.type_ids,
    "token_type_ids": lambda pair: pair.type_ids,
    "attention_mask": lambda pair: pair.attention_mask,
}
"""What a model's inputs are called, in our own export and in the usual one."""

Outputs = list[NDArray[np.float32]]
_Result = TypeVar("_Result")


class PairModel:
    """An ONNX model of a question and a text. Safe to use from several threads.

    Each pair is a batch of its own and runs on one core. In a larger batch an int8 model would
    quantise each pair by the extreme values of the others, and cores that share the layers of one
    batch wait for each other.
    """

    def __init__(self, model: Path, tokenizer: Path, threads: int = 0) -> None:
        """Load both files; `threads` of 0 uses every core. Raises ModelUnavailable."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        # It would keep a plan of the memory for each length of a pair: some 20 MB, for no time.
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        # onnxruntime and tokenizers raise classes that they do not export.
        except Exception as exc:
            raise ModelUnavailable(
                str(model), f"it cannot be loaded ({exc})", "Run `make setup` again."
            ) from exc
        self._inputs = [node.name for node in self._session.get_inputs()]
        if unknown := [name for name in self._inputs if name not in _INPUTS]:
            raise ModelUnavailable(
                str(model), f"it wants the input {unknown[0]}", "Name a BERT cross-encoder."
            )
        self._tokenizer.encode_special_tokens = True  # "[SEP]" in a text is no end of it
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._pool = ThreadPoolExecutor(threads or cores(), thread_name_prefix="pairs")

    def run(
        self,
        question: str,
        texts: Sequence[str],
        result: Callable[[int, Encoding, Outputs], _Result],
    ) -> list[_Result]:
        """Return `result(row, pair, outputs)` for each text, in the order of the texts."""
        pairs = self._tokenizer.encode_batch([(question, text) for text in texts])
        # The longest first, so that no core is left alone with one at the end.
        order = sorted(range(len(pairs)), key=lambda row: -len(pairs[row].ids))
        results = self._pool.map(lambda row: result(row, pairs[row], self._run(pairs[row])), order)
        by_row = dict(zip(order, results, strict=True))
        return [by_row[row] for row in range(len(pairs))]

    def _run(self, pair: Encoding) -> Outputs:
        feed = {name: np.array([_INPUTS[name](pair)], dtype=np.int64) for name in self._inputs}
        outputs: Outputs = self._session.run(None, feed)
        return outputs
