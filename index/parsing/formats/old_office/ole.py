"""OLE files, which old Office packs its documents in, and files that only have such a name."""

from __future__ import annotations

import io
from datetime import datetime
from importlib import import_module
from typing import Any

import olefile

from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.draft import Draft, Source
from index.parsing.text.dates import iso_moment

_CODE_PAGES = {65001: "utf-8", 1200: "utf-16-le", 10000: "mac_roman"}


def is_ole(data: bytes) -> bool:
    return data.startswith(olefile.MAGIC)


def parse_as_what_it_is(source: Source, kind: str) -> Draft:
    """Return what a file holds that is not of old Office, whatever its suffix says.

    Programs name web pages, rich text and files of new Office like this, since Office opens them.
    """
    beginning = source.data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if source.data.startswith(b"PK"):
        module = {".d": "docx.parser", ".x": "xlsx.parser", ".p": "pptx.parser"}[source.suffix[:2]]
    elif beginning.startswith(b"{\\rtf"):
        module = "rtf.parser"
    elif beginning.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta")):
        module = "html.parser"
    elif b"\nmime-version:" in b"\n" + beginning:
        module = "mail.web_archive"
    elif b"schemas-microsoft-com:office" in beginning or b"w:worddocument" in beginning:
        raise UnreadableDocument(f"it is XML of Office 2003; save it as a newer file, not {kind}")
    elif b"\0" in source.data[:2048] or beginning.startswith(b"<"):
        raise UnreadableDocument(f"it is damaged, or not {kind}")
    else:
        module = "delimited" if source.suffix.startswith(".x") else "plain"
    draft: Draft = import_module(f"index.parsing.formats.{module}").parse(source)
    return draft


class OleFile:
    """The streams of an OLE file, and its properties."""

    def __init__(self, source: Source) -> None:
        self._file = olefile.OleFileIO(io.BytesIO(source.data))
        self._limit = source.limits.max_unpacked_bytes

    def read(self, *path: str) -> bytes:
        """Return a stream; empty where there is none."""
        name = list(path)
        if not self._file.exists(name):
            return b""
        if self._file.get_size(name) > self._limit:
            raise UnreadableDocument(f"it unpacks to more than {self._limit / 1e6:g} MB")
        return bytes(self._file.openstream(name).read())

    def storages(self) -> set[str]:
        """Return the names of the storages that lie in no other."""
        return {path[0] for path in self._file.listdir() if len(path) > 1}

    def properties(self) -> tuple[str, dict[str, str]]:
        """Return the title, and date, author and the like as metadata."""
        found = self._file.get_metadata()
        page = int(found.codepage or 1252)
        encoding = _CODE_PAGES.get(page % 65536, f"cp{page % 65536}")

        def text(value: Any) -> str:
            written = value.decode(encoding, "replace") if isinstance(value, bytes) else value
            return one_line(str(written or ""))

        metadata = {
            key: written
            for key in ("author", "subject", "keywords", "category")
            if (written := text(getattr(found, key, None)))
        }
        if description := text(found.comments):
            metadata["description"] = description
        if isinstance(found.create_time, datetime) and found.create_time.year > 1980:
            metadata["date"] = iso_moment(found.create_time)
        return text(found.title), metadata
