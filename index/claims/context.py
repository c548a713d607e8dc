"""What stands above a statement: its title and headings, with the years and limits in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.claims.amounts import amounts_in
from index.claims.statement import Statement
from index.claims.words import OF_ALL, OF_DOCUMENTS, SCOPES_ABOVE, scopes_of, terms_of

_LONGEST = 300
_NUMBERED = re.compile(
    r"^\W*\d+(?:\.\d+)*[.)]?\s|\b(?:v|version|rev|revision)\.?\s?\d[\d.]*|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_CACHED = 64
"""Contexts: the statements of one passage mostly have the same."""


@dataclass(frozen=True, slots=True)
class Context:
    """What stands above a statement: of its title and its headings, and the years in them."""

    title: frozenset[str]
    heading: frozenset[str]
    years: frozenset[int]
    dates: frozenset[int]
    scopes: frozenset[str]
    subject: frozenset[str] = frozenset()
    """The words that may name the site, team or thing that all below them is of."""

    @property
    def terms(self) -> frozenset[str]:
        return self.title | self.heading


def context_of(statement: Statement) -> Context:
    return _context(statement.title, statement.heading, statement.lead, statement.document)


@lru_cache(_CACHED)
def _context(title: str, heading: tuple[str, ...], lead: str, document: str) -> Context:
    above = " ".join((*heading, lead))
    names = (_named(text) for text in (title, *heading))
    of_lead = frozenset(term for term in terms_of(lead) if not term.isdigit())
    years = {
        int(found)
        for text in (title, above, document.rpartition("/")[2])
        for found in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    }
    dates = {
        int(amount.low)
        for text in (title, above)
        for amount in amounts_in(text[:_LONGEST])
        if amount.dimension in ("date", "day")
    }
    return Context(
        _without_figures(terms_of(title)) - OF_DOCUMENTS,
        _without_figures(terms_of(above)) - OF_DOCUMENTS,
        frozenset(years),
        frozenset(dates),
        scopes_of(f"{title} {above}") & SCOPES_ABOVE,
        of_lead.union(*names) - OF_ALL,
    )


def _named(text: str) -> frozenset[str]:
    """Return the terms of a title or heading without its own number, dates and versions."""
    return terms_of(_NUMBERED.sub(" ", _dateless(text[:_LONGEST])))


def _dateless(text: str) -> str:
    for amount in reversed(amounts_in(text)):
        if amount.dimension in ("date", "day", "year"):
            text = text[: amount.span.start] + " " + text[amount.span.end :]
    return text


def _without_figures(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms if not (term.isdigit() and len(term) == 4))
