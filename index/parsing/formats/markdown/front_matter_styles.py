"""How front matter is set: the name of a field in bold, its value after it, and no other signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Span, Style, StyleKind

_FENCE = re.compile(r"(?:---|\+\+\+|\.\.\.)[ \t]*")
_LINE = re.compile(r"[^\r\n]+")
_FIELD = re.compile(r"(?P<key>\w[\w -]{0,60}?)(?P<sign>[ \t]*[:=](?:[ \t]+|$))(?P<value>.*)")
_QUOTES = "'\""


def field_styles(front: str) -> Iterator[Style]:
    """Yield how front matter is set, if it is written as YAML or TOML."""
    lines = list(_LINE.finditer(front))
    if len(lines) < 2 or not _FENCE.fullmatch(lines[0][0]):
        return
    yield _instead(0, lines[1].start())
    for line in lines[1:]:
        field = _FIELD.fullmatch(line[0])
        if _FENCE.fullmatch(line[0]):
            yield _instead(line.start(), line.end())
        elif field is not None:
            start = line.start()
            key, end = field["key"], start + field.end("sign")
            if key[0].upper() != key[0]:
                yield _instead(start, start + 1, key[0].upper()[:1])
            yield Style(StyleKind.BOLD, Span(start, start + len(key)))
            yield _instead(start + len(key), end, " " if field["value"] else "")
            yield from _unquoted(field["value"].rstrip(), end)


def _unquoted(value: str, start: int) -> Iterator[Style]:
    if len(value) > 2 and value[0] == value[-1] and value[0] in _QUOTES:
        yield _instead(start, start + 1)
        yield _instead(start + len(value) - 1, start + len(value))


def _instead(start: int, end: int, text: str = "") -> Style:
    return Style(StyleKind.INSTEAD, Span(start, end), text=text)
