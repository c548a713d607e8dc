"""Files of a generation in a folder: sealed, verified and opened.

<index>/CURRENT                     names the generation that answers, and the one before
<index>/generations/000007/
    manifest.json                   how it was made, and each file's size and SHA-256
    catalog.sqlite                  documents and passages
    catalog.01.sqlite               where those are many, what changed since that file was written
    3f0b….words                     a segment: the words of some documents and their passages
    77a1…-3f0b….vectors             the vectors of the passages of this segment
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from index.errors import IndexDamaged
from index.store.catalog.catalog import Catalog
from index.store.catalog.layers import LayerPlan, is_layer, plan_layers
from index.store.file_errors import catalog_not_opened, not_opened
from index.store.generation import (
    FileSeal,
    Generation,
    Manifest,
    Recipe,
    Trust,
    manifest_in,
    require_recipe,
)
from index.store.segments.block_store import FolderBlockStore
from index.store.segments.files import VECTORS, WORDS, files_of_segments, read_segments, segments_in
from index.store.vectors.files import read_vectors
from index.store.vectors.vectors import SegmentVectors

MANIFEST, CATALOG = "manifest.json", "catalog.sqlite"
LARGE: Final = 16 << 20
"""Bytes from which a file is large."""
LARGE_CATALOG: Final = 64 << 20
"""The same of a file of the catalog, which says what each document is called, and for whom it is.
From that size on, it is shared by generations, and not copied."""
_SHA256 = 64


def read_manifest(directory: Path) -> Manifest:
    """Read a manifest.

    Raises IndexOutdated and IndexNewer for another format, and IndexDamaged for a file that no
    version of this program can have written.
    """
    path = directory / MANIFEST
    try:
        return manifest_in(path.read_bytes(), str(path))
    except FileNotFoundError as exc:
        raise IndexDamaged(str(path), "is missing") from exc
    except OSError as exc:
        raise not_opened(path, exc) from exc


def open_generation(
    directory: Path,
    expected: Recipe | None,
    lost: Collection[str] = (),
    *,
    trust: Trust = Trust.NONE,
) -> Generation:
    """Open a generation and verify its files as `verify_files` does.

    Where it was made by another recipe than `expected` (None takes any), raises IndexMismatch if a
    setting differs, and IndexOutdated or IndexNewer if a version does. Raises IndexDamaged where a
    file is missing or is not, byte for byte, what was published.
    """
    manifest = read_manifest(directory)
    if expected is not None:
        require_recipe(manifest.recipe, expected)
    verify_files(directory, manifest, lost, trust=trust)
    files = [name for name in manifest.files if name not in lost]
    try:
        segments = read_segments(directory, segments_in(files))
        blocks = [] if lost else read_vectors(FolderBlockStore(directory), segments, files)
    except OSError as exc:
        raise not_opened(directory, exc) from exc
    try:
        catalog = Catalog.open(directory / CATALOG, segments)
    except (OSError, sqlite3.Error) as exc:
        raise catalog_not_opened(directory / CATALOG, exc) from exc
    return Generation(manifest, catalog, SegmentVectors(blocks, catalog.segments, catalog.view))


def sealed(path: Path) -> FileSeal:
    """Return the seal of a file that is about to be published: that of a segment is in its name."""
    if path.suffix in (WORDS, VECTORS):
        return FileSeal(size=path.stat().st_size, sha256=path.name[:_SHA256])
    return seal(path)


def verify_files(
    directory: Path,
    manifest: Manifest,
    lost: Collection[str] = (),
    *,
    trust: Trust = Trust.NONE,
) -> None:
    """Raise IndexDamaged unless every file is, byte for byte, what was published.

    Those that are `lost` are left out, and not all are read where they are trusted.
    """
    unread: Collection[str] = ()
    if trust is not Trust.NONE:
        unread = large_files(manifest)
    if trust is Trust.SHARED:
        unread = set(unread).difference(layers_of_next(manifest).merged)
    for name, sealed in manifest.files.items():
        if name in lost or (name in unread and is_as_written(directory / name, manifest)):
            continue
        verify_file(directory / name, sealed)


def large_files(manifest: Manifest) -> list[str]:
    """Return which files take long to read."""
    of_catalog = set(catalog_files(manifest.files))
    return [
        name
        for name, sealed in manifest.files.items()
        if sealed.size >= (LARGE_CATALOG if name in of_catalog else LARGE)
    ]


def catalog_files(names: Iterable[str]) -> list[str]:
    """Return which files are those of the catalog, the lowest layer first."""
    return sorted(
        (name for name in names if name == CATALOG or is_layer(name, CATALOG)),
        key=lambda name: (name != CATALOG, name),
    )


def layers_of_next(manifest: Manifest, *, whole: bool = False) -> LayerPlan:
    """Return what becomes of the files of the catalog in a generation made of this one."""
    sizes = {name: manifest.files[name].size for name in catalog_files(manifest.files)}
    return plan_layers(CATALOG, sizes, LARGE_CATALOG, whole=whole)


def is_as_written(path: Path, manifest: Manifest) -> bool:
    """Return whether the size and the time of a file are those it was published with."""
    try:
        found = path.stat()
    except OSError:
        return False
    written = manifest.files[path.name].size, manifest.written_ns.get(path.name)
    return (found.st_size, found.st_mtime_ns) == written


def lost_segments(directory: Path, manifest: Manifest) -> list[str]:
    """Return which files of segments are damaged."""
    lost = []
    for name in files_of_segments(manifest.files):
        try:
            verify_file(directory / name, manifest.files[name])
        except IndexDamaged:
            lost.append(name)
    return lost


def verify_file(path: Path, sealed: FileSeal) -> None:
    """Raise IndexDamaged unless a file is, byte for byte, what was published."""
    try:
        found_seal = seal(path)
    except FileNotFoundError as exc:
        raise IndexDamaged(str(path), "is missing") from exc
    except OSError as exc:
        raise not_opened(path, exc) from exc
    if found_seal != sealed:
        raise IndexDamaged(str(path), "is not what was written (its checksum differs)")


def seal(path: Path) -> FileSeal:
    """Return the size and the hash of a file as it is now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileSeal(size=file.tell(), sha256=digest)
