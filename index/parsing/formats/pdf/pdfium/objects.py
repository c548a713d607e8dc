"""What is drawn on a page of a PDF beside its text: rules, pictures and filled areas."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2_raw as pdfium
from numpy.typing import NDArray

from index.parsing.formats.pdf.pdfium.calls import Calls, address

_MOST_OBJECTS = 100_000
_MOST_PATHS = 20_000  # with more, the lines are a drawing
_MOST_SEGMENTS = 20_000
_THIN = 2.5
_THICK = 12.0  # of a line that is drawn, with its bounds
_DEEPEST = 6


@dataclass(frozen=True, slots=True, eq=False)
class PageObjects:
    """Each float32 (n, 4): left, bottom, right and top in the page's own units.

    `rules` are thin lines and the edges of boxes, `images` pictures and shadings, and `fills` the
    areas that are filled with another colour than white. `texts` are the addresses of text objects.
    """

    texts: list[int]
    rules: NDArray[np.float32]
    images: NDArray[np.float32]
    fills: NDArray[np.float32]


class _Collector:
    def __init__(self) -> None:
        self.texts: list[int] = []
        self.rules: list[NDArray[np.float32]] = []
        self.images: list[NDArray[np.float32]] = []
        self.fills: list[NDArray[np.float32]] = []
        self.objects = 0
        self.paths = 0
        self.segments = 0

    def add(self, handles: list[int], matrix: NDArray[np.float64], depth: int) -> None:
        self.objects += len(handles)
        handles = [handle for handle in handles if handle]
        if not handles:
            return
        types = Calls.types(handles)
        drawn = [handles[at] for at in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_PATH)]
        self.paths += len(drawn)
        if drawn and self.paths <= _MOST_PATHS:
            self._add_paths(drawn, matrix)
        self.texts += [handles[at] for at in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_TEXT)]
        pictured = (types == pdfium.FPDF_PAGEOBJ_IMAGE) | (types == pdfium.FPDF_PAGEOBJ_SHADING)
        if pictured.any():
            pictures = [handles[at] for at in np.flatnonzero(pictured)]
            self.images.append(_moved(Calls.bounds(pictures), matrix))
        for at in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_FORM).tolist():
            form = ctypes.cast(handles[at], pdfium.FPDF_PAGEOBJECT)
            count = pdfium.FPDFFormObj_CountObjects(form)
            if depth < _DEEPEST and count > 0 and self.objects + count <= _MOST_OBJECTS:
                inner = Calls.inner_objects(handles[at], count)
                self.add(inner, _matrix_of(form) @ matrix, depth + 1)

    def _add_paths(self, paths: list[int], matrix: NDArray[np.float64]) -> None:
        bounds = _moved(Calls.bounds(paths), matrix)
        modes, counts = Calls.draw_modes(paths), Calls.segment_counts(paths)
        is_white = np.all(Calls.fills(paths)[:, :3] >= 250, axis=1)
        width, height = bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]
        filled, stroked = modes[:, 0] != 0, modes[:, 1] != 0
        self.fills.append(bounds[filled & ~is_white])
        visible = stroked | (filled & ~is_white)
        thin = visible & ((width <= _THIN) | (height <= _THIN))
        # The bounds of a line that is drawn go beyond it by its width, on each side.
        narrow = np.minimum(width, height)
        thin |= (
            stroked & (counts < 4) & (narrow <= _THICK) & (narrow * 2 < np.maximum(width, height))
        )
        self.rules.append(_centred(bounds[thin]))
        boxes = visible & ~thin & (counts >= 4) & (counts <= 6)
        self.rules.append(_edges(bounds[boxes]))
        for at in np.flatnonzero(stroked & ~thin & (counts > 6)).tolist():
            self.segments += int(counts[at])
            if self.segments > _MOST_SEGMENTS:
                break
            self._add_lines(paths[at], int(counts[at]), matrix)

    def _add_lines(self, path: int, count: int, matrix: NDArray[np.float64]) -> None:
        """Add the straight lines of a path that draws many at once, as a grid."""
        kinds, points = Calls.segments(path, count)
        lines = np.flatnonzero(kinds[1:] == pdfium.FPDF_SEGMENT_LINETO) + 1
        found = np.concatenate((points[lines - 1], points[lines]), axis=1)
        found = _moved(found, matrix)
        across, down = found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]
        straight = ((across <= 1) | (down <= 1)) & (across + down > _THIN)
        self.rules.append(_centred(found[straight]))


def objects_of(page: Any) -> PageObjects:
    """Return what is drawn on a page beside its text."""
    count = pdfium.FPDFPage_CountObjects(page)
    collector = _Collector()
    if 0 < count <= _MOST_OBJECTS:
        collector.add(Calls.objects(address(page), count), np.eye(3), 0)
    return PageObjects(
        collector.texts,
        _joined(collector.rules),
        _joined(collector.images),
        _joined(collector.fills),
    )


def _joined(parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.concatenate(parts) if parts else np.empty((0, 4), np.float32)


def _matrix_of(form: Any) -> NDArray[np.float64]:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(form, found):
        return np.eye(3)
    return np.array(
        [[found.a, found.b, 0.0], [found.c, found.d, 0.0], [found.e, found.f, 1.0]], np.float64
    )


def _moved(boxes: NDArray[np.float32], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return boxes through a matrix, their corners in order."""
    one = boxes[:, :2] @ matrix[:2, :2] + matrix[2, :2]
    two = boxes[:, 2:] @ matrix[:2, :2] + matrix[2, :2]
    return np.concatenate((np.minimum(one, two), np.maximum(one, two)), axis=1).astype(np.float32)


def _centred(thin: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return thin boxes as lines without a width."""
    lines = thin.copy()
    upright = (thin[:, 2] - thin[:, 0]) < (thin[:, 3] - thin[:, 1])
    lines[upright, 0] = lines[upright, 2] = thin[upright][:, [0, 2]].mean(axis=1)
    flat = ~upright
    lines[flat, 1] = lines[flat, 3] = thin[flat][:, [1, 3]].mean(axis=1)
    return lines


def _edges(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    left, bottom, right, top = boxes.T
    edges = [(left, bottom, right, bottom), (left, top, right, top)]
    edges += [(left, bottom, left, top), (right, bottom, right, top)]
    return np.concatenate([np.stack(edge, axis=1) for edge in edges])
