"""Generations of the index: their files and manifests, and the check that both agree.

<index>/CURRENT                     names the generation that answers, and the one before
<index>/generations/000007/
    manifest.json                   how it was made, and each file's size and SHA-256
    catalog.sqlite                  documents and passages
    catalog.01.sqlite               where those are many, what changed since that file was written
    3f0b….words                     a segment: the words of some documents and their passages
    77a1…-3f0b….vectors             the vectors of the passages of this segment
"""

from __future__ import annotations

import enum
import errno
import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import IndexDamaged, IndexMismatch, IndexNewer, IndexOutdated, IndexUnreadable
from index.ports import Filter, VectorIndex, Vectors
from index.store.catalog.catalog import Catalog
from index.store.catalog.layers import LayerPlan, is_layer, layers_of, plan_layers
from index.store.segments.block_store import FolderBlockStore
from index.store.segments.files import VECTORS, WORDS, files_of_segments, read_segments, segments_in
from index.store.vectors.files import read_vectors
from index.store.vectors.vectors import SegmentVectors

__all__ = [
    "CATALOG",
    "FORMAT_VERSION",
    "LARGE",
    "LARGE_CATALOG",
    "MANIFEST",
    "FileSeal",
    "Generation",
    "Manifest",
    "Recipe",
    "Trust",
    "catalog_files",
    "catalog_not_opened",
    "digest_of",
    "is_as_written",
    "large_files",
    "layers_of_next",
    "lost_segments",
    "manifest_in",
    "not_opened",
    "open_generation",
    "read_manifest",
    "require_recipe",
    "seal",
    "sealed",
    "verify_file",
    "verify_files",
]

FORMAT_VERSION: Final = 13
"""Raise it when a manifest or a file of a generation is written otherwise."""
_SETTINGS, _VERSIONS = ("model", "query_prompt", "passage_prompt"), ("chunker", "parser")
"""Fields of a recipe that people set, and fields that count versions of this program. The others
change with the version as well, but do not count it."""
_SHA256 = 64
LARGE: Final = 16 << 20
"""Bytes from which a file is large."""
LARGE_CATALOG: Final = 64 << 20
"""The same of a file of the catalog, which says what each document is called, and for whom it is.
From that size on, it is shared by generations, and not copied."""
_NOT_THE_FILES_FAULT = frozenset(
    {errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)
_NOT_THE_CATALOGS_FAULT = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_IOERR_NOMEM,
    }
)
MANIFEST, CATALOG = "manifest.json", "catalog.sqlite"


class Recipe(BaseModel):
    """All that decides which passages and vectors a document gets.

    `chunker` and `parser` are CHUNKER_VERSION and PARSER_VERSION.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    fingerprint: str
    query_prompt: str
    passage_prompt: str
    chunker: int
    parser: int
    target_tokens: int


class FileSeal(BaseModel):
    """Size and SHA-256 of a published file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class Manifest(BaseModel):
    """How a generation was made, and the seals of its files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[13] = FORMAT_VERSION
    number: int
    created_at: str
    """ISO 8601, UTC."""
    looked_at_ns: int
    """When the corpus was scanned, in nanoseconds since 1970."""
    documents: int
    passages: int
    recipe: Recipe
    limits: dict[str, int]
    """What parsing was limited to; a file that was refused is tried again when this changes."""
    options: dict[str, list[str]]
    """What was read beside the visible text, as `ParsingOptions.as_lists` writes it."""
    files: dict[str, FileSeal]
    written_ns: dict[str, int] = {}
    """When each file was written, in nanoseconds since 1970."""
    sha256: str = ""
    """Of the other fields, as `digest_of` computes it. This holds for every format, so that a
    manifest of another version can be told from a damaged one."""

    def sealed(self) -> Manifest:
        """Return the manifest with its checksum."""
        return self.model_copy(update={"sha256": self.digest()})

    def digest(self) -> str:
        return digest_of(self.model_dump(mode="json", exclude={"sha256"}))


class Trust(enum.Enum):
    """Which files are not read where their size and time are those they were published with."""

    NONE = enum.auto()
    SHARED = enum.auto()
    """Files that generations share. They are never copied, so damage is not passed on as sound."""
    LARGE = enum.auto()
    """Large files, which take long to read. The caller verifies them afterwards."""


@dataclass(frozen=True, slots=True)
class Generation:
    """An open generation; it stays readable after its files were removed.

    `withheld` are documents that do not answer, since they were removed or closed after it was
    built; they may be of any audience by now.
    """

    manifest: Manifest
    catalog: Catalog
    vectors: VectorIndex
    withheld: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        return self.manifest.number

    def nearest(
        self, query: Vectors, k: int, allowed: Filter | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `k` pairs of passage key and cosine, the greatest first.

        With `allowed`, only these passages are searched.
        """
        return self.vectors.search(query, k, allowed)

    def answering(self, names: Collection[str] | None) -> Collection[str] | None:
        """Return those of the documents that answer, None for all."""
        if not self.withheld or (
            isinstance(names, Set) and not any(name in names for name in self.withheld)
        ):
            return names
        return (self.catalog.document_names() if names is None else set(names)) - self.withheld


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


def manifest_in(written: bytes, place: str) -> Manifest:
    """Return the manifest that was written; raises what `read_manifest` does, naming its place."""
    try:
        content: dict[str, Any] = json.loads(written)
        sealed = content.pop("sha256")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as exc:
        raise IndexDamaged(place, "is not a manifest") from exc
    if sealed != digest_of(content):
        raise IndexDamaged(place, "is not what was written (its checksum differs)")
    found = content.get("format")
    try:
        return Manifest.model_validate(content | {"sha256": sealed})
    except ValidationError as exc:
        is_older = isinstance(found, int) and found < FORMAT_VERSION
        error = IndexOutdated if is_older else IndexNewer
        raise error("format version", FORMAT_VERSION, found) from exc


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


def not_opened(path: Path, error: OSError) -> IndexDamaged | IndexUnreadable:
    """Return the error for a file of the index that the system did not open or read.

    It is damaged only if nothing else explains that: a damaged generation is replaced.
    """
    reason = error.strerror or "it cannot be opened"
    if error.errno in _NOT_THE_FILES_FAULT:
        return IndexUnreadable(str(path), reason)
    return IndexDamaged(str(path), f"cannot be read ({reason})")


def catalog_not_opened(
    path: Path, error: OSError | sqlite3.Error
) -> IndexDamaged | IndexUnreadable:
    """Return the error for a catalog that the system or SQLite did not open or read.

    As above: what SQLite was short of, or waited for in vain, is no damage.
    """
    if isinstance(error, OSError):
        return not_opened(path, error)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code & 0xFF == sqlite3.SQLITE_CANTOPEN:  # it does not say why
        try:
            for layer in layers_of(path):
                layer.open("rb").close()
        except OSError as exc:
            return not_opened(path, exc)
    if {code, code & 0xFF} & _NOT_THE_CATALOGS_FAULT:
        return IndexUnreadable(str(path), str(error))
    return IndexDamaged(str(path), f"cannot be read ({error})")


def require_recipe(found: Recipe, expected: Recipe) -> None:
    """Raise IndexMismatch, IndexOutdated or IndexNewer where an index was made by another."""
    old, new = found.model_dump(), expected.model_dump()
    differing = [name for name in new if old[name] != new[name]]
    newer = [name for name in differing if name in _VERSIONS and old[name] > new[name]]
    settings = [name for name in differing if name in _SETTINGS]
    for names, error in (
        (newer, IndexNewer),
        (settings, IndexMismatch),
        (differing, IndexOutdated),
    ):
        for name in names:
            raise error(name.replace("_", " "), repr(new[name]), repr(old[name]))


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256, in hex, of a JSON object written without white space."""
    compact = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(compact.encode(errors="surrogatepass")).hexdigest()


def seal(path: Path) -> FileSeal:
    """Return the size and the hash of a file as it is now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileSeal(size=file.tell(), sha256=digest)
