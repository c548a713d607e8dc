"""Calls of PDFium for many characters or objects at once: a loop in C around each function.

A call through pypdfium2's own bindings checks and converts every argument, which takes longer than
what PDFium does. Here handles and places of results are plain addresses.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2_raw as pdfium
from numpy.typing import NDArray

_ADDRESS, _INT, _UINT = ctypes.c_size_t, ctypes.c_int, ctypes.c_uint  # a void pointer may be None

_MOST_CLIPS = 8
"""Paths that an object is cut to, and their segments: more are no frame."""


def address(handle: Any) -> int:
    """Return a handle of pypdfium2 as the address that it holds; 0 for none."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _bare(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    place = address(getattr(pdfium, name))
    function: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(place)
    return function


class Calls:
    """Functions of PDFium; `handles` are addresses, `places` are those of characters."""

    _loose_box = _bare("FPDFText_GetLooseCharBox", _INT, _ADDRESS, _INT, _ADDRESS)
    _tight_box = _bare("FPDFText_GetCharBox", _INT, _ADDRESS, _INT, *[_ADDRESS] * 4)
    _origin = _bare("FPDFText_GetCharOrigin", _INT, _ADDRESS, _INT, *[_ADDRESS] * 2)
    _char_matrix = _bare("FPDFText_GetMatrix", _INT, _ADDRESS, _INT, _ADDRESS)
    _text_object = _bare("FPDFText_GetTextObject", _ADDRESS, _ADDRESS, _INT)
    _unicode = _bare("FPDFText_GetUnicode", _UINT, _ADDRESS, _INT)
    _text = _bare("FPDFText_GetText", _INT, _ADDRESS, _INT, _INT, _ADDRESS)
    _object = _bare("FPDFPage_GetObject", _ADDRESS, _ADDRESS, _INT)
    _inner_object = _bare("FPDFFormObj_GetObject", _ADDRESS, _ADDRESS, ctypes.c_ulong)
    _type = _bare("FPDFPageObj_GetType", _INT, _ADDRESS)
    _bounds = _bare("FPDFPageObj_GetBounds", _INT, _ADDRESS, *[_ADDRESS] * 4)
    _segments = _bare("FPDFPath_CountSegments", _INT, _ADDRESS)
    _segment = _bare("FPDFPath_GetPathSegment", _ADDRESS, _ADDRESS, _INT)
    _point = _bare("FPDFPathSegment_GetPoint", _INT, _ADDRESS, _ADDRESS, _ADDRESS)
    _segment_type = _bare("FPDFPathSegment_GetType", _INT, _ADDRESS)
    _fill = _bare("FPDFPageObj_GetFillColor", _INT, _ADDRESS, *[_ADDRESS] * 4)
    _mode = _bare("FPDFPath_GetDrawMode", _INT, _ADDRESS, _ADDRESS, _ADDRESS)
    _font = _bare("FPDFTextObj_GetFont", _ADDRESS, _ADDRESS)
    _font_size = _bare("FPDFTextObj_GetFontSize", _INT, _ADDRESS, _ADDRESS)
    _render_mode = _bare("FPDFTextObj_GetTextRenderMode", _INT, _ADDRESS)

    _clip = _bare("FPDFPageObj_GetClipPath", _ADDRESS, _ADDRESS)
    _clip_paths = _bare("FPDFClipPath_CountPaths", _INT, _ADDRESS)
    _clip_segments = _bare("FPDFClipPath_CountPathSegments", _INT, _ADDRESS, _INT)
    _clip_segment = _bare("FPDFClipPath_GetPathSegment", _ADDRESS, _ADDRESS, _INT, _INT)

    @classmethod
    def codes(cls, page: int, count: int) -> NDArray[np.uint32]:
        """Return the code point of each character."""
        text = np.empty(count + 1, np.uint16)
        if cls._text(page, 0, count, text.ctypes.data) == count + 1:
            return text[:count].astype(np.uint32)
        # A character beyond the first 65,536 takes two places, and one without a meaning none.
        return np.fromiter(map(cls._unicode, repeat(page), range(count)), np.uint32, count)

    @classmethod
    def text_objects(cls, page: int, places: Iterable[int], count: int) -> NDArray[np.uint64]:
        """Return which object each character belongs to; 0 for one that PDFium added."""
        return np.fromiter(map(cls._text_object, repeat(page), places), np.uint64, count)

    @classmethod
    def loose_boxes(cls, page: int, places: Iterable[int], count: int) -> NDArray[np.float32]:
        """Return left, top, right and bottom of characters, as wide as they advance."""
        boxes = np.zeros((count, 4), np.float32)
        _run(cls._loose_box, repeat(page), places, _rows(boxes))
        return boxes

    @classmethod
    def tight_boxes(cls, page: int, places: Iterable[int], count: int) -> NDArray[np.float64]:
        """Return left, right, bottom and top of what is drawn of characters."""
        boxes = np.zeros((count, 4))
        _run(cls._tight_box, repeat(page), places, *_columns(boxes))
        return boxes

    @classmethod
    def origins(cls, page: int, places: Iterable[int], count: int) -> NDArray[np.float64]:
        points = np.zeros((count, 2))
        _run(cls._origin, repeat(page), places, *_columns(points))
        return points

    @classmethod
    def matrices(cls, page: int, places: Iterable[int], count: int) -> NDArray[np.float32]:
        found = np.zeros((count, 6), np.float32)
        _run(cls._char_matrix, repeat(page), places, _rows(found))
        return found

    @classmethod
    def objects(cls, page: int, count: int) -> list[int]:
        return list(map(cls._object, repeat(page), range(count)))

    @classmethod
    def inner_objects(cls, form: int, count: int) -> list[int]:
        return list(map(cls._inner_object, repeat(form), range(count)))

    @classmethod
    def types(cls, handles: list[int]) -> NDArray[np.int32]:
        return np.fromiter(map(cls._type, handles), np.int32, len(handles))

    @classmethod
    def bounds(cls, handles: list[int]) -> NDArray[np.float32]:
        """Return left, bottom, right and top of objects."""
        found = np.zeros((len(handles), 4), np.float32)
        _run(cls._bounds, handles, *_columns(found))
        return found

    @classmethod
    def segment_counts(cls, paths: list[int]) -> NDArray[np.int32]:
        return np.fromiter(map(cls._segments, paths), np.int32, len(paths))

    @classmethod
    def segments(cls, path: int, count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the kind and the end of each segment of a path."""
        found = list(map(cls._segment, repeat(path), range(count)))
        points = np.zeros((count, 2), np.float32)
        _run(cls._point, found, *_columns(points))
        return np.fromiter(map(cls._segment_type, found), np.int32, count), points

    @classmethod
    def fills(cls, handles: list[int]) -> NDArray[np.uint32]:
        """Return red, green, blue and opacity of what fills each object."""
        found = np.zeros((len(handles), 4), np.uint32)
        _run(cls._fill, handles, *_columns(found))
        return found

    @classmethod
    def frame(cls, handle: int) -> tuple[float, float, float, float] | None:
        """Return left, bottom, right and top of what an object is cut to; None for nothing."""
        clip = cls._clip(handle)
        paths = cls._clip_paths(clip) if clip else 0
        if not 0 < paths <= _MOST_CLIPS:
            return None
        low, high = np.full(2, -np.inf), np.full(2, np.inf)
        for path in range(paths):
            count = cls._clip_segments(clip, path)
            if not 0 < count <= _MOST_CLIPS:
                return None
            points = np.zeros((count, 2), np.float32)
            found = map(cls._clip_segment, repeat(clip), repeat(path), range(count))
            _run(cls._point, found, *_columns(points))
            low, high = np.maximum(low, points.min(0)), np.minimum(high, points.max(0))
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @classmethod
    def draw_modes(cls, paths: list[int]) -> NDArray[np.int32]:
        """Return for each path whether it is filled and whether it is stroked."""
        found = np.zeros((len(paths), 2), np.int32)
        _run(cls._mode, paths, *_columns(found))
        return found

    @classmethod
    def fonts(cls, objects: list[int]) -> list[int]:
        return list(map(cls._font, objects))

    @classmethod
    def font_sizes(cls, objects: list[int]) -> NDArray[np.float32]:
        found = np.zeros(len(objects), np.float32)
        _run(cls._font_size, objects, _rows(found))
        return found

    @classmethod
    def render_modes(cls, objects: list[int]) -> NDArray[np.int32]:
        return np.fromiter(map(cls._render_mode, objects), np.int32, len(objects))


def _run(function: Callable[..., Any], *arguments: Iterable[Any]) -> None:
    deque(map(function, *arguments), maxlen=0)


def _rows(array: NDArray[Any]) -> range:
    """Return the address of each row of an array."""
    step = array.strides[0] or array.itemsize
    return range(array.ctypes.data, array.ctypes.data + step * len(array), step)


def _columns(array: NDArray[Any]) -> list[range]:
    """Return, for each column of an array, the address of its value in each row."""
    start, step = array.ctypes.data, array.strides[0] or array.itemsize
    return [
        range(start + at * array.itemsize, start + at * array.itemsize + step * len(array), step)
        for at in range(array.shape[1])
    ]
