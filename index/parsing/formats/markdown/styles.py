"""How a Markdown file is set: its signs, which are not seen, and what they say of the words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it.token import Token

from index.document import Block, BlockKind, Span, Style, StyleKind
from index.parsing.formats.markdown.stretches import Stretch
from index.parsing.formats.markdown.words import WordReader

_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)")
_PIPE = re.compile(r"\\\|")
_OF_WORDS = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING})


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A stretch of words: its lines as markdown-it reads them, and where each begins."""

    lines: tuple[str, ...]
    places: tuple[int, ...]

    @property
    def span(self) -> Span:
        return Span(self.places[0], self.places[-1] + len(self.lines[-1]))


def markdown_styles(
    text: str, stretch: Stretch, references: dict[str, Any], blocks: Sequence[Block]
) -> list[Style]:
    """Return how the blocks of a stretch are set, in order."""
    tokens, starts = stretch.tokens, stretch.starts
    lines = _Lines(text, starts)
    reader = WordReader(references)
    paragraphs: list[_Paragraph] = []
    styles: list[Style] = []
    for number, token in enumerate(tokens):
        if token.map is None:
            continue
        if token.type == "inline":
            if paragraph := lines.placed(token, tokens[number - 1].type):
                paragraphs.append(paragraph)
                styles += _of_words(text, paragraph, reader)
        elif token.type == "blockquote_open":
            styles.append(Style(StyleKind.QUOTED, lines.span(*token.map)))
        elif token.type in ("fence", "code_block"):
            styles += lines.of_code(token)
        elif token.type == "tr_open":
            row = lines.span(*token.map)
            styles += (
                _instead(Span(row.start + found.start(), row.start + found.start() + 1))
                for found in _PIPE.finditer(row.of(text))
            )
        elif token.type == "hr":
            styles.append(_instead(lines.span(*token.map)))
    styles += _of_blocks(text, blocks, paragraphs)
    styles += _of_numbers(text, tokens, starts, blocks)
    return sorted(
        (style for style in styles if style.span.start < style.span.end),
        key=lambda style: (style.span.start, -style.span.end),
    )


class _Lines:
    """The lines of a file, in which the words of tokens are found."""

    def __init__(self, text: str, starts: Sequence[int]) -> None:
        self._text = text
        self._starts = starts
        self._row = 0
        """Where the last cell that was found ends."""

    def _line(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1]].rstrip()

    def span(self, first: int, last: int) -> Span:
        """Return where these lines stand, without white space around them."""
        start = self._starts[first]
        whole = self._text[start : self._starts[min(last, len(self._starts) - 1)]]
        return Span(start + len(whole) - len(whole.lstrip()), start + len(whole.rstrip()))

    def placed(self, token: Token, above: str) -> _Paragraph | None:
        """Return where the words of a token stand; None where that is not sure."""
        assert token.map is not None
        words, places = [], []
        for number, content in enumerate(token.content.split("\n"), start=token.map[0]):
            bare = content.strip()
            line = self._line(number) if number + 1 < len(self._starts) else ""
            start = self._starts[min(number, len(self._starts) - 1)]
            if above in ("th_open", "td_open"):
                at = line.find(bare, max(0, self._row - start))
                self._row = start + at + len(bare)
            elif above == "heading_open" and not line.endswith(bare):
                at = line.find(bare, line.find("# ") + 1)
            else:
                at = len(line) - len(bare) if line.endswith(bare) else -1
            if at < 0 or not bare:
                return None
            words.append(bare)
            places.append(start + at)
        return _Paragraph(tuple(words), tuple(places))

    def of_code(self, token: Token) -> Iterator[Style]:
        """Yield what is not seen of preformatted lines: fences, and what encloses the lines."""
        assert token.map is not None
        first, last = token.map
        end = self._starts[first]
        number = first + (token.type == "fence")
        for content in token.content.removesuffix("\n").split("\n"):
            if number + 1 >= len(self._starts) or number >= last:
                break
            line = self._text[self._starts[number] : self._starts[number + 1]].rstrip("\r\n")
            begin = self._starts[number] + len(line) - len(content)
            if line.endswith(content):
                yield _instead(Span(max(end, self._starts[number]), begin))
                if number == first + 1 and token.type == "fence":
                    yield _instead(Span(self.span(first, last).start, self._starts[number]))
            end = self._starts[number] + len(line)
            number += 1
        if token.type == "fence":
            yield _instead(Span(end, self.span(first, last).end))


def _instead(span: Span, text: str = "") -> Style:
    return Style(StyleKind.INSTEAD, span, text=text)


def _of_words(text: str, paragraph: _Paragraph, reader: WordReader) -> Iterator[Style]:
    """Yield how the words of a paragraph are set; its lines flow, but for those that it breaks."""
    begins = [0]
    for line in paragraph.lines:
        begins.append(begins[-1] + len(line) + 1)

    def placed(offset: int) -> int:
        number = min(bisect_right(begins, offset), len(paragraph.lines)) - 1
        return paragraph.places[number] + offset - begins[number]

    for style in reader.styles("\n".join(paragraph.lines)):
        span = Span(placed(style.span.start), placed(max(style.span.end - 1, 0)) + 1)
        yield replace(style, span=span)
    for number, line in enumerate(paragraph.lines[:-1]):
        end = paragraph.places[number] + len(line)
        backslashes = len(line) - len(line.rstrip("\\"))
        is_broken = backslashes % 2 == 1 or text.startswith("  ", end)
        gap = Span(end - backslashes % 2, paragraph.places[number + 1])
        yield _instead(gap, "\n" if is_broken else " ")


def _of_numbers(
    text: str, tokens: Sequence[Token], starts: Sequence[int], blocks: Sequence[Block]
) -> Iterator[Style]:
    """Yield the numbers of items, where another one is seen than is written."""
    begins = [block.span.start for block in blocks]
    lists: list[int] = []
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrGet("start")
            lists.append(1 if start is None else int(start))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and token.info and token.map:
            seen, lists[-1] = str(lists[-1]), lists[-1] + 1
            at = bisect_left(begins, starts[token.map[0]])
            if token.info != seen and at < len(begins) and text.startswith(token.info, begins[at]):
                yield _instead(Span(begins[at], begins[at] + len(token.info)), seen)


def _of_blocks(
    text: str, blocks: Sequence[Block], paragraphs: Sequence[_Paragraph]
) -> Iterator[Style]:
    """Yield the signs around paragraphs: those of headings and quotes, an underline."""
    spans = sorted(paragraph.span for paragraph in paragraphs)
    number = 0
    for block in blocks:
        inner = []
        while number < len(spans) and spans[number].start < block.span.end:
            inner.append(spans[number])
            number += 1
        if block.kind not in _OF_WORDS or not inner:
            continue
        start = block.span.start
        if block.kind is BlockKind.ITEM and (mark := _ITEM.match(text, start, inner[0].start)):
            start = mark.end()
        ends = [start, *(at for span in inner for at in (span.start, span.end)), block.span.end]
        for begin, end in zip(ends[::2], ends[1::2], strict=True):
            if text[begin:end].strip():
                between = begin != start and end != block.span.end
                yield _instead(Span(begin, end), "\n\n" if between else "")
