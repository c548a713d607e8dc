"""Stretches of a Markdown file: whole blocks that are parsed at once, so that memory is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LINE_BREAK = re.compile(r"\r\n?|\n")
_PARTS = {
    "bullet_list_open": ("list_item_open", 1),
    "ordered_list_open": ("list_item_open", 1),
    "table_open": ("tr_open", 2),
}
_CONTAINERS = frozenset({"bullet_list_open", "ordered_list_open", "blockquote_open"})
_LENGTH = 500_000
_HEADER_LINES = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """The tokens of some lines; `starts` are where the lines begin, and where the last one ends.

    With `continues`, its first list or table is the rest of the last one before.
    """

    starts: Sequence[int]
    tokens: Sequence[Token]
    continues: bool


def link_definitions(text: str, start: int) -> dict[str, Any]:
    """Return the definitions of links in a text that is read in several stretches."""
    found: dict[str, Any] = {}
    if len(text) - start > _LENGTH and "]:" in text:
        for _ in stretches(text, start, found):
            pass
    return found


def stretches(
    text: str, start: int, references: dict[str, Any], length: int = 0
) -> Iterator[Stretch]:
    """Yield the stretches of a text from an offset on, each of about so many characters.

    The definitions of links in them are added to `references`.
    """
    length = length or _LENGTH
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    most, header, number = length, "", 0
    while start < len(text):
        end = _line_end(text, start + most)
        found: dict[str, Any] = {"references": {}}
        tokens = parser.parse(header + text[start:end], found)
        if header:
            tokens = _without_header(tokens)
        starts = [start, *(match.end() for match in _LINE_BREAK.finditer(text, start, end)), end]
        cut = len(tokens) if end == len(text) else _cut(tokens)
        if not cut and end < len(text):
            most *= 2
            continue
        if cut < len(tokens):
            del starts[_line(tokens[cut]) + 1 :]
        above = _HEADER_LINES if header else 0
        for label, definition in found["references"].items():
            if definition["map"][0] - above < len(starts) - 1:
                references.setdefault(label, definition)
        if number:
            tokens[0].attrSet("start", number)
        yield Stretch(starts, tokens[:cut], continues=bool(header or number))
        number, was_header, header = 0, header, ""
        if cut < len(tokens) and tokens[cut].type == "list_item_open":
            number = _next_number(tokens[:cut])
        elif cut < len(tokens) and tokens[cut].type == "tr_open":
            top = _line(tokens[0])
            header = was_header or text[starts[top] : starts[top + _HEADER_LINES]]
        start, most = starts[-1], length


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _line_end(text: str, at: int) -> int:
    match = _LINE_BREAK.search(text, at)
    return match.end() if match else len(text)


def _cut(tokens: Sequence[Token]) -> int:
    """Return the place of the last token that begins a block, entry or row of its own; 0 for none.

    The last block may go on below.
    """
    tops = [at for at, token in enumerate(tokens) if at and token.map and not token.level]
    plain = [at for at in tops if tokens[at].type not in _CONTAINERS]
    if tops:
        return (plain or tops)[-1]
    if not tokens or tokens[0].type not in _PARTS:
        return 0
    part = _PARTS[tokens[0].type]
    places = [at for at, token in enumerate(tokens) if (token.type, token.level) == part]
    return places[-1] if len(places) > _HEADER_LINES else 0


def _next_number(tokens: Sequence[Token]) -> int:
    """Return the number of the entry that follows those of a list."""
    start = tokens[0].attrGet("start")
    entries = sum(token.type == "list_item_open" and token.level == 1 for token in tokens)
    return (1 if start is None else int(start)) + entries


def _without_header(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens below the header of a table, which was put above to read its rows."""
    ends = [at for at, token in enumerate(tokens) if token.type == "thead_close"]
    for token in tokens:
        if token.map:
            token.map = [max(line - _HEADER_LINES, 0) for line in token.map]
    return [tokens[0], *tokens[ends[0] + 1 :]]
