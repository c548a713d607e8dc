"""Signs that a text file names an audience in a way that cannot be understood or parsed.

A mistake in front matter must not open a document that somebody meant to close.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

NOT_UNDERSTOOD = "?"
"""Kept for an audience that cannot be understood; without it, the document would be for all."""
FRONT_MATTER = re.compile(
    r"(?:---[ \t]*(?:\r\n?|\n)(?P<yaml>.*?)(?<=[\r\n])(?:---|\.\.\.)"
    r"|\+\+\+[ \t]*(?:\r\n?|\n)(?P<toml>.*?)(?<=[\r\n])\+\+\+)[ \t]*(?=[\r\n]|\Z)",
    re.DOTALL,
)
_KEY = re.compile(r"\W*audiences?\W*", re.IGNORECASE)
_NAMED = re.compile(r"(?:\{.*[{,])?[^\w#]*audiences?(?!\w|['’-]\w)(?P<rest>.*)", re.IGNORECASE)
"""A line of YAML, TOML or JSON that may name an audience."""
_GIVEN = re.compile(r"\W*?[:=∶꞉ː]")
_FIELD = re.compile(r"[^\w#]*\w[\w .-]{0,40}\W*?[:=∶꞉ː]")
_FENCE = re.compile(r"\W+|(?:-{3,}|\+{3,}|`{3,}|~{3,})\W*(?:\w+|#.*)?")
"""What may be meant as the first or last line of front matter, also any line without a word."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WORD = re.compile(r"\w+")
_FEW, _SEVERAL = 3, 10
"""Most words that may name audiences, after the bare key and after a sign; more are prose."""
_TOP, _TOP_LINES, _TOP_LINE = 20_000, 20, 500
"""How far front matter is looked for: characters of the text, lines outside of fences, characters
of a line."""


def is_named_in(fields: object) -> bool:
    """Return whether a key at any depth is the word audience, whatever signs surround it."""
    values, known = [fields], set[int]()
    while values:
        value = values.pop()
        if id(value) in known:  # a YAML alias, of which there may be millions
            continue
        known.add(id(value))
        if isinstance(value, Mapping):
            if any(_KEY.fullmatch(unicodedata.normalize("NFKC", str(key))) for key in value):
                return True
            values += value.values()
        elif isinstance(value, list | tuple | set):
            values += value
    return False


def is_named_near_top(text: str) -> bool:
    """Return whether a line before the first heading and paragraph seems to name an audience.

    It may stand in front matter with a mistake in it, or without front matter. Inside fences, prose
    counts as a paragraph only behind an empty line, since YAML values may run over several lines.
    """
    return any(_names_audience(line, fenced) for _, line, fenced in lines_near_top(text))


def lines_near_top(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines that may be fields, each with its number and whether it is inside fences."""
    lines = [
        _UNSEEN.sub("", unicodedata.normalize("NFKC", line[:_TOP_LINE])).strip()
        for line in text[:_TOP].splitlines()
    ]
    fenced = begun = False
    left = _TOP_LINES
    for n, line in enumerate(lines):
        if not line:
            continue
        apart = n == 0 or not lines[n - 1]
        following = lines[n + 1] if n + 1 < len(lines) else ""
        if line.startswith("#"):
            if not (fenced and not apart) and (begun or not _leads_to_fence(lines[n:])):
                return
        elif _FENCE.fullmatch(line):
            fenced, begun = not fenced, True
        elif not begun and _is_underline(following):
            return
        else:
            yield n, line, fenced
            if _is_prose(line) and (apart or not fenced):
                return
        left -= not fenced
        if not left:
            return


def names_another_audience(beginning: bytes, text: str) -> bool:
    """Return whether the beginning of a Markdown file may name another audience than `text` does.

    `text` is that of an earlier version. The front matter is not parsed: any difference counts.
    A file without any names no audience.
    """
    # Dropping the zeros of UTF-16 and UTF-32 leaves text that is good enough to compare.
    decoded = beginning.replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff\ufffd")
    statement = _audience_statement(decoded)
    return bool(statement) and statement != _audience_statement(text)


def _audience_statement(text: str) -> str:
    """Return the part of a text in which an audience is or may be named; empty if there is none."""
    top = text[:_TOP]
    is_named = is_named_near_top(top)
    if front := FRONT_MATTER.match(top):
        return front.group().rstrip() + "?" * is_named
    return top if is_named or top.startswith("---") else ""


def _leads_to_fence(lines: list[str]) -> bool:
    """Return whether front matter follows below the headings or comments at the beginning."""
    after = next((line for line in lines if line and not line.startswith("#")), "")
    return _FENCE.fullmatch(after) is not None


def _is_underline(line: str) -> bool:
    """Return whether a line underlines a heading; three hyphens may end front matter instead."""
    return line != "---" and len(set(line)) == 1 and line[0] in "=-"


def _names_audience(line: str, fenced: bool) -> bool:
    named = _NAMED.fullmatch(line)
    if named is None:
        return False
    rest = named["rest"]
    words = len(_WORD.findall(rest))
    if _GIVEN.match(rest):
        return fenced or words <= _SEVERAL
    return fenced and words <= _FEW and ":" not in rest and not rest.endswith((".", "!", "?"))


def _is_prose(line: str) -> bool:
    if _FIELD.match(line):
        return False
    return _WORD.match(line) is not None or len(_WORD.findall(line)) > _SEVERAL
