"""Alignment: which values of two sequences stand in both, in the same order.

The work grows with the length of the sequences, whatever is in them. Values that are rare enough to
be told apart hold the alignment in place; what lies between two of them is aligned exactly where it
is small, and by its rare values again where it is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

_SMALL = 2_500
"""Pairs of places that are all looked at."""
_DEEPEST = 12
"""How often what lies between rare values is divided again."""

_Window = tuple[int, int, int, int]
"""Where a part begins and ends in the one sequence, then in the other."""


def aligned(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of places with equal values, rising on both sides.

    The other way round, the same pairs are found.
    """
    if list(one) > list(other):
        return [(at, there) for there, at in aligned(other, one)]
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[_Window, int]] = [((0, len(one), 0, len(other)), 0)]
    while waiting:
        (begin, end, start, stop), depth = waiting.pop()
        while begin < end and start < stop and one[begin] == other[start]:
            pairs.append((begin, start))
            begin, start = begin + 1, start + 1
        while begin < end and start < stop and one[end - 1] == other[stop - 1]:
            end, stop = end - 1, stop - 1
            pairs.append((end, stop))
        if begin == end or start == stop:
            continue
        window = begin, end, start, stop
        if (end - begin) * (stop - start) <= _SMALL:
            pairs += _exactly(one, other, window)
        elif depth < _DEEPEST and (anchors := _anchors(one, other, window)):
            pairs += anchors
            waiting += [(part, depth + 1) for part in _between(anchors, window)]
    return sorted(pairs)


def _between(anchors: Sequence[tuple[int, int]], window: _Window) -> Iterator[_Window]:
    begin, end, start, stop = window
    for at, there in anchors:
        yield begin, at, start, there
        begin, start = at + 1, there + 1
    yield begin, end, start, stop


def _anchors(one: Sequence[str], other: Sequence[str], window: _Window) -> list[tuple[int, int]]:
    """Return the most pairs, in order, of values that both parts have once; where there are none,
    of values that both have equally often."""
    begin, end, start, stop = window
    counts, others = Counter(one[begin:end]), Counter(other[start:stop])
    for wanted in (
        {value for value, count in counts.items() if count == others[value] == 1},
        {value for value, count in counts.items() if count == others[value]},
    ):
        places: defaultdict[str, list[int]] = defaultdict(list)
        for there in range(stop - 1, start - 1, -1):
            if other[there] in wanted:
                places[other[there]].append(there)
        pairs = [(at, places[one[at]].pop()) for at in range(begin, end) if one[at] in wanted]
        if pairs:
            return _longest_rising(pairs)
    return []


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest choice of pairs, which rise on one side, that rises on the other."""
    lowest: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for number, (_, there) in enumerate(pairs):
        length = bisect_left(lowest, there)
        before.append(last[length - 1] if length else None)
        lowest[length : length + 1] = [there]
        last[length : length + 1] = [number]
    found = []
    number_or_none = last[-1] if last else None
    while number_or_none is not None:
        found.append(pairs[number_or_none])
        number_or_none = before[number_or_none]
    return found[::-1]


def _exactly(
    one: Sequence[str], other: Sequence[str], window: _Window
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a longest common subsequence."""
    begin, end, start, stop = window
    lengths = [[0] * (stop - start + 1) for _ in range(end - begin + 1)]
    for at in range(end - 1, begin - 1, -1):
        row, below = lengths[at - begin], lengths[at - begin + 1]
        for there in range(stop - 1, start - 1, -1):
            column = there - start
            row[column] = (
                below[column + 1] + 1
                if one[at] == other[there]
                else max(below[column], row[column + 1])
            )
    at, there = begin, start
    while at < end and there < stop:
        if one[at] == other[there]:
            yield at, there
            at, there = at + 1, there + 1
        elif lengths[at - begin + 1][there - start] >= lengths[at - begin][there - start + 1]:
            at += 1
        else:
            there += 1
