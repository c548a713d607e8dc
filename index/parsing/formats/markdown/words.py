"""How the words of a Markdown paragraph are set: markdown-it reads them, and each sign is found.

markdown-it tells no places within a paragraph, so each of its rules is asked where it began and
ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from index.document import Span, Style, StyleKind
from index.parsing.text.styling import KINDS_OF_TAGS

_Rule = Callable[[StateInline, bool], bool]

_LONGEST = 20_000
_MOST = 200
"""A paragraph with more brackets or the like is left as it is written, since they take time by
their square."""
_OPENINGS = {"link": "[", "image": "!["}
_SIGNS = re.compile(r"[*_~`\[\]\\<&]")
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]{0,20})(?:\s[^<>]{0,1000})?/?>", re.IGNORECASE
)
_PLAIN_TAGS = frozenset(
    "a abbr big cite dfn font ins mark q small span sub sup time u var wbr".split()
)


@dataclass(slots=True)
class _Noted:
    """What a rule made of the characters from `start` to `end`."""

    rule: str
    start: int
    end: int
    tokens: list[Token]
    label_end: int = 0
    widths: tuple[int, ...] = ()


@dataclass(slots=True)
class _Notes:
    found: list[_Noted] = field(default_factory=list)


class WordReader:
    """Reads the words of paragraphs; `references` are the link definitions of their document."""

    def __init__(self, references: dict[str, Any]) -> None:
        self._parser = MarkdownIt("commonmark").enable("strikethrough")
        self._parser.inline.ruler.at("html_inline", _tag)  # theirs takes time by the square
        self._references = references
        self._notes = _Notes()
        for name in self._parser.inline.ruler.get_active_rules():
            self._watch(name)

    def styles(self, text: str) -> list[Style]:
        """Return how the words of a paragraph are set, with offsets in `text`."""
        if not _SIGNS.search(text) or len(text) > _LONGEST:
            return []
        if any(text.count(sign) > _MOST for sign in "[<&"):
            return []
        self._notes.found.clear()
        tokens: list[Token] = []
        env = {"references": self._references}
        self._parser.inline.parse(text, self._parser, env, tokens)
        return [
            *self._of_signs(text),
            *_of_pairs(tokens, self._places()),
            *_of_tags([noted for noted in self._notes.found if noted.rule == "html_inline"]),
        ]

    def _watch(self, name: str) -> None:
        ruler = self._parser.inline.ruler
        rule: _Rule = next(one.fn for one in ruler.__rules__ if one.name == name)
        found = self._notes.found

        def watched(state: StateInline, silent: bool) -> bool:
            start, notes = state.pos, len(found)
            tokens = len(state.tokens) + bool(state.pending)  # which becomes a token first
            label_end = 0
            if not silent and name in _OPENINGS and state.src.startswith(_OPENINGS[name], start):
                label = start + (name == "image")
                label_end = state.md.helpers.parseLinkLabel(state, label, name == "link")
                state.pos = start
            if not rule(state, silent):
                return False
            if not silent:
                if name == "image":  # the rules within it began to count at its label
                    del found[notes:]
                made = state.tokens[tokens:]
                widths = tuple(len(token.content) for token in made)
                found.append(_Noted(name, start, state.pos, made, label_end, widths))
            return True

        ruler.at(name, watched)

    def _places(self) -> dict[int, int]:
        """Return where each sign of emphasis stands, by the identity of its token."""
        places = {}
        for noted in self._notes.found:
            if noted.rule in ("emphasis", "strikethrough"):
                at = noted.start
                for token, width in zip(noted.tokens, noted.widths, strict=True):
                    places[id(token)] = at
                    at += width
        return places

    def _of_signs(self, text: str) -> Iterator[Style]:
        for noted in self._notes.found:
            start, end = noted.start, noted.end
            match noted.rule, [token.type for token in noted.tokens]:
                case "escape", ["text_special"] if noted.tokens[0].content != text[start:end]:
                    yield _instead(start, start + 1)  # before a letter, a backslash is one
                case "entity", ["text_special"]:
                    yield _instead(start, end, noted.tokens[0].content)
                case "backticks", ["code_inline"]:
                    width = len(noted.tokens[0].markup)
                    inner = text[start + width : end - width]
                    if inner[:1] == inner[-1:] == " " and inner.strip():
                        width += 1
                    yield _instead(start, start + width)
                    yield Style(StyleKind.MONOSPACED, Span(start + width, end - width))
                    yield _instead(end - width, end)
                case "autolink", _:
                    yield _instead(start, start + 1)
                    yield _instead(end - 1, end)
                case "link", _ if noted.label_end > start + 1:
                    address = str(noted.tokens[0].attrGet("href") or "")
                    yield _instead(start, start + 1)
                    yield Style(
                        StyleKind.LINK, Span(start + 1, noted.label_end), text=address[:2_000]
                    )
                    yield _instead(noted.label_end, end)
                case "image", _ if noted.label_end > start + 2:
                    yield _instead(start, start + 2)
                    yield _instead(noted.label_end, end)
                case _:
                    pass


def _tag(state: StateInline, silent: bool) -> bool:
    """Read a tag of HTML, as a rule of markdown-it."""
    tag = _TAG.match(state.src, state.pos)
    if tag is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = tag[0]
    state.pos = tag.end()
    return True


def _instead(start: int, end: int, text: str = "") -> Style:
    return Style(StyleKind.INSTEAD, Span(start, end), text=text)


def _of_pairs(tokens: list[Token], places: dict[int, int]) -> Iterator[Style]:
    """Yield what stands between two signs of emphasis, and the signs, which are not seen."""
    opened: list[int] = []
    for token in tokens:
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind not in ("strong", "em", "s") or id(token) not in places:
            continue
        place, width = places[id(token)], 1 if kind == "em" else 2
        if token.nesting == 1:
            start = place - 1 if kind == "strong" else place
            yield _instead(start, start + width)
            opened.append(start + width)
        elif opened:
            yield _instead(place, place + width)
            yield Style(KINDS_OF_TAGS[kind], Span(opened.pop(), place))


def _of_tags(found: list[_Noted]) -> Iterator[Style]:
    """Yield what stands between two tags of HTML, and the tags that are known, which are not seen.

    Others may be words in angle brackets.
    """
    opened: list[tuple[str, int]] = []
    for noted in found:
        tag = _TAG.match(noted.tokens[0].content)
        name = tag["name"].lower() if tag else ""
        if name == "br":
            yield _instead(noted.start, noted.end, "\n")
        elif name in _PLAIN_TAGS:
            yield _instead(noted.start, noted.end)
        elif tag and name in KINDS_OF_TAGS:
            yield _instead(noted.start, noted.end)
            if not tag["end"]:
                opened.append((name, noted.end))
            elif opened and opened[-1][0] == name:
                yield Style(KINDS_OF_TAGS[name], Span(opened.pop()[1], noted.start))
