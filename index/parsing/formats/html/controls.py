"""What the fields of a form in a web page show."""

from __future__ import annotations

from lxml import etree

_WITHOUT_TEXT = frozenset(
    ("color", "file", "hidden", "image", "password", "range", "reset", "submit")
)
_CHECKED, _UNCHECKED = "☒", "☐"


def text_of_control(tag: str, element: etree._Element) -> str:
    """Return what an input, a text area or a choice shows, with a space on both sides."""
    match tag:
        case "input":
            text = _of_input(element)
        case "select":
            text = _of_choice(element)
        case _:
            text = "".join(map(str, element.itertext(etree.Element)))
    return f" {text} "


def _of_input(element: etree._Element) -> str:
    kind = str(element.get("type") or "text").strip().lower()
    if kind in ("checkbox", "radio"):
        return _UNCHECKED if element.get("checked") is None else _CHECKED
    return "" if kind in _WITHOUT_TEXT else str(element.get("value") or "")


def _of_choice(element: etree._Element) -> str:
    """Return the chosen entry, which is the first one where none is; of a long list, all."""
    options = list(element.iter("option"))
    size = str(element.get("size") or "1")
    if element.get("multiple") is None and size in ("0", "1"):
        options = [each for each in options if each.get("selected") is not None][-1:] or options[:1]
    return " ".join("".join(map(str, each.itertext(etree.Element))) for each in options)
