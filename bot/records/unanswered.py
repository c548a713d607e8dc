"""Unanswered questions, grouped by likeness.

By average linkage: two groups are joined while their questions are alike on average. With single
links a chain of questions that are only half alike would become one group.
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

Here F1 is best on pairs of paraphrases, better than with single or complete links:
tests/bot/records/test_unanswered.py.
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Unanswered questions that are alike, the newest last.

    `question` is the wording nearest to all of them, as it was rewritten last. `count` is how
    often it was asked; a person who asks again in the same words counts once. `reasons` are those
    that people gave, each once.
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
    """Return the gaps, the most frequent first, then the most recent.

    `vectors`: float32 (n, d), rows L2-normalised, of each question as it was rewritten.
    `threshold` is the least mean cosine, in [-1, 1], at which groups are joined; a model other than
    all-MiniLM-L6-v2 needs its own. Wordings that differ only in case and space count as one. The
    result does not depend on the order of `questions`. Time and memory grow with the square of the
    number of wordings: some 300 MB for 5,000.
    """
    if len(questions) != len(vectors):
        raise ValueError(f"{len(questions)} questions have {len(vectors)} vectors")
    by_wording: defaultdict[str, list[int]] = defaultdict(list)
    for row in sorted(range(len(questions)), key=lambda row: questions[row].exchange.id):
        by_wording[_wording(questions[row].exchange)].append(row)
    # Sorted, so that ties and rounding do not depend on the order in which the questions came.
    wordings = [by_wording[wording] for wording in sorted(by_wording)]
    chosen = vectors[[rows[0] for rows in wordings]]
    likeness = chosen @ chosen.T
    gaps = []
    for members in _average_link(likeness, threshold):
        nearness = likeness[np.ix_(members, members)].mean(axis=1).round(6)
        # Two wordings are always equally near to both, so the one that was asked more often wins.
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
    """Return groups of rows whose mean likeness is `threshold` or more.

    `likeness`: float32 (n, n), symmetric.
    """
    if len(likeness) < 2:
        return [[row] for row in range(len(likeness))]
    # Imported here: it takes a third of a second, and only /gaps needs it.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    # Rounding can take the cosine of two equal vectors above 1.
    distances = np.maximum(1 - likeness, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(fcluster(tree, 1 - threshold, "distance")):
        groups[label].append(row)
    return list(groups.values())
