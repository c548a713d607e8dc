"""Options of parsing: what is read beside the text that every reader of a file sees."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class HiddenContent(enum.StrEnum):
    """What a file holds and does not show, or shows to its authors alone."""

    NOTES = "notes"
    """Speaker notes of slides."""
    COMMENTS = "comments"
    DELETED = "deleted"
    """Tracked deletions."""
    HIDDEN = "hidden"
    """Hidden rows, columns, sheets, slides and text."""


@dataclass(frozen=True, slots=True)
class ParsingOptions:
    """`hidden` is read nevertheless. `ocr_languages` are codes such as "en", empty for no OCR."""

    hidden: frozenset[HiddenContent] = frozenset()
    ocr_languages: tuple[str, ...] = ()

    def as_lists(self) -> dict[str, list[str]]:
        """Return the options as JSON can hold them."""
        return {"hidden": sorted(self.hidden), "ocr_languages": list(self.ocr_languages)}

    @classmethod
    def of_lists(cls, written: dict[str, list[str]]) -> ParsingOptions:
        """Return the options that `as_lists` wrote."""
        return cls(
            frozenset(map(HiddenContent, written["hidden"])), tuple(written["ocr_languages"])
        )
