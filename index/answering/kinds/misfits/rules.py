"""Rules on what cannot be the answer: addresses, deeds, rows, rates, times and sentences."""

from __future__ import annotations

from index.answering.kinds.misfits.addresses import lacks_address
from index.answering.kinds.misfits.deeds import is_of_what_nothing_names
from index.answering.kinds.misfits.rates import is_by_another_unit
from index.answering.kinds.misfits.rows import (
    has_other_words,
    is_uncompared,
    lacks_column,
    says_no,
)
from index.answering.kinds.misfits.sentences import has_no_word, is_another_figure, lacks_noun
from index.answering.kinds.misfits.times import is_of_another_year
from index.answering.scope import Findings, Scope

__all__ = ["is_misfit"]

_RULES = (
    lacks_address,
    lacks_column,
    lacks_noun,
    is_uncompared,
    is_of_another_year,
    is_another_figure,
    has_other_words,
    has_no_word,
    says_no,
    is_by_another_unit,
    is_of_what_nothing_names,
)


def is_misfit(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown cannot be what the question asks for."""
    return any(rule(question, found, scope) for rule in _RULES)
