"""Successions, as admins decide them: that one document replaces another, or that it does not.

A refusal lapses once one of the two has become another document, so that it can be proposed again.
How much of a document is still there is told by sketches: of all runs of three words, the lowest
hashes. They hold no words, and are enough to estimate which share of its runs a text keeps.
"""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.errors import BadDecision
from bot.localization import _
from bot.records.decided import Decided, Refusal
from index.answering.proposals import Proposal, proposals
from index.decisions import Decisions
from index.document import Span
from index.errors import UnknownDocument
from index.store.catalog import Catalog

__all__ = [
    "KnownSuccessions",
    "alike",
    "confirm",
    "detail_of",
    "known_successions",
    "lapse",
    "refuse",
    "sketch",
]

_LOOKED_AT = 200_000
"""Characters at the beginning of a document that are sketched."""
_HASHES = 64
_LEAST_ALIKE = 0.5
"""The least share of common runs at which a document counts as the same as before."""


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

    stated = catalog.successions.among(names)
    return KnownSuccessions(
        tuple(proposals(catalog, names, decisions)),
        known((each.old, each.new) for each in stated if not each.is_proposal),
        known(decisions.confirmed),
        known(decisions.refused),
    )


def detail_of(old: str, new: str, *, confirmed: bool | None) -> str:
    """Say for the log of what admins did what was decided; None for nothing any more."""
    said = _("{new} replaces {old}") if confirmed else _("{new} does not replace {old}")
    if confirmed is None:
        said = _("undone: {new} and {old}")
    return said.format(new=new, old=old)


def confirm(decided: Decided, catalog: Catalog, old: str, new: str, person: int | None) -> None:
    """Keep that the document `new` replaces `old`; raises BadDecision and UnknownDocument."""
    _require_two(catalog, old, new)
    decided.decide_succession(old, new, confirmed=True, person=person)


def refuse(decided: Decided, catalog: Catalog, old: str, new: str, person: int | None) -> None:
    """Keep that `new` does not replace `old`; raises BadDecision and UnknownDocument."""
    _require_two(catalog, old, new)
    sketches = _sketch_of(catalog, old), _sketch_of(catalog, new)
    decided.decide_succession(old, new, confirmed=False, person=person, sketches=sketches)


def lapse(decided: Decided, catalog: Catalog) -> list[Refusal]:
    """Forget the refusals of which a document has become another one since, and return them."""
    names = catalog.document_names()
    lapsed = [
        each
        for each in decided.refusals()
        if any(
            name in names and alike(before, _sketch_of(catalog, name)) < _LEAST_ALIKE
            for name, before in ((each.old, each.old_sketch), (each.new, each.new_sketch))
        )
    ]
    for each in lapsed:
        decided.undo_succession(each.old, each.new)
    return lapsed


def sketch(text: str) -> bytes:
    """Return the lowest hashes of the runs of three words in a text."""
    words = [word.encode(errors="surrogatepass") for word in text.split()]
    pairs = list(pairwise(words))
    runs = {
        zlib.crc32(b" ".join((*pair, word))) for pair, word in zip(pairs, words[2:], strict=False)
    }
    if not runs:  # fewer than three words
        runs = {zlib.crc32(b" ".join(words))} if words else set()
    return b"".join(each.to_bytes(4, "big") for each in heapq.nsmallest(_HASHES, runs))


def alike(one: bytes, other: bytes) -> float:
    """Return about which share of all runs of two texts both have, from their sketches."""
    here, there = _hashes(one), _hashes(other)
    lowest = heapq.nsmallest(_HASHES, here | there)
    if not lowest:
        return 1.0
    return sum(each in here and each in there for each in lowest) / len(lowest)


def _hashes(sketched: bytes) -> set[bytes]:
    return {sketched[start : start + 4] for start in range(0, len(sketched), 4)}


def _sketch_of(catalog: Catalog, name: str) -> bytes:
    return sketch(catalog.quote(name, Span(0, _LOOKED_AT)) or "")


def _require_two(catalog: Catalog, old: str, new: str) -> None:
    names = catalog.document_names()
    for name in (old, new):
        if name not in names:
            raise UnknownDocument(name)
    if old == new:
        raise BadDecision(_("A document cannot replace itself."))
