"""Proposals: which documents seem to replace which, for an admin to confirm or refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import filterfalse, pairwise

import numpy as np
from numpy.typing import NDArray

from index.answering.versions.succession import pairs_among
from index.decisions import Decisions
from index.store.catalog.catalog import Catalog
from index.store.successions.index import StatedSuccessions
from index.store.successions.likeness import EMPTY, Sketches, likeness, likeness_of, sketches_of
from index.store.successions.successions import Basis, Identity, Naming, Nature, stem_of
from index.store.successions.versions import (
    folder_of,
    is_before,
    is_record,
    is_same_thing,
    naming_words,
    order_of,
)
from index.text import words_of

Pairs = NDArray[np.intp]

_NEIGHBOURS = 3
"""Documents next to each other in order of version that are compared: an older version may be
under another name, or be alike in no class of its sketch."""
_ROWS = 3
"""Classes of sketches that two must have in common to be compared; with half of their runs in
common, two texts miss all such groups once in 250 times."""
_ALIKE = {Nature.LIVING: 0.06, Nature.ISSUED: 0.2, Nature.UNKNOWN: 0.3, Nature.RECORD: 0.4}
"""Likeness from which documents of one name and of several dates are versions, by what they are."""
_NAMED_ALIKE = 0.6
"""How much less of it is asked where both titles name the same thing."""
_SERIES, _OFTEN = 3, 35
"""Documents of one name, and days between them, from which and up to which they are a series."""
_ALIKE_VERSIONS = 0.05
"""The same, where their names tell versions."""
_ALIKE_TEXTS = 0.5
"""The same, whatever they are called."""
_BATCH = 1 << 15
"""Pairs whose sketches are compared at once, which takes some 20 MB."""
_OPENING = 3_000
_MOST_READ = 400
"""Pairs of which the beginnings are read, to tell whether they are about one thing."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a document seems to replace an older one.

    Neither says so, or the newer one does, and lies in another folder.

    Dates are in ISO 8601, as precise as they are stated; None where none is. `likeness` in [0, 1]
    is the share of text that both have.
    """

    old: str
    new: str
    old_title: str
    new_title: str
    old_date: str | None
    new_date: str | None
    basis: Basis
    likeness: float


def proposals(
    catalog: Catalog, names: Collection[str] | None, decisions: Decisions
) -> list[Proposal]:
    """Return what is open for decision among documents of these names: what they say of others in
    other folders, then the likeliest first.

    None is for all documents. Pairs that a document states or an admin decided are left out, and
    documents that are known to be replaced.
    """
    stated = catalog.succession_index().stated_among(names)
    decided = {
        pair
        for pairs in (decisions.confirmed, decisions.refused)
        for pair in pairs_among(pairs, stated.identities)
    }
    replaced = {each.old for each in stated.successions} | {
        old for old, _ in pairs_among(decisions.confirmed, stated.identities)
    }
    return [
        each
        for each in stated.kept("open", lambda: _open(stated, catalog))
        if each.old not in replaced and (each.old, each.new) not in decided
    ]


def _open(stated: StatedSuccessions, catalog: Catalog) -> Sequence[Proposal]:
    said = list(_said(stated))
    pairs = {(each.old, each.new) for each in said}
    return [*said, *(one for one in _alike(stated, catalog) if (one.old, one.new) not in pairs)]


def _said(stated: StatedSuccessions) -> Iterator[Proposal]:
    """Yield what a document says of one in another folder, which does not count by itself."""
    for each in sorted(stated.from_elsewhere, key=lambda said: (said.old, said.new)):
        one, other = stated.identities[each.old], stated.identities[each.new]
        yield _proposal(one, other, each.basis, likeness_of(one.sketch, other.sketch))


def _alike(stated: StatedSuccessions, catalog: Catalog) -> Sequence[Proposal]:
    """Return the documents that seem to be versions of one thing, each with its next version."""
    known_identities = sorted(stated.identities.values(), key=order_of)
    called = _called(known_identities)
    regular = {
        row
        for rows in called
        for near in _by_folder(rows, known_identities)
        if _is_regular(near, known_identities)
        for row in near
    }
    sketches = sketches_of([each.sketch for each in known_identities])
    reader = _Reader(catalog)
    found: dict[int, Proposal] = {}
    for old, new, share in _compared(known_identities, called, sketches):
        if is_before(known_identities[new], known_identities[old]):
            old, new = new, old
        one, other = known_identities[old], known_identities[new]
        if not is_before(one, other) or _is_only_draft(one, other):
            continue
        if is_same_thing(one, other):
            is_regular = old in regular and new in regular
            if not _are_versions(one, other, share, is_regular=is_regular):
                continue
            basis = Basis.NAME
        elif share >= _ALIKE_TEXTS and not (is_record(one) or is_record(other)):
            basis = Basis.CONTENT
        else:
            continue
        last = found.get(old)
        if last and not is_before(other, stated.identities[last.new]):
            continue
        if reader.are_of_one_thing(one, other):
            found[old] = _proposal(one, other, basis, share)
    return sorted(found.values(), key=lambda each: (-each.likeness, each.old, each.new))


def _called(known_identities: Sequence[Identity]) -> Collection[Sequence[int]]:
    """Return the documents whose titles, or whose files, are called the same, in order."""
    alike: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for row, each in enumerate(known_identities):
        for naming in {each.titled, each.filed}:
            if not naming.is_empty:
                alike[naming.words, naming.kinds].append(row)
    return [list(dict.fromkeys(rows)) for rows in alike.values() if len(rows) > 1]


def _by_folder(
    rows: Sequence[int], known_identities: Sequence[Identity]
) -> Collection[Sequence[int]]:
    folders: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        folders[folder_of(known_identities[row])].append(row)
    return folders.values()


def _is_regular(rows: Sequence[int], known_identities: Sequence[Identity]) -> bool:
    """Return whether documents of one name come again and again, as the briefs of each week."""
    days = {day for row in rows if (day := _ordinal(known_identities[row].date))}
    if len(days) < _SERIES:
        return False
    gaps = sorted(later - earlier for earlier, later in pairwise(sorted(days)))
    return gaps[len(gaps) // 2] <= _OFTEN


def _ordinal(day: str) -> int | None:
    """Return the number of a day; None for what is no whole day."""
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return None


def _pairs_of_names(called: Collection[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of documents that are called the same, and near each other in order."""
    for rows in called:
        for place, old in enumerate(rows):
            for new in rows[place + 1 : place + 1 + _NEIGHBOURS]:
                yield old, new


def _pairs_of_texts(sketches: Sketches) -> Pairs:
    """Return pairs of documents, the older first, whose texts have much in common, (n, 2)."""
    pairs = [np.zeros((0, 2), np.intp)]
    weights = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
    for start in range(0, sketches.shape[1] - _ROWS + 1, _ROWS):
        columns = sketches[:, start : start + _ROWS]
        filled = np.flatnonzero((columns != EMPTY).all(axis=1))
        with np.errstate(over="ignore"):
            hashed = (columns[filled].astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
        order = np.argsort(hashed, kind="stable")
        for step in range(1, _NEIGHBOURS + 1):
            one, other = order[:-step], order[step:]
            same = hashed[one] == hashed[other]
            pairs.append(np.stack([filled[one[same]], filled[other[same]]], axis=1))
    return np.concatenate(pairs)


def _compared(
    known_identities: Sequence[Identity], called: Collection[Sequence[int]], sketches: Sketches
) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of documents that may be versions, the older first, with their likeness.

    Of those with texts like each other, most have only what stands in every document, such as the
    words of a form: what is about two things and not alike enough is left out here, all at once.
    """
    named = np.array([*_pairs_of_names(called)], np.intp).reshape(-1, 2)
    pairs = np.concatenate([named, _pairs_of_texts(sketches)])
    olds, news = np.divmod(
        np.unique(pairs[:, 0] * len(known_identities) + pairs[:, 1]), max(1, len(known_identities))
    )
    titles, files = (
        _numbered([getattr(each, side) for each in known_identities])
        for side in ("titled", "filed")
    )
    for start in range(0, len(olds), _BATCH):
        old, new = olds[start : start + _BATCH], news[start : start + _BATCH]
        shares = likeness(sketches[old], sketches[new])
        may_be = (
            (shares >= _ALIKE_TEXTS) | (titles[old] == titles[new]) | (files[old] == files[new])
        )
        yield from zip(
            old[may_be].tolist(), new[may_be].tolist(), shares[may_be].tolist(), strict=True
        )


def _numbered(names: Sequence[Naming]) -> NDArray[np.intp]:
    """Return a number for what each is called, the same for the same."""
    numbers: dict[tuple[object, ...], int] = {}
    return np.array(
        [numbers.setdefault((each.words, each.kinds), len(numbers)) for each in names], np.intp
    )


def _are_versions(one: Identity, other: Identity, share: float, *, is_regular: bool) -> bool:
    """Return whether two documents of one name are versions of one thing, and not of a series."""
    differ = bool(one.version and other.version and one.version != other.version)
    nature = one.titled.nature or one.filed.nature
    if is_record(one) or is_record(other):
        return differ and _dates(one) == _dates(other) and share >= _ALIKE[Nature.RECORD]
    if differ:
        return share >= _ALIKE_VERSIONS
    if is_regular and nature is not Nature.LIVING:
        return False
    named = one.titled.words and one.titled.words == other.titled.words
    return share >= _ALIKE[nature] * (_NAMED_ALIKE if named else 1.0)


def _dates(each: Identity) -> set[str]:
    return {*each.titled.dates, *each.filed.dates}


def _is_only_draft(one: Identity, other: Identity) -> bool:
    """Return whether the newer one is a draft of what the older one is not."""
    drafts = [each.titled.is_draft or each.filed.is_draft for each in (one, other)]
    return drafts[1] and not drafts[0]


def _proposal(one: Identity, other: Identity, basis: Basis, share: float) -> Proposal:
    return Proposal(
        one.document,
        other.document,
        one.title,
        other.title,
        one.date or None,
        other.date or None,
        basis,
        round(share, 2),
    )


class _Reader:
    """Tells from the texts of documents whether these are about one thing."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._words: dict[str, frozenset[str]] = {}
        self._named: dict[str, frozenset[str]] = {}
        self._pairs = 0

    def are_of_one_thing(self, one: Identity, other: Identity) -> bool:
        """Return whether each text has what only the other's name says, as a plan for one place
        has not the name of another place.
        """
        mine, theirs = self._naming(one), self._naming(other)
        first, second = mine - theirs, theirs - mine
        if any(map(str.isdigit, first)) and any(map(str.isdigit, second)):
            return False  # two lessons, two annexes
        first, second = (frozenset(filterfalse(str.isdigit, words)) for words in (first, second))
        if not (first or second):
            return True
        self._pairs += 1
        if self._pairs > _MOST_READ:
            return False
        return first <= self._of(other) and second <= self._of(one)

    def _naming(self, each: Identity) -> frozenset[str]:
        if each.document not in self._named:
            self._named[each.document] = naming_words(each)
        return self._named[each.document]

    def _of(self, each: Identity) -> frozenset[str]:
        """Return the stems of the words with which a document begins, but for its title."""
        if each.document not in self._words:
            document = self._catalog.beginning(each.document, _OPENING)
            text = document.text if document else ""
            self._words[each.document] = frozenset(stem_of(word) for word in words_of(text))
        return self._words[each.document]
