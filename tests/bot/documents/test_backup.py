"""Backup and restore: whole or not at all, and nothing is overwritten."""

from __future__ import annotations

import gzip
import shutil
import stat
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.composition import index_store
from bot.config.settings import Settings
from bot.documents.backup import back_up, restore
from bot.documents.corpus_files import private_files
from bot.errors import BackupNotTaken, BackupUnusable
from bot.records import Records
from index.errors import IndexDamaged
from testing.command import reindexer_of
from testing.stores import folder_of


@pytest.fixture
def lived(settings: Settings) -> Iterator[Settings]:
    """Return the settings of a bot with documents, two generations of an index, and records."""
    settings.corpus.joinpath("plans").mkdir(parents=True)
    settings.corpus.joinpath("plans/north.md").write_text("# North\n\nWe go north.\n")
    settings.corpus.joinpath("photo.jpg").write_bytes(b"\xff\xd8 no document")
    reindexer_of(settings).run()
    settings.corpus.joinpath("plans/south.md").write_text("# South\n\nNobody goes south.\n")
    reindexer_of(settings).run()
    records = Records(settings.records / "records.sqlite")
    records.audit(7, 8, "upload", "plans/south.md")
    removed = settings.records / "removed" / "old.md"
    removed.parent.mkdir()
    removed.write_text("old")
    waiting = settings.records / "uploads" / "token"
    waiting.mkdir(parents=True)
    waiting.joinpath("new.md").write_text("new")
    yield settings
    records.close()


def elsewhere(settings: Settings, root: Path) -> Settings:
    folders = {name: root / name for name in ("corpus", "index", "records")}
    return settings.model_copy(update=folders)


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_what_was_backed_up_while_it_ran_is_back_on_another_machine(
    lived: Settings, tmp_path: Path
) -> None:
    made = back_up(lived, tmp_path / "backup.tar.gz")
    other = elsewhere(lived, tmp_path / "other")
    assert restore(other, tmp_path / "backup.tar.gz") == made
    assert files(other.corpus) == files(lived.corpus)
    catalog = index_store(other).open(None).catalog
    assert catalog.document_names() == {"plans/north.md", "plans/south.md"}
    assert index_store(other).pointer().previous is None
    records = Records(other.records / "records.sqlite")
    (entry,) = records.audits(9)
    records.close()
    assert (entry.person, entry.detail) == (7, "plans/south.md")
    assert files(other.records / "removed") == {"old.md": b"old"}
    assert not (other.records / "uploads").exists()
    assert reindexer_of(other).run(dry_run=True).unchanged == 2
    assert [path.name for path in tmp_path.glob(".backup-*")] == []


def test_the_folders_may_be_there_if_they_are_empty(lived: Settings, tmp_path: Path) -> None:
    back_up(lived, tmp_path / "backup.tar.gz")
    other = elsewhere(lived, tmp_path / "other")
    other.corpus.mkdir(parents=True)
    restore(other, tmp_path / "backup.tar.gz")
    assert files(other.corpus) == files(lived.corpus)


@pytest.mark.parametrize("folder", ["corpus", "index", "records"])
def test_nothing_is_restored_over_what_is_there(
    lived: Settings, tmp_path: Path, folder: str
) -> None:
    back_up(lived, tmp_path / "backup.tar.gz")
    other = elsewhere(lived, tmp_path / "other")
    kept = tmp_path / "other" / folder / "mine"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    with pytest.raises(BackupUnusable, match="is not empty"):
        restore(other, tmp_path / "backup.tar.gz")
    assert files(tmp_path / "other") == {f"{folder}/mine": b"mine"}


def test_no_backup_is_written_over(lived: Settings, tmp_path: Path) -> None:
    to = tmp_path / "backup.tar.gz"
    to.write_text("another")
    with pytest.raises(BackupNotTaken, match="is there already"):
        back_up(lived, to)
    assert to.read_text() == "another"


def test_a_damaged_index_is_no_backup(lived: Settings, tmp_path: Path) -> None:
    (folder_of(index_store(lived)).directory(2) / "catalog.sqlite").write_bytes(b"")
    with pytest.raises(IndexDamaged):
        back_up(lived, tmp_path / "backup.tar.gz")
    assert not (tmp_path / "backup.tar.gz").exists()


def test_without_an_index_the_documents_are_backed_up(settings: Settings, tmp_path: Path) -> None:
    settings.corpus.mkdir(parents=True, exist_ok=True)
    settings.corpus.joinpath("a.md").write_text("# A\n\nText.\n")
    assert list(back_up(settings, tmp_path / "b.tar.gz").files) == ["corpus/a.md"]


def flipped(archive: bytes, place: float) -> bytes:
    """With one byte changed that counts: some say only which of many zeros to copy."""
    content = gzip.decompress(archive)
    for at in range(int(len(archive) * place), len(archive)):
        damaged = archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]
        try:
            if gzip.decompress(damaged) != content:
                return damaged
        except (OSError, EOFError, zlib.error):
            return damaged
    raise AssertionError(place)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9, 0.9999])
def test_a_damaged_backup_restores_nothing(lived: Settings, tmp_path: Path, place: float) -> None:
    path = tmp_path / "backup.tar.gz"
    back_up(lived, path)
    content = path.read_bytes()
    path.write_bytes(flipped(content, place))
    other = elsewhere(lived, tmp_path / "other")
    with pytest.raises(BackupUnusable):
        restore(other, path)
    assert files(tmp_path / "other") == {}
    path.write_bytes(content[: int(len(content) * place)])
    with pytest.raises(BackupUnusable):
        restore(other, path)
    assert files(tmp_path / "other") == {}


@pytest.mark.parametrize(
    "name", ["../evil", "corpus/../../evil", "/evil", "corpus//evil", "other/evil", "corpus"]
)
def test_a_backup_from_a_stranger_writes_nowhere_else(
    lived: Settings, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "evil.tar.gz"
    (tmp_path / "content").write_text("evil")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(tmp_path / "content", name)
    other = elsewhere(lived, tmp_path / "deep" / "other")
    with pytest.raises(BackupUnusable):
        restore(other, path)
    assert files(tmp_path / "deep") == {}


def test_a_file_with_two_names_comes_back_under_both(lived: Settings, tmp_path: Path) -> None:
    (lived.corpus / "plans/again.md").hardlink_to(lived.corpus / "plans/north.md")
    back_up(lived, tmp_path / "backup.tar.gz")
    other = elsewhere(lived, tmp_path / "other")
    restore(other, tmp_path / "backup.tar.gz")
    assert files(other.corpus) == files(lived.corpus)


def test_a_link_in_a_backup_is_refused(lived: Settings, tmp_path: Path) -> None:
    path = tmp_path / "evil.tar.gz"
    (tmp_path / "link").symlink_to("/etc")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(tmp_path / "link", "corpus/link")
    with pytest.raises(BackupUnusable, match="which no backup does"):
        restore(elsewhere(lived, tmp_path / "other"), path)


def test_a_generation_that_is_pruned_meanwhile_gives_way_to_the_next(
    lived: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree = shutil.copytree
    overtaking = iter([True])

    def overtaken(source: Path, to: Path) -> Path:
        if next(overtaking, False):
            for name in ("three", "four"):
                lived.corpus.joinpath(f"{name}.md").write_text(f"# {name}\n\nText.\n")
                reindexer_of(lived).run()
        return copytree(source, to)

    monkeypatch.setattr(shutil, "copytree", overtaken)
    back_up(lived, tmp_path / "backup.tar.gz")
    other = elsewhere(lived, tmp_path / "other")
    restore(other, tmp_path / "backup.tar.gz")
    assert index_store(other).pointer().current == 4


def test_a_link_out_of_the_corpus_is_left_out_as_by_a_reindex(
    lived: Settings, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("DISCORD_TOKEN=x")
    (lived.corpus / "out.md").symlink_to(tmp_path / "secret")
    (lived.corpus / "within.md").symlink_to(lived.corpus / "photo.jpg")
    backup = back_up(lived, tmp_path / "b.tar.gz")
    assert "corpus/out.md" not in backup.files
    assert "corpus/within.md" in backup.files


def test_documents_come_back_with_the_rights_of_their_folder(
    lived: Settings, tmp_path: Path
) -> None:
    (lived.corpus / "deep").mkdir(exist_ok=True)
    (lived.corpus / "deep" / "x.md").write_text("# X\n")
    there = elsewhere(lived, tmp_path / "there")
    with private_files():
        back_up(lived, tmp_path / "b.tar.gz")
        there.corpus.mkdir(parents=True)
        there.corpus.chmod(0o2750)
        restore(there, tmp_path / "b.tar.gz")

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(tmp_path / "b.tar.gz") == 0o600
    assert {mode(path) for path in there.corpus.rglob("*") if path.is_dir()} == {0o2750}
    assert {mode(path) for path in there.corpus.rglob("*") if path.is_file()} == {0o640}
    assert {mode(path) for path in there.index.rglob("*") if path.is_file()} == {0o600}
