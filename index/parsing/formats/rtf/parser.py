"""Parser of rich text (.rtf), by its own tokens."""

from __future__ import annotations

import re
from datetime import datetime

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.office.flow import FlowWriter
from index.parsing.formats.rtf.content import Paragraph, RichText
from index.parsing.formats.rtf.reader import read
from index.parsing.options import HiddenContent
from index.parsing.tables.edged_tables import EdgedTables, TableWriter
from index.parsing.text.cutting import too_long
from index.parsing.text.dates import iso_moment
from index.parsing.text.scripts import superscript
from index.parsing.unread.hidden import HiddenParts

_HEADING = re.compile(r"heading (\d)")
_METADATA_KEYS = {
    "author": "author",
    "subject": "subject",
    "keywords": "keywords",
    "doccomm": "description",
    "category": "category",
}


def parse(source: Source) -> Draft:
    if not source.data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        raise UnreadableDocument("it is not rich text")
    text = read(source.data, source.limits.max_characters)
    builder = DocumentBuilder(source.limits)
    if text.is_cut:
        builder.hidden(too_long(source.limits.max_characters))
    with builder.within_limit():
        _Writer(text, builder, HiddenParts(builder, source.options)).write()
    found = {key: one_line(value) for key, value in text.properties.items()}
    metadata = {name: found[key] for key, name in _METADATA_KEYS.items() if found.get(key)}
    if date := _date(text.created):
        metadata["date"] = date
    return builder.draft(title=found.get("title", ""), metadata=metadata)


class _Writer:
    def __init__(self, text: RichText, builder: DocumentBuilder, hidden: HiddenParts) -> None:
        self._text = text
        self._builder = builder
        self._hidden = hidden
        self._flow = FlowWriter(builder, hidden)
        self._below_title = any(map(self._is_title, text.paragraphs))

    def write(self) -> None:
        self._write_paragraphs()
        for mark, note in self._text.notes:
            self._builder.paragraph(f"{superscript(mark)} {note}".strip())
        self._flow.margins(self._text.margins)
        for comment in self._text.comments:
            self._hidden.write(HiddenContent.COMMENTS, "comment", comment)
        self._hidden.remark()

    def _write_paragraphs(self) -> None:
        tables = EdgedTables(TableWriter(self._builder, self._write_paragraph, self._write_unseen))
        for paragraph in self._text.paragraphs:
            if not paragraph.in_tables:
                tables.end()
                self._write_paragraph(paragraph)
                continue
            self._flow.end_list()
            table = tables.at(paragraph.in_tables)
            marker = paragraph.marker if paragraph.marker != "•" else ""
            table.add(f"{marker} {paragraph.seen}", paragraph)
            if paragraph.end == "cell":
                table.end_cell()
            elif paragraph.row is not None:
                table.end_row(paragraph.row)
        tables.end()

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        seen, runs, marker = paragraph.seen.strip(), paragraph.runs, paragraph.marker
        if seen and (level := self._level(paragraph)):
            self._flow.heading(seen, level, marker, runs)
        else:
            self._flow.text(seen, runs, marker=marker, depth=paragraph.depth)
        self._write_unseen(paragraph)

    def _write_unseen(self, paragraph: Paragraph) -> None:
        self._flow.unseen(paragraph.hidden, paragraph.deleted)

    def _level(self, paragraph: Paragraph) -> int:
        if self._is_title(paragraph):
            return 1
        name, outline = self._text.styles.get(paragraph.style, ("", None))
        if paragraph.outline is not None:
            outline = paragraph.outline
        elif found := _HEADING.match(name):
            outline = int(found[1]) - 1
        if outline is None or not 0 <= outline < 9:
            return 0
        return outline + 1 + int(self._below_title)

    def _is_title(self, paragraph: Paragraph) -> bool:
        return self._text.styles.get(paragraph.style, ("", None))[0] == "title"


def _date(found: dict[str, int]) -> str:
    try:
        moment = datetime(
            found.get("yr", 0), found.get("mo", 1), found.get("dy", 1),
            found.get("hr", 0), found.get("min", 0),
        )  # fmt: skip
    except ValueError:
        return ""
    return iso_moment(moment)
