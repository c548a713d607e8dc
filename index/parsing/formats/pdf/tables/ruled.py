"""Tables of a PDF's page whose cells are parted by rules, and zones with rules above and below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.parsing.page_content import Box

_TOLERANCE = 3.0  # points within which two rules are one, and a rule's end meets another
_SHORTEST = 4.0
_MOST_RULES = 1_200  # of one direction, joined: with more, they are a drawing
_MOST_PLACES = 20_000
_GAP = 15.0  # between the rules below two columns of one table

Rules = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows between rules. The cell at (row, column) covers `spans[row, column]`:
    how many rows and columns, 0 where another cell covers the place."""

    xs: list[float]
    ys: list[float]
    spans: dict[tuple[int, int], tuple[int, int]]

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the page with rules of the same width below each other, at `ys`."""

    left: float
    right: float
    ys: list[float]

    def crosses(self, left: float, right: float) -> bool:
        """Return whether the rules go over most of a width."""
        return min(self.right, right) - max(self.left, left) > 0.8 * (right - left)


def grids_of(rules: Rules) -> list[Grid]:
    """Return what rules that cross part into columns and rows, from above."""
    across, down = _across(rules), _down(rules)
    if not (1 < len(across) <= _MOST_RULES and 1 < len(down) <= _MOST_RULES):
        return []
    meets = (
        (down[:, 0] >= across[:, None, 0] - _TOLERANCE)
        & (down[:, 0] <= across[:, None, 2] + _TOLERANCE)
        & (down[:, 1] - _TOLERANCE <= across[:, None, 1])
        & (across[:, None, 1] <= down[:, 3] + _TOLERANCE)
    )
    grids = []
    for rows, columns in _connected(meets):
        if len(rows) > 1 and len(columns) > 1:
            grid = _grid(across[rows], down[columns])
            if grid is not None:
                grids.append(grid)
    return sorted(grids, key=lambda grid: grid.ys[0])


def zones_of(rules: Rules) -> list[Zone]:
    """Return the stacks of horizontal rules that begin and end at the same places."""
    across = _across(rules)
    if len(across) > _MOST_RULES:
        return []
    stacks: dict[tuple[int, int], list[tuple[float, float, float]]] = defaultdict(list)
    for left, y, right in _levels(across):
        key = (round(left / 6), round(right / 6))
        near = [(key[0] + a, key[1] + b) for a in (0, -1, 1) for b in (0, -1, 1)]
        found = next((each for each in near if each in stacks), key)
        stacks[found].append((left, right, y))
    zones = [
        Zone(
            min(left for left, _, _ in stack),
            max(right for _, right, _ in stack),
            [y for *_, y in stack],
        )
        for stack in stacks.values()
    ]
    return sorted(zones, key=lambda zone: zone.ys[0])


def _levels(across: Rules) -> list[tuple[float, float, float]]:
    """Return left, height and right of rules, those beside each other as one."""
    levels: list[tuple[float, float, float]] = []
    order = np.lexsort((across[:, 0], np.round(across[:, 1])))
    for left, y, right, _ in across[order].tolist():
        if levels and abs(levels[-1][1] - y) <= 1.5 and -_TOLERANCE < left - levels[-1][2] < _GAP:
            levels[-1] = (levels[-1][0], levels[-1][1], max(right, levels[-1][2]))
        else:
            levels.append((left, y, right))
    return levels


def _across(rules: Rules) -> Rules:
    """Return the horizontal rules, those that touch as one, from above."""
    chosen = rules[(rules[:, 1] == rules[:, 3]) & (rules[:, 2] - rules[:, 0] >= _SHORTEST)]
    return _merged(chosen)


def _down(rules: Rules) -> Rules:
    turned = rules[:, [1, 0, 3, 2]]
    chosen = turned[(turned[:, 1] == turned[:, 3]) & (turned[:, 2] - turned[:, 0] >= _SHORTEST)]
    return _merged(chosen)[:, [1, 0, 3, 2]]


def _merged(rules: Rules) -> Rules:
    """Return horizontal rules, those at nearly the same height that touch as one."""
    if not len(rules):
        return rules.reshape(0, 4)
    rules = rules[np.argsort(rules[:, 1], kind="stable")]
    level = np.concatenate(([0], np.cumsum(np.diff(rules[:, 1]) > _TOLERANCE)))
    heights = np.bincount(level, rules[:, 1]) / np.bincount(level)
    rules, level = _sorted_by_start(rules, level)
    far = float(rules[:, 2].max() - rules[:, 0].min()) + 10 * _TOLERANCE
    starts = rules[:, 0].astype(np.float64) + level * far
    reach = np.maximum.accumulate(rules[:, 2].astype(np.float64) + level * far)
    new = np.concatenate(([True], starts[1:] > reach[:-1] + _TOLERANCE))
    first = np.flatnonzero(new)
    last = np.concatenate((first[1:] - 1, [len(rules) - 1]))
    height = heights[level[first]]
    right = reach[last] - level[last] * far
    return np.column_stack((rules[first, 0], height, right, height)).astype(np.float32)


def _sorted_by_start(rules: Rules, level: NDArray[np.int64]) -> tuple[Rules, NDArray[np.int64]]:
    order = np.lexsort((rules[:, 0], level))
    return rules[order], level[order]


def _connected(meets: NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    """Return the groups of rows and columns that hang together."""
    rows_left = np.ones(meets.shape[0], np.bool_)
    columns_left = np.ones(meets.shape[1], np.bool_)
    groups = []
    for start in range(meets.shape[0]):
        if not rows_left[start]:
            continue
        rows, columns = [start], list[int]()
        rows_left[start] = False
        waiting = [(True, start)]
        while waiting:
            is_row, number = waiting.pop()
            left = columns_left if is_row else rows_left
            new = np.flatnonzero((meets[number] if is_row else meets[:, number]) & left)
            left[new] = False
            (columns if is_row else rows).extend(new.tolist())
            waiting.extend((not is_row, each) for each in new.tolist())
        groups.append((rows, columns))
    return groups


def _grid(across: Rules, down: Rules) -> Grid | None:
    xs = _places([*down[:, 0].tolist(), *_ends(across[:, 0], across[:, 2], down[:, 0])])
    ys = _places([*across[:, 1].tolist(), *_ends(down[:, 1], down[:, 3], across[:, 1])])
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1 or height * width > _MOST_PLACES:
        return None
    middle_x = (np.array(xs[1:]) + np.array(xs[:-1])) / 2
    middle_y = (np.array(ys[1:]) + np.array(ys[:-1])) / 2
    parted_below = np.zeros((height + 1, width), np.bool_)
    parted_beside = np.zeros((height, width + 1), np.bool_)
    for left, y, right, _ in across.tolist():
        row = int(np.abs(np.array(ys) - y).argmin())
        parted_below[row] |= (left <= middle_x) & (middle_x <= right)
    for x, top, _, bottom in down.tolist():
        column = int(np.abs(np.array(xs) - x).argmin())
        parted_beside[:, column] |= (top <= middle_y) & (middle_y <= bottom)
    return Grid(xs, ys, _spans(parted_below, parted_beside))


def _ends(starts: Rules, ends: Rules, crossing: Rules) -> list[float]:
    """Return where rules end that stick out beyond all that cross them: an open side."""
    return [
        place
        for place, is_out in (
            (float(np.median(starts)), np.median(starts) < crossing.min() - 4 * _TOLERANCE),
            (float(np.median(ends)), np.median(ends) > crossing.max() + 4 * _TOLERANCE),
        )
        if is_out
    ]


def _places(values: Sequence[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _TOLERANCE:
            places.append(value)
    return places


def _spans(
    below: NDArray[np.bool_], beside: NDArray[np.bool_]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return which places each cell covers: as far to the right and below as no rule parts it."""
    height, width = beside.shape[0], below.shape[1]
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered = np.zeros((height, width), np.bool_)
    for row in range(height):
        for column in range(width):
            if covered[row, column]:
                continue
            right = column + 1
            while right < width and not beside[row, right] and not covered[row, right]:
                right += 1
            bottom = row + 1
            while (
                bottom < height
                and not below[bottom, column:right].any()
                and not beside[bottom, column + 1 : right].any()
                and not covered[bottom, column:right].any()
            ):
                bottom += 1
            covered[row:bottom, column:right] = True
            spans[row, column] = (bottom - row, right - column)
    return spans
