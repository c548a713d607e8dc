"""Rows of a table below the names of its columns, as one text; a few cells of a very long row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.discord.rendering.limits import units
from bot.discord.rendering.typesetting import typeset
from bot.wording.columns import counting_columns
from index.answering.answer import Excerpt, Quote
from index.document import Span, Style, StyleKind, clip_styles, shift_styles
from index.tables.table import TableCell, TableLine, header_line, read_cells

_LINE = 32
"""Characters of a line on a phone."""
_CELL, _BEFORE = 160, 60
"""Most characters of a cell of a row that is shortened, and of those before its emphasis."""
_MARKUP = 8
"""About what is around a cell and its name."""
_TABLE = frozenset({StyleKind.HEADER, StyleKind.ROW})


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Lines of a document that need not follow each other there; all offsets are in `text`."""

    text: str
    styles: tuple[Style, ...] = ()
    emphasis: tuple[Span, ...] = ()


def laid_out(lines: Iterable[tuple[Quote, Sequence[Style], Sequence[Span]]]) -> LaidOut:
    """Return quotes as lines, each with its styles and its emphasis as they are in its document."""
    texts, styles, emphasis = list[str](), list[Style](), list[Span]()
    length = 0
    for quote, set_by, stressed in lines:
        by = length - quote.span.start
        styles += shift_styles(clip_styles(set_by, quote.span), by)
        bold = [Style(StyleKind.BOLD, span) for span in stressed]
        emphasis += [style.span for style in shift_styles(clip_styles(bold, quote.span), by)]
        texts.append(quote.text)
        length += len(quote.text) + 1
    return LaidOut("\n".join(texts), tuple(styles), tuple(emphasis))


def below_header(rows: Sequence[Excerpt], *, emphasised: bool = True) -> LaidOut:
    """Return rows of one table below its header, or another excerpt by itself."""
    first = rows[0]
    head = [(first.header, first.styles, ())] if first.header else []
    return laid_out(
        [
            *head,
            *(
                (Quote(row.quote, row.span), row.styles, row.emphasis if emphasised else ())
                for row in rows
            ),
        ]
    )


def lines_of(row: str, header: Quote | None, *, is_record: bool) -> int:
    """Return about how many lines of a phone a row takes, by itself or among aligned ones."""
    if len(row) <= _LINE and not is_record:
        return 1
    names = len(header.text) if header else 0
    return 1 + (names + len(row)) // _LINE


@dataclass(frozen=True, slots=True)
class ShortRows:
    """Rows by the columns that count, as markup, and how many columns are left out."""

    markup: str
    left_out: int


def short_rows(
    rows: Sequence[Excerpt], question: str = "", *, emphasised: bool = True
) -> ShortRows | None:
    """Return rows of a very wide table by the columns that count; None for any other."""
    columns = counting_columns(rows, question)
    if columns is None:
        return None
    lines = list[str]()
    sign, room = ("- ", "  ") if len(rows) > 1 else ("", "")
    for number, row in enumerate(rows):
        record = below_header([row])
        heads, tables = _cells(record)
        if len(tables) != 1:
            return None
        # The column that names the rows is itself named once.
        unnamed = columns.numbers[:1] if number else ()
        bold = record.emphasis if emphasised else ()
        shown = _with_cells(record, heads, tables[0], columns.numbers, unnamed, _CELL, bold)
        lines += [f"{room if at else sign}{line}" for at, line in enumerate(shown.split("\n"))]
    return ShortRows("\n".join(lines), columns.left_out)


def short_record(record: LaidOut, most: int, *, emphasised: bool = True) -> str:
    """Return one row below its header as it is set, in about `most` units, or less.

    Where not all cells fit, these do first: that which names the row, those with emphasis, which
    is seen where they are to be `emphasised`. Columns without a cell are not named.
    """
    bold = record.emphasis if emphasised else ()
    whole = typeset(record.text, record.styles, bold)
    heads, rows = _cells(record)
    if len(rows) != 1:
        return whole
    (cells,) = rows
    filled = [number for number, cell in enumerate(cells) if cell.text]
    fits = units(whole) <= most
    if fits and len(filled) >= max(map(len, (cells, *heads))):
        return whole
    is_emphasised = _touching(record.emphasis, len(record.text))
    kept = frozenset(filled if fits else _kept(filled, heads, cells, is_emphasised, most))
    shown = _with_cells(record, heads, cells, kept, (), most if fits else _CELL, bold)
    return shown if len(kept) == len(filled) or shown.endswith("…") else f"{shown} …"


def _with_cells(
    record: LaidOut,
    heads: Sequence[Sequence[TableCell]],
    cells: Sequence[TableCell],
    kept: Collection[int],
    unnamed: Collection[int],
    longest: int,
    bold: Sequence[Span],
) -> str:
    """Return a row with the cells of these columns alone; those `unnamed` without their names."""
    hidden = [
        Style(StyleKind.INSTEAD, span, text=sign)
        for line in (*heads, cells)
        for number, cell in enumerate(line)
        for span, sign in (
            _ends(cell, record.emphasis, longest)
            if number in kept and not (number in unnamed and line is not cells)
            else [(cell.span, "")]
        )
        if len(span)
    ]
    is_hidden = _touching([style.span for style in hidden], len(record.text))
    styles = [style for style in record.styles if style.kind in _TABLE or not is_hidden(style.span)]
    in_order = sorted((*styles, *hidden), key=lambda style: style.span)
    return typeset(record.text, in_order, bold)


def _cells(record: LaidOut) -> tuple[list[list[TableCell]], list[list[TableCell]]]:
    """Return the cells of a header's lines, and those of the rows."""
    lines = {
        kind: [
            TableLine(style.span.of(record.text), style.span)
            for style in record.styles
            if style.kind is kind
        ]
        for kind in _TABLE
    }
    head = next(iter(lines[StyleKind.HEADER]), None)
    return read_cells(head and header_line(head), lines[StyleKind.ROW])


def _kept(
    filled: Sequence[int],
    heads: Sequence[Sequence[TableCell]],
    cells: Sequence[TableCell],
    is_emphasised: Callable[[Span], bool],
    most: int,
) -> Iterator[int]:
    """Yield the numbers of the cells that fit, of those that are `filled`."""
    rest = sorted(filled[1:], key=lambda number: not is_emphasised(cells[number].span))
    for number in (*filled[:1], *rest):
        names = sum(min(_CELL, units(head[number].text)) for head in heads if number < len(head))
        most -= names + min(_CELL, units(cells[number].text)) + _MARKUP
        if most < 0 and number != filled[0]:
            return
        yield number


def _touching(spans: Iterable[Span], length: int) -> Callable[[Span], bool]:
    """Return whether a span overlaps one of these, which lie in a text of so many characters."""
    opened = [0] * (length + 1)
    for span in spans:
        opened[span.start] += 1
        opened[span.end] -= 1
    covered = list(accumulate((int(one > 0) for one in accumulate(opened)), initial=0))
    return lambda span: covered[span.end] > covered[span.start]


def _ends(cell: TableCell, emphasis: Sequence[Span], longest: int) -> Iterator[tuple[Span, str]]:
    """Yield what is left out of a cell that is too long, with the sign that stands for it."""
    if len(cell.span) <= longest:
        return
    text, begins = cell.text, cell.span.start
    first = next((one.start - begins for one in sorted(emphasis) if cell.span.contains(one)), 0)
    start = text.find(" ", first - _BEFORE, first) + 1 if first > _CELL - _BEFORE else 0
    end = text.rfind(" ", start, start + _CELL)
    end = end if end > start else min(len(text), start + _CELL)
    if start:
        yield Span(begins, begins + start), "… "
    if end < len(text):
        yield Span(begins + end, cell.span.end), " …"
