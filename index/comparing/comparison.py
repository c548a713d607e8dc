"""Comparison of two documents: which units both have, which differ, and which only one has."""

from __future__ import annotations

import enum
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from index.chunking.passage import Unit
from index.chunking.units import units_of
from index.comparing.alignment import aligned
from index.document import BlockKind, Document
from index.parsing.text.heading_words import heading_words

_ALIKE = 0.5
"""The least share of words in common of two units that are versions of one."""
_ALIKE_ELSEWHERE = 0.7
"""The same, of units that stand at different places."""
_SAME_LABEL = 0.75
"""The likeness of two rows or lines with the same label, whatever else they say."""
_WINDOW = 10
"""How far from its place a unit's other version is looked for, among units that nothing tells."""
_MOST_LOOKED_AT = 100_000
"""Pairs of units whose words are compared, in one comparison; a longer pair counts for several."""
_LETTERS_PER_PAIR = 150
"""Letters that count for one more pair."""
_WORDS = 150
"""Words of a unit by which it is compared with others."""
_LETTERS = 8 * _WORDS
_LONGEST_LABEL = 60
_FEWEST_MOVED = 4
"""Words of a unit that can be recognised at another place."""

_WORD = re.compile(r"\w+")
_MARKER = re.compile(r"(?:[-*+•–]|\(?[0-9]{1,3}[.)]|\(?[a-zA-Z][.)])\s")
_HEADING_NUMBER = re.compile(
    r"(?:#{1,6}\s)?(?:[0-9]{1,2}(?:\.[0-9]{1,2}){1,6}\.?|[0-9]{1,2}[.)])\s"
)
_OF_VERSION = frozenset(
    "title date dated published updated last_updated modified issued created datum dato stand"
    " version edition revision fassung versjon utgave replaces supersedes previous_version"
    " predecessor ersetzt erstatter".split()
)
"""Labels of front matter in which any two versions differ, and which the text says as well."""
_FENCE = re.compile(r"(?:---+|\+\+\++|\.\.\.)")
_ROWS = frozenset({BlockKind.ROW, BlockKind.HEADER})


class Relation(enum.StrEnum):
    """What became of a unit."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"
    """Only the old document has it."""
    ADDED = "added"
    """Only the new document has it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit of the old document and what became of it in the new one, by their numbers from 0.

    `old` is None where it was added, `new` where it was removed.
    """

    relation: Relation
    old: int | None
    new: int | None

    @property
    def turned(self) -> Pair:
        """The same, seen from the other document."""
        relation = {Relation.REMOVED: Relation.ADDED, Relation.ADDED: Relation.REMOVED}
        return Pair(relation.get(self.relation, self.relation), self.new, self.old)


@dataclass(frozen=True)
class Comparison:
    """Two documents and their units; each unit is in exactly one of `pairs`.

    The pairs go in the order of the new document, what was removed where it stood.
    """

    old: Document
    new: Document
    old_units: tuple[Unit, ...]
    new_units: tuple[Unit, ...]
    pairs: tuple[Pair, ...]

    def count(self, relation: Relation) -> int:
        return sum(pair.relation is relation for pair in self.pairs)

    @property
    def agreement(self) -> float:
        """The share of all units that stand in both documents, word for word."""
        units = len(self.old_units) + len(self.new_units)
        agree = self.count(Relation.SAME) + self.count(Relation.MOVED)
        return 2 * agree / units if units else 1.0


def compare(old: Document, new: Document) -> Comparison:
    """Compare two documents. The other way round, what is found is the same, turned.

    The work grows with the length of the documents, whatever is in them.
    """
    before, after = _Side.of(old), _Side.of(new)
    if before.keys > after.keys:
        pairs: Iterable[Pair] = (pair.turned for pair in _pairs(after, before))
    else:
        pairs = _pairs(before, after)
    return Comparison(old, new, before.units, after.units, tuple(_in_order(pairs)))


@dataclass(frozen=True, slots=True)
class _Side:
    """One document: of each unit the text that must be equal, its words, and its label."""

    units: tuple[Unit, ...]
    keys: tuple[str, ...]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> _Side:
        units = tuple(unit for unit in units_of(document) if not _is_of_version(unit, document))
        keys = tuple(_key(unit, document.text) for unit in units)
        return cls(units, keys, tuple(map(_label, units, keys)))

    def words(self, number: int) -> Counter[str]:
        return Counter(_first_words(self.keys[number]))

    def length(self, number: int) -> int:
        """Return about how many letters of a unit are compared."""
        return min(len(self.keys[number]), _LETTERS)

    def is_row(self, number: int) -> bool:
        return self.units[number].kind in _ROWS

    def is_heading(self, number: int) -> bool:
        return self.units[number].kind is BlockKind.HEADING


def _key(unit: Unit, text: str) -> str:
    """Return what two equal units have in common: their words and signs, but no numbering."""
    line = " ".join(unit.span.of(text).split())
    if unit.kind is BlockKind.HEADING:
        line = heading_words(unit.span.of(text)) or line
    numbering = {BlockKind.ITEM: _MARKER, BlockKind.HEADING: _HEADING_NUMBER}.get(unit.kind)
    if numbering and (found := numbering.match(line)):
        return line[found.end() :] or line
    return line


def _is_of_version(unit: Unit, document: Document) -> bool:
    """Return whether a line of front matter only says which version a document is."""
    if unit.kind is not BlockKind.FRONT_MATTER:
        return False
    line = unit.span.of(document.text)
    name = line.partition(":")[0].strip().lower().replace(" ", "_").replace("-", "_")
    return name in _OF_VERSION or _FENCE.fullmatch(line.strip()) is not None


def _label(unit: Unit, key: str) -> str:
    """Return the first cell of a row, or the words before a colon; empty without any."""
    if unit.kind in _ROWS:
        cells = (cell.strip() for cell in key[:_LONGEST_LABEL].split("|"))
        return next(filter(None, cells), "").casefold()
    before, colon, _ = key[:_LONGEST_LABEL].partition(":")
    return before.casefold() if colon else ""


def _first_words(key: str) -> Iterator[str]:
    for number, word in enumerate(_WORD.finditer(key)):
        if number == _WORDS:
            return
        yield word[0].casefold()


def _pairs(old: _Side, new: _Side) -> list[Pair]:
    """Return what became of each unit, in no order."""
    same = aligned(old.keys, new.keys)
    found = [Pair(Relation.SAME, at, there) for at, there in same]
    rest, others = _without(old, (at for at, _ in same)), _without(new, (at for _, at in same))
    moved = list(_moved(old, new, rest, others))
    found += [Pair(Relation.MOVED, at, there) for at, there in moved]
    rest.difference_update(at for at, _ in moved)
    others.difference_update(there for _, there in moved)
    for at, there in _changed(old, new, rest, others, same):
        found.append(Pair(Relation.CHANGED, at, there))
        rest.discard(at)
        others.discard(there)
    found += [Pair(Relation.REMOVED, at, None) for at in rest]
    found += [Pair(Relation.ADDED, None, there) for there in others]
    return found


def _without(side: _Side, numbers: Iterable[int]) -> set[int]:
    return set(range(len(side.units))).difference(numbers)


def _moved(old: _Side, new: _Side, rest: set[int], others: set[int]) -> Iterator[tuple[int, int]]:
    """Yield units that stand at another place, the first of equal ones with the first."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for there in sorted(others, reverse=True):
        places[new.keys[there]].append(there)
    for at in sorted(rest):
        key = old.keys[at]
        if places.get(key) and (
            old.is_row(at) or len(key.split(None, _FEWEST_MOVED)) >= _FEWEST_MOVED
        ):
            yield at, places[key].pop()


def _changed(
    old: _Side, new: _Side, rest: set[int], others: set[int], same: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield units that are versions of one: rows by their label, then all by place and words, and
    at last those that moved and changed at once."""
    rest, others = set(rest), set(others)

    def taken(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        found = list(pairs)
        rest.difference_update(at for at, _ in found)
        others.difference_update(there for _, there in found)
        return found

    yield from taken(_same_label([at for at in rest if old.is_row(at)], old, others, new))
    budget = _Budget(_MOST_LOOKED_AT)
    ends = [(-1, -1), *same, (len(old.units), len(new.units))]
    for (begin, start), (end, stop) in pairwise(ends):
        ours = [at for at in range(begin + 1, end) if at in rest]
        theirs = [there for there in range(start + 1, stop) if there in others]
        if not ours or not theirs:
            continue
        yield from taken(_same_label(ours, old, theirs, new))
        ours = [at for at in ours if at in rest]
        theirs = [there for there in theirs if there in others]
        is_section = begin >= 0 and old.is_heading(begin) and new.is_heading(start)
        firsts = (
            (_before_heading(ours, old), _before_heading(theirs, new))
            if is_section
            else (ours, theirs)
        )
        if all(len(side) == 1 for side in firsts) and _same_kind(ours[0], old, theirs[0], new):
            yield from taken([(ours.pop(0), theirs.pop(0))])  # one stands where the other stood
        candidates = list(budget.afforded(_near(ours, theirs), old, new))
        yield from taken(_best(candidates, old, new, _ALIKE))
    candidates = list(budget.afforded(_near(sorted(rest), sorted(others)), old, new))
    yield from taken(_best(candidates, old, new, _ALIKE_ELSEWHERE))


class _Budget:
    """Counts how many more pairs of units one comparison may look at."""

    def __init__(self, left: int) -> None:
        self._left = left

    def afforded(
        self, pairs: Iterable[tuple[int, int]], old: _Side, new: _Side
    ) -> Iterator[tuple[int, int]]:
        """Yield the first pairs, as many as there is something left for."""
        for at, there in pairs:
            self._left -= 1 + (old.length(at) + new.length(there)) // _LETTERS_PER_PAIR
            if self._left < 0:
                return
            yield at, there


def _same_label(
    ours: Iterable[int], old: _Side, theirs: Iterable[int], new: _Side
) -> Iterator[tuple[int, int]]:
    """Yield pairs of units of which each is the only one on its side with their label."""
    labels: defaultdict[tuple[bool, str], tuple[list[int], list[int]]] = defaultdict(
        lambda: ([], [])
    )
    for side, numbers, which in ((old, ours, 0), (new, theirs, 1)):
        for number in sorted(numbers):
            if side.labels[number]:
                labels[side.is_row(number), side.labels[number]][which].append(number)
    for one, other in labels.values():
        if len(one) == len(other) == 1:
            yield one[0], other[0]


def _before_heading(numbers: Sequence[int], side: _Side) -> list[int]:
    return list(takewhile(lambda number: not side.is_heading(number), numbers))


def _near(ours: Sequence[int], theirs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield pairs of units that stand at about the same place of a part that differs."""
    for number, at in enumerate(ours):
        middle = number * len(theirs) // len(ours)
        for there in theirs[max(0, middle - _WINDOW) : middle + _WINDOW + 1]:
            yield at, there


def _best(
    candidates: Sequence[tuple[int, int]], old: _Side, new: _Side, least: float
) -> Iterator[tuple[int, int]]:
    """Yield the pairs that are alike, the most alike first, each unit once."""
    words = {at: old.words(at) for at, _ in candidates}
    others = {there: new.words(there) for _, there in candidates}
    graded = []
    for at, there in candidates:
        if _same_kind(at, old, there, new):
            likeness = _likeness(words[at], others[there])
            if least == _ALIKE and old.labels[at] and old.labels[at] == new.labels[there]:
                likeness = max(likeness, _SAME_LABEL)
            if likeness >= least:
                graded.append((-likeness, abs(at - there), at, there))
    taken: set[int] = set()
    gone: set[int] = set()
    for _, _, at, there in sorted(graded):
        if at not in taken and there not in gone:
            taken.add(at)
            gone.add(there)
            yield at, there


def _same_kind(at: int, old: _Side, there: int, new: _Side) -> bool:
    return old.is_row(at) == new.is_row(there) and old.is_heading(at) == new.is_heading(there)


def _likeness(words: Counter[str], others: Counter[str]) -> float:
    """Return the share of words in common, from 0 to 1."""
    number = words.total() + others.total()
    return 2 * (words & others).total() / number if number else 0.0


def _in_order(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield pairs in the order of the new document, what was removed behind what it followed."""
    known = sorted(pairs, key=lambda pair: -1 if pair.old is None else pair.old)
    placed = []
    after = -1
    for pair in known:
        if pair.new is None:
            placed.append(((after, 1, pair.old or 0), pair))
            continue
        if pair.relation is Relation.SAME:
            after = pair.new
        placed.append(((pair.new, 0, 0), pair))
    return (pair for _, pair in sorted(placed, key=lambda each: each[0]))
