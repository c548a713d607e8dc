"""Which documents are replaced, and by which, as far as a viewer may see both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from index.answering.answer import Standing, Successor
from index.answering.scope import Scope
from index.store.catalog import Catalog
from index.store.particulars import Particular, What
from index.store.successions import Basis, Succession

__all__ = ["standings_of", "successors"]


def successors(scope: Scope) -> Mapping[str, Successor]:
    """Return the document that holds now for each document that is replaced.

    Only documents that may be seen count, on either side, as if there were no others. Of several
    that replace one, the newest counts, and of a chain its end. Of documents that replace
    each other in a circle, none is replaced.
    """
    found = [each for each in scope.catalog.successions.among(scope.names) if _counts(each, scope)]
    known = {(each.old, each.new) for each in found}
    found += _confirmed(scope, known)
    if not found:
        return {}
    dates = {
        name: scope.catalog.date(name) or "" for each in found for name in (each.old, each.new)
    }
    replacing: defaultdict[str, list[Succession]] = defaultdict(list)
    for each in found:
        replacing[each.old].append(each)
    newest = {
        old: max(edges, key=lambda each: (each.since or dates[each.new], each.new))
        for old, edges in replacing.items()
    }
    return {old: _successor(end, scope.catalog) for old in newest if (end := _end_of(old, newest))}


def standings_of(names: Iterable[str], scope: Scope) -> tuple[Standing, ...]:
    """Return how old documents are, and whether they still hold, each once, in their order."""
    wanted = list(dict.fromkeys(names))
    replaced = successors(scope) if wanted else {}
    return tuple(_standing(name, replaced.get(name), scope.catalog) for name in wanted)


def _counts(each: Succession, scope: Scope) -> bool:
    pair = each.old, each.new
    if pair in scope.decisions.refused:
        return False
    return not each.is_proposal or pair in scope.decisions.confirmed


def _confirmed(scope: Scope, known: set[tuple[str, str]]) -> list[Succession]:
    """Return what admins said of documents that are there, and that no document says."""
    names = scope.names if scope.names is not None else scope.catalog.document_names()
    return [
        Succession(old, new, Basis.NAME)
        for old, new in sorted(scope.decisions.confirmed - known)
        if old in names and new in names
    ]


def _end_of(old: str, newest: Mapping[str, Succession]) -> Succession | None:
    """Return the last succession of a chain; None where it leads in a circle."""
    seen, each = {old}, newest[old]
    while each.new in newest:
        if each.new in seen:
            return None
        seen.add(each.new)
        each = newest[each.new]
    return each


def _successor(each: Succession, catalog: Catalog) -> Successor:
    document = catalog.beginning(each.new, 0)
    return Successor(
        each.new, document.title if document else each.new, each.since or catalog.date(each.new)
    )


def _standing(name: str, successor: Successor | None, catalog: Catalog) -> Standing:
    document = catalog.beginning(name, 0)
    found: dict[What, Particular] = {}
    for each in catalog.particulars.of(name):
        found.setdefault(each.what, each)

    def said(what: What) -> str | None:
        return found[what].value or None if what in found else None

    return Standing(
        document=name,
        title=document.title if document else name,
        date=said(What.DATE),
        date_from=found[What.DATE].origin if What.DATE in found else None,
        replaced_by=successor,
        is_withdrawn=What.REPLACED in found,
        until=said(What.UNTIL),
        review=said(What.REVIEW),
        version=said(What.VERSION),
        owner=said(What.OWNER),
        classification=said(What.CLASSIFICATION),
    )
