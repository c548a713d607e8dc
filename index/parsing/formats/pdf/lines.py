"""Lines of a PDF's page, from its words, in the order in which a person reads them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.parsing.formats.pdf.columns import ColumnSegment, Row, in_reading_order
from index.parsing.page_content import Box, PageContent, PageTable, Word

_MARGIN = 0.1  # of the page's height
_SAME_LINE = 0.35  # of the type size: feet of words further apart are of two lines
_COLUMN_GAP = 1.1  # of the type size: words further apart may be of two columns
_WIDE_SPACE = 2.0  # of the usual space: no space of a typewriter is as wide
_WIDE = 2.5  # of the type size: a gap that no justified line has
_BULLET = re.compile(r"[\ue000-\uf8ff❑❖➢✓✔]{1,2}")  # at a line's start, in a symbol font
_LABEL = re.compile(r"[^\W\d_a-z][^\W\d_]*(?: [^\W\d_]+){0,3}:(?:\s|$)")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Line:
    """Distances are in points from the left and top of the page; `size` is the type size.

    `edge` is how far to the right the lines of its column go, and `first` the width of its first
    word. A `DIVIDING` character at its end divides a word. A line is parted where a wide gap is in
    it, as between a label and its value.
    """

    text: str
    left: float
    right: float
    foot: float
    size: float
    edge: float
    first: float
    is_bold: bool = False
    in_margin: bool = False
    is_turned: bool = False
    is_parted: bool = False


Part = Line | PageTable


def parts_of(page: PageContent, tables: Sequence[PageTable] = ()) -> list[Part]:
    """Return the lines and tables of a page in reading order; turned lines come last."""
    loose = _outside([table.box for table in tables], page.words)
    upright = [word for word in loose if not word.turned]
    parts: list[Part] = []
    rows = [
        *_rows(upright, _column_gap(page)),
        *([ColumnSegment.of_table(table)] for table in tables),
    ]
    rows.sort(key=lambda row: row[0].foot)
    for column in in_reading_order(rows):
        edge = max(segment.right for row in column for segment in row)
        for row in column:
            if (table := row[0].table) is not None:
                parts.append(table)
            else:
                parts.append(_line(row, edge, page))
    parts += _turned_lines([word for word in loose if word.turned], page)
    return parts


def _outside(boxes: Sequence[Box], words: Sequence[Word]) -> list[Word]:
    """Return the words whose middle lies in none of the boxes."""
    found = []
    for word in words:
        left, top, right, bottom = word.box
        across, down = (left + right) / 2, (top + bottom) / 2
        for begin, above, end, below in boxes:
            if begin <= across <= end and above <= down <= below:
                break
        else:
            found.append(word)
    return found


def _column_gap(page: PageContent) -> float:
    """Return how far words are apart that may be of two columns, in type sizes.

    In what was recognised in a picture, the type size is a guess, and that of a typewriter may be
    smaller than its spaces.
    """
    if not page.is_recognised:
        return _COLUMN_GAP
    gaps = [
        (two.box.left - one.box.right) / one.size
        for one, two in pairwise(page.words)
        if one.size and two.box.left - one.box.right > 0
        and abs(one.baseline - two.baseline) <= _SAME_LINE * one.size
    ]  # fmt: skip
    return max(_COLUMN_GAP, _WIDE_SPACE * median(gaps)) if gaps else _COLUMN_GAP


def _rows(words: Sequence[Word], column_gap: float = _COLUMN_GAP) -> list[Row]:
    """Return the words of each line across the page, divided where they are far apart."""
    rows: list[Row] = []
    for row in _by_foot(words):
        segments: list[list[int]] = []
        reach = 0.0
        for at in row:
            word = words[at]
            if segments and word.box.left - reach <= column_gap * word.size:
                segments[-1].append(at)
            else:
                segments.append([at])
            reach = max(reach, word.box.right)
        rows.append([ColumnSegment.of([words[at] for at in each], min(each)) for each in segments])
    return rows


def _by_foot(words: Sequence[Word]) -> Iterator[list[int]]:
    """Yield the numbers of words whose feet stand at the same height, from the left."""
    feet = [word.baseline for word in words]
    for at, (one, two) in enumerate(pairwise(words)):
        # A small raised or lowered word stands on the line of the one that it touches.
        size = max(one.size, two.size)
        if one.size != two.size and abs(two.box.left - one.box.right) < 0.3 * size:
            near = abs(one.baseline - feet[at + 1]) < 0.6 * size
            if near and two.size < 0.85 * one.size:
                feet[at + 1] = feet[at]
            elif near and one.size < 0.85 * two.size:
                feet[at] = feet[at + 1]
    row: list[int] = []
    for at in sorted(range(len(words)), key=feet.__getitem__):
        if row and feet[at] - feet[row[0]] > _SAME_LINE * min(words[at].size, words[row[0]].size):
            yield sorted(row, key=lambda at: words[at].box.left)
            row = []
        row.append(at)
    if row:
        yield sorted(row, key=lambda at: words[at].box.left)


def _line(row: Sequence[ColumnSegment], edge: float, page: PageContent) -> Line:
    words = [word for segment in row for word in segment.words]
    is_marked = words[0].text == "•" or _BULLET.fullmatch(words[0].text) is not None
    told = words[1:] if is_marked and len(words) > 1 else words
    sizes: dict[float, int] = {}
    for word in told:
        sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
    foot = max(word.baseline for word in words)
    most = max(sizes.values())
    size = round(next(size for size, count in sizes.items() if count == most), 1)
    middle = (foot - size / 2) / page.height if page.height else 0.5
    return Line(
        text="\n".join(map(_text, _pairs(row, size))),
        left=words[0].box.left,
        right=max(word.box.right for word in words),
        foot=foot,
        size=size,
        edge=edge,
        first=words[0].box.right - words[0].box.left,
        is_bold=all(word.is_bold for word in told),
        in_margin=middle < _MARGIN or middle > 1 - _MARGIN,
        is_parted=any(two.left - one.right > _WIDE * size for one, two in pairwise(row)),
    )


def _pairs(row: Sequence[ColumnSegment], size: float) -> list[list[Word]]:
    """Return the words of a line, apart where after a wide gap another label has its value."""
    pairs: list[list[Word]] = [list(row[0].words)]
    for one, two in pairwise(row):
        begins = " ".join(word.text for word in two.words[:4])
        if two.left - one.right > _WIDE * size and _LABEL.match(begins):
            pairs.append([])
        pairs[-1] += two.words
    return pairs


def _text(words: Sequence[Word]) -> str:
    texts = [word.text for word in words]
    if _BULLET.fullmatch(texts[0]):
        texts[0] = "•"
    text = " ".join(texts)
    if text.isascii():
        return text
    text = " ".join(texts[at] for at in reading_order(texts))
    return unicodedata.normalize("NFC", text)


def reading_order(texts: Sequence[str]) -> list[int]:
    """Return the numbers of a line's words, which stand from left to right, as they are read."""
    right = [bool(_RIGHT_TO_LEFT.search(text)) for text in texts]
    if not any(right):
        return list(range(len(texts)))
    latin = [bool(_LATIN.search(text)) for text in texts]
    backwards = sum(right) >= sum(latin)
    against = latin if backwards else right
    ordered: list[int] = []
    run: list[int] = []  # words in the direction that is not the line's
    for at in reversed(range(len(texts))) if backwards else range(len(texts)):
        if against[at]:
            run.insert(0, at)
            continue
        ordered += [*run, at]
        run = []
    return ordered + run


def _turned_lines(words: Sequence[Word], page: PageContent) -> list[Line]:
    """Return the lines of turned words: stamps in the margin, the labels of a diagram."""
    lines: list[Line] = []
    for turned in (90, 180, 270):
        there = [_unturned(word) for word in words if word.turned == turned]
        for row in _rows(there):
            edge = row[-1].right
            for segment in row:
                line = _line([segment], edge, page)
                place = segment.words[0].baseline if turned == 180 else abs(line.foot)
                within = place / (page.height if turned == 180 else page.width or 1)
                lines.append(
                    Line(
                        line.text, line.left, line.right, line.foot, line.size, edge, line.first,
                        in_margin=within < _MARGIN or within > 1 - _MARGIN, is_turned=True,
                    )
                )  # fmt: skip
    return lines


def _unturned(word: Word) -> Word:
    """Return a turned word as it stands when the page is held so that it is upright."""
    left, top, right, bottom = word.box
    if word.turned == 90:
        box, foot = Box(top, -right, bottom, -left), -word.baseline
    elif word.turned == 270:
        box, foot = Box(-bottom, left, -top, right), word.baseline
    else:
        box, foot = Box(-right, -bottom, -left, -top), -word.baseline
    return word._replace(box=box, baseline=foot, turned=0)
