"""Pictures of a document: which page, part or rows, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import pytest

from bot.library.errors import NotDrawn
from bot.library.viewing.pictures import (
    DocumentPicture,
    PictureCache,
    drawn_page,
    drawn_part,
    drawn_table,
    notes_of,
)
from bot.library.viewing.views import DocumentViews
from index.document import Document, Span
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from index.picturing.picture import Picture
from index.picturing.process import Drawing
from index.picturing.setting import set_document


def picture(size: int) -> Picture:
    return Picture(b"x" * size, 1, 1)


class _Drawing:
    """Draws in this process, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def text(self, part: Document, marks: Sequence[Span]) -> Picture:
        self.asked.append(part.text)
        return set_document(part, marks)

    def page(self, data: bytes, sha256: str, number: int, *, excerpt: str, before: str) -> Picture:
        self.asked.append(f"{number}: {excerpt}")
        return picture(9)


@pytest.fixture
def drawing() -> _Drawing:
    return _Drawing()


def drawn(text: str, words: str, drawing: _Drawing, number: int | None = None) -> DocumentPicture:
    document = parse_bytes(text.encode(), "a.md", ".md", limits=ParsingLimits())
    start = document.text.index(words)
    span = Span(start, start + len(words))
    return drawn_part(
        DocumentViews(document), span, number, cast("Drawing", drawing), PictureCache()
    )


def test_an_excerpt_that_had_no_room_begins_the_picture(drawing: _Drawing) -> None:
    lines = "\n\n".join(f"Line {n}" for n in range(200))
    found = drawn(lines, "Line 170", drawing)
    assert found.picture.is_marked
    assert drawing.asked[-1].startswith("Line 170\n\nLine 171")


def test_another_part_has_no_mark_and_says_nothing_of_it(drawing: _Drawing) -> None:
    text = "\n\n".join(f"Paragraph {n} goes on{' and on' * 40}." for n in range(20))
    own, last = drawn(text, "Paragraph 3 goes", drawing), drawn(text, "Paragraph 3", drawing, 99)
    assert own.is_own
    assert (last.number, last.is_own) == (last.count, False)
    assert notes_of(last) == [f"Part {last.count} of {last.count}, as I set it."]


def test_a_page_that_an_excerpt_goes_on_on_is_looked_through_for_it(drawing: _Drawing) -> None:
    text = "One page. It ends.\nAnother.\nA third."
    pages = (Span(0, 18), Span(19, 27), Span(28, 36))
    document = Document("a.pdf", "A", text, (), pages=pages)
    book, cache = DocumentViews(document), PictureCache()

    def page(number: int | None) -> DocumentPicture:
        return drawn_page(book, Span(10, 18), number, bytes, cast("Drawing", drawing), cache)

    assert [page(number).number for number in (None, 2, 3, 9)] == [1, 2, 3, 3]
    assert drawing.asked == ["1: It ends.", "2: It ends.", "3: "]


def test_a_table_needs_rows(drawing: _Drawing) -> None:
    document = parse_bytes(b"Words alone.\n", "a.md", ".md", limits=ParsingLimits())
    with pytest.raises(NotDrawn, match="not part of a table"):
        drawn_table(DocumentViews(document), Span(0, 5), cast("Drawing", drawing), PictureCache())


# What is kept


def _failing(reason: str) -> Callable[[], Picture]:
    def draw() -> Picture:
        raise UnreadableDocument(reason)

    return draw


def test_pictures_are_kept_within_bounds_of_size_and_number() -> None:
    cache = PictureCache(most_bytes=100, most=3)
    made: list[int] = []

    def get(key: int, size: int = 30) -> None:
        def draw() -> Picture:
            made.append(key)
            return picture(size)

        cache.get((key,), draw)

    for key in (1, 2, 3, 1, 4, 1, 2):  # 2 was used least when 4 came
        get(key)
    assert made == [1, 2, 3, 4, 2]
    get(5, 200)  # larger than all that may be kept
    get(5, 200)
    assert made[-2:] == [5, 5]


def test_a_page_that_cannot_be_drawn_is_not_tried_again() -> None:
    cache = PictureCache()
    with pytest.raises(NotDrawn, match=r"That cannot be drawn: it is damaged\."):
        cache.get((1,), _failing("it is damaged"))
    with pytest.raises(NotDrawn, match="it is damaged"):
        cache.get((1,), _failing("another"))
