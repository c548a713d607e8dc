"""Checks and properties that the Office formats share: zip files, checked before unpacking."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Protocol

from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.dates import iso_moment
from index.parsing.draft import Source

__all__ = ["check_package", "properties"]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Values that python-docx, python-pptx and openpyxl write where the author set none.
_LIBRARY = re.compile(r"^(?:generated (?:by|using) )?(?:python-docx|python-pptx|openpyxl)$")
_TEMPLATES = {datetime(2013, 12, 23, 23, 15), datetime(2013, 1, 27, 9, 14, 16)}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class _CoreProperties(Protocol):
    """The properties that python-docx, python-pptx and openpyxl all have."""

    @property
    def title(self) -> str | None: ...
    @property
    def created(self) -> datetime | None: ...


def check_package(source: Source, main: str, kind: str) -> None:
    """Refuse a file of another kind, one with a password, and one that unpacks to too much.

    `main` is the member that every file of this `kind` has. Sizes are taken from the zip
    directory; `zipfile` never unpacks more than it says.
    """
    data, limits = source.data, source.limits
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in data:
            raise UnreadableDocument("it is protected by a password")
        raise UnreadableDocument(f"it is a file of old Office (before 2007), not {kind}")
    if not data.startswith(b"PK"):
        raise UnreadableDocument(f"it is not {kind}: it is not even a zip file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as exc:
        raise UnreadableDocument("it is damaged or cut off: its zip file is broken") from exc
    if len(members) > limits.max_members:
        raise UnreadableDocument(f"it is packed from more than {limits.max_members:,} files")
    if sum(member.file_size for member in members) > limits.max_unpacked_bytes:
        size = limits.max_unpacked_bytes / 1e6
        raise UnreadableDocument(f"it unpacks to more than {size:g} MB")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableDocument("it is protected by a password")
    if main not in {member.filename for member in members}:
        raise UnreadableDocument(f"it is a zip file, but not {kind}")


def properties(core: _CoreProperties) -> tuple[str, dict[str, str]]:
    """Return the title, and date, author and the like as metadata."""
    metadata: dict[str, str] = {}
    for key, names in {
        "author": ("author", "creator"),
        "subject": ("subject",),
        "keywords": ("keywords",),
        "category": ("category",),
        "description": ("comments", "description"),
    }.items():
        for name in names:
            value = one_line(str(getattr(core, name, None) or ""))
            if value and not _LIBRARY.search(value):
                metadata[key] = value
    if isinstance(core.created, datetime) and core.created.replace(tzinfo=None) not in _TEMPLATES:
        metadata["date"] = iso_moment(core.created)
    title = one_line(str(core.title or ""))
    # Templates leave such titles behind.
    if re.fullmatch(
        r"(?i)powerpoint presentation|presentation|document|untitled\W*\d*|word", title
    ):
        title = ""
    return title, metadata
