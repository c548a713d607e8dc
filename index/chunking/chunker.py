"""Cuts a Document into Passages along its structure.

A passage is a run of whole units (sentences, list items, table rows) below one heading. Paragraphs
are kept apart unless they are short, since a passage about one thing is found more often
(ARCHITECTURE.md, "Passages"); a paragraph that is too long is cut between sentences, with one
sentence in both halves. A list keeps its lead-in and a table its header row: where the whole does
not fit, each further piece carries them as `lead`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from index.chunking.sentences import sentence_spans, split_in_two
from index.document import Block, BlockKind, Document, Span
from index.parsing.titles import heading_words

__all__ = ["CHUNKER_VERSION", "ChunkLimits", "Passage", "TokenCounter", "Unit", "split"]

CHUNKER_VERSION = 2
"""Part of every passage's id and of the index's format: raise it when `split` cuts differently."""
_LONGEST_TOKEN = 50
"""Characters; text that people write has four to five a token."""

TokenCounter: TypeAlias = Callable[[Sequence[str]], list[int]]
"""The number of tokens, special ones not counted, that the embedding model sees in each text."""

_GROUPED = frozenset({BlockKind.ITEM, BlockKind.HEADER, BlockKind.ROW})
_LEAD_IN_ENDINGS = (":", "：", ":**", ":*", ":__", "—", "–")


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that may be quoted alone: a sentence, item, row or heading.

    `block` numbers the document's blocks from 0; `level` and `group` are those of the block.
    """

    kind: BlockKind
    span: Span
    block: int
    level: int = 0
    group: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document, the unit of retrieval.

    `text` is the document's text in `span`; `units` lie inside `span`, in order. `heading` is the
    path of headings that `span` stands under, outermost first, the document's title left out.
    `lead` are spans before the passage that it cannot be understood without. `page` counts from 1.
    """

    id: str
    document: str
    title: str
    heading: tuple[str, ...]
    page: int | None
    span: Span
    text: str
    units: tuple[Unit, ...]
    lead: tuple[Unit, ...] = ()
    context: str = ""
    """What a reader would have seen above: title, headings and lead, where `text` lacks them."""

    def text_of(self, span: Span) -> str:
        """The document's text at `span`, which lies inside this passage."""
        return self.text[span.start - self.span.start : span.end - self.span.start]

    @property
    def index_text(self) -> str:
        """The only text of a passage that is embedded, tokenised and reranked."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class ChunkLimits:
    """`target` tokens are aimed at, `most` is what the model reads (special tokens not counted).

    128 to 192 tokens gave the most evidence per token shown; a paragraph below `short` tokens is
    joined with its neighbour.
    """

    target: int = 192
    most: int = 254
    short: int = 40

    @property
    def context(self) -> int:
        """Tokens left for title, headings and lead."""
        return min(max(self.most - self.target, self.most // 5), self.most // 3)

    @property
    def body(self) -> int:
        return min(self.target, self.most - self.context)


@dataclass(frozen=True, slots=True)
class _Sized:
    unit: Unit
    tokens: int


def split(document: Document, count: TokenCounter, limits: ChunkLimits) -> list[Passage]:
    """The passages of a document, in reading order.

    The same document, counter and limits give the same passages with the same ids. Every
    character that is not white space lies in at least one passage.
    """
    count = _never_long(count)
    units = _units(document, count, limits)
    passages: list[Passage] = []
    headings: list[tuple[int, str]] = []
    for section in _sections(units):
        for sized in section:
            if sized.unit.kind is BlockKind.HEADING:
                headings = [h for h in headings if h[0] < sized.unit.level]
                headings.append(
                    (sized.unit.level, heading_words(sized.unit.span.of(document.text)))
                )
        path = tuple(text for _, text in headings)
        for run, lead in _runs(section, limits.body, limits.short, document.text):
            passages.append(_passage(document, run, lead, path, count, limits))
    return passages


def _never_long(count: TokenCounter) -> TokenCounter:
    """A word that a model does not know is one token to it, were it a million characters long."""
    return lambda texts: [
        max(tokens, len(text) // _LONGEST_TOKEN)
        for tokens, text in zip(count(texts), texts, strict=True)
    ]


def _units(document: Document, count: TokenCounter, limits: ChunkLimits) -> list[_Sized]:
    """Every block as units, none larger than the body of a passage."""
    units = [
        Unit(block.kind, span, number, block.level, block.group)
        for number, block in enumerate(document.blocks)
        for span in _unit_spans(document.text, block)
    ]
    sizes = count([unit.span.of(document.text) for unit in units])
    sized: list[_Sized] = []
    for unit, tokens in zip(units, sizes, strict=True):
        sized.extend(_fitting(document.text, unit, tokens, count, limits.body))
    return sized


def _unit_spans(text: str, block: Block) -> Iterator[Span]:
    match block.kind:
        case BlockKind.PARAGRAPH:
            yield from sentence_spans(text, block.span)
        case BlockKind.CODE | BlockKind.FRONT_MATTER:
            offset = block.span.start
            for line in block.span.of(text).splitlines(keepends=True):
                if stripped := line.strip():
                    start = offset + line.index(stripped)
                    yield Span(start, start + len(stripped))
                offset += len(line)
        case _:
            yield block.span


def _fitting(
    text: str, unit: Unit, tokens: int, count: TokenCounter, most: int
) -> Iterator[_Sized]:
    """The unit, cut between sentences, else words, else characters, until each part fits."""
    if tokens <= most or len(unit.span) < 2:
        yield _Sized(unit, tokens)
        return
    parts = list(split_in_two(text, unit.span))
    for part, size in zip(parts, count([part.of(text) for part in parts]), strict=True):
        yield from _fitting(text, replace(unit, span=part), size, count, most)


def _sections(units: Sequence[_Sized]) -> Iterator[list[_Sized]]:
    """Runs that begin with headings (or the document's beginning) and hold what is below them."""
    section: list[_Sized] = []
    for sized in units:
        if (
            sized.unit.kind is BlockKind.HEADING
            and section
            and section[-1].unit.kind is not BlockKind.HEADING
        ):
            yield section
            section = []
        section.append(sized)
    if section:
        yield section


_Run: TypeAlias = tuple[list[_Sized], tuple[Unit, ...]]


def _runs(section: list[_Sized], most: int, short: int, text: str) -> Iterator[_Run]:
    """One section's passages: which units, and which lead they need from before."""
    pending: list[_Sized] = []
    for piece, lead in _pieces(section, most, text):
        size = _size(pending)
        mergeable = pending and not lead and size + _size(piece) <= most
        headings_only = all(s.unit.kind is BlockKind.HEADING for s in pending)
        if mergeable and (headings_only or min(size, _size(piece)) < short):
            # What is left of a paragraph may begin with the sentence that its last piece ends with.
            pending = pending + [sized for sized in piece if sized not in pending]
            continue
        if pending:
            yield pending, ()
            pending = []
        if lead:
            yield piece, lead
        else:
            pending = piece
    if pending:
        yield pending, ()


def _pieces(section: list[_Sized], most: int, text: str) -> Iterator[_Run]:
    """Paragraphs, and lists and tables with what introduces them, each cut down to `most`."""
    paragraphs = [
        list(run)
        for _, run in groupby(
            section,
            key=lambda s: (
                (s.unit.group, -1) if s.unit.kind in _GROUPED else (s.unit.kind, s.unit.block)
            ),
        )
    ]
    position = 0
    while position < len(paragraphs):
        block = paragraphs[position]
        following = paragraphs[position + 1] if position + 1 < len(paragraphs) else []
        if _introduces(block, following, text):
            yield from _grouped_pieces([block[-1]], following, block[:-1], most)
            position += 2
        elif block[0].unit.kind in _GROUPED:
            is_header = block[0].unit.kind is BlockKind.HEADER
            yield from _grouped_pieces(block[: int(is_header)], block[int(is_header) :], [], most)
            position += 1
        else:
            yield from ((piece, ()) for piece in _split_prose(block, most))
            position += 1


def _introduces(block: list[_Sized], following: list[_Sized], text: str) -> bool:
    return (
        bool(following)
        and following[0].unit.kind in _GROUPED
        and block[0].unit.kind is BlockKind.PARAGRAPH
        and block[-1].unit.span.of(text).endswith(_LEAD_IN_ENDINGS)
    )


def _grouped_pieces(
    lead: list[_Sized], members: list[_Sized], before: list[_Sized], most: int
) -> Iterator[_Run]:
    """A list or table after its lead; `before` is the rest of the paragraph that leads in."""
    if members and members[0].unit.kind is BlockKind.HEADER:
        lead, members = [*lead, members[0]], members[1:]
    if _size(before) + _size(lead) + _size(members) <= most:
        yield [*before, *lead, *members], ()
        return
    if before:
        yield from ((piece, ()) for piece in _split_prose(before, most))
    # A lead that leaves no room for what it leads is its own piece, and is not repeated.
    if lead and _size(lead) > most // 2:
        yield from ((piece, ()) for piece in _pack(lead, most))
        lead = []
    carried = tuple(sized.unit for sized in lead)
    pieces = list(_pack(members, most - _size(lead)))
    if lead and pieces and _size(lead) + _size(pieces[0]) <= most:
        yield [*lead, *pieces.pop(0)], ()
    elif lead:
        yield lead, ()
    yield from ((piece, carried) for piece in pieces)


def _split_prose(block: list[_Sized], most: int) -> Iterator[list[_Sized]]:
    """A paragraph in even pieces of at most `most` tokens, the last sentence of each repeated."""
    total = _size(block)
    if total <= most:
        yield block
        return
    even = total / -(-total // most)
    piece: list[_Sized] = []
    for sized in block:
        if piece and (_size(piece) + sized.tokens > most or _size(piece) >= even):
            yield piece
            overlap = piece[-1]
            fits = len(piece) > 1 and overlap.tokens + sized.tokens <= most
            piece = [overlap] if fits and overlap.tokens <= most // 3 else []
        piece.append(sized)
    yield piece


def _pack(members: list[_Sized], most: int) -> Iterator[list[_Sized]]:
    piece: list[_Sized] = []
    for sized in members:
        if piece and _size(piece) + sized.tokens > most:
            yield piece
            piece = []
        piece.append(sized)
    if piece:
        yield piece


def _size(run: list[_Sized]) -> int:
    return sum(sized.tokens for sized in run)


def _passage(
    document: Document,
    run: list[_Sized],
    lead: tuple[Unit, ...],
    path: tuple[str, ...],
    count: TokenCounter,
    limits: ChunkLimits,
) -> Passage:
    span = Span(run[0].unit.span.start, run[-1].unit.span.end)
    text = span.of(document.text)
    above = [part for part in (document.title, *path) if part and part not in text]
    above += [unit.span.of(document.text) for unit in lead]
    heading = path[1:] if path and path[0] == document.title else path
    identity = f"{CHUNKER_VERSION}\0{document.name}\0{span.start}\0{span.end}\0{text}"
    return Passage(
        id=hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()[:20],
        document=document.name,
        title=document.title,
        heading=heading,
        page=document.page_of(span.start),
        span=span,
        text=text,
        units=tuple(sized.unit for sized in run),
        lead=lead,
        context=_shortened(" \N{RIGHTWARDS ARROW} ".join(dict.fromkeys(above)), count, limits),
    )


def _shortened(context: str, count: TokenCounter, limits: ChunkLimits) -> str:
    """The end of the context, nearest to the passage, that fits beside its body."""
    words = context.split()
    while words and count([" ".join(words)])[0] > limits.context:
        words = words[max(1, len(words) // 8) :]
    return " ".join(words)
