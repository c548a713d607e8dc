"""Matches the words of a question with the text of one cell of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from index.answering.kinds.tables.query import TableQuery
from index.answering.kinds.tables.words import (
    DEMANDING,
    GENERIC,
    QuestionWord,
    is_content,
    same_stem,
    start_of,
    words_in,
)
from index.tables.table import Table

_PARTS = re.compile(r"(?:(?<!\s)\s+)?[,;/()]\s+|[()]|(?<!\s)\s+[–—]\s+")
_SMALL = DEMANDING | GENERIC
_CELL_SHARE = 0.4
"""Of a cell's words: with fewer of them in the question, one word alone is chance."""


@dataclass(frozen=True, slots=True)
class CellMatch:
    """The words that a cell explains; `full` if all of a part of it, `whole` if all of it."""

    positions: frozenset[int]
    full: bool
    whole: bool = False


class CellMatcher:
    """Matches the words of one question with the cells of one table."""

    def __init__(self, table: Table, asked: TableQuery) -> None:
        self._table = table
        self._asked = asked
        self._memo: dict[str, CellMatch] = {}
        self._dated = {at for mention in asked.dates for at in mention.positions}
        self.words = [
            word
            for word in asked.words
            if word.at not in asked.operators and (is_content(word.low) or word.is_number)
        ]
        self.by_start: dict[str, list[QuestionWord]] = defaultdict(list)
        for word in self.words:
            self.by_start[start_of(word.low)].append(word)
        self._numbers = self._numbers_asked()

    def match(self, text: str) -> CellMatch:
        """Return which words a cell explains."""
        if text not in self._memo:
            self._memo[text] = self._match_cell(text)
        return self._memo[text]

    def _match_cell(self, text: str) -> CellMatch:
        """Return the match of a cell; a part of it between commas counts as a whole one."""
        parts = [part for part in _PARTS.split(text) if part]
        if len(parts) < 2:
            return self._match_part(text)
        matched = [self._match_part(part) for part in parts]
        positions = frozenset().union(*(each.positions for each in matched))
        whole = all(each.whole for each in matched)
        return CellMatch(positions, any(each.full for each in matched), whole)

    def _match_part(self, text: str) -> CellMatch:
        names = words_in(text)
        places = [
            [word.at for word in self.by_start.get(start_of(name), ()) if is_equal(word, name)]
            for name in names
        ]
        if not any(places):
            return CellMatch(frozenset(), False)
        kept: set[int] = set()
        missing = False
        for n, (name, at) in enumerate(zip(names, places, strict=True)):
            if name[0].isdigit():
                # A number alone says nothing: the 5 of "Heron 5" needs its Heron.
                around = {
                    p + step
                    for other, step in ((n - 1, 1), (n + 1, -1))
                    if 0 <= other < len(names)
                    for p in places[other]
                }
                at = [p for p in at if p in around]
            kept.update(at)
            missing = missing or (not at and is_content(name))
        whole = bool(kept) and not missing
        if not whole:
            kept = {at for at in kept if self._asked.words[at].low not in _SMALL}
        return CellMatch(frozenset(kept), whole, whole)

    def numbered(self, text: str, column: int) -> CellMatch | None:
        """Return the match of a cell that is a number, named by its header: "week 16"."""
        if not text[:1].isdigit():
            return None
        for at, beside in self._numbers.get(_key(text), ()):
            names = [w for w in words_in(self._table.headers[column]) if is_content(w)]
            if any(same_stem(word, name) for word in beside for name in names):
                return CellMatch(frozenset((at,)), True, True)
        return None

    def _numbers_asked(self) -> dict[str | Decimal, list[tuple[int, tuple[str, ...]]]]:
        """Return where the question has each number, with the words that may name it: those on both
        sides, and the noun of "weeks 22 and 24". Where these are the same, the first place counts.
        """
        words, noun = self._asked.words, ""
        of_list: list[str] = []
        for word in words:
            of_list.append(noun)
            if not word.is_number and word.low not in ("and", "or", "to"):
                noun = word.low
        found: dict[str | Decimal, dict[tuple[str, ...], int]] = defaultdict(dict)
        for word in self.words:
            if word.is_number and word.at not in self._dated:
                sides = (words[at].low for at in (word.at - 1, word.at + 1) if 0 <= at < len(words))
                found[_key(word.low)].setdefault((*sides, of_list[word.at]), word.at)
        return {
            key: [(at, beside) for beside, at in places.items()] for key, places in found.items()
        }

    def is_named(self, text: str, matched: CellMatch) -> bool:
        """Return whether the question calls by half of its name what a row is about."""
        names = [word for word in words_in(text) if is_content(word)]
        words = self._asked.words
        held = [words[at] for at in matched.positions]
        begins = any(is_equal(word, names[0]) for word in held)
        ends = any(is_equal(word, names[-1]) for word in held) and self._is_only(names[-1])
        return (begins or ends) and len(held) * 2 >= len(names)

    def _is_only(self, name: str) -> bool:
        """Return whether one row alone has a word in the cell that names it."""
        label = self._table.label_column
        return sum(name in words_in(row.cells[label].text) for row in self._table.rows) == 1

    def is_much(self, text: str, matched: CellMatch) -> bool:
        """Return whether the words are more of the cell than chance would have it."""
        content = sum(1 for word in words_in(text) if is_content(word))
        return len(matched.positions) > 1 or len(matched.positions) >= _CELL_SHARE * content


def is_equal(word: QuestionWord, name: str) -> bool:
    """Return whether a word of a question is a word of the table, or the same number."""
    if word.is_number or name[:1].isdigit():
        if word.low == name:
            return True
        one, other = _number(word.low), _number(name)
        return one is not None and one == other
    return same_stem(word.low, name)


def _key(text: str) -> str | Decimal:
    """Return what is the same for each way to write a number."""
    number = _number(text)
    return text if number is None else number


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
