"""Compares phrases of a question with the names of documents."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.answering.scope import Scope
from index.answering.understanding.names.phrases import GENERIC, ORDERS, SUFFIXES, NamePhrase
from index.rewriting.english import COUNTRIES
from index.store.words.lexical import STOP_WORDS
from index.store.words.name_index import DocumentName, NameIndex, joined_terms, name_terms
from index.text import words_of

_SYNONYMS = tuple(
    frozenset(kinds.split())
    for kinds in (
        "minute protocol note",
        "policy guideline rule",
        "handbook manual guide guidebook",
        "report review",
        "mail email e-mail message letter correspondence",
        "presentation slide deck slideshow",
        "contract agreement",
    )
)
_FILLERS = frozenset("fiscal financial year fy most annual dated the our".split())
_DROPPED_TERMS = frozenset(term for word in (STOP_WORDS | _FILLERS) for term in name_terms(word))


def _country_terms() -> dict[str, list[str]]:
    """Return for a country its adjective, and for an adjective its country, as terms."""
    related: dict[str, list[str]] = {}
    for country, adjective in COUNTRIES.items():
        (one,), (other,) = name_terms(country)[:1], name_terms(adjective)[:1]
        related[one], related[other] = [other], [one]
    return related


_RELATED = _country_terms()

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
"""Of each document of a name index, whether something is so."""


def distinguishing_terms(phrase: NamePhrase, scope: Scope) -> list[list[str]]:
    """Return the words of a phrase that tell documents apart, each as the terms it may be found by.

    The first is its own.
    """
    text = " ".join(
        word.low if word.owning else word.text
        for word in phrase.words
        if not word.is_punctuation and word.low not in ORDERS
    )
    year = scope.today.year
    text = re.sub(r"\blast year\b", str(year - 1), re.sub(r"\bthis year\b", str(year), text))
    kind_terms = set(name_terms(phrase.kind)) if phrase.kind else set()
    phrase_terms: list[list[str]] = []
    for term in name_terms(text):
        if term in _DROPPED_TERMS or term in kind_terms:
            continue
        phrase_terms.append([term, *_RELATED.get(term, ())])
    for place, terms in _joined(text, phrase_terms).items():
        phrase_terms[place] += terms
    return phrase_terms


def name_fits(
    phrase_terms: Sequence[Sequence[str]], index: NameIndex, visible_rows: Mask
) -> tuple[Floats, bool]:
    """Return how much of the words each document's name has, weighted by how rare they are.

    Also tells whether one of the words is in few names.
    """
    size = len(index)
    visible = int(visible_rows.sum())
    got, total = np.zeros(size), 0.0
    distinct = False
    for terms in phrase_terms:
        credit = np.zeros(size)
        for term in terms:
            placed = index.placed(term, visible_rows)
            credit[placed] = np.maximum(credit[placed], 0.6)
            credit[index.named(term, visible_rows)] = 1.0
        holding = int((credit > 0).sum())
        weight = math.log(1 + (visible + 1) / (holding + 0.5))
        distinct = distinct or 0 < holding <= max(1, visible // 2)
        got += weight * credit
        total += weight
    return (got / total if total else got), distinct


def _joined(text: str, phrase_terms: Sequence[Sequence[str]]) -> dict[int, list[str]]:
    """Return, for each word, the terms that it makes with its neighbours: "best buy", "bestbuy"."""
    found: dict[int, list[str]] = {}
    words = words_of(text)
    for length in (2, 3):
        for at in range(len(words) - length + 1):
            run = words[at : at + length]
            stems = {term for word in run for term in name_terms(word)}
            for term in joined_terms(" ".join(run), length)[-1:]:
                for place, terms in enumerate(phrase_terms):
                    if terms[0] in stems:
                        found.setdefault(place, []).append(term)
    return found


def rows_of_kind(kind: str, index: NameIndex, visible_rows: Mask) -> Mask:
    """Return which documents are of a kind, by name or by format."""
    fitting = np.zeros(len(index), dtype=np.bool_)
    if not kind:
        return fitting
    same = next((kinds for kinds in _SYNONYMS if kind in kinds), frozenset())
    for word in {kind, *same} - (GENERIC - {kind}):
        for term in name_terms(word):
            fitting[index.named(term, visible_rows)] = True
    if suffixes := SUFFIXES.get(kind):
        fitting |= index.suffixed(suffixes, visible_rows)
    return fitting


def in_order(documents: list[DocumentName], order: int) -> list[DocumentName]:
    """Return the newest or the oldest of the documents, as far as they are dated."""
    dates = {document.name: document.told_date or "" for document in documents}
    stated = [date for date in dates.values() if date]
    if not stated:
        return documents
    wanted = max(stated) if order < 0 else min(stated)
    return [document for document in documents if dates[document.name] == wanted]
