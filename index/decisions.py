"""Decisions: what people decided about documents, by which answers go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Review:
    """What a document's owner, or else an admin, said of it: that it is still right, or not.

    `sha256` is of what was looked at: it says nothing of the document once that has changed. `on`
    and `until` are days in ISO 8601; `until` is the last day on which it counts as right, None
    where it is not right any more.
    """

    sha256: str
    on: str
    until: str | None
    by_owner: bool

    @property
    def is_right(self) -> bool:
        return self.until is not None


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is decided on successions, and what was said of documents.

    `confirmed` and `refused` are pairs (old, new) of names of documents of which an admin said that
    one replaces the other, or that it does not. What is in neither set goes by what the documents
    say. `reviews` are by the name of the document. `withheld` are changes that are not
    to be shown, nor what was before them: documents, and the moments that the history has for them.
    """

    confirmed: frozenset[tuple[str, str]] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()
    reviews: Mapping[str, Review] = field(default_factory=dict, hash=False)
    withheld: frozenset[tuple[str, str]] = frozenset()

    def review_of(self, document: str, sha256: str | None) -> Review | None:
        """Return what was said of this version of a document; None where nothing was."""
        review = self.reviews.get(document)
        return review if review and review.sha256 == sha256 else None


DecisionsSource = Callable[[], Decisions]
"""Returns what is decided at this moment."""
