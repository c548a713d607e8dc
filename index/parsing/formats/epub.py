"""Parser of e-books (.epub): a zip file of web pages, in the order that its package file gives."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.html.parser import write_page
from index.parsing.text.dates import iso_date
from index.parsing.text.decoding import decode
from index.parsing.zip_files import BROKEN, ZippedXml

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "image/svg+xml")
_METADATA_KEYS = {
    "creator": "author",
    "subject": "subject",
    "description": "description",
    "language": "language",
}


def parse(source: Source) -> Draft:
    book = _Book(source, "an EPUB")
    builder = DocumentBuilder(source.limits)
    for name in book.pages():
        try:
            write_page(decode(book.read(name), None).text, builder, source.options)
        except (UnreadableDocument, *BROKEN, LookupError):
            book.note_damage(name)
    if book.locked:
        if not builder.length:
            raise UnreadableDocument("it is locked for one reader (DRM)")
        parts = "1 part of it is" if book.locked == 1 else f"{book.locked} parts of it are"
        were = "was" if book.locked == 1 else "were"
        builder.remark(f"{parts} locked (DRM) and {were} not read.")
    book.remark_damage(builder)
    title, metadata = book.properties()
    return builder.draft(title=title, metadata=metadata)


class _Book(ZippedXml):
    """The package file of an EPUB, and what it leads to."""

    def __init__(self, source: Source, kind: str) -> None:
        super().__init__(source, kind)
        self._names = frozenset(self.file.namelist())
        container = self._xml(_CONTAINER)
        root = "" if container is None else _attribute(container, "rootfile", "full-path")
        # Some programs leave the container out.
        root = root or next((name for name in sorted(self._names) if name.endswith(".opf")), "")
        package = self._xml(root)
        if package is None:
            raise UnreadableDocument("it is a zip file, but not an EPUB")
        self._package = package
        self._folder = posixpath.dirname(root)
        self.locked = 0

    def pages(self) -> list[str]:
        """Return the members that hold the text, in reading order; what is locked is counted."""
        encryption = self._xml(_ENCRYPTION)
        locked = {
            unquote(str(each.get("URI") or ""))
            for each in (() if encryption is None else encryption.iter("{*}CipherReference"))
        }
        items = {
            str(item.get("id")): self._member(str(item.get("href") or ""))
            for item in self._package.iter("{*}item")
            if str(item.get("media-type")) in _PAGES
        }
        order = [items.get(str(each.get("idref"))) for each in self._package.iter("{*}itemref")]
        named = list(dict.fromkeys(name for name in order if name)) or list(items.values())
        self.locked = sum(name in locked for name in named)
        return [name for name in named if name not in locked]

    def read(self, name: str) -> bytes:
        return self.file.read(name)

    def properties(self) -> tuple[str, dict[str, str]]:
        """Return the title, and author, date and the like as metadata."""
        title, metadata = "", dict[str, str]()
        for each in self._package.iter("{http://purl.org/dc/elements/1.1/}*"):
            name, text = etree.QName(each).localname, one_line("".join(map(str, each.itertext())))
            if name == "title":
                title = title or text
            elif name == "date" and "date" not in metadata and text:
                metadata["date"] = iso_date(text) or text
            elif name in _METADATA_KEYS and text:
                metadata.setdefault(_METADATA_KEYS[name], text)
        return title, metadata

    def _member(self, href: str) -> str:
        path = unquote(href.partition("#")[0])
        return posixpath.normpath(posixpath.join(self._folder, path))

    def _xml(self, name: str) -> Element | None:
        return self.root_of(self.unpacked(name if name in self._names else None), name)


def _attribute(root: Element, element: str, name: str) -> str:
    found = next(root.iter(f"{{*}}{element}"), None)
    return "" if found is None else str(found.get(name) or "")
