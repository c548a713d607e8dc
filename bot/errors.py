"""What the bot raises on purpose, beside the engine's own errors.

BriefingError (index.errors)
├── BadSettings      a setting is unknown or its value cannot be used
├── BadBatch         a batch file cannot be opened
├── OutputNotWritten the disk is full, or whatever else the output goes to
└── UnknownPage      a document has no page of that number
"""

from __future__ import annotations

from index.errors import BriefingError

__all__ = ["BadBatch", "BadSettings", "OutputNotWritten", "UnknownPage"]


class BadSettings(BriefingError):
    """A setting, from the environment or the file `.env`, cannot be used."""


class BadBatch(BriefingError):
    """A file of questions cannot be opened."""


class OutputNotWritten(BriefingError):
    """What was asked for could not be printed."""


class UnknownPage(BriefingError):
    def __init__(self, name: str, page: int, pages: int) -> None:
        has = f"has {pages} pages" if pages > 1 else "has one page" if pages else "has no pages"
        super().__init__(f"{name!r} {has}, so there is no page {page}.")
        self.pages = pages
