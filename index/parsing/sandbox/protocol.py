"""Messages between the two processes, and how a Document is packed into one.

A file may take over the worker and make it send anything. So nothing is unpickled, and what a
message claims about the text is checked against the text.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import IO, Any

from index.document import Block, BlockKind, Document, Span, TextOrigin

__all__ = ["pack", "receive", "send", "unpack"]

_LENGTH = struct.Struct("<Q")
_BLOCK = struct.Struct("<BBIIII")
"""Kind, origin, level, group, start, end."""
_SPAN = struct.Struct("<II")
_KINDS = tuple(BlockKind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_ORIGINS = tuple(TextOrigin)
_ORIGIN_NUMBERS = {origin: number for number, origin in enumerate(_ORIGINS)}


def send(pipe: IO[bytes], *messages: bytes) -> None:
    """Send messages, each behind its length."""
    for message in messages:
        pipe.write(_LENGTH.pack(len(message)))
        pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes], most: int) -> bytes:
    """Return the next message.

    Raises EOFError at the end, and ValueError for a message of more than `most` bytes.
    """
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if length > most:
        raise ValueError(f"a message of {length:,} bytes")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def pack(document: Document) -> bytes:
    """Pack all of a document except its name and hash, which the receiver knows."""
    text = document.text.encode()
    head = {
        "title": document.title,
        "metadata": dict(document.metadata),
        "remarks": document.remarks,
        "has_hidden": document.has_hidden,
        "sizes": (
            len(text),
            len(document.blocks) * _BLOCK.size,
            len(document.pages) * _SPAN.size,
            len(document.doubtful) * _SPAN.size,
        ),
    }
    blocks = (
        _BLOCK.pack(
            _NUMBERS[b.kind],
            _ORIGIN_NUMBERS[b.origin],
            b.level,
            b.group,
            b.span.start,
            b.span.end,
        )
        for b in document.blocks
    )
    spans = (
        _SPAN.pack(span.start, span.end)
        for part in (document.pages, document.doubtful)
        for span in part
    )
    return b"".join((json.dumps(head).encode(), b"\n", text, *blocks, *spans))


def unpack(message: bytes, name: str, sha256: str) -> Document:
    """Return the packed document; raises ValueError for a message that `pack` cannot have made."""
    end = message.index(b"\n")
    try:
        head = json.loads(message[:end])
        sizes = [int(size) for size in head["sizes"]]
        ends = [end + 1 + sum(sizes[:n]) for n in (1, 2, 3, 4)]
        text_end, blocks_end, pages_end, doubtful_end = ends
        if min(sizes) < 0 or doubtful_end != len(message):
            raise ValueError("its parts are not as long as it says")
        text = message[end + 1 : text_end].decode()
        return Document(
            name=name,
            title=_text(head["title"]),
            text=text,
            blocks=tuple(_blocks(message[text_end:blocks_end], len(text))),
            pages=tuple(_spans(message[blocks_end:pages_end], len(text))),
            metadata=_metadata(head["metadata"]),
            sha256=sha256,
            remarks=tuple(_text(remark) for remark in head["remarks"]),
            doubtful=tuple(_spans(message[pages_end:], len(text))),
            has_hidden=head["has_hidden"] is not False,
        )
    except (LookupError, TypeError, RecursionError, struct.error) as exc:
        raise ValueError("it is not a document") from exc


def _blocks(packed: bytes, length: int) -> Iterator[Block]:
    done = 0  # where the last block ended
    for number, origin, level, group, start, end in _BLOCK.iter_unpack(packed):
        kind = _KINDS[number]
        if not done <= start < end <= length:
            raise ValueError("a block lies beyond the text, or over another one")
        if (
            not 1 <= level <= 6
            if kind is BlockKind.HEADING
            else level and kind is not BlockKind.ITEM
        ):
            raise ValueError(f"a {kind} has level {level}")
        done = end
        yield Block(kind, Span(start, end), level, group, _ORIGINS[origin])
    if not done:
        raise ValueError("it has no blocks")


def _spans(packed: bytes, length: int) -> Iterator[Span]:
    done = 0
    for start, end in _SPAN.iter_unpack(packed):
        if not done <= start <= end <= length:
            raise ValueError("a page or word lies beyond the text, or over another one")
        done = end
        yield Span(start, end)


def _metadata(found: Mapping[str, Any]) -> dict[str, str]:
    return {_text(key): _text(value) for key, value in found.items()}


def _text(value: object) -> str:
    """Return a string; refuse halves of surrogate pairs, which JSON can hold and UTF-8 cannot."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value
