"""Rules on what cannot be the answer: addresses, rows, rates, sentences and times."""

from __future__ import annotations

from index.answering.kinds.misfits.addresses import lacks_address
from index.answering.kinds.misfits.rates import is_by_another_unit
from index.answering.kinds.misfits.rows import has_other_words, is_uncompared
from index.answering.kinds.misfits.sentences import has_no_word
from index.answering.kinds.misfits.times import is_of_another_year
from index.answering.scope import Findings, Scope

_RULES = (
    lacks_address,
    is_uncompared,
    is_of_another_year,
    has_other_words,
    has_no_word,
    is_by_another_unit,
)


def is_misfit(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown cannot be what the question asks for."""
    return any(rule(question, found, scope) for rule in _RULES)
