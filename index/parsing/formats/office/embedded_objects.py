"""Files that lie in an Office document as objects, such as a PDF behind an icon."""

from __future__ import annotations

import io
import posixpath
import struct
from dataclasses import dataclass, field
from functools import partial

import olefile

from index.parsing.builder import one_line
from index.parsing.draft import Enclosed, Source
from index.parsing.formats.office.package import OfficePackage, Relationship
from index.parsing.options import HiddenContent

__all__ = ["EmbeddedObjects"]

_MAIN_PARTS = {
    b"word/document.xml": ".docx",
    b"xl/workbook.xml": ".xlsx",
    b"ppt/presentation.xml": ".pptx",
    b"opendocument.text": ".odt",
    b"opendocument.spreadsheet": ".ods",
    b"opendocument.presentation": ".odp",
}
_OLD_OFFICE = {
    "WordDocument": ".doc",
    "Workbook": ".xls",
    "Book": ".xls",
    "PowerPoint Document": ".ppt",
}
_WRAPPED = "\x01Ole10Native"
"""The stream of a file that was dragged into a document, with its name."""
_STREAMS = ("Package", "CONTENTS")
"""The streams that hold an Office file or a PDF inside an object."""


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
        reads = is_icon or HiddenContent.HIDDEN in self.source.options.hidden
        if relation is None or relation.external or not reads:
            return False
        if relation.target not in self._targets:
            found = _file_in(self.package.read(relation.target), relation.target)
            if found is None:
                return False
            self._targets.add(relation.target)
            name, size = found[0], len(found[1])
            read = partial(self._content, relation.target)
            self.files.append(Enclosed(name, read, size=size, called="embedded file"))
        return True

    def _content(self, part: str) -> bytes:
        """Return the file once more, so that no more than one of them is held."""
        found = _file_in(self.package.read(part), part)
        return found[1] if found else b""


def _file_in(data: bytes, part: str) -> tuple[str, bytes] | None:
    """Return the name and the bytes of the file in an object."""
    stem = posixpath.splitext(posixpath.basename(part))[0]
    if not data.startswith(olefile.MAGIC):
        suffix = _suffix_of(data)
        return (f"{stem}{suffix}", data) if suffix else None
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            if file.exists([_WRAPPED]):
                return _unwrapped(file.openstream([_WRAPPED]).read())
            for stream in _STREAMS:
                if file.exists([stream]):
                    content = bytes(file.openstream([stream]).read())
                    suffix = _suffix_of(content)
                    return (f"{stem}{suffix}", content) if suffix else None
            suffix = next((_OLD_OFFICE[name] for name in _OLD_OFFICE if file.exists([name])), "")
    except Exception:  # olefile raises anything on a damaged file
        return None
    return (f"{stem}{suffix}", data) if suffix else None


def _suffix_of(data: bytes) -> str:
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if not data.startswith(b"PK"):
        return ""
    return next((suffix for part, suffix in _MAIN_PARTS.items() if part in data), "")


def _unwrapped(data: bytes) -> tuple[str, bytes] | None:
    """Return the file in a stream of `Ole10Native`: sizes and names in front of its bytes."""
    label, _, rest = data[6:].partition(b"\0")
    _, _, rest = rest.partition(b"\0")
    at = 8 + struct.unpack_from("<I", rest, 4)[0]
    (size,) = struct.unpack_from("<I", rest, at)
    content = rest[at + 4 : at + 4 + size]
    name = one_line(label.decode("cp1252", "replace")).replace("\\", "/")
    return (posixpath.basename(name), content) if len(content) == size else None
