"""Keys of statements: what two statements that may contradict each other have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product
from operator import or_

from index.claims.clause import Clause
from index.claims.context import context_of
from index.claims.reading import read_briefly
from index.claims.statement import Statement
from index.claims.words import LIGHT, MOST_UNSHARED, SITE_RULES
from index.text import keep_of_short, words_of

_TERMS = 3
"""Of a clause with a value, the longest words, which tell most: any two of them are a key."""
_BITS = 62
"""Of the number that stands for a set of terms, as many as each database can hold."""
_MOST_DENIED = 12
"""Terms of a clause that others may deny, which takes the same terms."""


@dataclass(frozen=True, slots=True)
class TermBits:
    """The terms of a clause as bits: those that weigh, and those that are `said` there or above.

    Two terms may share a bit, so that a bit that is missing tells that a term is.
    """

    weighty: int
    said: int

    def of_either(self, other: TermBits) -> TermBits:
        """Return the terms that surely weigh in two clauses, and those said in either."""
        return TermBits(self.weighty & other.weighty, self.said | other.said)

    def may_be_of_the_same(self, other: TermBits) -> bool:
        """Return whether two clauses may be of the same: only one of them says more than another.

        It is no stricter than `contradiction`, which decides.
        """
        only, only_other = self.weighty & ~other.said, other.weighty & ~self.said
        return not (only and only_other) and (only | only_other).bit_count() <= MOST_UNSHARED


def keys_of(statement: Statement) -> dict[int, TermBits]:
    """Return the keys of a statement, each with the terms of the clauses that have it.

    One that claims nothing that can be compared has none.
    """
    found: dict[int, TermBits] = {}
    for clause in read_briefly(statement):
        above = context_of(statement).terms
        bits = TermBits(_bits(clause.terms - LIGHT), _bits(clause.terms | above))
        for key in _keys(clause, above):
            found[key] = bits.of_either(found[key]) if key in found else bits
    return found


def _bits(terms: Iterable[str]) -> int:
    return reduce(or_, map(_bit, terms), 0)


@keep_of_short(4_096)
def _bit(term: str) -> int:
    return 1 << digest_of(term) % _BITS


def _keys(clause: Clause, above: frozenset[str]) -> Iterator[int]:
    if not (clause.amounts or clause.name):
        denied = clause.terms - LIGHT
        if 2 <= len(denied) <= _MOST_DENIED:
            yield _key("denied", denied)
        return
    kind = "amount" if clause.amounts else "name"
    if clause.terms in SITE_RULES:
        yield _key(kind, clause.terms)
    terms = _longest(clause.terms - LIGHT)
    if len(terms) < 2:
        terms = [*terms, *_longest(clause.terms.difference(terms))][:_TERMS]
    pairs: Iterable[tuple[str, str]] = combinations(terms, 2)
    if len(terms) < 2:
        pairs = product(terms, _longest(above - LIGHT - clause.terms))
    for pair in pairs:
        yield _key(kind, pair)


def _longest(terms: frozenset[str]) -> list[str]:
    return sorted(terms, key=lambda term: (-len(term), term))[:_TERMS]


def _key(kind: str, terms: Iterable[str]) -> int:
    return digest_of(" ".join((kind, *sorted(terms))))


def digest_of(text: str) -> int:
    """Return the same number for the same words, whatever stands between them."""
    words = " ".join(words_of(text)).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(words, digest_size=7).digest())
