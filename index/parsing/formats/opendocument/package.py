"""What the OpenDocument formats share: the package, its styles, properties and embedded charts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from index.document import StyleKind
from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.draft import Source
from index.parsing.text.dates import iso_date
from index.parsing.text.styling import Kinds
from index.parsing.unread.looks import WHITE, Look
from index.parsing.zip_files import BROKEN, XML_PARSING, ZippedXml

_NAMESPACES = {
    "chart": "urn:oasis:names:tc:opendocument:xmlns:chart:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "field": "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "form": "urn:oasis:names:tc:opendocument:xmlns:form:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "officeooo": "http://openoffice.org/2009/office",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
_MANIFEST = "META-INF/manifest.xml"
_CONTENT = "content.xml"
_PROPERTIES = {
    "author": ("meta:initial-creator", "dc:creator"),
    "subject": ("dc:subject",),
    "description": ("dc:description",),
    "language": ("dc:language",),
}
_BACKGROUND = "fo:background-color"
_SEEN_BY = (
    "style:use-window-font-color", "style:font-relief", "style:text-outline", "fo:text-shadow",
)  # fmt: skip
_POINTS = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,6})?)pt")
_SHAPE_STYLES = (("graphic", "draw:style-name"), ("presentation", "presentation:style-name"))
_MOST_STYLES = 12
"""Styles may be based on each other in a circle."""


def qn(name: str) -> str:
    """Return the name of an element or attribute as lxml has it: "text:p" with its namespace."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def names(*written: str) -> tuple[str, ...]:
    """Return several names as lxml has them."""
    return tuple(map(qn, written))


_BODY, _ROW = names("office:body", "table:table-row")
_PICTURE, _CONDITION = names("style:background-image", "style:map")
_AREAS = names(
    "style:paragraph-properties", "style:table-cell-properties", "style:section-properties"
)


def attribute(element: Element, name: str) -> str:
    """Return an attribute's value, empty where there is none."""
    return str(element.get(qn(name)) or "")


def count_of(element: Element, name: str, most: int) -> int:
    """Return how often something is repeated or how far it reaches: from 1 to `most`."""
    written = attribute(element, name)
    return max(1, min(int(written), most)) if written.isascii() and written.isdigit() else 1


_HEADING = re.compile(r"Heading_20_[1-9]")
_NO_LOOK = Look()


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes over from those that it is based on."""

    is_hidden: bool = False
    is_title: bool = False
    heading: int = 0
    """The level of the headings that it is for."""
    is_quote: bool = False
    position: int = 0
    """1 for raised text, -1 for lowered."""
    font: str = ""
    kinds: Kinds = frozenset()
    """How its text is set."""
    look: Look = _NO_LOOK


class Package(ZippedXml):
    """An OpenDocument file of one `kind`, such as "an OpenDocument text".

    Raises UnreadableDocument for a file that is none, and for one with a password.
    """

    def __init__(self, source: Source, kind: str) -> None:
        super().__init__(source, kind)
        self._kind = kind
        self._styles: dict[tuple[str, str], Element] = {}
        self._known: dict[tuple[str, str], Style] = {}
        self._fonts: dict[str, str] = {}
        self._objects: dict[str, Element | None] = {}
        self._names = frozenset(self.file.namelist())
        if b"encryption-data" in self.read(_MANIFEST):
            raise UnreadableDocument("it is protected by a password")

    def xml(self, member: str, *, with_styles: bool = True) -> Element | None:
        """Return the root of a member; what follows a fault in it is left out.

        Its styles are those of the file, unless it is another document in it.
        """
        root = self.root_of(self.read(member), member, huge=True)
        if root is not None and with_styles:
            self._take_styles(root)
        return root

    def stream(self, begin: Callable[[Element], None], take: Callable[[Element], None]) -> Element:
        """Return the root of `content.xml`, of which `take` is given each row when it is read.

        `take` may empty the row, so that not all of them are in memory. `begin` is given the root
        when the styles are known, and once more where a fault makes reading start again.
        """
        root = None
        if _CONTENT in self._names:
            try:
                root = self._streamed(begin, take)
            except etree.XMLSyntaxError:
                self.note_damage(_CONTENT)
                with suppress(etree.XMLSyntaxError):
                    root = self._streamed(begin, take, recover=True)
            except BROKEN:
                self.note_damage(_CONTENT)
        if root is None:
            raise self.of_another_kind()
        return root

    def _streamed(
        self,
        begin: Callable[[Element], None],
        take: Callable[[Element], None],
        *,
        recover: bool = False,
    ) -> Element | None:
        with self.file.open(_CONTENT) as file:
            events = etree.iterparse(
                file,
                ("start", "end"),
                tag=(_BODY, _ROW),
                recover=recover,
                huge_tree=True,
                **XML_PARSING,
            )
            for event, element in events:
                if event == "end" and element.tag == _ROW:
                    take(element)
                elif event == "start" and element.tag == _BODY:
                    root = element.getroottree().getroot()
                    self._take_styles(root)
                    begin(root)
            return events.root

    def _take_styles(self, root: Element) -> None:
        for style in root.iter(qn("style:style")):
            key = attribute(style, "style:family"), attribute(style, "style:name")
            self._styles[key] = style
        for font in root.iter(qn("style:font-face")):
            family = attribute(font, "svg:font-family").strip("'")
            self._fonts[attribute(font, "style:name")] = family

    def body(self, name: str) -> tuple[Element, list[Element]]:
        """Return what `content.xml` has under this name, and the roots that define its styles."""
        styles, content = self.xml("styles.xml"), self.xml(_CONTENT)
        body = None if content is None else next(content.iter(qn(name)), None)
        if content is None or body is None:
            raise self.of_another_kind()
        return body, [content] if styles is None else [styles, content]

    def of_another_kind(self) -> UnreadableDocument:
        return UnreadableDocument(f"it is a zip file, but not {self._kind}")

    def read(self, member: str) -> bytes:
        """Return the bytes of a member; empty where there is none, or it is damaged."""
        return self.unpacked(member if member in self._names else None)

    def style(self, family: str, name: str) -> Style:
        """Return a style of the members that were read so far."""
        key = family, name
        if key not in self._known:
            self._known[key] = self._style(list(self.chain(family, name)))
        return self._known[key]

    def style_of(self, family: str, element: Element) -> Style:
        return self.style(family, attribute(element, "text:style-name"))

    def chain(self, family: str, name: str) -> Iterator[Element]:
        """Yield a style, and those that it is based on."""
        for _ in range(_MOST_STYLES):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = attribute(style, "style:parent-style-name")

    def _style(self, chain: list[Element]) -> Style:
        texts = [
            each for style in chain for each in style.iterchildren(qn("style:text-properties"))
        ]
        font = _first(texts, "style:font-name") or _first(texts, "fo:font-family")
        named = [attribute(style, "style:name") for style in chain]
        return Style(
            is_hidden=_first(texts, "text:display") == "none",
            is_title="Title" in named,
            heading=next((int(name[-1]) for name in named if _HEADING.fullmatch(name)), 0),
            is_quote="Quotations" in named,
            position=_position(_first(texts, "style:text-position")),
            font=self._fonts.get(font, font),
            kinds=_kinds(texts),
            look=_look(chain, texts),
        )

    def has_white_pages(self, roots: Iterable[Element]) -> bool:
        """Return whether no page has a colour or a picture behind its text."""
        layouts = qn("style:page-layout-properties")
        return not any(
            (_colour(attribute(each, _BACKGROUND)) or WHITE) != WHITE
            or attribute(each, "draw:fill") not in ("", "none")
            for root in roots
            for each in root.iter(layouts)
        )

    def is_filled(self, shape: Element) -> bool:
        """Return whether a shape has a fill, as it has where its styles do not say."""
        return _first(self._graphics(shape), "draw:fill") != "none"

    def _graphics(self, shape: Element) -> list[Element]:
        return [
            each
            for family, name in _SHAPE_STYLES
            for style in self.chain(family, attribute(shape, name))
            for each in style.iterchildren(qn("style:graphic-properties"))
        ]

    def fill(self, shape: Element) -> str:
        """Return the colour that fills a shape, empty where there is none or it is not known."""
        properties = self._graphics(shape)
        is_plain = _first(properties, "draw:fill") == "solid" and all(
            attribute(each, "draw:opacity") in ("", "100%") for each in properties
        )
        return (_colour(_first(properties, "draw:fill-color")) or "") if is_plain else ""

    def chart(self, frame: Element) -> tuple[str, Element] | None:
        """Return the title and the table of the chart in a frame; None where there is none."""
        for object_ in frame.iterchildren(qn("draw:object")):
            folder = posixpath.normpath(attribute(object_, "xlink:href"))
            if folder not in self._objects:
                self._objects[folder] = self.xml(f"{folder}/content.xml", with_styles=False)
            root = self._objects[folder]
            chart = None if root is None else next(root.iter(qn("chart:chart")), None)
            table = None if chart is None else next(chart.iter(qn("table:table")), None)
            if chart is not None and table is not None:
                title = chart.find(qn("chart:title"))
                return ("" if title is None else one_line(" ".join(title.itertext()))), table
        return None

    def properties(self) -> tuple[str, dict[str, str]]:
        """Return the title, and date, author and the like as metadata."""
        root = self.xml("meta.xml")
        if root is None:
            return "", {}
        metadata: dict[str, str] = {}
        for key, names in _PROPERTIES.items():
            if value := next(filter(None, (_text_of(root, name) for name in names)), ""):
                metadata[key] = value
        keywords = [one_line(str(each.text or "")) for each in root.iter(qn("meta:keyword"))]
        if any(keywords):
            metadata["keywords"] = ", ".join(filter(None, keywords))
        if date := iso_date(_text_of(root, "meta:creation-date") or _text_of(root, "dc:date")):
            metadata["date"] = date
        return _text_of(root, "dc:title"), metadata


def _text_of(root: Element, name: str) -> str:
    found = next(root.iter(qn(name)), None)
    return "" if found is None else one_line(str(found.text or ""))


def _first(elements: list[Element], name: str) -> str:
    return next(filter(None, (attribute(element, name) for element in elements)), "")


def _kinds(texts: list[Element]) -> Kinds:
    weight = _first(texts, "fo:font-weight")
    font = _first(texts, "style:font-name") + _first(texts, "fo:font-family")
    found = {
        StyleKind.BOLD: weight == "bold" or (weight.isdecimal() and int(weight) >= 600),
        StyleKind.ITALIC: _first(texts, "fo:font-style") in ("italic", "oblique"),
        StyleKind.STRUCK: _first(texts, "style:text-line-through-style") not in ("", "none"),
        StyleKind.MONOSPACED: any(name in font.lower() for name in ("courier", "mono", "consol")),
    }
    return frozenset(kind for kind, is_so in found.items() if is_so)


def _look(chain: list[Element], texts: list[Element]) -> Look:
    areas = [each for style in chain for each in style.iterchildren(*_AREAS)]
    size = _POINTS.fullmatch(_first(texts, "fo:font-size"))
    behind = _colour(_first(texts, _BACKGROUND)) or _colour(_first(areas, _BACKGROUND))
    if any(attribute(each, "xlink:href") for area in areas for each in area.iterchildren(_PICTURE)):
        behind = "picture"
    return Look(
        "" if _is_seen(chain, texts) else _colour(_first(texts, "fo:color")),
        behind,
        float(size[1]) if size else None,
    )


def _is_seen(chain: list[Element], texts: list[Element]) -> bool:
    """Return whether a text has edges or a colour of its own, or gets one by a condition."""
    if any(_first(texts, name) not in ("", "none", "false") for name in _SEEN_BY):
        return True
    return any(style.find(_CONDITION) is not None for style in chain)


def _colour(written: str) -> str | None:
    return written[1:].lower() if written.startswith("#") else None


def _position(written: str) -> int:
    height = written.split(" ")[0]
    if height.startswith("-") or height == "sub":
        return -1
    return int(height not in ("", "0%", "0"))
