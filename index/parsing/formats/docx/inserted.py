"""Files that are inserted in a Word document as they are, and shown in their place: altChunk."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from lxml.etree import _Element as Element

from index.errors import UnreadableDocument
from index.parsing.draft import Draft, Source
from index.parsing.formats.office.drawing_text import reference_of
from index.parsing.formats.office.package import OfficePackage, Relationship

_FORMATS = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html.parser"),
    ".mht": "mail.web_archive",
    ".txt": "plain",
}


def inserted(
    element: Element, package: OfficePackage, relations: Mapping[str, Relationship], source: Source
) -> Draft | None:
    """Return the file that an element stands for; None where it is elsewhere or cannot be read."""
    relation = relations.get(reference_of(element, "id"))
    if relation is None or relation.external:
        return None
    stem, suffix = posixpath.splitext(relation.target.lower())
    data = package.read(relation.target)
    if suffix not in _FORMATS or not data:
        return None
    parse = import_module(f"index.parsing.formats.{_FORMATS[suffix]}").parse
    try:
        draft: Draft = parse(replace(source, data=data, suffix=suffix, stem=stem))
    except UnreadableDocument:
        return None
    return draft
