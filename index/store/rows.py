"""Rows of the catalog: documents, passages and units, to and from values of SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from index.chunking.passage import Passage, Unit
from index.document import Block, BlockKind, Document, Span, TextOrigin

DOCUMENT_COLUMNS = (
    "name, title, text, blocks, pages, metadata, sha256, remarks, doubtful, has_hidden, file"
)
PASSAGE_COLUMNS = "id, document, title, heading, page, start, stop, text, units, lead, context"


def document_row(document: Document) -> tuple[object, ...]:
    return (
        document.name,
        document.title,
        document.text,
        compact_json(
            [
                [b.kind, b.span.start, b.span.end, b.row or b.level, *_named(b.origin), b.group]
                for b in document.blocks
            ]
        ),
        _spans_json(document.pages),
        compact_json(dict(document.metadata)),
        document.sha256,
        compact_json(document.remarks),
        _spans_json(document.doubtful),
        document.has_hidden,
        document.file,
    )


def document_of(row: Sequence[Any]) -> Document:
    name, title, text, blocks, pages, metadata, sha256, remarks, doubtful, hidden, file = row
    return Document(
        name=name,
        title=title,
        text=text,
        blocks=tuple(
            _block(BlockKind(kind), Span(start, end), level, group, _origin_of(origin))
            for kind, start, end, level, *origin, group in json.loads(blocks)
        ),
        pages=_spans_of(pages),
        metadata=json.loads(metadata),
        sha256=sha256,
        remarks=tuple(json.loads(remarks)),
        doubtful=_spans_of(doubtful),
        has_hidden=bool(hidden),
        file=file,
    )


def _block(kind: BlockKind, span: Span, level: int, group: int, origin: TextOrigin) -> Block:
    """Return a block; a row has no level, so that its number in the sheet stands there."""
    if kind is BlockKind.ROW:
        return Block(kind, span, 0, group, origin, level)
    return Block(kind, span, level, group, origin)


def beginning_of(row: Sequence[Any], most: int) -> Document:
    """Return the whole blocks of a row whose text and blocks are cut off."""
    name, title, text, blocks, *rest = row
    if len(blocks) == 2 * most and not blocks.endswith("]]"):
        blocks = f"{blocks.rpartition('],[')[0]}]]" if "],[" in blocks else "[]"
    document = document_of((name, title, text, blocks, *rest))
    whole = tuple(block for block in document.blocks if block.span.end <= len(text))
    return replace(document, blocks=whole)


def passage_row(passage: Passage) -> tuple[object, ...]:
    return (
        passage.id,
        passage.document,
        passage.title,
        compact_json(passage.heading),
        passage.page,
        passage.span.start,
        passage.span.end,
        passage.text,
        _units_json(passage.units),
        _units_json(passage.lead),
        passage.context,
    )


def passage_of(row: Sequence[Any]) -> Passage:
    id_, document, title, heading, page, start, stop, text, units, lead, context = row
    return Passage(
        id=id_,
        document=document,
        title=title,
        heading=tuple(json.loads(heading)),
        page=page,
        span=Span(start, stop),
        text=text,
        units=units_of(units),
        lead=units_of(lead),
        context=context,
    )


def units_of(stored: str) -> tuple[Unit, ...]:
    return tuple(
        Unit(BlockKind(kind), Span(start, end), block, level, group, _origin_of(origin))
        for kind, start, end, block, level, *origin, group in json.loads(stored)
    )


def _units_json(units: Iterable[Unit]) -> str:
    return compact_json(
        [
            [u.kind, u.span.start, u.span.end, u.block, u.level, *_named(u.origin), u.group]
            for u in units
        ]
    )


def _named(origin: TextOrigin) -> tuple[str, ...]:
    """Return how an origin is stored: that of nearly all text takes no room."""
    return () if origin is TextOrigin.BODY else (origin,)


def _origin_of(stored: Sequence[str]) -> TextOrigin:
    return TextOrigin(stored[0]) if stored else TextOrigin.BODY


def _spans_json(spans: Iterable[Span]) -> str:
    return compact_json([[span.start, span.end] for span in spans])


def _spans_of(stored: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(stored))


def compact_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
