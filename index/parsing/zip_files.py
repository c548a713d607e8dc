"""Zip files that documents are packed in, checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from index.errors import UnreadableDocument
from index.parsing.draft import Source

__all__ = ["BROKEN", "checked_zip"]

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)
"""What `zipfile` raises for a damaged file or member."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def checked_zip(source: Source, kind: str) -> zipfile.ZipFile:
    """Return the zip file that a document is; `kind` is what a person calls it ("an EPUB").

    Refuses a file of another kind, one with a password, and one that unpacks to too much. Sizes are
    taken from the zip directory; `zipfile` never unpacks more than it says.
    """
    data, limits = source.data, source.limits
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data:
            raise UnreadableDocument("it is protected by a password")
        raise UnreadableDocument(f"it is a file of old Office (before 2007), not {kind}")
    if not data.startswith(b"PK"):
        raise UnreadableDocument(f"it is not {kind}: it is not even a zip file")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (*BROKEN, ValueError) as exc:
        raise UnreadableDocument("it is damaged or cut off: its zip file is broken") from exc
    members = package.infolist()
    if len(members) > limits.max_members:
        raise UnreadableDocument(f"it is packed from more than {limits.max_members:,} files")
    if sum(member.file_size for member in members) > limits.max_unpacked_bytes:
        size = limits.max_unpacked_bytes / 1e6
        raise UnreadableDocument(f"it unpacks to more than {size:g} MB")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableDocument("it is protected by a password")
    return package
