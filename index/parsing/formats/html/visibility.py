"""What of a web page is seen: not what it hides, nor what every page of its site repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from index.parsing.formats.html.colours import Colours
from index.parsing.options import HiddenContent

__all__ = ["Visibility", "prose_of_comment", "says_something"]

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONSENT = re.compile(
    r"(?:cookie|consent|gdpr)s?[-_]?(?:bar|banner|notice|popup|modal|overlay|dialog|wall|law)"
    r"|onetrust-|cybotcookie|usercentrics|didomi-|cmplz-|borlabscookie|cc-window",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[\w:.-]+")
_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "onclick")
_controls_below = etree.XPath(
    f"descendant-or-self::*[@aria-expanded or {' or '.join(f'@{name}' for name in _CONTROLS)}]"
)
_NO_PROSE = frozenset(
    ("a", "button", "label", "noscript", "option", "script", "style", "svg", "template")
)
_BOXES = frozenset(("aside", "dialog", "div", "footer", "form", "section"))
_MAIN = ("article", "h1", "main")
_TAGS = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"[{}]|\[if |\w\(|;\s*$|=\s*[\"']", re.MULTILINE)
_FEWEST_WORDS = 4
_FEWEST_IN_COMMENT = 6
"""Words of a comment that says something, rather than naming the part of the page below it."""
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")


class Visibility:
    """Tells what of one page is read. What a button opens is seen, though it is hidden at first."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._colours = Colours(root)
        self._panels_known = False
        self._opened: set[str] = set()
        self._beside: set[etree._Element] = set()

    def _find_panels(self) -> None:
        self._panels_known = True
        for element in _controls_below(self._root):
            for name in _CONTROLS:
                if written := element.get(name):
                    self._opened.update(_NAMES.findall(str(written)[:1000]))
            if element.get("aria-expanded") is not None:
                self._add_panel(element)

    def _add_panel(self, button: etree._Element) -> None:
        """Note what follows a button that opens something, or the heading that it stands in."""
        parent = button.getparent()
        alone = button.getprevious() is None and button.getnext() is None
        panels = [button.getnext(), parent.getnext() if parent is not None and alone else None]
        self._beside.update(panel for panel in panels if panel is not None)

    def is_repeated(self, element: etree._Element) -> bool:
        """Return whether an element asks to accept cookies."""
        if element.tag not in _BOXES:
            return False
        names = f"{element.get('id') or ''} {element.get('class') or ''}"
        return _CONSENT.search(names) is not None and next(element.iter(*_MAIN), None) is None

    def is_navigation(self, element: etree._Element) -> bool:
        """Return whether an element leads to other pages, or to parts of this one."""
        return element.tag == "nav" or bool(element.get("role") == "navigation")

    def is_hidden(self, element: etree._Element) -> HiddenContent | None:
        """Return as what an element is hidden, None where it is seen."""
        if element.tag == "del":
            return HiddenContent.DELETED
        style = element.get("style")
        hidden = (
            element.get("hidden", "until-found") != "until-found"
            or element.get("aria-hidden") == "true"
            or (style is not None and _UNSEEN.search(str(style)) is not None)
        )
        if not hidden:
            return HiddenContent.HIDDEN if self._colours.is_unseen(element) else None
        if not self._panels_known:
            self._find_panels()
        if element in self._beside or element.get("role") == "tabpanel":
            return None
        return None if element.get("id") in self._opened else HiddenContent.HIDDEN


def says_something(element: etree._Element) -> bool:
    """Return whether a hidden element has words, besides those of links and buttons."""
    words = 0
    for text in _prose(element):
        words += len(_WORD.findall(text[:1000]))
        if words >= _FEWEST_WORDS:
            return True
    return False


def prose_of_comment(comment: str) -> str:
    """Return the words of an HTML comment, empty where it is code or only a name."""
    text = _TAGS.sub(" ", comment).strip()
    if _CODE.search(text) or len(_WORD.findall(text)) < _FEWEST_IN_COMMENT:
        return ""
    return text


def _prose(element: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        if event == "end":
            if each is not element:
                yield str(each.tail or "")
        elif each.tag in _NO_PROSE:
            walk.skip_subtree()
        else:
            yield str(each.text or "")
