from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from index.errors import ModelUnavailable
from index.models import registry
from index.models.registry import (
    PACKAGED_EMBEDDER,
    PACKAGED_READER,
    PACKAGED_RERANKER,
    fingerprint,
    model_directory,
    weights_sha256,
)
from testing.budget import one_in
from tests.index.models.extras import needs_cross_encoder

OFFICIAL = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""huggingface.co/sentence-transformers/all-MiniLM-L6-v2, as the project's first issue gives it."""


def model_in(directory: Path, weights: bytes = b"weights") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.safetensors").write_bytes(weights)
    return directory


def package_in(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every package be found in `directory`."""
    spec = importlib.machinery.ModuleSpec("package", None, is_package=True)
    spec.submodule_search_locations = [str(directory)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)


@pytest.mark.models
def test_the_packaged_embedder_has_the_official_weights() -> None:
    directory = model_directory(PACKAGED_EMBEDDER)
    assert weights_sha256(directory) == OFFICIAL
    weights = (directory / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == OFFICIAL


@pytest.mark.models
@needs_cross_encoder
def test_the_packaged_reranker_is_found() -> None:
    directory = model_directory(PACKAGED_RERANKER)
    assert (directory / "model.onnx").is_file()


@pytest.mark.models
def test_the_packaged_reader_has_its_tokenizer_beside_it() -> None:
    directory = model_directory(PACKAGED_READER)
    assert {"model.onnx", "tokenizer.json"} <= {path.name for path in directory.iterdir()}


def test_without_its_package_the_cross_encoder_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match=r"optional: .*EXTRAS=\[cross-encoder\]") as caught:
        model_directory(PACKAGED_RERANKER)
    assert PACKAGED_READER in str(caught.value)


def test_packaged_weights_that_are_not_the_official_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_in(tmp_path / "model", b"altered")
    package_in(tmp_path, monkeypatch)
    found = hashlib.sha256(b"altered").hexdigest()
    with pytest.raises(ModelUnavailable, match=f"SHA-256 {found}, not {OFFICIAL}") as caught:
        model_directory(PACKAGED_EMBEDDER)
    assert caught.value.model == PACKAGED_EMBEDDER
    assert "make setup" in str(caught.value)


@pytest.mark.models
@pytest.mark.parametrize(
    "damage", one_in(5, ["flipped", "missing", "emptied", "cut off", "a folder"])
)
@pytest.mark.parametrize(
    ("model", "file"),
    [
        pytest.param(model, file, marks=[needs_cross_encoder] if model == PACKAGED_RERANKER else [])
        for model in registry._SHA256
        for file in registry._SHA256[model]
    ],
)
def test_every_file_of_a_packaged_model_is_checked(
    model: str, file: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    official = model_directory(model)
    copy = tmp_path / registry._PACKAGES[model][1]
    for path in official.rglob("*"):
        if path.is_file() and path != official / file:
            link = copy / path.relative_to(official)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    (copy / file).parent.mkdir(parents=True, exist_ok=True)
    content = (official / file).read_bytes()
    half = len(content) // 2
    if damage == "a folder":
        (copy / file).mkdir()
    elif damage != "missing":
        flipped = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
        found = {"emptied": b"", "cut off": content[:-1], "flipped": flipped}[damage]
        (copy / file).write_bytes(found)
    package_in(tmp_path, monkeypatch)
    with pytest.raises(ModelUnavailable, match=f"its file {file} .* run `make setup`"):
        model_directory(model)


def test_a_package_that_is_not_installed_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match=r"is not installed\. Run `make setup`\."):
        model_directory(PACKAGED_EMBEDDER)


def test_a_package_without_the_model_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_in(tmp_path, monkeypatch)
    with pytest.raises(ModelUnavailable, match=r"does not hold it\. Run `make setup`\."):
        model_directory(PACKAGED_EMBEDDER)


def test_a_local_directory_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = model_in(tmp_path / "mine")
    assert model_directory(str(directory)) == directory
    monkeypatch.chdir(tmp_path)
    assert model_directory("mine") == Path("mine")
    assert model_directory("./mine") == Path("mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert model_directory("~/mine") == directory


@pytest.mark.parametrize("model", ["/nowhere/model", "./nowhere", "../nowhere", "~/nowhere"])
def test_a_path_that_is_not_there_is_not_looked_for_on_the_hub(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ModelUnavailable, match="there is no such directory"):
        model_directory(model)


@pytest.mark.parametrize("here", [True, False])
def test_any_other_name_is_one_of_the_hub_which_is_asked_once(
    here: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def snapshot_download(name: str, *, local_files_only: bool = False, **_: object) -> str:
        if not local_files_only:
            asked.append(name)
        elif not here:
            raise LocalEntryNotFoundError("not in the cache")
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    assert model_directory("BAAI/bge-small-en-v1.5") == tmp_path
    assert asked == ([] if here else ["BAAI/bge-small-en-v1.5"])


@pytest.mark.parametrize(
    "error",
    [
        LocalEntryNotFoundError("not in the cache, and offline"),
        HFValidationError("no name for a model"),
        OSError("no space left"),
    ],
)
def test_a_name_that_the_hub_does_not_give_is_unavailable(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def snapshot_download(name: str, **_: object) -> str:
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    with pytest.raises(ModelUnavailable, match="not found on the hub") as caught:
        model_directory("someone/something")
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("name", ["someone/not-cached", "a/b/c", "with space", "", "no\0name"])
def test_without_a_network_any_name_is_unavailable_not_an_accident(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelUnavailable):
        fingerprint(model_directory(name))


@pytest.mark.parametrize("file", ["pytorch_model.bin", "2_Dense/pytorch_model.bin"])
def test_a_pickle_is_refused(tmp_path: Path, file: str) -> None:
    directory = model_in(tmp_path / "mine")
    if file == "pytorch_model.bin":
        (directory / "model.safetensors").unlink()
    (directory / file).parent.mkdir(exist_ok=True)
    (directory / file).write_bytes(b"")
    with pytest.raises(ModelUnavailable, match=f"{file} may be a pickle, which can run code"):
        model_directory(str(directory))


def test_a_pickle_beside_safe_weights_is_passed_over(tmp_path: Path) -> None:
    directory = model_in(tmp_path / "mine")
    (directory / "pytorch_model.bin").write_bytes(b"")
    assert model_directory(str(directory)) == directory


def test_two_models_have_two_fingerprints(tmp_path: Path) -> None:
    one, two = model_in(tmp_path / "one"), model_in(tmp_path / "two", b"other weights")
    assert fingerprint(one) != fingerprint(two)
    assert weights_sha256(one) == hashlib.sha256(b"weights").hexdigest()


@pytest.mark.parametrize("name", registry._WEIGHT_FILES)
def test_weights_are_found_in_each_usual_place(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"weights")
    assert weights_sha256(tmp_path) == hashlib.sha256(b"weights").hexdigest()


def test_a_directory_without_weights_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"it holds none of model\.safetensors"):
        fingerprint(tmp_path)


def test_the_same_weights_pooled_otherwise_are_another_model(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    before = fingerprint(tmp_path)
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling/config.json").write_text('{"pooling_mode": "cls"}')
    assert weights_sha256(tmp_path) == hashlib.sha256(b"weights").hexdigest()
    assert fingerprint(tmp_path) != before
