"""Turns pairs into tokens, and these into batches of numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.document import Span
from tools.training.reader.pairs import Pair

__all__ = ["Batch", "Encoded", "batches", "encode"]

LONGEST = 256
"""Tokens of a pair that are trained on; a passage with its question has about 200."""


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


def encode(pair: Pair, tokenizer: Tokenizer) -> Encoded:
    """Return the pair as tokens, as the engine gives it to the reader: `Passage.index_text`."""
    before = f"{pair.context}\n" if pair.context else ""
    encoding = tokenizer.encode(pair.question, before + pair.text)
    # Not by the kinds of tokens: MPNet knows none.
    of = encoding.sequence_ids
    second = of.index(1) if 1 in of else len(of) - 1
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
