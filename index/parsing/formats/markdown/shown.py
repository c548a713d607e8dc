"""What a reader of a Markdown file sees of its text: neither comments nor the data of pictures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.document import Block, BlockKind, Span, Style, TextOrigin
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Source
from index.parsing.formats.html.names import BLOCKS
from index.parsing.options import HiddenContent
from index.parsing.text.invisible import INVISIBLE
from index.parsing.unread.embedded import EMBEDDED
from index.parsing.unread.remarks import comments_not_read

_MARK = re.compile(r"`+|<!--|\\[`<\\]")
_TABLE = re.compile(r"<(?P<end>/?)table\b", re.IGNORECASE)
_TAG = re.compile(r"</?(?P<name>[a-z][a-z0-9]*)[\s/>]", re.IGNORECASE)
_IN_LINES = frozenset(
    "a b br code em font i img kbd picture script small source span strong style sub sup svg u"
    " video".split()
)


@dataclass(slots=True)
class Shown:
    """The text that is stored, and its blocks."""

    text: str
    blocks: list[Block]
    styles: list[Style] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    has_hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Edit:
    """What stands in place of a stretch of the file; nothing where it is left out."""

    span: Span
    text: str = ""
    blocks: tuple[Block, ...] = ()
    styles: Sequence[Style] = ()


def as_shown(
    text: str,
    body: int,
    blocks: list[Block],
    pages: set[int],
    styles: list[Style],
    source: Source,
) -> Shown:
    """Return the text without what is not shown, and with tables and the like in HTML as text.

    `pages` are where blocks of HTML begin. The text before `body` stays as it is.
    """
    shown = Shown(text, blocks, styles)
    edits = list(_html(text, blocks, pages, source, shown)) if pages else []
    if "<!--" in text:
        comments = list(_comments(text, blocks, pages))
        if HiddenContent.COMMENTS in source.options.hidden:
            shown.blocks = _with_comments(text, blocks, comments)
        else:
            edits += map(_Edit, comments)
            if comments and any(map(str.isalnum, "".join(span.of(text) for span in comments))):
                shown.remarks.append(comments_not_read(len(comments)))
                shown.has_hidden = True
    data = [Span(*match.span()) for match in EMBEDDED.finditer(text, body)]
    if data:
        were = "file was" if len(data) == 1 else "files were"
        shown.remarks.append(f"{len(data):,} embedded {were} not read, such as a picture.")
    edits += map(_Edit, data)
    edits += (_Edit(Span(*match.span())) for match in INVISIBLE.finditer(text, body))
    _apply(_disjoint(edits), shown)
    return shown


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the stretch without the white space at its ends."""
    stretch = text[start:end]
    lead = len(stretch) - len(stretch.lstrip())
    return Span(start + lead, start + max(lead, len(stretch.rstrip())))


# HTML within Markdown


def _html(
    text: str, blocks: list[Block], pages: set[int], source: Source, shown: Shown
) -> Iterator[_Edit]:
    """Yield the blocks of HTML as the page that they are; a table may go on over several."""
    groups = max((block.group for block in blocks), default=0)
    at, unclosed = 0, False
    while at < len(blocks):
        begin, at = at, at + 1
        tag = _TAG.match(text, blocks[begin].span.start)
        if blocks[begin].span.start not in pages or not tag or not _is_known(tag["name"]):
            continue
        open_tables = _open_tables(text, blocks[begin])
        end = at
        while open_tables > 0 and end < len(blocks) and not unclosed:
            open_tables += _open_tables(text, blocks[end])
            end += 1
        unclosed |= open_tables > 0
        if open_tables <= 0:
            at = end
        span = Span(blocks[begin].span.start, blocks[at - 1].span.end)
        edit, groups = _rendered(text, span, groups, source, shown)
        yield edit


def _is_known(name: str) -> bool:
    return name.lower() in BLOCKS or name.lower() in _IN_LINES


def _open_tables(text: str, block: Block) -> int:
    tags = _TABLE.finditer(text, block.span.start, block.span.end)
    return sum(-1 if tag["end"] else 1 for tag in tags)


def _rendered(
    text: str, span: Span, groups: int, source: Source, shown: Shown
) -> tuple[_Edit, int]:
    from index.parsing.formats.html.parser import write_page  # loads lxml; few files need it

    builder = DocumentBuilder(source.limits)
    write_page(span.of(text), builder, source.options)
    draft = builder.draft()
    shown.remarks += [remark for remark in draft.remarks if remark not in shown.remarks]
    shown.has_hidden |= draft.has_hidden
    moved = tuple(
        replace(block, group=block.group + groups if block.group else 0) for block in draft.blocks
    )
    most = max((block.group for block in moved), default=groups)
    return _Edit(span, draft.text, moved, draft.styles), max(groups, most)


# Comments


def _comments(text: str, blocks: list[Block], pages: set[int]) -> Iterator[Span]:
    """Yield the stretches of comments, the whole block where nothing else is in it."""
    for block in blocks:
        first = text.find("<!--", block.span.start, block.span.end)
        if first < 0 or block.kind is BlockKind.CODE:
            continue
        is_html = block.span.start in pages
        if not is_html or first == text.find("<", block.span.start):  # others are read as pages
            yield from _comments_in(text, block.span, is_html=is_html)


def _comments_in(text: str, span: Span, *, is_html: bool) -> Iterator[Span]:
    runs: dict[int, list[int]] = {}
    if not is_html:
        for run in re.finditer("`+", span.of(text)):
            runs.setdefault(len(run[0]), []).append(span.start + run.start())
    at = span.start
    while match := _MARK.search(text, at, span.end):
        at = match.end()
        if match[0] == "<!--":
            end = text.find("-->", at, span.end)
            if end < 0 and not is_html:
                return
            at = span.end if end < 0 else end + 3
            yield Span(match.start(), at)
        elif match[0][0] == "`" and not is_html:
            same = runs.get(len(match[0]), [])
            closing = bisect_right(same, match.start())
            if closing < len(same):  # code, in which nothing else begins
                at = same[closing] + len(match[0])


def _with_comments(text: str, blocks: list[Block], comments: list[Span]) -> list[Block]:
    """Return the blocks, divided at the comments in them, which are known as such."""
    found: list[Block] = []
    rest = iter(comments)
    comment = next(rest, None)
    for block in blocks:
        at = block.span.start
        while comment is not None and comment.start < block.span.end:
            found += _stretch(block, text, at, comment.start)
            found.append(Block(BlockKind.PARAGRAPH, comment, origin=TextOrigin.COMMENT))
            at = comment.end
            comment = next(rest, None)
        found += _stretch(block, text, at, block.span.end)
    return found


def _stretch(block: Block, text: str, start: int, end: int) -> list[Block]:
    span = trimmed(text, start, end)
    return [replace(block, span=span)] if span else []


# The stored text


def _disjoint(edits: list[_Edit]) -> list[_Edit]:
    """Return the edits in order, without those within others."""
    found: list[_Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.span.start, -edit.span.end)):
        if not found or edit.span.start >= found[-1].span.end:
            found.append(edit)
    return found


def _apply(edits: Sequence[_Edit], shown: Shown) -> None:
    if not edits:
        return
    text = shown.text
    edits = _with_bare_blocks(text, shown.blocks, edits)
    starts, moves, pieces, blocks, styles = [], [], [], list[Block](), list[Style]()
    at = length = 0
    for edit in edits:
        pieces += [text[at : edit.span.start], edit.text]
        length += edit.span.start - at
        starts.append(edit.span.start)
        moves.append(length)
        blocks += (replace(block, span=block.span.moved(length)) for block in edit.blocks)
        styles += (replace(style, span=style.span.moved(length)) for style in edit.styles)
        length += len(edit.text)
        at = edit.span.end
    shown.text = "".join([*pieces, text[at:]])

    def moved(offset: int) -> int:
        number = bisect_right(starts, offset) - 1
        if number < 0:
            return offset
        edit = edits[number]
        if offset < edit.span.end:
            return moves[number]
        return moves[number] + len(edit.text) + offset - edit.span.end

    for block in shown.blocks:
        number = bisect_right(starts, block.span.start) - 1
        if number >= 0 and edits[number].span.contains(block.span):
            continue
        span = trimmed(shown.text, moved(block.span.start), moved(block.span.end))
        blocks.append(replace(block, span=span))
    shown.blocks = sorted(blocks, key=lambda block: block.span)
    for style in shown.styles:
        number = bisect_right(starts, style.span.start) - 1
        if number < 0 or not edits[number].span.contains(style.span):
            span = Span(moved(style.span.start), moved(style.span.end))
            styles.append(replace(style, span=span))
    shown.styles = sorted(
        (style for style in styles if style.span.start < style.span.end),
        key=lambda style: (style.span.start, -style.span.end),
    )


def _with_bare_blocks(text: str, blocks: list[Block], edits: Sequence[_Edit]) -> list[_Edit]:
    """Return the edits, each as wide as its block where no word of that is left."""
    found: list[_Edit] = []
    number = 0
    for block in blocks:
        inner = []
        while number < len(edits) and edits[number].span.start < block.span.end:
            inner.append(edits[number])
            number += 1
        if not inner or any(edit.blocks for edit in inner):
            found += inner
            continue
        ends = [
            block.span.start,
            *(at for edit in inner for at in (edit.span.start, edit.span.end)),
        ]
        ends.append(block.span.end)
        left = (text[one:two] for one, two in list(pairwise(ends))[::2])
        if any(any(map(str.isalnum, stretch)) for stretch in left):
            found += inner
        else:
            found.append(_Edit(block.span))
    return found + list(edits[number:])
