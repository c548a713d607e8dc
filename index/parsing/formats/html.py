"""Parser of web pages, through lxml and without any network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.characters import header_likely
from index.parsing.dates import iso_date
from index.parsing.decoding import decode
from index.parsing.draft import Draft, Source

__all__ = ["parse", "write_page"]

_SKIPPED = re.compile(
    "audio|button|canvas|datalist|embed|head|iframe|input|map|math|nav|noscript|object|script"
    "|select|style|svg|template|textarea|video"
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset"
    "|figcaption|figure|footer|form|h[1-6]|header|hgroup|hr|html|legend|li|main|ol|p|pre|search"
    "|section|summary|table|tbody|td|tfoot|thead|th|tr|ul"
)
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_META_DATE = re.compile(
    r"date|dc\.date|dcterms\.(created|date)|article:published_time|datepublished"
)
_META_KEPT = ("author", "description", "keywords")


def parse(source: Source) -> Draft:
    declared = _CHARSET.search(source.data[:4096])
    decoded = decode(source.data, declared[1].decode("ascii") if declared else None)
    builder = DocumentBuilder(source.limits)
    if decoded.remark:
        builder.remark(decoded.remark)
    title, metadata = write_page(decoded.text, builder)
    return builder.draft(title=title, metadata=metadata)


def write_page(page: str, builder: DocumentBuilder) -> tuple[str, dict[str, str]]:
    """Add the visible text of a page; return its title and metadata."""
    # Encoded again because lxml refuses a str that declares an encoding.
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    if any("depth" in error.message.lower() for error in parser.error_log):
        raise UnreadableDocument("its elements are nested too deeply")  # lxml drops the rest
    if root is None:
        return "", {}
    _Page(builder).write(root)
    return _head(root)


def _head(root: etree._Element) -> tuple[str, dict[str, str]]:
    metadata: dict[str, str] = {}
    for element in root.iter("meta"):
        key = str(element.get("name") or element.get("property") or element.get("itemprop") or "")
        content = one_line(str(element.get("content") or ""))
        key = key.strip().lower()
        if _META_DATE.fullmatch(key) and content:
            metadata.setdefault("date", iso_date(content) or content)
        elif key in _META_KEPT and content:
            metadata[key] = content
    if language := root.get("lang"):
        metadata["language"] = one_line(str(language))
    title = next((one_line("".join(_strings(each))) for each in root.iter("title")), "")
    first = next((one_line("".join(_strings(each))) for each in root.iter("h1")), "")
    # "Aims - The Ministry" above a first heading "Aims" only adds the name of the site.
    return (first if first and title.startswith(first) else title), metadata


def _strings(element: etree._Element) -> Iterator[str]:
    return (str(each) for each in element.itertext())


@dataclass(slots=True)
class _OpenTable:
    """A table whose rows are being collected."""

    rows: list[list[str]] = field(default_factory=list)
    heads: list[bool] = field(default_factory=list)
    """For each row, whether every cell in it names a column."""
    covered: dict[int, int] = field(default_factory=dict)
    """For each column, how many rows below are still covered by a cell above."""
    head_section: bool = False
    in_cell: bool = False

    def begin_row(self) -> None:
        self.rows.append([])
        self.heads.append(True)

    def add_cell(self, element: etree._Element, text: str) -> None:
        if not self.rows:
            self.begin_row()
        row = self.rows[-1]
        self._skip_covered(row)
        columns, down = _count(element.get("colspan")), _count(element.get("rowspan"))
        for column in range(columns):
            if down > 1:
                self.covered[len(row)] = down - 1
            row.append("" if column else text)
        self.heads[-1] = self.heads[-1] and (element.tag == "th" or self.head_section)

    def _skip_covered(self, row: list[str]) -> None:
        while self.covered.get(len(row), 0):
            self.covered[len(row)] -= 1
            row.append("")

    def header_rows(self) -> int:
        """Return how many rows at the top are the header."""
        leading = next((n for n, head in enumerate(self.heads) if not head), len(self.heads))
        if leading == len(self.rows):
            return min(leading, 1)
        return leading or int(header_likely(self.rows))


@dataclass(slots=True)
class _OpenList:
    """A list whose entries are being counted."""

    group: int
    ordered: bool
    count: int


class _Page:
    """Writes a page from its tree, without recursion, since pages may be nested very deeply."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._text: list[str] = []
        self._tables: list[_OpenTable | None] = []  # None: a table that only lays out the page
        self._lists: list[_OpenList] = []
        self._stray = _OpenList(0, ordered=False, count=0)  # for entries outside of any list
        self._items: list[bool] = []  # whether the open entry is still without its text
        self._heading = 0
        self._pre = 0
        self._term = ""
        self._definitions: list[int] = []

    def write(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if not tag or _SKIPPED.fullmatch(tag) or _hidden(element):
                    skipped = element
                    walk.skip_subtree()
                    continue
                self._open(tag, element)
                self._text.append(str(element.text or ""))
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._close(tag, element)
                self._text.append(str(element.tail or ""))
        self._flush()

    def _open(self, tag: str, element: etree._Element) -> None:
        if tag == "br":
            self._text.append(self._break())
            return
        if not _BLOCK.fullmatch(tag):
            return
        if self._inside_cell():
            self._open_row(tag)
            self._text.append(" ")
            return
        self._boundary()
        match tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._heading = int(tag[1])
            case "pre":
                self._flush()
                self._pre += 1
            case "ul" | "ol":
                self._open_list(element, ordered=tag == "ol")
            case "li":
                self._flush()
                before = element.getprevious()
                if not self._lists and (before is None or before.tag != "li"):
                    self._stray = _OpenList(self._builder.group(), ordered=False, count=0)
                self._items.append(True)
                self._list().count += 1
            case "dl":
                self._flush()
                self._definitions.append(self._builder.group())
            case "table":
                self._flush()
                layout = (
                    element.get("role") == "presentation" or element.find(".//table") is not None
                )
                self._tables.append(None if layout else _OpenTable())
            case _:
                self._open_row(tag)

    def _open_row(self, tag: str) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None:
            return
        if tag == "tr":
            table.begin_row()
        elif tag == "thead":
            table.head_section = True
        elif tag in ("td", "th") and not table.in_cell:
            self._flush()
            table.in_cell = True

    def _close(self, tag: str, element: etree._Element) -> None:
        if not _BLOCK.fullmatch(tag):
            return
        table = self._tables[-1] if self._tables else None
        if table is not None and table.in_cell and tag not in ("td", "th", "table"):
            self._text.append(" ")
            return
        match tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._flush()
                self._heading = 0
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
                self._term = one_line(self._take())
            case "dd" if self._definitions:
                text = self._take()
                if self._term and text.strip():
                    text = f"{self._term}: {text.strip()}"
                self._builder.item(text or self._term, group=self._definitions[-1])
                self._term = ""
            case "dl" if self._definitions:
                self._flush()
                self._definitions.pop()
            case "td" | "th" if table is not None:
                if table.in_cell:
                    table.add_cell(element, self._take())
                    table.in_cell = False
            case "thead" if table is not None:
                table.head_section = False
            case "table" if self._tables:
                self._close_table()
            case _:
                self._boundary()

    def _close_table(self) -> None:
        table = self._tables.pop()
        self._flush()
        if table is not None:
            self._builder.table(table.rows, header_rows=table.header_rows())

    def _open_list(self, element: etree._Element, *, ordered: bool) -> None:
        self._flush()
        start = str(element.get("start") or "1").strip()
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
        outer = self._lists[-1].group if self._lists else 0
        self._lists.append(_OpenList(outer or self._builder.group(), ordered, first - 1))

    def _list(self) -> _OpenList:
        return self._lists[-1] if self._lists else self._stray

    def _inside_cell(self) -> bool:
        table = self._tables[-1] if self._tables else None
        return table is not None and table.in_cell

    def _break(self) -> str:
        return " " if self._inside_cell() else "\x00"

    def _boundary(self) -> None:
        """Begin or end a block: within an item that is a line break, elsewhere a new paragraph."""
        if self._items or self._definitions:
            self._text.append("\x00")
        else:
            self._flush()

    def _take(self) -> str:
        """Return the text gathered so far, with its line breaks as spaces and `<br>` as breaks."""
        text = "".join(self._text)
        self._text.clear()
        if self._pre:
            return text.replace("\x00", "\n")
        return "\n".join(" ".join(line.split()) for line in text.split("\x00"))

    def _flush(self) -> None:
        text = self._take()
        if not text.strip():
            return
        if self._term:
            self._builder.paragraph(self._term)
            self._term = ""
        if self._pre:
            self._builder.code(text)
        elif self._heading:
            self._builder.heading(text, self._heading)
        elif self._items and self._items[-1]:
            current = self._list()
            marker = f"{current.count}." if current.ordered else "•"
            self._items[-1] = False
            level = max(len(self._lists) - 1, 0)
            self._builder.item(text, group=current.group, level=level, marker=marker)
        else:
            self._builder.paragraph(text)


def _hidden(element: etree._Element) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_UNSEEN.search(str(element.get("style") or "")))
    )


def _count(written: object) -> int:
    text = str(written or "1").strip()
    return (
        max(1, min(int(text), 100)) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    )
