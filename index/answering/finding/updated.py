"""Statements that a newer one says to have changed: what holds now comes before what did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from index.answering.finding.evidence import Evidence
from index.answering.finding.validity.dates import ValidityDates
from index.answering.scope import Scope
from index.answering.tuning import Tuning
from index.claims.amounts import amounts_in
from index.claims.contradiction import contradiction
from index.claims.measures import Amount
from index.claims.statement import Statement, statement_of
from index.claims.updating import CHANGED_TO, changes_what_was
from index.claims.words import LIGHT, terms_of
from index.store.successions.versions import shares_folder

_FORMER = re.compile(
    r"(?<!\s),?\s+(?:instead of|rather than|in place of|up from|down from"
    r"|\(?(?:previously|formerly|until now))\b[^.;]*",
    re.IGNORECASE,
)
"""What was, beside what is now: "at 19:00 instead of 18:00"."""


def rank_updated_last(
    question: str, evidence: Sequence[Evidence], scope: Scope, tuning: Tuning
) -> list[Evidence]:
    """Return the evidence with each piece behind the newer one that says to change it.

    Both must answer nearly as well, and stand in one folder: whoever writes in one may not speak
    for another. Only what may be seen is evidence.
    """
    found = list(evidence)
    least = tuning.differing_share * max((each.probability for each in found), default=0.0)
    likely = [place for place, each in enumerate(found) if each.probability >= least]
    likely = sorted(likely, key=lambda place: -found[place].probability)[: tuning.differing_units]
    said = {place: list(_said(found[place])) for place in likely}
    asked, dates = terms_of(question), ValidityDates(scope)
    for new in likely:
        for old in likely:
            by, piece = found[new], found[old]
            if by.probability > piece.probability or not _is_later(by, piece, dates, scope):
                continue
            if any(_changes(one, other, asked) for one in said[new] for other in said[old]):
                first = piece.probability
                found[new] = replace(by, probability=first)
                found[old] = replace(piece, probability=tuning.outranked_share * first)
    return found


def _said(piece: Evidence) -> Iterator[Statement]:
    yield from statement_of(piece.passage, piece.unit)


def _is_later(by: Evidence, piece: Evidence, dates: ValidityDates, scope: Scope) -> bool:
    """Return whether a piece is of a newer document of the same folder, and holds already."""
    names = by.passage.document, piece.passage.document
    if names[0] == names[1]:
        return False
    start, other = (dates.of(name).start for name in names)
    holds_from = dates.of_piece(by).start
    if not (start and other and start > other) or (holds_from and holds_from > scope.today):
        return False
    identities = scope.catalog.succession_index().identities
    one, old = (identities.get(name) for name in names)
    return bool(one and old and shares_folder(one, old))


def _changes(new: Statement, old: Statement, asked: frozenset[str]) -> bool:
    if not changes_what_was(new, old):
        return False
    now = replace(new, text=CHANGED_TO.sub("is", _FORMER.sub("", new.text)))
    return contradiction(now, old, asked) is not None or _is_what_was(old, new)


def _is_what_was(old: Statement, new: Statement) -> bool:
    """Return whether a statement has what a newer one says to be changed "from 14:00", of the same
    things, and of no other day."""
    changed = CHANGED_TO.search(new.text)
    former = amounts_in(changed["was"] or "") if changed else ()
    here = amounts_in(old.text)
    if not former or not all(any(_same(one, each) for each in here) for one in former):
        return False
    days, others = _days(here), _days(amounts_in(new.text))
    about = terms_of(old.text) | terms_of(" ".join((old.title, *old.heading)))
    return not (days and others and days.isdisjoint(others)) and bool(
        (about & terms_of(new.text)) - LIGHT
    )


def _same(one: Amount, other: Amount) -> bool:
    return (one.dimension, one.low, one.high) == (other.dimension, other.low, other.high)


def _days(amounts: Sequence[Amount]) -> set[Decimal]:
    return {each.low for each in amounts if each.dimension == "date"}
