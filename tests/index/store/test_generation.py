from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexDamaged, IndexMismatch, IndexNewer, IndexOutdated
from index.store.folder.generation_files import CATALOG, MANIFEST, open_generation, seal
from index.store.folder.store import IndexStore
from index.store.generation import FORMAT_VERSION, digest_of
from testing.fakes import WordEmbedder, document_of, publish, recipe_of

FILES = [CATALOG, MANIFEST]


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


@pytest.mark.parametrize("name", [CATALOG])
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
    """Or changes only its white space."""
    path = directory / MANIFEST
    content = path.read_bytes()
    original = json.loads(content)
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with suppress(IndexDamaged):
            opened = open_generation(directory, None)
            opened.catalog.close()
            assert opened.manifest.model_dump() == original


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


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"model": "another"}, IndexMismatch),
        ({"query_prompt": "find: "}, IndexMismatch),
        ({"passage_prompt": "text: ", "parser": 2}, IndexMismatch),
        ({"fingerprint": "1" * 64}, IndexOutdated),
        ({"parser": 2}, IndexOutdated),
        ({"chunker": 2, "target_tokens": 99}, IndexOutdated),
        ({"parser": 0}, IndexNewer),
        ({"chunker": 0, "parser": 2, "model": "another"}, IndexNewer),
    ],
)
def test_who_has_to_do_something_depends_on_what_differs(
    directory: Path, other: dict[str, object], error: type[IndexMismatch]
) -> None:
    """A setting is somebody's choice; what comes with a version is nobody's."""
    with pytest.raises(IndexMismatch) as caught:
        open_generation(directory, recipe_of().model_copy(update=other))
    assert type(caught.value) is error


@pytest.mark.parametrize(("found", "error"), [(1, IndexOutdated), (FORMAT_VERSION + 1, IndexNewer)])
def test_another_format_is_refused_whatever_else_it_has(
    directory: Path, found: int, error: type[IndexMismatch]
) -> None:
    other = {"format": found, "shards": ["ø", 1.5, None]}
    (directory / MANIFEST).write_text(json.dumps({**other, "sha256": digest_of(other)}, indent=2))
    message = f"made with format version {found}, but {FORMAT_VERSION} is in use"
    with pytest.raises(IndexMismatch, match=message) as caught:
        open_generation(directory, None)
    assert type(caught.value) is error


def test_what_a_later_version_added_is_no_damage(directory: Path) -> None:
    path = directory / MANIFEST
    newer = {**json.loads(path.read_bytes()), "languages": ["no"]}
    del newer["sha256"]
    path.write_text(json.dumps({**newer, "sha256": digest_of(newer)}))
    with pytest.raises(IndexNewer, match="install that version"):
        open_generation(directory, None)


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"7", b"{}", b'{"sha256": 1}', b"\xff", b"[" * 100_000]
)
def test_what_nobody_can_have_written_is_damage(directory: Path, content: bytes) -> None:
    (directory / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged):
        open_generation(directory, None)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5), st.text())
def test_what_is_sealed_can_be_checked_by_who_does_not_know_the_fields(
    value: object, key: str
) -> None:
    content = {key: value}
    assert digest_of(json.loads(json.dumps(content))) == digest_of(content)


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
