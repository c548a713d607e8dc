"""What a reader of rich text gathers: paragraphs, notes, margins, comments and properties."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.parsing.formats.rtf.rows import RowDefinition
from index.parsing.tables.edged_tables import EdgedRow
from index.parsing.text.styling import Kinds, Runs


@dataclass(slots=True)
class Paragraph:
    """A paragraph or what it holds of a table's cell; `end` is "par", "cell" or "row"."""

    seen: str = ""
    hidden: str = ""
    deleted: str = ""
    style: int = 0
    outline: int | None = None
    depth: int = 0
    marker: str = ""
    in_tables: int = 0
    """The number of tables in each other in whose cell it stands."""
    end: str = "par"
    row: EdgedRow | None = None
    runs: Runs = ()
    """How what is seen is set."""


@dataclass(slots=True)
class RichText:
    """All that a file holds; notes are their marks and texts."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    styles: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    """The names and outline levels of paragraph styles."""
    is_cut: bool = False
    """Whether it holds more text than it may."""


@dataclass(slots=True)
class Flow:
    """Text on its way: the paragraphs that are complete, and the one that is not."""

    name: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    seen: list[tuple[str, int]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    runs: list[tuple[str, Kinds]] = field(default_factory=list)
    """How what is seen is set."""
    attached: list[Paragraph] = field(default_factory=list)
    """Paragraphs of text boxes, which come behind the one that they hang on."""
    marker: str = ""
    mark: str = ""
    """The mark of the note that it is."""
    outer: Flow | None = None
    sign: str = ""
    """What a field shows that has no result of its own."""
    sign_after: int = 0


@dataclass(slots=True)
class State:
    """What holds within a group until it is closed."""

    flow: Flow
    begins_flow: bool = False
    is_skipped: bool = False
    is_starred: bool = False
    page: str = "cp1252"
    font: str = ""
    is_field: bool = False
    """Whether the group is a field."""
    skips: int = 1
    """How many characters behind each Unicode character stand in for it elsewhere."""
    is_hidden: bool = False
    is_deleted: bool = False
    position: int = 0
    kinds: Kinds = frozenset()
    style: int = 0
    outline: int | None = None
    depth: int = 0
    in_tables: int = 0
    row: RowDefinition = field(default_factory=RowDefinition)
    """The definition of the next row of the table that the text stands in."""
    colour: int = 0
    background: int = 0
    behind: int = 0
    """Numbers of colours: of the text, of what is behind it, and behind its paragraph."""
    size: float | None = None
    is_relief: bool = False
    """Whether its edges are seen, of whatever colour it is."""
