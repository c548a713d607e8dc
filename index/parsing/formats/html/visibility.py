"""What of a web page is seen: not what it hides, nor what every page of its site repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from index.parsing.formats.html.colours import Colours
from index.parsing.formats.html.tables import TableKind
from index.parsing.options import HiddenContent
from index.parsing.unread.hidden import HiddenParts

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_CONSENT = re.compile(
    r"(?:cookie|consent|gdpr)s?[-_]?(?:bar|banner|notice|popup|modal|overlay|dialog|wall|law)"
    r"|onetrust-|cybotcookie|usercentrics|didomi-|cmplz-|borlabscookie|cc-window",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[\w:.-]+")
_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "onclick")
_controls_below = etree.XPath(
    f"descendant-or-self::*[{' or '.join(f'@{name}' for name in _CONTROLS)}]"
)
_NO_PROSE = frozenset(
    ("a", "button", "label", "noscript", "option", "script", "style", "svg", "template")
)
_BOXES = frozenset(("aside", "dialog", "div", "footer", "form", "section"))
_MAIN = ("article", "h1", "main")
_TAGS = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"[{}]|\[if |\w\(|;\s*$|=\s*[\"']", re.MULTILINE)
_OF_TABLES = frozenset(("table", "tbody", "td", "tfoot", "th", "thead", "tr"))
_FEWEST_WORDS = 4
_FEWEST_IN_COMMENT = 6
"""Words of a comment that says something, rather than naming the part of the page below it."""
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")


class Visibility:
    """Tells what of one page is read. What a button opens is seen, though it is hidden at first."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._colours = Colours(root)
        self._opened: set[str] | None = None

    def _is_opened(self, element: etree._Element) -> bool:
        """Return whether a button opens an element, by its name or since it follows the button."""
        if self._opened is None:
            controls = (
                each.get(name) for each in _controls_below(self._root) for name in _CONTROLS
            )
            self._opened = {
                name for written in controls for name in _NAMES.findall(str(written or "")[:1000])
            }
        if element.get("role") == "tabpanel" or element.get("id") in self._opened:
            return True
        before = element.getprevious()
        if before is None:
            return False
        # The button, or the heading that it stands in.
        button = before[0] if len(before) == 1 else before
        return any(each.get("aria-expanded") is not None for each in (before, button))

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
        return None if self._is_opened(element) else HiddenContent.HIDDEN


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page: which elements are visible, what its tables are, and the tally of what is unread."""

    seen: Visibility
    tables: dict[etree._Element, TableKind]
    unread: HiddenParts
    with_navigation: bool = False
    all_seen: bool = False
    """Within hidden content that is read nevertheless."""


def names_what_it_opens(element: etree._Element) -> bool:
    """Return whether an element is a button that names what it opens."""
    return any(element.get(name) for name in _CONTROLS)


def says_something(element: etree._Element) -> bool:
    """Return whether a hidden element has words, besides those of links and buttons.

    A table holds data, of which any word says something.
    """
    words, fewest = 0, 1 if element.tag in _OF_TABLES else _FEWEST_WORDS
    for text in _prose(element):
        words += len(_WORD.findall(text[:1000]))
        if words >= fewest:
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
