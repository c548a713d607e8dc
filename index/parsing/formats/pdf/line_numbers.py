"""Numbers that a PDF's page has before each of its lines, as transcripts and bills do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.parsing.page_content import PageContent, Word

__all__ = ["LineNumbers"]

_FEWEST = 15  # lines of a page
_MOST_BEGINNINGS = 10
_COLUMN_DISTANCE = (
    1.5  # of the type size: numbers whose left edges are further apart are of two columns
)
_UNEVEN = 0.15  # of the distance between lines
_SAME_LINE = 0.3  # of the type size


class LineNumbers:
    """Takes the numbers of lines from pages, which stand in no sentence."""

    def __init__(self) -> None:
        self._count = 0
        """How many lines are counted on the pages, once that is known."""

    def without(self, page: PageContent) -> PageContent:
        """Return the page without them; a numbered list, or a table's first column, stays."""
        numbers = _counted(page.words)
        if len(numbers) < _FEWEST or not self._are_of_lines(numbers, page.words):
            return page
        dropped = set(map(id, numbers))
        return replace(page, words=[word for word in page.words if id(word) not in dropped])

    def _are_of_lines(self, numbers: Sequence[Word], words: Sequence[Word]) -> bool:
        """Return whether sentences go on over the lines, of which some are blank on some page."""
        begins = _beginnings(numbers, words)
        if begins is None:
            return False
        texts = [word.text for word in begins if word is not None]
        lower = sum(text[0].islower() for text in texts)
        if lower < 2 or sum(text[0].isupper() for text in texts) < 2:
            return False
        if len(texts) < len(numbers):
            self._count = len(numbers)
        return len(numbers) == self._count


def _counted(words: Sequence[Word]) -> list[Word]:
    """Return the words 1, 2, 3 and so on that stand evenly below each other."""
    by_value: defaultdict[str, list[Word]] = defaultdict(list)
    for word in words:
        if len(word.text) <= 2 and word.text.isdecimal() and not word.turned:
            by_value[word.text].append(word)
    if len(by_value) < _FEWEST:
        return []
    longest: list[Word] = []
    for first in by_value["1"][:_MOST_BEGINNINGS]:
        found = [first]
        while below := [
            word
            for word in by_value.get(str(len(found) + 1), ())
            if word.baseline > found[-1].baseline + word.size / 2
            and abs(word.box.left - first.box.left) < _COLUMN_DISTANCE * first.size
        ]:
            found.append(min(below, key=lambda word: word.baseline))
        longest = max(longest, found, key=len)
    steps = sorted(below.baseline - above.baseline for above, below in pairwise(longest))
    is_even = bool(steps) and steps[-1] - steps[0] < _UNEVEN * steps[0]
    return longest if is_even else []


def _beginnings(numbers: Sequence[Word], words: Sequence[Word]) -> list[Word | None] | None:
    """Return the first word of each line, None for a blank one; None where words stand before."""
    right = max(number.box.right for number in numbers)
    own = set(map(id, numbers))
    found: list[Word | None] = [None] * len(numbers)
    rows = sorted((word for word in words if id(word) not in own), key=lambda word: word.baseline)
    at = 0
    for word in rows:
        near = _SAME_LINE * word.size
        while at < len(numbers) and numbers[at].baseline < word.baseline - near:
            at += 1
        if at == len(numbers):
            break
        if word.turned or abs(numbers[at].baseline - word.baseline) > near:
            continue
        if word.box.left < right:
            return None
        first = found[at]
        if first is None or word.box.left < first.box.left:
            found[at] = word
    return found
