"""Sets a part of a document on paper: headings, lists, code and tables as such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from index.document import Block, BlockKind, Document, Span, StyleKind
from index.picturing.fonts import Face
from index.picturing.paper import INK, Paper, height_of
from index.picturing.picture import Picture
from index.picturing.tables import TableRow, width_wanted, write_table
from index.picturing.words import Line, Piece, SeenText, lines_of
from index.tables.table import TableLine, header_line, read_cells

_WIDTH, _WIDEST = 1080, 1320
"""Pixels; a wide table takes more, as far as a phone shows it without a magnifier, or else it is
divided."""
_HIGHEST = 2400
_MARGIN, _NUMBERED_MARGIN = 44, 84
_BODY = Face(34)
_CODE = Face(27, is_monospaced=True)
_FRONT_MATTER = Face(29)
_SIZES = {1: 48, 2: 42}
_SMALLER_HEADING = 37
_INDENT = 46
_DEEPEST = 6
_GREY = (112, 117, 124)
_CODE_PAPER = (242, 243, 245)
_QUOTE_BAR = (190, 196, 204)
_TABLE = frozenset({BlockKind.HEADER, BlockKind.ROW})
_BULLET = re.compile(r"[-+*•◦▪▫●○■□‣⁃·–—\uf0a7\uf0b7]\s+")
_NUMBER = re.compile(r"\(?[0-9A-Za-z]{1,6}(?:\.[0-9]{1,4}){0,6}[.)]?\s+")


def set_document(document: Document, marks: Sequence[Span]) -> Picture:
    """Draw a document, which is a part of one that fits a picture, with `marks` marked."""
    text = SeenText(document.text, document.styles, marks)
    tables = {group: _rows_of(document, blocks, text) for group, blocks in _tables(document.blocks)}
    wanted = max((width_wanted(rows, text, _BODY) for rows in tables.values()), default=0.0)
    numbered = any(row.number for rows in tables.values() for row in rows)
    margin = _NUMBERED_MARGIN if numbered else _MARGIN
    width = round(max(_WIDTH, wanted + 2 * margin + 1))
    if width > _WIDEST:
        width = _WIDTH
    return _Setter(document, text, tables, Paper(width, margin)).picture()


def _tables(blocks: Sequence[Block]) -> Iterator[tuple[int, list[Block]]]:
    for is_table, group in groupby(blocks, key=lambda block: block.kind in _TABLE):
        if is_table:
            for number, own in groupby(group, key=lambda block: block.group):
                yield number, list(own)


def _rows_of(document: Document, blocks: Sequence[Block], text: SeenText) -> list[TableRow]:
    lines = [TableLine(block.span.of(document.text), block.span) for block in blocks]
    header = next(
        (line for line, b in zip(lines, blocks, strict=True) if b.kind is BlockKind.HEADER), None
    )
    bodies = [line for line, b in zip(lines, blocks, strict=True) if b.kind is BlockKind.ROW]
    numbers = [block.row for block in blocks if block.kind is BlockKind.ROW]
    heads, rows = read_cells(header and header_line(header), bodies)
    return [
        *(TableRow(tuple(cell.span for cell in head), is_header=True) for head in heads),
        *(
            TableRow(
                tuple(cell.span for cell in row),
                is_header=False,
                is_marked=text.is_marked(body.span),
                number=number,
            )
            for row, body, number in zip(rows, bodies, numbers, strict=True)
        ),
    ]


class _Setter:
    def __init__(
        self, document: Document, text: SeenText, tables: dict[int, list[TableRow]], paper: Paper
    ) -> None:
        self._document = document
        self._text = text
        self._tables = tables
        self._paper = paper
        self._bottom = _HIGHEST - paper.margin
        self._left_out = self._left_out_columns = 0
        self._quotes = [style.span for style in document.styles if style.kind is StyleKind.QUOTED]

    def picture(self) -> Picture:
        last: Block | None = None
        for block in self._document.blocks:
            if self._left_out and block.kind not in _TABLE:
                self._left_out += 1
            elif block.kind in _TABLE:
                self._write_table(block)
            else:
                self._space(last, block)
                self._write(block)
            last = block
        return self._paper.picture(self._left_out, self._left_out_columns)

    def _space(self, last: Block | None, block: Block) -> None:
        if last is None:
            return
        near = last.kind is block.kind is BlockKind.ITEM
        heading = block.kind is BlockKind.HEADING
        self._paper.y += 6 if near else 34 if heading else 20

    def _write_table(self, block: Block) -> None:
        rows = self._tables.pop(block.group, None)
        if rows is None:
            return
        if self._left_out:
            self._left_out += len(rows)
            return
        self._paper.y += 14 if self._paper.y > self._paper.margin else 0
        rows_out, columns_out = write_table(self._paper, rows, self._text, _BODY, self._bottom)
        self._paper.y += 14
        self._left_out += rows_out
        self._left_out_columns += columns_out

    def _write(self, block: Block) -> None:
        if block.kind in (BlockKind.CODE, BlockKind.FRONT_MATTER):
            self._write_code(block)
            return
        face, indent, span, sign = _BODY, 0, block.span, ""
        if block.kind is BlockKind.HEADING:
            face = Face(_SIZES.get(block.level, _SMALLER_HEADING), is_bold=True)
        elif block.kind is BlockKind.ITEM:
            indent = _INDENT * min(block.level, _DEEPEST)
            sign, span = self._sign(block)
        if any(quote.overlaps(span) for quote in self._quotes):
            indent += _INDENT
        self._write_lines(span, face, indent, sign)

    def _sign(self, block: Block) -> tuple[str, Span]:
        """Return what stands before an item, and where its words are."""
        words = block.span.of(self._document.text)
        if found := _BULLET.match(words):
            return "•", Span(block.span.start + found.end(), block.span.end)
        if (found := _NUMBER.match(words)) and found.end() < len(words):
            return found[0].strip(), Span(block.span.start + found.end(), block.span.end)
        return "", block.span

    def _write_lines(self, span: Span, face: Face, indent: int, sign: str) -> None:
        paper = self._paper
        left = float(paper.margin + indent)
        begin = paper.y
        if sign:
            before = Piece(sign, face, self._text.is_marked(span))
            first = left
            left += max(_INDENT, before.width + 16)
        room = paper.width - paper.margin - left
        for pieces in self._text.paragraphs(span, face):
            for line in lines_of(pieces, room):
                if paper.y + height_of(face.size) > self._bottom:
                    self._left_out += 1
                    continue
                if sign:
                    paper.line(Line((before,)), first, paper.y, face.size)
                    sign = ""
                x = paper.width - paper.margin - line.width if line.is_right_to_left else left
                paper.line(line, x, paper.y, face.size)
                paper.y += height_of(face.size)
        if any(quote.overlaps(span) for quote in self._quotes):
            bar = paper.margin + indent - _INDENT + 10
            paper.area(bar, begin, bar + 6, paper.y, _QUOTE_BAR)

    def _write_code(self, block: Block) -> None:
        paper = self._paper
        is_code = block.kind is BlockKind.CODE
        face = _CODE if is_code else _FRONT_MATTER
        begin = paper.y
        paper.y += 10
        room = paper.width - 2 * paper.margin - 24
        for row in self._text.paragraphs(block.span, face, keeps_spaces=is_code):
            for line in lines_of(row, room) or [Line(())] * is_code:
                if paper.y + height_of(face.size) > self._bottom:
                    self._left_out += 1
                    continue
                colour = INK if is_code else _GREY
                paper.line(line, paper.margin + 12, paper.y, face.size, colour)
                paper.y += height_of(face.size)
        paper.y += 10
        paper.area(paper.margin, begin, paper.width - paper.margin, paper.y, _CODE_PAPER)
