"""Views: a document divided into parts that fit one message each."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bot.library.viewing.outline import Outline
from bot.library.viewing.parts import LONGEST_VIEW, Part, fine_parts, packed_evenly, parts_of
from index.answering.excerpts.clauses import clause_of
from index.chunking.sentences import split_evenly
from index.decisions import Review
from index.document import Block, BlockKind, Document, Span, Style, TextOrigin, clip_styles
from index.store.catalog.layouts import layout_of

_CONTEXT = 500
"""Characters to show on either side of an excerpt, half of it more or less for a good end."""
_ROWS_AFTER = 3
"""Rows of a table to show below an excerpt that is one: what counts comes first."""
_NARROW, _LINE, _FIELDS = 40, LONGEST_VIEW // 14, 70
"""Characters of a row that takes one line of a phone, what it counts as in a view, and what a
longer one counts as beside itself and the names of its columns, which are repeated."""
_LEADING = frozenset({BlockKind.HEADING, BlockKind.HEADER})
"""No view should end with what stands above something."""
_CLAUSES = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})
_NUMBER = 30
"""Characters at a block's beginning in which its number may stand."""


@dataclass(frozen=True, slots=True)
class View:
    """A part of a document to read, or an excerpt with the text around it.

    `before`, `excerpt` and `after` together are the document's text in `span`; without an excerpt,
    all of it is `before`. `heading` is the heading path, and `page` the page from 1 of `pages`,
    where the view begins, or the excerpt if there is one. `origins` are where in its file the text
    of the view, or the excerpt, stands beside the body. `columns` is the header row of the table
    that the view begins in. `doubtful` are words of the view that were recognised with little
    confidence. `number`, from 1 to `count`, is that of the view that this one, or its
    excerpt, begins in. `previous` and `following` are the numbers of the views with the text right
    before and right after `span`. `clause` is the number of the paragraph that the excerpt begins
    in. `review` is what people said of the document as it is.
    """

    document: str
    title: str
    heading: tuple[str, ...]
    page: int | None
    pages: int | None
    date: str | None
    before: str
    excerpt: str
    after: str
    number: int
    count: int
    span: Span
    columns: str | None = None
    previous: int | None = None
    following: int | None = None
    origins: tuple[TextOrigin, ...] = ()
    doubtful: tuple[str, ...] = ()
    review: Review | None = None
    styles: tuple[Style, ...] = ()
    clause: str = ""

    @property
    def place(self) -> Span:
        """Return where the excerpt stands, or an empty place where the view begins."""
        start = self.span.start + len(self.before) if self.excerpt else self.span.start
        return Span(start, start + len(self.excerpt))


class DocumentViews:
    """A document divided into views. It never changes, so threads may share it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.outline = Outline(document)
        self._block_starts = [block.span.start for block in document.blocks]
        self._headers: dict[int, Span] = {
            block.group: block.span for block in document.blocks if block.kind is BlockKind.HEADER
        }
        starts = [0, *(page[0].span.start for page in list(self._pages_of_reading())[1:])]
        self.spans = [Span(start, end) for start, end in pairwise([*starts, len(document.text)])]
        """The spans of the views, without gaps between them."""
        self._starts = starts
        self._layout = layout_of(document.blocks, document.styles)
        self._reach = list(accumulate((style.span.end for style in self._layout), max))

    def number_at(self, offset: int) -> int:
        """Return the number of the view with the character at `offset`, or of the nearest view."""
        return max(1, bisect.bisect_right(self._starts, offset))

    def view(self, number: int) -> View:
        """Return the view of that number; the first or last where there is none."""
        number = min(max(number, 1), len(self.spans))
        span = self.spans[number - 1]
        return self._view(number, span, Span(span.end, span.end), self._first_words(span))

    def view_at(self, offset: int) -> View:
        """Return the view with `offset`, and with the heading and the page of that place.

        It begins at `offset` if a heading does.
        """
        text = self.document.text
        # White space at the beginning of a page belongs to the end of the view before.
        while offset < len(text) and text[offset].isspace():
            offset += 1
        number = self.number_at(offset)
        span = self.spans[number - 1]
        place = min(offset, span.end) if offset > span.start else self._first_words(span)
        block = next(iter(self._blocks_in(Span(offset, offset + 1))), None)
        if block and block.kind is BlockKind.HEADING and span.start < offset == block.span.start:
            span = Span(offset, self._end_from(offset, span.end))
        return self._view(number, span, Span(span.end, span.end), place)

    def _end_from(self, start: int, end: int) -> int:
        """Return where a view ends that begins at `start`, within the one that ends at `end`.

        Where little is left of that, it goes on into the next one, to the end of a sentence.
        """
        furthest = min(start + LONGEST_VIEW, len(self.document.text))
        if end - start >= LONGEST_VIEW // 2 or end >= furthest:
            return end
        ends = [
            part.end
            for kind, part in self._parts_near(Span(end, furthest))
            if end < part.end <= furthest and kind not in _LEADING
        ]
        return max(ends, default=end)

    def around(self, excerpt: Span) -> View:
        """Return the excerpt, as far as the text has it, with the text around it."""
        length = len(self.document.text)
        start = min(max(excerpt.start, 0), length)
        excerpt = Span(start, min(max(excerpt.end, start), length))
        if (rows_end := self._end_of_rows(excerpt)) is not None:
            shown = Span(excerpt.start, rows_end)
        else:
            shown = Span(self._context_start(excerpt.start), self._context_end(excerpt.end))
        return self._view(self.number_at(start), shown, excerpt, start)

    def _end_of_rows(self, excerpt: Span) -> int | None:
        """Return where the first rows below an excerpt end that begins with a row of a table with
        a header; None for any other."""
        first = next(iter(self._blocks_in(Span(excerpt.start, excerpt.start + 1))), None)
        if first is None or first.span.start != excerpt.start or self._columns(excerpt) is None:
            return None
        near = Span(excerpt.end, min(len(self.document.text), excerpt.end + LONGEST_VIEW // 2))
        after = [
            block.span.end
            for block in self._blocks_in(near)
            if block.kind is BlockKind.ROW and block.group == first.group
        ]
        fitting = [end for end in after[:_ROWS_AFTER] if excerpt.end < end <= near.end]
        return max(fitting, default=excerpt.end)

    def sentences(self, span: Span) -> Span:
        """Return `span`, extended to whole sentences, lines and rows."""
        parts = [part for _, part in self._parts_near(span) if part.overlaps(span)]
        if not parts:
            return span
        return Span(min(span.start, parts[0].start), max(span.end, parts[-1].end))

    def _view(self, number: int, shown: Span, excerpt: Span, place: int) -> View:
        document = self.document
        return View(
            document=document.name,
            title=document.title,
            heading=self.outline.path_at(place),
            page=document.page_of(place),
            pages=len(document.pages) or None,
            origins=self._origins(excerpt if len(excerpt) else shown),
            doubtful=self._doubtful(shown),
            date=document.metadata.get("date"),
            before=document.text[shown.start : excerpt.start],
            excerpt=excerpt.of(document.text),
            after=document.text[excerpt.end : shown.end],
            number=number,
            count=len(self.spans),
            span=shown,
            columns=self._columns(shown),
            previous=self.number_at(shown.start - 1) if shown.start > 0 else None,
            following=self.number_at(shown.end) if shown.end < len(document.text) else None,
            styles=self.styles_in(shown),
            clause=self.clause_at(excerpt.start) if len(excerpt) else "",
        )

    def clause_at(self, offset: int) -> str:
        """Return the number of the paragraph or item at a place, or nothing."""
        block = next(iter(self._blocks_in(Span(offset, offset + 1))), None)
        if block is None or block.kind not in _CLAUSES:
            return ""
        text = self.document.text[block.span.start : block.span.start + _NUMBER]
        return clause_of(text, block.kind, self.outline.path_at(offset))

    def styles_in(self, span: Span) -> tuple[Style, ...]:
        """Return how a part is set."""
        nearest = bisect.bisect_left(self._reach, span.start + 1)
        last = bisect.bisect_left(self._layout, span.end, key=lambda style: style.span.start)
        return clip_styles(self._layout[nearest:last], span)

    def _origins(self, span: Span) -> tuple[TextOrigin, ...]:
        found = dict.fromkeys(block.origin for block in self._blocks_in(span))
        return tuple(origin for origin in found if origin is not TextOrigin.BODY)

    def _doubtful(self, span: Span) -> tuple[str, ...]:
        words = self.document.doubtful
        first = bisect.bisect_left(words, span.start, key=lambda word: word.start)
        last = bisect.bisect_left(words, span.end, key=lambda word: word.start)
        return tuple(dict.fromkeys(word.of(self.document.text) for word in words[first:last]))

    def _first_words(self, span: Span) -> int:
        """Return where the first block in `span` that is not a heading begins."""
        for block in self._blocks_in(span):
            if block.kind is not BlockKind.HEADING:
                return max(span.start, block.span.start)
        return span.start

    def _columns(self, shown: Span) -> str | None:
        first = next(iter(self._blocks_in(shown)), None)
        header = None if first is None else self._header_of(first)
        return None if header is None else header.of(self.document.text)

    def _header_of(self, row: Block) -> Span | None:
        if row.kind is not BlockKind.ROW:
            return None
        return self._headers.get(row.group)

    def _blocks_in(self, span: Span) -> tuple[Block, ...]:
        first = max(0, bisect.bisect_right(self._block_starts, span.start) - 1)
        after = bisect.bisect_left(self._block_starts, span.end)
        blocks = tuple(self.document.blocks[first:after])
        return blocks[1:] if blocks and blocks[0].span.end <= span.start else blocks

    # Pages of reading

    def _pages_of_reading(self) -> Iterator[list[Part]]:
        """Yield the parts of each view. Every page begins a view, so that it can be found."""
        chapter: list[Part] = []
        page = 0
        ends = [page.end for page in self.document.pages]
        for part in self._parts():
            its_page = bisect.bisect_right(ends, part.span.start)
            if chapter and its_page != page:
                yield from packed_evenly(chapter)
                chapter = []
            chapter.append(part)
            page = its_page
        yield from packed_evenly(chapter)

    def _parts(self) -> Iterator[Part]:
        """Yield all text but white space, in parts that fit a view and should not be divided.

        A heading is in one part with what follows it.
        """
        headings: Span | None = None
        for block in self.document.blocks:
            fits = len(block.span) <= LONGEST_VIEW
            parts = [block.span] if fits else parts_of(self.document, block)
            for part in (fitting for whole in parts for fitting in self._fitting(whole)):
                joined = Span(headings.start, part.end) if headings else part
                if headings and len(joined) > LONGEST_VIEW:
                    yield Part(headings)
                    joined = part
                headings = joined if block.kind is BlockKind.HEADING else None
                if headings is None:
                    yield Part(joined, self._more_of(block))
        if headings:
            yield Part(headings)

    def _more_of(self, block: Block) -> int:
        """Return the characters that a row takes besides its own when it is shown."""
        header = self._header_of(block)
        if header is None or len(block.span) <= _NARROW:
            return max(0, _LINE - len(block.span)) if block.kind is BlockKind.ROW else 0
        return len(header) + _FIELDS

    def _fitting(self, part: Span) -> Iterator[Span]:
        if len(part) <= LONGEST_VIEW:
            yield part
            return
        for half in split_evenly(self.document.text, part, 2):
            yield from self._fitting(half)

    # Text around an excerpt

    def _context_start(self, start: int) -> int:
        wanted = start - _CONTEXT
        if (heading := self._heading_before(start)) is not None:
            return heading
        if wanted <= _CONTEXT // 2:
            return 0
        near = Span(wanted - _CONTEXT // 2, wanted + _CONTEXT // 2)
        starts = [part.start for _, part in self._parts_near(near) if near.start <= part.start]
        starts = [at for at in starts if at <= near.end] or self._words(near)
        return self._whole_header(
            min(starts, key=lambda at: abs(at - wanted), default=wanted), start
        )

    def _whole_header(self, at: int, start: int) -> int:
        """Return where the header of a table begins that a place is in, if that is not far above
        the start; else the place."""
        found = at
        for block in reversed(self._blocks_in(Span(max(0, at - _CONTEXT), at + 1))):
            if block.kind is not BlockKind.HEADER:
                break
            found = block.span.start
        return found if start - found <= _CONTEXT + _CONTEXT // 2 else at

    def _heading_before(self, start: int) -> int | None:
        """Return where the headings right above the place's section begin, if they are near."""
        near = Span(max(0, start - _CONTEXT - _CONTEXT // 2), start + 1)
        found: int | None = None
        was_heading = False
        for block in self._blocks_in(near):
            is_heading = block.kind is BlockKind.HEADING
            if is_heading and not was_heading and near.start <= block.span.start <= start:
                found = block.span.start
            was_heading = is_heading
        return found

    def _context_end(self, end: int) -> int:
        wanted = end + _CONTEXT
        if wanted + _CONTEXT // 2 >= len(self.document.text):
            return len(self.document.text)
        near = Span(wanted - _CONTEXT // 2, wanted + _CONTEXT // 2)
        ends = [
            part.end
            for kind, part in self._parts_near(Span(end, near.end))
            if end <= part.end <= near.end and kind not in _LEADING
        ]
        # The end of a sentence, an item or a row, rather than a word in a long one.
        return min(ends or self._words(near), key=lambda at: abs(at - wanted), default=wanted)

    def _words(self, near: Span) -> list[int]:
        text = self.document.text
        return [at for at in range(near.start + 1, near.end) if text[at - 1].isspace()]

    def _parts_near(self, span: Span) -> Iterator[tuple[BlockKind, Span]]:
        for block in self._blocks_in(span):
            for part in fine_parts(self.document, block, span):
                yield block.kind, part
