"""Stretches: what differs between two documents, in pieces that people read at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.chunking.passage import Unit
from index.comparing.comparison import Comparison, Pair, Relation
from index.comparing.words import differing_words
from index.document import BlockKind, Document, Span
from index.parsing.text.heading_words import heading_words

_LONGEST = 1_000
"""Characters on one side of a stretch, unless one unit alone is longer."""


@dataclass(frozen=True)
class Stretch:
    """One or more units in a row that have the same relation.

    `old` and `new` are spans of the two documents; None where only the other one has it. `heading`
    and `page` are those of the new side where there is one. `header_span` is where that side's
    document has the header of the table that a row stands in, None for anything else.
    """

    relation: Relation
    comparison: Comparison
    old: Span | None
    new: Span | None
    heading: tuple[str, ...]
    page: int | None
    header_span: Span | None

    @property
    def header(self) -> str:
        """The header of the table that a row stands in; empty for anything else."""
        return self.header_span.of(self.document.text) if self.header_span else ""

    @property
    def document(self) -> Document:
        """The new document; the old one where only that has it."""
        return self.comparison.new if self.new else self.comparison.old

    @property
    def old_text(self) -> str:
        """The words of the old document, as they stand there; empty without any."""
        return self.old.of(self.comparison.old.text) if self.old else ""

    @property
    def new_text(self) -> str:
        """The words of the new document, as they stand there; empty without any."""
        return self.new.of(self.comparison.new.text) if self.new else ""

    @cached_property
    def words(self) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The words that differ: spans of `old_text`, and of `new_text`."""
        if self.relation is not Relation.CHANGED:
            return (), ()
        return differing_words(self.old_text, self.new_text)


def stretches(comparison: Comparison, *relations: Relation) -> list[Stretch]:
    """Return all that differs, in the order of the new document, or only these relations.

    What differs in front matter comes last: people look for what the documents say.
    """
    wanted = relations or tuple(one for one in Relation if one is not Relation.SAME)
    old = _Outline(comparison.old, comparison.old_units)
    new = _Outline(comparison.new, comparison.new_units)
    runs = sorted(_runs(comparison, wanted), key=lambda run: _is_front_matter(run[0], comparison))
    return [_stretch(run, comparison, old, new) for run in runs]


def _is_front_matter(pair: Pair, comparison: Comparison) -> bool:
    if pair.new is not None:
        return comparison.new_units[pair.new].kind is BlockKind.FRONT_MATTER
    return pair.old is not None and (comparison.old_units[pair.old].kind is BlockKind.FRONT_MATTER)


def _runs(comparison: Comparison, wanted: Sequence[Relation]) -> Iterator[list[Pair]]:
    run: list[Pair] = []
    for pair in comparison.pairs:
        if run and _goes_on(run, pair, comparison):
            run.append(pair)
            continue
        if run and run[0].relation in wanted:
            yield run
        run = [pair]
    if run and run[0].relation in wanted:
        yield run


def _goes_on(run: Sequence[Pair], pair: Pair, comparison: Comparison) -> bool:
    first, last = run[0], run[-1]
    if pair.relation is not last.relation or pair.relation is Relation.SAME:
        return False
    return _follows(
        first.old, last.old, pair.old, comparison.old_units, pair.relation
    ) and _follows(first.new, last.new, pair.new, comparison.new_units, pair.relation)


def _follows(
    first: int | None,
    last: int | None,
    number: int | None,
    units: Sequence[Unit],
    relation: Relation,
) -> bool:
    """Return whether a unit goes on with what stands before it on its side."""
    if first is None or last is None or number is None:
        return first is None and number is None
    before, unit = units[last], units[number]
    if number != last + 1 or unit.span.end - units[first].span.start > _LONGEST:
        return False
    if relation is Relation.CHANGED:
        return unit.block == before.block
    rows = BlockKind.ROW, BlockKind.HEADER
    return unit.kind is not BlockKind.HEADING and (
        unit.group == before.group if unit.kind in rows else before.kind not in rows
    )


class _Outline:
    """The headings above each unit of a document, and the headers of its tables."""

    def __init__(self, document: Document, units: Sequence[Unit]) -> None:
        self._document = document
        self.units = units
        self._paths: list[tuple[str, ...]] = []
        self._headers: dict[int, Span] = {}
        open_: list[tuple[int, str]] = []
        for unit in units:
            if unit.kind is BlockKind.HEADING:
                open_ = [one for one in open_ if one[0] < unit.level]
            self._paths.append(tuple(words for _, words in open_ if words != document.title))
            if unit.kind is BlockKind.HEADING:
                open_.append((unit.level, heading_words(unit.span.of(document.text))))
            elif unit.kind is BlockKind.HEADER:
                self._headers.setdefault(unit.group, unit.span)

    def path(self, number: int) -> tuple[str, ...]:
        return self._paths[number]

    def page(self, number: int) -> int | None:
        return self._document.page_of(self.units[number].span.start)

    def header(self, number: int) -> Span | None:
        unit = self.units[number]
        return self._headers.get(unit.group) if unit.kind is BlockKind.ROW else None


def _stretch(run: Sequence[Pair], comparison: Comparison, old: _Outline, new: _Outline) -> Stretch:
    before, after = run[0].old, run[0].new
    side, number = (old, before) if after is None else (new, after)
    assert number is not None
    return Stretch(
        relation=run[0].relation,
        comparison=comparison,
        old=_span(before, run[-1].old, old.units),
        new=_span(after, run[-1].new, new.units),
        heading=side.path(number),
        page=side.page(number),
        header_span=side.header(number),
    )


def _span(first: int | None, last: int | None, units: Sequence[Unit]) -> Span | None:
    if first is None or last is None:
        return None
    return Span(units[first].span.start, units[last].span.end)
