"""Files that lie in an Office document as objects, such as a PDF behind an icon."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import partial

from index.parsing.draft import Enclosed, Source
from index.parsing.formats.office.object_files import file_in
from index.parsing.formats.office.package import OfficePackage, Relationship
from index.parsing.options import HiddenContent

__all__ = ["EmbeddedObjects"]


@dataclass(slots=True)
class EmbeddedObjects:
    """Finds the files in objects; `files` are those that are read, as documents below their own.

    Behind an icon is what everybody who reads the document can open. Of any other object they see
    one picture, and the rest of its file is hidden.
    """

    package: OfficePackage
    source: Source
    files: list[Enclosed] = field(default_factory=list)
    _targets: set[str] = field(default_factory=set)

    def take(self, relation: Relationship | None, *, is_icon: bool) -> bool:
        """Return whether the file that an object leads to is read."""
        if relation is None or relation.external:
            return False
        reads = is_icon or HiddenContent.HIDDEN in self.source.options.hidden
        if relation.target not in self._targets:
            found = file_in(self.package.read(relation.target), _stem(relation.target))
            if found is None or not (reads or found.is_icon):
                return False
            self._targets.add(relation.target)
            read = partial(self._content, relation.target)
            size = len(found.data)
            self.files.append(Enclosed(found.name, read, size=size, called="embedded file"))
        return True

    def _content(self, part: str) -> bytes:
        """Return the file once more, so that no more than one of them is held."""
        found = file_in(self.package.read(part), _stem(part))
        return found.data if found else b""


def _stem(part: str) -> str:
    return posixpath.splitext(posixpath.basename(part))[0]
