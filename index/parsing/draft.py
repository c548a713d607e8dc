"""Input and output of a format's parser: Source and Draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.document import Block, Span, Style
from index.parsing.limits import ParsingLimits
from index.parsing.options import ParsingOptions


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes, with its suffix in lower case (".pdf") and its name without the suffix.

    A parser calls `page_read` after each page, slide or sheet; True says that its text had to be
    recognised in a picture. A long file gets more time by that, and progress shows it.
    """

    data: bytes
    suffix: str
    stem: str
    limits: ParsingLimits
    options: ParsingOptions = field(default_factory=ParsingOptions)
    page_read: Callable[[bool], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file inside of another one, under the name that it has there, whatever that is.

    `read` returns its bytes, of which it says that there are `size`, or raises UnreadableDocument.
    `suffix` is that of its kind (".pdf") where the container tells it, `called` what a person calls
    it.
    """

    name: str
    read: Callable[[], bytes]
    size: int = 0
    suffix: str = ""
    called: str = "attachment"


@dataclass(frozen=True, slots=True)
class Draft:
    """A Document without its name, its hash, and a title for the case that it gives none.

    `enclosed` may be an iterator, so that no more than one file is unpacked at a time.
    """

    text: str
    blocks: Sequence[Block]
    pages: tuple[Span, ...] = ()
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    doubtful: tuple[Span, ...] = ()
    styles: Sequence[Style] = ()
    has_hidden: bool = False
    is_data: bool = False
    """Whether its headings and first lines are values, none of which says what it is."""
    enclosed: Iterable[Enclosed] = ()
