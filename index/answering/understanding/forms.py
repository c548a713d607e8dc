"""A notation for the forms that questions have, compiled to regular expressions.

A form is a row of words. `(a|b c)` is one of several rows, `[a|b]` the same or nothing, `[a|b]*`
any number of them, and `<name>` any words, kept under that name; `<name=a|b>` keeps one of several.
Words in capitals stand for what is defined under them. A word may use `?` after a letter: `docs?`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent
from types import MappingProxyType

_TOKEN = re.compile(r"\]\*|[()\[\]|>]|<\w+=?|[^\s()\[\]|<>]+")
_CAPITALS = re.compile(r"[A-Z]{2,}")
_GROUP = re.compile(r"\((?!\?)")
_WORDS_IN_CAPITALS = re.compile(r"[A-Z]{3,}")


def patterns(table: str, words: Mapping[str, str] = MappingProxyType({})) -> tuple[str, ...]:
    """Return the regular expressions of a table, one a line.

    A line that is indented goes on with the one before, after a space unless it begins with "|".
    Words in capitals stand for what `words` has for them, and no group is kept.
    """
    whole = re.sub(r"\n +(?=\|)", "", dedent(table).strip())
    lines = _GROUP.sub("(?:", re.sub(r"\n +", " ", whole)).splitlines()
    return tuple(
        _WORDS_IN_CAPITALS.sub(lambda name: words.get(name.group(), name.group()), line)
        for line in lines
    )


class Form:
    """Some forms of a question: what one of them matches, it matches whole, in any case."""

    def __init__(self, text: str, words: Mapping[str, str]) -> None:
        """Take the forms, one a line; a line that is indented goes on with the one before."""
        lines = re.sub(r"\n[ \t]+", " ", dedent(text).strip()).splitlines()
        self._patterns = tuple(
            re.compile(_Compiler(line, words).pattern(), re.IGNORECASE) for line in lines
        )

    def match(self, question: str) -> Iterator[dict[str, str]]:
        """Yield, for each form that a question has, what stands under its names."""
        for pattern in self._patterns:
            if match := pattern.fullmatch(f"{question} "):
                yield {
                    name.rpartition("_")[0]: value.strip()
                    for name, value in match.groupdict().items()
                    if value
                }


class _Compiler:
    def __init__(self, form: str, words: Mapping[str, str]) -> None:
        self._words = words
        self._tokens = _TOKEN.findall(form)
        self._place = 0
        self._names = 0

    def pattern(self) -> str:
        return self._alternatives(until=())

    def _alternatives(self, until: Sequence[str]) -> str:
        """Compile rows up to one of `until`; each word is matched with the space after it."""
        rows: list[str] = [""]
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            if token in until:
                break
            self._place += 1
            if token == "|":
                rows.append("")
            else:
                rows[-1] += self._element(token)
        return "|".join(rows)

    def _element(self, token: str) -> str:
        if token == "(":
            return f"(?:{self._group(')')[0]})"
        if token == "[":
            inside, end = self._group("]", "]*")
            return f"(?:{inside}){'*' if end == ']*' else '?'}"
        if token.startswith("<"):
            self._names += 1
            inside, _ = self._group(">")
            return f"(?P<{token.strip('<=')}_{self._names}>{inside or '.+? '})"
        if _CAPITALS.fullmatch(token):
            compiler = _Compiler(self._words[token], self._words)
            compiler._names = self._names + 100
            return f"(?:{compiler.pattern()})"
        return f"{re.escape(token).replace(chr(92) + '?', '?')} "

    def _group(self, *ends: str) -> tuple[str, str]:
        inside = self._alternatives(ends)
        end = self._tokens[self._place]
        self._place += 1
        return inside, end
