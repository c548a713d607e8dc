"""Files that lie in a document as objects, such as a PDF behind an icon, and what is not read."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from index.parsing.draft import Enclosed, Source
from index.parsing.formats.office.object_files import ObjectFile, file_in
from index.parsing.formats.office.package import OfficePackage, Relationship
from index.parsing.options import HiddenContent

__all__ = ["EmbeddedObjects"]


@dataclass(slots=True)
class EmbeddedObjects:
    """Takes objects as they are met in a document; `files` are read, as documents below it.

    What lies behind an icon can be opened by everybody who reads the document. Of any other object
    they see one picture, and the rest of its file is hidden.
    """

    source: Source
    files: list[Enclosed] = field(default_factory=list)
    _known: dict[str, bool] = field(default_factory=dict)

    def take(self, key: str, find: Callable[[], ObjectFile | None], *, is_icon: bool) -> bool:
        """Return whether the object called `key` is read; `find` returns the file in it."""
        known = self._known.get(key)
        if known or (known is not None and not is_icon):
            return known
        reads = is_icon or HiddenContent.HIDDEN in self.source.options.hidden
        found = _found(find)
        is_read = found is not None and (reads or found.is_icon)
        self._known[key] = is_read
        if found is not None and is_read:
            read, size = partial(_content, find), len(found.data)
            self.files.append(Enclosed(found.name, read, size=size, called="embedded file"))
        return is_read

    def take_part(
        self, package: OfficePackage, relation: Relationship | None, *, is_icon: bool
    ) -> bool:
        """Return whether the object that a relation leads to is read."""
        if relation is None or relation.external:
            return False
        part = relation.target
        stem = posixpath.splitext(posixpath.basename(part))[0]
        return self.take(part, lambda: file_in(package.read(part), stem), is_icon=is_icon)


def _found(find: Callable[[], ObjectFile | None]) -> ObjectFile | None:
    try:
        return find()
    except Exception:  # damaged objects raise anything
        return None


def _content(find: Callable[[], ObjectFile | None]) -> bytes:
    """Return the file, which is looked up again so that no more than one is held."""
    found = _found(find)
    return found.data if found else b""
