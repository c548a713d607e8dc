"""The index folder: which generation answers, and how the next one takes its place.

There is one commit point, the atomic replacement of the file CURRENT. A generation is complete and
durable before CURRENT names it, and is never changed afterwards. Whoever has an older one open can
still use it. What CURRENT does not name is left over from an interrupted reindex.

Going back, by a rollback or a recovery, makes a new generation: a copy of an older one without the
documents that must not answer again. So the newest generation is always the one that answers, even
where CURRENT is lost.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexNewer,
    IndexNotWritten,
    IndexUnavailable,
)
from index.store.atomic_files import sync_directory, sync_file
from index.store.catalog.catalog import Catalog
from index.store.folder.catalog_files import (
    copy_catalog,
    keep_spares,
    mend,
    prune_spares,
    seals_of_shared,
    shared_layers,
)
from index.store.folder.generation_files import (
    CATALOG,
    MANIFEST,
    catalog_files,
    read_manifest,
    sealed,
    verify_files,
)
from index.store.folder.merger import merge_planned
from index.store.folder.reader import FolderReader
from index.store.folder.recovery import recover
from index.store.folder.spares import Spares
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.pointer import Pointer, Takeover, write_pointer
from index.store.ports import Staged
from index.store.quarantine import Quarantine, write_quarantine
from index.store.segments.block_store import FolderBlockStore
from index.store.segments.files import files_of_segments, link_files
from index.store.segments.merging import MERGING, FolderMerging, MergeFolder
from index.store.vectors.files import StagedVectors


class IndexStore(FolderReader):
    """One index folder. Reading it never writes; writing needs the lock."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._spares = Spares(root / "spares")
        self.arrived = root / "arrived"
        """Files of segments that are moved here from a server."""
        self._merging = MergeFolder(root / MERGING)

    @contextmanager
    def lock(self) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / "lock", timeout=0)
            lock.acquire()
        except Timeout as exc:
            raise IndexBusy(
                "Another reindex is running. Wait until it has ended, then try again."
            ) from exc
        except OSError as exc:
            raise _not_written(self.root, exc) from exc
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def stage(
        self, base: int | None, lost: Collection[str] = (), *, whole: bool = False
    ) -> Iterator[Path]:
        """Make a directory to build the next generation in, with the files of `base`, but for
        segments that are `lost`.

        With `whole`, its catalog has one layer alone.
        Failures to write there become IndexNotWritten. The directory is removed afterwards; what
        was published from it stays.
        """
        staging = self.root / "generations" / ".staging"
        try:
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir(parents=True)
            if base is not None:
                directory = self.directory(base)
                copy_catalog(directory, staging, whole=whole)
                names = {each.name for each in directory.iterdir()}.difference(lost)
                link_files(directory, files_of_segments(names), staging)
            yield staging
        except (OSError, sqlite3.OperationalError) as exc:
            raise _not_written(self.root, exc) from exc
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def edit(self, staging: Path, *, anew: bool) -> Staged:
        catalog = (Catalog.create if anew else Catalog.edit)(staging / CATALOG)
        merging = FolderMerging(self._merging, staging)
        return Staged(catalog, StagedVectors(staging), FolderBlockStore(staging), merging)

    def publish(
        self,
        staging: Path,
        manifest: Manifest,
        takeover: Takeover,
    ) -> Manifest:
        """Seal the staged files, make them durable, and make them the current generation.

        Its number is one above every number in use.
        """
        names = [each.name for each in staging.iterdir()]
        *shared, newest = catalog_files(names)
        files = (*shared, newest, *files_of_segments(names))
        known = seals_of_shared(staging, shared, map(self.directory, self.numbers()))
        manifest = manifest.model_copy(
            update={
                "number": max(manifest.number, self.next_moment().generation),
                "files": {name: known.get(name) or sealed(staging / name) for name in files},
                "written_ns": {name: (staging / name).stat().st_mtime_ns for name in files},
            }
        ).sealed()
        keep_spares(staging, manifest, self._spares)
        (staging / MANIFEST).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
        for name in (*files, MANIFEST):
            sync_file(staging / name)
        sync_directory(staging)
        pointer = takeover.pointer_to(manifest.number)
        if not takeover.alone:
            pointer = self._with_previous(pointer, staging, takeover.not_brought_back)
        directory = self.directory(manifest.number)
        staging.rename(directory)
        sync_directory(directory.parent)
        self._point_to(pointer)
        return manifest

    def publish_copy(
        self,
        base: Generation,
        without: Collection[str],
        takeover: Takeover,
        *,
        after: Catalog | None = None,
        lost: Collection[str] = (),
    ) -> Manifest:
        """Publish it as every store does; segments that are `lost` are made anew."""
        with self.stage(base.number, lost, whole=takeover.alone) as staging:
            manifest = self._left_out(staging, base, without, takeover, after)
            if takeover.alone:
                Catalog.write_anew(staging / CATALOG)
            return self.publish(staging, manifest, takeover)

    def purge(self, name: str) -> Pointer:
        pointer = self.pointer()
        base = self.open_number(pointer.current)
        base.catalog.close()
        self.set_quarantine(self.quarantine().without(name))
        takeover = Takeover(damaged=pointer.damaged, alone=True, withheld=pointer.withheld)
        self._merging.drop()
        self.publish_copy(base, [name], takeover)
        self.prune()
        pointer = self.pointer()
        if self.numbers() != {pointer.current}:
            raise IndexNotWritten(str(self.root), "earlier generations could not be removed")
        return pointer

    def _with_previous(self, pointer: Pointer, staging: Path, shut: Collection[str]) -> Pointer:
        """Return the pointer to a staged generation; the newest sound one becomes its previous."""
        try:
            last = self.pointer()
        except (IndexMissing, IndexDamaged, IndexNewer):
            return pointer
        previous = self._last_good(last)
        if previous != last.current:  # what both share may be damaged
            self.mend()
            previous = self._last_good(last)
        if previous is None:
            return pointer
        directory = self.directory(previous)
        with (
            closing(Catalog.open(directory / CATALOG)) as older,
            closing(Catalog.open(staging / CATALOG)) as newer,
        ):
            shared = shared_layers(directory, staging)
            names = None
            if shared:
                names = older.names_above(shared) | newer.names_above(shared) | set(shut)
            before, after = older.versions(names), newer.versions(names)
            there = {each.file or name for name, each in before.items()}
            unread = there & newer.files(there).keys()
            if last.previous == previous:  # the generation in between is damaged or a copy
                unread |= set(last.closed)
            return pointer.with_previous(previous, before, after, unread, shut)

    def _last_good(self, pointer: Pointer) -> int | None:
        """Return the newest generation that is not damaged, to which a rollback could return."""
        for number in (pointer.current, pointer.previous):
            try:
                if number is not None:
                    directory = self.directory(number)
                    verify_files(directory, read_manifest(directory), trust=Trust.SHARED)
                    return number
            except IndexUnavailable:
                continue
        return None

    def rollback(self, expected: Recipe | None = None) -> Pointer:
        self.mend()
        return super().rollback(expected)

    @contextmanager
    def sound(self, number: int) -> Iterator[Catalog | None]:
        directory = self.directory(number)
        try:
            verify_files(directory, read_manifest(directory))
        except IndexUnavailable:
            yield None
            return
        with closing(Catalog.open(directory / CATALOG)) as catalog:
            yield catalog

    def recover(self) -> None:
        """Replace the current generation where it is damaged, as `recovery.recover` does."""
        recover(self)

    def point_to_newest(self) -> Pointer:
        """Make the newest generation current, where CURRENT is lost.

        Never an older one, which may hold documents that were removed since. Raises IndexDamaged
        where the newest is damaged.
        """
        newest = max(self.numbers(), default=0)
        verify_files(self.directory(newest), read_manifest(self.directory(newest)))
        self._point_to(Pointer(current=newest, damaged=0))
        return self.pointer()

    def mend(self) -> None:
        """Put back the files of the catalog that are damaged and have a spare; needs the lock."""
        try:
            mend(self._named(), self._spares)
        except OSError as exc:
            raise _not_written(self.root, exc) from exc

    def prune(self) -> None:
        """Remove every generation that CURRENT does not name, the spares of other files, and what
        had arrived from a server."""
        named = self._named()
        for number in self.numbers():
            if self.directory(number) not in named:
                shutil.rmtree(self.directory(number), ignore_errors=True)
        shutil.rmtree(self.arrived, ignore_errors=True)
        try:
            prune_spares(named, self._spares)
        except OSError as exc:
            raise _not_written(self.root, exc) from exc

    def merge(self) -> bool:
        return merge_planned(self._merging)

    def has_merge(self) -> bool:
        return self._merging.plan() is not None and self._merging.made() is None

    def _named(self) -> list[Path]:
        """Return the folders of the generations that CURRENT names."""
        pointer = self.pointer()
        numbers = (pointer.current, pointer.previous)
        return [self.directory(number) for number in numbers if number is not None]

    def _point_to(self, pointer: Pointer) -> None:
        try:
            write_pointer(self._current, pointer)
        except OSError as exc:
            raise _not_written(self.root, exc) from exc

    def _hold(self, held: Quarantine) -> None:
        try:
            write_quarantine(self._held, held)
        except OSError as exc:
            raise _not_written(self.root, exc) from exc


def _not_written(root: Path, exc: OSError | sqlite3.OperationalError) -> IndexNotWritten:
    if isinstance(exc, OSError) and exc.errno == errno.ENOSPC:
        return IndexNotWritten(str(root), "the disk is full")
    reason = (exc.strerror or str(exc)) if isinstance(exc, OSError) else str(exc)
    return IndexNotWritten(str(root), reason)
