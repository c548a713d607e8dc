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

__all__ = ["attachments_of"]

_LONGEST_NAME = 4_000  # bytes


def attachments_of(
    document: Any, pages: Iterable[int], limits: ParsingLimits
) -> Iterator[Enclosed]:
    """Yield the files in an open document; `pages`, from 1, are those with files pinned to them.

    Each has to be read before the next one is asked for.
    """
    for number in range(min(pdfium.FPDFDoc_GetAttachmentCount(document), limits.max_members)):
        yield from _enclosed(pdfium.FPDFDoc_GetAttachment(document, number), limits)
    for number in pages:
        page = pdfium.FPDF_LoadPage(document, number - 1)
        if not page:
            continue
        try:
            for place in range(min(pdfium.FPDFPage_GetAnnotCount(page), limits.max_members)):
                note = pdfium.FPDFPage_GetAnnot(page, place)
                if not note:
                    continue
                try:
                    yield from _enclosed(pdfium.FPDFAnnot_GetFileAttachment(note), limits)
                finally:
                    pdfium.FPDFPage_CloseAnnot(note)
        finally:
            pdfium.FPDF_ClosePage(page)


def _enclosed(attachment: Any, limits: ParsingLimits) -> Iterator[Enclosed]:
    if attachment:
        name = _name(attachment)
        yield Enclosed(name, partial(_content, attachment, limits), called="attached file")


def _name(attachment: Any) -> str:
    size = pdfium.FPDFAttachment_GetName(attachment, None, 0)
    if not 2 < size <= _LONGEST_NAME:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAttachment_GetName(attachment, buffer, size)
    return one_line(bytes(buffer)[: size // 2 * 2 - 2].decode("utf-16-le", "replace"))


def _content(attachment: Any, limits: ParsingLimits) -> bytes:
    size = ctypes.c_ulong()
    if not pdfium.FPDFAttachment_GetFile(attachment, None, 0, size):
        raise UnreadableDocument("it is not in the file")
    if size.value > limits.max_bytes:
        raise UnreadableDocument(f"it is larger than {limits.max_bytes / 1e6:g} MB")
    buffer = ctypes.create_string_buffer(size.value)
    pdfium.FPDFAttachment_GetFile(attachment, buffer, size.value, size)
    return buffer.raw
