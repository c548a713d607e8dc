"""Layers of a large catalog, in the folder that has them."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from index.errors import IndexDamaged
from index.store.catalog import layers
from index.store.catalog.catalog import Catalog
from index.store.catalog.layers import FULL, LayerPlan, plan_layers
from index.store.current import CurrentGeneration
from index.store.folder import generation_files
from index.store.folder.generation_files import CATALOG
from index.store.folder.store import IndexStore
from index.store.generation import FileSeal, Trust
from testing.fakes import document_of, publish, recipe_of

FIRST, SECOND, THIRD = (f"catalog.{number:02}.sqlite" for number in (1, 2, 3))
BIG = 1_000 * FULL


@pytest.mark.parametrize(
    ("sizes", "kept", "merged", "top"),
    [
        ([5], [], [CATALOG], CATALOG),
        ([BIG], [CATALOG], [], FIRST),
        ([BIG, 5], [CATALOG], [FIRST], FIRST),
        ([BIG, FULL], [CATALOG, FIRST], [], SECOND),
        ([BIG, FULL, 5], [CATALOG, FIRST], [SECOND], SECOND),
        ([BIG, FULL, FULL], [CATALOG], [FIRST, SECOND], FIRST),
        ([BIG, 9 * FULL, FULL, FULL], [CATALOG, FIRST], [SECOND, THIRD], SECOND),
        ([BIG, BIG // 5, FULL], [CATALOG, FIRST, SECOND], [], THIRD),
        ([BIG, BIG // 9, BIG // 20], [], [CATALOG, FIRST, SECOND], CATALOG),
    ],
)
def test_what_is_small_is_written_again_and_what_is_large_stays(
    sizes: list[int], kept: list[str], merged: list[str], top: str
) -> None:
    names = [CATALOG, FIRST, SECOND, THIRD]
    found = plan_layers(CATALOG, dict(zip(names, sizes, strict=False)), 10)
    assert found == LayerPlan(tuple(kept), tuple(merged), top)


def test_made_whole_there_is_one_layer() -> None:
    sizes = {CATALOG: BIG, FIRST: 5}
    assert plan_layers(CATALOG, sizes, 10, whole=True).merged == (CATALOG, FIRST)


def test_there_are_never_more_layers_than_can_be_read_together() -> None:
    sizes = {CATALOG: BIG}
    most = 0
    for _ in range(5_000):
        plan = plan_layers(CATALOG, sizes, 10)
        top = sum(sizes[name] for name in plan.merged) + FULL // 3
        sizes = {name: sizes[name] for name in plan.kept} | {plan.top: top}
        most = max(most, len(sizes))
    assert most <= 8


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexStore:
    """Two generations of a catalog that counts as large."""
    monkeypatch.setattr(generation_files, "LARGE_CATALOG", 1)
    monkeypatch.setattr(layers, "_SHARE_OF_BASE", 1)
    store = IndexStore(tmp_path / "index")
    texts = {f"{number}.txt": f"unmistakable{number}" for number in range(40)}
    publish(store, *(document_of(text, name=name) for name, text in texts.items()))
    publish(store, document_of("changed", name="0.txt"), base=1)
    return store


def test_a_change_is_written_beside_the_file_that_stays(store: IndexStore) -> None:
    great = [store.directory(number) / CATALOG for number in (1, 2)]
    assert great[0].samefile(great[1])
    pointer = store.pointer()
    assert (pointer.changed, pointer.removed) == (("0.txt",), ())
    files = store.open(None).manifest.files
    assert files[CATALOG] == store_seal(store, 1)
    assert list(files)[:2] == [CATALOG, FIRST]


def store_seal(store: IndexStore, number: int) -> FileSeal:
    return generation_files.read_manifest(store.directory(number)).files[CATALOG]


def damage(store: IndexStore) -> None:
    path = store.directory(2) / CATALOG
    content, stat = bytearray(path.read_bytes()), path.stat()
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as a disk does it


def test_damage_to_what_generations_share_loses_nothing(store: IndexStore) -> None:
    current = CurrentGeneration(store, recipe_of())
    damage(store)
    with pytest.raises(IndexDamaged):
        store.open(None)
    generation = current.verified()
    assert generation.number == 2
    assert len(generation.catalog.document_names()) == 40
    assert generation.catalog.words("0.txt") == ("0.txt", "changed\n")
    assert (store.directory(1) / CATALOG).samefile(store.directory(2) / CATALOG)
    store.open(None)


def test_what_is_written_anew_the_next_time_is_put_back_too(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "FULL", 1)
    monkeypatch.setattr(layers, "_SHARE_OF_BASE", 1_000)
    damage(store)
    store.recover()
    assert store.pointer().current == 2
    store.open(None).catalog.close()


def test_damage_is_told_also_after_a_change_that_did_not_look(store: IndexStore) -> None:
    damage(store)
    store.open(None, trust=Trust.SHARED)
    publish(store, document_of("changed again", name="0.txt"), base=2)
    with pytest.raises(IndexDamaged):
        store.open(None)
    assert CurrentGeneration(store, recipe_of()).verified().number == 3
    assert store.open(None).catalog.words("0.txt") == ("0.txt", "changed again\n")


def test_there_is_a_way_back_from_what_replaces_damage(store: IndexStore) -> None:
    damage(store)
    publish(store, document_of("made anew", name="0.txt"))
    assert store.pointer().previous == 2
    store.rollback()
    assert store.open(None).catalog.words("0.txt") == ("0.txt", "changed\n")


def test_a_layer_over_no_document_at_all(store: IndexStore) -> None:
    publish(store)
    publish(store, document_of("the first", name="a.txt"), base=3)
    assert store.open(None).catalog.passage_count() == 1


def test_without_its_spare_it_is_damaged_for_good(store: IndexStore) -> None:
    for spare in (store.root / "spares").iterdir():
        spare.write_bytes(b"damaged too")
    damage(store)
    with pytest.raises(IndexDamaged):
        CurrentGeneration(store, recipe_of()).verified()


def test_nothing_of_what_is_purged_stays(store: IndexStore) -> None:
    store.purge("1.txt")
    spares = [gzip.decompress(each.read_bytes()) for each in (store.root / "spares").iterdir()]
    assert b"unmistakable2" in b"".join(spares)
    files = (path.read_bytes() for path in store.root.rglob("*") if path.is_file())
    content = b"".join([*files, *spares])
    assert b"unmistakable1\n" not in content
    assert b"unmistakable0" not in content
    assert len(store.open(None).catalog.document_names()) == 39
    assert {path.name for path in (store.root / "spares").iterdir()} == {
        store_seal(store, store.pointer().current).sha256
    }


def test_files_that_no_generation_has_any_more_keep_no_spare(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept,) = (store.root / "spares").iterdir()
    monkeypatch.setattr(layers, "_SHARE_OF_BASE", 10**9)
    monkeypatch.setattr(layers, "FULL", 1)
    for number in range(2, 6):
        publish(store, document_of(f"changed {number}", name="0.txt"), base=number)
        store.prune()
    spares = {path.name for path in (store.root / "spares").iterdir()}
    assert kept.name not in spares
    assert len(spares) <= 2


def test_what_is_counted_is_what_is_left(store: IndexStore) -> None:
    publish(store, document_of("a", "b", name="new.txt"), base=2, without=["3.txt", "0.txt"])
    catalog = Catalog.open(store.directory(3) / CATALOG)
    assert catalog.document_count() == len(catalog.document_names()) == 39
    assert catalog.passage_count() == len(catalog.keys_of(catalog.document_names()))
    catalog.close()


def test_documents_are_known_by_their_segments(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Catalog, "_all_keys", lambda *_: pytest.fail("all keys are read"))
    for number in range(2, 5):
        publish(
            store,
            document_of("again", name="0.txt"),
            document_of("new", name=f"new {number}.txt"),
            base=number,
            without=[f"{number}.txt"],
        )
    generation = store.open(None)
    names = generation.catalog.document_names()
    assert len(generation.catalog.view(None).documents) == len(names) == 40
    assert len(generation.catalog.search("again", 9)) == 1
    assert not generation.catalog.search("unmistakable3", 9)


def test_where_segments_lack_documents_these_are_read(store: IndexStore) -> None:
    catalog = store.open(None).catalog
    assert len(catalog._document_keys()) == 40
    catalog._stored = dict(list(catalog._stored.items())[1:])
    assert catalog._document_keys().tolist() == catalog._all_keys().tolist()
    catalog.close()


def test_what_is_moved_has_nothing_of_documents_that_are_gone(store: IndexStore) -> None:
    publish(store, base=2, without=["2.txt"])
    catalog = store.open(None).catalog
    keys = {key for (key,) in catalog.dump("documents", ["key"])}
    assert {key for (key,) in catalog.dump("document_words", ["key"])} == keys
    catalog.close()
