"""Keys of statements: what two statements that may contradict each other have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import combinations

from index.claims.clause import Clause
from index.claims.context import context_of
from index.claims.reading import read_briefly
from index.claims.statement import Statement
from index.claims.words import LIGHT, SITE_RULES
from index.text import words_of

__all__ = ["digest_of", "keys_of"]

_TERMS = 3
"""Of a clause with a value, the longest words, which tell most: any two of them are a key."""
_MOST_DENIED = 12
"""Terms of a clause that others may deny, which takes the same terms."""


def keys_of(statement: Statement) -> frozenset[int]:
    """Return the keys of a statement; none for one that claims nothing that can be compared."""
    return frozenset(key for clause in read_briefly(statement) for key in _keys(clause, statement))


def _keys(clause: Clause, statement: Statement) -> Iterator[int]:
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
    if len(terms) < 2:
        above = context_of(statement).terms - LIGHT
        terms = [*terms, *_longest(above.difference(terms))][:_TERMS]
    for pair in combinations(terms, 2):
        yield _key(kind, pair)


def _longest(terms: frozenset[str]) -> list[str]:
    return sorted(terms, key=lambda term: (-len(term), term))[:_TERMS]


def _key(kind: str, terms: Iterable[str]) -> int:
    return digest_of(" ".join((kind, *sorted(terms))))


def digest_of(text: str) -> int:
    """Return the same number for the same words, whatever stands between them."""
    words = " ".join(words_of(text)).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(words, digest_size=7).digest())
