"""The text of one paragraph of an OpenDocument file: what is seen of it, and what hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from index.parsing.builder import one_line
from index.parsing.formats.opendocument.forms import FIELD, OdfForms, field_text
from index.parsing.formats.opendocument.package import Package, attribute, count_of, names
from index.parsing.text.scripts import lowered, raised, superscript
from index.parsing.text.styling import Kinds, Runs
from index.parsing.text.symbol_fonts import in_unicode, is_symbol_font
from index.parsing.unread.looks import Look, is_unseen

TEXT_BOX, CHANGE, _CONTROL = names("draw:text-box", "text:change", "draw:control")
(_SPACE, _TAB, _BREAK, _SPAN, _NOTE, _CITATION, _NOTE_BODY) = names(
    "text:s", "text:tab", "text:line-break", "text:span", "text:note", "text:note-citation",
    "text:note-body",
)  # fmt: skip
COMMENTS = frozenset(names("office:annotation", "officeooo:annotation"))
"""The second is LibreOffice's, on slides."""
_HIDDEN_TEXTS = frozenset(names("text:hidden-text", "text:hidden-paragraph"))
FRAMES = frozenset(names("draw:frame", "draw:g", "draw:a"))
SHAPES = frozenset(
    names(
        "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:circle", "draw:line",
        "draw:polygon", "draw:polyline", "draw:path", "draw:connector", "draw:caption",
        "draw:regular-polygon", "draw:measure", "draw:text-box",
    )
)  # fmt: skip
SKIPPED = frozenset(
    names(
        "text:ruby-text", "text:sequence-decls", "text:variable-decls", "text:user-field-decls",
        "text:dde-connection-decls", "text:table-of-content-source", "office:forms", "svg:title",
        "svg:desc", "office:event-listeners", "draw:glue-point", "draw:enhanced-geometry",
        "office:annotation-end", "text:bibliography-source", "text:alphabetical-index-source",
    )
)  # fmt: skip
_WHITE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 1_000


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: its visible text, and what hangs on it."""

    pieces: list[str] = field(default_factory=list)
    kinds: Kinds = frozenset()
    """How the paragraph is set; `spans` say it of pieces, by their numbers."""
    spans: list[tuple[int, int, Kinds]] = field(default_factory=list)
    look: Look = field(default_factory=Look)
    """How that is set which is read just now."""
    hidden: list[str] = field(default_factory=list)
    attached: list[Element] = field(default_factory=list)
    """Frames, comments and marks of deletions."""

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def runs(self) -> Runs:
        """How the visible text is set."""
        found = [self.kinds] * len(self.pieces)
        for start, end, kinds in self.spans:
            for number in range(start, min(end, len(found))):
                found[number] |= kinds
        return list(zip(self.pieces, found, strict=True))


class InlineReader:
    """Reads paragraphs, wherever they stand; `notes` are the marks and bodies of those it met."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.forms = OdfForms(())
        self.notes: list[tuple[str, Element]] = []
        self.page_colour = self.colour_of_slide = ""
        """Behind the text of pages, or shapes without a fill; empty where it is not known."""
        self._behind: list[str] = []
        """The colours of the tables and frames that are open, empty where they are not known."""

    @contextmanager
    def standing_apart(self, colour: str = "") -> Iterator[None]:
        """Read what has this colour behind it, and not that of the page."""
        self._behind.append(colour)
        yield
        self._behind.pop()

    def fill(self, shape: Element) -> str:
        """Return the colour of a shape, which a box in a frame has from that."""
        if shape.tag == TEXT_BOX and self._behind:
            return self._behind[-1]
        package = self._package
        return package.fill(shape) if package.is_filled(shape) else self.colour_of_slide

    def read(self, element: Element) -> Inline:
        """Return what a paragraph or a heading holds."""
        style = self._package.style_of("paragraph", element)
        page = Look(background=self._behind[-1] if self._behind else self.page_colour)
        inline = Inline(kinds=style.kinds, look=style.look.over(page))
        is_hidden = style.is_hidden or (is_unseen(*inline.look) and not self._colours(element))
        self._gather(element, inline, inline.hidden if is_hidden else inline.pieces)
        return inline

    def _colours(self, element: Element) -> bool:
        """Return whether a paragraph has spans of another colour or size."""
        spans = element.iter(_SPAN)
        return any(self._package.style_of("text", span).look != Look() for span in spans)

    def _gather(self, element: Element, inline: Inline, into: list[str]) -> None:
        # Runs of white space in the XML are one space; what is meant as more has its elements.
        into.append(_WHITE.sub(" ", str(element.text or "")))
        for child in element:
            self._gather_child(child, inline, into)
            into.append(_WHITE.sub(" ", str(child.tail or "")))

    def _gather_child(self, child: Element, inline: Inline, into: list[str]) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            return
        if tag == _SPACE:
            into.append(" " * count_of(child, "text:c", _MOST_SPACES))
        elif tag == _TAB:
            into.append("\t")
        elif tag == _BREAK:
            into.append("\n")
        elif tag == _SPAN:
            self._gather_span(child, inline, into)
        elif tag in _HIDDEN_TEXTS:
            self._gather_hidden(child, inline)
        elif tag == _NOTE:
            self._gather_note(child, into)
        elif tag == _CONTROL:
            into.append(self.forms.control(child))
        elif tag == FIELD:
            into.append(field_text(child))
        elif tag == CHANGE or tag in COMMENTS | FRAMES | SHAPES:
            inline.attached.append(child)
        else:
            self._gather(child, inline, into)

    def _gather_span(self, span: Element, inline: Inline, into: list[str]) -> None:
        style = self._package.style_of("text", span)
        outer, inline.look = inline.look, style.look.over(inline.look)
        is_hidden = style.is_hidden or is_unseen(*inline.look)
        if is_hidden and into is not inline.hidden:
            self._gather_hidden(span, inline)
            inline.look = outer
            return
        start = len(into)
        self._gather(span, inline, into)
        inline.look = outer
        if style.kinds and into is inline.pieces:
            inline.spans.append((start, len(into), style.kinds))
        if is_symbol_font(style.font):
            into[start:] = [in_unicode(style.font, piece) for piece in into[start:]]
        if style.position:
            before, text = "".join(into[:start][-3:]), "".join(into[start:])
            after = str(span.tail or "")
            moved = raised(text, before) if style.position > 0 else lowered(text, before, after)
            into[start:] = [moved]

    def _gather_hidden(self, element: Element, inline: Inline) -> None:
        pieces: list[str] = []
        self._gather(element, inline, pieces)
        # The field of a hidden text holds its words in an attribute.
        inline.hidden.append("".join(pieces) or attribute(element, "text:string-value"))

    def _gather_note(self, note: Element, into: list[str]) -> None:
        citation, body = note.find(_CITATION), note.find(_NOTE_BODY)
        mark = "" if citation is None else one_line("".join(map(str, citation.itertext())))
        into.append(superscript(mark))
        if body is not None:
            self.notes.append((mark, body))
