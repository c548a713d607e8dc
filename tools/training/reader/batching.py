"""Turns pairs into tokens, and these into batches of numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from index.document import Span
from tools.training.reader.pair import Pair

LONGEST = 256
"""Tokens of a pair that are trained on; a passage with its question has about 200."""


_SURE = 0.5
"""How much of the teacher's chances must lie on tokens that the student reads."""

Place: TypeAlias = tuple[int, float]
"""A character of the passage, or -1 for "no answer here", and the chance of it."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What a teacher thinks of a pair: logits, and where a short answer starts and ends.

    `evidence` has a logit for each of the pair's units, None where the teacher has not read it.
    """

    relevance: float
    answerability: float
    evidence: tuple[float | None, ...]
    starts: tuple[Place, ...]
    ends: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A pair as tokens: `units` and `answers` are ranges.

    `second` is the first token of the passage with its context. From there on, `token_starts` and
    `token_ends` are the characters of the passage's text, below 0 in its context. `read` says which
    units are among the tokens; only these are in `units` and `evidence`.
    """

    pair: Pair
    ids: list[int]
    kinds: list[int]
    second: int
    token_starts: NDArray[np.int64]
    token_ends: NDArray[np.int64]
    read: list[bool]
    units: list[tuple[int, int]]
    evidence: list[bool]
    answers: list[tuple[int, int]]
    taught: Taught | None = None


@dataclass(frozen=True, slots=True)
class Lessons:
    """A teacher's opinions on a batch: logits (n,), evidence (u,) as chances, NaN where unknown.

    `starts` and `ends` are (n, length), chances that sum to 1 where `placed` (n,).
    """

    relevance: Tensor
    answerability: Tensor
    evidence: Tensor
    starts: Tensor
    ends: Tensor
    placed: Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `kinds`, `mask` and `readable` (may hold a short answer) are (n, length).

    `unit_tokens` (m,) are places in the flattened tokens, `unit_of` (m,) the unit each belongs to;
    `evidence` (u,) its label, `unit_pair` (u,) its pair. `starts` and `ends` are (n, length), true
    where an answer starts or ends. `lists` (l, k) are the pairs found for a question, the one that
    answers first; -1 where there are fewer than k.
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
    lists: Tensor
    lessons: Lessons | None

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        if device.type == "cpu":
            return self
        moved = {
            f.name: value.to(device, non_blocking=True)
            for f in fields(self)
            if isinstance(value := getattr(self, f.name), Tensor)
        }
        lessons = self.lessons and Lessons(
            *(getattr(self.lessons, f.name).to(device) for f in fields(self.lessons))
        )
        return replace(self, **moved, lessons=lessons)


def encode(pair: Pair, tokenizer: Tokenizer, taught: Taught | None = None) -> Encoded:
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
        kinds=encoding.type_ids,
        second=second,
        token_starts=starts,
        token_ends=ends,
        read=[u is not None for u, _ in units],
        units=[u for u, _ in units if u is not None],
        evidence=[e for u, e in units if u is not None],
        answers=[a for a in answers if a is not None],
        taught=taught,
    )


def aligned(places: Sequence[Place], row: Encoded, *, ends: bool) -> list[tuple[int, float]]:
    """Return the tokens at a teacher's places with their chances, which sum to 1.

    Nothing is returned where the places lie on tokens that were not read.
    """
    found: dict[int, float] = {}
    for character, chance in places:
        if character < 0:
            token = 0
        else:
            # An end is the character after the last of the answer.
            at = character - 1 if ends else character
            inside = np.flatnonzero((row.token_starts <= at) & (at < row.token_ends))
            if not len(inside):
                continue
            token = row.second + int(inside[0])
        found[token] = found.get(token, 0.0) + chance
    total = sum(found.values())
    return [(token, c / total) for token, c in found.items()] if total >= _SURE else []


def batches(
    groups: Sequence[Sequence[Pair]],
    tokenizer: Tokenizer,
    rng: random.Random,
    *,
    tokens: int = 1_200,
    taught: Sequence[Sequence[Taught]] = (),
) -> Iterator[Batch]:
    """Yield all groups once, in batches of about `tokens` tokens and similar length.

    The order of batches is random, and no group is divided. `taught` holds a teacher's opinion on
    each pair of each group.
    """
    order = list(range(len(groups)))
    rng.shuffle(order)
    for start in range(0, len(order), 256):
        pool = [
            [
                encode(pair, tokenizer, taught[n][place] if taught else None)
                for place, pair in enumerate(groups[n])
            ]
            for n in order[start : start + 256]
        ]
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
        lists=_lists(groups),
        lessons=_lessons(rows, length),
    )


def _lists(groups: Sequence[Sequence[Encoded]]) -> Tensor:
    lists: list[list[int]] = []
    first = 0
    for group in groups:
        numbers = [first + n for n, row in enumerate(group) if n == 0 or row.pair.original]
        if len(numbers) > 1 and group[0].pair.answerable:
            lists.append(numbers)
        first += len(group)
    longest = max(map(len, lists), default=0)
    padded = [numbers + [-1] * (longest - len(numbers)) for numbers in lists]
    return torch.tensor(padded, dtype=torch.int64).reshape(len(lists), longest)


def _lessons(rows: Sequence[Encoded], length: int) -> Lessons | None:
    if any(row.taught is None for row in rows):
        return None
    edges = np.zeros((2, len(rows), length), dtype=np.float32)
    placed = np.zeros(len(rows), dtype=bool)
    evidence: list[float] = []
    taught = [row.taught for row in rows if row.taught is not None]
    for n, (row, one) in enumerate(zip(rows, taught, strict=True)):
        starts, ends = aligned(one.starts, row, ends=False), aligned(one.ends, row, ends=True)
        placed[n] = bool(starts and ends)
        for edge, places in zip(edges, (starts, ends), strict=True):
            for token, chance in places if placed[n] else ():
                edge[n, token] = chance
        for logit, read in zip(one.evidence, row.read, strict=True):
            if read:
                evidence.append(np.nan if logit is None else float(1 / (1 + np.exp(-logit))))
    return Lessons(
        relevance=torch.tensor([one.relevance for one in taught]),
        answerability=torch.tensor([one.answerability for one in taught]),
        evidence=torch.tensor(evidence, dtype=torch.float32),
        starts=torch.from_numpy(edges[0]),
        ends=torch.from_numpy(edges[1]),
        placed=torch.from_numpy(placed),
    )
