"""Files in objects of Office documents: what an object's bytes hold, and under which name."""

from __future__ import annotations

import io
import posixpath
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import olefile

from index.parsing.builder import one_line

__all__ = ["ObjectFile", "as_ole", "file_in", "file_in_storage"]

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
_SECTOR, _LEAST = 512, 4096
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_MOST_TABLES = 109


class ObjectFile(NamedTuple):
    """A file in an object. One that was dragged into a document always shows as an icon."""

    name: str
    data: bytes
    is_icon: bool = False


def file_in(data: bytes, stem: str) -> ObjectFile | None:
    """Return the file in an object; it is called `stem` if it has no name.

    None where there is no file of a kind that is known.
    """
    if not data.startswith(olefile.MAGIC):
        suffix = _suffix_of(data)
        return ObjectFile(f"{stem}{suffix}", data) if suffix else None
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            suffix = _suffix_of_storage(file, ())
            if suffix:
                return ObjectFile(f"{stem}{suffix}", data)
            return _file_in_streams(file, (), stem)
    except Exception:  # olefile raises anything on a damaged file
        return None


def file_in_storage(
    file: olefile.OleFileIO, storage: Sequence[str], stem: str
) -> ObjectFile | None:
    """Return the file in a storage of an OLE file, as `file_in` does; it may raise anything."""
    suffix = _suffix_of_storage(file, storage)
    if not suffix:
        return _file_in_streams(file, storage, stem)
    streams = {
        path[-1]: bytes(file.openstream(path).read())
        for path in file.listdir()
        if path[:-1] == list(storage)
    }
    return ObjectFile(f"{stem}{suffix}", as_ole(streams))


def _suffix_of_storage(file: olefile.OleFileIO, storage: Sequence[str]) -> str:
    """Return the suffix of the document of old Office that a storage is."""
    return next((_OLD_OFFICE[name] for name in _OLD_OFFICE if file.exists([*storage, name])), "")


def _file_in_streams(
    file: olefile.OleFileIO, storage: Sequence[str], stem: str
) -> ObjectFile | None:
    if file.exists([*storage, _WRAPPED]):
        return _unwrapped(file.openstream([*storage, _WRAPPED]).read())
    for stream in _STREAMS:
        if file.exists([*storage, stream]):
            content = bytes(file.openstream([*storage, stream]).read())
            suffix = _suffix_of(content)
            return ObjectFile(f"{stem}{suffix}", content) if suffix else None
    return None


def as_ole(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE file of these streams; short ones are filled up with zeros."""
    data, chain, entries = bytearray(), list[int](), list[bytes]()
    for number, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(_LEAST, b"\0")
        padded += b"\0" * (-len(padded) % _SECTOR)
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, len(chain), len(padded), right=right))
        chain += [*range(len(chain) + 1, len(chain) + len(padded) // _SECTOR), _END]
        data += padded
    entries.insert(0, _entry("Root Entry", 5, _END, 0, child=1))
    folder = len(chain)
    directory = b"".join(entries)
    directory += bytes(-len(directory) % _SECTOR)
    chain += [*range(folder + 1, folder + len(directory) // _SECTOR), _END]
    first_table, tables = len(chain), -(-(len(chain) + _MOST_TABLES) // (_SECTOR // 4))
    if tables > _MOST_TABLES:  # 7 MB
        raise ValueError("an object is too large")
    chain += [_TABLE] * tables
    chain += [_FREE] * (tables * (_SECTOR // 4) - len(chain))
    header = struct.pack("<8s16xHHHHH6x", olefile.MAGIC, 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<III4xIIIII", 0, tables, folder, _LEAST, _END, 0, _END, 0)
    places = [*range(first_table, first_table + tables), *[_FREE] * (_MOST_TABLES - tables)]
    header += struct.pack(f"<{_MOST_TABLES}I", *places)
    return header + bytes(data) + directory + struct.pack(f"<{len(chain)}I", *chain)


def _entry(
    name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII36xIQ", encoded, len(encoded), kind, 1, _FREE, right, child, start, size
    )


def _suffix_of(data: bytes) -> str:
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if not data.startswith(b"PK"):
        return ""
    return next((suffix for part, suffix in _MAIN_PARTS.items() if part in data), "")


def _unwrapped(data: bytes) -> ObjectFile | None:
    """Return the file in a stream of `Ole10Native`: sizes and names in front of its bytes."""
    label, _, rest = data[6:].partition(b"\0")
    _, _, rest = rest.partition(b"\0")
    at = 8 + struct.unpack_from("<I", rest, 4)[0]
    (size,) = struct.unpack_from("<I", rest, at)
    content = rest[at + 4 : at + 4 + size]
    name = one_line(label.decode("cp1252", "replace")).replace("\\", "/")
    if len(content) < size:
        return None
    return ObjectFile(posixpath.basename(name), content, is_icon=True)
