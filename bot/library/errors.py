"""Errors of looking something up, beside UnknownDocument and UnknownPage.

BriefingError (index.errors)
├── UnknownKey           no document has that key: it was removed, or a button was made up
├── UnknownHeading       a document has no heading like that
├── OriginalUnavailable  the file of a document cannot be handed out
└── OriginalChanged      the file is no longer the one that was indexed
"""

from __future__ import annotations

from index.errors import BriefingError

__all__ = ["OriginalChanged", "OriginalUnavailable", "UnknownHeading", "UnknownKey"]


class UnknownKey(BriefingError):
    def __init__(self, key: str) -> None:
        super().__init__("That document is no longer indexed.")
        self.key = key


class UnknownHeading(BriefingError):
    """`similar` are the nearest headings, best first; where none is near, `first` are the first
    headings. `pages` is None for a format without pages."""

    def __init__(
        self,
        name: str,
        place: str,
        similar: tuple[str, ...] = (),
        pages: int | None = None,
        first: tuple[str, ...] = (),
    ) -> None:
        hint = f" Did you mean {' or '.join(map(repr, similar))}?" if similar else ""
        if first and not similar:
            hint = f" Its headings begin with {', '.join(map(repr, first))}."
        if pages:
            hint += f" Its pages are numbered 1 to {pages}." if pages > 1 else " It has one page."
        elif not hint:
            hint = " It has no headings and no pages."
        super().__init__(f"{name!r} has no heading {place!r}.{hint}")
        self.name = name
        self.place = place
        self.similar = similar
        self.pages = pages


class OriginalUnavailable(BriefingError):
    """`reason` completes the sentence "The file of <name> cannot be handed out: <reason>"."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The file of {name!r} cannot be handed out: {reason}.")
        self.name = name
        self.reason = reason


class OriginalChanged(BriefingError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"The file of {name!r} has changed since it was indexed, so it is not what the answers "
            "quote. It can be had after the next reindex."
        )
        self.name = name
