"""Columns of a PDF's page: which lines are read one below the other, and which side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.parsing.page_content import PageTable, Word

_GUTTER = 8.0  # points; columns stand further apart
_DEEPEST = 4
_BREAK = 3.2  # of the type size: what is further below is another part of the page
_WORDS = 3.0  # in a line of prose, at least
_FEWEST_WORDS = 2.0  # where most lines run on
_RUNS_ON = 0.25  # of the lines of prose, at least, end within a sentence
_MOSTLY = 0.6
_NARROW = 4.0  # of the type size
_MOST_GAPS = 40  # of a row
_FAR = 1e6

_JOINING = frozenset(
    "a an the and or of to in on at by for from with is are der die das und oder von zu im am auf"
    " aus bei für mit og eller av til i på fra med et en ei ett och att som du de la le les des"
    " para y o del el los las".split()
)
"""Words behind which a sentence goes on."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ColumnSegment:
    """Words beside each other without a wide gap; or a table, which stands for itself.

    `order` is where in the file its first word comes.
    """

    left: float
    right: float
    foot: float
    size: float
    order: int = 0
    words: Sequence[Word] = ()
    table: PageTable | None = None

    @classmethod
    def of(cls, words: Sequence[Word], order: int) -> ColumnSegment:
        right = max(word.box.right for word in words)
        foot = max(word.baseline for word in words)
        return cls(words[0].box.left, right, foot, words[0].size, order, words)

    @classmethod
    def of_table(cls, table: PageTable) -> ColumnSegment:
        return cls(table.box.left, table.box.right, table.box.top, 10.0, table=table)


Row = list[ColumnSegment]


def in_reading_order(rows: Sequence[Row], depth: int = 0) -> list[list[Row]]:
    """Return the rows of each column or of the whole width, in reading order.

    `rows` are from the top to the bottom of the page.
    """
    found: list[list[Row]] = []
    whole: list[Row] = []
    for run, gutters in _runs(rows):
        columns = _columns(run, gutters) if gutters and depth < _DEEPEST else []
        if len(columns) < 2 or not _are_read_down(run, columns, gutters):
            whole += run
            continue
        found += [whole] if whole else []
        whole = []
        for column in columns:
            found += in_reading_order(column, depth + 1)
    return [*found, whole] if whole else found


def _runs(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Interval]]]:
    """Yield rows that follow each other, with the gutters that go down through all of them."""
    run: list[Row] = []
    free: list[Interval] = []
    low, high = _FAR, -_FAR
    for row in rows:
        gaps = _gaps(row)
        if run and _are_apart(run[-1], row):
            yield run, _interior(free, low, high)
            run, free, low, high = [], [], _FAR, -_FAR
        if not run:
            run, free, low, high = [row], gaps, row[0].left, row[-1].right
            continue
        both = _common(free, gaps)
        new_low, new_high = min(low, row[0].left), max(high, row[-1].right)
        if not _interior(both, new_low, new_high):
            last = run[-1]
            ends = min(last[0].left, row[0].left), max(last[-1].right, row[-1].right)
            begins = _interior(_common(_gaps(last), gaps), *ends)
            if _interior(free, low, high) or len(row) > 1:
                yield run, _interior(free, low, high)
                run, free, low, high = [row], gaps, row[0].left, row[-1].right
                continue
            if begins and len(run) > 1:  # a column beside the last line, not beside all above it
                yield run[:-1], []
                run, free = [last, row], _common(_gaps(last), gaps)
                low, high = ends
                continue
        run.append(row)
        free, low, high = both, new_low, new_high
    if run:
        yield run, _interior(free, low, high)


def _are_apart(above: Row, row: Row) -> bool:
    if above[0].table is not None or row[0].table is not None:
        return False
    return row[0].foot - above[0].foot > _BREAK * max(row[0].size, above[0].size)


def _gaps(row: Row) -> list[Interval]:
    """Return where, across the page, a row has no words."""
    gaps = [(-_FAR, row[0].left)]
    gaps += [(one.right, two.left) for one, two in pairwise(row)]
    gaps.append((max(segment.right for segment in row), _FAR))
    if len(gaps) > _MOST_GAPS:
        gaps = sorted(gaps, key=lambda gap: gap[0] - gap[1])[:_MOST_GAPS]
    return gaps


def _common(one: Sequence[Interval], two: Sequence[Interval]) -> list[Interval]:
    common = [(max(a, c), min(b, d)) for a, b in one for c, d in two]
    return [(start, end) for start, end in common if end - start >= _GUTTER]


def _interior(gaps: Sequence[Interval], low: float, high: float) -> list[Interval]:
    return [(start, end) for start, end in gaps if start > low and end < high]


def _columns(run: Sequence[Row], gutters: Sequence[Interval]) -> list[list[Row]]:
    """Return the rows of each column between the gutters."""
    edges = [-_FAR, *(sum(gutter) / 2 for gutter in sorted(gutters)), _FAR]
    columns: list[list[Row]] = []
    for left, right in pairwise(edges):
        column: list[Row] = []
        for row in run:
            part = [s for s in row if left <= (s.left + s.right) / 2 < right]
            if part:
                column.append(part)
        if column:
            columns.append(column)
    return columns


def _are_read_down(
    run: Sequence[Row], columns: Sequence[Sequence[Row]], gutters: Sequence[Interval]
) -> bool:
    """Return whether columns are read one after the other, and not row by row as a table is."""
    if any(map(_is_narrow, columns)):
        return False
    if any(segment.table for row in run for segment in row):
        return all(len(column) > 1 or column[0][0].table for column in columns)
    if min(map(len, columns)) < 2:
        return False
    beside = [
        (one, two)
        for row in run
        for one, two in pairwise(row)
        if any(one.right <= start and end <= two.left for start, end in gutters)
    ]
    if len(beside) * 3 < min(map(len, columns)):
        return True  # the lines of the columns stand at heights of their own
    by_row = sum(1 for one, two in beside if two.order == one.order + len(one.words))
    if by_row * 3 < len(beside):
        return True  # the file draws one column after the other
    return all(_is_prose(column) for column in columns)


def _is_narrow(column: Sequence[Row]) -> bool:
    """Return whether nothing but marks, numbers or years stands in a column."""
    left = min(row[0].left for row in column)
    right = max(segment.right for row in column for segment in row)
    return right - left < _NARROW * column[0][0].size


def _is_prose(column: Sequence[Row]) -> bool:
    texts = [[word.text for segment in row for word in segment.words] for row in column]
    runs_on = sum(_runs_on(one[-1], two[0]) for one, two in pairwise(texts))
    share = runs_on / (len(texts) - 1)
    fewest = _FEWEST_WORDS if share >= _MOSTLY else _WORDS
    return share >= _RUNS_ON and sum(map(len, texts)) >= fewest * len(texts)


def _runs_on(last: str, following: str) -> bool:
    """Return whether a line with this last word goes on in the line below it."""
    if last.endswith((".", ":", ";", "!", "?")):
        return False
    return last in _JOINING or following[:1].islower() or following[:1].isdigit()
