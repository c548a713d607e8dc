"""Documents as an answer speaks of them: those that it lists, and whether they hold."""

from __future__ import annotations

from dataclasses import dataclass

from index.answering.answer.quotes import Excerpt
from index.decisions import Review
from index.store.catalog.particulars import Origin


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document that a question about the collection asks for.

    `date` is in ISO 8601, None where the document states none. `mentions` counts the passages that
    mention what was asked for, and `quote` is the first of them, where that was the question.
    """

    name: str
    title: str
    date: str | None = None
    mentions: int = 0
    quote: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    """A document that replaces another; `since` in ISO 8601, None where no day is stated."""

    document: str
    title: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How old a document is that is shown, and whether it still holds.

    Dates are in ISO 8601, as precise as they are stated. `date_from` tells where `date` is from.
    `since` is the day from which it holds, `until` the last one on which it does, `review` when it
    is to be reviewed. `replaced_by` is the newest document that replaces it, among those that may
    be seen; with `is_withdrawn` it says itself that it no longer holds. `reviewed` is what people
    said of this version of it; where that is that it is still right, `until` and `review` are no
    earlier than that counts.
    """

    document: str
    title: str
    date: str | None = None
    date_from: Origin | None = None
    replaced_by: Successor | None = None
    is_withdrawn: bool = False
    since: str | None = None
    until: str | None = None
    review: str | None = None
    version: str | None = None
    owner: str | None = None
    classification: str | None = None
    reviewed: Review | None = None

    def has_lapsed(self, today: str) -> bool:
        """Return whether it no longer holds: it is replaced or withdrawn, or its time is over.

        `today` is in ISO 8601, too.
        """
        is_over = self.until is not None and self.until < today[: len(self.until)]
        return self.replaced_by is not None or self.is_withdrawn or is_over

    def holds(self, today: str) -> bool:
        """Return whether nothing says that it does not hold today: neither it nor another."""
        is_to_come = self.since is not None and self.since > today[: len(self.since)]
        return not is_to_come and not self.has_lapsed(today)
