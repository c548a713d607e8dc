"""Chooses the columns that answer a question, by their headers and by what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.answering.kinds.tables.compared import ComparedColumns
from index.answering.kinds.tables.marks import are_marks
from index.answering.kinds.tables.words import (
    GENERIC,
    NEGATING,
    is_content,
    is_related,
    stem,
    synonyms,
    words_in,
)
from index.rewriting.english import PREPOSITION, either
from index.tables.table import Column
from index.tables.units import unit_words
from index.tables.values import CellKind
from index.text import fold

_GLOSSARY = ("meaning", "definition", "description", "explanation")
_NAMED_SHARE = 0.5
"""Of the words of a header, those that name its column."""
_IS_THERE = frozenset(
    "access allowed available contains included includes needed offered permitted provided"
    " required".split()
)
_PREPOSITION = re.compile(rf"(?<=\w)\s+(?:{either(PREPOSITION)})\s")
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


def _noun_of(header: str) -> str:
    """Return the noun of a header, which its other words only describe."""
    plain = _PREPOSITION.split(fold(header.split("(")[0]))[0]
    names = [word for word in words_in(plain) if is_content(word) and word not in GENERIC]
    return names[-1] if names else ""


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


class AnswerColumns(ComparedColumns):
    """The columns of one table, as one question speaks of them."""

    def targets(self, besides: int | None = None) -> Targets:
        """Return the columns that answer; `besides` is the one that is compared."""
        head = [at for at in self._asked.head if self._asked.words[at].low not in GENERIC]
        taken = {besides} if besides is not None else set[int]()
        literal = {c: p for c, p in self._headers.items() if c not in taken}
        if head and (targets := self._by_head(head, literal, taken)) is not None:
            return targets
        free = {c: p for c, p in literal.items() if c not in self._matches.columns}
        if self._asked.wh in _WH_ASKS:
            return self._by_wh(free, taken)
        if free:
            best = self._clearest(free)
            if not self._asked.wh and self._are_of_time_alone(best):
                return Targets(missing=True)
            return Targets(best, self._positions(free, best, free), True)
        return Targets() if taken else self._meant_targets(head)

    def _by_head(
        self, head: list[int], literal: dict[int, frozenset[int]], taken: set[int]
    ) -> Targets | None:
        """Return the columns of the noun that is asked for; None where it chooses the rows."""
        asked = set(head)
        of_head = {c: p & asked for c, p in literal.items() if p & asked}
        if of_head:
            best = self._clearest(of_head)
            return Targets(best, self._positions(literal, best, of_head), True)
        if any(asked & self._asked_by(column) for column in taken):
            return Targets()
        meant = {c: p & asked for c, p in self._meant.items() if p & asked and c not in taken}
        if len(meant) == 1 and not set(meant) & self._matches.columns:
            (column,) = meant
            return Targets((column,), meant[column] | literal.get(column, frozenset()))
        if dated := self._days(head, taken):
            return dated
        is_explained = asked & (self._matches.in_rows | self._matches.context)
        return None if is_explained else Targets(missing=True)

    def _meant_targets(self, head: list[int]) -> Targets:
        """Return the columns whose headers mean what the question says in other words."""
        used = self._matches.columns
        meant = {c: p for c, p in self._meant.items() if c not in used}
        if len(meant) == 1:
            (column,) = meant
            return Targets((column,), meant[column])
        if not meant and set(head) & self._matches.in_rows and 0 not in used:
            is_asked = self._asked.wh in ("which", "what")
            return Targets((0,), literal=True) if is_asked else Targets()
        if meant:
            most = max(len(p) for p in meant.values())
            best = tuple(c for c, p in meant.items() if len(p) == most)
            if len(best) < 3 and len({meant[column] for column in best}) == 1:
                return Targets(best, meant[best[0]])
        return Targets()

    def _are_of_time_alone(self, columns: Iterable[int]) -> bool:
        """Return whether a date alone chose the rows, and the noun of a header is not asked for.

        "Calls in November" does not ask for call signs.
        """
        dated = {at for mention in self._asked.dates for at in mention.positions}
        if not self._matches.in_rows or not self._matches.in_rows <= dated:
            return False
        words = {self._asked.words[at].low for column in columns for at in self._headers[column]}
        nouns = [_noun_of(self._table.headers[column]) for column in columns]
        return not any(noun and is_related(word, noun) for noun in nouns for word in words)

    def _days(self, head: list[int], taken: set[int]) -> Targets:
        """Return the column of "which day", where there is one of dates."""
        dated = [c.number for c in self._table.columns if c.kind is CellKind.DATE]
        asks = all(self._asked.words[at].low in ("day", "days", "date", "dates") for at in head)
        if not asks or len(dated) != 1 or set(dated) & taken:
            return Targets()
        return Targets((dated[0],), frozenset(head), literal=True)

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
            when = {at for at, word in enumerate(asked.words) if word.low == "when"}
            fitting = [column for column in dated if self._asked_by(column) - when] or dated
        if asked.wh == "who" and not fitting:
            # "who delivers boots", of a column of suppliers.
            meant = [c for c, p in self._meant.items() if c not in used and asks + 1 in p]
            fitting = [column for column in meant if self._fits_wh(column)]
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

    def marked(self) -> tuple[Column, frozenset[int]] | None:
        """Return the column of yes and no that the question names, where it asks for rows."""
        asked = self._asked
        if asked.wh not in ("which", "what", "who", "how many"):
            return None
        found = [
            (column, named)
            for column in self._table.columns
            if (named := self._named_marks(column))
            and are_marks([row.cells[column.number].text for row in self._table.rows])
        ]
        if len(found) != 1:
            return None
        ((column, named),) = found
        label = self._headers.get(self._table.label_column, frozenset())
        known = named | label | self._matches.in_rows | self._matches.context
        left = {
            word.at
            for word in asked.words
            if is_content(word.low) and word.low not in GENERIC and word.low not in NEGATING
        }
        # Of "large rooms", large must be said somewhere.
        head = [at for at in asked.head if at in left]
        left -= set(head[-1:])
        return (column, named) if left <= known else None

    def _named_marks(self, column: Column) -> frozenset[int]:
        """Return the words that name a column, if enough do, also where a row has them as well.

        What only says whether something is there names none, nor does what follows a preposition:
        "for pets" does not name "Poisonous to pets".
        """
        content = [word for word in words_in(column.header) if is_content(word)]
        before = _PREPOSITION.split(fold(column.header))[0]
        core = [word for word in words_in(before) if word in content and word not in _IS_THERE]
        core = core or content
        others = {token for word in content if word not in core for token in stem(word)}
        stems = {token for word in content for token in stem(word)}
        named = self._headers.get(column.number, frozenset()).union(
            word.at for word in self._asked.words if not stems.isdisjoint(stem(word.low))
        )
        telling = [at for at in named if others.isdisjoint(stem(self._asked.words[at].low))]
        enough = telling and len(telling) >= _NAMED_SHARE * len(core)
        return named if enough else frozenset()

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
        if asked.wh == "who" and self._asks_for_day_alone():
            return True
        if asked.wh != "what" or asked.head:
            return False
        # "what was purchased in 2025": the header of the column that chooses the rows.
        if matches.full_cells > 0 and any(matches.headers.get(n) for n in matches.columns):
            return True
        return self.is_glossary() and len(matches.rows) == 1

    def _asks_for_day_alone(self) -> bool:
        """Return whether only the day says which row is meant, as in "who works on 24 May"."""
        dated = {at for mention in self._asked.dates for at in mention.positions}
        words = {
            word.at
            for word in self._asked.words
            if is_content(word.low) and word.low not in GENERIC and word.at not in dated
        }
        return bool(dated) and dated <= self._matches.in_rows and words <= self._matches.context

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
