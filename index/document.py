"""What every parser produces: a Document, which is text with its structure marked by offsets."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

AUDIENCE = "audience"
"""In a document's metadata: for whom it says that it is, a name or several with commas between."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters `[start, end)` of a document's text, counted in code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def moved(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


class BlockKind(enum.StrEnum):
    """What a block is to a person who sees the page."""

    FRONT_MATTER = "front matter"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """One entry of a list, with its marker and without its nested entries."""
    HEADER = "header"
    """A table's header row; a table may have none."""
    ROW = "row"
    CODE = "code"
    """Preformatted lines, kept whole."""


class TextOrigin(enum.StrEnum):
    """Where in its file a text stands, if not in the body that every reader of it sees."""

    BODY = "body"
    MARGIN = "header or footer"
    NOTES = "speaker notes"
    COMMENT = "comment"
    HIDDEN = "hidden"
    """In a hidden row, column, sheet, slide or text."""
    DELETED = "deleted"
    """A tracked deletion."""
    RECOGNISED = "recognised text"
    """Read from a picture."""
    QUOTED = "quoted message"
    """An older message that a mail quotes."""
    CLOSING = "signature or disclaimer"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row.

    `level` is 1 to 6 for a heading (1 is the outermost), the nesting depth from 0 for a list item,
    and 0 for the rest. `group` is the same for the items of one list and for the rows (header
    included) of one table, differs between neighbouring lists or tables, and is 0 elsewhere. `row`
    is the number that a row has in its sheet, from 1, and 0 elsewhere.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    group: int = 0
    origin: TextOrigin = TextOrigin.BODY
    row: int = 0


class StyleKind(enum.StrEnum):
    """How a stretch of text is set where people see it."""

    BOLD = "bold"
    ITALIC = "italic"
    STRUCK = "struck through"
    MONOSPACED = "monospaced"
    LINK = "link"
    QUOTED = "quoted"
    INSTEAD = "instead"
    """Something else is seen in its place, nothing for signs that are only markup."""
    HEADING = "heading"
    ITEM = "item"
    HEADER = "header"
    ROW = "row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Style:
    """How the text at `span` is set.

    `text` is what is seen instead, the address of a link, or the number of a row in its sheet.
    `level` is that of the block, for a heading or an item, and its group for a row or header of a
    table.
    """

    kind: StyleKind
    span: Span
    level: int = 0
    text: str = ""


def clip_styles(styles: Iterable[Style], span: Span) -> tuple[Style, ...]:
    """Return how `span` is set, each style cut to it.

    What is seen in the place of other characters is seen where the first of them is.
    """
    return tuple(
        Style(
            style.kind,
            Span(max(style.span.start, span.start), min(style.span.end, span.end)),
            style.level,
            "" if style.kind is StyleKind.INSTEAD and style.span.start < span.start else style.text,
        )
        for style in styles
        if style.span.overlaps(span)
    )


def shift_styles(styles: Iterable[Style], by: int) -> tuple[Style, ...]:
    """Return the styles as offsets that are greater by a number."""
    return tuple(replace(style, span=style.span.moved(by)) for style in styles)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file, or a document inside of one, such as a mail's attachment.

    `name` is the path below the corpus folder, with `/` between its parts; that of a document in a
    file begins with the file's, which is then `file`. `text` is what excerpts
    quote and offsets count in. `blocks` are in reading order, do not overlap, do not begin or end
    with white space, and together cover every character of `text` that is not white space.
    `pages` holds each page's span, in order, for formats with pages, slides or sheets, and is empty
    for the others; a paragraph or item may begin on one page and end on a later one. `metadata` has
    keys in lower case, and the `date` in ISO 8601 where the parser understood it. `sha256` is of
    the bytes that were parsed. `remarks` say what could not be parsed well, each in one sentence
    for a person. `doubtful` holds the words that were recognised in a picture and may be wrong, in
    order. With `has_hidden`, its file has hidden content that was not read. `styles` say how the
    words of the blocks are set, in order, and have none of the kinds that blocks have.

    `enclosed` are all documents inside of a file, at any depth, as parsing found them; nothing
    keeps them there. A file that is no more than a container, such as an archive, has no `text`.
    """

    name: str
    title: str
    text: str
    blocks: Sequence[Block]
    pages: tuple[Span, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    remarks: tuple[str, ...] = ()
    doubtful: tuple[Span, ...] = ()
    styles: Sequence[Style] = ()
    has_hidden: bool = False
    file: str = ""
    enclosed: tuple[Document, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """Return the page, from 1, that holds the character at `offset`; None without pages."""
        number = bisect_right(self.pages, offset, key=lambda page: page.end) + 1
        return min(number, len(self.pages)) or None
