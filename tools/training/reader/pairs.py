"""Turns questions into pairs to train on, and pairs into batches of numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.document import BlockKind, Span
from tools.training.reader.sets import SHORT_ANSWERS, Asked, Found
from tools.training.reader.synthetic import entities, swapped, transplanted

__all__ = ["Batch", "Encoded", "Pair", "batches", "encode", "groups_of", "pair_of"]

_CROP = 260
LONGEST = 256
"""Tokens of a pair that are trained on; a passage with its question has about 200."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage.

    `units` and `answers` are offsets in `text`, and `evidence` says which units are needed. `spans`
    says whether `answers` are the words of the answer, or that there is none.
    """

    question: str
    context: str
    text: str
    units: tuple[Span, ...]
    evidence: tuple[bool, ...]
    answers: tuple[Span, ...]
    answerable: bool
    spans: bool
    original: bool = True
    """Whether question and passage are as found, so that the teacher's score applies."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A pair as tokens: `units` and `answers` are ranges, the passage's text begins at `body`."""

    pair: Pair
    ids: list[int]
    kinds: list[int]
    second: int
    """The first token of the passage with its context."""
    units: list[tuple[int, int]]
    evidence: list[bool]
    answers: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `kinds`, `mask` and `readable` (may hold a short answer) are (n, length).

    `unit_tokens` (m,) are places in the flattened tokens, `unit_of` (m,) the unit each belongs to;
    `evidence` (u,) its label, `unit_weight` (u,). `starts` and `ends` are (n, length), true where
    an answer starts or ends. `group` (n,) numbers the question.
    """

    ids: Tensor
    kinds: Tensor
    mask: Tensor | None
    readable: Tensor
    unit_tokens: Tensor
    unit_of: Tensor
    unit_pair: Tensor
    evidence: Tensor
    starts: Tensor
    ends: Tensor
    spans: Tensor
    answerable: Tensor
    original: Tensor
    group: Tensor


def pair_of(question: str, found: Found, set_name: str) -> Pair:
    """Return a question and a passage found for it as a pair."""
    passage = found.passage
    units = tuple(unit.span for unit in passage.units if unit.kind is not BlockKind.HEADING)
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
) -> Iterator[list[Pair]]:
    """Yield the pairs of each question, its gold passage first, for one pass of training.

    The others are shares: of the questions that get an unanswerable twin or a transplanted one, and
    of the passages that are cropped to a few sentences, which costs half the time to train on.
    """
    named = [entities(" ".join(f.passage.text for f in one.found[:6])) for one in asked]
    for number, one in enumerate(asked):
        question = one.question.rstrip("?") if rng.random() < 0.15 else one.question
        gold = next((found for found in one.found if found.gold), None)
        silent = [found for found in one.found[:6] if not found.has_answer]
        pairs = []
        if gold is not None:
            pairs.append(pair_of(question, gold, one.set_name))
            pairs += [pair_of(question, f, one.set_name) for f in _drawn(silent, 1, rng)]
            if rng.random() < synthetic:
                pairs += _unanswerable(question, gold, one, named[number], rng)
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
    question: str, gold: Found, one: Asked, named: dict[str, list[str]], rng: random.Random
) -> list[Pair]:
    pair = pair_of(question, gold, one.set_name)
    if rng.random() < 0.3:
        cut = _without_evidence(pair, one.answers)
        if cut is not None:
            return [cut]
    sentence = " ".join(
        u.of(pair.text) for u, needed in zip(pair.units, pair.evidence, strict=True) if needed
    )
    changed = swapped(question, named, pair.text, sentence, one.answers, rng)
    return [] if changed is None else [_silent(pair, changed)]


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


def encode(pair: Pair, tokenizer: Tokenizer) -> Encoded:
    """Return the pair as tokens, as the engine gives it to the reader: `Passage.index_text`."""
    before = f"{pair.context}\n" if pair.context else ""
    encoding = tokenizer.encode(pair.question, before + pair.text)
    kinds = encoding.type_ids
    second = kinds.index(1) if 1 in kinds else len(kinds)
    starts = np.array([start for start, _ in encoding.offsets[second:-1]]) - len(before)
    ends = np.array([end for _, end in encoding.offsets[second:-1]]) - len(before)

    def tokens(span: Span) -> tuple[int, int] | None:
        inside = np.flatnonzero((ends > span.start) & (starts < span.end) & (starts >= 0))
        return (second + int(inside[0]), second + int(inside[-1]) + 1) if len(inside) else None

    units = [(tokens(u), e) for u, e in zip(pair.units, pair.evidence, strict=True)]
    answers = [tokens(a) for a in pair.answers]
    return Encoded(
        pair=pair,
        ids=encoding.ids,
        kinds=kinds,
        second=second,
        units=[u for u, _ in units if u is not None],
        evidence=[e for u, e in units if u is not None],
        answers=[a for a in answers if a is not None],
    )


def batches(
    groups: Sequence[Sequence[Pair]],
    tokenizer: Tokenizer,
    rng: random.Random,
    *,
    tokens: int = 1_200,
) -> Iterator[Batch]:
    """Yield all groups once, in batches of about `tokens` tokens and similar length.

    The order of batches is random, and no group is divided.
    """
    order = list(range(len(groups)))
    rng.shuffle(order)
    for start in range(0, len(order), 256):
        pool = [[encode(p, tokenizer) for p in groups[n]] for n in order[start : start + 256]]
        pool.sort(key=lambda group: max(len(e.ids) for e in group))
        batch: list[list[Encoded]] = []
        made: list[list[list[Encoded]]] = []
        for group in pool:
            longest = max(len(e.ids) for e in group)
            if batch and longest * (sum(map(len, batch)) + len(group)) > tokens:
                made.append(batch)
                batch = []
            batch.append(group)
        if batch:
            made.append(batch)
        rng.shuffle(made)
        yield from map(collate, made)


def collate(groups: Sequence[Sequence[Encoded]]) -> Batch:
    rows = [encoded for group in groups for encoded in group]
    length = max(len(row.ids) for row in rows)
    shape = (len(rows), length)
    ids, kinds, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    readable, starts, ends = (np.zeros(shape, dtype=bool) for _ in range(3))
    unit_tokens: list[int] = []
    unit_of: list[int] = []
    unit_pair: list[int] = []
    evidence: list[bool] = []
    for n, row in enumerate(rows):
        size = len(row.ids)
        ids[n, :size], kinds[n, :size], mask[n, :size] = row.ids, row.kinds, 1
        readable[n, 0] = True
        readable[n, row.second : size - 1] = True
        for start, end in row.answers:
            starts[n, start] = ends[n, end - 1] = True
        if not row.answers:
            starts[n, 0] = ends[n, 0] = True
        for (start, end), needed in zip(row.units, row.evidence, strict=True):
            unit_tokens += range(n * length + start, n * length + end)
            unit_of += [len(evidence)] * (end - start)
            unit_pair.append(n)
            evidence.append(needed)
    return Batch(
        ids=torch.from_numpy(ids),
        kinds=torch.from_numpy(kinds),
        mask=None if mask.all() else torch.from_numpy(mask),
        readable=torch.from_numpy(readable),
        unit_tokens=torch.tensor(unit_tokens, dtype=torch.int64),
        unit_of=torch.tensor(unit_of, dtype=torch.int64),
        unit_pair=torch.tensor(unit_pair, dtype=torch.int64),
        evidence=torch.tensor(evidence, dtype=torch.float32),
        starts=torch.from_numpy(starts),
        ends=torch.from_numpy(ends),
        spans=torch.tensor([row.pair.spans for row in rows]),
        answerable=torch.tensor([row.pair.answerable for row in rows], dtype=torch.float32),
        original=torch.tensor([row.pair.original for row in rows]),
        group=torch.tensor([n for n, group in enumerate(groups) for _ in group]),
    )
