"""Files of the catalog in the folders of generations: which are shared, and their spares."""

from __future__ import annotations

import logging
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from index.errors import IndexDamaged, IndexUnavailable
from index.store.catalog.catalog import Catalog
from index.store.folder.generation_files import (
    catalog_files,
    is_as_written,
    layers_of_next,
    read_manifest,
    verify_file,
)
from index.store.folder.spares import Spares
from index.store.generation import FileSeal, Manifest
from index.store.segments.files import link_files

_log = logging.getLogger(__name__)


def copy_catalog(directory: Path, staging: Path, *, whole: bool) -> None:
    """Have the catalog of a generation in a folder, ready to be edited, `whole` or in layers.

    What is written anew was verified before, so that no damage gets a new seal.
    """
    manifest = read_manifest(directory)
    plan = layers_of_next(manifest, whole=whole)
    link_files(directory, plan.kept, staging)
    paths = [directory / name for name in plan.merged]
    if len(paths) > 1:
        for path in paths:
            verify_file(path, manifest.files[path.name])
        Catalog.merge(paths, staging / plan.top, whole=not plan.kept)
    elif paths:
        shutil.copyfile(paths[0], staging / plan.top)
    else:
        (staging / plan.top).touch()


def seals_of_shared(
    staging: Path, names: Collection[str], generations: Iterable[Path]
) -> Mapping[str, FileSeal]:
    """Return the seals of staged files that these generations have: a file that was damaged since
    keeps the seal that tells."""
    found: dict[str, FileSeal] = {}
    for directory in generations if names else ():
        with suppress(IndexUnavailable):
            manifest = read_manifest(directory)
            found |= {
                name: manifest.files[name]
                for name in manifest.files.keys() & set(names)
                if is_as_written(staging / name, manifest)
            }
    return found


def shared_layers(one: Path, other: Path) -> int:
    """Return how many layers of their catalogs two folders share, the lowest ones."""
    shared = 0
    for name in catalog_files(each.name for each in one.iterdir()):
        if not (other / name).exists() or not (one / name).samefile(other / name):
            break
        shared += 1
    return shared


def keep_spares(staging: Path, manifest: Manifest, spares: Spares) -> None:
    """Keep spares of the files that the next generation shares; raises OSError."""
    for name in layers_of_next(manifest).kept:
        spares.keep(staging / name, manifest.files[name])


def mend(generations: Iterable[Path], spares: Spares) -> None:
    """Put back the files that are damaged and have a spare; raises OSError."""
    damaged: defaultdict[str, list[Path]] = defaultdict(list)
    seals: dict[str, tuple[FileSeal, int | None]] = {}
    for directory in generations:
        with suppress(IndexUnavailable):
            manifest = read_manifest(directory)
            for name in catalog_files(manifest.files):
                sealed = manifest.files[name]
                seals[sealed.sha256] = sealed, manifest.written_ns.get(name)
                try:
                    verify_file(directory / name, sealed)
                except IndexDamaged:
                    damaged[sealed.sha256].append(directory / name)
    for sha256, paths in damaged.items():
        if spares.put_back(paths, *seals[sha256]):
            _log.error("Damaged, and put back from a spare: %s", paths)


def prune_spares(generations: Iterable[Path], spares: Spares) -> None:
    """Remove the spares of files that none of these generations has; raises OSError."""
    wanted: set[str] = set()
    for directory in generations:
        with suppress(IndexUnavailable):
            files = read_manifest(directory).files
            wanted |= {files[name].sha256 for name in catalog_files(files)}
    spares.prune(wanted)
