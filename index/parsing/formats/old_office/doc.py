"""Parser of old Word documents (.doc), through olefile and the pieces of text in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Source
from index.parsing.formats.office.flow import FlowWriter
from index.parsing.formats.old_office.doc_colours import colour, fill
from index.parsing.formats.old_office.doc_file import DocFile, Properties
from index.parsing.formats.old_office.doc_forms import form_field
from index.parsing.formats.old_office.doc_lists import DocLists
from index.parsing.formats.old_office.ole import is_ole, parse_as_what_it_is
from index.parsing.options import HiddenContent
from index.parsing.tables.edged_tables import EdgedRow, EdgedTables, TableWriter
from index.parsing.text.cutting import too_long
from index.parsing.text.decoding import paired
from index.parsing.text.numerals import written_number
from index.parsing.text.scripts import shifted, superscript, with_scripts
from index.parsing.text.symbol_fonts import field_sign, in_unicode, symbol
from index.parsing.unread.hidden import HiddenParts
from index.parsing.unread.looks import WHITE, is_unseen

_PARAGRAPH_END, _CELL_END, _PAGE_END = "\r", "\x07", "\x0c"
_FIELD, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_WRITTEN = {"\x0b": "\n", "\x0e": "\n", "\x1e": "\u2011", "\x1f": "", "\t": "\t", "\n": "\n"}
_NOTE_MARK = "\x02"
_DELETED, _HIDDEN, _SYMBOL = 0x0800, 0x083C, 0x6A09
_POSITION, _SHIFT = 0x2A48, 0x4845
_IN_TABLE, _DEPTH_OF_TABLES = 0x2416, 0x6649
_ROW_END, _INNER_ROW_END, _INNER_CELL_END = 0x2417, 0x244C, 0x244B
_OUTLINE, _DEPTH, _LIST_USE = 0x2640, 0x260A, 0x460B
_IS_HEADER, _CELLS = 0x3404, 0xD608
_TITLE = 62
_MOST_BASES = 12
_FONT = 0x4A4F
_SIZE, _COLOUR, _COLOUR_80, _HIGHLIGHT = 0x4A43, 0x6870, 0x2A42, 0x2A0C
_SHADING, _SHADING_80, _BEHIND, _BEHIND_80 = 0xCA71, 0x4866, 0xC64D, 0x442D
_HEIGHTS = {1: 1, 2: -1}
_LOOKS = frozenset((_SIZE, _COLOUR, _COLOUR_80))
_IS_OBJECT, _IS_DATA, _PLACE = 0x080A, 0x0806, 0x6A03
_OBJECT_MARK = "\x01"


@dataclass(slots=True)
class _Text:
    """The text of a paragraph or a cell, what is hidden in it, and what was deleted."""

    seen: str = ""
    hidden: str = ""
    deleted: str = ""


_LONGEST_INSTRUCTION = 300
"""Characters of a field's instruction that are kept; that of a sign is shorter."""


@dataclass(slots=True)
class _Field:
    """A field that has begun: what is kept of its instruction, and whether its result has.

    `around_is_shown` where the field stands in no instruction itself.
    """

    around_is_shown: bool
    instruction: str = ""
    of_form: str = ""
    """What is ticked or chosen, where it is a field of a form."""
    has_result: bool = False
    is_empty: bool = True

    @property
    def is_shown(self) -> bool:
        return self.around_is_shown and self.has_result


@dataclass(frozen=True, slots=True)
class _Format:
    """What a paragraph is, by its style and by itself."""

    heading: int = 0
    is_title: bool = False
    list_use: int = 0
    depth: int = 0


class _Paragraph(NamedTuple):
    text: _Text
    form: _Format
    marker: str


def parse(source: Source) -> Draft:
    if not is_ole(source.data):
        return parse_as_what_it_is(source, "a Word document")
    file = DocFile(source)
    builder = DocumentBuilder(source.limits)
    if file.is_cut:
        builder.hidden(too_long(source.limits.max_characters))
    _Body(file, builder, HiddenParts(builder, source.options)).write()
    title, metadata = file.ole.properties()
    return builder.draft(title=title, metadata=metadata)


class _Body:
    def __init__(self, file: DocFile, builder: DocumentBuilder, hidden: HiddenParts) -> None:
        self._file = file
        self._builder = builder
        self._hidden = hidden
        self._lists = DocLists(file)
        footnotes, endnotes = file.note_marks
        self._marks = {place: str(n) for n, place in enumerate(footnotes, start=1)}
        self._marks |= {
            place: written_number(n, "lowerRoman") for n, place in enumerate(endnotes, start=1)
        }
        self._formats: dict[int, _Format] = {}
        self._below_title = any(
            self._format(*file.paragraph(end - 1)).is_title for _, end in self._paragraphs("main")
        )
        self._flow = FlowWriter(builder, hidden)

    def write(self) -> None:
        with self._builder.within_limit():
            self._write_parts()
        self._hidden.remark()

    def _write_parts(self) -> None:
        self._write_part("main")
        self._write_notes("footnotes", "decimal")
        self._write_notes("endnotes", "lowerRoman")
        self._write_part("boxes")
        self._flow.margins(
            text.seen for name in ("margins", "margin boxes") for text in self._texts(name)
        )
        for comment in self._texts("comments"):
            self._hidden.write(HiddenContent.COMMENTS, "comment", comment.seen)

    def _paragraphs(self, part: str) -> Iterator[tuple[int, int]]:
        """Yield where each paragraph or cell begins and ends, its last character being its mark."""
        start, stop = self._file.part(part)
        text = self._file.text
        at = start
        for place in range(start, stop):
            if text[place] in (_PARAGRAPH_END, _CELL_END, _PAGE_END):
                yield at, place + 1
                at = place + 1
        if at < stop:
            yield at, stop

    def _texts(self, part: str) -> Iterator[_Text]:
        for start, end in self._paragraphs(part):
            yield self._text(start, end)

    def _write_part(self, part: str) -> None:
        tables = EdgedTables(TableWriter(self._builder, self._write_paragraph, self._write_unseen))
        for start, end in self._paragraphs(part):
            style, properties = self._file.paragraph(end - 1)
            form = self._format(style, properties)
            if not _is_set(properties, _IN_TABLE):
                tables.end()
                self._write_paragraph(self._paragraph(start, end, form))
                continue
            self._flow.end_list()
            table = tables.at(_number(properties, _DEPTH_OF_TABLES) or 1)
            if _is_set(properties, _ROW_END) or _is_set(properties, _INNER_ROW_END):
                table.end_row(_row(properties))
                continue
            paragraph = self._paragraph(start, end, form)
            marker = paragraph.marker if paragraph.marker != "•" else ""
            table.add(f"{marker} {paragraph.text.seen}", paragraph)
            if self._file.text[end - 1] == _CELL_END or _is_set(properties, _INNER_CELL_END):
                table.end_cell()
        tables.end()

    def _paragraph(self, start: int, end: int, form: _Format) -> _Paragraph:
        """Return a paragraph, whose number in its list is counted."""
        text = self._text(start, end)
        has_number = form.list_use and text.seen.strip()
        marker = self._lists.marker(form.list_use, form.depth) if has_number else ""
        return _Paragraph(text, form, marker)

    def _write_paragraph(self, paragraph: _Paragraph) -> None:
        text, form, marker = paragraph
        seen = text.seen.strip()
        if seen and form.is_title:
            self._flow.heading(seen, 1)
        elif seen and form.heading:
            self._flow.heading(seen, form.heading + int(self._below_title), marker)
        else:
            self._flow.text(seen, marker=marker, of=form.list_use, depth=form.depth)
        self._write_unseen(paragraph)

    def _write_unseen(self, paragraph: _Paragraph) -> None:
        self._flow.unseen(paragraph.text.hidden, paragraph.text.deleted)

    def _write_notes(self, part: str, form: str) -> None:
        """Add each note behind its mark; a note begins with the place of the mark."""
        count = 0
        for text in self._texts(part):
            mark = ""
            if text.seen.startswith(_NOTE_MARK):
                count += 1
                mark = superscript(written_number(count, form))
            self._builder.paragraph(f"{mark} {text.seen.replace(_NOTE_MARK, '').strip()}")

    def _format(self, style: int, properties: Properties) -> _Format:
        known = self._formats.get(style)
        if known is None:
            known = self._formats[style] = self._style_format(style)
        outline = _number(properties, _OUTLINE)
        use = _number(properties, _LIST_USE)
        depth = _number(properties, _DEPTH)
        return _Format(
            heading=known.heading if outline is None else outline + 1 if outline < 9 else 0,
            is_title=known.is_title,
            list_use=known.list_use if use is None else use if use < 0x7FF else 0,
            depth=min(known.depth if depth is None else depth, 8),
        )

    def _style_format(self, number: int) -> _Format:
        heading = use = depth = None
        is_title = False
        for _ in range(_MOST_BASES):  # styles may be based on each other in a circle
            style = self._file.styles.get(number)
            if style is None:
                break
            outline = _number(style.properties, _OUTLINE)
            if heading is None and 1 <= style.builtin <= 9:
                heading = style.builtin
            elif heading is None and outline is not None:
                heading = outline + 1 if outline < 9 else 0
            is_title = is_title or style.builtin == _TITLE
            use = _number(style.properties, _LIST_USE) if use is None else use
            depth = _number(style.properties, _DEPTH) if depth is None else depth
            number = style.base
        return _Format(heading or 0, is_title, use or 0, depth or 0)

    # Text within a paragraph

    def _text(self, start: int, end: int) -> _Text:
        """Return what is seen of a stretch without its mark, and what is not."""
        text = _Text()
        seen: list[tuple[str, int]] = []
        fields: list[_Field] = []
        for at, stop, properties in self._file.runs(start, end - 1):
            written = self._written(at, stop, fields, properties)
            if _is_set(properties, _DELETED):
                text.deleted += written
            elif _is_set(properties, _HIDDEN) or (
                not _LOOKS.isdisjoint(properties) and self._is_unseen(properties, end - 1)
            ):
                text.hidden += written
            elif _is_set(properties, _IS_OBJECT):
                self._hidden.lost("embedded object")
            else:
                seen.append((written, _height(properties)))
        text.seen = paired(with_scripts(seen))
        text.hidden, text.deleted = paired(text.hidden), paired(text.deleted)
        return text

    def _is_unseen(self, properties: Properties, place: int) -> bool:
        """Return whether characters of the paragraph that ends at a place are not to be seen."""
        size = _number(properties, _SIZE)
        behind = fill(properties, _SHADING, _SHADING_80)
        if not behind and _HIGHLIGHT in properties:
            behind = colour(properties, 0, _HIGHLIGHT)
        if not behind:
            _, around = self._file.paragraph(place)
            behind = fill(around, _BEHIND, _BEHIND_80)
            if not behind and not _is_set(around, _IN_TABLE):
                behind = WHITE
        of_text = colour(properties, _COLOUR, _COLOUR_80)
        return is_unseen(of_text, behind, None if not size else size / 2)

    def _form_field(self, place: int | None) -> str:
        try:
            return form_field(self._file.data, place or 0).shown
        except (struct.error, IndexError):
            return ""

    def _font(self, number: int | None) -> str:
        fonts = self._file.fonts
        return fonts[number] if number is not None and number < len(fonts) else ""

    def _symbol(self, operand: bytes) -> str:
        """Return a letter of a font of symbols; most that are not known mark the items of lists."""
        if len(operand) < 4:
            return "•"
        font, code = struct.unpack_from("<HH", operand)
        return symbol(self._font(font), code) or "•"

    def _written(self, start: int, end: int, fields: list[_Field], properties: Properties) -> str:
        pieces = []
        for place in range(start, end):
            character = self._file.text[place]
            if character == _FIELD:
                fields.append(_Field(not fields or fields[-1].is_shown))
            elif character == _FIELD_RESULT and fields:
                fields[-1].has_result = True
            elif character == _FIELD_END and fields:
                ended = fields.pop()
                if ended.is_empty and ended.around_is_shown:
                    pieces.append(field_sign(ended.instruction) or ended.of_form)
            elif fields and not fields[-1].is_shown:
                if character == _OBJECT_MARK and _is_set(properties, _IS_DATA):
                    fields[-1].of_form = self._form_field(_number(properties, _PLACE))
                if len(fields[-1].instruction) < _LONGEST_INSTRUCTION:
                    fields[-1].instruction += character  # such as the address of a link
            else:
                for field in reversed(fields):
                    if not field.is_empty:
                        break  # as are those around it
                    field.is_empty = False
                pieces.append(self._shown(place, character, properties))
        return "".join(pieces)

    def _shown(self, place: int, character: str, properties: Properties) -> str:
        if character == _NOTE_MARK:
            mark = self._marks.get(place)
            return _NOTE_MARK if mark is None else superscript(mark)
        if character == "(" and _SYMBOL in properties:
            return self._symbol(properties[_SYMBOL])
        if "\uf000" <= character <= "\uf0ff":
            return in_unicode(self._font(_number(properties, _FONT)), character)
        return character if character >= " " else _WRITTEN.get(character, "")


def _is_set(properties: Properties, code: int) -> bool:
    return properties.get(code, b"")[:1] in (b"\x01", b"\x81")


def _number(properties: Properties, code: int) -> int | None:
    operand = properties.get(code)
    return int.from_bytes(operand, "little") if operand else None


def _height(properties: Properties) -> int:
    """Return how high text is set: 1 for raised, -1 for lowered."""
    if height := _HEIGHTS.get(_number(properties, _POSITION) or 0):
        return height
    return shifted(int.from_bytes(properties.get(_SHIFT, b""), "little", signed=True))


def _row(properties: Properties) -> EdgedRow:
    """Return what the mark at a row's end says of its cells."""
    row = EdgedRow(is_header=_is_set(properties, _IS_HEADER))
    operand = properties.get(_CELLS, b"")
    if len(operand) < 3:
        return row
    count = operand[2]
    if len(operand) < 5 + 2 * count:
        return row
    row.edges = list(struct.unpack_from(f"<{count + 1}h", operand, 3))
    at = 5 + 2 * count
    for number in range(count):
        place = at + 20 * number
        flags = int.from_bytes(operand[place : place + 2], "little")
        row.goes_on.append(flags >> 5 & 3 == 1)
    return row
