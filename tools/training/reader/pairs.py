"""Turns questions into pairs to train on: as found, as typed, and unanswerable by one change."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.document import Span
from tools.training.reader.pair import Pair
from tools.training.reader.phrasings import typed
from tools.training.reader.sets import SHORT_ANSWERS, Asked, Found
from tools.training.reader.synthetic import Mix, Rule, entities, swapped, transplanted

_CROP = 260
_UNSAFE = {
    # The other rows of a table answer the same question about another thing, or its opposite.
    "wikitables": frozenset(Rule),
    # Another year may lie in the same term of office.
    "time-sensitive-qa": frozenset({Rule.NUMBER}),
    # As in a table; and a paragraph beside the one that is left out may say the same.
    "teams": frozenset(Rule),
    # Not all that answers is marked.
    "policyqa": frozenset({Rule.NOTHING}),
    "qmsum": frozenset({Rule.NOTHING}),
}
"""Rules after which a question of that set may well be answered."""
_COMPARING = re.compile(
    r"\b(?:\w+est|most|least|best|worst|more|less|top|first|last|next|previous|after|before|only|"
    r"other|same|above|below|not|no)\b",
    re.IGNORECASE,
)
_AS_TYPED = 0.6
"""The share of the teams' questions that stay as they are; these were written as people type."""
_SHORT_FACT = 90
"""Characters of a sentence that may stand as a heading."""


def pair_of(question: str, found: Found, set_name: str) -> Pair:
    """Return a question and a passage found for it as a pair."""
    passage = found.passage
    units = tuple(unit.span for unit in passage.units)
    evidence = tuple(any(_needed(unit, gold) for gold in found.gold) for unit in units)
    at = passage.span.start
    return Pair(
        question=question,
        context=passage.context,
        text=passage.text,
        units=tuple(Span(unit.start - at, unit.end - at) for unit in units),
        evidence=evidence,
        answers=tuple(Span(gold.start - at, gold.end - at) for gold in found.gold),
        answerable=bool(found.gold),
        spans=set_name in SHORT_ANSWERS or not found.gold,
    )


def _needed(unit: Span, gold: Span) -> bool:
    shared = min(unit.end, gold.end) - max(unit.start, gold.start)
    return shared > 0 and 2 * shared >= min(len(unit), len(gold))


def groups_of(
    asked: Sequence[Asked],
    rng: random.Random,
    *,
    synthetic: float = 0.7,
    transplant: float = 0.12,
    cropped: float = 0.0,
    headed: float = 0.06,
) -> Iterator[list[Pair]]:
    """Yield the pairs of each question, its gold passage first, for one pass of training.

    The others are shares: of the questions that get an unanswerable twin or a transplanted one, of
    the passages that are cropped to a few sentences, which costs half the time to train on, and of
    those whose fact is set as a heading.
    """
    mix = Mix()
    named = [entities(" ".join(f.passage.text for f in one.found[:6])) for one in asked]
    for number, one in enumerate(asked):
        answer = one.answers[0] if len(one.answers) == 1 and one.set_name in SHORT_ANSWERS else ""
        question = one.question
        if _kind(one) != "teams" or rng.random() > _AS_TYPED:
            question = typed(question, answer, rng)
        gold = next((f for f in one.found if f.gold), None)
        silent = [f for f in one.found[:6] if not f.has_answer]
        pairs = []
        if gold is not None:
            found = pair_of(question, gold, one.set_name)
            pairs.append(_headed(found) if rng.random() < headed else found)
            pairs += [pair_of(question, f, one.set_name) for f in _drawn(silent, 1, rng)]
            if rng.random() < synthetic:
                pairs += _unanswerable(gold, one, named[number], mix, rng)
            if rng.random() < transplant:
                pairs += _about_something_else(gold, one, asked, named, number, rng)
        elif not one.answerable:
            pairs += [pair_of(question, f, one.set_name) for f in one.found[:1]]
            if rng.random() < 0.6:
                pairs += [
                    pair_of(question, f, one.set_name) for f in _drawn(one.found[1:4], 1, rng)
                ]
        if pairs:
            yield [_cropped(pair, rng) if rng.random() < cropped else pair for pair in pairs]


def _drawn(found: Sequence[Found], most: int, rng: random.Random) -> list[Found]:
    """Return some of the passages; better ranks are likelier."""
    left, drawn = list(found), list[Found]()
    while left and len(drawn) < most:
        weights = [0.7**rank for rank in range(len(left))]
        drawn.append(left.pop(rng.choices(range(len(left)), weights)[0]))
    return drawn


def _unanswerable(
    gold: Found, one: Asked, named: dict[str, list[str]], mix: Mix, rng: random.Random
) -> list[Pair]:
    pair = pair_of(one.question, gold, one.set_name)
    cut = _without_evidence(pair, one.answers)
    sentence = " ".join(
        u.of(pair.text) for u, needed in zip(pair.units, pair.evidence, strict=True) if needed
    )
    changed = swapped(one.question, named, pair.text, sentence, one.answers, rng)
    applying = [*changed, *([Rule.NOTHING] if cut else [])]
    applying = [rule for rule in applying if _is_safe(rule, one)]
    rule = mix.draw(applying)
    if rule is None:
        return []
    if rule is Rule.NOTHING and cut:
        return [replace(cut, question=typed(cut.question, "", rng))]
    return [_silent(pair, typed(changed[rule], "", rng))]


def _is_safe(rule: Rule, one: Asked) -> bool:
    """Return whether the rule leaves no answer, in a set of that kind."""
    if one.set_name == "wikitables" and rule is Rule.NOTHING:
        return not _COMPARING.search(one.question)
    return rule not in _UNSAFE.get(_kind(one), ())


def _kind(one: Asked) -> str:
    """Return the name of the set, or "teams" for any of the teams."""
    return one.set_name.split("/")[0]


def _headed(pair: Pair) -> Pair:
    """Return the passage with its fact set as a heading, if it is one short sentence."""
    needed = [n for n, is_needed in enumerate(pair.evidence) if is_needed]
    if len(needed) != 1 or len(pair.units[needed[0]]) > _SHORT_FACT or len(pair.units) < 2:
        return pair
    fact = pair.units[needed[0]]
    heading = fact.of(pair.text).rstrip(".")
    inside = [a for a in pair.answers if fact.contains(a) and a.end <= fact.start + len(heading)]
    if not inside or "\n" in heading:
        return pair
    text, units, evidence = heading, [Span(0, len(heading))], [True]
    for n, unit in enumerate(pair.units):
        if n != needed[0]:
            text += "\n\n" if len(units) == 1 else " "
            units.append(Span(len(text), len(text) + len(unit)))
            evidence.append(False)
            text += unit.of(pair.text)
    return replace(
        pair,
        text=text,
        units=tuple(units),
        evidence=tuple(evidence),
        answers=tuple(Span(a.start - fact.start, a.end - fact.start) for a in inside),
        original=False,
    )


def _about_something_else(
    gold: Found,
    one: Asked,
    asked: Sequence[Asked],
    named: Sequence[dict[str, list[str]]],
    number: int,
    rng: random.Random,
) -> list[Pair]:
    other = rng.randrange(len(asked))
    if asked[other].document == one.document:
        return []
    names = [n for n in named[number]["name"] if n in gold.passage.text]
    changed = transplanted(asked[other].question, named[other], names, rng)
    return [] if changed is None else [_silent(pair_of("", gold, one.set_name), changed)]


def _silent(pair: Pair, question: str) -> Pair:
    return Pair(
        question,
        pair.context,
        pair.text,
        pair.units,
        (False,) * len(pair.units),
        (),
        answerable=False,
        spans=True,
        original=False,
    )


def _without_evidence(pair: Pair, answers: Sequence[str]) -> Pair | None:
    """Return the passage without the sentences that answer.

    None means that too little, or an answer, would be left.
    """
    kept = [u for u, needed in zip(pair.units, pair.evidence, strict=True) if not needed]
    if not kept or len(kept) == len(pair.units):
        return None
    first = pair.text[: pair.units[0].start]
    texts, units = [first], []
    at = len(first)
    for unit in kept:
        text = unit.of(pair.text)
        units.append(Span(at, at + len(text)))
        texts.append(text + " ")
        at += len(text) + 1
    left = "".join(texts).rstrip()
    if len(left) < 80 or any(answer.lower() in left.lower() for answer in answers):
        return None
    return Pair(
        pair.question,
        pair.context,
        left,
        tuple(units),
        (False,) * len(units),
        (),
        answerable=False,
        spans=True,
        original=False,
    )


def _cropped(pair: Pair, rng: random.Random) -> Pair:
    """Return a run of about `_CROP` characters of the passage that holds what answers."""
    needed = [n for n, is_needed in enumerate(pair.evidence) if is_needed]
    first = rng.choice(needed) if needed else rng.randrange(max(1, len(pair.units)))
    if len(pair.text) <= _CROP * 1.3 or not pair.units:
        return pair
    last = first
    while pair.units[last].end - pair.units[first].start < _CROP:
        below, above = first > 0, last + 1 < len(pair.units)
        if not below and not above:
            return pair
        if below and (not above or rng.random() < 0.5):
            first -= 1
        else:
            last += 1
    kept = Span(pair.units[first].start, pair.units[last].end)
    moved = [Span(u.start - kept.start, u.end - kept.start) for u in pair.units[first : last + 1]]
    answers = [
        Span(a.start - kept.start, a.end - kept.start) for a in pair.answers if kept.contains(a)
    ]
    if pair.answerable and not answers:
        return pair
    return replace(
        pair,
        text=kept.of(pair.text),
        units=tuple(moved),
        evidence=pair.evidence[first : last + 1],
        answers=tuple(answers),
    )
