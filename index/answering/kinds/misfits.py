"""Tells what cannot be the answer: a figure of another year, or no number where one is asked."""

from __future__ import annotations

import re

from index.answering.finding.key_figures import key_figures, with_label
from index.answering.finding.word_weights import Stem, WordWeights
from index.answering.kinds.collection.listing import days_of, visible
from index.answering.kinds.tables.marks import mark_of
from index.answering.kinds.tables.words import (
    GENERIC,
    NEGATING,
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
from index.answering.understanding.language import grammar_of, language_of

__all__ = ["is_misfit"]

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BEGINS_IN_YEAR = re.compile(
    r"\W*(?:\d+(?:\.\d+)*\.?\s+)?(?:in|during|for|im jahr|i) ((?:19|20)\d\d)\b", re.IGNORECASE
)
_ASKED_FOR = r"(?:\s+(?:of|for)\b|\s*\W*$)"
_FORMS = (
    (r"e-?mail(?: address(?:es)?)?", re.compile(r"\w@\w|\bat \w+ dot \w")),
    (r"(?:tele)?phone(?: numbers?)?|mobile(?: numbers?)?", re.compile(r"\d(?:[ ()/-]*\d){4}")),
    (r"(?:web ?site|url|web address)", re.compile(r"\w\.\w{2,}|https?:")),
)
"""What asks for something that has a form, and that form."""
_ASKED = [(re.compile(rf"\b(?:{word}){_ASKED_FOR}", re.I), form) for word, form in _FORMS]
_OF_SOMETHING = re.compile(
    r"\W*+(?:what(?:['’]s| is| are| was| were)|tell me|give me)?\s*(?:the )?"
    r"(?P<what>\w+(?: \w+){0,2}?) (?:of|for) ",
    re.IGNORECASE,
)
_UNTOLD = frozenset(
    "average best biggest current exact full highest largest lowest main maximum max minimum min"
    " name new number part rest right sort sum kind total type usual value amount figure".split()
)
_ASKS_FOR_ROWS = re.compile(r"\W*(?:which|what|who)\b", re.IGNORECASE)
_SAME = (frozenset("cost costs price prices fee fees rate rates charge charges tariff".split()),)
_OBJECT = re.compile(
    r"\b(?:by|via|over|per|through|on|an?|send|sent|use|read|answer)\s+(?:the )?$", re.I
)


def is_misfit(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown cannot be what the question asks for."""
    return (
        _lacks_form(question, found)
        or _is_of_another_year(question, found, scope)
        or _is_another_figure(question, found, scope)
        or _is_of_another_column(question, found, scope)
        or _is_of_another_row(question, found, scope)
        or _has_no_word(question, found, scope)
        or _says_no(question, found, scope)
    )


def _says_no(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether a row is shown that says no to what the rows are asked for."""
    if not found.excerpts or not _ASKS_FOR_ROWS.match(question):
        return False
    excerpt = found.excerpts[0]
    words = {word.low for word in question_words(question)}
    if excerpt.header is None or words & NEGATING:
        return False
    weights = WordWeights(scope)
    asked = weights.stems(question)
    cells = zip(excerpt.header.text.split("|"), excerpt.quote.split("|"), strict=False)
    return any(mark_of(cell) is False and asked & weights.stems(header) for header, cell in cells)


def _is_of_another_column(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether a row is shown that has no column for what is asked of it.

    A price list knows nothing of "the top speed of the forklift", though it has a row for it.
    """
    asked = _OF_SOMETHING.match(question)
    if asked is None or not found.excerpts or (header := found.excerpts[0].header) is None:
        return False
    excerpt = found.excerpts[0]
    weights = WordWeights(scope, _SAME)
    around = (excerpt.quote, header.text, excerpt.document, excerpt.title)
    held = weights.stems(" ".join((*around, *excerpt.heading)).replace("_", " "))
    wanted = weights.stems(asked["what"], _UNTOLD)
    headed = {token for word in words_in(header.text) for token in stem(word)}
    is_headed = any(synonyms(word) & headed for word in words_in(asked["what"]))
    return bool(wanted) and not wanted & held and not is_headed


def _is_of_another_row(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether rows are shown that with their headers have too little of what is asked.

    Names alone are not enough: a list of closures does not say where a firm has its seat.
    """
    rows = [(each, each.header) for each in found.excerpts if each.header]
    if not rows or found.excerpts[0] is not rows[0][0]:
        return False
    headers = [header.text for _, header in rows]
    words = [word for word in question_words(question) if not word.is_number]
    if any(word.low == "why" for word in words) and not has_reasons(headers):
        return True
    weights = WordWeights(scope, _SAME)
    around = (text for each, _ in rows for text in (each.quote, each.title, *each.heading))
    documents = (each.document.replace("_", " ").replace("-", " ") for each, _ in rows)
    held = weights.stems(" ".join((*headers, *around, *documents)))
    columns = {word for text in headers for word in words_in(text)}
    headed = {token for word in columns for token in stem(word)}
    grammar = grammar_of(language_of(question) or "")
    asked = {
        word.low: weights.stems(word.low)
        for word in words
        if is_content(word.low) and word.low not in _UNTOLD | GENERIC | grammar
    }
    told = [
        stems
        for low, stems in asked.items()
        if stems <= held or synonyms(low) & headed or any(is_related(low, word) for word in columns)
    ]
    wanted = frozenset[Stem]().union(*asked.values())
    return bool(wanted) and weights.share(wanted, frozenset[Stem]().union(*told)) < TUNING.row_share


def _has_no_word(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether the passage that is shown first has no word of an English question."""
    if not found.excerpts or language_of(question):
        return False
    shown = found.excerpts[0].passage
    passage = next((each.passage for each in found.candidates if each.passage.id == shown), None)
    if passage is None:
        return False
    weights = WordWeights(scope)
    asked = weights.stems(question)
    around = " ".join((passage.text, passage.title, passage.document, *passage.heading))
    around = around.replace("_", " ").replace("-", " ")
    if not asked or asked & weights.stems(around):
        return False
    typed = [word.low for word in question_words(question) if is_content(word.low)]
    return not any(is_related(low, word) for word in set(words_in(around)) for low in typed)


def _is_another_figure(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether a key figure is shown whose label is not what the question asks for."""
    if not found.excerpts:
        return False
    excerpt = found.excerpts[0]
    passage = next((c.passage for c in found.candidates if c.passage.id == excerpt.passage), None)
    if passage is None or not any(
        excerpt.span == with_label(unit, passage) for unit in key_figures(passage)
    ):
        return False
    weights = WordWeights(scope)
    around = " ".join((excerpt.quote, excerpt.document, excerpt.title, *excerpt.heading))
    asked = weights.stems(_YEAR.sub(" ", question))
    return weights.share(asked, weights.stems(around)) < TUNING.figure_share


def _lacks_form(question: str, found: Findings) -> bool:
    for asked, form in _ASKED:
        match = asked.search(question)
        if match and not _OBJECT.search(question[: match.start()]):
            return not any(form.search(excerpt.quote) for excerpt in found.excerpts)
    return False


def _is_of_another_year(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown states, and is dated in, none of the years of the question.

    What states no year at all may be of any. A sentence that begins with its year is of no other.
    """
    asked = set(_YEAR.findall(question))
    first = found.excerpts[0].quote if found.excerpts else ""
    if asked and _BEGINS_IN_YEAR.match(first) and not asked & set(_YEAR.findall(first)):
        return True
    shown = {excerpt.passage for excerpt in found.excerpts}
    passages = [each.passage for each in found.candidates if each.passage.id in shown]
    if not asked or not passages:
        return False
    documents = {passage.document for passage in passages}
    dates = {each.name: days_of(each.date) for each in visible(scope) if each.name in documents}
    stated: set[str] = set()
    for passage in passages:
        text = " ".join((passage.text, passage.title, passage.document, *passage.heading))
        stated.update(_YEAR.findall(text))
        if days := dates.get(passage.document):
            stated.update(map(str, range(days.first.year, days.last.year + 1)))
    return bool(stated) and not asked & stated
