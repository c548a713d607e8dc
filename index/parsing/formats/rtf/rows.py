"""Rows of tables in rich text, which say where their cells begin before these come."""

from __future__ import annotations

from index.parsing.tables.edged_tables import EdgedRow

_MOST_CELLS = 512


class RowDefinition:
    """What is said of the cells of the next row; it holds for more rows until it is said anew."""

    def __init__(self) -> None:
        self._row = EdgedRow()
        self._goes_on = self._is_merged = False
        self._merged: set[int] = set()

    def take(self, word: str, number: int | None) -> None:
        row = self._row
        match word:
            case "trowd":
                self._row = EdgedRow(edges=[0])
                self._goes_on = self._is_merged = False
                self._merged = set()
            case "trleft" if row.edges:
                row.edges[0] = number or 0
            case "trhdr":
                row.is_header = True
            case "clvmrg":
                self._goes_on = True
            case "clmrg":
                self._is_merged = True
            case "cellx" if row.edges and len(row.edges) <= _MOST_CELLS:
                if self._is_merged:
                    self._merged.add(len(row.goes_on))
                row.edges.append(number or 0)
                row.goes_on.append(self._goes_on)
                self._goes_on = self._is_merged = False

    def finished(self) -> EdgedRow:
        """Return what is known of the row that ends, without cells that are parts of others."""
        row = self._row
        kept = [number for number in range(len(row.goes_on)) if number not in self._merged]
        edges = [row.edges[number] for number in kept] + row.edges[-1:]
        going = [row.goes_on[number] for number in kept]
        return EdgedRow([], edges, going, row.is_header, frozenset(self._merged))
