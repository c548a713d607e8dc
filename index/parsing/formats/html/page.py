"""A web page from its text to its blocks: whole, or piece by piece where it is long."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from index.parsing.builder import DocumentBuilder
from index.parsing.formats.html import long_pages
from index.parsing.formats.html.visibility import KnownPage, Visibility
from index.parsing.formats.html.walk import PageWalk
from index.parsing.options import ParsingOptions
from index.parsing.unread.hidden import HiddenParts


def root_of(page: str) -> etree._Element | None:
    """Return a page's root; that of a long page has no more than what says something of all of it.

    Raises UnreadableDocument.
    """
    if len(page) > long_pages.LONG:
        return long_pages.facts_of(page)
    # Encoded again because lxml refuses a str that declares an encoding.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True)
    root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    long_pages.refuse_too_deep(parser.error_log)
    return root


def write_blocks(
    page: str, root: etree._Element, builder: DocumentBuilder, options: ParsingOptions
) -> None:
    """Add the blocks of a page with this root, and remark what is hidden in it."""
    known = KnownPage(Visibility(root), {}, HiddenParts(builder, options))
    before = builder.length
    for with_navigation in (False, True):
        if builder.length > before:
            break  # else it is a page of links alone
        unread = HiddenParts(builder, options)
        known = replace(known, with_navigation=with_navigation, unread=unread)
        walk = PageWalk(builder, known)
        if len(page) > long_pages.LONG:
            long_pages.read_pieces(page, walk)
            walk.finish()
        else:
            walk.write(root)
    known.unread.remark()
