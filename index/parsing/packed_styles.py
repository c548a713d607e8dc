"""Styles that are packed into bytes, since a long web page sets hundreds of thousands of words."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

from index.document import Span, Style, StyleKind

__all__ = ["PackedStyles"]

_STYLE = struct.Struct("<BII")
"""Kind, start, end."""
_KINDS = tuple(StyleKind)
_KIND_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


class PackedStyles(Sequence[Style]):
    """A sequence of styles of level 0, each of which is made anew whenever it is asked for.

    `data` are their bytes, `texts` those of the styles that have one, by their numbers. Raises
    ValueError where the bytes are not whole styles.
    """

    def __init__(
        self,
        styles: Iterable[Style] = (),
        *,
        data: bytes | bytearray = b"",
        texts: Mapping[int, str] | None = None,
    ) -> None:
        if len(data) % _STYLE.size:
            raise ValueError("a style is cut off")
        self.data = bytearray(data)
        self.texts = dict(texts or {})
        self += styles

    def __iadd__(self, styles: Iterable[Style]) -> PackedStyles:
        for style in styles:
            if style.text:
                self.texts[len(self)] = style.text
            kind = _KIND_NUMBERS[style.kind]
            self.data += _STYLE.pack(kind, style.span.start, style.span.end)
        return self

    def __len__(self) -> int:
        return len(self.data) // _STYLE.size

    def __iter__(self) -> Iterator[Style]:
        for number, (kind, start, end) in enumerate(_STYLE.iter_unpack(self.data)):
            yield Style(_KINDS[kind], Span(start, end), text=self.texts.get(number, ""))

    @overload
    def __getitem__(self, at: int) -> Style: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Style]: ...
    def __getitem__(self, at: int | slice) -> Style | Sequence[Style]:
        if isinstance(at, slice):
            return tuple(self[number] for number in range(*at.indices(len(self))))
        number = at + len(self) if at < 0 else at
        if not 0 <= number < len(self):
            raise IndexError(at)
        kind, start, end = _STYLE.unpack_from(self.data, number * _STYLE.size)
        return Style(_KINDS[kind], Span(start, end), text=self.texts.get(number, ""))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedStyles):
            return self.data == other.data and self.texts == other.texts
        return isinstance(other, tuple) and tuple(self) == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))
