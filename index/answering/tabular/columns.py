"""Chooses the columns that a question asks for: what answers, and what is compared or added."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.answering.tabular.asked import Asked
from index.answering.tabular.matching import Matches
from index.answering.tabular.words import (
    GENERIC,
    is_content,
    stem,
    synonyms,
    words_in,
)
from index.tables.table import Column, Table
from index.tables.values import CellKind, unit_words

__all__ = ["Columns", "Targets"]

_UNIT_HEADER = re.compile(r"units?|currency|per|measure|unit of measure", re.IGNORECASE)
_DIFFERENCE = re.compile(r"\b(?:difference|variance|change|deviation|balance|\+/-)\b", re.I)
_ACTUAL = ("stock", "spent", "actual", "current", "balance", "outcome", "used", "real", "left")
_COUNTS = re.compile(
    r"\b(?:number|no\.?|count|quantity|qty|units?|persons?|people|pieces|#)\b|#", re.I
)
_SCORE = re.compile(r"\((?:max|out of|score|points|rank)\b|\b(?:score|points|rank)\b", re.I)
_GLOSSARY = ("meaning", "definition", "description", "explanation")
_WH_ASKS = {
    "who": ("who",),
    "whom": ("who",),
    "when": ("when",),
    "where": ("where",),
    "why": ("why",),
    "how long": ("duration",),
    "how far": ("distance",),
    "how fast": ("speed",),
    "how old": ("age",),
    "how heavy": ("weight",),
    "how high": ("height",),
    "how tall": ("height",),
    "how big": ("size",),
    "how large": ("size",),
}


@dataclass(frozen=True, slots=True)
class Targets:
    """The columns that answer, with the words that ask for them.

    `literal` tells whether a header has these words, and `missing` whether the question asks for
    something that is in no header.
    """

    columns: tuple[int, ...] = ()
    positions: frozenset[int] = frozenset()
    literal: bool = False
    missing: bool = False

    def __bool__(self) -> bool:
        return bool(self.columns)


class Columns:
    """The columns of one table, as one question speaks of them."""

    def __init__(self, table: Table, asked: Asked, matches: Matches) -> None:
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

    # What answers

    def targets(self, besides: int | None = None) -> Targets:
        """Return the columns that answer; `besides` is the one that is compared."""
        asked, used = self._asked, self._matches.columns
        head = [at for at in asked.head if asked.words[at].low not in GENERIC]
        taken = {besides} if besides is not None else set[int]()
        literal = {c: p for c, p in self._headers.items() if c not in taken}
        if head:
            of_head = {c: p & set(head) for c, p in literal.items() if p & set(head)}
            if of_head:
                best = self._clearest(of_head)
                return Targets(best, self._positions(literal, best, of_head), True)
            meant = {c: p & set(head) for c, p in self._meant.items() if p & set(head)}
            meant = {c: p for c, p in meant.items() if c not in taken}
            if besides is not None and set(head) & self._asked_by(besides):
                return Targets()
            if len(meant) == 1 and not set(meant) & used:
                (column,) = meant
                return Targets((column,), meant[column] | literal.get(column, frozenset()))
            if dated := self._days(head, taken):
                return dated
            explained = set(head) & (self._matches.in_rows | self._matches.context)
            if not explained:
                return Targets(missing=True)
        free = {c: p for c, p in literal.items() if c not in used}
        if asked.wh in _WH_ASKS:
            return self._by_wh(free, taken)
        if free:
            best = self._clearest(free)
            return Targets(best, self._positions(free, best, free), True)
        if besides is not None:
            return Targets()
        meant = {c: p for c, p in self._meant.items() if c not in used}
        if len(meant) == 1:
            (column,) = meant
            return Targets((column,), meant[column])
        if not meant and set(head) & self._matches.in_rows and 0 not in used:
            return Targets((0,), literal=True) if asked.wh in ("which", "what") else Targets()
        if meant:
            most = max(len(p) for p in meant.values())
            best = tuple(c for c, p in meant.items() if len(p) == most)
            if len(best) == 1:
                return Targets(best, meant[best[0]])
        return Targets()

    def _days(self, head: list[int], taken: set[int]) -> Targets:
        """Return the column of "which day", where there is one of dates."""
        dated = [c.number for c in self._table.columns if c.kind is CellKind.DATE]
        asks = all(self._asked.words[at].low in ("day", "days", "date", "dates") for at in head)
        if not asks or len(dated) != 1 or set(dated) & taken:
            return Targets()
        return Targets((dated[0],), frozenset(head), literal=True)

    def named_by(self, column: int) -> frozenset[int]:
        """Return the words of a column's header, whatever else they may ask."""
        return self._matches.headers.get(column, frozenset())

    def _asked_by(self, column: int) -> set[int]:
        return set(self._headers.get(column, ())) | set(self._meant.get(column, ()))

    def _by_wh(self, free: dict[int, frozenset[int]], taken: set[int]) -> Targets:
        """Return the column that "who", "when", "where", "how long" asks for."""
        asked = self._asked
        asks = next((word.at for word in asked.words if word.low == asked.wh), 0)
        if asks + 1 in self._matches.in_rows and not asked.words[asks + 1].is_name:
            # "who repairs laptops": a cell is not what somebody does.
            return Targets(missing=True)
        if free:
            best = self._clearest(free)
            if all(self._fits_wh(column) for column in best):
                return Targets(best, self._positions(free, best, free), True)
        used = self._matches.columns | taken
        fitting = [
            number
            for number in range(self._table.width)
            if number not in used and self._asks_for(number)
        ]
        if asked.wh == "when":
            dated = [
                column.number
                for column in self._table.columns
                if column.kind is CellKind.DATE and column.number not in used
            ]
            asks = {at for at, word in enumerate(asked.words) if word.low == "when"}
            fitting = [column for column in dated if self._asked_by(column) - asks] or dated
        if asked.wh == "who" and not fitting and taken:
            fitting = [self._table.label_column]
        if len(fitting) != 1:
            return Targets(missing=True) if taken else Targets()
        named = self._asks_for(fitting[0])
        return Targets((fitting[0],), self._asked_positions(fitting[0]), literal=named)

    def _fits_wh(self, column: int) -> bool:
        """Return whether the cells of a column can be the answer to this question word."""
        kind = self._table.column(column).kind
        if self._asked.wh in ("who", "whom", "where"):
            return kind is CellKind.TEXT
        return not self._asked.wh.startswith("how") or kind is not CellKind.DATE

    def _asks_for(self, number: int) -> bool:
        names = {token for word in words_in(self._table.headers[number]) for token in stem(word)}
        units = {
            token for word in unit_words(self._table.column(number).unit) for token in stem(word)
        }
        for word in _WH_ASKS[self._asked.wh]:
            alike = synonyms(word) | set(stem(word))
            if alike & names and self._fits_wh(number):
                return True
            if set(stem(word)) & units:
                return True
        return False

    def may_show_row(self) -> bool:
        """Return whether a row answers as it is, though no header names what is asked for."""
        asked, matches = self._asked, self._matches
        head = [at for at in asked.head if asked.words[at].low not in GENERIC]
        if any(at not in matches.in_rows | matches.context for at in head):
            return False
        if not asked.wh and self.is_glossary() and len(matches.rows) == 1:
            return matches.columns == {0} and matches.full_cells > 0
        if not asked.wh and len(matches.rows) == 1 and matches.full_cells > 0:
            return bool(matches.context - matches.in_rows) or len(matches.columns) > 1
        if asked.wh in ("", "is"):
            return len(matches.columns) > 1 and len(matches.in_rows) > 1
        if asked.wh in ("how many", "how much"):
            return len(matches.rows) == 1 and matches.full_cells > 1
        if asked.wh == "what" and not asked.head and matches.full_cells > 0:
            # "what was purchased in 2025": the header of the column that chooses the rows.
            if any(matches.headers.get(column) for column in matches.columns):
                return True
        if asked.wh == "what" and not asked.head:
            return self.is_glossary() and len(matches.rows) == 1
        return False

    def is_glossary(self) -> bool:
        """Return whether the table says what words mean."""
        return any(word in _GLOSSARY for header in self._table.headers for word in words_in(header))

    def _clearest(self, found: dict[int, frozenset[int]]) -> tuple[int, ...]:
        """Return the columns whose headers have the most of the words, each word once."""
        kept: list[int] = []
        left = dict(found)
        while left:
            best = max(left, key=lambda c: (len(left[c]), self._share(c), -c))
            kept.append(best)
            left = {c: p - found[best] for c, p in left.items() if c != best and p - found[best]}
        return tuple(sorted(kept))

    def _share(self, column: int) -> float:
        """Return how much of a header the question names."""
        names = [w for w in words_in(self._table.headers[column].split("(")[0]) if is_content(w)]
        return len(self._matches.headers.get(column, ())) / max(1, len(names))

    def _positions(
        self,
        literal: dict[int, frozenset[int]],
        best: Iterable[int],
        found: dict[int, frozenset[int]],
    ) -> frozenset[int]:
        whole = frozenset[int]()
        for column in best:
            whole |= literal.get(column, frozenset()) | found.get(column, frozenset())
            whole |= self._meant.get(column, frozenset())
        return whole

    # What is compared or added

    def measure(self) -> tuple[Column, frozenset[int]] | None:
        """Return the column that a superlative compares."""
        superlative = self._asked.superlative
        assert superlative is not None
        with_dates = "date" in superlative.of
        compared = [
            c
            for c in self._table.columns
            if c.is_numeric or (with_dates and c.kind is CellKind.DATE)
        ]
        # "slowest time": what follows the superlative is what is compared.
        following = {c for c, p in self._headers.items() if superlative.at + 1 in p}
        if following & {c.number for c in compared}:
            compared = [c for c in compared if c.number in following]
        dated = [c for c in compared if c.kind is CellKind.DATE]
        if dated:
            named = [c for c in dated if c.number in self._headers]
            dated = named or dated
            return (dated[0], self._asked_positions(dated[0].number)) if len(dated) == 1 else None
        if superlative.of:
            alike = {token for word in superlative.of for token in (*synonyms(word), *stem(word))}
            fitting = [c for c in compared if self._tokens(c) & alike]
            exact = {token for word in superlative.of for token in stem(word)}
            if len(fitting) > 1:
                fitting = [c for c in fitting if self._tokens(c) & exact] or fitting
            named = [c for c in fitting if c.number in self._headers]
            fitting = [c for c in named or fitting if not _SCORE.search(c.header)]
            if len(fitting) != 1:
                return None
            return fitting[0], self._asked_positions(fitting[0].number)
        found = self._named(compared, also=(superlative.at,))
        word = self._asked.words[superlative.at].low
        if found is None or word not in ("most", "least", "fewest", "more", "less", "fewer"):
            return found
        # "most seats", not "used the most": the word belongs to what follows it.
        follows = {superlative.at + step for step in (1, 2, 3)}
        return found if found[1] & follows else None

    def summed(self) -> tuple[Column, frozenset[int]] | None:
        """Return the column that is added up, averaged or subtracted."""
        found = self._named([c for c in self._table.columns if c.is_numeric])
        # "total": a header with this word alone is none that is asked for.
        return found if found and found[1] - self._asked.operated else None

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
        return self._named(others)

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
        return None

    def unit_column(self) -> int | None:
        """Return the column that states the units of another: "per trip", "EUR"."""
        for number, header in enumerate(self._table.headers):
            if _UNIT_HEADER.fullmatch(header.strip()):
                return number
        return None

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
