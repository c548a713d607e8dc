from __future__ import annotations

import errno
import io
import os
import resource
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import (
    IndexDamaged,
    IndexGone,
    IndexMismatch,
    IndexMissing,
    IndexUnreadable,
    UnknownDocument,
)
from index.store import current as current_module
from index.store.current import CurrentGeneration
from index.store.folder import generation_files
from index.store.folder.generation_files import CATALOG, MANIFEST
from index.store.folder.store import IndexStore
from index.store.segments.blocks import read_blocks
from testing.clock import wait_until
from testing.fakes import document_of, publish, recipe_of
from testing.stores import folder_of


def test_no_index_is_said_each_time_until_there_is_one(store: IndexStore) -> None:
    current = CurrentGeneration(store, recipe_of())
    for _ in range(2):
        with pytest.raises(IndexMissing):
            current.generation()
    publish(store, document_of("one", name="a.txt"))
    assert current.generation().number == 1


def test_an_index_that_is_gone_is_not_taken_for_one_that_was_never_made(
    store: IndexStore, tmp_path: Path
) -> None:
    publish(store, document_of("one", name="a.txt"))
    current = CurrentGeneration(store, recipe_of())
    assert current.generation().number == 1
    store.root.rename(tmp_path / "elsewhere")
    for _ in range(2):
        with pytest.raises(IndexGone, match="is gone, though it answered before"):
            current.generation()
    (tmp_path / "elsewhere").rename(store.root)
    assert current.generation().number == 1


def test_a_generation_is_opened_once_and_again_when_another_is_published(store: IndexStore) -> None:
    publish(store, document_of("one", name="a.txt"))
    current = CurrentGeneration(store, recipe_of())
    first = current.generation()
    assert current.generation() is first
    publish(store, document_of("two", name="a.txt"))
    assert current.generation().number == 2
    assert current.document("a.txt").text == "two\n"
    store.rollback()
    assert current.generation().number == 3
    assert current.document("a.txt").text == "one\n"
    assert first.catalog.document("a.txt") is not None


def test_an_index_that_was_deleted_and_made_anew_is_noticed(store: IndexStore) -> None:
    publish(store, document_of("one", name="a.txt"))
    current = CurrentGeneration(store, recipe_of())
    assert current.document("a.txt").text == "one\n"
    shutil.rmtree(store.root)
    publish(store, document_of("two", name="a.txt"))
    assert current.document("a.txt").text == "two\n"


def test_another_recipe_is_refused_and_any_may_be_taken(store: IndexStore) -> None:
    publish(store, document_of("one", name="a.txt"))
    with pytest.raises(IndexMismatch):
        CurrentGeneration(store, recipe_of("other")).generation()
    assert CurrentGeneration(store, None).generation().number == 1


def test_a_name_that_is_not_there(store: IndexStore) -> None:
    publish(store, document_of("one", name="norway.txt"))
    with pytest.raises(UnknownDocument, match=r"No document named 'norwey\.txt'"):
        CurrentGeneration(store, recipe_of()).document("norwey.txt")


def test_many_threads_see_whole_generations(store: IndexStore) -> None:
    publish(store, document_of("word 1", name="a.txt"))
    current = CurrentGeneration(store, recipe_of())

    def look(_: int) -> bool:
        generation = current.generation()
        document = generation.catalog.document("a.txt")
        return document is not None and document.text == f"word {generation.number}\n"

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look, n) for n in range(100)]
        for number in range(2, 8):
            publish(store, document_of(f"word {number}", name="a.txt"))
            store.prune()
        looks += [pool.submit(look, n) for n in range(100)]
        assert all(one.result() for one in looks)
    assert current.generation().number == 7


# Damage


@pytest.fixture
def two_generations(store: IndexStore) -> CurrentGeneration:
    """Of which the second has changed one document, dropped one, added one, and left one."""
    same = document_of("same", name="d.txt")
    publish(store, document_of("one", name="a.txt"), document_of("gone", name="b.txt"), same)
    publish(store, document_of("two", name="a.txt"), document_of("new", name="c.txt"), same)
    return CurrentGeneration(store, recipe_of())


@pytest.mark.parametrize("file", [CATALOG, MANIFEST])
@pytest.mark.parametrize("damage", ["flipped", "cut off", "missing"])
def test_a_damaged_generation_is_replaced_by_the_one_before_it(
    two_generations: CurrentGeneration, file: str, damage: str
) -> None:
    store = two_generations.store
    path = folder_of(store).directory(2) / file
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "cut off":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    generation = two_generations.generation()
    assert (generation.number, store.pointer().damaged, store.pointer().previous) == (3, 2, 1)
    assert generation.catalog.document_names() == {"d.txt"}
    assert (generation.manifest.documents, generation.manifest.passages) == (1, 1)
    assert len(generation.vectors) == 1
    publish(store, document_of("two", name="a.txt"))
    assert store.pointer().damaged is None


@pytest.mark.parametrize("damage", ["flipped", "missing", "a folder"])
@pytest.mark.parametrize("running", [False, True])
def test_damaged_words_are_made_anew_and_nothing_is_lost(
    two_generations: CurrentGeneration, damage: str, running: bool
) -> None:
    store = two_generations.store
    if running:
        assert two_generations.generation().number == 2
    (path,) = folder_of(store).directory(2).glob("*.words")
    content = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage == "flipped":
        path.write_bytes(content[:-99] + bytes([content[-99] ^ 1]) + content[-98:])
    generation = two_generations.generation()
    assert (generation.number, store.pointer().damaged) == (3, 2)
    assert generation.catalog.document_names() == {"a.txt", "c.txt", "d.txt"}
    assert len(generation.catalog.search("two new same", 9)) == 3
    assert [each.read_bytes() for each in folder_of(store).directory(3).glob("*.words")] == [
        content
    ]


@pytest.mark.parametrize("file", [CATALOG, MANIFEST])
@pytest.mark.parametrize("damage", ["emptied", "cut off", "flipped", "missing", "a folder"])
def test_damage_done_while_it_answers_is_found_before_the_next_answer(
    two_generations: CurrentGeneration, file: str, damage: str
) -> None:
    store = two_generations.store
    assert two_generations.generation().number == 2
    path = folder_of(store).directory(2) / file
    content = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage != "missing":
        half = len(content) // 2
        flipped = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
        path.write_bytes({"emptied": b"", "cut off": content[:-1], "flipped": flipped}[damage])
    assert two_generations.generation().number == 3
    assert two_generations.document("d.txt").text == "same\n"
    assert store.pointer().damaged == 2


@pytest.mark.parametrize("damage", ["emptied", "cut off", "flipped", "missing", "a folder"])
@pytest.mark.parametrize("running", [False, True])
def test_a_damaged_pointer_is_mended(
    two_generations: CurrentGeneration, damage: str, running: bool
) -> None:
    store = two_generations.store
    if running:
        two_generations.generation()
    path = folder_of(store).root / "CURRENT"
    content = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage != "missing":
        # Another generation that is there: only the checksum tells that it is the wrong one.
        flipped = content.replace(b'"current": 2', b'"current": 1')
        assert flipped != content
        path.write_bytes({"emptied": b"", "cut off": content[:-1], "flipped": flipped}[damage])
    if damage == "a folder":
        with pytest.raises(IndexDamaged):
            two_generations.generation()
        path.rmdir()
    assert two_generations.generation().number == 2
    assert store.pointer().damaged == 0
    assert two_generations.document("a.txt").text == "two\n"


def test_what_was_removed_or_changed_does_not_answer_again_after_damage(
    two_generations: CurrentGeneration,
) -> None:
    (folder_of(two_generations.store).directory(2) / CATALOG).write_bytes(b"")
    assert two_generations.generation().catalog.search("gone one", 5) == []
    for name in ("a.txt", "b.txt"):
        with pytest.raises(UnknownDocument):
            two_generations.document(name)


def test_large_files_are_verified_after_they_were_opened(
    two_generations: CurrentGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Damage that changes neither the size nor the time of a file is found a while later."""
    monkeypatch.setattr(generation_files, "LARGE_CATALOG", 1)
    monkeypatch.setattr(current_module, "VERIFIED_AFTER", 0.2)
    path = folder_of(two_generations.store).directory(2) / CATALOG
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-50] + bytes([content[-50] ^ 1]) + content[-49:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert two_generations.generation().number == 2
    wait_until(lambda: two_generations.generation().number != 2)
    assert two_generations.store.pointer().damaged == 2


def test_all_files_can_be_verified_at_once(
    two_generations: CurrentGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation_files, "LARGE_CATALOG", 1)
    path = folder_of(two_generations.store).directory(2) / CATALOG
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-50] + bytes([content[-50] ^ 1]) + content[-49:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert two_generations.generation().number == 2
    assert two_generations.verified().number == 3
    assert two_generations.verified().number == 3


def test_a_large_file_whose_time_differs_is_verified_at_once(
    two_generations: CurrentGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation_files, "LARGE_CATALOG", 1)
    path = folder_of(two_generations.store).directory(2) / CATALOG
    content = path.read_bytes()
    path.write_bytes(content[:-50] + bytes([content[-50] ^ 1]) + content[-49:])
    assert two_generations.generation().number == 3


@pytest.mark.parametrize("array", ["documents.class", "documents.passages", "passages.key"])
def test_damage_never_gives_a_document_another_class(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch, array: str
) -> None:
    """Not even before the checksum of a large file is compared."""
    monkeypatch.setattr(generation_files, "LARGE", 1)
    publish(
        store,
        document_of("The codeword is swordfish.", name="closed/plan.txt"),
        document_of("Bread is baked daily.", name="open/bread.txt"),
    )
    (words,) = store.directory(1).glob("*.words")
    before = words.stat()
    place = words.read_bytes().index(read_blocks(words)[array].tobytes())
    content = bytearray(words.read_bytes())
    content[place] ^= 1
    words.write_bytes(content)
    os.utime(words, ns=(before.st_atime_ns, before.st_mtime_ns))
    catalog = CurrentGeneration(store, recipe_of()).generation().catalog
    seen = catalog.filter_of({"open/bread.txt"})
    keys = [key for key, _ in catalog.search("swordfish bread", 10, seen)]
    assert {each.document for each in catalog.passages(keys).values()} == {"open/bread.txt"}


@pytest.mark.parametrize("size", [1, 100_000_000])
def test_a_catalog_is_verified_at_once_unless_it_is_very_large(
    two_generations: CurrentGeneration, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """It says what each document is called, and for whom it is."""
    monkeypatch.setattr(generation_files, "LARGE", 1)
    monkeypatch.setattr(generation_files, "LARGE_CATALOG", size)
    path = folder_of(two_generations.store).directory(2) / CATALOG
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-50] + bytes([content[-50] ^ 1]) + content[-49:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (two_generations.generation().number == 2) is (size == 1)


def test_where_two_generations_share_damaged_vectors_only_their_documents_are_left_out(
    store: IndexStore,
) -> None:
    publish(store, document_of("one", name="a.txt"), document_of("two", name="b.txt"))
    publish(store, document_of("three", name="c.txt"), base=1)
    (shared,) = store.directory(1).glob("*.vectors")
    content = bytearray(shared.read_bytes())
    content[-1] ^= 1
    shared.write_bytes(content)  # the very file of both
    current = CurrentGeneration(store, recipe_of())
    generation = current.generation()
    assert (generation.number, store.pointer().damaged) == (3, 2)
    assert generation.catalog.document_names() == {"c.txt"}
    assert len(generation.vectors) == 1
    assert generation.catalog.files().keys() <= {"c.txt"}  # the next reindex reads the others


def test_where_nothing_is_left_to_go_back_to_damage_is_told(
    two_generations: CurrentGeneration,
) -> None:
    store = two_generations.store
    for number in (1, 2):
        (folder_of(store).directory(number) / CATALOG).write_bytes(b"")
    before = store.pointer()
    for _ in range(2):
        with pytest.raises(IndexDamaged):
            two_generations.generation()
    assert store.pointer() == before


def test_damage_that_cannot_be_mended_now_is_told(two_generations: CurrentGeneration) -> None:
    store = two_generations.store
    (folder_of(store).directory(2) / CATALOG).write_bytes(b"")
    with store.lock(), pytest.raises(IndexDamaged):
        two_generations.generation()
    assert two_generations.generation().number == 3


def test_a_first_generation_that_is_being_published_is_not_taken_for_damaged(
    store: IndexStore,
) -> None:
    publish(store, document_of("Some words."))
    (store.root / "CURRENT").unlink()
    current = CurrentGeneration(store, recipe_of())
    with store.lock(), pytest.raises(IndexMissing, match="is being built"):
        current.generation()
    assert current.generation().number == 1


@pytest.mark.parametrize("name", ["CURRENT", MANIFEST, CATALOG])
@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENOMEM])
def test_what_may_not_be_read_is_not_taken_for_damaged(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    """So nothing is recovered: the next generation would lack what had changed."""
    for text in ("one", "two"):
        publish(store, document_of(text, name="a.txt"))
    open_file = io.open

    def refusing(path: Path, *more: object, **named: object) -> object:
        if Path(path).name == name:
            raise OSError(number, os.strerror(number), str(path))
        return open_file(path, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr("io.open", refusing)
    with pytest.raises(IndexUnreadable, match=os.strerror(number)) as told:
        CurrentGeneration(store, None).generation()
    assert "damaged" not in str(told.value)
    monkeypatch.undo()
    assert CurrentGeneration(store, None).document("a.txt").text == "two\n"
    assert store.pointer().current == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (sqlite3.SQLITE_FULL, IndexUnreadable),
        (sqlite3.SQLITE_BUSY, IndexUnreadable),
        (sqlite3.SQLITE_NOMEM, IndexUnreadable),
        (sqlite3.SQLITE_IOERR_NOMEM, IndexUnreadable),
        (sqlite3.SQLITE_CANTOPEN, IndexUnreadable),  # the file itself can be opened
        (sqlite3.SQLITE_IOERR, IndexDamaged),
        (sqlite3.SQLITE_CORRUPT, IndexDamaged),
        (sqlite3.SQLITE_NOTADB, IndexDamaged),
        (sqlite3.SQLITE_ERROR, IndexDamaged),
    ],
)
def test_what_sqlite_is_short_of_is_no_damage(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception]
) -> None:
    publish(store, document_of("one", name="a.txt"))

    def failing(_path: Path) -> sqlite3.Connection:
        failed = sqlite3.OperationalError("why")
        failed.sqlite_errorcode = code
        raise failed

    monkeypatch.setattr("index.store.catalog.catalog.connect", failing)
    for open_ in (store.open, store.catalog):
        with pytest.raises(error, match="why"):
            open_(1 if open_ == store.catalog else None)  # type: ignore[arg-type]


def test_a_catalog_that_is_gone_is_damage(store: IndexStore) -> None:
    publish(store, document_of("one", name="a.txt"))
    (folder_of(store).directory(1) / CATALOG).unlink()
    with pytest.raises(IndexDamaged):
        store.catalog(1)


def test_too_many_open_files_are_no_damage(store: IndexStore) -> None:
    """As the system says it to SQLite, which says that it could not open the file."""
    publish(store, document_of("one", name="a.txt"))
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    handle = os.open("/dev/null", os.O_RDONLY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (handle + 1, allowed[1]))
    try:
        with pytest.raises(IndexUnreadable):
            store.catalog(1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, allowed)
        os.close(handle)
