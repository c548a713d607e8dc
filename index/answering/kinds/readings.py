"""Questions that have two readings with different answers: "when does the depot open?".

The rule is careful. A question must speak of "the" one of a kind and say no name; and the sentences
that answer about equally well must each say which of that kind they are about, and not the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.answering.answer import Choice, QuestionKind
from index.answering.scope import Findings, Scope
from index.document import BlockKind
from index.rewriting.english import GRAMMAR, HOLLOW
from index.rewriting.noun_phrases import Phrase
from index.rewriting.phrases import ParsedQuestion, parse_question
from index.rewriting.tokens import singular, tokenize
from index.text import fold, words_of

_MOST_CHOICES = 3
_ABOUT_AS_GOOD = 2.5
"""Logits below the best unit's up to which another reading answers too."""
_LEAST_LOGIT = 0.0
_SHARED = 0.5
"""Of the question's other words, the share that each sentence must hold."""
_READ_FOR_CHOICES = 4
_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_NO_LABELS = frozenset(
    "The A An This That Our Its Their His Her In On At From To By For And Or But If When No Each"
    " Every Both All One Two Three Four Any Some New Old First Second Last Next Only".split()
)


def ask_back(question: str, found: Findings, scope: Scope) -> Findings | None:
    """Return what was found with up to three choices; None where the question is clear."""
    parsed = parse_question(question)
    phrase = _open_phrase(parsed)
    if phrase is None or found.kind is not QuestionKind.FACT:
        return None
    labels: dict[str, str] = {}
    noun = " ".join(word.text for word in parsed.words[phrase.first + 1 : phrase.last])
    for rank, (sentence, heads) in enumerate(_sentences(found, _content(parsed, phrase))):
        named = list(_labels(sentence, noun))
        if not named and re.search(rf"\b{re.escape(noun)}\b", sentence, re.I):
            named = next(filter(None, (list(_of_heading(head, noun)) for head in heads)), [])
        if rank == 0 and not named:
            return None
        for label in named:
            labels.setdefault(fold(label), label)
    if len(labels) < 2 or set(words_of(fold(question))) & set(words_of(" ".join(labels))) - set(
        words_of(fold(phrase.text))
    ):
        return None
    start = parsed.words[phrase.first].start
    end = parsed.words[phrase.last - 1].end
    choices = tuple(
        Choice(label, f"{question[:start]}the {label}{question[end:]}")
        for label in list(labels.values())[:_MOST_CHOICES]
    )
    return replace(found, kind=QuestionKind.UNCLEAR, choices=choices)


def _open_phrase(parsed: ParsedQuestion) -> Phrase | None:
    """Return the one phrase that says "the" of a kind without saying which; else None."""
    if parsed.wh in {"which", "where", "whose"}:
        return None
    if any(word.is_name or word.text.isdigit() for word in parsed.words[1:]):
        return None
    open_phrases = [
        phrase
        for phrase in parsed.phrases
        if phrase.determiner == "the"
        and phrase.role in {"subject", "object"}
        and phrase.full == phrase.last
        and not phrase.plural
        and phrase.kind in {"thing", "person"}
        and singular(phrase.head) not in HOLLOW
    ]
    others = [p for p in parsed.phrases if p.role in {"after", "owner"} and p.kind != "time"]
    return open_phrases[0] if len(open_phrases) == 1 and not others else None


def _content(parsed: ParsedQuestion, phrase: Phrase) -> set[str]:
    return {
        singular(word.low)
        for at, word in enumerate(parsed.words)
        if not phrase.first <= at < phrase.last
        and not word.is_punctuation
        and word.low not in GRAMMAR | {"many", "much", "long", "often", "far"}
    }


def _sentences(found: Findings, content: set[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the sentences that answer about as well as the best, with what they stand under."""
    units = []
    for candidate in found.candidates[:_READ_FOR_CHOICES]:
        if candidate.passage_scores is None:
            continue
        passage = candidate.passage
        for unit, logit in zip(passage.units, candidate.passage_scores.evidence, strict=True):
            if unit.kind in {BlockKind.PARAGRAPH, BlockKind.ITEM}:
                heads = (*passage.heading[::-1], passage.title)
                units.append((float(logit), passage.text_of(unit.span), heads))
    units.sort(key=lambda scored: -scored[0])
    for logit, text, heads in units:
        if logit < max(_LEAST_LOGIT, units[0][0] - _ABOUT_AS_GOOD):
            return
        held = {singular(word) for word in words_of(text)}
        if not content or len(content & held) >= _SHARED * len(content):
            yield text, heads


def _labels(sentence: str, noun: str) -> Iterator[str]:
    """Yield the names with a noun in a sentence: "Malmö store", "depot in Karsk", "route B"."""
    spelled = re.escape(noun)
    for match in re.finditer(rf"((?:{_NAME} )+)(?i:{spelled})\b", sentence):
        names = _without_openers(match[1].split())
        if names:
            yield f"{' '.join(names)} {noun}"
    for match in re.finditer(rf"\b(?i:{spelled}) ((?:in|of|at|for) (?:{_NAME} ?)+)", sentence):
        if _without_openers(match[1].split()[1:]):
            yield f"{noun} {match[1].strip()}"
    for match in re.finditer(rf"\b(?i:{spelled}) (\d{{1,3}}|[A-Z])\b(?![.,:]\d)", sentence):
        yield f"{noun} {match[1]}"


def _of_heading(heading: str, noun: str) -> Iterator[str]:
    """Yield the names with a noun in a heading, where the name may stand last: "Depot Karsk"."""
    yield from _labels(heading, noun)
    for match in re.finditer(rf"\b(?i:{re.escape(noun)}) ((?:{_NAME} ?)+)$", heading.strip()):
        yield f"{noun} {match[1].strip()}"


def _without_openers(names: Sequence[str]) -> list[str]:
    return [name for name in names if name not in _NO_LABELS and tokenize(name)]
