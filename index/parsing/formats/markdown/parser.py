"""Parser of Markdown: markdown-it finds the blocks, and what is shown stays as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.document import AUDIENCE, Block, BlockKind, Span, Style, StyleKind
from index.parsing.draft import Draft, Source
from index.parsing.formats.markdown.front_matter import read_front_matter
from index.parsing.formats.markdown.front_matter_styles import field_styles
from index.parsing.formats.markdown.shown import as_shown, trimmed
from index.parsing.formats.markdown.stretches import Stretch, link_definitions, stretches
from index.parsing.formats.markdown.styles import markdown_styles
from index.parsing.metadata.front_matter_audience import NOT_UNDERSTOOD, is_named_near_top
from index.parsing.metadata.mistyped_audience import audience_mistake, other_word
from index.parsing.packed_styles import PackedStyles
from index.parsing.text.cutting import beginning, too_long
from index.parsing.text.dates import date_near_top
from index.parsing.text.decoding import decode

_STRETCH = re.compile(r"\S[^\r\n]*(?:(?:\r\n?|\n)[^\S\r\n]*\S[^\r\n]*)*")
_TITLE_KEYS = ("title", "tittel")
_LEAVES = {
    "fence": BlockKind.CODE,
    "code_block": BlockKind.CODE,
    "hr": BlockKind.PARAGRAPH,
    "html_block": BlockKind.PARAGRAPH,
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """What the lines `[first, last)` are."""

    kind: BlockKind
    first: int
    last: int
    level: int = 0
    group: int = 0
    is_html: bool = False


@dataclass(slots=True)
class _Entry:
    """An open list item; `piece` is its index among the pieces while it can still grow."""

    first: int
    level: int
    group: int
    piece: int | None = None
    begun: bool = False


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    text = beginning(decoded.text, source.limits.max_characters)
    front = read_front_matter(text)
    metadata = dict(front.metadata)
    remarks = [remark for remark in (decoded.remark, front.remark) if remark]
    if is_cut := len(text) < len(decoded.text):
        remarks.append(too_long(source.limits.max_characters))
    if AUDIENCE not in metadata and (front.names_audience or is_named_near_top(text)):
        metadata[AUDIENCE] = NOT_UNDERSTOOD
    if mistake := audience_mistake(text):
        metadata[AUDIENCE] = NOT_UNDERSTOOD
        remarks.append(mistake)
    elif AUDIENCE not in metadata and (other := other_word(text)):
        remarks.append(other)
    if "date" not in metadata and (found := date_near_top(text[front.end :])):
        metadata["date"] = found
    title = next((metadata[key] for key in _TITLE_KEYS if metadata.get(key)), "")
    blocks, pages, styles = _blocks(text, front.end)
    shown = as_shown(text, front.end, blocks, pages, styles, source)
    if front.end:
        whole = Span(0, len(text[: front.end].rstrip()))
        shown.blocks.insert(0, Block(BlockKind.FRONT_MATTER, whole))
    return Draft(
        shown.text,
        tuple(shown.blocks),
        styles=PackedStyles(shown.styles),
        title=title,
        metadata=metadata,
        remarks=(*remarks, *shown.remarks),
        has_hidden=shown.has_hidden or is_cut,
    )


def _blocks(text: str, body: int) -> tuple[list[Block], set[int], list[Style]]:
    """Return the blocks from offset `body` on, and where those begin that are written in HTML.

    And how the file is set. Together the blocks cover all but white space.
    """
    references = link_definitions(text, body)
    blocks: list[Block] = []
    pages: set[int] = set()
    styles = sorted(
        field_styles(text[:body]), key=lambda style: (style.span.start, -style.span.end)
    )
    done, groups = body, 0
    for stretch in stretches(text, body, references):
        starts, first = stretch.starts, len(blocks)
        end = blocks[-1].span.end if blocks else 0
        pieces, groups = _pieces(stretch, groups)
        for piece in pieces:
            start = max(done, starts[min(piece.first, len(starts) - 1)])
            span = trimmed(text, start, starts[min(piece.last, len(starts) - 1)])
            if not span:
                continue
            _sweep(text, done, span.start, blocks)
            blocks.append(Block(piece.kind, span, piece.level, piece.group))
            if piece.is_html:
                pages.add(span.start)
            done = span.end
        _sweep(text, done, starts[-1], blocks)
        done = max(done, starts[-1])
        if first and (grown := blocks[first - 1].span.end) > end:
            styles.append(Style(StyleKind.INSTEAD, Span(end, grown)))
        styles += markdown_styles(text, stretch, references, blocks[first:])
    return blocks, pages, styles


def _sweep(text: str, start: int, end: int, blocks: list[Block]) -> None:
    """Make paragraphs of lines for which markdown-it has no token, such as link definitions."""
    for match in _STRETCH.finditer(text, start, end):
        span = trimmed(text, match.start(), match.end())
        last = blocks[-1] if blocks else None
        if last and not span.of(text).strip("> \t\r\n"):
            # An empty line of a quotation belongs to the block before it.
            blocks[-1] = Block(last.kind, Span(last.span.start, span.end), last.level, last.group)
        else:
            blocks.append(Block(BlockKind.PARAGRAPH, span))


def _pieces(stretch: Stretch, groups: int) -> tuple[list[_Piece], int]:
    """Return the leaves of the token tree in reading order, with their lines.

    And the number of groups, of which there were so many before.
    """
    tokens = stretch.tokens
    pieces: list[_Piece] = []
    entries: list[_Entry] = []
    lists: list[int] = []
    table = 0
    for place, token in enumerate(tokens):
        first, last = token.map or (0, 0)
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                if not lists and not (stretch.continues and place == 0):
                    groups += 1
                lists.append(groups)
                if entries:
                    entries[-1].piece = None
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                entries.append(_Entry(first, len(lists) - 1, lists[-1]))
            case "list_item_close":
                entry = entries.pop()
                if not entry.begun:
                    pieces.append(
                        _Piece(
                            BlockKind.ITEM, entry.first, entry.first + 1, entry.level, entry.group
                        )
                    )
            case "heading_open":
                _close(entries)
                pieces.append(_Piece(BlockKind.HEADING, first, last, int(token.tag[1])))
            case "paragraph_open" if entries:
                _add_to_item(pieces, entries[-1], first, last)
            case "paragraph_open":
                pieces.append(_Piece(BlockKind.PARAGRAPH, first, last))
            case "table_open":
                _close(entries)
                if not (stretch.continues and place == 0):
                    groups += 1
                table = groups
                if lists:  # the table divides its list into two groups
                    groups += 1
                    lists = [groups] * len(lists)
                    for entry in entries:
                        entry.group = groups
            case "thead_open":
                # The token's map leaves out the line of dashes below the header.
                pieces.append(_Piece(BlockKind.HEADER, first, first + 2, group=table))
            case "tr_open" if tokens[place - 1].type != "thead_open":
                pieces.append(_Piece(BlockKind.ROW, first, last, group=table))
            case leaf if leaf in _LEAVES:
                _close(entries)
                is_html = leaf == "html_block"
                pieces.append(_Piece(_LEAVES[leaf], first, last, is_html=is_html))
            case _:
                pass
    return pieces, groups


def _close(entries: list[_Entry]) -> None:
    """Note that another kind of block stands in the open items, so that they cannot grow."""
    for entry in entries:
        entry.piece = None
        entry.begun = True


def _add_to_item(pieces: list[_Piece], entry: _Entry, first: int, last: int) -> None:
    """Begin the item, mark included, with its first paragraph, or lengthen it with a later one."""
    if not entry.begun:
        entry.begun = True
        entry.piece = len(pieces)
        pieces.append(_Piece(BlockKind.ITEM, entry.first, last, entry.level, entry.group))
    elif entry.piece is not None:
        item = pieces[entry.piece]
        pieces[entry.piece] = _Piece(item.kind, item.first, last, item.level, item.group)
    else:
        pieces.append(_Piece(BlockKind.PARAGRAPH, first, last))
