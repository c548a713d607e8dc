"""Questions for an opinion, which no passage answers: "which is better?", "should we ...?"."""

from __future__ import annotations

import re
from dataclasses import replace

from index.answering.scope import Findings, Scope
from index.rewriting.english import ADVERB, GRAMMAR
from index.rewriting.tokens import tokenize

_OPINION = re.compile(
    r"\b(?:better|best|worse|worst|prefer(?:able|red)?|recommend(?:ed)?|worth|sensible|wise|advisable"
    r"|should (?:we|i|one|they)|(?:good|bad) (?:idea|choice|option|plan)|makes? sense"
    r"|(?:do|would) you (?:think|say|advise|suggest)|your (?:opinion|view|advice)|pros and cons"
    r"|more (?:convenient|suitable|useful|important|reliable|practical))\b",
    re.IGNORECASE,
)
_READ = 2
"""Passages, the best, that must hold all that is asked about."""
_OF_OPINIONS = frozenset(
    "better best worse worst good bad prefer preferable preferred recommend recommended worth idea"
    " choice option sensible wise advisable make makes sense think say advise suggest opinion view"
    " advice pros cons more convenient suitable useful important reliable practical choose take use"
    " go worry".split()
)


def answer_opinion(question: str, found: Findings, scope: Scope, unsure: float) -> Findings | None:
    """Return what was found with the confidence `unsure`, where it speaks of what is asked about.

    So what bears on an opinion is shown with a word of doubt. None stands for any other question,
    and for one that is as sure already.
    """
    topic = _topic(question)
    if not topic or not found.excerpts or found.confidence >= unsure:
        return None
    best = {candidate.key for candidate in found.candidates[:_READ]}
    held = scope.catalog.coverage(" ".join(topic), sorted(best), scope.allowed)
    if not held or not all(keys & best for _, keys in held.values()):
        return None
    return replace(found, confidence=unsure)


def _topic(question: str) -> tuple[str, ...]:
    """Return the words that say what an opinion is asked of; none for any other question.

    "is the new warehouse a good choice?" asks of "new", "warehouse".
    """
    if not _OPINION.search(question):
        return ()
    words = [word for word in tokenize(question) if not word.is_punctuation]
    grammar = GRAMMAR | _OF_OPINIONS | ADVERB
    return tuple(word.low for word in words if word.low not in grammar)
