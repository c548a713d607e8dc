"""Splits a Document into Passages along its structure.

A passage is a run of whole units (sentences, list items, table rows) below one heading. Paragraphs
are kept apart unless they are short, because a passage about one thing is found more often. A
paragraph that is too long is split between sentences, with one sentence in both parts. A list keeps
its lead-in and a table its header row: where the whole does not fit, each later piece has them as
its `lead`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from index.chunking.passage import Passage, Unit
from index.chunking.sentences import split_evenly
from index.chunking.units import units_of
from index.document import BlockKind, Document, Span
from index.parsing.metadata.titles import words_of_name
from index.parsing.text.heading_words import heading_words

CHUNKER_VERSION = 7
"""Part of every passage's id and of the index's format. Raise it when `split` changes."""
_ROOM = 1.2
"""Parts of a unit that is too large for each that it needs: tokens are not spread evenly."""
_MOST_TITLE_WORDS = 16
"""Words of a title that stand above a passage, whatever else does."""
_LONGEST_TOKEN = 50
"""Characters counted as one token at most; text that people write has four to five a token."""

TokenCounter: TypeAlias = Callable[[Sequence[str]], list[int]]
"""Returns the number of tokens in each text for the embedding model, without special tokens."""

_GROUPED = frozenset({BlockKind.ITEM, BlockKind.HEADER, BlockKind.ROW})
_LEAD_IN_ENDINGS = (":", "：", ":**", ":*", ":__", "—", "–")


@dataclass(frozen=True, slots=True)
class ChunkLimits:
    """The sizes of passages, in tokens of the embedding model without special tokens.

    Passages aim at `target` tokens and never exceed `most`, which is what the model reads. A
    paragraph below `short` tokens is joined with its neighbour. docs/QUALITY.md says how the target
    was chosen.
    """

    target: int = 192
    most: int = 254
    short: int = 40

    @property
    def context(self) -> int:
        """Tokens reserved for title, headings and lead."""
        return min(max(self.most - self.target, self.most // 5), self.most // 3)

    @property
    def body(self) -> int:
        """Tokens left for the passage's own text."""
        return min(self.target, self.most - self.context)


@dataclass(frozen=True, slots=True)
class _Sized:
    unit: Unit
    tokens: int


def split(document: Document, count: TokenCounter, limits: ChunkLimits) -> list[Passage]:
    """Return the passages of a document, in reading order.

    The same document, counter and limits give the same passages with the same ids. Every
    character that is not white space lies in at least one passage.
    """
    count = _bounded(count)
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


def _bounded(count: TokenCounter) -> TokenCounter:
    """Return a counter that counts long words by length, and every text as one token at least.

    To a model an unknown word is one token, even if it is a million characters long, and a text of
    invisible characters is none, so that a passage could hold any number of them.
    """
    return lambda texts: [
        max(1, tokens, len(text) // _LONGEST_TOKEN)
        for tokens, text in zip(count(texts), texts, strict=True)
    ]


def _units(document: Document, count: TokenCounter, limits: ChunkLimits) -> list[_Sized]:
    """Return the units of every block, none larger than the body of a passage."""
    units = units_of(document)
    sizes = count([unit.span.of(document.text) for unit in units])
    sized: list[_Sized] = []
    for unit, tokens in zip(units, sizes, strict=True):
        sized.extend(_fitting(document.text, unit, tokens, count, limits.body))
    return sized


def _fitting(
    text: str, unit: Unit, tokens: int, count: TokenCounter, most: int
) -> Iterator[_Sized]:
    """Yield the unit, split between sentences, words or characters until each part fits."""
    if tokens <= most or len(unit.span) < 2:
        yield _Sized(unit, tokens)
        return
    # At once, not by halves: a line of megabytes would be counted again for each of them.
    parts = list(split_evenly(text, unit.span, max(2, round(_ROOM * tokens / most))))
    for part, size in zip(parts, count([part.of(text) for part in parts]), strict=True):
        yield from _fitting(text, replace(unit, span=part), size, count, most)


def _sections(units: Sequence[_Sized]) -> Iterator[list[_Sized]]:
    """Yield runs of units that begin with headings, or with the document's beginning."""
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
    """Yield one section's passages: their units, and the lead that they need from before."""
    pending: list[_Sized] = []
    for piece, lead in _pieces(section, most, text):
        size = _size(pending)
        fits = pending and not lead and size + _size(piece) <= most
        # What a mail quotes is found apart from what it says.
        mergeable = fits and pending[-1].unit.origin is piece[0].unit.origin
        headings_only = all(s.unit.kind is BlockKind.HEADING for s in pending)
        if mergeable and (headings_only or min(size, _size(piece)) < short):
            # The rest of a paragraph may begin with the sentence that its last piece ends with.
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
    """Yield paragraphs, and lists and tables with their lead, each split to fit `most`."""
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
    """Yield a list or table after its lead; `before` is the rest of the lead's paragraph."""
    if members and members[0].unit.kind is BlockKind.HEADER:
        lead, members = [*lead, members[0]], members[1:]
    if _size(before) + _size(lead) + _size(members) <= most:
        yield [*before, *lead, *members], ()
        return
    if before:
        yield from ((piece, ()) for piece in _split_prose(before, most))
    # A lead that leaves no room for its list is a piece of its own, and is not repeated.
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
    """Yield a paragraph in even pieces that fit `most`, each starting with the last sentence."""
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
    """Yield the members in pieces of at most `most` tokens."""
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
    named = (document.title, words_of_name(document.name, document.title), *path)
    above = [part for part in named if part and part not in text]
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
        context=_shortened(
            document.title, " \N{RIGHTWARDS ARROW} ".join(dict.fromkeys(above)), count, limits
        ),
    )


def _shortened(title: str, context: str, count: TokenCounter, limits: ChunkLimits) -> str:
    """Return the context as far as it fits beside a body: its title, and what is nearest to it."""
    first = len(title.split()[:_MOST_TITLE_WORDS]) if context.startswith(title) else 0
    words = context.split()
    kept, rest = words[:first], words[first:]
    while (kept or rest) and count([" ".join((*kept, *rest))])[0] > limits.context:
        if rest:
            rest = rest[max(1, len(rest) // 8) :]
        else:
            kept = kept[: -max(1, len(kept) // 8)]
    return " ".join((*kept, *rest))
