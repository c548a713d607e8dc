"""The engine of PDFs, PDFium: a file's pages as words with their boxes, rules and notes."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pypdfium2_raw as pdfium

from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.draft import Enclosed
from index.parsing.formats.pdf.pdfium.attachments import attachments_of
from index.parsing.formats.pdf.pdfium.characters import characters_of
from index.parsing.formats.pdf.pdfium.notes import Form, hide_comments, notes_of
from index.parsing.formats.pdf.pdfium.objects import objects_of
from index.parsing.formats.pdf.pdfium.picture import coloured, rendered
from index.parsing.formats.pdf.pdfium.sight import sight_of
from index.parsing.formats.pdf.pdfium.words import with_notes, words_of
from index.parsing.limits import ParsingLimits
from index.parsing.page_content import PageContent, Word

DAMAGED = "it is damaged, or not a PDF"

_END_WITHIN = 65_536
_CATALOGUE = re.compile(
    rb"(?P<number>\d{1,7}) \d{1,5} obj\s*<<(?:(?!endobj).){0,2000}?/Type\s*/Catalog\b", re.DOTALL
)
_PAGE_TREE = re.compile(
    rb"(?P<number>\d{1,7}) \d{1,5} obj\s*<<(?:(?!endobj|/Parent).){0,2000}?/Type\s*/Pages\b",
    re.DOTALL,
)
_PROPERTIES = ("Title", "Author", "Subject", "Keywords", "CreationDate")


class PdfFile:
    """An open PDF.

    `unread` holds the numbers of the pages that could not be loaded, and `more` is how many pages
    it has beyond those that a file may have.
    """

    def __init__(self, document: Any, limits: ParsingLimits) -> None:
        self._document = document
        self._limits = limits
        count = int(pdfium.FPDF_GetPageCount(document))
        self.page_count = min(count, limits.max_pages)
        self.more = count - self.page_count
        self._form = Form(document)
        self.unread: list[int] = []

    @classmethod
    @contextmanager
    def open(cls, data: bytes, limits: ParsingLimits) -> Iterator[PdfFile]:
        """Open a PDF; raises UnreadableDocument."""
        _start()
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not document and (data := _ended(data)):
            document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
                raise UnreadableDocument("it is protected by a password")
            raise UnreadableDocument(DAMAGED)
        file = None
        try:
            file = cls(document, limits)
            yield file
        finally:
            if file is not None:
                file._form.close()
            pdfium.FPDF_CloseDocument(document)

    def pages(self) -> Iterator[PageContent]:
        """Yield what each page holds; a page that cannot be loaded is empty."""
        for number in range(self.page_count):
            page = pdfium.FPDF_LoadPage(self._document, number)
            if not page:
                self.unread.append(number + 1)
                yield PageContent(0, 0, ())
                continue
            try:
                yield self._content(page)
            finally:
                pdfium.FPDF_ClosePage(page)

    def attachments(self, pages: Iterable[int]) -> Iterator[Enclosed]:
        """Yield the files that it carries; `pages`, from 1, have files pinned to them."""
        return attachments_of(self._document, pages, self._limits)

    @property
    def has_attachments(self) -> bool:
        return bool(pdfium.FPDFDoc_GetAttachmentCount(self._document) > 0)

    def picture(self, number: int, longest_side: int) -> Any:
        """Return a page (from 1) as grey values of pixels; None where it cannot be drawn."""
        page = pdfium.FPDF_LoadPage(self._document, number - 1)
        if not page:
            return None
        try:
            return rendered(page, longest_side)
        finally:
            pdfium.FPDF_ClosePage(page)

    def drawing(
        self, number: int, longest_side: int, *, with_words: bool
    ) -> tuple[Any, PageContent | None] | None:
        """Return a page (from 1) as coloured pixels, held so that most of its words are upright.

        And what it holds, with its words, in points of the same orientation. What its readers
        have stuck to it is not drawn. None where it cannot be loaded or drawn.
        """
        page = pdfium.FPDF_LoadPage(self._document, number - 1)
        if not page:
            return None
        try:
            hide_comments(page)
            content, turns = self._read(page) if with_words else (None, 0)
            pixels = coloured(page, longest_side, turns, self._form.handle)
            return None if pixels is None else (pixels, content)
        finally:
            pdfium.FPDF_ClosePage(page)

    def _content(self, page: Any) -> PageContent:
        return self._read(page)[0]

    def _read(self, page: Any) -> tuple[PageContent, int]:
        """Return what a page holds, and by how many quarters it is turned to be read."""
        sight = sight_of(page)
        shown_turns = sight.turns
        objects = objects_of(page)
        text_page = pdfium.FPDFText_LoadPage(page)
        try:
            characters = characters_of(text_page, objects.texts, self._limits)
        finally:
            pdfium.FPDFText_ClosePage(text_page)
        words: list[Word] = []
        hidden: list[Word] = []
        is_recognised = False
        if characters is not None:
            sight = characters.upright(sight)
            words, hidden, is_recognised = words_of(characters, sight, objects)
        notes = notes_of(page, self._form)
        if notes.shown:
            words = with_notes(words, notes.shown, sight)
        width, height = sight.size
        content = PageContent(
            width,
            height,
            words,
            sight.boxes(*objects.rules.T),
            has_images=bool(len(objects.images)),
            hidden=hidden,
            comments=notes.comments,
            has_attachments=notes.has_attachments,
            is_recognised=is_recognised,
        )
        return content, (sight.turns - shown_turns) % 4

    def properties(self) -> dict[str, str]:
        """Return what the file says of itself, by names in lower case."""
        return {key.lower(): one_line(self._property(key)) for key in _PROPERTIES}

    def _property(self, key: str) -> str:
        size = pdfium.FPDF_GetMetaText(self._document, key.encode(), None, 0)
        if not 2 < size < 1_000_000:
            return ""
        buffer = ctypes.create_string_buffer(size)
        pdfium.FPDF_GetMetaText(self._document, key.encode(), buffer, size)
        return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _ended(data: bytes) -> bytes:
    """Return a file that was cut off with an end that names its catalogue, or nothing."""
    if b"%%EOF" in data[-_END_WITHIN:]:
        return b""
    if (catalogue := _CATALOGUE.search(data)) is not None:
        end = b"\nendobj\ntrailer << /Root %s 0 R >>\n%%%%EOF\n" % catalogue["number"]
    elif (tree := _PAGE_TREE.search(data)) is not None:
        end = (
            b"\nendobj\n9999999 0 obj << /Type /Catalog /Pages %s 0 R >> endobj\n"
            b"trailer << /Root 9999999 0 R >>\n%%%%EOF\n" % tree["number"]
        )
    else:
        return b""
    return data + end


@cache
def _start() -> None:
    """Start PDFium without the system's fonts: a text is not to depend on those of a machine."""
    none = (ctypes.POINTER(ctypes.c_char) * 1)()
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=none))
