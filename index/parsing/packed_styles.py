"""Styles that are packed into bytes, since a long web page sets hundreds of thousands of words."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping

from index.document import Span, Style, StyleKind
from index.parsing.packed_sequence import PackedSequence

_KINDS = tuple(StyleKind)
_KIND_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


class PackedStyles(PackedSequence[Style]):
    """Styles of level 0; `texts` are those of the styles that have one, by their numbers."""

    LAYOUT = struct.Struct("<BII")
    """Kind, start, end."""
    NAME = "style"

    def __init__(
        self,
        styles: Iterable[Style] = (),
        *,
        data: bytes | bytearray = b"",
        texts: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(data)
        self.texts = dict(texts or {})
        self += styles

    def __iadd__(self, styles: Iterable[Style]) -> PackedStyles:
        for style in styles:
            if style.text:
                self.texts[len(self)] = style.text
            kind = _KIND_NUMBERS[style.kind]
            self.data += self.LAYOUT.pack(kind, style.span.start, style.span.end)
        return self

    def _parts(self, fields: Iterable[tuple[int, int, int]], first: int) -> Iterator[Style]:
        for number, (kind, start, end) in enumerate(fields, first):
            yield Style(_KINDS[kind], Span(start, end), text=self.texts.get(number, ""))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedStyles) and self.texts != other.texts:
            return False
        return super().__eq__(other)

    __hash__ = None
