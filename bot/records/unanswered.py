"""Questions that found no answer, or one that did not help, grouped by what they ask.

By average linkage: two groups are joined while their questions ask the same on average. With single
links a chain of questions that are only half alike would become one group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bot.records import Exchange, Fault, Mark, UnsatisfiedQuestion
from bot.records.likeness import likeness_of
from index.answering.answer import Verdict
from index.ports import Embedder


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same, the newest last.

    `question` is the wording nearest to all of them, as it was rewritten last. `count` is how
    often it was asked; a person who asks again in the same words counts once. So often nothing
    close was found (`silent`), passages were shown that may not answer (`unsure`), and an answer
    was marked down (`marked_down`); one that is marked down counts as that alone. `reasons` are
    those that people gave, each once; `faults` how often each was chosen.
    """

    question: str
    exchanges: tuple[Exchange, ...]
    count: int
    last_at: datetime
    reasons: tuple[str, ...]
    silent: int = 0
    unsure: int = 0
    marked_down: int = 0
    faults: Mapping[Fault, int] = field(default_factory=dict)


def group(
    questions: Sequence[UnsatisfiedQuestion],
    likeness: NDArray[np.float32],
    *,
    threshold: float = 0.0,
) -> list[Gap]:
    """Return the gaps, the most frequent first, then the most recent.

    `likeness`: float32 (n, n), symmetric, of the questions as they were rewritten. `threshold` is
    the least mean of it at which groups are joined. Wordings that differ only in case and space
    count as one. The result does not depend on the order of `questions`. Time and memory grow with
    the square of the number of wordings: some 300 MB for 5,000.
    """
    if likeness.shape != (len(questions), len(questions)):
        raise ValueError(f"{len(questions)} questions have likenesses of {likeness.shape}")
    by_wording: defaultdict[str, list[int]] = defaultdict(list)
    for row in sorted(range(len(questions)), key=lambda row: questions[row].exchange.id):
        by_wording[_wording(questions[row].exchange)].append(row)
    # Sorted, so that ties and rounding do not depend on the order in which the questions came.
    wordings = [by_wording[wording] for wording in sorted(by_wording)]
    firsts = [rows[0] for rows in wordings]
    likeness = likeness[np.ix_(firsts, firsts)]
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


def gaps_in(questions: Sequence[UnsatisfiedQuestion], embedder: Embedder) -> list[Gap]:
    """Return the questions as gaps. Takes a second or two for a thousand of them."""
    if not questions:
        return []
    texts = [question.exchange.rewritten for question in questions]
    distinct = list(dict.fromkeys(texts))
    row_of = {text: row for row, text in enumerate(distinct)}
    likeness = likeness_of(distinct, embedder.embed_passages(distinct))
    rows = [row_of[text] for text in texts]
    return group(questions, likeness[np.ix_(rows, rows)])


def _gap(asked: Sequence[UnsatisfiedQuestion], question: str) -> Gap:
    exchanges = tuple(each.exchange for each in asked)
    # What came of it last, where a person asked again in the same words.
    outcomes = {(each.exchange.person, _wording(each.exchange)): _outcome(each) for each in asked}
    counts = Counter(outcomes.values())
    return Gap(
        question=question,
        exchanges=exchanges,
        count=len(outcomes),
        last_at=max(exchange.at for exchange in exchanges),
        reasons=tuple(dict.fromkeys(reason for each in asked for reason in each.reasons)),
        silent=counts[Verdict.SILENT],
        unsure=counts[Verdict.UNSURE],
        marked_down=counts[Mark.DOWN],
        faults=Counter(fault for each in asked for fault in each.faults),
    )


def _outcome(asked: UnsatisfiedQuestion) -> Verdict | Mark:
    return Mark.DOWN if asked.marked_down else asked.exchange.verdict


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

    # Scipy refuses negative distances; any that is added to all of them leaves the groups.
    most = max(float(likeness.max()), threshold)
    distances = squareform(most - likeness, checks=False)
    tree = linkage(distances, "average")
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(fcluster(tree, most - threshold, "distance")):
        groups[label].append(row)
    return list(groups.values())
