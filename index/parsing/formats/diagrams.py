"""Texts of SmartArt diagrams of Office files, from the part that holds their data."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element as Element

__all__ = ["diagram_texts"]

_DIAGRAM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def diagram_texts(root: Element) -> list[tuple[int, str]]:
    """Return a diagram's texts with their depths, each below the one that it belongs to."""
    texts: dict[str, str] = {}
    first = ""
    for point in root.iterfind(f"{_DIAGRAM}ptLst/{_DIAGRAM}pt"):
        name = point.get("modelId", "")
        if point.get("type") == "doc":
            first = name
        texts[name] = "\n".join(
            "".join(str(text.text or "") for text in paragraph.iter(f"{_A}t"))
            for paragraph in point.iter(f"{_A}p")
        )
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iterfind(f"{_DIAGRAM}cxnLst/{_DIAGRAM}cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            place = int(order) if order.isdecimal() else 0
            below.setdefault(link.get("srcId", ""), []).append((place, link.get("destId", "")))
    found: list[tuple[int, str]] = []
    waiting = [(first, -1)]
    while waiting:
        name, depth = waiting.pop()
        if (text := texts.pop(name, "")).strip():
            found.append((max(depth, 0), text))
        waiting.extend((each, depth + 1) for _, each in sorted(below.pop(name, []), reverse=True))
    return found + [(0, text) for text in texts.values() if text.strip()]
