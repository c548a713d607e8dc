"""Chooses the columns that a question compares, adds up or counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.answering.kinds.tables.matching import Matches
from index.answering.kinds.tables.query import PAID, SIZES, Superlative, TableQuery
from index.answering.kinds.tables.words import (
    BEGUN,
    BY_UNIT,
    GENERIC,
    is_content,
    same_stem,
    stem,
    synonyms,
    words_in,
)
from index.tables.table import Column, Table
from index.tables.units import is_money, unit_words
from index.tables.values import CellKind

_UNIT_HEADER = re.compile(r"units?|currency|per|measure|unit of measure", re.IGNORECASE)
"""All of the header of a column of units."""
_DIFFERENCE = re.compile(r"\b(?:difference|variance|change|deviation|balance|\+/-)\b", re.I)
_ACTUAL = ("stock", "spent", "actual", "current", "balance", "outcome", "used", "real", "left")
_COUNTS = re.compile(
    r"\b(?:number|no\.?|count|quantity|qty|units?|persons?|people|pieces|#)\b|#", re.I
)
_OF_WHAT_FOLLOWS = frozenset("most least fewest more less fewer".split())
"""Superlatives that belong to what follows them."""
_QUANTITY = re.compile(
    r"(?:total |current )?(?:quantity|qty\.?|stock|in stock|on hand|count|number|pieces|pcs\.?)"
    r"(?: (?:in stock|on hand|available))?",
    re.IGNORECASE,
)
"""All of the header of a column that says how many there are of what its row names."""
_FLOWS = frozenset(
    "need needs needed use uses used take takes took taken give gives given get gets come came"
    " went made".split()
)
"""Verbs for things that come, go or are used. A column that counts a stock does not tell these."""
_SUMS_PAID = frozenset("deposit fare fine rent surcharge tax toll".split())
_SCORE = re.compile(r"\((?:max|out of|score|points|rank)\b|\b(?:score|points|rank)\b", re.I)


class ComparedColumns:
    """The columns that can be compared, as one question names them."""

    def __init__(self, table: Table, asked: TableQuery, matches: Matches) -> None:
        self._table = table
        self._asked = asked
        self._matches = matches
        self._headers = {
            column: positions - matches.in_rows - matches.hints
            for column, positions in matches.headers.items()
            if positions - matches.in_rows - matches.hints
        }
        self._meant = {
            column: positions - matches.in_rows - matches.hints
            for column, positions in matches.meant.items()
            if positions - matches.in_rows - matches.hints
        }

    def named_by(self, column: int) -> frozenset[int]:
        """Return the words of a column's header, whatever else they may ask."""
        return self._matches.headers.get(column, frozenset())

    def _asked_by(self, column: int) -> set[int]:
        return set(self._headers.get(column, ())) | set(self._meant.get(column, ()))

    def _share(self, column: int) -> float:
        """Return how much of a header the question names."""
        names = [w for w in words_in(self._table.headers[column].split("(")[0]) if is_content(w)]
        return len(self._matches.headers.get(column, ())) / max(1, len(names))

    def measure(self) -> tuple[Column, frozenset[int]] | None:
        """Return the column that a superlative compares."""
        superlative = self._superlative
        with_dates = "date" in superlative.of
        compared = [
            c
            for c in self._table.columns
            if c.is_numeric or (with_dates and c.kind is CellKind.DATE)
        ]
        following = self._following_superlative()
        if followed := [c for c in compared if c.number in following]:
            compared = followed
            if superlative.of and len(compared) == 1 and _stems(compared[0]) <= _SUMS_PAID:
                return self._with_positions(compared[0])
        if any(c.kind is CellKind.DATE for c in compared):
            return self._dated_measure(compared)
        if superlative.of == PAID:
            paid = [c for c in compared if is_money(c.unit)]
            return self._with_positions(paid[0]) if len(paid) == 1 else self._named(paid)
        if superlative.of and superlative.of != SIZES:
            return self._measure_of_its_sort(compared) or self._time_taken(compared)
        found = self._named_measure(compared)
        return self._measure_of_its_sort(compared) if superlative.of and not found else found

    @property
    def _superlative(self) -> Superlative:
        superlative = self._asked.superlative
        assert superlative is not None
        return superlative

    def _following_superlative(self) -> set[int]:
        """Return the columns named after a superlative, which are compared: "slowest time"."""
        after = self._superlative.at + 1
        while after in self._asked.operators:
            after += 1
        return {column for column, positions in self._headers.items() if after in positions}

    def _dated_measure(self, compared: Sequence[Column]) -> tuple[Column, frozenset[int]] | None:
        """Return the one column of dates, or the one that is named, or that tells an age."""
        dated = [c for c in compared if c.kind is CellKind.DATE]
        dated = [c for c in dated if c.number in self._headers] or dated
        if len(dated) > 1:
            dated = [c for c in dated if not BEGUN.isdisjoint(words_in(c.header))]
        return self._with_positions(dated[0]) if len(dated) == 1 else None

    def _measure_of_its_sort(
        self, compared: Sequence[Column]
    ) -> tuple[Column, frozenset[int]] | None:
        """Return the column of what a superlative tells: prices, of "cheapest"."""
        of = self._superlative.of
        exact = {token for word in of for token in stem(word)}
        alike = exact | {token for word in of for token in synonyms(word)}
        fitting = [c for c in compared if self._tokens(c) & alike]
        if len(fitting) > 1:
            literal = [c for c in fitting if _stems(c) & exact]
            fitting = literal or [c for c in fitting if self._tokens(c) & exact] or fitting
        if len(fitting) > 1:
            # Prices by the day and the week, say, or those of members beside the others.
            best = self._named(fitting)
            plain = [c for c in fitting if _stems(c) <= exact]
            fitting = [best[0]] if best else plain if len(plain) == 1 else fitting
        named = [c for c in fitting if c.number in self._headers]
        fitting = [c for c in named or fitting if not _SCORE.search(c.header)]
        return self._with_positions(fitting[0]) if len(fitting) == 1 else None

    def _time_taken(self, compared: Sequence[Column]) -> tuple[Column, frozenset[int]] | None:
        """Return the column of how long it takes, which is the least of what is fastest."""
        if "speed" not in self._superlative.of:
            return None
        taken = [c for c in compared if takes_time(c)]
        return self._named(taken) or (self._with_positions(taken[0]) if len(taken) == 1 else None)

    def _named_measure(self, compared: Sequence[Column]) -> tuple[Column, frozenset[int]] | None:
        """Return the column that the question names; of "most seats", but not "used the most"."""
        at = self._superlative.at
        found = self._named(compared, also=(at,))
        if found is None or self._asked.words[at].low not in _OF_WHAT_FOLLOWS:
            return found
        follows = {at + step for step in (1, 2, 3)}
        if at and self._asked.words[at - 1].low in ("worth", "counts"):
            follows.add(at - 1)
        return found if found[1] & follows else None

    def _with_positions(self, column: Column) -> tuple[Column, frozenset[int]]:
        """Return a column with the words that ask for it."""
        return column, self._asked_positions(column.number)

    def prices_by_unit(self) -> list[Column]:
        """Return the columns of prices by the hour, by the day and the like, without a currency."""
        superlative = self._asked.superlative
        if superlative is None or "price" not in superlative.of:
            return []
        columns = [c for c in self._table.columns if c.is_numeric and BY_UNIT.fullmatch(c.header)]
        named = [c for c in columns if c.number in self._headers]
        return named or (columns if self._matches.is_priced else [])

    def summed(self) -> tuple[Column, frozenset[int]] | None:
        """Return the column that is added up, averaged or subtracted."""
        found = self._named([c for c in self._table.columns if c.is_numeric])
        # "total": a header with this word alone is none that is asked for.
        return found if found and found[1] - self._asked.operated else self.quantities()

    def quantities(self) -> tuple[Column, frozenset[int]] | None:
        """Return the column of how many there are of what "how many" counts, which rows name.

        That is all of a name, such as "Folding chair" in several rooms, or a unit, such as "doses".
        A table of days says what came and went.
        """
        rows, words = self._matches.rows, self._asked.words
        counts = [
            column
            for column in self._table.columns
            if column.is_numeric and not column.is_index and _QUANTITY.fullmatch(column.header)
        ]
        if len(counts) != 1 or not rows or not self._asked.wh.startswith("how m"):
            return None
        if self._table.column(0).kind is CellKind.DATE or any(w.low in _FLOWS for w in words):
            return None
        head = {word.low for word in words if word.at in self._asked.head}
        units = self.unit_column()
        for named in (self._table.label_column, *([] if units is None else [units])):
            texts = {row.row.cells[named].text for row in rows}
            if len(texts) == 1 and any(
                same_stem(low, name) for name in words_in(*texts) for low in head
            ):
                return counts[0], self._asked_positions(counts[0].number)
        return None

    def tested(self) -> tuple[Column, frozenset[int]] | None:
        """Return the column that a comparison tests."""
        comparison = self._asked.comparison
        assert comparison is not None
        if comparison.is_of_dates:
            dated = [c for c in self._table.columns if c.kind is CellKind.DATE]
            named = [c for c in dated if c.number in self._headers]
            dated = named or dated
            if len(dated) != 1:
                return None
            return dated[0], self._headers.get(dated[0].number, frozenset())
        numeric = [c for c in self._table.columns if c.is_numeric]
        after = comparison.last + 1
        near = [c for c in numeric if after in self._asked_by(c.number)]
        if near:
            return self._named(near)
        if comparison.unit:
            numeric = [c for c in numeric if c.unit == comparison.unit]
            if len(numeric) == 1:
                return numeric[0], self._asked_positions(numeric[0].number)
        head = set(self._asked.head)
        others = [c for c in numeric if not self._headers.get(c.number, frozenset()) <= head]
        holding = [c for c in numeric if self._meant.get(c.number, frozenset()) & head]
        return self._named(others or holding)

    def pair(self) -> tuple[Column, Column, frozenset[int]] | None:
        """Return what is, what it is measured against, and the words that name the two."""
        numeric = [c for c in self._table.columns if c.is_numeric]
        named = [c for c in numeric if self._headers.get(c.number)]
        named = named or [c for c in numeric if self._meant.get(c.number)]
        named = [c for c in named if not _DIFFERENCE.search(c.header)]
        if len(named) == 2 and named[0].unit == named[1].unit:
            return named[0], named[1], self._asked_positions(named[0].number, named[1].number)
        best = self._named(named) if named else None
        if best is None:
            return None
        limit, positions = best
        others = [c for c in numeric if c is not limit and c.unit == limit.unit]
        for word in _ACTUAL:
            fitting = [c for c in others if set(stem(word)) & self._tokens(c)]
            if len(fitting) == 1:
                return fitting[0], limit, positions
        return None

    def difference(self) -> int | None:
        """Return the column that states differences."""
        found = [n for n, header in enumerate(self._table.headers) if _DIFFERENCE.search(header)]
        return found[0] if len(found) == 1 else None

    def counted(self) -> tuple[int, frozenset[int]] | None:
        """Return the column that names what "how many" counts."""
        head = {at for at in self._asked.head if self._asked.words[at].low not in GENERIC}
        head = head - self._matches.in_rows or head  # "sailing boats", of which some rows sail
        if not head:
            return None
        found = {
            column: positions & head
            for column, positions in self._matches.headers.items()
            if positions & head and not self._table.column(column).is_numeric
        }
        if found:
            best = max(found, key=lambda c: (len(found[c]), self._share(c), -c))
            return (best, self._matches.headers[best]) if head <= found[best] else None
        label = self._table.column(self._table.label_column)
        is_titled = head <= self._matches.context and self._matches.full_cells > 0
        if (
            not is_titled
            or label.kind is not CellKind.TEXT
            or label.number in self._matches.columns
        ):
            return None
        return label.number, frozenset(head)  # "vehicles at Holm", of a table called Vehicles

    def headed_by(self, head: set[int]) -> int | None:
        """Return the one column of words whose whole header the asked noun is."""
        asked = [self._asked.words[at].low for at in sorted(head)]
        found = [
            column.number
            for column in self._table.columns
            if (names := words_in(column.header))
            and len(names) == len(asked)
            and all(map(same_stem, asked, names))
        ]
        is_one = len(found) == 1 and not self._table.column(found[0]).is_numeric
        return found[0] if is_one else None

    def unit_column(self) -> int | None:
        """Return the column that states the units of another: "per trip", "EUR"."""
        for number, header in enumerate(self._table.headers):
            if _UNIT_HEADER.fullmatch(header.strip()):
                return number
        return None

    def is_unit_of_quantity(self, number: int) -> bool:
        """Return whether a column of units stands beside one of quantities, and not of prices."""
        beside = {number - 1, number + 1}
        return any(
            column.number in beside and column.is_numeric and _COUNTS.search(column.header)
            for column in self._table.columns
        )

    def unit_of(self, column: Column) -> str:
        """Return the unit to write beside a computed value."""
        return "" if _COUNTS.search(column.header) else column.unit

    def _named(
        self, columns: Iterable[Column], also: Iterable[int] = ()
    ) -> tuple[Column, frozenset[int]] | None:
        """Return the one of these columns that the question names best."""
        columns = list(columns)
        literal = {c.number: self._headers[c.number] for c in columns if c.number in self._headers}
        also = set(also)
        for column in columns:
            header = self._matches.headers.get(column.number, frozenset()) & also
            if header:
                literal[column.number] = literal.get(column.number, frozenset()) | header
        found = literal or {
            c.number: self._meant[c.number] for c in columns if c.number in self._meant
        }
        if not found:
            return None
        ranked = sorted(found, key=lambda c: (-len(found[c]), -self._share(c), c))
        if len(ranked) > 1:
            first, second = ranked[0], ranked[1]
            if len(found[first]) == len(found[second]) and (
                not literal or self._share(first) == self._share(second)
            ):
                return None
        return self._table.column(ranked[0]), self._asked_positions(ranked[0])

    def _asked_positions(self, *columns: int) -> frozenset[int]:
        found = frozenset[int]()
        for column in columns:
            found |= self._headers.get(column, frozenset())
            found |= self._meant.get(column, frozenset())
        return found

    def _tokens(self, column: Column) -> set[str]:
        words = (*words_in(column.header), *unit_words(column.unit))
        return {token for word in words for token in stem(word)}


def takes_time(column: Column) -> bool:
    """Return whether a column says how long something takes."""
    return column.kind is CellKind.DURATION or column.unit in ("h", "min", "s", "d")


def _stems(column: Column) -> set[str]:
    return {token for word in words_in(column.header) if is_content(word) for token in stem(word)}
