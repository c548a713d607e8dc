"""Pictures of what a document says: a page of its file, or a part or table of it as we set it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from bot.library.errors import NotDrawn
from bot.library.viewing.views import DocumentViews
from bot.localization import _, ngettext
from bot.text import visible_line
from bot.wording.engine import translate
from index.document import Document, Span, Style
from index.errors import UnreadableDocument
from index.picturing.part import is_of_table, part_of, table_of
from index.picturing.picture import Picture
from index.picturing.process import Drawing

_MOST_BYTES = 24_000_000
_MOST_PICTURES = 64
_MISSING = 40
"""Signs without a font that are named."""
_CONTEXT = 200
"""Characters before an excerpt that tell which of two equal ones is meant."""


@dataclass(frozen=True, slots=True)
class RowRange:
    """Which rows of a table are drawn, from 1, of `count`."""

    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    """A picture of a document, and what it shows.

    `quote` is the excerpt, which may be empty. `number` is that of the page of `count`, or of the
    part where it `is_part`; 0 for a table, of which `rows` are drawn. `heading` and `page` are
    those of what is drawn. `styles` say how the excerpt is set, and `clause` is that of its
    paragraph. `is_own` says that the excerpt stands there, `has_table` that it is of a table.
    """

    picture: Picture
    document: str
    title: str
    quote: str
    heading: tuple[str, ...] = ()
    page: int | None = None
    number: int = 0
    count: int = 0
    is_part: bool = False
    rows: RowRange | None = None
    styles: tuple[Style, ...] = ()
    clause: str = ""
    is_own: bool = True
    has_table: bool = False


_Key = tuple[object, ...]


class PictureCache:
    """The pictures of one generation that were drawn last, within bounds of number and size.

    A page that could not be drawn is known as well. Safe to use from several threads.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES, most: int = _MOST_PICTURES) -> None:
        self._most_bytes, self._most = most_bytes, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, Picture | str] = OrderedDict()
        self._bytes = 0

    def get(self, key: _Key, draw: Callable[[], Picture]) -> Picture:
        """Return the picture, drawn if it is not there; raises NotDrawn."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        if found is None:
            try:
                found = draw()
            except UnreadableDocument as exc:
                found = exc.reason
            self._keep(key, found)
        if isinstance(found, str):
            raise NotDrawn(translate(found))
        return found

    def _keep(self, key: _Key, made: Picture | str) -> None:
        with self._lock:
            self._bytes += _size(made) - _size(self._kept.pop(key, ""))
            self._kept[key] = made
            while self._kept and (self._bytes > self._most_bytes or len(self._kept) > self._most):
                self._bytes -= _size(self._kept.popitem(last=False)[1])


def _size(made: Picture | str) -> int:
    return len(made.png) if isinstance(made, Picture) else len(made)


def is_pdf(document: Document) -> bool:
    """Return whether a document has pages that can be drawn as they are."""
    return PurePosixPath(document.name).suffix.lower() == ".pdf"


def drawn_page(
    book: DocumentViews,
    span: Span,
    number: int | None,
    read: Callable[[], bytes],
    drawing: Drawing,
    cache: PictureCache,
) -> DocumentPicture:
    """Return a page of a PDF, that of the excerpt without a number, whose bytes `read` returns."""
    document = book.document
    count = len(document.pages)
    own = document.page_of(span.start) or 1
    number = min(max(1, number or own), max(1, count))
    quote = span.of(document.text)
    last = document.page_of(max(span.start, span.end - 1)) or 1
    # A paragraph that ends on the next page counts as one of the page where it begins.
    excerpt = quote if own <= number <= last + 1 else ""
    before = document.text[max(0, span.start - _CONTEXT) : span.start]

    def draw() -> Picture:
        sha256 = document.sha256
        return drawing.page(read(), sha256, number, excerpt=excerpt, before=before)

    picture = cache.get(("page", document.name, number, span if excerpt else None), draw)
    place = span.start if number == own else document.pages[number - 1].start if count else 0
    return replace(
        _pictured(book, span, picture),
        heading=book.outline.path_at(place) if number == own else (),
        page=number,
        number=number,
        count=count,
        is_own=number == own,
        has_table=is_of_table(document, span),
    )


def drawn_part(
    book: DocumentViews, span: Span, number: int | None, drawing: Drawing, cache: PictureCache
) -> DocumentPicture:
    """Return a part of a document as we set it, that of the excerpt without a number."""
    document = book.document
    count = len(book.spans)
    number = min(max(1, number or _part_with(book, span)), count)
    shown = book.spans[number - 1]
    picture, marks = _drawn(document, shown, span, drawing, cache)
    if marks and not picture.is_marked and picture.left_out_lines:
        # It is high, and the excerpt is in what had no room.
        below = Span(min(max(shown.start, span.start), shown.end), shown.end)
        picture, marks = _drawn(document, below, span, drawing, cache)
    view = book.view_at(max(shown.start, span.start)) if marks else book.view(number)
    return replace(
        _pictured(book, span, picture),
        heading=view.heading,
        page=view.page,
        number=number,
        count=count,
        is_part=True,
        is_own=bool(marks) or not len(span),
        has_table=is_of_table(document, span),
    )


def _drawn(
    document: Document, shown: Span, span: Span, drawing: Drawing, cache: PictureCache
) -> tuple[Picture, list[Span]]:
    part = part_of(document, shown)
    marks = part.marks(span) if len(span) else []
    key = ("part", document.name, shown, tuple(marks))
    return cache.get(key, lambda: drawing.text(part.document, marks)), marks


def _part_with(book: DocumentViews, span: Span) -> int:
    """Return the number of the part with most of the excerpt."""
    first, last = book.number_at(span.start), book.number_at(max(span.start, span.end - 1))
    return max(
        range(first, last + 1),
        key=lambda number: (
            min(book.spans[number - 1].end, span.end)
            - max(book.spans[number - 1].start, span.start)
        ),
    )


def drawn_table(
    book: DocumentViews, span: Span, drawing: Drawing, cache: PictureCache
) -> DocumentPicture:
    """Return the table that an excerpt is of; raises NotDrawn where it is of none."""
    document = book.document
    table = table_of(document, span)
    if table is None:
        raise NotDrawn("")
    marks = table.part.marks(span)
    key = ("table", document.name, table.first, tuple(marks))
    picture = cache.get(key, lambda: drawing.text(table.part.document, marks))
    last = max(table.first, table.last - picture.left_out_lines)
    view = book.view_at(span.start)
    return replace(
        _pictured(book, span, replace(picture, left_out_lines=0)),
        heading=view.heading,
        page=view.page,
        rows=RowRange(table.first, last, table.count),
    )


def _pictured(book: DocumentViews, span: Span, picture: Picture) -> DocumentPicture:
    """Return a picture with what is known of the excerpt, wherever it is drawn."""
    document = book.document
    return DocumentPicture(
        picture,
        document.name,
        document.title,
        span.of(document.text),
        styles=book.styles_in(span),
        clause=book.clause_at(span.start) if len(span) else "",
    )


def notes_of(pictured: DocumentPicture) -> list[str]:
    """Say in sentences what a picture is, and what it leaves out."""
    picture = pictured.picture
    notes = []
    if pictured.is_part and pictured.count > 1:
        notes.append(
            _("Part {number:,} of {count:,}, as I set it.").format(
                number=pictured.number, count=pictured.count
            )
        )
    rows = pictured.rows
    if rows and (rows.first, rows.last) != (1, rows.count):
        number = rows.last - rows.first + 1
        drawn = ngettext(
            "{n:,} of the table's {count:,} rows is drawn.",
            "{n:,} of the table's {count:,} rows are drawn.",
            number,
        )
        notes.append(drawn.format(n=number, count=rows.count))
    if picture.left_out_columns:
        notes.append(
            ngettext(
                "One column more had no room.",
                "{n:,} columns more had no room.",
                picture.left_out_columns,
            ).format(n=picture.left_out_columns)
        )
    if picture.left_out_lines:
        notes.append(_("What follows had no room."))
    if picture.missing:
        signs = visible_line(picture.missing[:_MISSING])
        notes.append(_("▯ stands for signs that I have no font for: {signs}").format(signs=signs))
    if pictured.quote.strip() and pictured.is_own and not picture.is_marked:
        notes.append(_("I could not find the excerpt's words on it to mark them."))
    return notes
