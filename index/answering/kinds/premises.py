"""Questions that take for granted what the documents deny: "why did we buy a forklift?".

The rule is careful: the sentence found first must say no of the very word that is asked about, or
nobody where persons are asked for. What a condition limits ("not before May") denies nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from index.answering.answer import Excerpt, Reply, Says
from index.answering.scope import Findings
from index.chunking.sentences import sentence_spans
from index.document import Span
from index.rewriting.english import ADVERB, AUXILIARY, GRAMMAR, PERSON_NOUNS
from index.rewriting.phrases import ParsedQuestion, parse_question
from index.rewriting.tokens import Word, singular, tokenize
from index.store.words.tokens import tokens_of

_NEGATED = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|neither|nor|without|cannot|else|other)\b|n['’]t\b", re.I
)
_LIMITED = re.compile(
    r"\b(?:until|before|unless|without|only|except|but|more|less|longer|even|if|when|while|yet|all"
    r"|always|necessarily|just|enough|than|although|though|any ?more|no longer)\b",
    re.I,
)
_NOBODY = re.compile(r"\b(?:nobody|no one|no-one|none of (?:the|them|us|our))\b", re.I)
_PERSONS = frozenset("people person persons staff colleagues men women children soldiers".split())
_DENIES = frozenset({"not", "never"})
_REACH = 2
"""Words behind "not" that it denies."""
_LOOKED_AT = 2
"""Excerpts, the best."""
_FEW = 2
"""Sentences of an excerpt that are all looked at, where none is emphasised."""
_LONGEST_SENTENCE = 40
"""Words; a longer sentence may say no of something beside the point."""
_PREMISED = frozenset({"why", "when", "where", "how"})


def answer_premise(question: str, found: Findings) -> Findings | None:
    """Return what was found, introduced as what the documents say instead; else None."""
    if not found.excerpts or found.replies or _NEGATED.search(question):
        return None
    parsed = parse_question(question)
    nearest = [one for excerpt in found.excerpts[:_LOOKED_AT] for one in _sentences(excerpt)]
    nearest += _best_units(found)
    if not any(_denies(sentence, parsed) for sentence in nearest):
        return None
    return replace(found, replies=(Reply(Says.INSTEAD),))


def _best_units(found: Findings) -> list[str]:
    """Return the sentences and items that the excerpts are shown for, by the reader."""
    shown = found.excerpts[:_LOOKED_AT]
    units = [
        (float(logit), candidate.passage.text_of(unit.span))
        for candidate in found.candidates
        if candidate.passage_scores is not None
        for unit, logit in zip(
            candidate.passage.units, candidate.passage_scores.evidence, strict=True
        )
        if any(
            excerpt.document == candidate.passage.document and excerpt.span.contains(unit.span)
            for excerpt in shown
        )
    ]
    return [text for _, text in sorted(units, reverse=True)[:_LOOKED_AT]]


def _sentences(excerpt: Excerpt) -> list[str]:
    """Return the sentences of an excerpt that it is shown for."""
    text, start = excerpt.quote, excerpt.span.start
    spans = list(sentence_spans(text, Span(0, len(text))))
    told = [spot.moved(-start) for spot in excerpt.emphasis]
    if told:
        spans = [span for span in spans if any(span.overlaps(spot) for spot in told)]
    return [text[span.start : span.end] for span in spans] if told or len(spans) <= _FEW else []


def _denies(sentence: str, parsed: ParsedQuestion) -> bool:
    words = tokenize(sentence)
    if len(words) > _LONGEST_SENTENCE or _LIMITED.search(sentence):
        return False
    if parsed.wh in {"who", "whom", "how many"}:
        counts_people = parsed.wh != "how many" or _counts_persons(parsed)
        return counts_people and bool(_NOBODY.search(sentence))
    if parsed.wh not in _PREMISED or not parsed.inverted:
        return False
    verbs = {stem for at in parsed.verbs for stem in _stems(parsed.words[at])}
    heads = {stem for p in parsed.phrases for stem in tokens_of(p.head) if p.role != "owner"}
    for at, word in enumerate(words):
        following = [w for w in words[at + 1 :] if w.low not in AUXILIARY | ADVERB][:_REACH]
        if (word.low in _DENIES or word.text.lower().endswith(("n't", "n’t"))) and any(
            set(_stems(w)) & verbs for w in following
        ):
            return True
        if word.low == "no" and any(set(_stems(w)) & heads for w in following):
            return True
    return False


def _counts_persons(parsed: ParsedQuestion) -> bool:
    counted = [word.low for word in parsed.words[2 : 2 + _REACH]]
    return any(low in _PERSONS or singular(low) in PERSON_NOUNS for low in counted)


def _stems(word: Word) -> tuple[str, ...]:
    return () if word.low in GRAMMAR or word.is_punctuation else tokens_of(word.low)
