"""Parser of zip archives: a folder of documents, without a text of its own."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from functools import partial

from index.errors import UnreadableDocument
from index.parsing.draft import Draft, Enclosed, Source

_UTF_8 = 0x800
"""The flag of a member whose name is in UTF-8."""
_ENCRYPTED = 0x1
_OF_SYSTEMS = (".", "~$", "__MACOSX")
"""How files and folders begin that are nobody's documents; a folder's are passed over as well."""


def parse(source: Source) -> Draft:
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
        members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as exc:
        raise UnreadableDocument("it is damaged, cut off, or not a zip archive") from exc
    if len(members) > source.limits.max_members:
        raise UnreadableDocument(f"it is packed from more than {source.limits.max_members:,} files")
    return Draft(text="", blocks=(), enclosed=_files(archive, members))


def _files(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[Enclosed]:
    for member in members:
        name = _name_of(member)
        parts = name.replace("\\", "/").split("/")
        if member.is_dir() or any(_is_of_system(part) for part in parts):
            continue
        yield Enclosed(
            name, partial(_unpacked, archive, member), size=member.file_size, called="file"
        )


def _is_of_system(part: str) -> bool:
    return part.startswith(_OF_SYSTEMS) and part not in (".", "..")


def _name_of(member: zipfile.ZipInfo) -> str:
    """Return the name, also where it is in UTF-8 and does not say so."""
    if member.flag_bits & _UTF_8 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnreadableDocument("it is a link")
    if member.flag_bits & _ENCRYPTED:
        raise UnreadableDocument("it is protected by a password")
    try:
        return archive.read(member)  # never more than the size that it says
    except NotImplementedError as exc:
        raise UnreadableDocument("it is packed by a method that is not known") from exc
