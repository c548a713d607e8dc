"""Text of one paragraph of a Word document, and what hangs on it: boxes, notes, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from lxml.etree import _Element as Element

from index.document import TextOrigin
from index.parsing.formats.docx.styles import RunLook, WordStyle, WordStyles, fill_of
from index.parsing.formats.docx.xml import MC, W, child, children_of, integer, is_on, value
from index.parsing.formats.office.form_field import box, chosen
from index.parsing.formats.office.math import MATH, linear
from index.parsing.text.scripts import superscript, with_scripts
from index.parsing.text.styling import Runs
from index.parsing.text.symbol_fonts import field_sign, in_unicode, symbol
from index.parsing.unread.looks import WHITE, is_unseen

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_V = "{urn:schemas-microsoft-com:vml}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHARTS = {
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
}
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_PICTURES = {"{http://schemas.openxmlformats.org/drawingml/2006/picture}pic", f"{_V}imagedata"}
_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_RUN_PROPERTIES = f"{W}rPr"
_SPACES: dict[object, str] = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\u2011",
}
_NOT_TEXT = {
    f"{W}{name}"
    for name in (
        "pPr", "rPr", "delInstrText", "fldData", "softHyphen", "annotationRef",
        "moveFrom", "sdtPr", "sdtEndPr", "pgNum", "tblPr",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteReference:
    """A reference to a foot- or endnote, with the mark that it has in the text."""

    kind: str
    name: str
    mark: str


class _Piece(NamedTuple):
    text: str
    origin: TextOrigin
    height: int
    bold: bool
    look: RunLook


@dataclass(slots=True)
class ParagraphText:
    """What a paragraph holds; `inner` are the text boxes and tables in it.

    `has_unseen` says that some of its pieces are deleted or hidden.
    """

    style: WordStyle
    properties: Mapping[str, Element]
    pieces: list[_Piece] = field(default_factory=list)
    inner: list[Element] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    notes: list[NoteReference] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    objects: list[tuple[str, bool]] = field(default_factory=list)
    """The relation of each embedded object, and whether it is shown as an icon."""
    unread: list[str] = field(default_factory=list)
    has_unseen: bool = False

    def text(self, origin: TextOrigin = TextOrigin.BODY) -> str:
        """Return the text of one origin."""
        if origin is not TextOrigin.BODY and not self.has_unseen:
            return ""
        return with_scripts((piece.text, piece.height) for piece in self._of(origin))

    def runs(self) -> Runs:
        """Return how the words of the body are set."""
        return [(piece.text, piece.look.kinds) for piece in self._of(TextOrigin.BODY)]

    def _of(self, origin: TextOrigin) -> list[_Piece]:
        if not self.has_unseen:
            return self.pieces
        return [piece for piece in self.pieces if piece.origin is origin]

    def join(self, following: ParagraphText) -> None:
        """Take in another paragraph, with its properties."""
        self.style, self.properties = following.style, following.properties
        self.has_unseen = self.has_unseen or following.has_unseen
        for each in fields(self):
            if isinstance(held := getattr(self, each.name), list):
                held += getattr(following, each.name)

    @property
    def is_bold(self) -> bool:
        """Whether all of its text is bold."""
        shown = [piece for piece in self.pieces if piece.text.strip()]
        return bool(shown) and all(piece.bold for piece in shown)


@dataclass(slots=True)
class _Field:
    """A field that has begun: where its instruction begins among the pieces, then its result."""

    start: int
    instructions: list[str] = field(default_factory=list)
    has_result: bool = False

    @property
    def instruction(self) -> str:
        return "".join(self.instructions)


class ParagraphReader:
    """Reads paragraphs one after another.

    `mark_of` gives a note's mark; `own_mark` is the mark of the note that is being read. With
    `in_margin`, the numbers of pages are left out.
    """

    def __init__(self, styles: WordStyles, mark_of: Callable[[str, str], str]) -> None:
        self._styles = styles
        self._mark_of = mark_of
        self.own_mark = ""
        self.in_margin = False
        self.page_colour = WHITE
        """The colour behind the text of pages; empty where it is not known."""
        self._background = ""
        self._found = ParagraphText(WordStyle(), {})
        self._fields: list[_Field] = []
        self._origin = TextOrigin.BODY
        self._look = self._below = RunLook()
        self._handlers: dict[object, Callable[[Element], None]] = {
            f"{W}r": self._run,
            f"{W}t": self._text,
            f"{W}delText": self._text,
            f"{W}del": self._deleted,
            f"{W}sym": self._symbol,
            f"{W}fldChar": self._field_mark,
            f"{W}instrText": self._instruction,
            f"{W}fldSimple": self._field,
            f"{W}ruby": self._ruby,
            f"{W}footnoteReference": self._note,
            f"{W}endnoteReference": self._note,
            f"{W}footnoteRef": self._note_mark,
            f"{W}endnoteRef": self._note_mark,
            f"{W}commentReference": self._comment,
            f"{W}drawing": self._drawing,
            f"{W}pict": self._drawing,
            f"{W}object": self._drawing,
            f"{W}tbl": lambda table: self._found.inner.append(table),
            f"{MC}AlternateContent": self._alternative,
            f"{MATH}oMath": self._equation,
            f"{MATH}oMathPara": self._equations,
        }
        self._handlers |= dict.fromkeys(_NOT_TEXT, lambda _: None)
        self._handlers |= dict.fromkeys(_SPACES, self._space)

    def read(self, paragraph: Element, *, in_table: bool = False) -> ParagraphText:
        """Return what a paragraph holds."""
        properties = children_of(child(paragraph, "pPr"))
        style = self._styles.paragraph(properties)
        found = self._found = ParagraphText(style, properties)
        self._fields, self._origin = [], TextOrigin.BODY
        self._look = self._below = style.look
        shading = properties.get(f"{W}shd")
        # In a table it may be that of the cell, the row or the table.
        self._background = style.background or ("" if in_table else self.page_colour)
        if shading is not None:
            self._background = fill_of(shading)
        self._descend(paragraph)
        return found

    def _descend(self, element: Element) -> None:
        for each in element.iterchildren():
            handle = self._handlers.get(each.tag)
            if handle is not None:
                handle(each)
            else:
                self._descend(each)

    def _add(self, text: str, height: int = 0) -> None:
        if not text:
            return
        found = self._found
        look = self._look
        found.pieces.append(_Piece(text, self._origin, height, bool(look.bold), look))
        found.has_unseen = found.has_unseen or self._origin is not TextOrigin.BODY

    def _run(self, run: Element) -> None:
        before = self._look, self._origin
        self._look = self._below
        if len(run) and run[0].tag == _RUN_PROPERTIES:
            self._look = self._styles.run(run[0]).over(self._below)
        if self._is_hidden() and self._origin is TextOrigin.BODY:
            self._origin = TextOrigin.HIDDEN
        self._descend(run)
        self._look, self._origin = before

    def _is_hidden(self) -> bool:
        """Return whether nobody sees the run: hidden, tiny, or such as white on white."""
        look = self._look
        return bool(look.hidden) or is_unseen(
            look.colour, look.background or self._background, look.size
        )

    def _text(self, element: Element) -> None:
        text = str(element.text or "").replace("\u00ad", "")
        self._add(in_unicode(self._look.font, text), self._look.height or 0)

    def _space(self, element: Element) -> None:
        self._add(_SPACES[element.tag])

    def _deleted(self, element: Element) -> None:
        before, self._origin = self._origin, TextOrigin.DELETED
        self._descend(element)
        self._origin = before

    def _symbol(self, element: Element) -> None:
        try:
            code = int(element.get(f"{W}char", ""), 16)
        except ValueError:
            code = 0
        found = symbol(element.get(f"{W}font", ""), code)
        if found:
            self._add(found)
        else:
            self._found.unread.append("symbol of a font")

    def _ruby(self, element: Element) -> None:
        base, above = child(element, "rubyBase"), child(element, "rt")
        if base is not None:
            self._descend(base)
        if above is not None:
            self._add("(")
            self._descend(above)
            self._add(")")

    def _equation(self, element: Element) -> None:
        before = element.getprevious()
        beside = before is not None and before.tag == element.tag
        self._add(f" {linear(element)}" if beside else linear(element))

    def _equations(self, paragraph: Element) -> None:
        self._add("\n".join(map(linear, paragraph.iterchildren(f"{MATH}oMath"))))

    # Fields, of which the result is shown and the instruction is not

    def _field_mark(self, element: Element) -> None:
        match element.get(f"{W}fldCharType"):
            case "begin":
                self._fields.append(_Field(len(self._found.pieces)))
                self._form_field(element)
            case "separate" if self._fields:
                open_field = self._fields[-1]
                del self._found.pieces[open_field.start :]
                open_field.has_result = True
            case "end" if self._fields:
                ended = self._fields.pop()
                instruction = ended.instruction
                shows_page = self.in_margin and _PAGE_FIELD.match(instruction) is not None
                if shows_page or not ended.has_result:
                    del self._found.pieces[ended.start :]
                if len(self._found.pieces) <= ended.start:
                    self._add(field_sign(instruction))
            case _:
                pass

    def _instruction(self, element: Element) -> None:
        if self._fields:
            self._fields[-1].instructions.append(str(element.text or ""))

    def _form_field(self, element: Element) -> None:
        """Add what a field of a form shows that has no result of its own."""
        data = child(element, "ffData")
        if (found := child(data, "checkBox")) is not None:
            checked = is_on(found, "checked")
            self._add(box(bool(is_on(found, "default") if checked is None else checked)))
        elif (choices := child(data, "ddList")) is not None:
            number = integer(value(choices, "result") or value(choices, "default"))
            entries = [each.get(f"{W}val", "") for each in choices.iterchildren(f"{W}listEntry")]
            self._add(chosen(entries, number))
        if data is not None:
            self._fields[-1].start = len(self._found.pieces)

    def _field(self, element: Element) -> None:
        if not (self.in_margin and _PAGE_FIELD.match(element.get(f"{W}instr", ""))):
            self._descend(element)

    # Notes and comments

    def _note(self, element: Element) -> None:
        if self._origin is not TextOrigin.BODY:
            return
        kind = str(element.tag).removeprefix(W).removesuffix("Reference")
        name = element.get(f"{W}id", "")
        is_custom = element.get(f"{W}customMarkFollows", "0") not in ("0", "false", "off")
        mark = "" if is_custom else self._mark_of(kind, name)
        self._found.notes.append(NoteReference(kind, name, mark))
        self._add(superscript(mark))

    def _note_mark(self, _: Element) -> None:
        self._add(superscript(self.own_mark))

    def _comment(self, element: Element) -> None:
        self._found.comments.append(element.get(f"{W}id", ""))

    # Drawings

    def _alternative(self, element: Element) -> None:
        """Read the first of several forms of the same content."""
        form = next(filter(len, element), None)
        if form is not None:
            self._descend(form)

    def _drawing(self, element: Element) -> None:
        found = self._found
        waiting = [element]
        pictures, objects = 0, len(found.objects)
        while waiting:
            each = waiting.pop()
            if each.tag == f"{W}txbxContent":
                found.inner.append(each)
            elif each.tag in _CHARTS:
                found.charts.append(each.get(f"{_R}id", ""))
            elif each.tag == _DIAGRAM:
                found.diagrams.append(each.get(f"{_R}dm", ""))
            elif each.tag == f"{_A}p":
                found.drawn.append("".join(str(text.text or "") for text in each.iter(f"{_A}t")))
            elif each.tag == f"{MC}AlternateContent":
                waiting.extend(list(each)[:1])
            else:
                if each.tag == f"{_V}textpath":
                    found.drawn.append(each.get("string", ""))
                pictures += each.tag in _PICTURES
                if each.tag == _OBJECT:
                    found.objects.append(
                        (each.get(f"{_R}id", ""), each.get("DrawAspect") == "Icon")
                    )
                waiting.extend(reversed(each))
        if len(found.objects) == objects:  # else it is what is seen of one
            found.unread += ["picture"] * pictures


def joins_next(text: ParagraphText) -> bool:
    """Return whether the paragraph's end was deleted, or it is the large letter of the next one."""
    if (frame := text.properties.get(f"{W}framePr")) is not None:
        return str(frame.get(f"{W}dropCap", "none")) != "none"
    mark = text.properties.get(f"{W}rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def is_shown(text: ParagraphText) -> bool:
    """Return whether the paragraph counts: a wholly deleted or hidden one does not."""
    return not text.pieces or any(piece.origin is TextOrigin.BODY for piece in text.pieces)
