"""One published generation of the index: its files, its manifest, and the check that both agree.

<index>/CURRENT                     names the generation that answers, and the one before
<index>/generations/000007/
    manifest.json                   how it was made, and each file's size and SHA-256
    catalog.sqlite                  documents, passages, lexical index
    vectors.faiss                   one vector a passage
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.catalog import Catalog
from index.errors import IndexDamaged, IndexMismatch
from index.ports import VectorIndex
from index.vectors import FaissVectors

__all__ = [
    "CATALOG",
    "FORMAT_VERSION",
    "MANIFEST",
    "VECTORS",
    "FileSeal",
    "Generation",
    "Manifest",
    "Recipe",
    "open_generation",
    "read_manifest",
    "seal",
    "verify_files",
]

FORMAT_VERSION = 1
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
    """Of all the rest; see `sealed`."""

    def sealed(self) -> Manifest:
        return self.model_copy(update={"sha256": self.digest()})

    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json(exclude={"sha256"}).encode()).hexdigest()


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
    """Raises IndexMismatch for another format version, IndexDamaged for anything unexpected."""
    path = directory / MANIFEST
    try:
        content = path.read_bytes()
    except FileNotFoundError as exc:
        raise IndexDamaged(str(path), "is missing") from exc
    except OSError as exc:
        raise IndexDamaged(str(path), f"cannot be read ({exc.strerror})") from exc
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as exc:
        if any(error["loc"] == ("format",) for error in exc.errors()):
            found = next(e["input"] for e in exc.errors() if e["loc"] == ("format",))
            raise IndexMismatch("format version", FORMAT_VERSION, found) from exc
        raise IndexDamaged(str(path), "is not a manifest") from exc
    if manifest.sha256 != manifest.digest():
        raise IndexDamaged(str(path), "is not what was written (its checksum differs)")
    return manifest


def open_generation(directory: Path, expected: Recipe | None) -> Generation:
    """Opens and verifies a generation.

    Raises IndexMismatch where it was made by another recipe than `expected` (None takes any), and
    IndexDamaged where a file is missing or is not, byte for byte, what was published.
    """
    manifest = read_manifest(directory)
    if expected is not None and manifest.recipe != expected:
        for field in Recipe.model_fields:
            wanted, found = getattr(expected, field), getattr(manifest.recipe, field)
            if wanted != found:
                raise IndexMismatch(field.replace("_", " "), repr(wanted), repr(found))
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


def seal(path: Path) -> FileSeal:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileSeal(size=file.tell(), sha256=digest)
