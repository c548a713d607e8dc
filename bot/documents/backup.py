"""All that a bot cannot make again, in one file: documents, the index that answers, the records.

backup.tar.gz
├── corpus/…                 every file, also those that no reader reads
├── index/CURRENT, index/generations/000007/…
├── records/…                records.sqlite, and what `/remove` put aside
└── manifest.json            the format, when, and the size and SHA-256 of each file

The index is in it, though it could be built from the corpus, for what only the index has: the last
good version of a file that cannot be read any more.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import stat
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.clock import utc_now
from bot.config.settings import Settings
from bot.errors import BackupNotTaken, BackupUnusable
from bot.localization import _
from index.errors import IndexMissing
from index.store.atomic_files import sync_directory, sync_file
from index.store.folder import IndexStore
from index.store.generation import FileSeal, open_generation, seal
from index.store.pointer import Pointer

__all__ = ["Backup", "back_up", "restore"]

_MANIFEST, _RECORDS, _STAGED = "manifest.json", "records.sqlite", ".restoring"
_LEFT_OUT = ("uploads/", f"{_RECORDS}-wal", f"{_RECORDS}-shm")
"""Of the records: what waits for somebody's yes, and the log that the database's copy needs not."""


class Backup(BaseModel):
    """What a backup holds; `created_at` is ISO 8601, UTC, and names begin with their folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    created_at: str
    files: dict[str, FileSeal]

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files.values())


def back_up(settings: Settings, to: Path) -> Backup:
    """Writes a backup to `to`, whole or not at all; the bot and a reindex may run meanwhile.

    Documents are taken as they lie there, so one that is being written is taken half. Raises
    BackupNotTaken where `to` is there already, where something cannot be read or written, or where
    there is nothing to back up.
    """
    if to.exists():
        raise BackupNotTaken(
            _("{to} is there already. Name a file that is not, or move it away.").format(to=to)
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=to.absolute().parent) as made:
            staged = Path(made)
            _copy_index(IndexStore(settings.index), staged / "index")
            _copy_records(settings.records, staged / "records")
            parts = {name: staged / name for name in ("index", "records")}
            backup = _write({"corpus": settings.corpus, **parts}, staged / "backup")
            sync_file(staged / "backup")
            (staged / "backup").rename(to)
        sync_directory(to.absolute().parent)
    except (OSError, sqlite3.Error) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else str(exc)
        where = f"{exc.filename}: " if isinstance(exc, OSError) and exc.filename else ""
        raise BackupNotTaken(
            _("The backup was not taken. {where}{reason}.").format(where=where, reason=reason)
        ) from exc
    return backup


def restore(settings: Settings, backup: Path) -> Backup:
    """Puts everything back where the settings say that it lies; stop the bot before.

    Nothing is written unless the folders are empty or missing and the backup is, to the last byte,
    what was written. Raises BackupUnusable.
    """
    folders = {
        "corpus": settings.corpus,
        "index": settings.index,
        "records": settings.records,
    }
    for folder in folders.values():
        if folder.exists() and any(path.name != _STAGED for path in folder.iterdir()):
            raise BackupUnusable(
                _(
                    "{folder} is not empty, and nothing is written over. Stop the bot, move what "
                    "is there away, then restore again."
                ).format(folder=folder)
            )
    try:
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        # In the folders themselves: each may be a disk of its own, which no rename crosses.
        staged = {name: folder / _STAGED for name, folder in folders.items()}
        try:
            for folder in staged.values():  # left by one that was killed
                shutil.rmtree(folder, ignore_errors=True)
            found = _read(backup, staged)
            for name, folder in staged.items():
                for path in sorted(folder.iterdir()) if folder.exists() else ():
                    path.rename(folders[name] / path.name)
                sync_directory(folders[name])
        finally:
            for folder in staged.values():
                shutil.rmtree(folder, ignore_errors=True)
    except (OSError, EOFError, zlib.error, tarfile.TarError) as exc:
        raise BackupUnusable(
            _("{backup} cannot be restored: {reason}.").format(backup=backup, reason=exc)
        ) from exc
    return found


def _copy_index(store: IndexStore, to: Path) -> None:
    try:
        pointer = store.pointer()
    except IndexMissing:
        return
    while True:
        copied = IndexStore(to)
        directory = copied.directory(pointer.current)
        try:
            shutil.copytree(store.directory(pointer.current), directory)
            break
        except (FileNotFoundError, shutil.Error):
            # Two reindexes may have ended meanwhile, and the second removed this generation.
            shutil.rmtree(directory, ignore_errors=True)
            newer = store.pointer()
            if newer == pointer:
                raise
            pointer = newer
    open_generation(directory, expected=None).catalog.close()  # a damaged one is no backup
    (to / "CURRENT").write_bytes(Pointer(current=pointer.current).sealed())


def _copy_records(records: Path, to: Path) -> None:
    """The database through SQLite, which gives one moment of it; files beside it as they are."""
    to.mkdir(parents=True)
    for name, path in _below(records):
        if name == _RECORDS:
            with (
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(to / name)) as copy,
            ):
                source.backup(copy)
        elif not name.startswith(_LEFT_OUT):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to / name)


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every ordinary file, links included that lead to one, with its path below the folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _write(folders: dict[str, Path], to: Path) -> Backup:
    files: dict[str, FileSeal] = {}
    with tarfile.open(to, "w:gz", compresslevel=1) as archive:
        for part, folder in folders.items():
            for name, path in _below(folder):
                files[f"{part}/{name}"] = _add(path, f"{part}/{name}", archive)
        backup = Backup(created_at=utc_now().isoformat(timespec="seconds"), files=files)
        manifest = to.with_name(_MANIFEST)
        manifest.write_text(backup.model_dump_json(indent=1), encoding="utf-8")
        _add(manifest, _MANIFEST, archive)
    return backup


def _add(path: Path, name: str, archive: tarfile.TarFile) -> FileSeal:
    """Not by `TarFile.add`, which asks the system who the owner is, and keeps a second name of a
    file as a link."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        member = tarfile.TarInfo(name)
        member.size, member.mtime = status.st_size, status.st_mtime
        member.mode = stat.S_IMODE(status.st_mode)
        hashed = _Hashed(file)
        archive.addfile(member, hashed)
    return FileSeal(size=member.size, sha256=hashed.digest.hexdigest())


class _Hashed(io.RawIOBase):
    """A file and the SHA-256 of what was read of it: it may change before it is read again."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _read(backup: Path, folders: dict[str, Path]) -> Backup:
    """Unpacks each part into its folder, and compares it with the manifest."""
    unpacked: dict[str, FileSeal] = {}
    content = b""
    with tarfile.open(backup, "r:gz") as archive:
        for member in archive:
            if member.name == _MANIFEST:
                content = _file(archive, member, backup).read()
                continue
            part, _slash, name = member.name.partition("/")
            if part not in folders or not name or ".." in name.split("/") or name[0] == "/":
                raise BackupUnusable(
                    _("{backup} holds {name!r}, which no backup does.").format(
                        backup=backup, name=member.name
                    )
                )
            path = folders[part] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                shutil.copyfileobj(_file(archive, member, backup), file)
                file.flush()
                os.fsync(file.fileno())
            unpacked[member.name] = seal(path)
    try:
        manifest = Backup.model_validate_json(content)
    except ValidationError as exc:
        raise BackupUnusable(
            _("{backup} is no backup that this version of briefing-bot can restore.").format(
                backup=backup
            )
        ) from exc
    if manifest.files != unpacked:
        raise BackupUnusable(
            _("{backup} is damaged: it does not hold what its manifest says.").format(backup=backup)
        )
    return manifest


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo, backup: Path) -> IO[bytes]:
    file = archive.extractfile(member) if member.isfile() else None
    if file is None:
        raise BackupUnusable(
            _("{backup} holds {name!r}, which no backup does.").format(
                backup=backup, name=member.name
            )
        )
    return file
