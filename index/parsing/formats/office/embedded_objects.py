"""Files that lie in Office documents as objects, such as a PDF behind an icon."""

from __future__ import annotations

import io
import posixpath
import struct
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import olefile

from index.parsing.builder import one_line
from index.parsing.draft import Enclosed, Source
from index.parsing.formats.office.package import OfficePackage, Relationship
from index.parsing.options import HiddenContent

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


class _ObjectFile(NamedTuple):
    """A file in an object. One that was dragged into a document always shows as an icon."""

    name: str
    data: bytes
    is_icon: bool = False


@dataclass(slots=True)
class EmbeddedObjects:
    """Takes objects as they are met in a document; `files` are read, as documents below it.

    What lies behind an icon can be opened by everybody who reads the document. Of any other object
    they see one picture, and the rest of its file is hidden.
    """

    source: Source
    files: list[Enclosed] = field(default_factory=list)
    _known: dict[str, bool] = field(default_factory=dict)

    def take(self, package: OfficePackage, relation: Relationship | None, *, is_icon: bool) -> bool:
        """Return whether the object that a relation leads to is read."""
        if relation is None or relation.external:
            return False
        part = relation.target
        known = self._known.get(part)
        if known or (known is not None and not is_icon):
            return known
        reads = is_icon or HiddenContent.HIDDEN in self.source.options.hidden
        found = _file_in(package, part)
        is_read = found is not None and (reads or found.is_icon)
        self._known[part] = is_read
        if found is not None and is_read:
            read, size = partial(_content, package, part), len(found.data)
            self.files.append(Enclosed(found.name, read, size=size, called="embedded file"))
        return is_read


def _content(package: OfficePackage, part: str) -> bytes:
    """Return the file, which is looked up again so that no more than one is held."""
    found = _file_in(package, part)
    return found.data if found else b""


def _file_in(package: OfficePackage, part: str) -> _ObjectFile | None:
    """Return the file in an object; None where there is none of a kind that is known."""
    data, stem = package.read(part), posixpath.splitext(posixpath.basename(part))[0]
    if not data.startswith(olefile.MAGIC):
        return _named(data, stem)
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            for name, suffix in _OLD_OFFICE.items():
                if file.exists([name]):
                    return _ObjectFile(f"{stem}{suffix}", data)
            if file.exists([_WRAPPED]):
                return _unwrapped(file.openstream([_WRAPPED]).read())
            for stream in _STREAMS:
                if file.exists([stream]):
                    return _named(bytes(file.openstream([stream]).read()), stem)
    except Exception:  # olefile raises anything on a damaged file
        return None
    return None


def _named(data: bytes, stem: str) -> _ObjectFile | None:
    """Return a file that has no name under a stem and the suffix of its kind."""
    if b"%PDF-" in data[:1024]:
        return _ObjectFile(f"{stem}.pdf", data)
    if data.startswith(b"PK"):
        for part, suffix in _MAIN_PARTS.items():
            if part in data:
                return _ObjectFile(f"{stem}{suffix}", data)
    return None


def _unwrapped(data: bytes) -> _ObjectFile | None:
    """Return the file in a stream of `Ole10Native`: sizes and names in front of its bytes."""
    label, _, rest = data[6:].partition(b"\0")
    _, _, rest = rest.partition(b"\0")
    at = 8 + struct.unpack_from("<I", rest, 4)[0]
    (size,) = struct.unpack_from("<I", rest, at)
    content = rest[at + 4 : at + 4 + size]
    name = one_line(label.decode("cp1252", "replace")).replace("\\", "/")
    if len(content) < size:
        return None
    return _ObjectFile(posixpath.basename(name), content, is_icon=True)
