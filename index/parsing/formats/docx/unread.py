"""What of a Word document was not read, counted, as remarks for a person."""

from __future__ import annotations

import enum

from index.parsing.builder import DocumentBuilder
from index.parsing.options import HiddenContent

__all__ = ["Unread", "UnreadTally"]


class Unread(enum.Enum):
    """A kind of what is not read: its name for one and for several, and how it would be."""

    DELETED = ("tracked deletion", "tracked deletions", HiddenContent.DELETED)
    HIDDEN = ("hidden text", "hidden texts", HiddenContent.HIDDEN)
    COMMENT = ("comment", "comments", HiddenContent.COMMENTS)
    CHART = ("chart", "charts", None)
    DIAGRAM = ("diagram", "diagrams", None)
    OBJECT = ("embedded object", "embedded objects", None)
    FILE = ("inserted file", "inserted files", None)
    SYMBOL = ("symbol of a font", "symbols of fonts", None)
    PICTURE = ("picture", "pictures", None)


class UnreadTally:
    """Counts what was not read, and knows below which `heading` the first of each kind is."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._counts: dict[Unread, int] = {}
        self._places: dict[Unread, str] = {}
        self.heading = ""

    def add(self, kind: Unread, count: int = 1) -> None:
        if kind not in self._counts:
            self._places[kind] = self.heading
        self._counts[kind] = self._counts.get(kind, 0) + count

    def has(self, kind: Unread) -> bool:
        return kind in self._counts

    def remark(self) -> None:
        """Write one sentence for each kind."""
        for kind in Unread:
            count, place = self._counts.get(kind, 0), self._places.get(kind, "")
            if not count:
                continue
            one, several, option = kind.value
            what = f"{count:,} {several} were" if count > 1 else f"1 {one} was"
            setting = f" (BRIEFING_READ_HIDDEN={option.value})" if option else ""
            where = f", {'the first ' if count > 1 else ''}below “{place}”" if place else ""
            say = self._builder.hidden if option else self._builder.remark
            say(f"{what} not read{setting}{where}.")
