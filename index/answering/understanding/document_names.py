"""Finds the documents that a question names: by title, file name, folder, kind or date."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.answering.scope import Scope
from index.answering.understanding.name_phrases import (
    GENERIC,
    ORDERS,
    SUFFIXES,
    Phrase,
    kind_of,
    phrase_of,
    phrases_of,
)
from index.document import Span
from index.rewriting.english import (
    COUNTRIES,
)
from index.rewriting.tokens import Word, tokenize
from index.store.lexical import STOP_WORDS
from index.store.name_index import DocumentName, NameIndex, joined_terms, name_terms
from index.text import words_of

__all__ = [
    "NamedDocument",
    "documents_called",
    "documents_of_kind",
    "named_documents",
    "names_kind",
]


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document that a question names.

    `sure` in [0, 1] is how well the words fit its name. `span` holds the words of the question that
    name it, and `rest` is the question without them. With `pointed`, the question's grammar points
    at a document ("according to ..."); without, the words may stand for their subject.
    """

    name: str
    title: str
    sure: float
    span: Span
    rest: str
    pointed: bool = False


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
_ABOUT = re.compile(
    r"^\s*(?:(?:say|state|mention|tell (?:me|us)|write|contain|cover|have|rule|demand|require"
    r")s?\b(?:\s+to say)?)?\s*(?:about|on|regarding|concerning)\s+",
    re.I,
)
_FILE = re.compile(r"[\w][\w.&-]*[-_.][\w.&-]*\w")
_LEAST_FIT = 0.75
_EQUAL = 0.02
_MOST_PHRASES = 12
"""Phrases of a question that are looked up."""

_Floats = NDArray[np.float64]
_Mask = NDArray[np.bool_]


def named_documents(question: str, scope: Scope) -> tuple[NamedDocument, ...]:
    """Return the documents that a question names, the surest first; several that fit equally well.

    Only the documents of the scope count, and what makes a name distinctive goes by them alone.
    """
    index = scope.catalog.name_index()
    seen = index.seen(scope.names)
    found: list[NamedDocument] = []
    for phrase in [*_file_names(question, index, seen), *phrases_of(question)][:_MOST_PHRASES]:
        if any(phrase.span.overlaps(other.span) for other in found):
            continue
        found += _named_by(question, phrase, index, seen, scope)
    spans = sorted({each.span for each in found})
    rest = _without(question, spans)
    return tuple(sorted((replace(each, rest=rest) for each in found), key=lambda n: -n.sure))


def documents_called(phrase: str, scope: Scope) -> tuple[NamedDocument, ...]:
    """Return the documents that a phrase names, where it is known to stand for a document."""
    index = scope.catalog.name_index()
    seen = index.seen(scope.names)
    words = tokenize(phrase)
    whole = phrase_of(words, 0, len(words), pointed=True)
    return tuple(_named_by(phrase, whole, index, seen, scope)) if whole else ()


def documents_of_kind(kind: str, scope: Scope) -> frozenset[str]:
    """Return the names of the documents of a kind, such as "report", by name or by format."""
    index = scope.catalog.name_index()
    rows = np.flatnonzero(_of_kind(kind, index, index.seen(scope.names)))
    return frozenset(index.documents[row].name for row in rows.tolist())


def names_kind(phrase: str) -> bool:
    """Return whether a phrase has a word for a kind of document, such as "report" or "file"."""
    return any(kind_of(word) for word in tokenize(phrase))


def _file_names(question: str, index: NameIndex, seen: _Mask) -> Iterator[Phrase]:
    """Yield the file names in a question, with or without their ending."""
    for match in _FILE.finditer(question):
        typed = match[0].lower()
        rows = index.filed(typed, seen)
        if len(rows):
            word = Word(match[0], typed, match.start(), match.end())
            yield Phrase((word,), "", True, names=tuple(index.documents[r].name for r in rows))


def _named_by(
    question: str, phrase: Phrase, index: NameIndex, seen: _Mask, scope: Scope
) -> list[NamedDocument]:
    """Return the documents that one phrase names, all that fit best."""
    if phrase.names:
        return [
            NamedDocument(d.name, d.title, 1.0, phrase.span, question, pointed=True)
            for d in index.documents
            if d.name in phrase.names
        ]
    told = _telling(phrase, scope)
    fits, distinct = _fits(told, index, seen)
    fitting = _of_kind(phrase.kind, index, seen)
    if not told:
        # Only a kind: "the glossary".
        if phrase.kind in GENERIC or not phrase.kind:
            return []
        fits, distinct = np.where(fitting, 1.0, 0.0), True
    elif phrase.kind not in GENERIC and fitting.any():
        kindred = np.where(fitting, fits, 0.0)
        fits = kindred if kindred.max() >= _LEAST_FIT else fits
        distinct = distinct or fits is kindred
    if not distinct:
        return []
    best = float(fits.max(initial=0.0))
    if best < (1 - _EQUAL if phrase.whole else _LEAST_FIT):
        return []
    rows = np.flatnonzero(fits >= best - _EQUAL)
    of_kind = rows[fitting[rows]]
    if phrase.kind and phrase.kind not in GENERIC:
        sure = best if len(of_kind) else best * (0.8 if len(told) > 1 else 0.6)
    elif not phrase.kind:
        # Without a kind, all words must be in the name, and more than one of them.
        if best < 1 - _EQUAL or len(told) < 2:
            return []
        sure = best * 0.9
    else:
        sure = best
    rows = of_kind if len(of_kind) else rows
    documents = [index.documents[row] for row in rows.tolist()]
    if phrase.order:
        documents = _ordered(documents, phrase.order)
    if not told and not phrase.order:
        if len(documents) > 1 and not phrase.pointed:
            return []
        if len(documents) > 1 or not phrase.pointed:
            if phrase.told_apart:
                return []
            sure *= 0.6
    sure /= 1 + 0.1 * (len(documents) - 1)
    span = phrase.span
    return [
        NamedDocument(d.name, d.title, round(sure, 3), span, question, phrase.pointed)
        for d in documents
    ]


def _telling(phrase: Phrase, scope: Scope) -> list[list[str]]:
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
    told: list[list[str]] = []
    for term in name_terms(text):
        if term in _DROPPED_TERMS or term in kind_terms:
            continue
        told.append([term, *_related(term)])
    for place, terms in _joined(text, told).items():
        told[place] += terms
    return told


_DROPPED_TERMS = frozenset(term for word in (STOP_WORDS | _FILLERS) for term in name_terms(word))


def _related(term: str) -> list[str]:
    """Return the country of an adjective, and the adjective of a country, as terms."""
    return _COUNTRY_TERMS.get(term, [])


def _country_terms() -> dict[str, list[str]]:
    related: dict[str, list[str]] = {}
    for country, adjective in COUNTRIES.items():
        (one,), (other,) = name_terms(country)[:1], name_terms(adjective)[:1]
        related[one], related[other] = [other], [one]
    return related


_COUNTRY_TERMS = _country_terms()


def _fits(told: Sequence[Sequence[str]], index: NameIndex, seen: _Mask) -> tuple[_Floats, bool]:
    """Return how much of the words each document's name has, weighted by how rare they are.

    Also tells whether one of the words is in few names.
    """
    size = len(index.documents)
    visible = int(seen.sum())
    got, total = np.zeros(size), 0.0
    distinct = False
    for terms in told:
        credit = np.zeros(size)
        for term in terms:
            placed = index.placed(term, seen)
            credit[placed] = np.maximum(credit[placed], 0.6)
            credit[index.named(term, seen)] = 1.0
        holding = int((credit > 0).sum())
        weight = math.log(1 + (visible + 1) / (holding + 0.5))
        distinct = distinct or 0 < holding <= max(1, visible // 2)
        got += weight * credit
        total += weight
    return (got / total if total else got), distinct


def _joined(text: str, told: Sequence[Sequence[str]]) -> dict[int, list[str]]:
    """Return, for each word, the terms that it makes with its neighbours: "best buy", "bestbuy"."""
    found: dict[int, list[str]] = {}
    words = words_of(text)
    for length in (2, 3):
        for at in range(len(words) - length + 1):
            run = words[at : at + length]
            stems = {term for word in run for term in name_terms(word)}
            for term in joined_terms(" ".join(run), length)[-1:]:
                for place, terms in enumerate(told):
                    if terms[0] in stems:
                        found.setdefault(place, []).append(term)
    return found


def _of_kind(kind: str, index: NameIndex, seen: _Mask) -> _Mask:
    """Return which documents are of a kind, by name or by format."""
    fitting = np.zeros(len(index.documents), dtype=np.bool_)
    if not kind:
        return fitting
    same = next((kinds for kinds in _SYNONYMS if kind in kinds), frozenset())
    for word in {kind, *same} - (GENERIC - {kind}):
        for term in name_terms(word):
            fitting[index.named(term, seen)] = True
    if suffixes := SUFFIXES.get(kind):
        fitting |= index.suffixed(suffixes, seen)
    return fitting


def _ordered(documents: list[DocumentName], order: int) -> list[DocumentName]:
    """Return the newest or the oldest of the documents, as far as they are dated."""
    dates = {document.name: document.told_date or "" for document in documents}
    stated = [date for date in dates.values() if date]
    if not stated:
        return documents
    wanted = max(stated) if order < 0 else min(stated)
    return [document for document in documents if dates[document.name] == wanted]


def _without(question: str, spans: Sequence[Span]) -> str:
    """Return what is asked of the named documents: the question without their names."""
    rest = question
    for span in reversed(spans):
        before, after = rest[: span.start], rest[span.end :]
        if match := _ABOUT.match(after):
            asked = after[match.end() :]
            if re.match(r"^\W*(?:and |so )?what\s+(?:do|does|did)\b", before, re.I):
                rest = asked
                continue
        before = re.sub(
            r"(?:\b(?:according to|as per|per|in|within|from|under|by|based on)\s+)?"
            r"(?:\b(?:the|our|this|that|a|an)\s+)?$",
            "",
            before,
            flags=re.I,
        )
        rest = f"{before.rstrip()} {after.lstrip(' ,:–—-')}"
    return re.sub(r"\s+([?.!,])", r"\1", " ".join(rest.split())).strip(" ,")
