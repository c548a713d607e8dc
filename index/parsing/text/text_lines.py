"""Lines of a plain text, and what their widths and neighbours say about them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from index.parsing.text.characters import WRAP, cells_of, ends_sentence

_KEPT = 2_000  # lines that were made, so that those nearby are not made again
_FAR_ENOUGH = 270  # characters after which it is settled that a text is long
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_DELIMITERS = re.compile(r"[-+:|=\s]*[-=]{2,}[-+:|=\s]*")


@dataclass(frozen=True, slots=True)
class TextLine:
    """`start` and `end` leave out the white space around `text`; an empty line has no text."""

    start: int
    end: int
    indent: int
    text: str

    @property
    def width(self) -> int:
        return self.indent + len(self.text)


class TextLines:
    """The lines of one text by number, from 0.

    They are made when they are asked for, since a long text takes much memory as it is.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts, self._ends, self._indents = array("L"), array("L"), array("L")
        for start, end, indent in _split(text):
            self._starts.append(start)
            self._ends.append(end)
            self._indents.append(indent)
        self._made: dict[int, TextLine] = {}
        self._width = max(
            (w for w in map(self._width_of, range(len(self))) if w <= WRAP), default=0
        )
        self._unwrapped = self._find_unwrapped()

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, at: int) -> TextLine:
        line = self._made.get(at)
        if line is None:
            start, end = self._starts[at], self._ends[at]
            line = TextLine(start, end, self._indents[at], self._text[start:end])
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[at] = line
        return line

    def next(self, at: int) -> int | None:
        """Return the number of the next line with text."""
        return next((n for n in range(at + 1, len(self)) if self._has_text(n)), None)

    def previous(self, at: int) -> int | None:
        """Return the number of the last line with text before this one."""
        return next((n for n in range(at - 1, -1, -1) if self._has_text(n)), None)

    def is_unwrapped(self, at: int) -> bool:
        """Return whether the lines around this one are whole paragraphs, each on one line."""
        return at < len(self) and bool(self._unwrapped[at])

    def has_room(self, at: int, share: float) -> bool:
        """Return whether the first word of the next line would have fitted on this line.

        The line is taken to be as wide as `share` of the widest wrapped line.
        """
        word = self[at + 1].text.split(maxsplit=1)[0]
        return self[at].width + 1 + len(word) <= share * self._width

    def runs_on(self, at: int) -> bool:
        """Return whether the line was wrapped, so that the next one continues its paragraph."""
        if self.is_unwrapped(at):
            return False
        if not ends_sentence(self[at].text):
            return True
        next_is_indented = self[at + 1].indent >= self[at].indent + 2
        return not next_is_indented and not self.has_room(at, 0.85)

    def length_from(self, at: int) -> int:
        """Count the characters of the paragraph that begins here, until it is clearly long."""
        length = 0
        for number in range(at, len(self)):
            text = self[number].text
            if not text or length > _FAR_ENOUGH:
                break
            length += len(text)
            if self.is_unwrapped(number):
                break
        return length

    def table_end(self, at: int) -> int:
        """Return the line after the table that begins here, or this line where none does."""
        begin = at + 1 if self.is_table_rule(at) else at
        columns = self._columns(begin)
        if columns < 2:
            return at
        end = begin + 1
        while self._columns(end) == columns or self.is_table_rule(end):
            end += 1
        rows = sum(1 for number in range(at, end) if not self.is_table_rule(number))
        return end if rows >= 2 or end - at >= 2 else at

    def is_table_rule(self, at: int) -> bool:
        """Return whether the line only draws a rule between the rows of a table."""
        text = self[at].text if at < len(self) else ""
        drawn = ("|" in text or "+" in text) and len(text) <= 1000
        return drawn and _DELIMITERS.fullmatch(text) is not None

    def _columns(self, at: int) -> int:
        text = self[at].text if at < len(self) else ""
        return len(cells_of(text)) if "|" in text.strip("|") and not self.is_table_rule(at) else 0

    def _has_text(self, at: int) -> bool:
        return self._starts[at] < self._ends[at]

    def _width_of(self, at: int) -> int:
        return self._indents[at] + self._ends[at] - self._starts[at]

    def _find_unwrapped(self) -> bytearray:
        """Mark the stretches without empty lines in which a line is too long to be wrapped."""
        found = bytearray(len(self))
        first, is_wide = 0, False
        for number in range(len(self) + 1):
            if number < len(self) and self._has_text(number):
                is_wide |= self._width_of(number) > WRAP
                continue
            if is_wide:
                found[first:number] = b"\1" * (number - first)
            first, is_wide = number + 1, False
        return found


def _split(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where the text of each line begins and ends, and how far it is indented."""
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            yield match.start(), match.start(), 0
            continue
        lead = line[: len(line) - len(line.lstrip())]
        start = match.start() + len(lead)
        yield start, start + len(stripped), len(lead.expandtabs(4))
