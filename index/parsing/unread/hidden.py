"""What is hidden in a file: read where the options say so, else counted and remarked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from index.document import TextOrigin
from index.parsing.builder import DocumentBuilder
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.unread.remarks import counted, listed

ALL_HIDDEN = (
    "all that it holds is hidden, or notes and comments, and was not read (BRIEFING_READ_HIDDEN)"
)
"""Why a file is refused of which nothing is seen."""

_ORIGINS = {
    HiddenContent.NOTES: TextOrigin.NOTES,
    HiddenContent.COMMENTS: TextOrigin.COMMENT,
    HiddenContent.DELETED: TextOrigin.DELETED,
    HiddenContent.HIDDEN: TextOrigin.HIDDEN,
}


class HiddenParts:
    """Tells a parser what of a file's hidden parts to read, and remarks all that is not read."""

    def __init__(self, builder: DocumentBuilder, options: ParsingOptions) -> None:
        self._builder = builder
        self._options = options
        self._left_out: Counter[tuple[HiddenContent | None, str]] = Counter()
        self._places: dict[tuple[HiddenContent | None, str], dict[str, None]] = {}

    @contextmanager
    def part(
        self, kind: HiddenContent, name: str, place: str = "", *, count: int = 1
    ) -> Iterator[bool]:
        """Yield whether such a part is read; the blocks of one that is are marked as hidden.

        `name` is what a person calls one of them, such as "hidden row"; `place` is where it is, as
        in "sheet Prices".
        """
        read = kind in self._options.hidden
        if not read:
            self.left_out(kind, name, count, place=place)
        with self._builder.origin(_ORIGINS[kind]):
            yield read

    def write(self, kind: HiddenContent, name: str, text: str, place: str = "") -> None:
        """Add a hidden text as a paragraph, or note that it is not read."""
        if text.strip():
            with self.part(kind, name, place) as read:
                self._builder.paragraph(text if read else "")

    def left_out(self, kind: HiddenContent, name: str, count: int = 1, *, place: str = "") -> None:
        """Note hidden parts that are not read."""
        self._note(kind, name, count, place)

    def lost(self, name: str, place: str = "", count: int = 1) -> None:
        """Note parts that everybody sees and that could not be read, such as pictures."""
        self._note(None, name, count, place)

    def reads(self, kind: HiddenContent) -> bool:
        return kind in self._options.hidden

    @property
    def leaves_out(self) -> bool:
        """Whether anything hidden was not read."""
        return any(count for (kind, _), count in self._left_out.items() if kind is not None)

    def all_lost(self) -> str:
        """Return what could not be read, as in "3 pictures and 1 chart"; empty where all was."""
        found = self._left_out.items()
        return listed([counted(count, name) for (kind, name), count in found if kind is None])

    def remark(self) -> None:
        """Add one remark for each kind of part that was not read."""
        for (kind, name), count in self._left_out.items():
            if count:
                where = _where(list(self._places[kind, name]))
                said = f"{counted(count, name)}{where} {'was' if count == 1 else 'were'} not read"
                if kind is None:
                    self._builder.remark(f"{said}.")
                else:
                    self._builder.hidden(f"{said} (BRIEFING_READ_HIDDEN={kind}).")

    def _note(self, kind: HiddenContent | None, name: str, count: int, place: str) -> None:
        self._left_out[kind, name] += count
        places = self._places.setdefault((kind, name), {})
        if count and place:
            places[place] = None


def _where(places: Sequence[str]) -> str:
    """Return where parts are, as in " on slides 2 and 5–9" or " (below “Prices”)"."""
    if not places:
        return ""
    kind = places[0].partition(" ")[0]
    each = listed(_runs([place.removeprefix(f"{kind} ") for place in places]))
    if kind in ("page", "sheet", "slide"):
        return f" on {kind}{'s' if len(places) > 1 else ''} {each}"
    return f" (below {each})" if kind == "below" else f" ({each})"


def _runs(places: Sequence[str]) -> list[str]:
    """Put three or more numbers that follow each other into one, as in "5–9"."""
    runs: list[list[str]] = []
    for place in places:
        last = runs[-1][-1] if runs else ""
        if place.isdecimal() and last.isdecimal() and int(place) == int(last) + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [each for run in runs for each in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else run)]
