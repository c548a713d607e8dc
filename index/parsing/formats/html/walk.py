"""The walk through a web page's tree, which writes its blocks."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from index.document import TextOrigin
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.formats.html.controls import text_of_control
from index.parsing.formats.html.lists import OpenList
from index.parsing.formats.html.names import (
    BLOCKS,
    CONTROLS,
    HEADINGS,
    OF_DRAWINGS,
    SECTIONS,
    SKIPPED,
    WITH_WHOLE,
)
from index.parsing.formats.html.tables import DataTable, TableKind, kinds_of_tables
from index.parsing.formats.html.text import LINE_BREAK, GatheredText
from index.parsing.formats.html.visibility import KnownPage, prose_of_comment, says_something
from index.parsing.options import HiddenContent
from index.parsing.text.styling import Runs

_ORIGINS = {HiddenContent.HIDDEN: TextOrigin.HIDDEN, HiddenContent.DELETED: TextOrigin.DELETED}
_NAMES = {HiddenContent.HIDDEN: "hidden part", HiddenContent.DELETED: "deleted part"}
_FEWEST_WORDS = 3
"""Words of a button that is the heading of what it opens; "Main menu" is none."""


class PageWalk:
    """Reads elements in order and writes their blocks, without recursion: pages nest deeply."""

    def __init__(self, builder: DocumentBuilder, page: KnownPage) -> None:
        self._builder = builder
        self._page = page
        self._text = GatheredText()
        self._tables: list[DataTable | None] = []  # None: a table that only lays out the page
        self._lists: list[OpenList] = []
        self._stray = OpenList(0)  # for entries outside of any list
        self._items: list[bool] = []  # whether the open entry is still without its text
        self._heading = 0
        self._last_heading = 1
        self._button_heading = False
        self._details = 0
        self._pre = 0
        self._sections = 0
        self._drawings = 0
        self._term = ""
        self._last_term = ""
        self._definitions: list[int] = []
        self._later: list[tuple[TextOrigin, etree._Element | str]] = []

    def write(self, root: etree._Element) -> None:
        self._read(root)
        self.finish()

    def finish(self) -> None:
        self._flush()

    def _read(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        skipped: etree._Element | None = None
        for event, element in walk:
            if event == "comment":
                self._comment(str(element.text or ""))
                self.read_tail(element)
                continue
            if event == "start":
                if self._skip(str(element.tag), element):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self.begin(element)
                continue
            if element is skipped:
                skipped = None
            else:
                self.end(element)
            if element is not root:
                self.read_tail(element)

    # Elements of a long page, of which not all is known when they begin

    def can_begin(self, element: etree._Element) -> bool:
        """Return whether an element can be read before all of it is known."""
        tag, seen = str(element.tag), self._page.seen
        is_apart = tag in SKIPPED or tag in CONTROLS or tag in WITH_WHOLE
        is_left_out = seen.is_navigation(element) or seen.is_repeated(element)
        return not (is_apart or is_left_out or self._drawings or seen.is_hidden(element))

    def begin(self, element: etree._Element) -> None:
        """Read the beginning of an element, with its text up to the first one in it."""
        self._open(str(element.tag), element)
        if text := element.text:
            self._text.add(str(text))

    def end(self, element: etree._Element) -> None:
        self._close(str(element.tag), element)

    def read_whole(self, element: etree._Element) -> None:
        self._page.tables.clear()
        if isinstance(element, etree._Comment):
            self._comment(str(element.text or ""))
        else:
            self._read(element)

    def read_tail(self, element: etree._Element) -> None:
        if text := element.tail:
            self._text.add(str(text))

    # What is left out, or written with another origin

    def _skip(self, tag: str, element: etree._Element) -> bool:
        page = self._page
        if tag in SKIPPED or (self._drawings and tag in OF_DRAWINGS):
            return True
        if page.seen.is_navigation(element):
            return not page.with_navigation
        if not page.all_seen and (kind := page.seen.is_hidden(element)):
            if page.unread.reads(kind):
                self._later.append((_ORIGINS[kind], element))
            elif says_something(element):
                page.unread.left_out(kind, _NAMES[kind])
            return True
        if tag in CONTROLS:
            self._text.add(text_of_control(tag, element))
            return True
        if tag == "footer" and not self._sections and not self._in_cell():
            self._flush()
            self._write_apart(TextOrigin.MARGIN, element, self._page)
            return True
        return page.seen.is_repeated(element)

    def _comment(self, text: str) -> None:
        if not (words := prose_of_comment(text)):
            return
        if self._page.unread.reads(HiddenContent.COMMENTS):
            self._later.append((TextOrigin.COMMENT, words))
        else:
            self._page.unread.left_out(HiddenContent.COMMENTS, "comment in its source")

    def _write_apart(self, origin: TextOrigin, element: etree._Element, page: KnownPage) -> None:
        with self._builder.origin(origin):
            walk = PageWalk(self._builder, page)
            walk._sections = 1
            walk.write(element)

    def _write_later(self) -> None:
        later, self._later = self._later, []
        for origin, content in later:
            if isinstance(content, str):
                with self._builder.origin(origin):
                    self._builder.paragraph(content)
            else:
                self._write_apart(origin, content, replace(self._page, all_seen=True))

    # The beginnings of elements

    def _open(self, tag: str, element: etree._Element) -> None:
        if tag not in BLOCKS:
            self._open_inline(tag, element)
            return
        if tag in SECTIONS:
            self._sections += 1
        table = self._tables[-1] if self._tables else None
        if table is not None and table.in_cell:
            if tag != "table":
                self._text.add(" ")
                return
            if self._kind_of(element) is TableKind.LARGE:
                self._open_table(element)
            else:
                table.unfolded += 1
            return
        self._boundary()
        if tag == "blockquote":
            self._builder.quote(1)
        match tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._flush()
                self._heading = self._last_heading = int(tag[1])
            case "details":
                self._details += 1
            case "summary":
                self._flush()
                self._heading = self._last_heading + max(self._details, 1)
            case "pre":
                self._flush()
                self._pre += 1
            case "ul" | "ol":
                self._open_list(element)
            case "li":
                self._open_entry(element)
            case "dl":
                self._flush()
                self._definitions.append(self._builder.group())
            case "dt" | "dd" if (within := element.getparent()) is not None:
                if within.tag in ("dt", "dd"):  # lxml does not end it where the next one begins
                    self._close(str(within.tag), within)
            case "table":
                self._open_table(element)
            case _:
                self._open_row(tag)

    def _open_inline(self, tag: str, element: etree._Element) -> None:
        if tag == "br":
            self._text.add(" " if self._in_cell() else LINE_BREAK)
            return
        if tag == "svg":
            self._drawings += 1
        elif tag == "button" and self._is_heading(element):
            self._flush()
            self._heading, self._button_heading = self._last_heading + 1, True
        self._text.begin(tag, element, apart=not self._pre)

    def _is_heading(self, button: etree._Element) -> bool:
        """Return whether a button is what stands above the text that it opens."""
        within = self._heading or self._items or self._definitions or self._in_cell()
        if within or button.get("aria-expanded") is None:
            return False
        text = one_line("".join(map(str, button.itertext(etree.Element))))
        return text.endswith("?") or len(text.split()) >= _FEWEST_WORDS

    def _open_list(self, element: etree._Element) -> None:
        self._flush()
        group = self._lists[-1].group if self._lists else self._builder.group()
        self._lists.append(OpenList.of(element, group))

    def _open_entry(self, element: etree._Element) -> None:
        self._flush()
        before = element.getprevious()
        if not self._lists and (before is None or before.tag != "li"):
            self._stray = OpenList(self._builder.group())
        self._items.append(True)
        self._list().count_entry(element)

    def _kind_of(self, table: etree._Element) -> TableKind:
        kinds = self._page.tables
        if table not in kinds:
            kinds.update(kinds_of_tables(table))
        return kinds[table]

    def _open_table(self, element: etree._Element) -> None:
        if self._kind_of(element) is TableKind.LAYOUT:
            self._flush()
            self._tables.append(None)
            return
        table = DataTable()
        if self._in_cell():
            table.around, self._text = self._text, GatheredText()
        else:
            self._flush()
        self._tables.append(table)

    def _open_row(self, tag: str) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None:
            return
        if tag == "tr":
            table.begin_row()
        elif tag in ("thead", "tbody", "tfoot"):
            table.begin_section()
            table.in_head = tag == "thead"
        elif tag in ("td", "th"):
            self._flush()
            table.in_cell = True

    # Their ends

    def _close(self, tag: str, element: etree._Element) -> None:
        if tag not in BLOCKS:
            self._close_inline(tag, element)
            return
        if tag in SECTIONS:
            self._sections -= 1
        table = self._tables[-1] if self._tables else None
        if table is not None and table.in_cell and (table.unfolded or tag not in ("td", "th")):
            table.unfolded -= tag == "table"
            self._text.add(" ")
            return
        match tag:
            case _ if tag in HEADINGS:
                self._flush()
                self._heading = 0
            case "details":
                self._boundary()
                self._details -= 1
            case "pre":
                self._flush()
                self._pre = max(0, self._pre - 1)
            case "ul" | "ol" if self._lists:
                self._flush()
                self._lists.pop()
            case "li" if self._items:
                self._flush()
                self._items.pop()
            case "dt":
                term = one_line(self._text.take(preformatted=self._pre > 0))
                self._term = self._last_term = ", ".join(filter(None, (self._term, term)))
            case "dd" if self._definitions:
                self._close_definition()
            case "dl" if self._definitions:
                self._flush()
                self._builder.item(self._term, group=self._definitions.pop())
                self._term = self._last_term = ""
            case "td" | "th" if table is not None:
                if table.in_cell:
                    table.add_cell(element, self._text.take(preformatted=self._pre > 0))
                    table.in_cell = False
            case "thead" if table is not None:
                table.begin_section()
                table.in_head = False
            case "table" if self._tables:
                self._close_table()
            case _:
                self._boundary()
        if tag == "blockquote":
            self._builder.quote(-1)

    def _close_inline(self, tag: str, element: etree._Element) -> None:
        if tag == "svg":
            self._drawings -= 1
        elif tag == "button" and self._button_heading:
            self._flush()
            self._heading, self._button_heading = 0, False
        self._text.end(tag, element)

    def _close_definition(self) -> None:
        text = self._text.take(preformatted=self._pre > 0).strip()
        term = (self._term or self._last_term).removesuffix(":")
        if text or self._term:
            text = f"{term}: {text}" if term and text else text or term
            runs = self._text.take_runs()
            self._builder.item(text, group=self._definitions[-1], runs=runs)
        self._term = ""
        self._write_later()

    def _close_table(self) -> None:
        table = self._tables.pop()
        if table is None:
            self._flush()
            return
        rest = self._text.take(preformatted=self._pre > 0).strip()
        around = self._tables[-1] if self._tables else None
        if around is not None and around.in_cell:
            around.nest(table)
            self._text = table.around
            self._text.add(f" {rest} ")
            return
        self._builder.paragraph(rest)
        table.write(self._builder)
        self._write_later()

    # The text between

    def _list(self) -> OpenList:
        return self._lists[-1] if self._lists else self._stray

    def _in_cell(self) -> bool:
        table = self._tables[-1] if self._tables else None
        return table is not None and table.in_cell

    def _boundary(self) -> None:
        """Begin or end a block: within an item that is a line break, elsewhere a new paragraph."""
        if self._items or self._definitions:
            self._text.add(LINE_BREAK)
        else:
            self._flush()

    def _flush(self) -> None:
        text, runs = self._text.take(preformatted=self._pre > 0), self._text.take_runs()
        if text.strip():
            self._write_block(text, runs)
        if self._later and not self._in_cell():
            self._write_later()

    def _write_block(self, text: str, runs: Runs) -> None:
        if self._term:
            self._builder.paragraph(self._term)
            self._term = ""
        if self._pre:
            self._builder.code(text)
        elif self._heading:
            self._builder.heading(text, self._heading, runs)
        elif self._items and self._items[-1]:
            current = self._list()
            self._items[-1] = False
            level = max(len(self._lists) - 1, 0)
            self._builder.item(
                text, group=current.group, level=level, marker=current.marker, runs=runs
            )
        else:
            self._builder.paragraph(text, runs)
