"""Paper: what is to be drawn, by its place, and the picture that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from index.picturing.fonts import runs_of
from index.picturing.picture import Picture
from index.picturing.png import encoded
from index.picturing.words import Line

INK = (32, 34, 37)
_LINK = (20, 86, 170)
_MARK = (255, 228, 110)
_PAPER = (255, 255, 255)
_MOST_MISSING = 200
_LEADING = 1.36
"""The distance of lines, in sizes."""

_Colour = tuple[int, int, int]


@dataclass(slots=True)
class Paper:
    """A sheet of paper that grows downwards; `y` is how far it is filled."""

    width: int
    margin: int
    y: float = 0.0
    is_marked: bool = False
    missing: dict[str, None] = field(default_factory=dict)
    _areas: list[tuple[float, float, float, float, _Colour]] = field(default_factory=list)
    _marks: list[tuple[float, float, float, float]] = field(default_factory=list)
    _words: list[tuple[float, float, Line, _Colour]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.y = self.margin

    def area(self, left: float, top: float, right: float, bottom: float, colour: _Colour) -> None:
        """Fill a rectangle, below all words."""
        self._areas.append((left, top, right, bottom, colour))

    def line(self, line: Line, left: float, top: float, size: int, colour: _Colour = INK) -> None:
        """Write a line of words of at most `size`, whose room begins at `top`."""
        self._words.append((left, top, line, colour))
        x = left
        for piece in line.pieces:
            end = x + piece.width
            if piece.is_marked:
                self.is_marked = True
                self._marks.append((x - 2, top, end + 2, top + height_of(size)))
            for _, missing in runs_of(piece.text, piece.face):
                self.missing.update(dict.fromkeys(missing))
            x = end

    def picture(self, left_out_lines: int = 0, left_out_columns: int = 0) -> Picture:
        """Draw it all."""
        height = round(self.y + self.margin)
        image = Image.new("RGB", (self.width, height), _PAPER)
        draw = ImageDraw.Draw(image)
        for left, top, right, bottom, colour in self._areas:
            draw.rectangle((left, top, right, bottom), fill=colour)
        for mark in self._marks:
            draw.rectangle(mark, fill=_MARK)
        for x, top, line, colour in self._words:
            self._write(draw, x, top, line, colour)
        return Picture(
            encoded(image),
            image.width,
            image.height,
            self.is_marked,
            "".join(self.missing)[:_MOST_MISSING],
            left_out_lines,
            left_out_columns,
        )

    def _write(
        self, draw: ImageDraw.ImageDraw, x: float, top: float, line: Line, colour: _Colour
    ) -> None:
        for piece in line.pieces:
            size = piece.face.size
            foot = top + size * 1.06
            begin = x
            fill = _LINK if piece.is_link else colour
            for glyphs, _ in runs_of(piece.text, piece.face):
                draw.text((x, foot), glyphs.text, font=glyphs.font, fill=fill, anchor="ls")
                x += glyphs.font.getlength(glyphs.text)
            if piece.is_struck:
                draw.line((begin, foot - size * 0.3, x, foot - size * 0.3), fill=fill, width=2)
            if piece.is_link:
                draw.line((begin, foot + 4, x, foot + 4), fill=fill, width=2)


def height_of(size: int) -> float:
    """Return the room that a line of this size takes."""
    return size * _LEADING
