"""Discord's limits, and splitting text to fit them.

From https://discord.com/developers/docs/resources/message (content) and
https://discord.com/developers/docs/components/reference (components and their text), read for API
version 10. Discord counts UTF-16 code units in some places and code points in others. Here the
greater number, UTF-16 code units, is called units.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from bot.text import visible_line

CONTENT = 2_000
"""Units of a message's own text."""
LAYOUT = 4_000
"""Units of all text in a message that is a layout of components."""
COMPONENTS = 40
"""Components of a layout, those within others included."""
ROWS = 5
"""Rows of buttons below one message."""
BUTTONS_IN_ROW = 5
LABEL = 80
"""Units of a button's label."""
CUSTOM_ID = 100
"""Units of a button's id; the least is one."""

# Our own targets, with a margin for what is put above and for differences in counting.
CONTENT_AIM = 1_800
LAYOUT_AIM = 3_500
BLOCK = 3_200
"""Most units of markup that are not split."""

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"[.!?…][\"'»”’)\]]*\s+|[。！？]")
_WORD = re.compile(r"\s+")
_PREFIX = re.compile(r"(?:^|\n)> ?\Z")
_JOINS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 code units, such as 2 for most emoji."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, most: int, costs: Sequence[int] | None = None) -> list[str]:
    """Split `text` into pieces of at most `most` units (8 or more); together they are `text`.

    A piece ends with a paragraph, line, sentence or word if possible. A split never falls within
    an escape or within a quote's `> ` prefix. `costs` replaces the units of each character.
    """
    sums = list(accumulate(costs or [units(character) for character in text], initial=0))
    pieces = []
    start = 0
    while sums[-1] - sums[start] > most:
        furthest = bisect_right(sums, sums[start] + most) - 1
        end = _best_end(text, start, max(furthest, start + 1))
        pieces.append(text[start:end])
        start = end
    return [*pieces, text[start:]] if start < len(text) or not pieces else pieces


def shortened(text: str, most: int) -> str:
    """Return a text on one line, without hidden signs, shortened with "…" to `most` units."""
    line = " ".join(visible_line(text).split()) or "…"
    return line if units(line) <= most else f"{split(line, most - 1)[0].rstrip()}…"


def _best_end(text: str, start: int, furthest: int) -> int:
    half = start + (furthest - start) // 2
    for boundary, earliest in (
        (_PARAGRAPH, half),
        (_LINE, half),
        (_SENTENCE, half),
        (_WORD, start),
    ):
        ends = [found.end() for found in boundary.finditer(text, earliest, furthest)]
        for end in reversed(ends):
            if not _tears(text, start, end):
                return end
    return next(_within_a_word(text, start, furthest), furthest)


def _within_a_word(text: str, start: int, furthest: int) -> Iterator[int]:
    """Yield where to split within a word, the best place first."""
    ends = range(furthest, start, -1)
    yield from (e for e in ends if not (_tears(text, start, e) or _tears_character(text, e)))
    yield from (end for end in ends if not _tears(text, start, end))


def _tears(text: str, start: int, end: int) -> bool:
    """Return whether a split at `end` falls within an escape or a quote's prefix."""
    before = text[start:end]
    backslashes = len(before) - len(before.rstrip("\\"))
    return backslashes % 2 == 1 or _PREFIX.search(before[-3:]) is not None


def _tears_character(text: str, end: int) -> bool:
    """Return whether a split at `end` falls within one visible character, such as an emoji."""
    following = text[end : end + 1]
    return (
        text[end - 1 : end] == "\u200d"
        or _JOINS.match(following) is not None
        or (bool(following) and unicodedata.category(following)[0] == "M")
    )
