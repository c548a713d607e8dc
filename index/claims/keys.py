"""Keys of statements: what two statements that may contradict each other have in common."""

from __future__ import annotations

import hashlib
import re
from itertools import combinations

from index.claims.reading import Clause, read
from index.claims.statement import Statement
from index.claims.words import LIGHT

__all__ = ["keys_of"]

_CLAIMING = re.compile(
    r"\d|\b(?:not|no|never|cannot|must|may|shall|allowed|permitted|forbidden|prohibited|mandatory|required"
    r"|optional|closed|every|once|twice|daily|weekly|monthly|one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve|\w+teen|\w+ty|hundred|half|\w+day|noon|midnight|by [A-Z]|in(?: the)? [A-Z]"
    r"|at(?: the)? [A-Z]|is [A-Z]|will be [A-Z])|n['’]t\b|@|^[A-Z]\w+ [A-Z]\w+ (?:is|leads|heads"
    r"|chairs"
    r"|manages|owns|signs|approves)\b"
)
"""What each statement has that claims something to be compared."""
_TERMS = 3
"""Of a clause, the longest words, which tell most: any two of them are a key."""


def keys_of(statement: Statement) -> frozenset[int]:
    """Return the keys of a statement; none for one that claims nothing that can be compared."""
    if not statement.cells and not statement.label and not _CLAIMING.search(statement.text):
        return frozenset()
    reading = read(statement)
    above = reading.context.terms
    return frozenset(
        key for clause in reading.clauses for key in _keys(clause, above) if _claims(clause)
    )


def _claims(clause: Clause) -> bool:
    return bool(clause.amounts or clause.name or clause.is_negative or clause.duty)


def _keys(clause: Clause, above: frozenset[str]) -> frozenset[int]:
    kind = "amount" if clause.amounts else "name" if clause.name else "polarity"
    terms = _longest(clause.terms - LIGHT) or _longest(clause.terms)
    if len(terms) < 2:
        terms = [*terms, *_longest((above - LIGHT).difference(terms))][:_TERMS]
    return frozenset(
        int.from_bytes(hashlib.blake2b(f"{kind} {' '.join(pair)}".encode(), digest_size=7).digest())
        for pair in combinations(sorted(terms), 2)
    )


def _longest(terms: frozenset[str]) -> list[str]:
    return sorted(terms, key=lambda term: (-len(term), term))[:_TERMS]
