"""Finds the documents that a question names: by title, file name, folder, kind or date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.answering.scope import Scope
from index.answering.understanding.names.fits import (
    Floats,
    Mask,
    distinguishing_terms,
    in_order,
    name_fits,
    rows_of_kind,
)
from index.answering.understanding.names.phrases import (
    GENERIC,
    NamePhrase,
    kind_of,
    phrase_of,
    phrases_of,
)
from index.document import Span
from index.rewriting.tokens import Word, tokenize
from index.store.words.name_index import NameIndex


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


def named_documents(question: str, scope: Scope) -> tuple[NamedDocument, ...]:
    """Return the documents that a question names, the surest first; several that fit equally well.

    Only the documents of the scope count, and what makes a name distinctive goes by them alone.
    """
    index = scope.catalog.name_index()
    visible = index.visible_mask(scope.names)
    found: list[NamedDocument] = []
    for phrase in [*_file_names(question, index, visible), *phrases_of(question)][:_MOST_PHRASES]:
        if any(phrase.span.overlaps(other.span) for other in found):
            continue
        found += _named_by(question, phrase, index, visible, scope)
    spans = sorted({each.span for each in found})
    rest = _without(question, spans)
    return tuple(sorted((replace(each, rest=rest) for each in found), key=lambda n: -n.sure))


def documents_called(phrase: str, scope: Scope) -> tuple[NamedDocument, ...]:
    """Return the documents that a phrase names, where it is known to stand for a document."""
    index = scope.catalog.name_index()
    visible = index.visible_mask(scope.names)
    words = tokenize(phrase)
    whole = phrase_of(words, 0, len(words), pointed=True)
    return tuple(_named_by(phrase, whole, index, visible, scope)) if whole else ()


def documents_of_kind(kind: str, scope: Scope) -> frozenset[str]:
    """Return the names of the documents of a kind, such as "report", by name or by format."""
    index = scope.catalog.name_index()
    rows = np.flatnonzero(rows_of_kind(kind, index, index.visible_mask(scope.names)))
    return frozenset(each.name for each in index.at(rows))


def names_kind(phrase: str) -> bool:
    """Return whether a phrase has a word for a kind of document, such as "report" or "file"."""
    return any(kind_of(word) for word in tokenize(phrase))


def _file_names(question: str, index: NameIndex, visible: Mask) -> Iterator[NamePhrase]:
    """Yield the file names in a question, with or without their ending."""
    for match in _FILE.finditer(question):
        typed = match[0].lower()
        rows = index.filed(typed, visible)
        if len(rows):
            word = Word(match[0], typed, match.start(), match.end())
            yield NamePhrase((word,), "", True, names=tuple(each.name for each in index.at(rows)))


def _named_by(
    question: str, phrase: NamePhrase, index: NameIndex, visible: Mask, scope: Scope
) -> list[NamedDocument]:
    """Return the documents that one phrase names, all that fit best."""
    if phrase.names:
        return [
            NamedDocument(d.name, d.title, 1.0, phrase.span, question, pointed=True)
            for d in index.called(phrase.names)
        ]
    phrase_terms = distinguishing_terms(phrase, scope)
    of_kind = rows_of_kind(phrase.kind, index, visible)
    fits = _fits(phrase, phrase_terms, of_kind, index, visible)
    best = 0.0 if fits is None else float(fits.max(initial=0.0))
    if fits is None or best < (1 - _EQUAL if phrase.whole else _LEAST_FIT):
        return []
    rows = np.flatnonzero(fits >= best - _EQUAL)
    own = rows[of_kind[rows]]
    documents = index.at(own if len(own) else rows)
    if phrase.order:
        documents = in_order(documents, phrase.order)
    sure = _sureness(phrase, best, len(phrase_terms), len(documents), is_of_kind=len(own) > 0)
    return [
        NamedDocument(d.name, d.title, round(sure, 3), phrase.span, question, phrase.pointed)
        for d in documents
        if sure
    ]


def _fits(
    phrase: NamePhrase,
    phrase_terms: Sequence[Sequence[str]],
    of_kind: Mask,
    index: NameIndex,
    visible: Mask,
) -> Floats | None:
    """Return how well each document's name fits; None where the words are in too many names."""
    if not phrase_terms:
        # Only a kind: "the glossary".
        is_kind = phrase.kind and phrase.kind not in GENERIC
        return np.where(of_kind, 1.0, 0.0) if is_kind else None
    fits, is_distinct = name_fits(phrase_terms, index, visible)
    if phrase.kind not in GENERIC and of_kind.any():
        kindred = np.where(of_kind, fits, 0.0)
        if kindred.max() >= _LEAST_FIT:
            return kindred
    return fits if is_distinct else None


def _sureness(
    phrase: NamePhrase, best: float, term_count: int, named: int, *, is_of_kind: bool
) -> float:
    """Return how sure it is that a phrase names documents whose names fit best; 0 if it does not.

    `term_count` words tell them apart from others, and `named` documents fit as well.
    """
    sure = best
    if not phrase.kind:
        # Without a kind, all words must be in the name, and more than one of them.
        if best < 1 - _EQUAL or term_count < 2:
            return 0.0
        sure *= 0.9
    elif phrase.kind not in GENERIC and not is_of_kind:
        sure *= 0.8 if term_count > 1 else 0.6
    if not term_count and not phrase.order:
        if named > 1 and not phrase.pointed:
            return 0.0
        if named > 1 or not phrase.pointed:
            if phrase.told_apart:
                return 0.0
            sure *= 0.6
    return sure / (1 + 0.1 * (named - 1))


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
