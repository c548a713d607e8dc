"""Parser of old PowerPoint presentations (.ppt), through olefile; each slide is a page."""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.old_office.ole import OleFile, is_ole, parse_as_what_it_is
from index.parsing.formats.old_office.ppt_records import (
    Record,
    TextBlock,
    living_records,
    records,
    texts_of,
)
from index.parsing.options import HiddenContent
from index.parsing.tables.grid import GridCell, header_rows_of, spread
from index.parsing.unread.hidden import HiddenParts

_SLIDE_TEXTS, _SLIDE_PLACE, _SLIDE = 0x0FF0, 0x03F3, 0x03EE
_SLIDE_SHOW, _NOTES_OF, _DRAWING = 0x03F9, 0x03F1, 0x040C
_DRAWING_GROUP, _GROUP, _SHAPE, _TEXT_BOX, _DATA = 0xF002, 0xF003, 0xF004, 0xF00D, 0xF011
_CHILD_PLACE, _MORE_PROPERTIES, _OUTLINE_TEXT, _PLACEHOLDER = 0xF00F, 0xF122, 0x0F9E, 0x0BC3
_TAGGED, _COMMENT, _STRING, _OBJECT = 0x138B, 0x2EE0, 0x0FBA, 0x0BC1
_IS_TABLE = 0x039F
_IS_HIDDEN = 4
_SLIDES, _NOTES_PAGES = 0, 2
_FURNITURE = frozenset({7, 8, 9, 10})
_TITLES, _BODIES, _NOTES_TEXT = frozenset({0, 6}), frozenset({1, 7, 8}), 2
_MOST_DEPTH = 64


@dataclass(frozen=True, slots=True)
class _Shape:
    """A shape with its text, or a table with its cells."""

    text: TextBlock | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    placeholder: int = 0
    is_object: bool = False
    """Whether it shows a chart or the file of another program."""


def parse(source: Source) -> Draft:
    if not is_ole(source.data):
        return parse_as_what_it_is(source, "a PowerPoint presentation")
    file = OleFile(source)
    stream = file.read("PowerPoint Document")
    living, number = living_records(stream, file.read("Current User"))
    document = living.get(number)
    if document is None:
        raise UnreadableDocument("it is damaged, or not a PowerPoint presentation")
    builder = DocumentBuilder(source.limits)
    _Slides(document, living, builder, HiddenParts(builder, source.options)).write()
    title, metadata = file.properties()
    return builder.draft(title=title, metadata=metadata)


class _Slides:
    def __init__(
        self,
        document: Record,
        living: dict[int, Record],
        builder: DocumentBuilder,
        hidden: HiddenParts,
    ) -> None:
        self._living = living
        self._builder = builder
        self._hidden = hidden
        lists = {each.instance: each for each in document.inner() if each.kind == _SLIDE_TEXTS}
        self._slides = list(_entries(lists.get(_SLIDES)))
        self._notes: dict[int, Record] = {}
        for reference, _, _ in _entries(lists.get(_NOTES_PAGES)):
            notes = living.get(reference)
            belongs = None if notes is None else notes.first(_NOTES_OF)
            if notes is not None and belongs is not None:
                self._notes[belongs.number(0)] = notes

    def write(self) -> None:
        slides = self._builder.first(self._slides, "slides")
        with self._builder.within_limit("slide"):
            for number, (reference, identifier, outline) in enumerate(slides, start=1):
                slide = self._living.get(reference)
                if slide is None or slide.kind != _SLIDE:
                    self._hidden.lost("damaged slide", str(number))
                elif _is_hidden(slide):
                    hidden = HiddenContent.HIDDEN
                    with self._hidden.part(hidden, "hidden slide", str(number)) as read:
                        if read:
                            self._write_slide(slide, number, identifier, outline)
                else:
                    self._write_slide(slide, number, identifier, outline)
                self._builder.page_break()
        self._hidden.remark()

    def _write_slide(
        self, slide: Record, number: int, identifier: int, outline: list[TextBlock]
    ) -> None:
        shapes = [each for each in _shapes(slide, outline) if each.placeholder not in _FURNITURE]
        titles = [each for each in shapes if each.text and each.text.kind in _TITLES]
        for shape in titles:
            assert shape.text is not None
            text = " ".join(each.text for each in shape.text.paragraphs)
            self._builder.heading(text, 1 if number == 1 else 2)
        for shape in shapes:
            if shape.rows:
                rows = [row for row in shape.rows if any(row)]
                self._builder.table(rows, header_rows=header_rows_of(rows))
            elif shape.text is not None and shape not in titles:
                self._write_text(shape.text)
        for shape in shapes:
            if shape.is_object:
                self._hidden.lost("embedded object", f"slide {number}")
        for tagged in slide.every(_TAGGED):
            self._write_comments(tagged, number)
        notes = self._notes.get(identifier)
        texts = [] if notes is None else [each.text for each in _shapes(notes, []) if each.text]
        spoken = [each for each in texts if each.kind == _NOTES_TEXT and _is_written(each)]
        if spoken:
            place = f"slide {number}"
            with self._hidden.part(HiddenContent.NOTES, "page of speaker notes", place) as read:
                for block in spoken if read else ():
                    self._write_text(block)

    def _write_text(self, block: TextBlock) -> None:
        group = self._builder.group()
        for paragraph in block.paragraphs:
            text = paragraph.text.replace("\x0b", "\n")
            has_bullet = paragraph.has_bullet
            if has_bullet is None:
                has_bullet = block.kind in _BODIES
            if has_bullet:
                self._builder.item(text, group=group, level=paragraph.level)
            else:
                self._builder.paragraph(text)

    def _write_comments(self, tagged: Record, number: int) -> None:
        for comment in records(tagged.data):
            if comment.kind != _COMMENT:
                continue
            texts = [each for each in comment.inner() if (each.kind, each.instance) == (_STRING, 1)]
            for text in texts:
                words = bytes(text.data).decode("utf-16-le", "replace")
                self._hidden.write(HiddenContent.COMMENTS, "comment", words, f"slide {number}")


def _entries(listed: Record | None) -> Iterator[tuple[int, int, list[TextBlock]]]:
    """Yield the number of each slide's record, the slide's own, and the texts of its outline."""
    run: list[Record] = []
    place: Record | None = None
    for record in [] if listed is None else listed.inner():
        if record.kind == _SLIDE_PLACE:
            if place is not None:
                yield place.number(0), place.number(12), texts_of(iter(run))
            place, run = record, []
        else:
            run.append(record)
    if place is not None:
        yield place.number(0), place.number(12), texts_of(iter(run))


def _is_hidden(slide: Record) -> bool:
    show = slide.first(_SLIDE_SHOW)
    return show is not None and len(show.data) >= 12 and bool(show.data[10] & _IS_HIDDEN)


def _is_written(block: TextBlock) -> bool:
    return any(paragraph.text.strip() for paragraph in block.paragraphs)


def _shapes(slide: Record, outline: list[TextBlock]) -> Iterator[_Shape]:
    """Yield what is drawn on a slide; instead of a group, the shapes in it."""
    drawing = slide.first(_DRAWING, _DRAWING_GROUP)
    waiting = [] if drawing is None else [(each, 0) for each in reversed(list(drawing.inner()))]
    while waiting:
        record, depth = waiting.pop()
        if record.kind == _GROUP and _is_table(record):
            yield _Shape(rows=_table(record, outline))
        elif record.kind == _GROUP and depth < _MOST_DEPTH:
            waiting += [(each, depth + 1) for each in reversed(list(record.inner()))]
        elif record.kind == _SHAPE:
            yield _shape(record, outline)


def _shape(record: Record, outline: list[TextBlock]) -> _Shape:
    placeholder = record.first(_DATA, _PLACEHOLDER)
    kind = placeholder.data[4] if placeholder is not None and len(placeholder.data) > 4 else 0
    box = record.first(_TEXT_BOX)
    if box is None:
        is_object = record.first(_DATA, _OBJECT) is not None
        return _Shape(placeholder=kind, is_object=is_object)
    # A container in all but name.
    inside = list(records(box.data))
    reference = next((each for each in inside if each.kind == _OUTLINE_TEXT), None)
    if reference is not None:
        at = reference.number(0)
        return _Shape(outline[at] if at < len(outline) else None, placeholder=kind)
    blocks = texts_of(iter(inside))
    return _Shape(blocks[0] if blocks else None, placeholder=kind)


def _is_table(group: Record) -> bool:
    first = group.first(_SHAPE)
    properties = None if first is None else first.first(_MORE_PROPERTIES)
    if properties is None:
        return False
    count = min(properties.instance, len(properties.data) // 6)
    return any(
        struct.unpack_from("<HI", properties.data, 6 * n)[0] == _IS_TABLE for n in range(count)
    )


def _table(group: Record, outline: list[TextBlock]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table, whose cells are shapes that stand beside and below each other."""
    placed = []
    for record in group.inner():
        place = record.first(_CHILD_PLACE) if record.kind == _SHAPE else None
        shape = _shape(record, outline) if place is not None and len(place.data) >= 16 else None
        if place is not None and shape is not None and shape.text is not None:
            text = one_line(" ".join(each.text for each in shape.text.paragraphs))
            placed.append((struct.unpack_from("<4i", place.data), text))
    lefts = sorted({box[0] for box, _ in placed})
    tops = sorted({box[1] for box, _ in placed})
    cells = [
        GridCell(
            text,
            row=(row := bisect_left(tops, box[1])),
            column=(column := bisect_left(lefts, box[0])),
            rows=max(1, bisect_left(tops, box[3]) - row),
            columns=max(1, bisect_left(lefts, box[2]) - column),
        )
        for box, text in placed
    ]
    return tuple(tuple(row) for row in spread(cells))
