"""What is hidden in a file: read where the options say so, else counted and remarked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from index.document import TextOrigin
from index.parsing.builder import DocumentBuilder
from index.parsing.options import HiddenContent, ParsingOptions

__all__ = ["WHITE", "HiddenParts", "is_unseen"]

WHITE = "ffffff"

_ORIGINS = {
    HiddenContent.NOTES: TextOrigin.NOTES,
    HiddenContent.COMMENTS: TextOrigin.COMMENT,
    HiddenContent.DELETED: TextOrigin.DELETED,
    HiddenContent.HIDDEN: TextOrigin.HIDDEN,
}
_MOST_PLACES = 10
_SMALLEST = 1
"""Points of a font that nobody can read."""


def is_unseen(colour: str | None, background: str | None, size: float | None) -> bool:
    """Return whether a text has the colour of what is behind it, or a size that nobody can read.

    Colours are six hexadecimal digits in lower case, empty where they are not known.
    """
    return bool(colour and colour == background) or (size is not None and size <= _SMALLEST)


class HiddenParts:
    """Tells a parser what of a file's hidden parts to read, and remarks the rest."""

    def __init__(self, builder: DocumentBuilder, options: ParsingOptions) -> None:
        self._builder = builder
        self._options = options
        self._left_out: Counter[tuple[HiddenContent, str]] = Counter()
        self._places: dict[tuple[HiddenContent, str], list[str]] = {}

    @contextmanager
    def part(self, kind: HiddenContent, name: str, place: str = "") -> Iterator[bool]:
        """Yield whether such a part is read; the blocks of one that is are marked as hidden.

        `name` is what a person calls one of them, such as "hidden row".
        """
        read = kind in self._options.hidden
        if not read:
            self.left_out(kind, name, place=place)
        with self._builder.origin(_ORIGINS[kind]):
            yield read

    def left_out(self, kind: HiddenContent, name: str, count: int = 1, *, place: str = "") -> None:
        """Note parts that are not read."""
        self._left_out[kind, name] += count
        places = self._places.setdefault((kind, name), [])
        if count and place and place not in places:
            places.append(place)

    def reads(self, kind: HiddenContent) -> bool:
        return kind in self._options.hidden

    def remark(self) -> None:
        """Add one remark for each kind of part that was left out."""
        for (kind, name), count in self._left_out.items():
            if not count:
                continue
            places = self._places[kind, name]
            shown = ", ".join(places[:_MOST_PLACES]) + (", …" if len(places) > _MOST_PLACES else "")
            where = f" ({shown})" if places else ""
            thing, of, whole = name.partition(" of ")
            several = f"{thing}s{of}{whole}"
            what = f"1 {name}{where} was" if count == 1 else f"{count:,} {several}{where} were"
            self._builder.hidden(f"{what} not read (BRIEFING_READ_HIDDEN={kind}).")
