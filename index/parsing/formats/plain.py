"""Parser of plain text files, also of those with the markup of reStructuredText and AsciiDoc."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from index.document import AUDIENCE, Block, Span, TextOrigin
from index.parsing.draft import Draft, Source
from index.parsing.metadata.front_matter_audience import (
    FRONT_MATTER,
    NOT_UNDERSTOOD,
    is_named_near_top,
)
from index.parsing.metadata.mistyped_audience import audience_mistake, other_word
from index.parsing.options import HiddenContent
from index.parsing.text.cutting import beginning, too_long
from index.parsing.text.dates import date_near_top
from index.parsing.text.decoding import decode
from index.parsing.text.flowing import flow_styles
from index.parsing.text.invisible import INVISIBLE
from index.parsing.text.markup_comments import MARKUP, markup_comments
from index.parsing.text.structure import structure
from index.parsing.unread.remarks import comments_not_read

_TITLE = re.compile(
    r"\s*(?:=[ \t][^\n]*\n(?:[^\s:][^\n]*\n){0,2}"
    r"|(?:([=\-~^*+#\"'])\1{2,}[ \t]*\n)?\S[^\n]*\n([=\-~^*+#\"'])\2{2,}[ \t]*\n)"
)
"""A title of AsciiDoc, with an author and a version, or of reStructuredText; fields follow it."""
_LINE_END = re.compile(r"\r\n?")
_TOP = 20_000
"""Characters in which a title and fields are looked for."""
_CLOSED = (
    "It seems to say for whom it is, which only a Markdown file can; where there is a policy, "
    "nobody may see it until that is corrected."
)


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    most = source.limits.max_characters
    remarks = [decoded.remark] if decoded.remark else []
    whole = INVISIBLE.sub("", decoded.text)
    comments = list(markup_comments(whole, source.suffix))
    has_hidden = False
    if comments and HiddenContent.COMMENTS in source.options.hidden:
        whole, comments = _apart(whole, comments)
    elif comments:
        words = "".join(span.of(whole) for span in comments)
        if has_hidden := any(map(str.isalnum, words)):
            remarks.append(comments_not_read(len(comments)))
        whole, comments = _without(whole, comments), []
    text = beginning(whole, most)
    if len(text) < len(whole):
        remarks.append(too_long(most))
    del decoded, whole  # a long text takes much memory as it is
    metadata = {"date": date} if (date := date_near_top(text)) else {}
    if mistake := _audience_mistake(text, source.suffix):
        metadata[AUDIENCE] = NOT_UNDERSTOOD
        remarks.append(mistake)
    elif other := other_word(text):
        remarks.append(other)
    blocks = _with_comments(structure(text), comments)
    return Draft(
        text=text,
        blocks=tuple(blocks),
        styles=tuple(flow_styles(text, blocks)),
        metadata=metadata,
        remarks=tuple(remarks),
        has_hidden=has_hidden,
    )


def _without(text: str, spans: Sequence[Span]) -> str:
    """Return a text without these stretches of it, which are in order."""
    starts = [0, *(span.end for span in spans)]
    ends = [*(span.start for span in spans), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _apart(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return a text with empty lines around these stretches of it, and where they stand then."""
    pieces, moved, done = list[str](), list[Span](), 0
    for number, span in enumerate(spans):
        pieces += (text[done : span.start], "\n", span.of(text), "\n")
        start = span.start + 2 * number + 1
        moved.append(Span(start, start + len(span)))
        done = span.end
    return "".join((*pieces, text[done:])), moved


def _with_comments(blocks: list[Block], comments: Sequence[Span]) -> list[Block]:
    """Return the blocks, each that begins in a comment as a part of one."""
    if not comments:
        return blocks
    starts = [span.start for span in comments]
    marked = []
    for block in blocks:
        place = bisect_right(starts, block.span.start) - 1
        is_comment = place >= 0 and block.span.start < comments[place].end
        marked.append(replace(block, origin=TextOrigin.COMMENT) if is_comment else block)
    return marked


def _audience_mistake(text: str, suffix: str) -> str:
    """Return a remark where a text seems to name an audience, in fields as they stand above texts;
    empty where it does not. "Audience: all of us" in a letter is no such field."""
    text = _LINE_END.sub("\n", text[:_TOP])
    if front := FRONT_MATTER.match(text):
        top = front.group()
    elif suffix in MARKUP:
        title = _TITLE.match(text)
        top = text[title.end() :] if title else text
    else:
        return ""
    return audience_mistake(top) or (_CLOSED if is_named_near_top(top) else "")
