"""Objects in documents of old Office: the files in them, and those that are not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Enclosed, Source
from index.parsing.formats.office.object_files import ObjectFile
from index.parsing.options import HiddenContent
from index.parsing.unread.remarks import counted

__all__ = ["OldObjects"]


@dataclass(slots=True)
class OldObjects:
    """Takes objects as they are met in a document; `files` are read, as documents below it.

    What lies behind an icon can be opened by everybody who reads the document. Of any other object
    they see one picture, and the rest of its file is hidden.
    """

    source: Source
    files: list[Enclosed] = field(default_factory=list)
    _known: dict[str, bool] = field(default_factory=dict)

    def take(self, key: str, find: Callable[[], ObjectFile | None], *, is_icon: bool) -> bool:
        """Return whether the object called `key` is read; `find` returns the file in it."""
        if key in self._known:
            return self._known[key]
        reads = is_icon or HiddenContent.HIDDEN in self.source.options.hidden
        found = _found(find)
        is_read = found is not None and (reads or found.is_icon)
        self._known[key] = is_read
        if found is not None and is_read:
            read, size = partial(_content, find), len(found.data)
            self.files.append(Enclosed(found.name, read, size=size, called="embedded file"))
        return is_read

    def remark(self, builder: DocumentBuilder) -> None:
        """Say how many objects were not read."""
        if count := sum(not is_read for is_read in self._known.values()):
            what = counted(count, "embedded object was", "embedded objects were")
            builder.remark(f"{what} not read.")


def _found(find: Callable[[], ObjectFile | None]) -> ObjectFile | None:
    try:
        return find()
    except Exception:  # damaged objects raise anything
        return None


def _content(find: Callable[[], ObjectFile | None]) -> bytes:
    """Return the file, which is looked up again so that no more than one is held."""
    found = _found(find)
    return found.data if found else b""
