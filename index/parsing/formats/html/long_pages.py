"""Long web pages, which are read piece by piece, since their trees take much memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from index.errors import UnreadableDocument
from index.parsing.formats.html.visibility import names_what_it_opens
from index.parsing.formats.html.walk import PageWalk

LONG = 2_000_000
"""Characters from which a page is long."""
_PIECE = 250_000
_LARGE = 5_000
"""Beginnings and ends of elements within one whose end is not waited for."""
_NAME = re.compile(r"[a-z][a-z-]*")
_OF_WHOLE_PAGE = frozenset(("link", "meta", "time"))
_TEXT_OF_WHOLE_PAGE = frozenset(("h1", "script", "style", "title"))


def refuse_too_deep(errors: etree._ListErrorLog) -> None:
    """Raise UnreadableDocument where a parser met too many elements in each other."""
    if any("depth" in error.message.lower() for error in errors):
        raise UnreadableDocument("its elements are nested too deeply")  # lxml drops the rest


def facts_of(page: str) -> etree._Element:
    """Return a page's root with only those elements that say something of the whole page."""
    facts = etree.Element("html")
    headings = 0  # that are open; the first one is kept whole
    for piece in _pieces(page):
        for event, element in piece:
            tag = str(element.tag)
            if event == "start":
                headings += tag == "h1"
                continue
            headings -= tag == "h1"
            if tag == "html":
                facts.attrib.update(_attributes(element))
            elif tag in _TEXT_OF_WHOLE_PAGE and (tag != "h1" or facts.find("h1") is None):
                kept = etree.SubElement(facts, tag, _attributes(element))
                kept.text = "".join(map(str, element.itertext(etree.Element)))
            elif tag in _OF_WHOLE_PAGE or names_what_it_opens(element):
                etree.SubElement(facts, tag, _attributes(element))
            if not headings and (parent := element.getparent()) is not None:
                while (before := element.getprevious()) is not None:
                    parent.remove(before)
    return facts


def _attributes(element: etree._Element) -> dict[str, str]:
    """Return an element's attributes; a page may have some whose names lxml refuses."""
    return {str(name): str(value) for name, value in element.items() if _NAME.fullmatch(str(name))}


def read_pieces(page: str, walk: PageWalk) -> None:
    """Let a page be read in pieces; no more of its tree is kept than what is not read yet."""
    reading = _Reading(walk)
    for piece in _pieces(page):
        reading.go_on(piece)
    reading.finish()


def _pieces(page: str) -> Iterator[Iterator[tuple[str, etree._Element]]]:
    """Yield the beginnings and ends of elements that each piece of a page brings."""
    parser = etree.HTMLPullParser(
        ("start", "end"), encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True
    )
    for start in range(0, len(page), _PIECE):
        parser.feed(page[start : start + _PIECE].encode("utf-8", "replace"))
        yield parser.read_events()
    parser.close()
    refuse_too_deep(parser.feed_error_log)
    yield parser.read_events()


class _Begun:
    """An element that was begun, and the last one in it that was read."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.last: etree._Element | None = None

    def keep(self, child: etree._Element) -> None:
        """Keep only this one of the elements that were read: the next one may ask what it is."""
        if self.last is not None and self.last is not child:
            self.element.remove(self.last)
        self.last = child


class _Reading:
    def __init__(self, walk: PageWalk) -> None:
        self._walk = walk
        self._open: list[tuple[etree._Element, int]] = []
        """The elements whose end has not come, and how many events came before each."""
        self._begun: list[_Begun] = []
        self._events = 0
        self._root: etree._Element | None = None

    def go_on(self, events: Iterator[tuple[str, etree._Element]]) -> None:
        for event, element in events:
            self._events += 1
            if event == "start":
                if self._events == 1:
                    self._root = element
                self._open.append((element, self._events))
                continue
            while self._open and self._open.pop()[0] is not element:
                pass
            if self._begun and self._begun[-1].element is element:
                self._end()
        if self._root is not None and len(self._root):
            self._begin_root()
        while self._begun:
            following = self._open[len(self._begun)] if self._begun_are_open() else None
            self._read(self._begun[-1], following[0] if following else None)
            if following is None or self._events - following[1] < _LARGE:
                return
            if not self._walk.can_begin(following[0]):
                return
            self._begin(following[0])

    def finish(self) -> None:
        self._begin_root()
        while self._begun:
            self._end()

    def _begin_root(self) -> None:
        if self._root is not None:
            self._begin(self._root)
            self._root = None

    def _begun_are_open(self) -> bool:
        return len(self._open) > len(self._begun)

    def _begin(self, element: etree._Element) -> None:
        self._walk.begin(element)
        self._begun.append(_Begun(element))

    def _end(self) -> None:
        begun = self._begun.pop()
        self._read(begun, None, is_all=True)
        self._walk.end(begun.element)
        if self._begun:
            self._begun[-1].keep(begun.element)

    def _read(
        self, begun: _Begun, open_child: etree._Element | None, *, is_all: bool = False
    ) -> None:
        """Read what is whole in an element that was begun, and forget all but the last of it."""
        children = list(begun.element)
        if open_child is not None:
            children = children[: children.index(open_child)]
        elif not is_all:
            children = children[:-1]  # more text may come behind the last one
        for child in children:
            if child is not begun.last:
                self._walk.read_whole(child)
            self._walk.read_tail(child)
            child.tail = None
            begun.keep(child)
