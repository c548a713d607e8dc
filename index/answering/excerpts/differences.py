"""Documents that hold now and that answer the same question differently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from index.answering.answer import Difference, Excerpt, Quote
from index.answering.excerpts.parallels import are_parallel, is_update
from index.answering.excerpts.quoting import excerpt_of
from index.answering.finding.evidence import Evidence
from index.answering.scope import Scope
from index.answering.tuning import Tuning
from index.answering.versions.succession import standings_of
from index.claims.contradiction import Contradiction, contradiction
from index.claims.statement import Statement, statement_of
from index.claims.words import terms_of
from index.document import Span

_VALUES = frozenset(("number", "money", "percentage", "date", "duration", "name"))
_AMOUNTS = _VALUES - {"name"}
_BEGINS = r"(?:^\W*(?:\w+\s){0,2}|\band\s)"
_TIMES = r"(?:seconds?|minutes?|hours?|nights?|(?:working )?days?|weeks?|months?|years?)"
_MONEY = r"(?:euros?|dollars?|pounds?|francs?|crowns?|kroner|kronor|eur|usd|gbp|nok|sek|chf)"
_KINDS_ASKED = (
    (re.compile(rf"\bhow many {_TIMES}\b", re.I), _AMOUNTS - {"money", "percentage"}),
    (re.compile(rf"\bhow many {_MONEY}\b", re.I), frozenset(("number", "money"))),
    (re.compile(r"\bhow many\b", re.I), frozenset(("number", "percentage"))),
    (re.compile(r"\bhow (?:long|often|old|soon)\b", re.I), _AMOUNTS - {"money", "percentage"}),
    (
        re.compile(r"\b(?:how (?:much|expensive)|what (?:price|cost|fee))\b", re.I),
        _AMOUNTS - {"date"},
    ),
    (
        re.compile(r"\bhow (?:big|large|tall|high|far|heavy|fast|wide|deep|hot|cold|warm)\b", re.I),
        _AMOUNTS,
    ),
    (
        re.compile(rf"{_BEGINS}when\b|\b(?:what|which) (?:time|date|day)\b", re.I),
        frozenset(("date", "duration")),
    ),
    (re.compile(rf"{_BEGINS}(?:who(?:m|se)?|where)\b", re.I), frozenset(("name",))),
    (
        re.compile(r"\b(?:what|which)\b(?! (?:time|date|day|price|cost|fee)\b)", re.I),
        _VALUES | {"polarity"},
    ),
    (
        re.compile(r"^\W*(?:is|are|may|can|must|do|does|should|am|will|has|have)\b", re.I),
        _VALUES | {"polarity"},
    ),
)
"""What a question that looks like this may be answered with; others with anything."""


def differences(
    question: str,
    evidence: Sequence[Evidence],
    shown: Sequence[Excerpt],
    scope: Scope,
    tuning: Tuning,
) -> tuple[Difference, ...]:
    """Return where what is as good as the evidence that is shown contradicts it.

    Only documents that hold now count. The excerpts are of the units that differ.
    """
    if not shown or not evidence:
        return ()
    best = max(piece.probability for piece in evidence)
    good = sorted(
        (each for each in evidence if each.probability >= tuning.differing_share * best),
        key=lambda each: -each.probability,
    )[: tuning.differing_units]
    said = [(each, one) for each in good for one in statement_of(each.passage, each.unit)]
    asked = terms_of(question)
    found: list[tuple[Contradiction, int, int]] = []
    for (here, (_, first)), (there, (_, second)) in combinations(enumerate(said), 2):
        if not (_is_shown(first, shown) or _is_shown(second, shown)):
            continue
        differs = contradiction(first, second, asked)
        if differs and _is_asked(question, differs.kind):
            found.append((differs, here, there))
    if not found:
        return ()
    today = scope.today.isoformat()
    names = (said[number][1].document for _, *numbers in found for number in numbers)
    current = {each.document for each in standings_of(names, scope) if each.holds(today)}
    holding = [
        (differs, here, there)
        for differs, here, there in found
        if {said[here][1].document, said[there][1].document} <= current
        and not is_update(said[here][1], said[there][1], scope)
        and not are_parallel(said[here][1], said[there][1], scope)
    ]
    return tuple(_grouped(holding, said, scope))


def shown_first(found: Sequence[Difference], excerpts: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """Return the excerpts with those that differ before the others, the newest first."""
    first: list[Excerpt] = []
    for each in (excerpt for difference in found for excerpt in difference.excerpts):
        whole = next((other for other in excerpts if _holds(other, each)), each)
        if whole not in first:
            first.append(whole)
    return tuple(
        replace(excerpt, number=number)
        for number, excerpt in enumerate(
            (*first, *(each for each in excerpts if each not in first)), start=1
        )
    )


def still_shown(found: Sequence[Difference], excerpts: Sequence[Excerpt]) -> tuple[Difference, ...]:
    """Return the differences of which all sides are among these excerpts, with these."""
    kept = []
    for difference in found:
        sides = [
            next((other for other in excerpts if _holds(other, each)), None)
            for each in difference.excerpts
        ]
        if all(sides):
            kept.append(replace(difference, excerpts=tuple(filter(None, sides))))
    return tuple(kept)


def _grouped(
    found: Sequence[tuple[Contradiction, int, int]],
    said: Sequence[tuple[Evidence, Statement]],
    scope: Scope,
) -> Iterator[Difference]:
    """Yield a difference for the best statement that others contradict, with all of these."""
    taken: set[int] = set()
    for differs, here, there in found:
        if {here, there} & taken:
            continue
        spans = {here: differs.one, there: differs.other}
        for more, one, other in found:
            if one == here and more.kind == differs.kind and more.one == differs.one:
                spans.setdefault(other, more.other)
        taken |= set(spans)
        sides = [_side(said[number], span, scope) for number, span in spans.items()]
        distinct = {value.text.lower(): (excerpt, value) for excerpt, value in reversed(sides)}
        # Newest first; what is undated, last.
        ordered = sorted(
            distinct.values(),
            key=lambda side: (scope.catalog.date(side[0].document) or "", side[0].document),
            reverse=True,
        )
        if len(ordered) > 1:
            yield Difference(
                differs.kind,
                tuple(excerpt for excerpt, _ in ordered),
                tuple(value for _, value in ordered),
            )


def _side(said: tuple[Evidence, Statement], span: Span, scope: Scope) -> tuple[Excerpt, Quote]:
    piece, statement = said
    excerpt = excerpt_of(piece.unit.span, piece.passage, scope.catalog, emphasis=(span,))
    excerpt = replace(excerpt, score=piece.logit)
    return excerpt, Quote(span.of(" " * statement.start + statement.text), span)


def _is_asked(question: str, kind: str) -> bool:
    wanted = [kinds for form, kinds in _KINDS_ASKED if form.search(question)]
    return not wanted or any(kind in kinds for kinds in wanted)


def _is_shown(statement: Statement, shown: Sequence[Excerpt]) -> bool:
    return any(
        excerpt.document == statement.document and excerpt.span.overlaps(statement.span)
        for excerpt in shown
    )


def _holds(excerpt: Excerpt, other: Excerpt) -> bool:
    return excerpt.document == other.document and excerpt.span.contains(other.span)
