"""Words as they are set, broken into lines of a width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from index.document import Span, Style, StyleKind
from index.picturing.fonts import Face, width_of

_BOLD, _ITALIC, _STRUCK, _MONOSPACED, _LINK, _MARKED = (1 << bit for bit in range(6))
_OF_WORDS = {
    StyleKind.BOLD: _BOLD,
    StyleKind.ITALIC: _ITALIC,
    StyleKind.STRUCK: _STRUCK,
    StyleKind.MONOSPACED: _MONOSPACED,
    StyleKind.LINK: _LINK,
}
_PRESERVED_SPACES = {" ": "\xa0", "\t": "\xa0" * 4}
"""Spaces at which no line is broken."""
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that are set alike; between two words stands a piece with a space."""

    text: str
    face: Face
    is_marked: bool = False
    is_struck: bool = False
    is_link: bool = False

    @property
    def width(self) -> float:
        return width_of(self.text, self.face)


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces from left to right. `is_right_to_left` says at which side the line begins."""

    pieces: tuple[Piece, ...]
    is_right_to_left: bool = False

    @property
    def width(self) -> float:
        return sum(piece.width for piece in self.pieces)


class SeenText:
    """What is seen of a text, and how each of its characters is set."""

    def __init__(self, text: str, styles: Iterable[Style], marks: Iterable[Span]) -> None:
        self._seen = list(text)
        self._set = bytearray(len(text))
        done = 0
        for style in styles:
            start, end = style.span.start, min(style.span.end, len(text))
            if style.kind in _OF_WORDS:
                self._add(start, end, _OF_WORDS[style.kind])
            elif style.kind is StyleKind.INSTEAD and done <= start < end:
                self._seen[start:end] = [style.text, *[""] * (end - start - 1)]
                done = end
        for mark in marks:
            self._add(mark.start, min(mark.end, len(text)), _MARKED)

    def _add(self, start: int, end: int, flag: int) -> None:
        for at in range(start, end):
            self._set[at] |= flag

    def of(self, span: Span) -> str:
        """Return what is seen at `span`."""
        return "".join(self._seen[span.start : span.end])

    def is_marked(self, span: Span) -> bool:
        """Return whether any of `span` belongs to the excerpt."""
        return any(self._set[at] & _MARKED for at in range(span.start, span.end))

    def paragraphs(
        self, span: Span, face: Face, *, keeps_spaces: bool = False
    ) -> Iterator[list[Piece]]:
        """Yield the pieces of each line that the text has itself, runs of spaces as one."""
        line: list[tuple[str, int]] = []
        for at in range(span.start, span.end):
            for sign in self._seen[at]:
                if sign == "\n":
                    yield _pieces(line, face)
                    line = []
                elif keeps_spaces:
                    line += [(each, self._set[at]) for each in _PRESERVED_SPACES.get(sign, sign)]
                else:
                    line.append((" " if sign.isspace() else sign, self._set[at]))
        yield _pieces(line, face)


def _pieces(signs: Sequence[tuple[str, int]], face: Face) -> list[Piece]:
    pieces: list[Piece] = []
    for (is_space, flags), group in groupby(signs, key=lambda pair: (pair[0] == " ", pair[1])):
        text = " " if is_space else "".join(sign for sign, _ in group)
        if is_space and (not pieces or pieces[-1].text == " "):
            continue
        pieces.append(
            Piece(
                text,
                face._replace(
                    is_bold=face.is_bold or bool(flags & _BOLD),
                    is_italic=face.is_italic or bool(flags & _ITALIC),
                    is_monospaced=face.is_monospaced or bool(flags & _MONOSPACED),
                ),
                is_marked=bool(flags & _MARKED),
                is_struck=bool(flags & _STRUCK),
                is_link=bool(flags & _LINK),
            )
        )
    return pieces[:-1] if pieces and pieces[-1].text == " " else pieces


def lines_of(pieces: Sequence[Piece], width: float) -> list[Line]:
    """Break pieces into lines of at most this width; a longer word is broken within."""
    turned = _is_right_to_left(pieces)
    lines: list[Line] = []
    line: list[Piece] = []
    used = 0.0
    for word in _words(pieces):
        space = word[0] if word[0].text == " " else None
        rest = word[1:] if space else word
        own = sum(piece.width for piece in rest)
        room = space.width if space and line else 0.0
        if line and used + room + own > width:
            lines.append(_line(line, turned))
            line, used, space = [], 0.0, None
        if own > width:
            *whole, rest = _broken(rest, width)
            lines += [_line(part, turned) for part in whole]
            own = sum(piece.width for piece in rest)
        if space and line:
            line.append(space)
            used += room
        line += rest
        used += own
    return [*lines, _line(line, turned)] if line else lines


def _words(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield words with the space before them."""
    word: list[Piece] = []
    for piece in pieces:
        if piece.text == " " and word:
            yield word
            word = []
        word.append(piece)
    if word:
        yield word


def _broken(word: Sequence[Piece], width: float) -> list[list[Piece]]:
    """Return the parts of a word that is wider than a line."""
    parts: list[list[Piece]] = [[]]
    used = 0.0
    for piece in word:
        text = piece.text
        while text:
            fitting = _fitting(text, piece.face, width - used) or (0 if used else 1)
            if fitting:
                parts[-1].append(replace(piece, text=text[:fitting]))
                used += width_of(text[:fitting], piece.face)
                text = text[fitting:]
            if text:
                parts.append([])
                used = 0.0
    return parts


def _fitting(text: str, face: Face, width: float) -> int:
    """Return how many of the first characters fit."""
    low, high = 0, min(len(text), 400)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(text[:middle], face) <= width else (low, middle - 1)
    return low


def _line(pieces: Sequence[Piece], turned: bool) -> Line:
    """Put the pieces of a line from left to right, as they are seen."""
    runs = [
        (is_turned, list(group))
        for is_turned, group in groupby(_directed(pieces, turned), key=lambda pair: pair[0])
    ]
    ordered = [
        [piece for _, piece in (reversed(group) if is_turned else group)]
        for is_turned, group in runs
    ]
    if turned:
        ordered.reverse()
    return Line(tuple(piece for group in ordered for piece in group), turned)


def _directed(pieces: Sequence[Piece], turned: bool) -> list[tuple[bool, Piece]]:
    """Return each piece with whether it is read from the right; spaces go with what is around."""
    strong = [_direction(piece.text) for piece in pieces]
    found = []
    last = turned
    for at, piece in enumerate(pieces):
        own = strong[at]
        if own is None:
            following = next((one for one in strong[at + 1 :] if one is not None), turned)
            own = last if last == following else turned
        else:
            last = own
        found.append((own, piece))
    return found


def _direction(text: str) -> bool | None:
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in _RIGHT_TO_LEFT:
            return True
        if kind == "L" or kind == "EN":
            return False
    return None


def _is_right_to_left(pieces: Sequence[Piece]) -> bool:
    return next((found for p in pieces if (found := _direction(p.text)) is not None), False)
