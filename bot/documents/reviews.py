"""Reviews: which documents are overdue for one, and for how long a confirmation counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from index.answering.scope import Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.versions.succession import successors
from index.answering.visible_documents import days_of
from index.decisions import Decisions, Review
from index.errors import UnknownDocument
from index.store.catalog.catalog import Catalog
from index.store.catalog.particulars import Origin, Particular, ParticularKind
from index.store.generation import Generation

_YEAR = 365
_LEAST, _MOST = 28, 3_660
"""Days between two reviews; a document that states another interval is reviewed after a year."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A document of which nobody said for too long that it is right, or somebody that it is not.

    `since` is the last day on which it counted as right, or on which somebody said that it is not.
    `has_ended`: by what it says, its validity ended then; otherwise its review was due. `review` is
    what was said of this version of it.
    """

    document: str
    title: str
    owner: str | None
    sha256: str
    since: date
    has_ended: bool = False
    review: Review | None = None

    @property
    def is_wrong(self) -> bool:
        """Return whether somebody said that it is not right any more."""
        return self.review is not None and not self.review.is_right


def overdue(
    generation: Generation, names: Collection[str] | None, decisions: Decisions, today: date
) -> list[Overdue]:
    """Return the documents that are overdue, among those of these names; None is for all.

    They are grouped by owner, the owner of the oldest first, and each one's oldest first. Documents
    that are replaced, or say that they no longer hold, are left out.
    """
    catalog = generation.catalog
    values = catalog.particulars.values
    doubtful = {
        name
        for what in (ParticularKind.REVIEW, ParticularKind.UNTIL)
        for name, value in values(what, names)
        if (days := days_of(value)) and days.last < today
    }
    doubtful.update(name for name in decisions.reviews if names is None or name in names)
    if not doubtful:
        return []
    scope = Scope(generation, names, None, today, Stopwatch(), decisions)
    gone = {name for name, _ in values(ParticularKind.REPLACED, names)} | set(successors(scope))
    found = [
        each
        for name in sorted(doubtful - gone)
        if (each := _overdue(name, catalog, decisions, today))
    ]
    return _by_owner(found)


def reviewed(
    catalog: Catalog, document: str, today: date, *, is_right: bool, by_owner: bool
) -> Review:
    """Return that somebody says today that a document is still right, or not; for its text now.

    It counts as right for as long as the document's own interval between its date and its review,
    or for a year. Raises UnknownDocument.
    """
    sha256 = catalog.sha256(document)
    if sha256 is None:
        raise UnknownDocument(document)
    until = today + timedelta(days=_interval(catalog.particulars.of(document)))
    return Review(sha256, today.isoformat(), until.isoformat() if is_right else None, by_owner)


def owner_of(catalog: Catalog, document: str) -> str | None:
    """Return whom a document names as its owner."""
    return _first(ParticularKind.OWNER, catalog.particulars.of(document))


def _overdue(name: str, catalog: Catalog, decisions: Decisions, today: date) -> Overdue | None:
    # Not the document itself: there may be thousands.
    identity, sha256 = catalog.succession_index().identities.get(name), catalog.sha256(name)
    if identity is None or sha256 is None:
        return None
    particulars = catalog.particulars.of(name)
    review = decisions.review_of(name, sha256)
    if review is not None:
        past = [(date.fromisoformat(review.until or review.on), False)]
        is_due = not review.is_right or past[0][0] < today
    else:
        past = [
            (days.last, what is ParticularKind.UNTIL)
            for what in (ParticularKind.REVIEW, ParticularKind.UNTIL)
            if (days := days_of(_first(what, particulars))) and days.last < today
        ]
        is_due = bool(past)
    if not is_due:
        return None
    since, has_ended = min(past)
    owner = _first(ParticularKind.OWNER, particulars)
    return Overdue(name, identity.title, owner, sha256, since, has_ended, review)


def _by_owner(found: Iterable[Overdue]) -> list[Overdue]:
    oldest: defaultdict[str, date] = defaultdict(lambda: date.max)
    for each in found:
        owner = (each.owner or "").casefold()
        oldest[owner] = min(oldest[owner], each.since)

    def place(each: Overdue) -> tuple[date, str, date, str]:
        owner = (each.owner or "").casefold()
        return oldest[owner], owner, each.since, each.document

    return sorted(found, key=place)


def _interval(particulars: Collection[Particular]) -> int:
    """Return how many days lie between a document's date, or the day from which it holds, and its
    review.
    """
    stated = [each for each in particulars if each.origin is not Origin.PROPERTIES]
    begun = days_of(_first(ParticularKind.DATE, stated)) or days_of(
        _first(ParticularKind.FROM, stated)
    )
    due = days_of(_first(ParticularKind.REVIEW, stated)) or days_of(
        _first(ParticularKind.UNTIL, stated)
    )
    if begun and due and _LEAST <= (days := (due.last - begun.first).days) <= _MOST:
        return days
    return _YEAR


def _first(what: ParticularKind, particulars: Iterable[Particular]) -> str | None:
    """Return the first value; the first REVIEW may state no day."""
    return next((each.value for each in particulars if each.what is what and each.value), None)
