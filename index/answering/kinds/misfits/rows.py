"""Misfits among rows: they lack what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from index.answering.answer import Excerpt, Quote
from index.answering.finding.germanic import asking_words
from index.answering.finding.word_weights import Stem, WordWeights
from index.answering.kinds.tables.query import Operation
from index.answering.kinds.tables.query_parser import parse_table_query
from index.answering.kinds.tables.words import (
    GENERIC,
    has_reasons,
    is_content,
    is_related,
    question_words,
    stem,
    synonyms,
    words_in,
)
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.language import grammar_of, language_among, language_of
from index.text import fold

_Rows: TypeAlias = Sequence[tuple[Excerpt, Quote]]
_UNTOLD = frozenset(
    "average best biggest current exact full highest largest lowest main maximum max minimum min"
    " name new number part rest right sort sum kind total type usual value amount figure".split()
)
"""Words that a row need not have to tell it."""
_LIMITS = frozenset("maximum max minimum min most least first last latest earliest".split())
"""Superlatives that a row may tell of itself."""
_SAME = (frozenset("cost costs price prices fee fees rate rates charge charges tariff".split()),)
"""Words that mean the same of a thing."""
_WHO_DOES = re.compile(
    r"\W*who\s+(?:(?:is|are|was|were)\s+(?=\w+ing\b))?(?P<does>\w+)", re.IGNORECASE
)


def has_other_words(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether rows with their headers have too little of what is asked.

    Names alone are not enough: a list of closures does not say where a firm has its seat, and a
    first aider of the site is not who runs it.
    """
    rows = _rows(found)
    if not rows:
        return False
    headers = [header.text for _, header in rows]
    words = [word for word in question_words(question) if not word.is_number]
    if any(word.low == "why" for word in words) and not has_reasons(headers):
        return True
    weights = WordWeights(scope, _SAME)
    held = weights.stems(_around(rows))
    asked = {low: weights.stems(low) for low in _words_asked(question, found)}
    columns = {word for text in headers for word in words_in(text)}
    headed = tokens(" ".join(headers))
    told = [
        stems
        for low, stems in asked.items()
        if stems <= held or synonyms(low) & headed or any(is_related(low, word) for word in columns)
    ]
    does = _WHO_DOES.match(question)
    if does and (stems := asked.get(fold(does["does"]))) and stems not in told:
        return True
    wanted = frozenset[Stem]().union(*asked.values())
    return bool(wanted) and weights.share(wanted, frozenset[Stem]().union(*told)) < TUNING.row_share


def is_uncompared(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether rows are shown as they were found where they are to be added or compared.

    "Products with a shelf life under 20 days" is not answered by a row of six months. A row that
    has the words of the comparison itself, such as "over 20 kg", needs no comparing.
    """
    rows = _rows(found)
    asked = parse_table_query(question)
    if rows and asked.superlative is not None:
        row, header = rows[0]
        around = " ".join((row.quote, header.text, *row.heading))
        word = asked.words[asked.superlative.at].low
        return word not in _LIMITS and word not in words_in(around)
    if asked.operation in (Operation.SUM, Operation.AVERAGE) and len(rows) > 1:
        return True
    if not rows or asked.comparison is None or asked.comparison.is_of_columns:
        return False
    compared = {asked.words[at].low for at in asked.comparison.positions}
    return not compared <= set(words_in(rows[0][0].quote))


def _rows(found: Findings) -> _Rows:
    """Return the rows that are shown, with their headers; none where a sentence comes first."""
    if not found.excerpts or found.excerpts[0].header is None:
        return ()
    return [(each, each.header) for each in found.excerpts if each.header]


def _words_asked(question: str, found: Findings) -> list[str]:
    """Return the words of a question that say what is asked, in English, German and Norwegian."""
    language = language_of(question) or language_among(
        question, (each.passage.text for each in found.candidates)
    )
    without = _UNTOLD | GENERIC | grammar_of(language or "") | asking_words(language)
    return [
        word.low
        for word in question_words(question)
        if not word.is_number and is_content(word.low) and word.low not in without
    ]


def _around(rows: _Rows) -> str:
    """Return the text of rows, with their headers, headings and documents."""
    headers = (header.text for _, header in rows)
    texts = (text for row, _ in rows for text in (row.quote, row.title, *row.heading))
    documents = (row.document.replace("_", " ").replace("-", " ") for row, _ in rows)
    return " ".join((*headers, *texts, *documents))


def tokens(text: str) -> frozenset[str]:
    """Return the stems of a text's words, as the headers of tables are compared."""
    return frozenset(token for word in words_in(text) for token in stem(word))
