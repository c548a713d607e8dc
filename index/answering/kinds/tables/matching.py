"""Matches the words of a question with the cells, headers and surroundings of a table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from index.answering.kinds.tables.candidates import PlacedRow, PlacedTable
from index.answering.kinds.tables.cells import CellMatch, CellMatcher, is_equal
from index.answering.kinds.tables.query import TableQuery
from index.answering.kinds.tables.words import (
    BY_UNIT,
    is_content,
    is_related,
    same_stem,
    start_of,
    stem,
    synonyms,
    words_in,
)
from index.rewriting.english import ARTICLE
from index.tables.table import Table
from index.tables.units import is_money, is_unit_word, unit_words
from index.tables.values import CellKind

_Positions = frozenset[int]
_NONE: _Positions = frozenset()
_PLACED = frozenset("based located stationed situated housed".split())
_MONEY = synonyms("price")
_NOT_PAID = frozenset(
    "balance budget debt deposit grant income insured insurance limit profit revenue salary"
    " turnover value wage worth".split()
)
"""In the header of a column of money that is not what something costs."""
_JOINING = frozenset("and or vs versus than between both".split())


@dataclass(frozen=True, slots=True)
class Matches:
    """Which words of a question a table explains.

    `rows` are those with the most words of the question, and `in_rows` the words. `strong` tells
    whether a whole cell is among them, or its header is named, and `columns` are those that chose
    the rows. `headers` has the words of each column's header, and `meant` those that ask for the
    column in other words.
    `conflict` is set where different rows explain different words.
    """

    rows: tuple[PlacedRow, ...]
    in_rows: _Positions
    columns: frozenset[int]
    full_cells: int
    headers: dict[int, _Positions]
    meant: dict[int, _Positions]
    context: _Positions
    hints: _Positions
    conflict: bool
    is_priced: bool
    """Whether the titles, headings and captions above the table speak of prices."""

    @property
    def strong(self) -> bool:
        is_headed = bool(self.in_rows and self.hints)
        return self.full_cells > 0 or len(self.in_rows) > 1 or is_headed


def match(placed: PlacedTable, asked: TableQuery) -> Matches:
    """Return which words of the question stand in which rows and headers."""
    return _Matcher(placed, asked).matches()


def header_words(table: Table, asked: TableQuery) -> dict[int, _Positions]:
    """Return the words of a question that stand in each header, by column."""
    found: dict[int, _Positions] = {}
    content = [w for w in asked.words if is_content(w.low) or w.is_number]
    for number, header in enumerate(table.headers):
        names = [word for word in words_in(header) if is_content(word)]
        positions = frozenset(
            word.at for word in content if any(is_related(word.low, name) for name in names)
        )
        if positions:
            found[number] = positions
    return found


class _Matcher:
    def __init__(self, placed: PlacedTable, asked: TableQuery) -> None:
        self._placed = placed
        self._table: Table = placed.table
        self._asked = asked
        self._cell_matcher = CellMatcher(placed.table, asked)
        self._words = self._cell_matcher.words

    def matches(self) -> Matches:
        headers = header_words(self._table, self._asked)
        meant = self._meant()
        cells = self._cells(headers)
        rows, conflict = self._best(cells)
        in_rows = frozenset[int]().union(*(self._of_row(cells[n]) for n in rows)) if rows else _NONE
        columns = frozenset(column for n in rows for column in cells[n])
        full = max((sum(m.full for m in cells[n].values()) for n in rows), default=0)
        context = self._context()
        hints = self._hints(in_rows, columns)
        return Matches(
            tuple(self._placed.rows[n] for n in rows),
            in_rows,
            columns,
            full,
            headers,
            meant,
            context,
            hints,
            conflict,
            bool(_MONEY & {token for name in self._above for token in stem(name)}),
        )

    @cached_property
    def _above(self) -> frozenset[str]:
        """The words of the titles, headings and captions above the table."""
        return frozenset(word for text in self._placed.context for word in words_in(text))

    # Headers

    def _meant(self) -> dict[int, _Positions]:
        """Return the words that ask for a column without standing in its header, by column."""
        found: dict[int, _Positions] = {}
        alike = {
            word.at: stems
            for word in self._asked.words
            if word.at not in self._asked.operators and (stems := synonyms(word.low))
        }
        if self._asked.wh == "how much" and not self._asked.head:
            alike |= {
                word.at: synonyms("price") for word in self._asked.words if word.low == "much"
            }
        with_units = any(is_unit_word(word.low) for word in self._words)
        for number, header in enumerate(self._table.headers):
            of_header = {token for word in words_in(header) for token in stem(word)}
            unit = self._table.column(number).unit
            names = [*unit_words(unit)] if unit else []
            if not _NOT_PAID.isdisjoint(words_in(header)):
                names = [name for name in names if not _MONEY.intersection(stem(name))]
            elif is_money(unit):
                of_header |= _MONEY  # "the daily rate" may be below "Day (EUR)"
            positions = {at for at, others in alike.items() if others & of_header}
            if with_units:
                positions |= {
                    word.at
                    for word in self._words
                    if any(same_stem(word.low, name) for name in names)
                }
            if positions:
                found[number] = frozenset(positions)
        return found

    # Cells

    def _cells(self, headers: dict[int, _Positions]) -> dict[int, dict[int, CellMatch]]:
        """Return the matches of each row's cells, by row and column."""
        found: dict[int, dict[int, CellMatch]] = {}
        label, matcher = self._table.label_column, self._cell_matcher
        for number, row in enumerate(self._table.rows):
            of_row: dict[int, CellMatch] = {}
            found[number] = of_row
            if not any(start in self._placed.rows[number].folded for start in matcher.by_start):
                continue
            for column, cell in enumerate(row.cells):
                if not cell.text:
                    continue
                matched = matcher.numbered(cell.text, column) or matcher.match(cell.text)
                if not matched.positions:
                    continue
                if column == label and not matched.full and matcher.is_named(cell.text, matched):
                    matched = CellMatch(matched.positions, True)
                if matched.full or column == label or matcher.is_much(cell.text, matched):
                    of_row[column] = matched
        self._add_dates(found)
        self._prefer(found, headers)
        return found

    def _add_dates(self, found: dict[int, dict[int, CellMatch]]) -> None:
        if not self._asked.dates:
            return
        for column in self._table.columns:
            if column.kind is not CellKind.DATE:
                continue
            for number, value in enumerate(column.values):
                if value.date is None:
                    continue
                held = [m.positions for m in self._asked.dates if m.date.holds(value.date)]
                if held:
                    found[number][column.number] = CellMatch(frozenset().union(*held), True, True)
                else:
                    found[number].pop(column.number, None)

    def _prefer(
        self, found: dict[int, dict[int, CellMatch]], headers: dict[int, _Positions]
    ) -> None:
        """Leave each word to the columns where it is most likely meant.

        Of a name in several columns, as in a roster, that is one whose header is named as well.
        """
        likely = self._likely(found, headers)
        for at, columns in likely.items():
            named_by = {column: len(headers.get(column, _NONE) - {at}) for column in columns}
            most = max(named_by.values(), default=0)
            headed = {column for column, words in named_by.items() if words == most}
            likely[at] = self._directed(at, columns) or headed
        for of_row in found.values():
            for column, matched in list(of_row.items()):
                kept = frozenset(
                    at for at in matched.positions if column in likely.get(at, (column,))
                )
                if not kept:
                    del of_row[column]
                elif kept != matched.positions:
                    of_row[column] = CellMatch(kept, matched.full, matched.whole)

    def _likely(
        self, found: dict[int, dict[int, CellMatch]], headers: dict[int, _Positions]
    ) -> dict[int, set[int]]:
        """Return the columns in which each word may be meant: those where it is most of a cell."""
        whole: dict[int, set[int]] = defaultdict(set)
        full: dict[int, set[int]] = defaultdict(set)
        partly: dict[int, set[int]] = defaultdict(set)
        together: set[int] = set()
        for of_row in found.values():
            for column, matched in of_row.items():
                if len(matched.positions) > 1:
                    together |= matched.positions
                for at in matched.positions:
                    partly[at].add(column)
                    if matched.whole:
                        whole[at].add(column)
                    if matched.full:
                        full[at].add(column)
        named = self._named_whole(headers)
        words = {at for positions in named for at in positions}
        # "repairs 2024" is that header, though the cell "in repair" has one of the words as well.
        sure = {at for positions in named if len(positions) > 1 for at in positions} - together
        return partly | {
            at: set() if at in sure else whole.get(at) or (set() if at in words else full[at])
            for at in {*whole, *full, *words}
        }

    def _named_whole(self, headers: dict[int, _Positions]) -> list[_Positions]:
        """Return the words of each header that the question names wholly."""
        return [
            positions
            for column, positions in headers.items()
            if len(positions) >= len([w for w in words_in(self._plain(column)) if is_content(w)])
        ]

    def _plain(self, column: int) -> str:
        return self._table.headers[column].split("(")[0]

    def _directed(self, at: int, columns: set[int]) -> set[int]:
        """Return the columns headed by the word before: "to Karsk" is in the column "To"."""
        if at == 0 or len(columns) < 2:
            return set()
        before = self._asked.words[at - 1].low
        return {column for column in columns if words_in(self._plain(column)) == (before,)}

    # Rows

    @staticmethod
    def _of_row(of_row: dict[int, CellMatch]) -> _Positions:
        return frozenset().union(*(matched.positions for matched in of_row.values()))

    def _best(self, cells: dict[int, dict[int, CellMatch]]) -> tuple[list[int], bool]:
        """Return the rows that explain most, and whether they contradict each other."""
        explained = {number: self._of_row(of_row) for number, of_row in cells.items()}
        sets = {positions for positions in explained.values() if positions}
        most = {positions for positions in sets if not any(positions < other for other in sets)}
        rows = [number for number, positions in explained.items() if positions in most]
        if len(most) < 2:
            return rows, False
        # Alternatives, as in "week 22 and week 24", differ in one column only.
        columns = {frozenset(cells[number]) for number in rows}
        common = frozenset.intersection(*most)
        differing = {
            column
            for number in rows
            for column, matched in cells[number].items()
            if not matched.positions <= common
        }
        joined = any(word.low in _JOINING for word in self._asked.words)
        return rows, not (len(columns) == 1 and len(differing) == 1 and joined)

    def _context(self) -> _Positions:
        names = self._above | {w for name in self._placed.documents for w in words_in(name)}
        starts = defaultdict(list)
        for name in names:
            starts[start_of(name)].append(name)
        found = {
            word.at
            for word in self._words
            if any(is_equal(word, name) for name in starts.get(start_of(word.low), ()))
        }
        if any(_MONEY.intersection(stem(name)) for name in names):
            found.update(w.at for w in self._words if _MONEY.intersection(stem(w.low)))
        return frozenset(found)

    def _quantities(self) -> set[int]:
        """Return the numbers that only multiply, as in "for 3 hours" where prices are per hour."""
        headers = filter(BY_UNIT.fullmatch, self._table.headers)
        units = {name for header in headers for name in words_in(header) if is_content(name)}
        following = zip(self._asked.words, self._asked.words[1:], strict=False)
        return {
            number.at
            for number, unit in following
            if number.is_number and any(same_stem(unit.low, name) for name in units)
        }

    def _participles(self, in_rows: _Positions) -> set[int]:
        """Return the words that say no more than the "in" after them: "based in Bergen"."""
        words = [word for word in self._asked.words if word.low not in ARTICLE]
        following = zip(words, words[1:], words[2:], strict=False)
        return {
            word.at
            for word, preposition, place in following
            if word.low in _PLACED and preposition.low in ("in", "at") and place.at in in_rows
        }

    def _hints(self, in_rows: _Positions, columns: frozenset[int]) -> _Positions:
        """Return the words that only say which column a number or a name stands in.

        They stand beside it, or are all of that header.
        """
        found = self._quantities() | self._participles(in_rows)
        for column in columns:
            names = [word for word in words_in(self._table.headers[column]) if is_content(word)]
            named = {
                word.at
                for word in self._asked.words
                if any(is_related(word.low, name) for name in names)
            }
            is_whole = len(named) >= len(names)
            found |= {at for at in named if is_whole or {at - 1, at + 1} & in_rows}
        return frozenset(found)
