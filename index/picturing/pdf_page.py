"""A page of a PDF as it is, with an excerpt marked."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw

from index.errors import UnreadableDocument
from index.parsing.formats.pdf.pdfium.engine import PdfFile
from index.parsing.limits import ParsingLimits
from index.picturing.marks import boxes_of
from index.picturing.picture import Picture
from index.picturing.png import encoded

_LONGEST_SIDE = 1_800
_MARK = (255, 236, 120)
_PAD = 0.12
"""Of a mark's height, beyond its words."""
_MOST_WORDS = 20_000
"""A page with more is drawn, and nothing is looked for on it."""


def draw_page(
    data: bytes, number: int, excerpt: str, before: str, limits: ParsingLimits
) -> Picture:
    """Draw a page (from 1) of a PDF; raises UnreadableDocument."""
    with PdfFile.open(data, limits) as file:
        if not 1 <= number <= file.page_count:
            raise UnreadableDocument("it has no such page")
        drawn = file.drawing(number, _LONGEST_SIDE, with_words=bool(excerpt))
    if drawn is None:
        raise UnreadableDocument("this page is damaged and cannot be drawn")
    pixels, content = drawn
    image = Image.fromarray(pixels)
    boxes = []
    if content and len(content.words) <= _MOST_WORDS:
        boxes = boxes_of(content.words, excerpt, before)
        if boxes:
            marks = Image.new("RGB", image.size, "white")
            draw = ImageDraw.Draw(marks)
            scale = image.width / max(content.width, 1)
            for box in boxes:
                pad = (box.bottom - box.top) * _PAD
                place = (box.left - pad, box.top - pad, box.right + pad, box.bottom + pad)
                draw.rectangle([side * scale for side in place], fill=_MARK)
            image = ImageChops.multiply(image, marks)
    return Picture(encoded(image), image.width, image.height, bool(boxes))
