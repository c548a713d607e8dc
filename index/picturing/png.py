"""PNG: pictures as files of few bytes."""

from __future__ import annotations

import io

from PIL import Image

_COLOURS = 128


def encoded(image: Image.Image) -> bytes:
    """Return the PNG of an image, with so few colours that it is small."""
    out = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=False)
    return out.getvalue()
