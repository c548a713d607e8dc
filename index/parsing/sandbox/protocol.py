"""Messages between the two processes, and how a Document is packed into one.

A file may take over the worker and make it send anything. So nothing is unpickled, and what a
message claims about the text is checked against the text.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO, Any

from index.document import AUDIENCE, BlockKind, Document, Span, StyleKind
from index.parsing.packed_blocks import PackedBlocks
from index.parsing.packed_blocks import packed as packed_blocks
from index.parsing.packed_styles import PackedStyles
from index.parsing.unread.enclosing import is_inner_name

_LENGTH = struct.Struct("<Q")
_SPAN = struct.Struct("<II")
_INSTEAD, _ADDRESS = 16, 2_000
"""Most characters that are seen instead of others, and of the address of a link."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
FALSE_ANSWER = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""The errors that reading a malformed answer raises."""


def send(pipe: IO[bytes], *messages: bytes | bytearray) -> None:
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


def pack(document: Document) -> bytearray:
    """Pack a document and those that it encloses, without its own name and hash, which the receiver
    knows."""
    packed = bytearray()  # one for all: a long document takes much memory as it is
    for each in (document, *document.enclosed):
        start = len(packed)
        packed += bytes(_LENGTH.size)
        _pack_into(packed, each, each.name.removeprefix(f"{document.name}/") if each.file else "")
        _LENGTH.pack_into(packed, start, len(packed) - start - _LENGTH.size)
    return packed


def unpack(message: bytes | bytearray, name: str, sha256: str) -> Document:
    """Return the packed document; raises ValueError for a message that `pack` cannot have made."""
    try:
        parts = list(_parts(message))
        document = _unpacked(parts[0], name, sha256)
        enclosed = tuple(_unpacked(part, name) for part in parts[1:])
    except (*FALSE_ANSWER, RecursionError, struct.error) as exc:
        raise ValueError("it is not a document") from exc
    if not all(each.blocks for each in (enclosed or (document,))):
        raise ValueError("it has no blocks")
    if len({each.name for each in enclosed}) < len(enclosed):
        raise ValueError("two enclosed documents have the same name")
    return replace(document, enclosed=enclosed)


def _parts(message: bytes | bytearray) -> Iterator[bytes | bytearray]:
    place = 0
    while place < len(message):
        (length,) = _LENGTH.unpack_from(message, place)
        place += _LENGTH.size + length
        if place > len(message):
            raise ValueError("its parts are not as long as it says")
        yield message[place - length : place]


def _pack_into(packed: bytearray, document: Document, inner: str) -> None:
    text = document.text.encode()
    blocks = packed_blocks(document.blocks).data
    styles = document.styles
    if not isinstance(styles, PackedStyles):
        styles = PackedStyles(styles)
    head = {
        "inner": inner,
        "sha256": document.sha256 if inner else "",
        "title": document.title,
        "metadata": dict(document.metadata),
        "remarks": document.remarks,
        "has_hidden": document.has_hidden,
        "styles": list(styles.texts.items()),
        "sizes": (
            len(text),
            len(blocks),
            len(document.pages) * _SPAN.size,
            len(document.doubtful) * _SPAN.size,
            len(styles.data),
        ),
    }
    packed += json.dumps(head).encode()
    packed += b"\n"
    packed += text
    packed += blocks
    for part in (document.pages, document.doubtful):
        for span in part:
            packed += _SPAN.pack(span.start, span.end)
    packed += styles.data


def pack_in_brief(document: Document) -> bytearray:
    """Pack a document's title, pages and audience, and no more text than one must have."""
    first = document.blocks[0].span.start
    return pack(
        Document(
            name=document.name,
            title=document.title,
            text=document.text[first],
            blocks=(replace(document.blocks[0], span=Span(0, 1)),),
            pages=(Span(0, 0),) * len(document.pages),
            metadata={key: document.metadata[key] for key in document.metadata.keys() & {AUDIENCE}},
        )
    )


def _unpacked(message: bytes | bytearray, name: str, sha256: str | None = None) -> Document:
    """Return one packed document; without a hash, it is one inside of the file called `name`."""
    end = message.index(b"\n")
    head = json.loads(message[:end])
    sizes = [_whole(size) for size in head["sizes"]]
    ends = [end + 1 + sum(sizes[:n]) for n in (1, 2, 3, 4, 5)]
    text_end, blocks_end, pages_end, doubtful_end, styles_end = ends
    if min(sizes) < 0 or styles_end != len(message):
        raise ValueError("its parts are not as long as it says")
    text = message[end + 1 : text_end].decode()
    file, inner = "", _text(head["inner"])
    if sha256 is None:
        file, sha256 = name, _text(head["sha256"])
        if not is_inner_name(inner) or not _SHA256.fullmatch(sha256):
            raise ValueError("an enclosed document has no proper name or hash")
    return Document(
        name=f"{file}/{inner}" if file else name,
        title=_text(head["title"]),
        text=text,
        blocks=_blocks(message[text_end:blocks_end], len(text)),
        pages=tuple(_spans(message[blocks_end:pages_end], len(text))),
        metadata=_metadata(head["metadata"]),
        sha256=sha256,
        remarks=tuple(_text(remark) for remark in head["remarks"]),
        doubtful=tuple(_spans(message[pages_end:doubtful_end], len(text))),
        has_hidden=head["has_hidden"] is not False,
        styles=_styles(message[doubtful_end:], head["styles"], len(text)),
        file=file,
    )


def _blocks(data: bytes | bytearray, length: int) -> PackedBlocks:
    blocks = PackedBlocks(data)
    done = 0  # where the last block ended
    for block in blocks:
        kind, start, end = block.kind, block.span.start, block.span.end
        if not done <= start < end <= length:
            raise ValueError("a block lies beyond the text, or over another one")
        if (
            not 1 <= block.level <= 6
            if kind is BlockKind.HEADING
            else block.level and kind is not BlockKind.ITEM
        ):
            raise ValueError(f"a {kind} has level {block.level}")
        done = end
        if block.row and kind is not BlockKind.ROW:
            raise ValueError(f"a {kind} has a row")
    return blocks


def _spans(packed: bytes | bytearray, length: int) -> Iterator[Span]:
    done = 0
    for start, end in _SPAN.iter_unpack(packed):
        if not done <= start <= end <= length:
            raise ValueError("a page or word lies beyond the text, or over another one")
        done = end
        yield Span(start, end)


def _styles(data: bytes | bytearray, texts: Iterable[Sequence[Any]], length: int) -> PackedStyles:
    found = PackedStyles(data=data, texts={_whole(n): _text(text) for n, text in texts})
    done = 0
    for style in found:
        if not done <= style.span.start < style.span.end <= length:
            raise ValueError("a style lies beyond the text, or out of order")
        if len(style.text) > (_INSTEAD if style.kind is StyleKind.INSTEAD else _ADDRESS):
            raise ValueError("a style brings more text than any has")
        done = style.span.start
    return found


def _metadata(found: Mapping[str, Any]) -> dict[str, str]:
    return {_text(key): _text(value) for key, value in found.items()}


def _whole(value: object) -> int:
    """Return a whole number; JSON also has fractions, infinity and truth."""
    if type(value) is not int:
        raise TypeError
    return value


def _text(value: object) -> str:
    """Return a string; refuse halves of surrogate pairs, which JSON can hold and UTF-8 cannot."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value
