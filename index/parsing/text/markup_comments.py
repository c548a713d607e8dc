"""Comments of reStructuredText and AsciiDoc, which nobody sees who reads the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Span

MARKUP = frozenset({".rst", ".adoc", ".asciidoc"})
"""Suffixes of texts that have such comments."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)?")
_VERBATIM = re.compile(r"(?:-{4,}|\.{4,}|\+{4,}|/{4,})\Z|```(?=[\w+-]*\Z)")
"""What stands above and below a block of AsciiDoc whose lines are no markup; above it, with the
language of a program."""
_COMMENT = re.compile(r"\[comment\b[^\]]*\]")
_SEEN = re.compile(r"\[[^\]\s]+\](?:\s|$)|_\S|\|[^|]+\||[\w:+.-]+::")
"""What stands behind two dots and is no comment: a footnote, target, substitution or directive."""

_DOTS = re.compile(r"\.\.(?:[ \t]+|\Z)")
_LITERAL = re.compile(r"(?:code|code-block|highlight|math|parsed-literal|raw|sourcecode)::")
"""Directives of reStructuredText whose lines are no markup."""


def markup_comments(text: str, suffix: str) -> Iterator[Span]:
    """Yield where the comments of a text stand, by the suffix of its file; none of other files."""
    if suffix == ".rst":
        yield from _of_restructured_text(text)
    elif suffix in MARKUP:
        yield from _of_asciidoc(text)


def _of_asciidoc(text: str) -> Iterator[Span]:
    open_by: str | None = None
    """The line that ends the block which is open; an empty one ends a paragraph."""
    began, is_comment = 0, False
    for line in _LINE.finditer(text):
        written = line.group().rstrip()
        if open_by is not None:
            if written == open_by:
                if is_comment:
                    yield Span(began, line.end())
                open_by, is_comment = None, False
        elif is_comment:  # the line below [comment]
            open_by = written if written == "--" or _VERBATIM.fullmatch(written) else ""
        elif _COMMENT.fullmatch(written):
            began, is_comment = line.start(), True
        elif above := _VERBATIM.match(written):
            open_by, began, is_comment = above[0], line.start(), written[0] == "/"
        elif written.startswith("//") and not written.startswith("///"):
            yield Span(*line.span())
    if is_comment:
        yield Span(began, len(text))


def _of_restructured_text(text: str) -> Iterator[Span]:
    began: int | None = None
    end, margin, is_bare = 0, 0, False
    verbatim: int | None = None
    """The margin of a paragraph or directive below which lines farther in are no markup."""
    is_after_blank = True
    for line in _LINE.finditer(text):
        written = line.group().rstrip()
        indent = len(written) - len(written.lstrip(" \t"))
        if began is not None:
            if is_bare and not written:  # two dots alone end what is before them
                began = None
            elif not written or indent > margin:
                end = line.end() if written else end
            else:
                yield Span(began, end)
                began = None
            is_bare = False
        if verbatim is not None and written and indent <= verbatim:
            verbatim = None
        if began is None and verbatim is None and written:
            if (is_after_blank or not indent) and (dots := _DOTS.match(written, indent)):
                if not _SEEN.match(written, dots.end()):
                    began, end, margin = line.start(), line.end(), indent
                    is_bare = dots.end() == len(written)
                elif _LITERAL.match(written, dots.end()):
                    verbatim = indent
            elif written.endswith("::"):
                verbatim = indent
        is_after_blank = not written
    if began is not None:
        yield Span(began, end)
