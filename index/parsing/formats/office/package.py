"""Package of the Office formats: a zip file of parts, checked before it is unpacked."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import IO
from urllib.parse import unquote

from lxml.etree import _Element as Element

from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.draft import Source
from index.parsing.text.dates import iso_moment
from index.parsing.zip_files import BROKEN as BROKEN_ZIP
from index.parsing.zip_files import ZippedXml

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
"""The namespaces and relations of Strict Office XML, `ooxml/drawingml/main` and the like."""
_STRICT_NAMES = {
    b"extendedProperties": b"extended-properties",
    b"customProperties": b"custom-properties",
}
BROKEN = (*BROKEN_ZIP, ValueError)
_PROPERTIES = {
    "creator": "author",
    "subject": "subject",
    "keywords": "keywords",
    "category": "category",
    "description": "description",
    "version": "version",
}
_CUSTOM = re.compile(
    r"(?:document[ _-])?version|(?:document[ _-]|policy[ _-])?owner"
    r"|(?:next[ _-])?review(?:[ _-]date)?"
    r"|effective(?:[ _-](?:date|from))?|valid[ _-](?:from|until)|expir(?:y|ation)(?:[ _-]date)?"
    r"|replaces|supersedes|(?:replaced|superseded)[ _-]by|previous[ _-]version|classification"
    r"|ersetzt|ersetzt[ _-]durch|gültig[ _-](?:ab|bis)|erstatter|erstattet[ _-]av"
    r"|gyldig[ _-](?:fra|til)",
    re.IGNORECASE,
)
"""Properties that people add, and that say something of the document."""
_LONGEST_CUSTOM = 40
"""Letters of the name of such a property."""


@dataclass(frozen=True, slots=True)
class OfficeKind:
    """A kind of file, with the part that each has."""

    name: str
    main: str

    @property
    def folder(self) -> str:
        return self.main.partition("/")[0] + "/"


WORD = OfficeKind("a Word document", "word/document.xml")
POWERPOINT = OfficeKind("a PowerPoint presentation", "ppt/presentation.xml")
EXCEL = OfficeKind("an Excel workbook", "xl/workbook.xml")


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relation of a part: the last word of its type, and the part or address that it leads to."""

    kind: str
    target: str
    external: bool


class OfficePackage(ZippedXml):
    """The parts of an Office file, each read when it is asked for.

    Refuses a file of another kind.
    """

    def __init__(self, source: Source, kind: OfficeKind) -> None:
        super().__init__(source, kind.name)
        self._names = {_part_name(name): name for name in reversed(self.file.namelist())}
        self._relations: dict[str, dict[str, Relationship]] = {}
        targets = {each.kind: each.target for each in self.relations("").values()}
        self.main = targets.get("officeDocument", kind.main)
        if self.main not in self:
            self.main = kind.main
        self._core = targets.get("core-properties", "docProps/core.xml")
        self._custom = targets.get("custom-properties", "docProps/custom.xml")
        if self.main not in self or not any(name.startswith(kind.folder) for name in self._names):
            raise UnreadableDocument(f"it is a zip file, but not {kind.name}")

    def __contains__(self, part: str) -> bool:
        return _part_name(part) in self._names

    def names(self) -> list[str]:
        """Return the names of all parts, as the zip file has them."""
        return self.file.namelist()

    def read(self, part: str) -> bytes:
        """Return a part's bytes, in transitional form; empty where it is missing or damaged."""
        data = self.unpacked(self._names.get(_part_name(part)))
        return _transitional(data) if part.endswith((".xml", ".rels")) else data

    def open(self, part: str) -> IO[bytes]:
        """Return a part to be read piece by piece, as it stands; empty where it is missing."""
        name = self._names.get(_part_name(part))
        try:
            return io.BytesIO() if name is None else self.file.open(name)
        except BROKEN:
            self.note_damage(part)
            return io.BytesIO()

    def xml(self, part: str) -> Element | None:
        """Return the root of a part; what follows a fault in it is left out."""
        return self.root_of(self.read(part), part)

    def relations(self, part: str) -> Mapping[str, Relationship]:
        """Return a part's relations by their ids; the package's own are those of ""."""
        found = self._relations.get(part)
        if found is not None:
            return found
        found = self._relations[part] = {}
        folder, _, name = part.rpartition("/")
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        for each in () if root is None else root.iterchildren("{*}Relationship"):
            target, external = each.get("Target", ""), each.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                target = target if target in self else unquote(target)
            kind = each.get("Type", "").rpartition("/")[2]
            found[each.get("Id", "")] = Relationship(kind, target, external)
        return found

    def target(self, part: str, kind: str, usual: str = "") -> str:
        """Return the part of a kind that another one leads to first, or else the usual one."""
        related = self.relations(part).values()
        found = (each.target for each in related if each.kind == kind and not each.external)
        return next(found, usual)

    @cached_property
    def properties(self) -> tuple[str, dict[str, str]]:
        """The title, and date, author and the like as metadata."""
        title, metadata = "", dict[str, str]()
        root = self.xml(self._core)
        for each in () if root is None else root.iterchildren("{*}*"):
            name, value = str(each.tag).rpartition("}")[2], one_line("".join(each.itertext()))
            if name == "title":
                title = value
            elif name == "created" and (moment := _moment(value)):
                metadata["date"] = moment
            elif name in _PROPERTIES and value:
                metadata[_PROPERTIES[name]] = value
        root = self.xml(self._custom)
        for each in () if root is None else root.iterchildren("{*}property"):
            name, value = each.get("name", ""), one_line("".join(each.itertext()))
            if len(name) <= _LONGEST_CUSTOM and _CUSTOM.fullmatch(name) and value:
                metadata.setdefault(name.lower(), value)
        return title, metadata


def _part_name(name: str) -> str:
    """Return a part's name as it is compared: some programs write `\\` and other capitals."""
    return name.replace("\\", "/").lstrip("/").lower()


def _transitional(data: bytes) -> bytes:
    return _STRICT.sub(
        lambda found: (
            b"http://schemas.openxmlformats.org/%b/2006/%b"
            % (found[1], _STRICT_NAMES.get(found[2], found[2]))
        ),
        data,
    )


def _moment(written: str) -> str:
    try:
        return iso_moment(datetime.fromisoformat(written))
    except ValueError:
        return written if re.fullmatch(r"\d{4}(?:-\d\d)?", written) else ""
