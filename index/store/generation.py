"""One published generation of the index: its files, its manifest, and the check that both agree.

<index>/CURRENT                     names the generation that answers, and the one before
<index>/generations/000007/
    manifest.json                   how it was made, and each file's size and SHA-256
    catalog.sqlite                  documents, passages, lexical index
    vectors.faiss                   one vector a passage
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import IndexDamaged, IndexMismatch, IndexNewer, IndexOutdated
from index.ports import VectorIndex
from index.store.catalog import Catalog
from index.store.vectors import FaissVectors

__all__ = [
    "CATALOG",
    "FORMAT_VERSION",
    "MANIFEST",
    "VECTORS",
    "FileSeal",
    "Generation",
    "Manifest",
    "Recipe",
    "digest_of",
    "open_generation",
    "read_manifest",
    "seal",
    "verify_files",
]

FORMAT_VERSION = 1
_SET_BY_PEOPLE, _COUNTED_UP = ("model", "query_prompt", "passage_prompt"), ("cutter", "reader")
"""Fields of a recipe: settings, and numbers that only grow. The rest come with a version too."""
MANIFEST, CATALOG, VECTORS = "manifest.json", "catalog.sqlite", "vectors.faiss"


class Recipe(BaseModel):
    """What decides which passages and vectors a document gets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    fingerprint: str
    query_prompt: str
    passage_prompt: str
    cutter: int
    reader: int
    target_tokens: int


class FileSeal(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    """FORMAT_VERSION"""
    number: int
    created_at: str
    """ISO 8601, UTC."""
    looked_at_ns: int
    """When the corpus was looked at, in nanoseconds since 1970."""
    documents: int
    passages: int
    recipe: Recipe
    limits: dict[str, int]
    """What reading was limited to; a file that was refused is tried again when this changes."""
    files: dict[str, FileSeal]
    sha256: str = ""
    """Of all the rest, as `digest_of` has it: true of every format, so that a manifest of a later
    version can be told from a damaged one."""

    def sealed(self) -> Manifest:
        return self.model_copy(update={"sha256": self.digest()})

    def digest(self) -> str:
        return digest_of(self.model_dump(mode="json", exclude={"sha256"}))


@dataclass(frozen=True, slots=True)
class Generation:
    """An open generation; it stays readable after its files were removed."""

    manifest: Manifest
    catalog: Catalog
    vectors: VectorIndex

    @property
    def number(self) -> int:
        return self.manifest.number


def read_manifest(directory: Path) -> Manifest:
    """Raises IndexNewer for another format, and IndexDamaged for what nobody can have written."""
    path = directory / MANIFEST
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        sealed = content.pop("sha256")
    except FileNotFoundError as exc:
        raise IndexDamaged(str(path), "is missing") from exc
    except OSError as exc:
        raise IndexDamaged(str(path), f"cannot be read ({exc.strerror})") from exc
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as exc:
        raise IndexDamaged(str(path), "is not a manifest") from exc
    if sealed != digest_of(content):
        raise IndexDamaged(str(path), "is not what was written (its checksum differs)")
    try:
        return Manifest.model_validate(content | {"sha256": sealed})
    except ValidationError as exc:  # every format until now is read
        raise IndexNewer("format version", FORMAT_VERSION, content.get("format")) from exc


def open_generation(directory: Path, expected: Recipe | None) -> Generation:
    """Opens and verifies a generation.

    Where it was made by another recipe than `expected` (None takes any), raises IndexMismatch if it
    differs by a setting, and IndexOutdated or IndexNewer if by a version; IndexDamaged where a file
    is missing or is not, byte for byte, what was published.
    """
    manifest = read_manifest(directory)
    if expected is not None:
        _require_recipe(manifest.recipe, expected)
    verify_files(directory, manifest)
    try:
        vectors = FaissVectors.load(directory / VECTORS)
    except OSError as exc:
        raise IndexDamaged(str(directory / VECTORS), "cannot be read") from exc
    try:
        catalog = Catalog.open(directory / CATALOG)
    except sqlite3.Error as exc:
        raise IndexDamaged(str(directory / CATALOG), "cannot be read") from exc
    return Generation(manifest, catalog, vectors)


def verify_files(directory: Path, manifest: Manifest) -> None:
    """Raises IndexDamaged unless every file is, byte for byte, what was published."""
    for name, sealed in manifest.files.items():
        path = directory / name
        try:
            found_seal = seal(path)
        except FileNotFoundError as exc:
            raise IndexDamaged(str(path), "is missing") from exc
        except OSError as exc:
            raise IndexDamaged(str(path), f"cannot be read ({exc.strerror})") from exc
        if found_seal != sealed:
            raise IndexDamaged(str(path), "is not what was written (its checksum differs)")


def _require_recipe(found: Recipe, expected: Recipe) -> None:
    was, wanted = found.model_dump(), expected.model_dump()
    other = [name for name in wanted if was[name] != wanted[name]]
    newer = [name for name in other if name in _COUNTED_UP and was[name] > wanted[name]]
    by_setting = [name for name in other if name in _SET_BY_PEOPLE]
    for names, error in ((newer, IndexNewer), (by_setting, IndexMismatch), (other, IndexOutdated)):
        for name in names:
            raise error(name.replace("_", " "), repr(wanted[name]), repr(was[name]))


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256, in hex, of a JSON object written without white space."""
    compact = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(compact.encode(errors="surrogatepass")).hexdigest()


def seal(path: Path) -> FileSeal:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileSeal(size=file.tell(), sha256=digest)
