"""Shapes on a slide, and the order in which they are read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml.etree import _Element as Element

from index.parsing.formats.office.drawing_text import alternatives, local_name

_SHAPES = frozenset(("sp", "grpSp", "graphicFrame", "pic", "contentPart"))
_SHADOW = 0.15
"""Of its height, how far a text lies from its shadow at the most."""
_MOST_ALIKE = 50
"""Texts with the same words that one is compared with: a plan of a hall has thousands of "Seat"."""
_MOST_ORDERED = 200
"""Shapes of a slide beyond which their order in the file stands."""


class ShapeBox(NamedTuple):
    """Where a shape is; the unit does not matter."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape, with the kind of placeholder that it is; empty where it is none."""

    element: Element
    kind: str
    is_hidden: bool


def shapes_in(tree: Element | None) -> list[Shape]:
    """Return the shapes of a slide or group in the order of the file."""
    found = []
    for element in () if tree is None else alternatives(tree.iterchildren("{*}*")):
        if local_name(element) in _SHAPES:
            placeholder = placeholder_of(element)
            kind = "" if placeholder is None else placeholder.get("type", "obj")
            named = next(element.iterfind("./*/{*}cNvPr"), None)
            hidden = named is not None and named.get("hidden") in ("1", "true")
            found.append(Shape(element, kind, hidden))
    return found


def placeholder_of(element: Element) -> Element | None:
    """Return what says which place of the layout a shape fills."""
    return next(element.iterfind("./*/{*}nvPr/{*}ph"), None)


def box_in(element: Element) -> ShapeBox | None:
    """Return where the element itself says that its shape is."""
    frame = next(element.iterfind("./{*}spPr/{*}xfrm"), None)
    frame = element.find("{*}xfrm") if frame is None else frame
    frame = next(element.iterfind("./{*}grpSpPr/{*}xfrm"), None) if frame is None else frame
    place, size = (None, None) if frame is None else (frame.find("{*}off"), frame.find("{*}ext"))
    if place is None or size is None:
        return None
    try:
        left, top = int(place.get("x", "0")), int(place.get("y", "0"))
        return ShapeBox(left, top, left + int(size.get("cx", "0")), top + int(size.get("cy", "0")))
    except ValueError:
        return None


def in_reading_order(
    shapes: Sequence[Shape], box_of: Callable[[Element], ShapeBox | None]
) -> list[Shape]:
    """Return the shapes as they are read.

    The order of the file is that in which a screen reader tells them. It stands, unless it leads
    from a shape to one right above it: then nobody has put it in order, and their places count.
    """
    boxes = [box_of(shape.element) for shape in shapes]
    placed = [(box, shape) for box, shape in zip(boxes, shapes, strict=True) if box is not None]
    if len(placed) < len(shapes) or len(shapes) > _MOST_ORDERED or not _goes_up(placed):
        return list(shapes)
    return _by_place(placed)


def without_shadows(
    shapes: Sequence[Shape], box_of: Callable[[Element], ShapeBox | None]
) -> list[Shape]:
    """Return the shapes without those that only lie under another one with the same words."""
    found: list[Shape] = []
    places: dict[tuple[str, bool], deque[ShapeBox]] = {}
    for shape in shapes:
        words = "".join(str(text.text or "") for text in shape.element.iterfind("{*}txBody//{*}t"))
        box = box_of(shape.element) if words.strip() else None
        if box is not None:
            others = places.setdefault((words, shape.is_hidden), deque(maxlen=_MOST_ALIKE))
            if any(_lies_on(box, other) for other in others):
                continue
            others.append(box)
        found.append(shape)
    return found


def _lies_on(box: ShapeBox, other: ShapeBox) -> bool:
    """Return whether two boxes are as large, and apart by no more than a shadow is."""
    most = _SHADOW * max(1, other.bottom - other.top)
    return all(abs(one - two) <= most for one, two in zip(box, other, strict=True))


def _goes_up(placed: Sequence[tuple[ShapeBox, Shape]]) -> bool:
    texts = [box for box, shape in placed if local_name(shape.element) != "pic"]
    for number, box in enumerate(texts):
        for other in texts[number + 1 :]:
            beside = other.right <= box.left or box.right <= other.left
            if not beside and other.bottom <= box.top:
                return True
    return False


def _by_place(placed: list[tuple[ShapeBox, Shape]]) -> list[Shape]:
    """Order shapes by columns, and each column by what stands above what."""
    found: list[Shape] = []
    waiting = [placed]
    while waiting:
        region = waiting.pop()
        parts = _cut(region, 0) if len(region) > 1 else [region]
        parts = _cut(region, 1) if len(parts) == 1 < len(region) else parts
        if len(parts) > 1:
            waiting += reversed(parts)
        else:
            found += [
                shape for _, shape in sorted(region, key=lambda one: (one[0].top, one[0].left))
            ]
    return found


def _cut(region: Sequence[tuple[ShapeBox, Shape]], axis: int) -> list[list[tuple[ShapeBox, Shape]]]:
    """Return the parts between which a straight line runs through no shape."""
    ordered = sorted(region, key=lambda one: one[0][axis])
    parts = [[ordered[0]]]
    end = ordered[0][0][axis + 2]
    for one in ordered[1:]:
        if one[0][axis] >= end:
            parts.append([])
        parts[-1].append(one)
        end = max(end, one[0][axis + 2])
    return parts
