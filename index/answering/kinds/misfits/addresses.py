"""Misfits among addresses: an e-mail address, a number or a site is asked for, and not shown."""

from __future__ import annotations

import re
from collections.abc import Collection

from index.answering.answer import Excerpt
from index.answering.finding.word_weights import Stem, WordWeights
from index.answering.kinds.tables.words import GENERIC
from index.answering.scope import Findings, Scope
from index.chunking.sentences import sentence_spans
from index.document import Span
from index.text import words_of

_ASKED_FOR = r"(?:\s+(?:of|for|von|für|til|av)\b|\s*\W*$)"
_FORMS = (
    (
        r"e-?mail(?:[ -]?(?:address(?:es)?|adressen?))?|mailadresse",
        re.compile(r"\w@\w|\bat \w+ dot \w"),
    ),
    (
        r"(?:tele)?phone(?: numbers?)?|mobile(?: numbers?)?|(?:telefon|handy|mobil)nummer",
        re.compile(
            r"\d(?:[ ()/-]*\d){4}|\b(?:phone|tel(?:efon)?|ext(?:ension)?)\b\W{0,3}\d{3}", re.I
        ),
    ),
    (r"(?:web ?site|url|web address)", re.compile(r"\w\.\w{2,}|https?:")),
)
"""What asks for something that has a form, and that form."""
_ASKED = [(re.compile(rf"\b(?:{word}){_ASKED_FOR}", re.I), form) for word, form in _FORMS]
_OBJECT = re.compile(
    r"\b(?:by|via|over|per|through|on|an?|send|sent|use|read|answer)\s+(?:the )?$", re.I
)
"""Stands before what is no address that is asked for: "may I send it by e-mail"."""
_FILLED = re.compile(r"\d|@")
_ADDRESSED = frozenset("dr frau herr hr miss mr mrs ms prof".split())
_OWNER_SHARE = 0.5
"""Of the words of who is asked for, weighted by IDF, that must stand beside an address."""
_GOES_ON = re.compile(
    r"\W*(?:(?:she|he|they|her|his|their|its?|sie|er|hun|han)\b"
    r"|(?:e-?mail|(?:tele)?phone|telefon|tel|tlf|mobile?|extension|contact|reach)\b)",
    re.IGNORECASE,
)
"""Begins a sentence on whom the sentence before it is about."""


def lacks_address(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether an address or a number is asked for, and none is shown of its owner.

    "Ida Roth leads the depot" does not answer "the phone number of Ida Roth".
    """
    for asked, form in _ASKED:
        match = asked.search(question)
        if match and not _OBJECT.search(question[: match.start()]):
            weights = WordWeights(scope)
            rest = f"{question[: match.start()]} {question[match.end() :]}"
            owner = _owner(rest, scope, weights)
            return not any(
                _has_form(form, owner, each, weights) or _has_column(match[0], each)
                for each in found.excerpts
            )
    return False


def _has_column(asked: str, row: Excerpt) -> bool:
    """Return whether a row has a figure or an address in a column of the name that is asked for."""
    if row.header is None:
        return False
    first = words_of(asked)[0]
    names = {first, "ext", "extension", "tel"} if first.endswith("phone") else {first}
    cells = zip(row.header.text.split("|"), row.quote.split("|"), strict=False)
    return any(names & set(words_of(head)) and _FILLED.search(cell) for head, cell in cells)


def _owner(rest: str, scope: Scope, weights: WordWeights) -> frozenset[Stem]:
    """Return who is asked for, as far as any document knows the words."""
    frequency = scope.catalog.document_frequency
    known = [word for word in words_of(rest) if frequency(word, scope.allowed)]
    return weights.stems(" ".join(known), _ADDRESSED | GENERIC)


def _has_form(
    form: re.Pattern[str], owner: Collection[Stem], excerpt: Excerpt, weights: WordWeights
) -> bool:
    """Return whether a sentence, with what stands above it, has both an address and its owner."""
    quote = excerpt.quote
    if not form.search(quote) or not owner:
        return bool(form.search(quote))
    header = excerpt.header.text if excerpt.header else ""
    above = held = weights.stems(" ".join((excerpt.title, *excerpt.heading, header)))
    for span in sentence_spans(quote, Span(0, len(quote))):
        sentence = span.of(quote)
        held = (held if _GOES_ON.match(sentence) else above) | weights.stems(sentence)
        if form.search(sentence) and weights.share(owner, held) >= _OWNER_SHARE:
            return True
    return False
