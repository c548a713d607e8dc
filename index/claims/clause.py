"""Clauses: what statements say once they are read, as values."""

from __future__ import annotations

from dataclasses import dataclass

from index.claims.context import Context
from index.claims.measures import Amount
from index.claims.statement import Statement
from index.document import Span

_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its `terms`, the `names` among them, its amounts, and what limits it.

    `scopes` are the words that say of which part or time it holds. `is_negative` tells whether it
    denies, `duty` is "must", "may" or "need not". `name` is who or where, of what `terms` say.
    """

    terms: frozenset[str]
    names: frozenset[str]
    amounts: tuple[Amount, ...]
    scopes: frozenset[str]
    order: tuple[str, ...] = ()
    """The names in their order: from Karsk to Velin is not from Velin to Karsk."""
    is_negative: bool = False
    duty: str = ""
    tense: str = ""
    name: str = ""
    name_span: Span = _NOWHERE
    span: Span = _NOWHERE
    form: str = "sentence"
    head: str = ""
    """The first word of the subject; empty where nothing is known of it."""
    is_brief: bool = False
    """Whether the subject is one word, as "the film" is."""
    is_general: bool = False
    """Whether it is of all of a kind, as "visitor badges" is and "the badges" is not."""
    is_of_none: bool = False
    """Whether it says that there is none of something: "There is no curfew"."""
    is_pointing: bool = False
    """Whether it is of something that another sentence names."""
    keys: frozenset[str] = frozenset()
    """Of a row: the other cells, which say of what it is."""

    @property
    def column(self) -> frozenset[str]:
        """Of a row: the terms of the header of its cell."""
        return self.terms.difference(self.order)


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement with its clauses, and what stands around it."""

    statement: Statement
    clauses: tuple[Clause, ...]
    context: Context
