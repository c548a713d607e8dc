"""The index folder: which generation answers, and how the next one takes its place.

There is one commit point, the atomic replacement of the file CURRENT. A generation is complete and
durable before it is named there, and is never changed afterwards; readers that have an older one
open keep it. Whatever CURRENT does not name is left over from an interrupted reindex.

Every way back makes a generation of its own, which is the newest: a copy of an older one without
what must not answer again. So where CURRENT is lost, the newest is the one that answered.
"""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict

from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexNotWritten,
    IndexUnavailable,
    NothingToRollBack,
)
from index.store.atomic_files import replace_file, sync_directory, sync_file
from index.store.catalog import Catalog
from index.store.generation import (
    CATALOG,
    MANIFEST,
    VECTORS,
    Generation,
    Manifest,
    Recipe,
    digest_of,
    open_generation,
    read_manifest,
    seal,
    verify_files,
)
from index.store.vectors import FaissVectors

__all__ = ["IndexStore", "Pointer"]


class Pointer(BaseModel):
    """The content of CURRENT."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    current: int
    previous: int | None = None
    removed: tuple[str, ...] = ()
    """Documents of the previous generation that the current one does not have."""
    changed: tuple[str, ...] | None = None
    """Documents of both that are not the same in both; None where that is not known, as up to
    0.4.0 or without a previous one: then there is no way back."""
    closed: tuple[str, ...] = ()
    """Documents of the previous generation that are for others since, or may be, as their newest
    version could not be read: going back leaves them out."""
    damaged: int | None = None
    """The generation that was found damaged, where the current one was made to replace it; 0 where
    CURRENT was, so that the current one is only the newest."""

    def sealed(self) -> bytes:
        """The content of the file, with its checksum."""
        content = self.model_dump(mode="json")
        return json.dumps({**content, "sha256": digest_of(content)}).encode()


class IndexStore:
    """One index folder. Reading it never writes; writing needs the lock."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def pointer(self) -> Pointer:
        """Raises IndexMissing or IndexDamaged."""
        path = self.root / "CURRENT"
        try:
            content: dict[str, Any] = json.loads(path.read_bytes())
            sealed = content.pop("sha256", None)  # up to 0.3.0 there was none
            pointer = Pointer.model_validate(content)
        except FileNotFoundError as exc:
            if self._numbers():
                raise IndexDamaged(str(path), "is missing") from exc
            raise IndexMissing(
                f"There is no index in {self.root} yet. Run `briefing-bot reindex` to build it."
            ) from exc
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as exc:
            raise IndexDamaged(str(path), "cannot be read") from exc
        if sealed not in (None, digest_of(content)):
            raise IndexDamaged(str(path), "is not what was written (its checksum differs)")
        return pointer

    def stamp(self) -> tuple[int, int] | None:
        """Another one whenever CURRENT was written, even if by one who began again at number 1;
        None where it cannot be looked at, which `pointer` says more of."""
        try:
            stat = (self.root / "CURRENT").stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino

    def open(self, expected: Recipe | None) -> Generation:
        """The current generation, verified; see `open_generation` for what it may raise."""
        pointer = self.pointer()
        while True:
            try:
                return open_generation(self.directory(pointer.current), expected)
            except IndexDamaged:
                # Two publishes may have come between; then the files are gone but not damaged.
                newer = self.pointer()
                if newer == pointer:
                    raise
                pointer = newer

    def marks(self, number: int) -> tuple[tuple[int, int, int], ...]:
        """Others whenever a file of this generation was written to or replaced, which nobody does
        on purpose; fewer where one is gone."""
        found = []
        for name in (CATALOG, VECTORS, MANIFEST):
            with suppress(OSError):
                stat = (self.directory(number) / name).stat()
                found.append((stat.st_size, stat.st_mtime_ns, stat.st_ino))
        return tuple(found)

    def directory(self, number: int) -> Path:
        return self.root / "generations" / f"{number:06}"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by whoever changes the folder; raises IndexBusy at once where another holds it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            held = FileLock(self.root / "lock", timeout=0)
            held.acquire()
        except Timeout as exc:
            raise IndexBusy(
                "Another reindex is running. Wait until it has ended, then try again."
            ) from exc
        except OSError as exc:
            raise _not_written(self.root, exc) from exc
        try:
            yield
        finally:
            held.release()

    @contextmanager
    def stage(self, base: int | None) -> Iterator[Path]:
        """A directory to build the next generation in, with the files of `base` copied into it.

        Failures to write there become IndexNotWritten; the directory is gone afterwards unless
        `publish` took it.
        """
        staging = self.root / "generations" / ".staging"
        try:
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir(parents=True)
            if base is not None:
                for name in (CATALOG, VECTORS):
                    shutil.copyfile(self.directory(base) / name, staging / name)
            yield staging
        except (OSError, sqlite3.OperationalError) as exc:
            raise _not_written(self.root, exc) from exc
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def publish(self, staging: Path, manifest: Manifest, *, damaged: int | None = None) -> Manifest:
        """Seals the staged files, makes them durable, and makes them the current generation.

        The number is given here: one above every number in use. `damaged` is the generation that
        it replaces for being so.
        """
        manifest = manifest.model_copy(
            update={
                "number": max(self._numbers(), default=0) + 1,
                "files": {name: seal(staging / name) for name in (CATALOG, VECTORS)},
            }
        ).sealed()
        (staging / MANIFEST).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
        for name in (CATALOG, VECTORS, MANIFEST):
            sync_file(staging / name)
        sync_directory(staging)
        pointer = self._pointer_to(manifest.number, staging, damaged)
        directory = self.directory(manifest.number)
        staging.rename(directory)
        sync_directory(directory.parent)
        self._point_to(pointer)
        return manifest

    def publish_copy(
        self, base: Generation, without: Collection[str], *, damaged: int | None = None
    ) -> Manifest:
        """Makes a copy of an older generation the current one; the next reindex reads the documents
        that it is `without`."""
        with self.stage(base.number) as staging:
            catalog = Catalog.edit(staging / CATALOG)
            vectors = FaissVectors.load(staging / VECTORS)
            for name in without:
                vectors.remove(catalog.delete_passages(name))
                catalog.delete_document(name)
                catalog.delete_file(name)
            manifest = base.manifest.model_copy(
                update={
                    "documents": len(catalog.document_names()),
                    "passages": catalog.passage_count(),
                }
            )
            catalog.commit()
            vectors.save(staging / VECTORS)
            return self.publish(staging, manifest, damaged=damaged)

    def _pointer_to(self, number: int, staging: Path, damaged: int | None) -> Pointer:
        """To what is staged, with what differs from the generation that can be gone back to."""
        try:
            last = self.pointer()
        except (IndexMissing, IndexDamaged):
            return Pointer(current=number, damaged=damaged)
        previous = self._last_good(last)
        if previous is None:
            return Pointer(current=number, damaged=damaged)
        with (
            closing(Catalog.open(self.directory(previous) / CATALOG)) as older,
            closing(Catalog.open(staging / CATALOG)) as newer,
        ):
            before, after, unread = older.versions(), newer.versions(), set(newer.files())
        if last.previous == previous:  # what answered since is damaged, or had been made of it
            unread |= set(last.closed)
        return Pointer(
            current=number,
            previous=previous,
            removed=tuple(sorted(before.keys() - after.keys())),
            changed=tuple(sorted(n for n in before.keys() & after.keys() if before[n] != after[n])),
            closed=tuple(
                sorted(
                    name
                    for name, version in before.items()
                    if (
                        after[name].audience != version.audience
                        if name in after
                        else name in unread
                    )
                )
            ),
            damaged=damaged,
        )

    def _last_good(self, pointer: Pointer) -> int | None:
        """The newest generation that a rollback could return to: no damaged one."""
        for number in (pointer.current, pointer.previous):
            try:
                if number is not None:
                    directory = self.directory(number)
                    verify_files(directory, read_manifest(directory))
                    return number
            except IndexUnavailable:
                continue
        return None

    def rollback(self, expected: Recipe | None = None) -> Pointer:
        """Makes a copy of the previous generation current; the one that was current becomes the
        previous.

        The copy is without `Pointer.closed`: going back opens no document to others than who may
        see it now. Raises NothingToRollBack, also where the previous one was made by another recipe
        than `expected` (None takes any); IndexDamaged where it is damaged.
        """
        pointer = self.pointer()
        if pointer.previous is None or pointer.changed is None:
            raise NothingToRollBack("There is no earlier generation to go back to.")
        try:
            base = open_generation(self.directory(pointer.previous), expected)
        except IndexMismatch as exc:
            raise NothingToRollBack(
                f"Generation {pointer.previous}, the one before, was made by another version of "
                "this program or for another model, so it cannot answer."
            ) from exc
        base.catalog.close()
        self.publish_copy(base, pointer.closed)
        self.prune()
        return self.pointer()

    def point_to_newest(self) -> Pointer:
        """Makes the newest generation current, where CURRENT says no more which one was.

        Never an older one, for that may hold what was removed since. Raises IndexDamaged where the
        newest is damaged.
        """
        newest = max(self._numbers(), default=0)
        verify_files(self.directory(newest), read_manifest(self.directory(newest)))
        self._point_to(Pointer(current=newest, damaged=0))
        return self.pointer()

    def mended(self) -> None:
        """Says of a generation that stands in for a damaged one that it is up to date."""
        pointer = self.pointer()
        if pointer.damaged is not None:
            self._point_to(pointer.model_copy(update={"damaged": None}))

    def prune(self) -> None:
        """Removes every generation that CURRENT does not name."""
        pointer = self.pointer()
        for number in self._numbers() - {pointer.current, pointer.previous}:
            shutil.rmtree(self.directory(number), ignore_errors=True)

    def _numbers(self) -> set[int]:
        names = (path.name for path in (self.root / "generations").glob("[0-9]*"))
        return {int(name) for name in names if name.isdecimal()}

    def _point_to(self, pointer: Pointer) -> None:
        try:
            replace_file(self.root / "CURRENT", pointer.sealed())
        except OSError as exc:
            raise _not_written(self.root, exc) from exc


def _not_written(root: Path, exc: OSError | sqlite3.OperationalError) -> IndexNotWritten:
    if isinstance(exc, OSError) and exc.errno == errno.ENOSPC:
        return IndexNotWritten(str(root), "the disk is full")
    reason = (exc.strerror or str(exc)) if isinstance(exc, OSError) else str(exc)
    return IndexNotWritten(str(root), reason)
