"""Pointer to the current generation: the content of the file CURRENT."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from index.errors import IndexDamaged, IndexNewer
from index.store.atomic_files import replace_file
from index.store.catalog.document_table import Version
from index.store.file_errors import not_opened
from index.store.generation import digest_of


class Pointer(BaseModel):
    """Names the current generation and the previous one, and what differs between them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    current: int
    previous: int | None = None
    removed: tuple[str, ...] = ()
    """Documents of the previous generation that the current one does not have."""
    changed: tuple[str, ...] = ()
    """Documents of both generations that differ."""
    closed: tuple[str, ...] = ()
    """Documents of the previous generation that have another audience by now. Also those whose new
    version could not be read, since it may have another. Going back leaves them out."""
    withheld: tuple[str, ...] = ()
    """Documents of the current generation whose files were removed, or may name another audience,
    since it was built. They do not answer, and no way back brings them back."""
    damaged: int | None = None
    """The generation that was found damaged, so that the current one had to replace it; 0 where
    CURRENT was damaged, so that the current one is merely the newest."""

    @property
    def is_settled(self) -> bool:
        """Whether the current generation replaces no damaged one, and withholds nothing."""
        return self.damaged is None and not self.withheld

    def sealed(self) -> bytes:
        """Return the content of the file, with its checksum."""
        content = self.model_dump(mode="json")
        return json.dumps({**content, "sha256": digest_of(content)}).encode()

    def with_previous(
        self,
        previous: int,
        before: Mapping[str, Version],
        after: Mapping[str, Version],
        unread: Collection[str],
        shut: Collection[str] = (),
    ) -> Pointer:
        """Return the pointer with a previous generation, and with what differs from it.

        `before` and `after` are the documents of both; `unread` are documents whose files are there
        but whose audience is unknown, and `shut` those that are not to come back in any case.
        """
        common = before.keys() & after.keys()
        removed = before.keys() - after.keys()
        closed = {name for name in common if before[name].audience != after[name].audience}
        # Of a document that lies in a file, nobody knows whether it was removed or not read.
        closed |= {name for name in removed if (before[name].file or name) in unread}
        closed |= before.keys() & set(shut)
        return self.model_copy(
            update={
                "previous": previous,
                "removed": tuple(sorted(removed)),
                "changed": tuple(sorted(n for n in common if before[n] != after[n])),
                "closed": tuple(sorted(closed)),
            }
        )


@dataclass(frozen=True, slots=True)
class Takeover:
    """How a new generation takes the place of the current one.

    `damaged` is the number of a damaged generation that it replaces. If it stands `alone`, there is
    no way back to an earlier one. Its documents `withheld` do not answer. Going back brings back
    neither these nor those that are `shut`.
    """

    damaged: int | None = None
    alone: bool = False
    withheld: Collection[str] = ()
    shut: Collection[str] = ()

    @property
    def not_brought_back(self) -> frozenset[str]:
        return frozenset((*self.withheld, *self.shut))

    def pointer_to(self, generation: int) -> Pointer:
        """Return the pointer to the new generation, as if there were none before."""
        return Pointer(
            current=generation, damaged=self.damaged, withheld=tuple(sorted(self.withheld))
        )


def read_pointer(path: Path) -> Pointer:
    """Read CURRENT; raises FileNotFoundError, IndexDamaged, IndexNewer and IndexUnreadable."""
    try:
        return pointer_in(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise
    except OSError as exc:
        raise not_opened(path, exc) from exc


def pointer_in(written: bytes, place: str) -> Pointer:
    """Return the pointer that was written; raises IndexNewer, and IndexDamaged with its place."""
    try:
        content: dict[str, Any] = json.loads(written)
        sealed = content.pop("sha256")
        unknown = content.keys() - Pointer.model_fields.keys()
        if unknown and sealed == digest_of(content):
            also = ", ".join(sorted(unknown))
            raise IndexNewer("a pointer that also has", "none of that", also)
        pointer = Pointer.model_validate(content)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as exc:
        raise IndexDamaged(place, "cannot be read") from exc
    if sealed != digest_of(content):
        raise IndexDamaged(place, "is not what was written (its checksum differs)")
    if content.keys() != Pointer.model_fields.keys():
        # Without `closed`, say, a way back would open what was closed.
        raise IndexDamaged(place, "does not say all that it should")
    return pointer


def write_pointer(path: Path, pointer: Pointer) -> None:
    """Replace CURRENT, atomically and durably."""
    replace_file(path, pointer.sealed())
