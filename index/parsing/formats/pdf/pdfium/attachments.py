"""Files that a PDF carries: those in its list of attachments, and those pinned to its pages."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pypdfium2_raw as pdfium

from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.draft import Enclosed
from index.parsing.limits import ParsingLimits

_LONGEST_NAME = 4_000  # bytes


def attachments_of(
    document: Any, pages: Iterable[int], limits: ParsingLimits
) -> Iterator[Enclosed]:
    """Yield the files in an open document; `pages`, from 1, are those with files pinned to them.

    Each has to be read before the next one is asked for.
    """
    seen = set[tuple[str, int]]()
    for attachment in _attachments(document, pages, limits.max_members):
        name, size = _name(attachment), _size(attachment)
        if (name, size) not in seen:  # else it is both listed and pinned
            seen.add((name, size))
            yield Enclosed(name, partial(_content, attachment), size=size, called="attached file")


def _attachments(document: Any, pages: Iterable[int], most: int) -> Iterator[Any]:
    for number in range(min(pdfium.FPDFDoc_GetAttachmentCount(document), most)):
        if attachment := pdfium.FPDFDoc_GetAttachment(document, number):
            yield attachment
    for number in pages:
        page = pdfium.FPDF_LoadPage(document, number - 1)
        if not page:
            continue
        try:
            for place in range(min(pdfium.FPDFPage_GetAnnotCount(page), most)):
                note = pdfium.FPDFPage_GetAnnot(page, place)
                if not note:
                    continue
                try:
                    if attachment := pdfium.FPDFAnnot_GetFileAttachment(note):
                        yield attachment
                finally:
                    pdfium.FPDFPage_CloseAnnot(note)
        finally:
            pdfium.FPDF_ClosePage(page)


def _name(attachment: Any) -> str:
    size = pdfium.FPDFAttachment_GetName(attachment, None, 0)
    if not 2 < size <= _LONGEST_NAME:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAttachment_GetName(attachment, buffer, size)
    return one_line(bytes(buffer)[: size // 2 * 2 - 2].decode("utf-16-le", "replace"))


def _size(attachment: Any) -> int:
    size = ctypes.c_ulong()
    return size.value if pdfium.FPDFAttachment_GetFile(attachment, None, 0, size) else 0


def _content(attachment: Any) -> bytes:
    size = ctypes.c_ulong(_size(attachment))
    if not size.value:
        raise UnreadableDocument("it is empty, or not in the file")
    buffer = ctypes.create_string_buffer(size.value)
    pdfium.FPDFAttachment_GetFile(attachment, buffer, size.value, size)
    return buffer.raw
