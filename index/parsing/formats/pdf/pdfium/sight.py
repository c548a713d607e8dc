"""How a page of a PDF is seen, against how its file counts: turned, and cut to what is visible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2_raw as pdfium
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sight:
    """How a page is seen: its visible rectangle, turned clockwise by `turns` quarters."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        across, down = self.right - self.left, self.top - self.bottom
        return (down, across) if self.turns % 2 else (across, down)

    def boxes(self, left: Any, bottom: Any, right: Any, top: Any) -> NDArray[np.float32]:
        """Return rectangles of the page as they are seen: left, top, right, bottom."""
        if self.turns == 1:
            seen = (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        elif self.turns == 2:
            seen = (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        elif self.turns == 3:
            seen = (self.top - top, self.right - right, self.top - bottom, self.right - left)
        else:
            seen = (left - self.left, self.top - top, right - self.left, self.top - bottom)
        return np.stack(seen, axis=-1).astype(np.float32)


def sight_of(page: Any) -> Sight:
    """Return how a page is seen."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box) or box.right <= box.left:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        box.left, box.bottom, box.right, box.top = 0, 0, width, height
    turns = pdfium.FPDFPage_GetRotation(page) % 4
    return Sight(box.left, box.bottom, box.right, box.top, turns)
