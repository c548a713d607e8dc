"""Parser of PDFs: pages to lines and tables, these to blocks, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.document import TextOrigin
from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Enclosed, Source
from index.parsing.formats.pdf.blocks import PageWriter, body_of
from index.parsing.formats.pdf.hyphens import LineJoiner, shown
from index.parsing.formats.pdf.line_numbers import LineNumbers
from index.parsing.formats.pdf.lines import Line, Part, parts_of
from index.parsing.formats.pdf.margins import without_running_lines
from index.parsing.formats.pdf.pdfium.engine import DAMAGED, PdfFile
from index.parsing.formats.pdf.tables.tables import continued, find_tables
from index.parsing.ocr import HOW_TO_RECOGNISE, LONGEST_SIDE, TextRecognizer, doubtful_spans
from index.parsing.options import HiddenContent
from index.parsing.page_content import PageContent, PageTable
from index.parsing.text.cutting import only_the_first
from index.parsing.text.dates import iso_date
from index.parsing.unread.hidden import HiddenParts

_END_WITHIN = 65_536
_MOST_NUMBERS = 20


@dataclass(slots=True)
class _Found:
    """What the pages of a file hold; numbers of pages count from 1."""

    pages: list[list[Part]] = field(default_factory=list)
    recognised: set[int] = field(default_factory=set)
    scans: list[int] = field(default_factory=list)
    """Pages with pictures and without text."""
    blank: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    hidden: dict[int, list[Part]] = field(default_factory=dict)
    comments: dict[int, Sequence[str]] = field(default_factory=dict)
    attached: bool = False
    pinned: list[int] = field(default_factory=list)
    """Pages with files pinned to them."""
    properties: dict[str, str] = field(default_factory=dict)
    more: int = 0
    """Pages beyond those that a file may have."""
    line_numbers: LineNumbers = field(default_factory=LineNumbers)
    doubtful: dict[int, frozenset[str]] = field(default_factory=dict)
    """Words of recognised pages that may be others."""


def parse(source: Source) -> Draft:
    is_whole = _check(source.data)
    found = _Found()
    reader = TextRecognizer.of(source.options)
    try:
        with PdfFile.open(source.data, source.limits) as file:
            pages = found.line_numbers.look_ahead(file.pages())
            for number, page in enumerate(pages, start=1):
                is_scan = bool(page.has_images and not page.words and reader.languages)
                if is_scan:
                    page = _recognised(file, number, page, reader, found)
                _add_page(found, number, page)
                source.page_read(is_scan)
            found.unread = file.unread
            found.attached = file.has_attachments
            found.properties = file.properties()
            found.more = file.more
    except UnreadableDocument as exc:
        if is_whole or exc.reason != DAMAGED:
            raise
    if not is_whole and not any(found.pages):
        raise UnreadableDocument("it is cut off: the end of the PDF is missing")
    builder = DocumentBuilder(source.limits)
    hidden = HiddenParts(builder, source.options)
    has_files = found.attached or bool(found.pinned)
    if not any(found.pages) and not has_files:
        _refuse_unseen(found, hidden, reader)
    if not is_whole:
        builder.remark("The end of the file is missing; what could be found of it was read.")
    _remark(found, reader, builder)
    _write(found, hidden, builder)
    title, metadata = _described(found.properties)
    draft = builder.draft(title=title, metadata=metadata)
    files = _attachments(source, found.pinned) if has_files else ()
    return replace(draft, doubtful=doubtful_spans(draft, found.doubtful), enclosed=files)


def _attachments(source: Source, pages: list[int]) -> Iterator[Enclosed]:
    with PdfFile.open(source.data, source.limits) as file:
        yield from file.attachments(pages)


def _check(data: bytes) -> bool:
    """Return whether the file's end is there."""
    if b"%PDF-" not in data[:1024]:
        page = data[:1024].lstrip().lower().startswith((b"<!doctype html", b"<html"))
        raise UnreadableDocument(f"it is not a PDF{', but a web page' if page else ''}")
    end = data[-_END_WITHIN:]
    return b"%%EOF" in end and b"startxref" in end


def _add_page(found: _Found, number: int, page: PageContent) -> None:
    page = found.line_numbers.without(page)
    parts = parts_of(page, find_tables(page))
    found.pages.append(parts)
    if page.is_recognised:
        found.recognised.add(number)
    if not parts:
        (found.scans if page.has_images else found.blank).append(number)
    if page.hidden:
        found.hidden[number] = parts_of(PageContent(page.width, page.height, page.hidden))
    if page.comments:
        found.comments[number] = page.comments
    if page.has_attachments:
        found.pinned.append(number)


def _recognised(
    file: PdfFile, number: int, page: PageContent, reader: TextRecognizer, found: _Found
) -> PageContent:
    """Return a page with the words in its picture."""
    pixels = file.picture(number, LONGEST_SIDE)
    if pixels is None:
        return page
    words = reader.read(pixels, page.width / pixels.shape[1])
    found.doubtful[number] = frozenset(each.word.text for each in words if each.is_doubtful)
    return replace(page, words=[each.word for each in words], is_recognised=True)


def _refuse_unseen(found: _Found, hidden: HiddenParts, reader: TextRecognizer) -> None:
    """Raise UnreadableDocument where nothing is left to read."""
    if found.hidden and not hidden.reads(HiddenContent.HIDDEN):
        raise UnreadableDocument("all of its text is hidden (BRIEFING_READ_HIDDEN=hidden)")
    if not found.hidden and not (found.comments and hidden.reads(HiddenContent.COMMENTS)):
        raise UnreadableDocument(_why_silent(found, reader))


def _why_silent(found: _Found, reader: TextRecognizer) -> str:
    count = len(found.pages)
    if not count:
        return "it has no pages"
    if not found.scans:
        return "it has no text: " + (
            "its page is blank or drawn" if count == 1 else f"its {count} pages are blank or drawn"
        )
    if len(found.scans) == count:
        images = "its page is an image" if count == 1 else f"its {count} pages are images"
    else:
        are = "is an image" if len(found.scans) == 1 else "are images"
        others = "other" if count - len(found.scans) == 1 else "others"
        images = f"{len(found.scans)} of its {count} pages {are}, the {others} blank"
    them = "it" if len(found.scans) == 1 else "them"
    then = f"no text was recognised in {them}" if reader.languages else HOW_TO_RECOGNISE
    return f"it has no text layer: {images}; {then}"


def _remark(found: _Found, reader: TextRecognizer, builder: DocumentBuilder) -> None:
    if found.scans:
        pages = _pages(found.scans, "is an image", "are images")
        none = f"without text; {HOW_TO_RECOGNISE}"
        if reader.languages:
            none = "in which no text was recognised"
        builder.remark(f"{pages} {none}.")
    if reader.problem:
        builder.remark(reader.problem)
    if found.more:
        count = len(found.pages)
        builder.hidden(only_the_first(count, count + found.more, "pages"))
    if found.blank:
        builder.remark(f"{_pages(found.blank, 'has', 'have')} no text.")
    if found.unread:
        builder.remark(f"{_pages(found.unread, 'is', 'are')} damaged and could not be read.")


def _pages(numbers: list[int], one: str, several: str) -> str:
    listed = ", ".join(map(str, numbers[:_MOST_NUMBERS]))
    listed += ", …" if len(numbers) > _MOST_NUMBERS else ""
    return f"Page {listed} {one}" if len(numbers) == 1 else f"Pages {listed} {several}"


def _write(found: _Found, hidden: HiddenParts, builder: DocumentBuilder) -> None:
    body = body_of(found.pages)
    margins = without_running_lines(found.pages, body.size)
    found.pages.clear()
    _repeat_headers(margins.pages)
    body = body_of(margins.pages)
    joiner = LineJoiner(margins.pages)

    def write_beside(number: int) -> None:
        with builder.origin(TextOrigin.MARGIN):
            for line in margins.heads.get(number, ()):
                builder.paragraph(shown(line.text))
        for part in found.hidden.get(number, ()):
            text = shown(part.text) if isinstance(part, Line) else ""
            hidden.write(HiddenContent.HIDDEN, "hidden text", text, f"page {number}")
        for comment in found.comments.get(number, ()):
            hidden.write(HiddenContent.COMMENTS, "comment", comment, f"page {number}")

    may_hide = bool(found.hidden or found.comments)
    with builder.within_limit("page", may_hide=may_hide):
        PageWriter(body, joiner, builder).write(margins.pages, found.recognised, write_beside)
    hidden.remark()


def _repeat_headers(pages: list[list[Part]]) -> None:
    """Give each table that goes on from the page before the header that it has there."""
    for above, page in pairwise(pages):
        if not above or not page:
            continue
        last, first = above[-1], page[0]
        if isinstance(last, PageTable) and isinstance(first, PageTable):
            page[0] = continued(last, first) or first


def _described(properties: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return title and metadata."""
    keys = ("author", "subject", "keywords")
    metadata = {key: value for key in keys if (value := properties.get(key, ""))}
    if date := iso_date(properties.get("creationdate", "")):
        metadata["date"] = date
    return properties.get("title", ""), metadata
