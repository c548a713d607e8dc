"""Cells without a text that say something by their colour, as in a rota or a traffic light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from index.parsing.tables.sheet_tables import Area
from index.parsing.unread.hidden import HiddenParts

_MOST, _MOST_STEPS = 10_000, 1_000_000


class ColouredCells:
    """Counts the coloured blank cells of a table.

    Colours of whole rows and columns, in which texts stand as well, say nothing.
    """

    def __init__(self) -> None:
        self._with_text: Counter[tuple[int, str]] = Counter()
        self._blank: Counter[tuple[int, str]] = Counter()
        self._places: dict[tuple[int, int], str] = {}

    def add_row(self, row: int, cells: Iterable[tuple[int, str, bool]]) -> None:
        """Take a row: for each cell its column, its fill (empty for none), and if it has a text."""
        filled = list(cells)
        if not any(fill for _, fill, _ in filled):
            return
        of_texts = {fill for _, fill, has_text in filled if has_text}
        for column, fill, has_text in filled:
            if has_text:
                self._with_text[column, fill] += 1
            elif fill and of_texts and of_texts != {fill} and len(self._places) < _MOST:
                self._blank[column, fill] += 1
                self._places[row, column] = fill

    def remark(self, hidden: HiddenParts, place: str = "", merged: Iterable[Area] = ()) -> None:
        """Note the cells as unread, but for those that merged ones cover."""
        steps = 0
        for area in merged if self._places else ():
            steps += len(self._places)
            if steps > _MOST_STEPS:
                break
            for row, column in [each for each in self._places if area.covers(*each)]:
                self._blank[column, self._places.pop((row, column))] -= 1
        for (column, fill), count in self._blank.items():
            if count > self._with_text[column, fill]:
                hidden.lost("cell in a colour without text", place, count)
