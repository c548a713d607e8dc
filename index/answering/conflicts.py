"""Conflicts: key figures of documents that hold now, and that contradict each other."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from index.answering.answer import Excerpt, Quote, Standing
from index.answering.excerpts.parallels import are_parallel, is_update
from index.answering.excerpts.quoting import excerpt_of
from index.answering.scope import Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.versions.succession import standings_of, successors
from index.chunking.passage import Passage
from index.claims.contradiction import Contradiction, contradiction
from index.claims.keys import TermBits
from index.claims.statement import Statement, statement_of
from index.decisions import Decisions
from index.document import Span
from index.store.catalog.figures import KeyFigure
from index.store.generation import Generation

_MOST_FIGURES, _MOST_OF_KEY = 60_000, 80
"""Figures that are looked at, and those of one key that are compared, each with each."""
_MOST_PAIRS, _MOST_CONFLICTS = 60_000, 500
_BATCH = 400
_Place = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says in a conflict: the words that differ, and where they stand."""

    excerpt: Excerpt
    value: Quote
    standing: Standing


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements of the same that contradict each other, the newest document's first.

    `pairs` has a mark for each two of them that do; it changes where one of these changes.
    """

    kind: str
    sides: tuple[Side, ...]
    pairs: frozenset[str]

    @property
    def id(self) -> str:
        """Return what tells this conflict from others, in 16 letters and digits."""
        return _mark(*sorted(self.pairs))


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The conflicts that were found; there may be more, unless `is_whole`."""

    found: tuple[Conflict, ...]
    is_whole: bool = True

    def without(self, settled: Collection[str]) -> Conflicts:
        """Return those of which not all pairs are settled."""
        left = tuple(one for one in self.found if not one.pairs.issubset(settled))
        return replace(self, found=left)


def conflicts_in(
    generation: Generation,
    names: Collection[str] | None,
    decisions: Decisions,
    today: date,
) -> Conflicts:
    """Return the conflicts among documents of these names that hold now; None stands for all.

    Those of the newest documents come first. The work is bounded, whatever the documents say.
    """
    scope = Scope(generation, names, None, today, Stopwatch(), decisions)
    scope = replace(scope, replaced=successors(scope))
    groups = scope.catalog.figures.shared(_MOST_FIGURES, names)
    is_whole = sum(map(len, groups)) < _MOST_FIGURES
    pairs, figures, are_all = _pairs(groups, scope.replaced)
    statements = _statements(figures, scope)
    contradictions: list[tuple[Contradiction, _Place, _Place]] = []
    parallel: dict[tuple[str, str], bool] = {}
    for one, other in pairs:
        both = one[0], other[0]
        if one not in statements or other not in statements or parallel.get(both):
            continue
        first, second = statements[one][0], statements[other][0]
        if not (differs := contradiction(first, second)):
            continue
        if both not in parallel:
            parallel[both] = are_parallel(first, second, scope)
        if not parallel[both] and not is_update(first, second, scope):
            contradictions.append((differs, one, other))
    stating = (name for _, *places in contradictions for name, _ in places)
    iso = today.isoformat()
    current = {each.document: each for each in standings_of(stating, scope) if each.holds(iso)}
    contradictions = [
        each for each in contradictions if each[1][0] in current and each[2][0] in current
    ]
    contradictions.sort(key=lambda found: found[1:])
    conflicts = list(_grouped(contradictions, statements, current, scope))[:_MOST_CONFLICTS]
    return Conflicts(tuple(conflicts), is_whole and are_all)


def _pairs(
    groups: Sequence[Sequence[KeyFigure]], replaced: Collection[str]
) -> tuple[list[tuple[_Place, _Place]], dict[_Place, KeyFigure], bool]:
    """Return what is to be compared, each pair once, with its figures, and whether these are all.

    Those of one key come together: a statement's reading is kept for a while only.
    """
    compared: dict[tuple[_Place, _Place], None] = {}
    figures: dict[_Place, KeyFigure] = {}
    is_whole = True
    for group in groups:
        current = [
            ((each.document, each.span), each, TermBits(each.weighty, each.said))
            for each in group
            if each.document not in replaced
        ]
        is_whole = is_whole and len(current) <= _MOST_OF_KEY
        for one, other in combinations(current[:_MOST_OF_KEY], 2):
            if one[2].may_be_of_the_same(other[2]):
                if len(compared) == _MOST_PAIRS:
                    return list(compared), figures, False
                compared[one[0], other[0]] = None
                figures.update((one[:2], other[:2]))
    return list(compared), figures, is_whole


def _statements(
    figures: dict[_Place, KeyFigure], scope: Scope
) -> dict[_Place, tuple[Statement, Passage]]:
    """Return the statements at these places, each with its passage."""
    wanted: defaultdict[int, set[Span]] = defaultdict(set)
    for figure in figures.values():
        wanted[figure.passage].add(figure.span)
    statements: dict[_Place, tuple[Statement, Passage]] = {}
    keys = sorted(wanted)
    for start in range(0, len(keys), _BATCH):
        for key, passage in scope.catalog.passages(keys[start : start + _BATCH]).items():
            for unit in passage.units:
                if not any(unit.span.contains(span) for span in wanted[key]):
                    continue
                for statement in statement_of(passage, unit):
                    if statement.span in wanted[key]:
                        statements[(statement.document, statement.span)] = statement, passage
    return statements


def _grouped(
    contradictions: Sequence[tuple[Contradiction, _Place, _Place]],
    statements: dict[_Place, tuple[Statement, Passage]],
    standings: Mapping[str, Standing],
    scope: Scope,
) -> Iterator[Conflict]:
    """Yield the conflicts, those of the newest documents first: what contradicts the same."""
    group_of: dict[_Place, int] = {}
    groups: dict[int, list[tuple[Contradiction, _Place, _Place]]] = {}
    for number, pair in enumerate(contradictions):
        _, one, other = pair
        joined = {group_of[place] for place in (one, other) if place in group_of}
        members = [pair]
        for old in sorted(joined):
            members = [*groups.pop(old), *members]
        groups[number] = members
        for _, here, there in members:
            group_of[here] = group_of[there] = number
    conflicts = [_conflict(members, statements, standings, scope) for members in groups.values()]
    yield from sorted(
        conflicts,
        key=lambda conflict: (
            conflict.sides[0].standing.date or "",
            conflict.sides[0].excerpt.document,
            conflict.id,
        ),
        reverse=True,
    )


def _conflict(
    members: Sequence[tuple[Contradiction, _Place, _Place]],
    statements: dict[_Place, tuple[Statement, Passage]],
    standings: Mapping[str, Standing],
    scope: Scope,
) -> Conflict:
    spans: dict[_Place, Span] = {}
    for differs, one, other in members:
        spans.setdefault(one, differs.one)
        spans.setdefault(other, differs.other)
    sides = [
        _side(statements[place], span, standings[place[0]], scope) for place, span in spans.items()
    ]
    sides.sort(
        key=lambda side: (
            side.standing.date or "",
            side.excerpt.document,
            -side.excerpt.span.start,
        ),
        reverse=True,
    )
    pairs = frozenset(
        _pair_mark(statements[one][0], statements[other][0]) for _, one, other in members
    )
    numbered = tuple(
        replace(side, excerpt=replace(side.excerpt, number=number))
        for number, side in enumerate(sides, start=1)
    )
    return Conflict(members[0][0].kind, numbered, pairs)


def _side(stated: tuple[Statement, Passage], span: Span, standing: Standing, scope: Scope) -> Side:
    statement, passage = stated
    excerpt = excerpt_of(statement.span, passage, scope.catalog, emphasis=(span,))
    text = statement.text[span.start - statement.start : span.end - statement.start]
    return Side(excerpt, Quote(text, span), standing)


def _pair_mark(one: Statement, other: Statement) -> str:
    return _mark(*sorted(f"{each.document}\0{each.text}" for each in (one, other)))


def _mark(*texts: str) -> str:
    digest = hashlib.blake2b("\0\0".join(texts).encode(errors="surrogatepass"), digest_size=8)
    return digest.hexdigest()
