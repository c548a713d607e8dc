"""Cards: what is known of a document besides its text, for people who ask for the document."""

from __future__ import annotations

from dataclasses import dataclass

from bot.library.viewing.views import DocumentViews
from index.decisions import Review

_OF_THE_AUTHOR = ("author", "from")


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A heading without its format's marks, and where in the text it begins."""

    heading: str
    offset: int


@dataclass(frozen=True, slots=True)
class Card:
    """A document's title, facts and contents.

    `contents` are the headings of the outermost level that has more than one, or of the only one.
    `date` and `author` are as the document states them. `has_original` says whether its file is
    handed out. `review` is what people said of it as it is.
    """

    document: str
    title: str
    date: str | None
    author: str | None
    pages: int | None
    contents: tuple[ContentsEntry, ...]
    has_original: bool = True
    review: Review | None = None


def card(book: DocumentViews, *, has_original: bool) -> Card:
    document = book.document
    stated = (document.metadata.get(key) for key in _OF_THE_AUTHOR)
    return Card(
        document=document.name,
        title=document.title,
        date=document.metadata.get("date"),
        author=next(filter(None, stated), None),
        pages=len(document.pages) or None,
        contents=_contents(book),
        has_original=has_original,
    )


def _contents(book: DocumentViews) -> tuple[ContentsEntry, ...]:
    headings = [heading for heading in book.outline.headings if heading.text != book.document.title]
    levels = sorted({heading.level for heading in headings})
    for level in levels:
        found = [heading for heading in headings if heading.level == level]
        if len(found) > 1 or level == levels[-1]:
            return tuple(ContentsEntry(heading.text, heading.span.start) for heading in found)
    return ()
