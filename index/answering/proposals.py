"""Proposals: which documents seem to replace which, for an admin to confirm or refuse."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from index.decisions import Decisions
from index.store.catalog import Catalog
from index.store.successions import Basis

__all__ = ["Proposal", "proposals"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a document seems to replace an older one, which none of both says.

    Dates are in ISO 8601, as precise as they are stated; None where none is. `likeness` in [0, 1]
    tells how sure it is.
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

    None is for all documents. Pairs that a document states or an admin decided are left out.
    """
    decided = decisions.confirmed | decisions.refused
    return [
        Proposal(
            each.old,
            each.new,
            _title(each.old, catalog),
            _title(each.new, catalog),
            catalog.date(each.old),
            catalog.date(each.new),
            each.basis,
            each.likeness,
        )
        for each in sorted(
            catalog.successions.among(names), key=lambda each: (-each.likeness, each.old, each.new)
        )
        if each.is_proposal and (each.old, each.new) not in decided
    ]


def _title(name: str, catalog: Catalog) -> str:
    document = catalog.beginning(name, 0)
    return document.title if document else name
