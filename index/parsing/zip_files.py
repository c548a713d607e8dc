"""Zip files of XML that documents are packed in, checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree
from lxml.etree import _Element as Element

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Source

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)
"""What `zipfile` raises for a damaged file or member."""

XML_PARSING = {
    "resolve_entities": False,
    "no_network": True,
    "remove_comments": True,
    "remove_pis": True,
}
_NAMED = 5
"""Damaged parts that a remark names."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class ZippedXml:
    """A zip file of one `kind` ("an EPUB"); refused is what `_checked` says.

    `damaged` are the members that could not be read, or only up to a fault.
    """

    def __init__(self, source: Source, kind: str) -> None:
        self.file = _checked(source, kind)
        self.damaged: list[str] = []

    def unpacked(self, member: str | None) -> bytes:
        """Return the bytes of a member; empty where there is none, or it is damaged."""
        try:
            return b"" if member is None else self.file.read(member)
        except (*BROKEN, ValueError):
            self.note_damage(member or "")
            return b""

    def root_of(self, data: bytes, member: str, *, huge: bool = False) -> Element | None:
        """Return the root of a member's XML; what follows a fault in it is left out."""
        for recover in (False, True):
            parser = etree.XMLParser(recover=recover, huge_tree=huge, **XML_PARSING)
            try:
                return etree.fromstring(data, parser) if data else None
            except etree.XMLSyntaxError:
                self.note_damage(member)
        return None

    def note_damage(self, member: str) -> None:
        """Keep in mind that a member could not be read wholly."""
        if member not in self.damaged:
            self.damaged.append(member)

    def remark_damage(self, builder: DocumentBuilder) -> None:
        """Say which members could not be read wholly."""
        if self.damaged:
            parts = ", ".join(self.damaged[:_NAMED]) + (" …" if len(self.damaged) > _NAMED else "")
            builder.remark(f"Parts of the file are damaged and were not read wholly: {parts}.")


def _checked(source: Source, kind: str) -> zipfile.ZipFile:
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
