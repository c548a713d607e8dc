"""Tells what cannot be the answer: a figure of another year, or no number where one is asked."""

from __future__ import annotations

import re
from collections.abc import Collection

from index.answering.answer import Excerpt
from index.answering.finding.germanic import asking_words
from index.answering.finding.key_figures import key_figures, with_label
from index.answering.finding.word_weights import Stem, WordWeights
from index.answering.kinds.collection.listing import days_of, visible
from index.answering.kinds.tables.marks import mark_of
from index.answering.kinds.tables.query import Operation
from index.answering.kinds.tables.query_parser import parse_table_query
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
from index.answering.understanding.language import grammar_of, language_among, language_of
from index.chunking.sentences import sentence_spans
from index.document import Span
from index.rewriting.times import times
from index.text import fold, words_of

__all__ = ["is_misfit", "tells_when"]

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BEGINS_IN_YEAR = re.compile(
    r"\W*(?:\d+(?:\.\d+)*\.?\s+)?(?:in|during|for|im jahr|i) ((?:19|20)\d\d)\b", re.IGNORECASE
)
_ASKED_FOR = r"(?:\s+(?:of|for|von|für|til|av)\b|\s*\W*$)"
_FORMS = (
    (
        r"e-?mail(?:[ -]?(?:address(?:es)?|adressen?))?|mailadresse",
        re.compile(r"\w@\w|\bat \w+ dot \w"),
    ),
    (
        r"(?:tele)?phone(?: numbers?)?|mobile(?: numbers?)?|(?:telefon|handy|mobil)nummer",
        re.compile(r"\d(?:[ ()/-]*\d){4}"),
    ),
    (r"(?:web ?site|url|web address)", re.compile(r"\w\.\w{2,}|https?:")),
)
"""What asks for something that has a form, and that form."""
_ASKED = [(re.compile(rf"\b(?:{word}){_ASKED_FOR}", re.I), form) for word, form in _FORMS]
_OF_SOMETHING = re.compile(
    r"\W*+(?:what(?:['’]s| is| are| was| were)|tell me|give me)?\s*(?:the )?"
    r"(?P<what>(?!(?:what|which|who|how|when|where|why)\b)\w+(?: \w+){0,2}?) (?:of|for) ",
    re.IGNORECASE,
)
_UNTOLD = frozenset(
    "average best biggest current exact full highest largest lowest main maximum max minimum min"
    " name new number part rest right sort sum kind total type usual value amount figure".split()
)
_TIME = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:am|pm|h)\b|\b(?:noon|midnight|days?|weeks?|hours?)\b"
    r"|\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|\b\d{1,2} [A-Za-z]{3}\b",
    re.IGNORECASE,
)
_ABSTRACT = frozenset(
    "advantage advantages aim aspect aspects benefit benefits cause causes consequence consequences"
    " date day definition details development difference effect effects example examples expression"
    " goal history idea impact importance kinds list location meaning names overview phrase place"
    " point purpose reason reasons result results role rule rules significance steps summary term"
    " terms time types way ways word year".split()
)
"""Words that a text seldom has of what it tells."""
_SURE_OF_SENTENCE = 0.75
"""The confidence from which on a sentence may call what is asked for by any other word."""
_ADDRESSED = frozenset("dr frau herr hr miss mr mrs ms prof".split())
_OWNER_SHARE = 0.5
"""Of the words of who is asked for, weighted by IDF, that must stand beside an address."""
_GOES_ON = re.compile(
    r"\W*(?:(?:she|he|they|her|his|their|its?|sie|er|hun|han)\b"
    r"|(?:e-?mail|(?:tele)?phone|telefon|tel|tlf|mobile?|extension|contact|reach)\.?\W*:)",
    re.IGNORECASE,
)
"""Begins a sentence on whom the sentence before it is about."""
_WHO_DOES = re.compile(
    r"\W*who\s+(?:(?:is|are|was|were)\s+(?=\w+ing\b))?(?P<does>\w+)", re.IGNORECASE
)
_OF_ALL = frozenset("most least fewest best worst".split())
_ASKS_FOR_ROWS = re.compile(r"\W*(?:which|what|who)\b", re.IGNORECASE)
_SAME: tuple[frozenset[str], ...] = (
    frozenset("cost costs price prices fee fees rate rates charge charges tariff".split()),
)
_SAME_IN_SENTENCES = (*_SAME, frozenset("pay pays paid salary salaries wage wages".split()))
_OBJECT = re.compile(
    r"\b(?:by|via|over|per|through|on|an?|send|sent|use|read|answer)\s+(?:the )?$", re.I
)


def is_misfit(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown cannot be what the question asks for."""
    return (
        _lacks_form(question, found, scope)
        or _lacks_what_is_asked(question, found, scope)
        or _is_uncompared(question, found)
        or _is_of_another_year(question, found, scope)
        or _is_another_figure(question, found, scope)
        or _is_of_another_row(question, found, scope)
        or _has_no_word(question, found, scope)
        or _says_no(question, found, scope)
    )


def tells_when(found: Findings) -> bool:
    """Return whether a date or a time of day is in what is shown first."""
    return any(times(each.quote) or _TIME.search(each.quote) for each in found.excerpts[:1])


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


def _lacks_what_is_asked(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown has no word for what is asked of something.

    A price list knows nothing of "the top speed of the forklift", though it has a row for it, and
    what the clerk may spend is not "the salary of the clerk". A sure sentence may say it otherwise.
    """
    asked = _OF_SOMETHING.match(question)
    if asked is None or not found.excerpts:
        return False
    excerpt = found.excerpts[0]
    if excerpt.header is not None:
        text, without, same = f"{excerpt.quote} {excerpt.header.text}", _UNTOLD, _SAME
    elif found.confidence >= _SURE_OF_SENTENCE or language_of(question):
        return False
    else:
        text = " ".join(each.quote for each in found.excerpts)
        without, same = _UNTOLD | _ABSTRACT, _SAME_IN_SENTENCES
    weights = WordWeights(scope, same)
    around = " ".join((text, excerpt.document, excerpt.title, *excerpt.heading)).replace("_", " ")
    wanted = weights.stems(asked["what"], without)
    if not wanted or wanted & weights.stems(around):
        return False
    words = words_in(asked["what"])
    if excerpt.header is None:
        return not any(is_related(low, word) for word in words_in(around) for low in words)
    headed = _tokens(excerpt.header.text)
    return not any(synonyms(low) & headed for low in words)


def _is_uncompared(question: str, found: Findings) -> bool:
    """Return whether rows are shown as they were found where they are to be compared or counted.

    A row that has the word itself, such as "maximum load", needs no comparing, nor do the rows of
    what is counted.
    """
    rows = [each for each in found.excerpts if each.header]
    if not rows or found.excerpts[0] is not rows[0]:
        return False
    asked = parse_table_query(question)
    if asked.operation is Operation.COUNT and len(rows) > 1:
        counted = {token for at in asked.head for token in stem(asked.words[at].low)}
        return not all(counted & _tokens(each.quote) for each in rows)
    if asked.comparison and not asked.comparison.is_of_columns:
        compared = {asked.words[at].low for at in asked.comparison.positions}
        return not compared <= set(words_in(rows[0].quote))
    if asked.superlative is None:
        return False
    header = rows[0].header.text if rows[0].header else ""
    word = asked.words[asked.superlative.at].low
    is_of_others = bool(asked.superlative.of) or word in _OF_ALL
    return is_of_others or not set(stem(word)) & _tokens(f"{rows[0].quote} {header}")


def _tokens(text: str) -> frozenset[str]:
    return frozenset(token for word in words_in(text) for token in stem(word))


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
    headed = _tokens(" ".join(headers))
    language = language_of(question) or language_among(
        question, (each.passage.text for each in found.candidates)
    )
    grammar = grammar_of(language or "") | asking_words(language)
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
    does = _WHO_DOES.match(question)
    if does and (stems := asked.get(fold(does["does"]))) and stems not in told:
        return True  # a first aider of the site is not who runs it
    wanted = frozenset[Stem]().union(*asked.values())
    return bool(wanted) and weights.share(wanted, frozenset[Stem]().union(*told)) < TUNING.row_share


def _has_no_word(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown has no word of an English question.

    Where it is sure, the whole passage that is shown first may have one.
    """
    if not found.excerpts or language_of(question):
        return False
    shown = found.excerpts[0].passage
    passage = next((each.passage for each in found.candidates if each.passage.id == shown), None)
    if passage is None:
        return False
    weights = WordWeights(scope)
    asked = weights.stems(question)
    text = passage.text
    if found.confidence < _SURE_OF_SENTENCE:
        text = " ".join(
            f"{each.quote} {each.header.text if each.header else ''}" for each in found.excerpts
        )
    around = " ".join((text, passage.title, passage.document, *passage.heading))
    around = around.replace("_", " ").replace("-", " ")
    if not asked or asked & weights.stems(around):
        return False
    typed = [word.low for word in question_words(question) if is_content(word.low)]
    told, stems = set(words_in(around)), _tokens(around)
    return not any(
        synonyms(low) & stems or any(is_related(low, word) for word in told) for low in typed
    )


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


def _lacks_form(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether an address or a number is asked for, and none is shown of whom it is asked."""
    for asked, form in _ASKED:
        match = asked.search(question)
        if match and not _OBJECT.search(question[: match.start()]):
            weights = WordWeights(scope)
            rest = f"{question[: match.start()]} {question[match.end() :]}"
            known = [
                word
                for word in words_of(rest)
                if scope.catalog.document_frequency(word, scope.allowed)
            ]
            owner = weights.stems(" ".join(known), _ADDRESSED | GENERIC)
            return not any(_has_form(form, owner, each, weights) for each in found.excerpts)
    return False


def _has_form(
    form: re.Pattern[str], owner: Collection[Stem], excerpt: Excerpt, weights: WordWeights
) -> bool:
    """Return whether a sentence, with what stands above it, has both an address and its owner."""
    quote = excerpt.quote
    if not form.search(quote) or not owner:
        return bool(form.search(quote))
    above = held = weights.stems(_above(excerpt))
    for span in sentence_spans(quote, Span(0, len(quote))):
        sentence = span.of(quote)
        held = (held if _GOES_ON.match(sentence) else above) | weights.stems(sentence)
        if form.search(sentence) and weights.share(owner, held) >= _OWNER_SHARE:
            return True
    return False


def _above(excerpt: Excerpt) -> str:
    header = excerpt.header.text if excerpt.header else ""
    return " ".join((excerpt.title, *excerpt.heading, header))


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
