"""The sign that divides the cells of a delimited text: stated, or found by trying each."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

NO_DELIMITER = "\x1f"
"""For lines that are one cell each."""

_STATEMENT = re.compile(r'\s*"?sep=(?P<sign>[^\r\n"])"?[^\S\r\n]*(?:\r\n?|\n|\Z)', re.IGNORECASE)
_CANDIDATES = "\t;|,"
_SAMPLE = 65_536
_FEWEST_ALIKE = 0.5
_ALMOST = 0.8
_WITHIN_CELL = re.compile(r"(?<=\d),(?=\d)|,(?=\s)|[\t;|](?=\s)")
"""Signs that a number or a sentence in a cell may have."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """What comes of dividing the lines by one sign."""

    sign: str
    alike: float
    """The share of the lines with several cells, as many as the line above has."""
    clean: float
    """The share of the cells in which no other sign divides anything."""
    columns: int
    """How many columns have a text; with one, the sign only ends lines."""


def without_statement(text: str) -> tuple[str, str]:
    """Return the text without a first line such as "sep=;", and the sign that it states."""
    if match := _STATEMENT.match(text):
        return text[match.end() :], match["sign"]
    return text, ""


def delimiter_of(text: str, expected: str) -> str:
    """Return the sign between cells; where the text leaves it open, the `expected` one."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    trials = [trial for sign in _CANDIDATES if (trial := _try(sample, sign))]
    if not trials:
        # A comma with a space behind it may be a sentence's.
        counts = Counter(re.findall(rf"[{_CANDIDATES}](?!\s)|\t", sample))
        return max(counts, key=lambda sign: (sign == expected, counts[sign]), default=NO_DELIMITER)
    trials = [trial for trial in trials if trial.columns > 1] or trials
    most = max(trial.alike for trial in trials)
    near = [trial for trial in trials if trial.alike >= _ALMOST * most]
    return max(near, key=lambda trial: (trial.clean, trial.sign == expected, trial.alike)).sign


def _try(sample: str, sign: str) -> _Trial | None:
    if sign not in sample:
        return None
    try:
        rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=sign))
    except csv.Error:
        return None
    begin = next((number for number, row in enumerate(rows) if len(row) > 1), len(rows))
    rows = rows[begin:]  # the lines above a table have one cell
    pairs = [(len(one), len(two)) for one, two in pairwise(rows) if one and two]
    alike = sum(one == two > 1 for one, two in pairs) / len(pairs) if pairs else not begin
    if alike < _FEWEST_ALIKE:
        return None
    others = [other for other in _CANDIDATES if other != sign]
    cells = [_WITHIN_CELL.sub("", cell) for row in rows for cell in row if cell]
    clean = sum(not any(other in cell for other in others) for cell in cells)
    columns = {place for row in rows for place, cell in enumerate(row) if cell.strip()}
    return _Trial(sign, alike, clean / max(len(cells), 1), len(columns))
