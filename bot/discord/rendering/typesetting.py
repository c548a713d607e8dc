"""Text of a document, set as the document sets it: only with markup that it has itself.

The words, figures and signs are the document's, in its order. What is a sign of markup there, such
as the asterisks of Markdown, is not shown; its effect is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby

from bot.discord.rendering.inline import Run, code_block, set_line
from bot.discord.rendering.set_tables import CellMarkup, set_table
from bot.text import visible, visible_characters
from index.document import Span, Style, StyleKind
from index.tables.table import TableCell, TableLine, header_line, read_cells

_BULLET = re.compile(r"[-+*•◦▪▫●○■□‣⁃·–—\uf0a7\uf0b7]\s+")
_NUMBER = re.compile(r"([1-9]\d{0,4})\.\s+")
_WIDE = "\N{EM SPACE}"
_BLOCKS = frozenset(
    {StyleKind.HEADING, StyleKind.ITEM, StyleKind.HEADER, StyleKind.ROW, StyleKind.CODE}
)
_TABLE = frozenset({StyleKind.HEADER, StyleKind.ROW})
_DEEPEST = 6


def typeset(
    text: str, styles: Sequence[Style] = (), emphasis: Sequence[Span] = (), *, quotes: bool = False
) -> str:
    """Return markup that shows `text`, set by `styles`, with `emphasis` in bold.

    All offsets are in `text`. With `quotes`, what the document quotes becomes a quotation;
    otherwise it is indented, as it is when all is one quotation.
    """
    return _Setter(text, styles, emphasis, quotes=quotes).markup()


class _Setter:
    """Sets one text; what is seen of it has offsets of its own."""

    def __init__(
        self, text: str, styles: Sequence[Style], emphasis: Sequence[Span], *, quotes: bool
    ) -> None:
        self._text = text
        shown = _shown(text, styles)
        self._seen = "".join(shown)
        self._places = list(accumulate(map(len, shown), initial=0))
        """Where each character of the text begins in what is seen."""
        words = [
            Run(*self._seen_span(style.span), style.kind)
            for style in styles
            if style.kind not in _BLOCKS and style.kind not in (StyleKind.INSTEAD, StyleKind.LINK)
        ]
        self._emphasised = [
            Run(*self._seen_span(span), StyleKind.BOLD) for span in emphasis if len(span)
        ]
        words += self._emphasised
        self._runs = sorted(run for run in words if run.kind is not StyleKind.QUOTED)
        self._reach = list(accumulate((run.end for run in self._runs), max))
        self._quotes = list(_merged(run for run in words if run.kind is StyleKind.QUOTED))
        self._quoting = quotes
        if not quotes and self._quotes[:1] == [Span(0, len(self._seen))]:
            self._quotes = []
        self._blocks = sorted(
            (style for style in styles if style.kind in _BLOCKS), key=lambda style: style.span
        )
        self._numbers: dict[int, int] = {}
        """The last number of the lists that are open, by their depth."""
        self._rooms: list[str] = []
        """What stands before an item for each item that it lies in."""

    def markup(self) -> str:
        lines = list(self._lines())
        while lines and not lines[0]:
            del lines[0]
        while lines and not lines[-1]:
            del lines[-1]
        return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1]))

    def _lines(self) -> Iterator[str]:
        done = 0
        for (_table, _group), blocks in groupby(
            enumerate(self._blocks), lambda each: _together(*each)
        ):
            these = [block for _, block in blocks]
            start, end = these[0].span.start, these[-1].span.end
            yield from self._between(done, start)
            done = end
            if these[0].kind in _TABLE:
                yield from self._table(these)
            else:
                yield from self._block(these[0])
        yield from self._between(done, len(self._text))

    # Blocks

    def _between(self, start: int, end: int) -> Iterator[str]:
        """Yield what stands between blocks: paragraphs, or only the room between them."""
        first, last = self._places[start], self._places[end]
        words = self._seen[first:last]
        if not words.strip():
            if words.count("\n") > 1 and start and end < len(self._text):
                yield ""
            return
        self._end_list()
        lead = len(words) - len(words.lstrip())
        trail = len(words) - len(words.rstrip())
        if start and words[:lead].count("\n") > 1:
            yield ""
        # A line that is indented keeps that, but not where it is cut in two.
        begin = words.rfind("\n", 0, lead) + 1 or lead
        yield from self._plain(first + begin, last - trail)
        if end < len(self._text) and words[len(words) - trail :].count("\n") > 1:
            yield ""

    def _plain(self, start: int, end: int, indent: str = "") -> Iterator[str]:
        for line in re.finditer(r"[^\n]*", self._seen[start:end]):
            if line.start() == line.end():
                continue
            begin = start + line.start()
            yield self._quotation(begin) + indent + self._set(begin, start + line.end())
            if self._seen[start + line.end() : end][:2] == "\n\n":
                yield ""

    def _block(self, block: Style) -> Iterator[str]:
        start, end = self._seen_span(block.span)
        words = self._seen[start:end]
        if not words.strip():
            return
        if block.kind is StyleKind.ITEM:
            yield from self._item(start, end, block.level)
            return
        self._end_list()
        quotation = self._quotation(start)
        if block.kind is StyleKind.HEADING:
            sign = "##" if block.level == 1 else "###"
            for line in words.split("\n"):
                whole = line.strip()
                begin = start + len(line) - len(line.lstrip())
                start += len(line) + 1
                if whole:
                    shown = self._set(begin, begin + len(whole))
                    # Discord knows no heading that begins with the sign of headings.
                    escape = "\\" if shown.startswith("#") else ""
                    yield f"{quotation}{sign} {escape}{shown}"
        elif code := code_block(words.strip("\n").split("\n")):
            yield from (f"{quotation}{line}" for line in code)
        else:
            yield from self._plain(start, end)

    def _item(self, start: int, end: int, level: int) -> Iterator[str]:
        words = self._seen[start:end]
        depth = min(level, len(self._rooms), _DEEPEST)
        number, bullet = _NUMBER.match(words), _BULLET.match(words)
        sign = ""
        if bullet:
            sign = "- "
            self._numbers.pop(depth, None)
        elif number and int(number[1]) == self._numbers.get(depth, int(number[1]) - 1) + 1:
            sign = f"{number[1]}. "
            self._numbers[depth] = int(number[1])
        else:
            self._numbers.pop(depth, None)
        for deeper in [one for one in self._numbers if one > depth]:
            del self._numbers[deeper]
        mark = bullet or number
        begin = start + (mark.end() if sign and mark else 0)
        room = self._rooms[:depth]
        self._rooms[depth:] = [" " * len(sign or "- ")]
        indent = "".join(room) if sign else _WIDE * depth
        rest = indent + " " * len(sign)
        lines = self._seen[begin:end].split("\n")
        first = True
        for line in lines:
            whole = line.strip()
            at = begin + len(line) - len(line.lstrip())
            begin += len(line) + 1
            if whole:
                shown = self._set(at, at + len(whole))
                yield self._quotation(at) + (f"{indent}{sign}{shown}" if first else rest + shown)
                first = False

    def _table(self, blocks: Sequence[Style]) -> Iterator[str]:
        self._end_list()
        header = next((_line(self._text, b) for b in blocks if b.kind is StyleKind.HEADER), None)
        rows = [_line(self._text, block) for block in blocks if block.kind is StyleKind.ROW]
        heads, cells = read_cells(header and header_line(header), rows)
        quotation = self._quotation(self._places[blocks[0].span.start])
        if max(map(len, (*heads, *cells)), default=0) < 2:
            for block in blocks:
                yield from self._plain(*self._seen_span(block.span))
            return
        for line in set_table(
            [[self._cell(cell) for cell in line] for line in heads],
            [[self._cell(cell) for cell in line] for line in cells],
        ):
            yield quotation + line

    def _cell(self, cell: TableCell) -> CellMarkup:
        start, end = self._seen_span(cell.span)
        seen = self._seen[start:end]
        if seen != seen.strip() or "\n" in seen:
            seen = " ".join(seen.split())
            return CellMarkup(seen, set_line(seen, ()))
        answers = any(run.start < end and run.end > start for run in self._emphasised)
        return CellMarkup(seen, self._set(start, end), answers)

    # Lines

    def _set(self, start: int, end: int) -> str:
        """Return the markup of one line of what is seen."""
        first = bisect_right(self._reach, start)
        runs = []
        for run in self._runs[first:]:
            if run.start >= end:
                break
            if run.end > start:
                runs.append(Run(max(run.start, start) - start, min(run.end, end) - start, run.kind))
        return set_line(self._seen[start:end], runs)

    def _quotation(self, at: int) -> str:
        """Return what a line begins with that the document quotes."""
        number = bisect_right(self._quotes, at, key=lambda quote: quote.start) - 1
        if number < 0 or at >= self._quotes[number].end:
            return ""
        return "> " if self._quoting else _WIDE

    def _seen_span(self, span: Span) -> tuple[int, int]:
        last = len(self._text)
        start, end = min(max(span.start, 0), last), min(max(span.end, 0), last)
        return self._places[start], self._places[max(start, end)]

    def _end_list(self) -> None:
        self._numbers.clear()
        self._rooms.clear()


def _shown(text: str, styles: Sequence[Style]) -> list[str]:
    shown = visible_characters(text)
    done = 0
    for style in styles:
        start, end = style.span.start, min(style.span.end, len(text))
        if style.kind is StyleKind.INSTEAD and done <= start < end:
            shown[start:end] = [visible(style.text), *[""] * (end - start - 1)]
            done = end
    return shown


def _merged(runs: Iterable[Run]) -> Iterator[Span]:
    """Yield the stretches that runs cover, in order."""
    last: Span | None = None
    for run in sorted(runs):
        if last is not None and run.start <= last.end:
            last = Span(last.start, max(last.end, run.end))
            continue
        if last is not None:
            yield last
        last = Span(run.start, run.end)
    if last is not None:
        yield last


def _together(number: int, block: Style) -> tuple[bool, int]:
    """Return what is the same for the rows of a table, and differs between other blocks."""
    is_row = block.kind in _TABLE
    return is_row, block.level if is_row else number


def _line(text: str, block: Style) -> TableLine:
    return TableLine(block.span.of(text), block.span)


def covers_all(text: str, styles: Sequence[Style], emphasis: Sequence[Span]) -> bool:
    """Return whether emphasis covers all that is seen but white space."""
    shown = _shown(text, styles)
    rest, done = [], 0
    for span in sorted(emphasis):
        rest += shown[done : max(done, span.start)]
        done = max(done, span.end)
    return not "".join([*rest, *shown[done:]]).strip()
