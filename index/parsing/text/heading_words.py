"""The words of a heading, without the marks of its format; in time linear in its length."""

from __future__ import annotations

import re

_LONGEST = 1_000
_UNDERLINES = ("=", "-", "~")
_OPENING_MARKS = re.compile(r"(?:(?:>|[-*+]|\d{1,9}[.)])\s+)*(?P<hashes>#{1,6}\s+)?")
_OF_WIKI = re.compile(r"={1,6}[ \t]+(?=[^\W\d_])")
_MARKS = re.compile(r"\*{1,3}|_{1,3}|`+")
_LINK = re.compile(r"!?\[(?P<words>[^\[\]]*)\]\([^()]*\)")


def heading_words(raw: str) -> str:
    """Return a heading's text without the marks of its format (`## Aims ##`, underlines)."""
    words = _without_underline(raw[:_LONGEST])
    marks = _OPENING_MARKS.match(words)
    is_marked = marks is not None and marks["hashes"] is not None
    if wiki := _OF_WIKI.match(words):
        words = words[wiki.end() :].rstrip().rstrip("=")
    if marks is not None and is_marked:
        words = _without_closing_hashes(words[marks.end() :])
    words = _LINK.sub(r"\g<words>", words)
    if is_marked or words.startswith(("*", "_", "`")):
        words = _without_emphasis(words)
    return " ".join(words.split())


def _without_underline(words: str) -> str:
    lines = words.rstrip().splitlines()
    if len(lines) == 3 and lines[0].strip() == lines[2].strip():  # drawn above as well
        lines = lines[1:]
        words = "\n".join(lines)
    drawn = lines[-1].strip().lstrip("> \t") if len(lines) > 1 else ""
    if drawn and drawn[0] in _UNDERLINES and not drawn.strip(drawn[0]):
        return "\n".join(lines[:-1])
    return words


def _without_closing_hashes(words: str) -> str:
    shorter = words.rstrip().rstrip("#")
    return shorter if shorter != shorter.rstrip() else words


def _without_emphasis(words: str) -> str:
    """Drop pairs of marks around words, as `**Aims**`; one that stands within a word is its own."""
    dropped: list[tuple[int, int]] = []
    opened: dict[str, tuple[int, int]] = {}
    for match in _MARKS.finditer(words):
        mark, (start, end) = match.group(), match.span()
        before, after = words[start - 1 : start], words[end : end + 1]
        closes = bool(before) and not before.isspace() and not _is_word(after)
        if closes and mark in opened:
            dropped += [opened.pop(mark), (start, end)]
            opened = {other: at for other, at in opened.items() if at < dropped[-2]}
        elif after and not after.isspace() and not _is_word(before):
            opened.setdefault(mark, (start, end))
    for start, end in sorted(dropped, reverse=True):
        words = words[:start] + words[end:]
    return words


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
