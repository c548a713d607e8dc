"""Outline of a document: its sections, each with the headings above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.answering.finding.furniture import is_closing, is_furniture, is_signature
from index.document import Block, BlockKind, Document, Span
from index.parsing.text.heading_words import heading_words

_RUN_IN = re.compile(r"(?P<mark>\*\*|__)(?P<head>[^*_\n]{2,60}?)(?:[.:]|\s[–—-])?(?P=mark)[.:]?\s+")
"""A bold beginning of a paragraph, as in "**Decision.** We rent", is set like a heading."""
_RUN_IN_LEVEL = 7


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below a heading, up to the next heading.

    `heading` is that heading's span, None for what comes before the first. `path` has the words of
    the headings above, the outermost first and its own last. `blocks` are those that say something:
    no salutations, signatures or rules. `parts` counts the sections right after it that stand
    below it in the outline.
    """

    heading: Span | None
    level: int
    path: tuple[str, ...]
    blocks: tuple[Block, ...]
    parts: int = 0

    @property
    def name(self) -> str:
        """Return the words of its own heading."""
        return self.path[-1] if self.path else ""

    @property
    def span(self) -> Span | None:
        """Return the span of its blocks; None where it has none."""
        if not self.blocks:
            return None
        return Span(self.blocks[0].span.start, self.blocks[-1].span.end)


def outline_of(document: Document) -> tuple[Section, ...]:
    """Return the sections of a document in reading order."""
    begun: list[tuple[Span | None, int, tuple[str, ...], list[Block]]] = [(None, 0, (), [])]
    above: list[tuple[int, str]] = []
    for block in _speaking(document):
        text = block.span.of(document.text)
        run_in = _RUN_IN.match(text) if block.kind is BlockKind.PARAGRAPH else None
        if block.kind is BlockKind.HEADING:
            words = heading_words(text)
            above = [*(outer for outer in above if outer[0] < block.level), (block.level, words)]
            begun.append((block.span, block.level, tuple(words for _, words in above), []))
        elif run_in is not None:
            heading = Span(block.span.start, block.span.start + run_in.end())
            path = (*(words for _, words in above), run_in["head"].strip())
            begun.append((heading, _RUN_IN_LEVEL, path, [block]))
        else:
            begun[-1][3].append(block)
    parts = _parts([level for _, level, _, _ in begun])
    return tuple(
        Section(heading, level, path, tuple(blocks), count)
        for (heading, level, path, blocks), count in zip(begun, parts, strict=True)
    )


def _speaking(document: Document) -> Iterator[Block]:
    """Yield the blocks that are no furniture."""
    closed = False
    for number, block in enumerate(document.blocks):
        text = block.span.of(document.text)
        if block.kind is BlockKind.HEADING:
            closed = False
        elif block.kind is BlockKind.PARAGRAPH:
            is_last = 0 < number == len(document.blocks) - 1
            if (closed or is_last) and is_signature(text):
                continue
            closed = is_closing(text)
        if not is_furniture(text, block.kind) or block.kind is BlockKind.HEADING:
            yield block


def _parts(levels: Sequence[int]) -> list[int]:
    """Return, for each section, how many stand right after it at a deeper level."""
    counts = []
    for at, level in enumerate(levels):
        end = at + 1
        while end < len(levels) and levels[end] > level > 0:
            end += 1
        counts.append(end - at - 1)
    return counts
