"""Lines that were broken for the width of a text flow together where people see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.document import Block, BlockKind, Span, Style, StyleKind
from index.parsing.text.text_lines import TextLine, TextLines

_FLOWS = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})
_NARROWEST = 45
"""Nobody breaks prose for less; shorter lines are addresses, verses and the like."""
_FULL = 0.85
_UNDERLINE = frozenset("=-~")


def flow_styles(text: str, blocks: Sequence[Block]) -> Iterator[Style]:
    """Yield the breaks within the paragraphs and items of a plain text that are for its width.

    And the lines below headings that are drawn with signs, which are not seen.
    """
    lines = TextLines(text)
    number = 0
    for block in blocks:
        first = number
        while first < len(lines) and lines[first].end <= block.span.start:
            first += 1
        number = first
        while number < len(lines) and lines[number].start < block.span.end:
            number += 1
        if number - first < 2:
            continue
        if block.kind is BlockKind.HEADING and _UNDERLINE.issuperset(lines[number - 1].text):
            yield _instead(Span(lines[number - 2].end, block.span.end), "")
        elif block.kind in _FLOWS:
            yield from _flowing(lines, first, number)


def _flowing(lines: TextLines, first: int, end: int) -> Iterator[Style]:
    own = [lines[number] for number in range(first, end)]
    width = max(line.width for line in own)
    fills = len(own) > 2 and width >= _NARROWEST and _is_filled(own, width)
    for number in range(first, end - 1):
        line, below = lines[number], lines[number + 1]
        if not line.text or not below.text or below.text.startswith(">"):
            continue
        wide = line.width >= _NARROWEST and not lines.is_unwrapped(number)
        if fills or (wide and not lines.has_room(number, _FULL)):
            yield _instead(Span(line.end, below.start), " ")


def _is_filled(lines: Sequence[TextLine], width: int) -> bool:
    """Return whether no line but the last had room for the first word of the next one."""
    return all(
        one.text and two.text and one.width + 1 + len(two.text.split()[0]) > _FULL * width
        for one, two in pairwise(lines)
    )


def _instead(span: Span, text: str) -> Style:
    return Style(StyleKind.INSTEAD, span, text=text)
