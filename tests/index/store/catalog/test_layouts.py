from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.document import Block, BlockKind, Document, Span, Style, StyleKind, clip_styles
from index.store.catalog.catalog import Catalog
from index.store.catalog.layouts import CREATE_LAYOUTS, Layouts, layout_of, layout_within

_LENGTH = 20_000


@st.composite
def documents(draw: st.DrawFn) -> Document:
    ends = st.integers(0, _LENGTH)
    found = draw(st.lists(st.tuples(st.sampled_from(list(StyleKind)[:7]), ends, ends), max_size=9))
    styles = sorted(
        (Style(kind, Span(min(a, b), max(a, b)), text="x") for kind, a, b in set(found) if a != b),
        key=lambda style: (style.span.start, -style.span.end),
    )
    blocks = (
        Block(BlockKind.HEADING, Span(0, 10), 2),
        Block(BlockKind.PARAGRAPH, Span(12, 9_000)),
        Block(BlockKind.ROW, Span(9_002, 9_100), group=3, row=12),
    )
    return Document("a.md", "A", "x" * _LENGTH, blocks, styles=tuple(dict.fromkeys(styles)))


@given(documents(), st.integers(0, _LENGTH), st.integers(0, _LENGTH))
def test_what_is_stored_of_a_place_is_what_the_document_has_there(
    document: Document, one: int, two: int
) -> None:
    db = sqlite3.connect(":memory:")
    db.execute(CREATE_LAYOUTS)
    layouts = Layouts(db)
    layouts.put(document)
    span = Span(min(one, two), max(one, two))
    if len(span):
        expected = clip_styles(layout_of(document.blocks, document.styles), span)
        assert sorted(layouts.of("a.md", span), key=str) == sorted(expected, key=str)
    assert sorted(layouts.words_of("a.md"), key=str) == sorted(document.styles, key=str)
    layouts.delete("a.md")
    assert layouts.of("a.md", Span(0, _LENGTH)) == ()


@given(documents(), st.integers(0, _LENGTH), st.integers(0, _LENGTH))
def test_how_a_place_of_a_document_is_set_that_is_not_stored(
    document: Document, one: int, two: int
) -> None:
    """The styles of words lie in blocks."""
    within = [
        style
        for style in document.styles
        if any(block.span.contains(style.span) for block in document.blocks)
    ]
    document = replace(document, styles=tuple(within))
    span = Span(min(one, two), max(one, two))
    assert layout_within(document, span) == clip_styles(layout_of(document.blocks, within), span)


def test_a_catalog_returns_a_document_as_it_is_set(tmp_path: Path) -> None:
    styles = (Style(StyleKind.BOLD, Span(0, 3)), Style(StyleKind.LINK, Span(4, 7), text="x:y"))
    blocks = (Block(BlockKind.PARAGRAPH, Span(0, 9)),)
    document = Document("a.md", "A", "one two x", blocks, styles=styles)
    catalog = Catalog.create(tmp_path / "catalog.sqlite")
    catalog.put_document(document, "2026-01-19T12:00:00+00:00")
    assert catalog.document("a.md") == document
    catalog.delete_document("a.md")
    assert catalog.layouts.words_of("a.md") == ()
