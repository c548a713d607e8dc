"""Backup and restore: documents, index and records in one file.

backup.tar.gz
├── corpus/…                 every file, also those of types that are not parsed
├── index/CURRENT, index/generations/000007/…
├── records/…                records.sqlite, and the files that `/remove` put aside
└── manifest.json            the format, the moment, and the size and SHA-256 of each file

The index could be built from the corpus again, but for the last good version of a file that cannot
be parsed any more; so it is in the backup too.
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
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from bot.clock import utc_now
from bot.config.settings import Settings
from bot.documents.corpus_files import match_folder_rights
from bot.documents.migration import index_on
from bot.errors import BackupNotTaken, BackupUnusable
from bot.localization import _
from bot.records.databases.one_instance import LOCK
from bot.records.moving import move
from index.errors import IndexMissing
from index.sources.opening import open_below
from index.store.atomic_files import sync_directory, sync_file
from index.store.folder.generation_files import open_generation, seal
from index.store.folder.store import IndexStore
from index.store.generation import FileSeal
from index.store.pointer import Pointer

_MANIFEST, _RECORDS, _STAGED = "manifest.json", "records.sqlite", ".restoring"
_EXCLUDED = ("uploads/", f"{_RECORDS}-wal", f"{_RECORDS}-shm", LOCK)
"""Files of the records: waiting uploads, the log, which SQLite copies, and the lock."""
_CHUNK = 1 << 20


class Backup(BaseModel):
    """The manifest of a backup. `created_at` is ISO 8601 in UTC; names begin with their folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    created_at: str
    files: dict[str, FileSeal]

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files.values())


def back_up(settings: Settings, to: Path) -> Backup:
    """Write a backup to `to`, whole or not at all; the bot and a reindex may run meanwhile.

    A document that is being written at that moment is copied half. Raises BackupNotTaken where
    `to` exists already, or where something cannot be read or written.
    """
    if to.exists():
        raise BackupNotTaken(
            _("{to} is there already. Name a file that is not, or move it away.").format(to=to)
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=to.absolute().parent) as made:
            staged = Path(made)
            if settings.database is None:
                _copy_index(IndexStore(settings.index), staged / "index")
            else:
                _fetch_index(settings.database, staged / "index")
            _copy_records(settings, staged / "records")
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
    """Put everything back into the folders of the settings; stop the bot before.

    The folders must be empty or missing, and the backup must match its manifest; then everything
    is restored, otherwise nothing. Raises BackupUnusable.
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
        # Each folder may be on a disk of its own, and a rename works only within one disk.
        staged = {name: folder / _STAGED for name, folder in folders.items()}
        try:
            for folder in staged.values():  # left by a restore that was killed
                shutil.rmtree(folder, ignore_errors=True)
            found = _read(backup, staged)
            if settings.database is not None:
                _send_index(staged["index"], settings.database)
            kept = staged["records"] / _RECORDS
            if settings.database is not None and kept.is_file():
                move(kept, settings.database)
                for left in kept.parent.glob(f"{_RECORDS}*"):
                    left.unlink()
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
            # Two reindexes may have ended since, and the second one removed this generation.
            shutil.rmtree(directory, ignore_errors=True)
            latest = store.pointer()
            if latest == pointer:
                raise
            pointer = latest
    open_generation(directory, expected=None).catalog.close()  # raises where it is damaged
    (to / "CURRENT").write_bytes(Pointer(current=pointer.current).sealed())
    copied.set_quarantine(store.quarantine())


def _fetch_index(server: SecretStr, to: Path) -> None:
    from index.store.postgres.moving import to_folder  # needs the extra

    with index_on(server) as on_server, suppress(IndexMissing):
        on_server.pointer()
        to_folder(on_server, IndexStore(to))
        (to / "lock").unlink()


def _send_index(folder: Path, server: SecretStr) -> None:
    from index.store.postgres.moving import to_server

    if folder.exists():
        with index_on(server) as on_server, suppress(IndexMissing):
            to_server(IndexStore(folder), on_server)
        shutil.rmtree(folder)


def _copy_records(settings: Settings, to: Path) -> None:
    """Copy the database as it is at one moment, and the other files as files."""
    to.mkdir(parents=True)
    records = settings.records
    if settings.database is not None:
        move(settings.database, to / _RECORDS)
    for name, path in _below(records):
        if name == _RECORDS and settings.database is not None:
            continue
        if name == _RECORDS:
            with (
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(to / name)) as copy,
            ):
                source.backup(copy)
        elif not name.startswith(_EXCLUDED):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(open_below(records, path), "rb") as file:
                (to / name).write_bytes(file.read())


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every ordinary file, with its path below the folder.

    A link within the folder counts as the file that it leads to; one that leads out is left out, as
    a reindex leaves it out.
    """
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.resolve().is_relative_to(root):
            yield path.relative_to(folder).as_posix(), path


def _write(folders: dict[str, Path], to: Path) -> Backup:
    files: dict[str, FileSeal] = {}
    with tarfile.open(to, "w:gz", compresslevel=1) as archive:
        for part, folder in folders.items():
            for name, path in _below(folder):
                try:
                    files[f"{part}/{name}"] = _add(folder, path, f"{part}/{name}", archive)
                except FileNotFoundError:
                    if part != "corpus":
                        raise  # a document may be removed meanwhile
        backup = Backup(created_at=utc_now().isoformat(timespec="seconds"), files=files)
        manifest = to.with_name(_MANIFEST)
        manifest.write_text(backup.model_dump_json(indent=1), encoding="utf-8")
        _add(to.parent, manifest, _MANIFEST, archive)
    return backup


def _add(root: Path, path: Path, name: str, archive: tarfile.TarFile) -> FileSeal:
    """Add a file to the archive and return its size and hash.

    `TarFile.add` would ask the system for the owner's name, and would keep the second name of a
    file as a link.
    """
    with os.fdopen(open_below(root, path), "rb") as file:
        status = os.fstat(file.fileno())
        member = tarfile.TarInfo(name)
        member.size, member.mtime = status.st_size, status.st_mtime
        member.mode = stat.S_IMODE(status.st_mode)
        hashed = _Hashed(file)
        archive.addfile(member, hashed)
    return FileSeal(size=member.size, sha256=hashed.digest.hexdigest())


class _Hashed(io.RawIOBase):
    """A file that is read once and hashed at that: it may change before a second reading."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _read(backup: Path, folders: dict[str, Path]) -> Backup:
    """Unpack each part into its folder, and compare it with the manifest."""
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
            make = match_folder_rights if part == "corpus" else _as_it_is
            _make_folders(path.parent, folders[part], make)
            with path.open("xb") as file:
                shutil.copyfileobj(_file(archive, member, backup), file)
                file.flush()
                os.fsync(file.fileno())
            make(path)
            unpacked[member.name] = seal(path)
        # The reader of archives stops before the end, where the checksum of the whole stands.
        assert archive.fileobj is not None
        while archive.fileobj.read(_CHUNK):
            pass
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


def _make_folders(folder: Path, root: Path, make: Callable[[Path], None]) -> None:
    """Make the missing folders on the way to a folder below `root`, and `root` itself."""
    if not folder.is_dir():
        if folder != root:
            _make_folders(folder.parent, root, make)
        folder.mkdir()
        make(folder)


def _as_it_is(path: Path) -> None:
    """Leave a file as it was made, for the bot alone."""


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo, backup: Path) -> IO[bytes]:
    file = archive.extractfile(member) if member.isfile() else None
    if file is None:
        raise BackupUnusable(
            _("{backup} holds {name!r}, which no backup does.").format(
                backup=backup, name=member.name
            )
        )
    return file
