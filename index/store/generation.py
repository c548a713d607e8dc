"""Generations of the index: how each was made, and one that is open to answer."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Collection, Set
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import IndexDamaged, IndexMismatch, IndexNewer, IndexOutdated
from index.ports import Filter, VectorIndex, Vectors
from index.store.catalog.catalog import Catalog

FORMAT_VERSION: Final = 13
"""Raise it when a manifest or a file of a generation is written otherwise."""
_SETTINGS, _VERSIONS = ("model", "query_prompt", "passage_prompt"), ("chunker", "parser")
"""Fields of a recipe that people set, and fields that count versions of this program. The others
change with the version as well, but do not count it."""


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
