"""Converts the int8 cross-encoder from ONNX for training, and trained readers to ONNX.

    python -m tools.training.reader.onnx_files dequantise cross-encoder.safetensors
    python -m tools.training.reader.onnx_files export fold0.safetensors fold1.safetensors
        reader.onnx

Of several weights the mean is exported: models that were tuned from the same one on different data
are better as one than each alone (Wortsman et al. 2022, https://arxiv.org/abs/2203.05482).

Needs the package `onnx`, which nothing else here does: `pip install onnx==1.23.2` into a virtual
environment of its own, beside what the project needs.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from safetensors.torch import load_file
from torch import Tensor, nn

from index.models.registry import PACKAGED_RERANKER, model_directory
from tools.training.reader.model import LAYERS, Reader

_OF_A_LAYER = (
    "qkv.bias",
    "attended.bias",
    "attention_norm.weight",
    "attention_norm.bias",
    "widened.bias",
    "redact.bias",
    "output_norm.weight",
    "output_norm.bias",
)
_PRODUCTS = ("qkv.weight", "attended.weight", "widened.weight", "redact.weight")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    dequantise = commands.add_parser("dequantise")
    dequantise.add_argument("out", type=Path)
    exported = commands.add_parser("export")
    exported.add_argument("weights", type=Path, nargs="+")
    exported.add_argument("out", type=Path)
    exported.add_argument("--float", action="store_true", help="leave the weights in float32")
    options = parser.parse_args()
    if options.command == "dequantise":
        save_file(dequantised(model_directory(PACKAGED_RERANKER) / "model.onnx"), options.out)
    else:
        export(options.weights, options.out, quantised=not options.float)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


def dequantised(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a dynamically quantised BERT, under Hugging Face's names."""
    model, stored = _loaded(path)
    weights: dict[str, NDArray[np.float32]] = {}
    for name, values in stored.items():
        if name.endswith((".weight", ".bias")) and values.dtype == np.float32:
            weights[name] = values
        elif name.startswith("bert.embeddings") and name.endswith("_quantized"):
            weights[name.removesuffix("_quantized")] = _float(stored, name)
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            place = re.match(r"/(bert/encoder/layer\.\d+/.*?)/MatMul_output", node.output[0])
            name = node.input[1].removesuffix("_quantized")
            if place:
                name = place.group(1).replace("/", ".") + ".weight"
            weights[name] = np.ascontiguousarray(_float(stored, node.input[1]).T)
    return weights


def reader_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a reader that `export` wrote, by the names of `Reader`, to train on.

    The exporter names what lies inside the layers by running numbers, so it is known by its order.
    """
    _, stored = _loaded(path)
    weights: dict[str, NDArray[np.float32]] = {}
    numbered: list[NDArray[np.float32]] = []
    products: list[NDArray[np.float32]] = []
    for name, values in stored.items():
        if name.startswith("reader.") and values.dtype == np.float32 and values.ndim:
            if not name.endswith("_scale"):
                weights[name.removeprefix("reader.")] = values
        elif name.startswith("onnx::") and not name.endswith(("_scale", "_point", "_quantized")):
            numbered.append(values)
        if name.startswith("reader.") and name.endswith("_Transposed_quantized"):
            plain = name.removeprefix("reader.").removesuffix("_Transposed_quantized")
            weights[plain] = np.ascontiguousarray(_float(stored, name).T)
        elif name.startswith("reader.") and name.endswith("_quantized"):
            weights[name.removeprefix("reader.").removesuffix("_quantized")] = _float(stored, name)
        elif name.endswith("_quantized"):
            products.append(np.ascontiguousarray(_float(stored, name).T))
    for layer in range(LAYERS):
        for place, name in enumerate(_OF_A_LAYER):
            weights[f"layers.{layer}.{name}"] = numbered[layer * len(_OF_A_LAYER) + place]
        for place, name in enumerate(_PRODUCTS):
            weights[f"layers.{layer}.{name}"] = products[layer * len(_PRODUCTS) + place]
    weights["token_outputs.weight"] = products[-1]
    return weights


def _loaded(path: Path) -> tuple[Any, dict[str, NDArray[Any]]]:
    """Return a model in ONNX, and its arrays by their names."""
    import onnx

    model = onnx.load(path)
    arrays = model.graph.initializer
    return model, {array.name: onnx.numpy_helper.to_array(array) for array in arrays}


def _float(stored: dict[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    base = name.removesuffix("_quantized")
    zero = stored[f"{base}_zero_point"].astype(np.float32)
    values = (stored[name].astype(np.float32) - zero) * stored[f"{base}_scale"]
    return np.asarray(values, dtype=np.float32)


class _Exported(nn.Module):
    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor]:
        out = self.reader(ids, kinds, None)
        return torch.stack([out.relevance, out.answerability], dim=1), out.tokens


def export(weights: Sequence[Path], out: Path, *, quantised: bool = True) -> None:
    """Write the mean of the weights as ONNX.

    The weights are int8, dynamically quantised with one scale a channel, or float32.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    reader = Reader()
    loaded = [load_file(path) for path in weights]
    reader.load_state_dict(
        {name: torch.stack([one[name] for one in loaded]).mean(0) for name in loaded[0]}
    )
    reader.eval()
    example = torch.ones((1, 16), dtype=torch.int64)
    axes = {0: "n", 1: "length"}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "float.onnx" if quantised else out
        with torch.no_grad():
            torch.onnx.export(
                _Exported(reader),
                (example, torch.zeros_like(example)),
                str(plain),
                input_names=["ids", "kinds"],
                output_names=["pooled", "tokens"],
                dynamic_axes={"ids": axes, "kinds": axes, "pooled": {0: "n"}, "tokens": axes},
                opset_version=17,
                dynamo=False,
            )
        if quantised:
            quantize_dynamic(plain, out, per_channel=True, weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
