"""Key figures: numbers that stand alone on a page, each beside the words that say what it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.text import is_figure

_KINDS = (BlockKind.PARAGRAPH, BlockKind.HEADING)
_LONGEST_LABEL = 60
_MARK = re.compile(r"#{1,6}\s+")
_LIKE_A_PAGE = re.compile(r"\W*\d{1,4}\W*")
"""A number that may be that of a page, unless it is one of several figures."""


def key_figures(passage: Passage) -> Mapping[Unit, Unit]:
    """Return the key figures of a passage, each with the unit above or below that is its label.

    Figures and labels take turns; how a run of them begins and ends tells which is whose.
    """
    found: dict[Unit, Unit] = {}
    for run in _runs(passage):
        figures = [unit for unit, is_number in run if is_number]
        if len(figures) == 1 and _LIKE_A_PAGE.fullmatch(passage.text_of(figures[0].span)):
            continue
        by = 1 if _is_below(run) else -1
        for at, (unit, is_number) in enumerate(run):
            if is_number and 0 <= at + by < len(run):
                found[unit] = run[at + by][0]
    return found


def with_label(unit: Unit, passage: Passage) -> Span | None:
    """Return the span of a key figure and its label; None for any other unit."""
    label = key_figures(passage).get(unit)
    if label is None:
        return None
    start = min(unit.span.start, label.span.start)
    if mark := _MARK.match(passage.text_of(label.span if label.span.start == start else unit.span)):
        start += mark.end()
    return Span(start, max(unit.span.end, label.span.end))


def _runs(passage: Passage) -> Iterator[list[tuple[Unit, bool]]]:
    """Yield the longest runs in which figures and labels take turns, with whether each is one."""
    run: list[tuple[Unit, bool]] = []
    for is_part, units in groupby(passage.units, key=lambda unit: _is_part(unit, passage)):
        if is_part is None:
            yield from _whole(run)
            run = []
            continue
        several = list(units)
        if len(several) > 1:
            yield from _whole([*run, (several[0], is_part)])
            run = []
        run.append((several[-1], is_part))
    yield from _whole(run)


def _whole(run: Sequence[tuple[Unit, bool]]) -> Iterator[list[tuple[Unit, bool]]]:
    if len(run) > 1:
        yield list(run)


def _is_part(unit: Unit, passage: Passage) -> bool | None:
    """Return whether a unit is a figure; False for what may be a label, None for anything else."""
    text = passage.text_of(unit.span)
    if unit.kind not in _KINDS:
        return None
    if is_figure(_MARK.sub("", text)):
        return True
    is_label = len(text) <= _LONGEST_LABEL and not text.rstrip().endswith((".", "!", "?", ";"))
    return False if is_label and any(map(str.isalpha, text)) else None


def _is_below(run: Sequence[tuple[Unit, bool]]) -> bool:
    """Return whether the labels of a run stand below their figures."""
    (first, begins_with_figure), (_, ends_with_figure) = run[0], run[-1]
    if begins_with_figure or ends_with_figure:
        return begins_with_figure and not ends_with_figure
    labels = [unit.kind for unit, is_number in run[1:] if not is_number]
    return first.kind is BlockKind.HEADING and BlockKind.HEADING not in labels
