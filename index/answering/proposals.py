"""Proposals: which documents seem to replace which, for an admin to confirm or refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.answering.succession import among
from index.decisions import Decisions
from index.store.catalog import Catalog
from index.store.likeness import EMPTY, Sketches, likeness, sketches_of
from index.store.succession_index import Stated
from index.store.successions import Basis, Identity, Nature
from index.store.versions import (
    is_before,
    is_record,
    is_same_thing,
    names_other_thing,
    order_of,
    shares_folder,
)

__all__ = ["Proposal", "proposals"]

_KEPT = 8
"""Viewers of which what is alike is kept."""
_NEAR = 3
"""Documents next to each other in order of version that are compared: an older version may be
under another name, or be alike in no class of its sketch."""
_ROWS = 3
"""Classes of sketches that two must have in common to be compared; with half of their runs in
common, two texts miss all such groups once in 250 times."""
_ALIKE = {Nature.LIVING: 0.06, Nature.ISSUED: 0.3, Nature.UNKNOWN: 0.4, Nature.RECORD: 0.4}
"""Likeness from which documents of one name and of several dates are versions, by what they are."""
_ALIKE_VERSIONS = 0.05
"""The same, where their names tell versions."""
_ALIKE_TEXTS = 0.5
"""The same, whatever they are called."""
_OPENING = 3_000
_MOST_READ = 400
"""Pairs of which the beginnings are read, to tell whether they are about one thing."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a document seems to replace an older one, although neither says so.

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
    """Return what is open for decision among documents of these names, the likeliest first.

    None is for all documents. Pairs that a document states or an admin decided are left out, and
    documents that are known to be replaced.
    """
    stated = catalog.succession_index().among(names)
    decided = {
        pair
        for pairs in (decisions.confirmed, decisions.refused)
        for pair in among(pairs, stated.identities)
    }
    replaced = {each.old for each in stated.successions} | {
        old for old, _ in among(decisions.confirmed, stated.identities)
    }
    return [
        each
        for each in _alike(stated, catalog)
        if each.old not in replaced and (each.old, each.new) not in decided
    ]
