"""What the bot raises on purpose, beside the engine's own errors.

    BriefingError (index.errors)
    ├── BadSettings      a setting is unknown or its value cannot be used
    └── UnknownPage      a document has no page of that number
"""

from __future__ import annotations

from index.errors import BriefingError

__all__ = ["BadSettings", "UnknownPage"]


class BadSettings(BriefingError):
    """A setting, from the environment or the file `.env`, cannot be used."""


class UnknownPage(BriefingError):
    def __init__(self, name: str, page: int, pages: int) -> None:
        has = f"has {pages} pages" if pages > 1 else "has one page" if pages else "has no pages"
        super().__init__(f"{name!r} {has}, so there is no page {page}.")
        self.pages = pages
