"""What was shown before, and what stands around it: where a follow-up looks first.

Only excerpts that the asker may see now, and that are still what their document says, count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TypeAlias

from index.answering.answer import Excerpt
from index.answering.excerpts.quoting import excerpt_of, header_above, respanned
from index.answering.scope import Candidate, Scope
from index.answering.tuning import Tuning
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.rewriting import Cited, Turn
from index.store.catalog.catalog import Catalog

ShownSpans: TypeAlias = Mapping[str, Sequence[Span]]
"""The spans of each document that were shown before."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a conversation has shown: `last` by its latest turn that showed something.

    `seen` is what any turn has shown. `near` has the passages around each of `last`. `passages` are
    all of these, those of `last` before those after and before it.
    """

    last: tuple[Cited, ...] = ()
    seen: ShownSpans = field(default_factory=dict)
    near: tuple[tuple[Passage, ...], ...] = ()
    passages: tuple[Candidate, ...] = ()

    def has_shown(self, excerpts: Iterable[Excerpt]) -> bool:
        """Return whether each of these excerpts is of a document that was shown before."""
        return all(excerpt.document in self.seen for excerpt in excerpts)

    def goes_on(self, turn: Turn) -> bool:
        """Return whether this turn said something that one may want more of."""
        return bool(turn.reply) or any(cited in self.last for cited in turn.excerpts)

    def columns(self, tuning: Tuning) -> list[frozenset[str]]:
        """Return the columns of the tables that the latest rows shown stand in.

        Each is its cells in small letters.
        """
        columns: list[frozenset[str]] = []
        latest = zip(self.last, self.near, strict=True)
        for cited, passages in islice(latest, tuning.continued_excerpts):
            shown = {u.group for p in passages for u in p.units if u.span.overlaps(cited.span)}
            rows = [
                [cell.strip().lower() for cell in passage.text_of(unit.span).strip(" |").split("|")]
                for passage in passages
                for unit in passage.units
                if unit.kind is BlockKind.ROW and unit.group in shown
            ]
            width = max(map(len, rows), default=0)
            alike = [row for row in rows if len(row) == width]
            columns += [frozenset(column) for column in zip(*alike, strict=True)]
        return columns

    def next_to(self, scope: Scope, tuning: Tuning) -> tuple[Excerpt, ...]:
        """Return the text after the latest excerpts that was not shown yet, else that before."""
        found = []
        latest = zip(self.last, self.near, strict=True)
        for cited, passages in islice(latest, tuning.continued_excerpts):
            seen = self.seen.get(cited.document, ())
            excerpt = _beside(cited, passages, seen, scope, tuning)
            if excerpt is not None and excerpt not in found:
                found.append(excerpt)
        return tuple(found)


def surroundings(conversation: Sequence[Turn], scope: Scope, tuning: Tuning) -> Surroundings:
    """Return what the turns have shown and what stands around it, within the scope."""
    turns = [_citable(turn.excerpts, scope) for turn in conversation]
    last = next((cited for cited in reversed(turns) if cited), ())
    seen: dict[str, list[Span]] = {}
    for cited in chain.from_iterable(turns):
        seen.setdefault(cited.document, []).append(cited.span)
    near = [scope.catalog.passages_around(cited.document, cited.span) for cited in last]
    found: dict[int, Passage] = {}
    beside: dict[int, Passage] = {}
    for cited, passages in zip(last, near, strict=True):
        for key, passage in passages.items():
            (found if passage.span.overlaps(cited.span) else beside)[key] = passage
    around = found | {key: passage for key, passage in beside.items() if key not in found}
    fused = tuning.around_fused
    return Surroundings(
        last,
        seen,
        tuple(tuple(passages.values()) for passages in near),
        tuple(Candidate(key, passage, fused) for key, passage in around.items()),
    )


def was_shown(document: str, span: Span, seen: ShownSpans | None) -> bool:
    """Return whether some of a span was shown before."""
    return any(map(span.overlaps, (seen or {}).get(document, ())))


def without_shown(
    excerpts: Iterable[Excerpt], seen: ShownSpans | None, catalog: Catalog
) -> tuple[Excerpt, ...]:
    """Return the excerpts without what was shown before; what is left of one may be several."""
    if not seen:
        return tuple(excerpts)
    return tuple(
        respanned(excerpt, span, catalog, [s for s in excerpt.emphasis if span.contains(s)])
        for excerpt in excerpts
        for left in _without(excerpt.span, seen.get(excerpt.document, ()))
        if len(span := _trimmed(excerpt.document, left, catalog))
    )


def widened(excerpts: Sequence[Excerpt], scope: Scope, tuning: Tuning) -> tuple[Excerpt, ...]:
    """Return the excerpts, the first with the text before and after it in its section."""
    if not excerpts:
        return ()
    first = excerpts[0]
    passages = list(scope.catalog.passages_around(first.document, first.span).values())
    units = _section(passages, first.span)
    start, end = first.span.start, first.span.end
    before = [unit for unit in units if unit.span.end <= start]
    after = [unit for unit in units if unit.span.start >= end]
    for unit in reversed(before):
        if first.span.start - unit.span.start > tuning.widened_by:
            break
        start = unit.span.start
    for unit in after:
        if unit.span.end - first.span.end > tuning.widened_by:
            break
        end = unit.span.end
    span = Span(start, end)
    emphasis = first.emphasis or ((first.span,) if len(first.span) * 2 <= len(span) else ())
    wider = respanned(first, span, scope.catalog, emphasis)
    others = (e for e in excerpts[1:] if e.document != first.document or not e.span.overlaps(span))
    return (wider, *others)


def _citable(excerpts: Sequence[Cited], scope: Scope) -> tuple[Cited, ...]:
    return tuple(
        cited
        for cited in excerpts
        if (scope.names is None or cited.document in scope.names)
        and len(cited.span)
        and scope.catalog.quote(cited.document, cited.span) == cited.quote
    )


def _beside(
    cited: Cited, passages: Sequence[Passage], seen: Sequence[Span], scope: Scope, tuning: Tuning
) -> Excerpt | None:
    """Return the text beside an excerpt in its section, as far as a person reads in one go."""
    units = [u for u in _section(passages, cited.span) if not any(map(u.span.overlaps, seen))]
    after = [unit for unit in units if unit.span.start >= cited.span.end]
    before = [unit for unit in reversed(units) if unit.span.end <= cited.span.start]
    chosen = list(_run(after, tuning.continued_characters, seen))
    chosen = chosen or list(_run(before, tuning.continued_characters, seen))
    if not chosen:
        return None
    span = Span(min(u.span.start for u in chosen), max(u.span.end for u in chosen))
    passage = next(p for p in passages if any(u.span == chosen[0].span for u in p.units))
    first = min(chosen, key=lambda unit: unit.span)
    return replace(
        excerpt_of(span, passage, scope.catalog),
        heading=passage.heading,
        header=header_above(first, passage, scope.catalog),
    )


def _section(passages: Sequence[Passage], span: Span) -> list[Unit]:
    """Return the units in the section of a span, in order, without headings."""
    own = {p.heading for p in passages if p.span.overlaps(span)}
    units = {
        unit.span: unit
        for passage in passages
        if passage.heading in own
        for unit in passage.units
        if unit.kind not in {BlockKind.HEADING, BlockKind.FRONT_MATTER}
    }
    return [units[span] for span in sorted(units)]


def _run(units: Iterable[Unit], most: int, seen: Sequence[Span]) -> Iterator[Unit]:
    """Yield units up to a length; nothing that was shown lies between them."""
    first: Unit | None = None
    for unit in units:
        first = first or unit
        whole = Span(min(first.span.start, unit.span.start), max(first.span.end, unit.span.end))
        if unit is not first and (len(whole) > most or any(map(whole.overlaps, seen))):
            return
        yield unit


def _without(span: Span, seen: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of a span, in order."""
    start = span.start
    for shown in sorted(seen):
        if start < shown.end and shown.start < span.end:
            if start < shown.start:
                yield Span(start, shown.start)
            start = shown.end
    if start < span.end:
        yield Span(start, span.end)


def _trimmed(document: str, span: Span, catalog: Catalog) -> Span:
    """Return the span without white space at its ends; an empty one where no word is in it."""
    text = catalog.quote(document, span) or ""
    if not any(letter.isalnum() for letter in text):
        return Span(span.start, span.start)
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))
