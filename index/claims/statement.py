"""A statement: a sentence, item, row or field of a document, with what stands above it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span, TextOrigin
from index.tables.table import TableLine, header_line, read_table
from index.text import NO_TITLE

_STATING = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW})
_QUOTABLE_ORIGINS = frozenset({TextOrigin.BODY, TextOrigin.RECOGNISED, TextOrigin.NOTES})
_MARK = re.compile(r"\s*(?:[-*•+–▪◦·>]|\d{1,3}[.)]|[a-z][.)]|\[[ xX]\])\s+")
_FIELD = re.compile(r"\**(?P<label>[^\W\d_][^:\n|]{1,60}?)\**\s?:\**\s+(?P<value>\S.*)")
_NEXT = re.compile(
    r"\n(?=[^\S\n]*[-*•]?[^\S\n]*\**[^\W\d_][\w /()-]{1,38}:\s)"
    rf"|(?<=[\w/)%][\w)%]){NO_TITLE}[.!?]\s+(?=(?!\d)[^\Wa-z])"
)
"""Before a line with a label, or a sentence: an item has several, and a unit after "mm/s."."""
_GOES_ON = re.compile(r"(?:The|It|Its|This|These|They|Their|He|His|She|Her)\b")
"""Begins a sentence of an item that is on what the sentence before it names."""
_SPEAKER = re.compile(
    r"(?P<name>[A-ZÀ-ÖØ-Þ][\w.'’-]{1,20}(?: [A-ZÀ-ÖØ-Þ][\w.'’-]{0,20}){0,2}):\s+(?=[A-ZÀ-ÖØ-Þ])"
)
_LONGEST_NAME = 80
_LONGEST = 600
_MOST_CELLS = 12


@dataclass(frozen=True, slots=True)
class StatementCell:
    """One cell of a row; `start` is its offset in the text of the statement."""

    header: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What is compared: `text` as it stands at `start` in the document of that name.

    `label` is what stands before the colon of a field, whose value begins at `value_start` in the
    text; `cells` are those of a row. `lead` introduces the list or table.
    """

    text: str
    document: str = ""
    start: int = 0
    title: str = ""
    heading: tuple[str, ...] = ()
    lead: str = ""
    label: str = ""
    value_start: int = 0
    text_start: int = 0
    """Where the text begins after the mark of a list item."""
    cells: tuple[StatementCell, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


def may_state(unit: Unit, text: str) -> bool:
    """Return whether a unit of this text may be compared with others."""
    return unit.kind in _STATING and unit.origin in _QUOTABLE_ORIGINS and 6 <= len(text) <= _LONGEST


def statements_of(passage: Passage) -> Iterator[Statement]:
    """Yield the statements of a passage in order."""
    for unit in passage.units:
        yield from statement_of(passage, unit)


def statement_of(passage: Passage, unit: Unit) -> Iterator[Statement]:
    """Yield what a unit of a passage states: one statement for each labelled line and sentence."""
    text = passage.text_of(unit.span)
    if not may_state(unit, text):
        return
    above = passage.lead_of(unit)
    lead = passage.text_of(above.span) if above and passage.span.contains(above.span) else ""
    if unit.kind is BlockKind.ROW:
        yield from _row(passage, unit, text, lead if above else "")
        return
    if unit.kind is not BlockKind.ITEM:
        lead = ""
    start = unit.span.start
    if spoken := _spoken(text, passage):
        yield Statement(
            text, passage.document, start, passage.title, passage.heading, text_start=spoken
        )
        return
    ends = [
        found.end()
        for found in _NEXT.finditer(text)
        if unit.kind is not BlockKind.ITEM or not _GOES_ON.match(text, found.end())
    ]
    for begin, end in pairwise((0, *ends, len(text))):
        piece = text[begin:end].rstrip()
        if piece:
            yield read_line(
                piece, passage.document, start + begin, passage.title, passage.heading, lead
            )


def _spoken(text: str, passage: Passage) -> int:
    """Return where the words of a speaker begin in a line of a transcript; 0 in any other text.

    Who speaks does so more than once and not alone, and somebody asks something.
    """
    speaker = _SPEAKER.match(text)
    if speaker is None or "?" not in passage.text:
        return 0
    turns = Counter(
        turn["name"]
        for unit in passage.units
        if unit.kind is BlockKind.PARAGRAPH
        and (turn := _SPEAKER.match(passage.text_of(unit.span)[:_LONGEST_NAME]))
    )
    return speaker.end() if len(turns) > 1 and max(turns.values()) > 1 else 0


def read_line(
    text: str,
    document: str = "",
    start: int = 0,
    title: str = "",
    heading: tuple[str, ...] = (),
    lead: str = "",
) -> Statement:
    """Return a sentence, item or field as a statement."""
    marked = _MARK.match(text)
    at = marked.end() if marked else 0
    field = _FIELD.fullmatch(text, at)
    if field and len(field["label"].split()) <= 7 and not field["value"].startswith("//"):
        label, value_start = field["label"].strip(" *"), field.start("value")
    else:
        label, value_start = "", 0
    return Statement(text, document, start, title, heading, lead, label, value_start, at)


def read_row(
    text: str,
    header: str,
    document: str = "",
    start: int = 0,
    title: str = "",
    heading: tuple[str, ...] = (),
) -> Statement | None:
    """Return a row as a statement; None for one without a header, or with too many cells."""
    line = TableLine(text, Span(0, len(text)))
    head = header_line(TableLine(header, Span(0, len(header))))
    table = read_table(document, "", head, [line], is_whole=False)
    if table is None or not header or not 2 <= table.width <= _MOST_CELLS:
        return None
    cells = tuple(
        StatementCell(name, cell.text, cell.span.start)
        for name, cell in zip(table.headers, table.rows[0].cells, strict=True)
    )
    return Statement(text, document, start, title, heading, cells=cells)


def _row(passage: Passage, unit: Unit, text: str, header: str) -> Iterator[Statement]:
    above = passage.lead_of(unit)
    if above is None or above.kind is not BlockKind.HEADER:
        return
    if not header:  # it stands before the passage, which repeats it
        header = next((line for line in passage.context.split("\n")[::-1] if "|" in line), "")
    row = read_row(text, header, passage.document, unit.span.start, passage.title, passage.heading)
    if row:
        yield row
