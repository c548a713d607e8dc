"""What people ask and the documents do not say, grouped by likeness.

Average-link agglomeration: two groups are joined while their questions are alike on average, so
that, unlike with single links, a chain of half-alike questions does not become one group, and,
unlike with leaders, nothing depends on the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bot.records import Exchange, Unsatisfied

__all__ = ["THRESHOLD", "Gap", "group"]

THRESHOLD = 0.6
"""The least mean cosine within a gap, for all-MiniLM-L6-v2.

Measured by tests/bot/records/test_unanswered.py: of the pairs that it puts together 0.86 ask the
same, and of
those that ask the same it puts 0.82 together. The best F1 is at 0.60 (0.84; leaders come to 0.77,
single links to 0.74, complete links to 0.80 at their best), in either half of the paraphrases too.
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask about the same, by newest last.

    `question` is the wording nearest to all of them, as it was understood last. `count` is how
    often it was asked, where a person who asks again in the same words counts once. `reasons` are
    those that people gave, without repetition.
    """

    question: str
    exchanges: tuple[Exchange, ...]
    count: int
    last_at: datetime
    reasons: tuple[str, ...]


def group(
    questions: Sequence[Unsatisfied],
    vectors: NDArray[np.float32],
    *,
    threshold: float = THRESHOLD,
) -> list[Gap]:
    """The gaps, most frequent first, then most recent; the same in whatever order they are given.

    `vectors`: float32 (n, d), rows L2-normalised, of each question as it was understood.
    `threshold` is the least mean cosine within [-1, 1] at which groups are joined; other models
    than all-MiniLM-L6-v2 want another. Wordings that differ in case and space only are one. Time
    and memory go by the square of the number of wordings: 4 bytes each, 100 MB for 5,000.
    """
    if len(questions) != len(vectors):
        raise ValueError(f"{len(questions)} questions have {len(vectors)} vectors")
    by_wording: defaultdict[str, list[int]] = defaultdict(list)
    for row in sorted(range(len(questions)), key=lambda row: questions[row].exchange.id):
        by_wording[_wording(questions[row].exchange)].append(row)
    # Sorted: in whatever order they came, ties and the rounding of sums are the same from here on.
    wordings = [by_wording[wording] for wording in sorted(by_wording)]
    chosen = vectors[[rows[0] for rows in wordings]]
    likeness = chosen @ chosen.T
    gaps = []
    for members in _average_link(likeness, threshold):
        nearness = likeness[np.ix_(members, members)].mean(axis=1).round(6)
        # Of wordings equally near to all, as any two are, the one that was asked most.
        centre = max(range(len(members)), key=lambda n: (nearness[n], len(wordings[members[n]])))
        rows = (row for member in members for row in wordings[member])
        asked = sorted((questions[row] for row in rows), key=lambda q: q.exchange.id)
        gaps.append(_gap(asked, questions[wordings[members[centre]][-1]].exchange.rewritten))
    return sorted(
        gaps, key=lambda gap: (gap.count, gap.last_at, gap.exchanges[-1].id), reverse=True
    )


def _gap(asked: Sequence[Unsatisfied], question: str) -> Gap:
    exchanges = tuple(each.exchange for each in asked)
    return Gap(
        question=question,
        exchanges=exchanges,
        count=len({(exchange.person, _wording(exchange)) for exchange in exchanges}),
        last_at=max(exchange.at for exchange in exchanges),
        reasons=tuple(dict.fromkeys(reason for each in asked for reason in each.reasons)),
    )


def _wording(exchange: Exchange) -> str:
    return " ".join(exchange.rewritten.casefold().split())


def _average_link(likeness: NDArray[np.float32], threshold: float) -> list[list[int]]:
    """Groups of rows, by the nearest-neighbour chain.

    `likeness`: float32 (n, n). From any group one goes to the nearest, and on, until two are each
    other's nearest; those are joined. Joining makes no two groups more alike than they were to one
    of its parts, so a group whose nearest is too far is complete, and n² steps are enough.
    """
    # Symmetric to the last bit, or the chain could go in a circle; a tie goes back, for the same.
    likeness = np.maximum(likeness, likeness.T)
    np.fill_diagonal(likeness, -np.inf)
    members = {row: [row] for row in range(len(likeness))}
    groups: list[list[int]] = []
    chain: list[int] = []
    while members:
        if not chain:
            chain.append(next(iter(members)))
        last, before = chain[-1], chain[-2] if len(chain) > 1 else None
        nearest = int(likeness[last].argmax())
        if before is not None and likeness[last, before] >= likeness[last, nearest]:
            nearest = before
        if not likeness[last, nearest] >= threshold:
            groups.append(members.pop(chain.pop()))
            likeness[last, :] = likeness[:, last] = -np.inf
        elif nearest == before:
            sizes = len(members[last]), len(members[before])
            joined = np.average(likeness[[last, before]], axis=0, weights=sizes)
            likeness[before, :] = likeness[:, before] = joined
            likeness[last, :] = likeness[:, last] = -np.inf
            members[before] += members.pop(last)
            del chain[-2:]
        else:
            chain.append(nearest)
    return groups
