"""Documents that say the same of different things, or of the same at different times."""

from __future__ import annotations

from index.answering.scope import Scope
from index.claims.statement import Statement
from index.claims.updating import changes_what_was
from index.claims.words import OF_DOCUMENTS, terms_of

_LEAST = 6
_MIRRORED, _AGREEING = 0.8, 0.4
"""Of the keys of the longer document that the other one has, from which on they are made alike; and
of these, with as many the same words, from which on they are versions of one."""


def are_parallel(one: Statement, other: Statement, scope: Scope) -> bool:
    """Return whether two statements are of documents made alike, but of other things or times.

    Their titles are the same, or have nothing in common; most of what either says the other one
    says too, with other values.
    """
    if one.document == other.document:
        return False
    first, second = (terms_of(each.title) - OF_DOCUMENTS for each in (one, other))
    if first & second and first != second:
        return False
    keys, others = map(scope.catalog.figures.of, (one.document, other.document))
    mirrored = keys.keys() & others.keys()
    agreeing = sum(bool(keys[key] & others[key]) for key in mirrored)
    return (
        len(mirrored) >= _LEAST
        and len(mirrored) >= _MIRRORED * max(len(keys), len(others))
        and agreeing < _AGREEING * len(mirrored)
    )


def is_update(one: Statement, other: Statement, scope: Scope) -> bool:
    """Return whether the newer of two statements says itself that it changes the other one."""
    date, of_other = (scope.catalog.date(each.document) or "" for each in (one, other))
    if not date or not of_other or date == of_other:
        return False
    return changes_what_was(one, other) if date > of_other else changes_what_was(other, one)
