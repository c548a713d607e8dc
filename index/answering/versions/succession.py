"""Which documents are replaced, and by which, as far as a viewer may see both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, compress
from operator import itemgetter

from index.answering.answer import Standing, Successor
from index.answering.scope import Scope
from index.decisions import Decisions
from index.store.catalog.catalog import Catalog
from index.store.catalog.particulars import Particular, ParticularKind
from index.store.successions.index import StatedSuccessions
from index.store.successions.successions import Basis, Identities, Identity, Succession


def successors(scope: Scope) -> Mapping[str, Successor]:
    """Return the document that holds now for each document that is replaced.

    Only documents that may be seen count, on either side, as if there were no others. Of several
    that replace one, the newest counts; of a chain its end, since its first. One that holds from a
    later day on replaces nothing yet. Of documents that replace each other in a circle, what their
    dates contradict does not count; where these do not tell, none is replaced.
    """
    return successors_among(scope.catalog, scope.names, scope.decisions, scope.today)


def successors_among(
    catalog: Catalog, names: Collection[str] | None, decisions: Decisions, today: date
) -> Mapping[str, Successor]:
    """Return the same for documents of these names, None for all, on a day."""
    stated = catalog.succession_index().stated_among(names)
    return stated.kept((today, decisions), lambda: _successors(stated, today, decisions))


def standings_of(names: Iterable[str], scope: Scope) -> tuple[Standing, ...]:
    """Return how old documents are, and whether they still hold, each once, in their order."""
    wanted = list(dict.fromkeys(names))
    replaced = successors(scope) if wanted else {}
    return tuple(_standing(name, replaced.get(name), scope) for name in wanted)


def pairs_among(
    pairs: Collection[tuple[str, str]], identities: Identities
) -> list[tuple[str, str]]:
    """Return the pairs of documents of which both are among these, in order.

    Pairs of others do not count, and do not make others wait.
    """
    both = list(pairs)
    if (names := identities.names) is not None:
        here = names & set(chain.from_iterable(both))
        both = list(compress(both, map(here.__contains__, map(itemgetter(0), both))))
        both = list(compress(both, map(here.__contains__, map(itemgetter(1), both))))
    identities.read({name for pair in both for name in pair})
    return sorted(pair for pair in both if pair[0] in identities and pair[1] in identities)


def _successors(
    stated: StatedSuccessions, today: date, decisions: Decisions
) -> Mapping[str, Successor]:
    """Return the successors among documents of which this is stated and decided."""
    identities = stated.identities
    refused = set(pairs_among(decisions.refused, identities))
    confirmed = [
        pair for pair in pairs_among(decisions.confirmed, identities) if pair not in refused
    ]
    told = {(each.old, each.new): each for each in stated.successions}
    asked = {(each.old, each.new): each for each in stated.from_elsewhere}
    for old, new in confirmed:
        by_name = Succession(old, new, Basis.NAME, identities[new].since or None)
        told.setdefault((old, new), asked.get((old, new), by_name))
    replacing: defaultdict[str, list[Succession]] = defaultdict(list)
    for pair, each in told.items():
        if pair not in refused and _begins(each, identities) <= today.isoformat():
            replacing[each.old].append(each)
    _break_circles(replacing, identities)
    newest = {
        old: max(found, key=lambda each: _recency(each, identities))
        for old, found in replacing.items()
        if found
    }
    found: dict[str, Successor] = {}
    for old in newest:
        if end := _end_of(old, newest):
            since = _since(newest[old], identities) or None
            found[old] = Successor(end.new, identities[end.new].title, since)
    return found


def _since(each: Succession, identities: Mapping[str, Identity]) -> str:
    """Return from when on a document replaces another, as precisely as it is told."""
    new = identities[each.new]
    return each.since or new.since or new.date


def _begins(each: Succession, identities: Mapping[str, Identity]) -> str:
    """Return the first day on which a document replaces another; empty where none is told."""
    since = _since(each, identities)
    return (
        since + "-01-01"[len(since) - 4 :]
        if since[:4].isdigit() and len(since) in (4, 7)
        else since
    )


def _recency(each: Succession, identities: Mapping[str, Identity]) -> tuple[str, str, str]:
    return _begins(each, identities), identities[each.new].date, each.new


def _break_circles(
    replacing: Mapping[str, list[Succession]], identities: Mapping[str, Identity]
) -> None:
    """Leave out what leads in a circle and is contradicted by the dates of its documents."""
    for old in _in_circles(replacing):
        replacing[old][:] = [
            each for each in replacing[old] if not _is_contradicted(each, identities)
        ]


def _is_contradicted(each: Succession, identities: Mapping[str, Identity]) -> bool:
    old, new = identities[each.old].date, identities[each.new].date
    length = min(len(old), len(new))
    return bool(length) and old[:length] > new[:length]


def _in_circles(replacing: Mapping[str, Sequence[Succession]]) -> list[str]:
    """Return the documents that are replaced, in the end, by themselves, or by such ones.

    Whatever is not replaced is taken away, and what it replaces after it; what is left leads
    nowhere else.
    """
    left = {old: {each.new for each in found} for old, found in replacing.items()}
    olds: defaultdict[str, list[str]] = defaultdict(list)
    for old, news in left.items():
        for new in news:
            olds[new].append(old)
    ends = [new for new in olds if not left.get(new)]
    while ends:
        end = ends.pop()
        for old in olds[end]:
            left[old].discard(end)
            if not left[old]:
                ends.append(old)
    return sorted(old for old, news in left.items() if news)


def _end_of(old: str, newest: Mapping[str, Succession]) -> Succession | None:
    """Return the last succession of a chain; None where it leads in a circle."""
    seen, each = {old}, newest[old]
    while each.new in newest:
        if each.new in seen:
            return None
        seen.add(each.new)
        each = newest[each.new]
    return each


def _is_to_come(name: str, scope: Scope) -> bool:
    """Return whether a document says that it is replaced from a later day on."""
    stated = scope.catalog.succession_index().statements_of(name)
    return any(not each.is_newer and each.since > scope.today.isoformat() for each in stated)


def _standing(name: str, successor: Successor | None, scope: Scope) -> Standing:
    catalog: Catalog = scope.catalog
    document = catalog.beginning(name, 0)
    reviewed = scope.decisions.review_of(name, document.sha256 if document else None)
    found: dict[ParticularKind, Particular] = {}
    for each in catalog.particulars.of(name):
        found.setdefault(each.what, each)

    def said(what: ParticularKind) -> str | None:
        return found[what].value or None if what in found else None

    def pushed(what: ParticularKind) -> str | None:
        """Return a day, no earlier than the one until which somebody said that it is right."""
        stated = said(what)
        return max(stated, reviewed.until) if stated and reviewed and reviewed.until else stated

    return Standing(
        document=name,
        title=document.title if document else name,
        date=said(ParticularKind.DATE),
        date_from=found[ParticularKind.DATE].origin if ParticularKind.DATE in found else None,
        replaced_by=successor,
        is_withdrawn=ParticularKind.REPLACED in found and not _is_to_come(name, scope),
        since=said(ParticularKind.FROM),
        until=pushed(ParticularKind.UNTIL),
        review=pushed(ParticularKind.REVIEW),
        version=said(ParticularKind.VERSION),
        owner=said(ParticularKind.OWNER),
        classification=said(ParticularKind.CLASSIFICATION),
        reviewed=reviewed,
    )
