"""Names and small readings of WordprocessingML that all modules of the Word parser need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element as Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_BLOCKS = {f"{W}p", f"{W}tbl", f"{W}altChunk", f"{W}subDoc"}
_CONTAINERS = {
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
}


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of a name, the first child of that one of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next(element.iterchildren(W + name), None)
    return element


def children_of(element: Element | None) -> dict[str, Element]:
    """Return the children of an element by their names, for several looks at them."""
    return {} if element is None else {str(each.tag): each for each in element}


def value(element: Element | None, *names: str) -> str | None:
    """Return the value of the element that `child` finds; None where there is none."""
    found = child(element, *names)
    return None if found is None else found.get(f"{W}val")


def integer(written: str | None, default: int = 0) -> int:
    try:
        return int(written or "")
    except ValueError:
        return default


def is_on(element: Element | None, *names: str) -> bool | None:
    """Return whether a property is switched on; None where it is not named."""
    return switched_on(child(element, *names))


def switched_on(element: Element | None) -> bool | None:
    """Return whether an element that is a switch is on; None where there is none."""
    if element is None:
        return None
    return element.get(f"{W}val", "true").lower() not in ("0", "false", "off", "none")


def blocks_of(parent: Element) -> Iterator[Element]:
    """Yield paragraphs, tables and inserted files in order, also from content controls."""
    for each in parent.iterchildren():
        if each.tag in _BLOCKS:
            yield each
        elif each.tag in _CONTAINERS:
            yield from blocks_of(each)
        elif each.tag == f"{MC}AlternateContent" and len(each):
            yield from blocks_of(each[0])
