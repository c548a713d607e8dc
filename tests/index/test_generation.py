from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.errors import IndexDamaged, IndexMismatch
from index.generation import (
    CATALOG,
    FORMAT_VERSION,
    MANIFEST,
    VECTORS,
    Manifest,
    open_generation,
    seal,
)
from index.store import IndexStore
from tests.fakes import WordEmbedder, document_of, publish, recipe_of

FILES = [CATALOG, VECTORS, MANIFEST]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    store = IndexStore(tmp_path)
    publish(store, document_of("alpha beta", name="a.txt"), document_of("gamma", name="b.txt"))
    return store.directory(1)


def test_what_was_published_is_what_is_opened(directory: Path) -> None:
    generation = open_generation(directory, recipe_of())
    assert generation.number == 1
    assert generation.manifest.documents == generation.manifest.passages == 2
    assert len(generation.vectors) == generation.catalog.passage_count() == 2
    ((key, score),) = generation.vectors.search(WordEmbedder().embed_query("a txt alpha beta"), 1)
    assert generation.catalog.passages([key])[key].document == "a.txt"
    assert score == pytest.approx(1.0)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(directory: Path, name: str) -> None:
    (directory / name).unlink()
    with pytest.raises(IndexDamaged, match="is missing") as caught:
        open_generation(directory, recipe_of())
    assert caught.value.path == str(directory / name)


@pytest.mark.parametrize("name", [CATALOG, VECTORS])
def test_any_flipped_bit_is_noticed(directory: Path, name: str) -> None:
    path = directory / name
    content = path.read_bytes()
    for at in sorted({0, 1, 17, len(content) // 3, len(content) // 2, len(content) - 1}):
        path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        with pytest.raises(IndexDamaged, match="its checksum differs") as caught:
            open_generation(directory, None)
        assert caught.value.path == str(path)
    path.write_bytes(content)
    open_generation(directory, recipe_of())


def test_any_flipped_bit_of_the_manifest_is_noticed(directory: Path) -> None:
    """Or changes only its white space, or makes it one of another format."""
    path = directory / MANIFEST
    content = path.read_bytes()
    original = json.loads(content)
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        try:
            opened = open_generation(directory, None)
        except (IndexDamaged, IndexMismatch) as exc:
            refused: IndexDamaged | IndexMismatch = exc
        else:
            assert opened.manifest.model_dump() == original
            opened.catalog.close()
            continue
        if isinstance(refused, IndexDamaged):
            assert refused.path == str(path)
        else:
            assert refused.expected == FORMAT_VERSION


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0, 0.5, 0.99])
def test_a_truncated_file_is_noticed(directory: Path, name: str, kept: float) -> None:
    path = directory / name
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(IndexDamaged) as caught:
        open_generation(directory, None)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("name", FILES)
def test_a_longer_file_is_noticed(directory: Path, name: str) -> None:
    with (directory / name).open("ab") as file:
        file.write(b"more")
    with pytest.raises(IndexDamaged) as caught:
        open_generation(directory, None)
    assert caught.value.path == str(directory / name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_named(directory: Path, name: str) -> None:
    (directory / name).unlink()
    (directory / name).mkdir()
    with pytest.raises(IndexDamaged, match="cannot be read") as caught:
        open_generation(directory, None)
    assert caught.value.path == str(directory / name)


def test_another_recipe_is_refused_with_what_differs(directory: Path) -> None:
    with pytest.raises(IndexMismatch, match="made with model 'words', but 'other' is in use"):
        open_generation(directory, recipe_of("other"))
    with pytest.raises(IndexMismatch, match="made with target tokens 24, but 99 is in use"):
        open_generation(directory, recipe_of(target_tokens=99))
    open_generation(directory, None)


def test_another_format_is_refused_whatever_else_it_has(directory: Path) -> None:
    path = directory / MANIFEST
    newer = {"format": 2, "shards": []}
    path.write_text(json.dumps(newer))
    with pytest.raises(IndexMismatch, match="made with format version 2, but 1 is in use"):
        open_generation(directory, None)


def test_the_format_of_a_manifest_is_the_current_one(directory: Path) -> None:
    assert Manifest.model_fields["format"].default == FORMAT_VERSION


def test_files_that_are_gone_are_still_read_by_who_has_them_open(directory: Path) -> None:
    generation = open_generation(directory, None)
    shutil.rmtree(directory)
    document = generation.catalog.document("b.txt")
    assert document is not None
    assert document.text == "gamma\n"
    (key, _) = generation.vectors.search(WordEmbedder().embed_query("gamma"), 1)[0]
    assert generation.catalog.passages([key])[key].text == "gamma"
    assert generation.catalog.search("alpha", 3)


def test_a_seal_is_size_and_hash(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    sealed = seal(tmp_path / "a")
    assert sealed.size == 3
    assert sealed.sha256.startswith("ba7816bf")
