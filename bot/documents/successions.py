"""Successions, as admins decide them: that one document replaces another, or that it does not.

A refusal lapses once one of the two has become another document, so that it can be proposed again.
Sketches, which hold no words, tell how much of a document is still there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.errors import BadDecision
from bot.localization import _
from bot.records.parts.decisions import DocumentDecisions, Refusal
from index.answering.versions.proposals import Proposal, proposals
from index.decisions import Decisions
from index.errors import UnknownDocument
from index.store.catalog.catalog import Catalog
from index.store.successions.likeness import likeness_of

_LEAST_ALIKE = 0.5
"""The least share of its runs of words that a document keeps while it counts as the same."""


@dataclass(frozen=True, slots=True)
class KnownSuccessions:
    """Which document replaces which, as pairs (old, new) in order of name, and what is proposed.

    What is `stated` by a document counts unless it is refused.
    """

    proposed: tuple[Proposal, ...]
    stated: tuple[tuple[str, str], ...]
    confirmed: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]


def known_successions(
    catalog: Catalog, decisions: Decisions, names: Collection[str] | None = None
) -> KnownSuccessions:
    """Return all that is known of documents of these names that are there; None is for all."""
    there = catalog.document_names()
    if names is not None:
        there.intersection_update(names)

    def known(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(pair for pair in pairs if there.issuperset(pair)))

    stated = catalog.succession_index().stated_among(names).successions
    return KnownSuccessions(
        tuple(proposals(catalog, names, decisions)),
        known((each.old, each.new) for each in stated),
        known(decisions.confirmed),
        known(decisions.refused),
    )


def replaced_by(
    catalog: Catalog,
    decisions: Decisions,
    gone: Collection[str],
    names: Collection[str] | None = None,
) -> list[str]:
    """Return the documents that only those that are `gone` replace, of all that may be seen."""
    known = known_successions(catalog, decisions, names)
    pairs = {*known.stated, *known.confirmed}.difference(known.refused)
    others = {old for old, new in pairs if new not in gone}
    return sorted({old for old, new in pairs if new in gone}.difference(gone, others))


def detail_of(old: str, new: str, *, confirmed: bool | None) -> str:
    """Say for the log of what admins did what was decided; None for nothing any more."""
    said = _("{new} replaces {old}") if confirmed else _("{new} does not replace {old}")
    if confirmed is None:
        said = _("undone: {new} and {old}")
    return said.format(new=new, old=old)


def confirm(
    decided: DocumentDecisions, catalog: Catalog, old: str, new: str, person: int | None
) -> None:
    """Keep that the document `new` replaces `old`; raises BadDecision and UnknownDocument."""
    _require_two(catalog, old, new)
    decided.decide_succession(old, new, confirmed=True, person=person)


def refuse(
    decided: DocumentDecisions, catalog: Catalog, old: str, new: str, person: int | None
) -> None:
    """Keep that `new` does not replace `old`; raises BadDecision and UnknownDocument."""
    _require_two(catalog, old, new)
    sketches = _sketch_of(catalog, old), _sketch_of(catalog, new)
    decided.decide_succession(old, new, confirmed=False, person=person, sketches=sketches)


def lapse(decided: DocumentDecisions, catalog: Catalog) -> list[Refusal]:
    """Forget the refusals of which a document has become another one since, and return them."""
    names = catalog.document_names()
    lapsed = [
        each
        for each in decided.refusals()
        if any(
            name in names and _is_another(before, _sketch_of(catalog, name))
            for name, before in ((each.old, each.old_sketch), (each.new, each.new_sketch))
        )
    ]
    for each in lapsed:
        decided.undo_succession(each.old, each.new)
    return lapsed


def _is_another(before: bytes, now: bytes) -> bool:
    return before != now and likeness_of(before, now) < _LEAST_ALIKE


def _sketch_of(catalog: Catalog, name: str) -> bytes:
    return catalog.succession_index().identities[name].sketch


def _require_two(catalog: Catalog, old: str, new: str) -> None:
    names = catalog.document_names()
    for name in (old, new):
        if name not in names:
            raise UnknownDocument(name)
    if old == new:
        raise BadDecision(_("A document cannot replace itself."))
