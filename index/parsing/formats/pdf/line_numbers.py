"""Numbers that a PDF's page has before each of its lines, as transcripts and bills do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from index.errors import UnreadableDocument
from index.parsing.page_content import PageContent, Word

_FEWEST = 15  # lines of a page
_MOST_BEGINNINGS = 10
_COLUMN_DISTANCE = (
    1.5  # of the type size: numbers whose left edges are further apart are of two columns
)
_UNEVEN = 0.15  # of the distance between lines
_SAME_LINE = 0.3  # of the type size
_FIRST_PAGES = 4
_SAME_PLACE = 2  # points


class LineNumbers:
    """Takes the numbers of lines from pages, which stand in no sentence."""

    def __init__(self) -> None:
        self._count = 0
        """How many lines are counted on the pages, once that is known."""
        self._printed: list[Word] = []
        """The numbers that each sheet of the paper has, whatever is written beside them."""

    def look_ahead(self, pages: Iterator[PageContent]) -> Iterator[PageContent]:
        """Yield the pages, of which the first ones tell whether numbers are printed on each."""
        first: list[PageContent] = []
        fault = None
        try:
            first.extend(islice(pages, _FIRST_PAGES))
        except UnreadableDocument as exc:
            fault = exc
        self._printed = _printed(first)
        yield from first
        if fault is not None:
            raise fault
        yield from pages

    def without(self, page: PageContent) -> PageContent:
        """Return the page without them; a numbered list, or a table's first column, stays."""
        numbers = _counted(page.words)
        if len(numbers) < _FEWEST:
            return page
        if not _same_places(numbers, self._printed) and not self._are_of_lines(numbers, page.words):
            return page
        dropped = set(map(id, numbers))
        return replace(page, words=[word for word in page.words if id(word) not in dropped])

    def _are_of_lines(self, numbers: Sequence[Word], words: Sequence[Word]) -> bool:
        """Return whether sentences go on over the lines, of which some are blank on some page."""
        begins = _beginnings(numbers, words)
        if begins is None:
            return False
        texts = [word.text for word in begins if word is not None]
        if not _go_on(texts):
            return False
        if len(texts) < len(numbers):
            self._count = len(numbers)
        return len(numbers) == self._count


def _printed(pages: Sequence[PageContent]) -> list[Word]:
    """Return the numbers that stand at the same places on two pages, left of sentences."""
    before: list[Word] = []
    for page in pages:
        numbers = _counted(page.words)
        if len(numbers) < _FEWEST or not _go_on(_line_beginnings(numbers, page.words)):
            continue
        if _same_places(numbers, before):
            return numbers
        before = numbers
    return []


def _same_places(numbers: Sequence[Word], others: Sequence[Word]) -> bool:
    return len(numbers) == len(others) and all(
        abs(one.baseline - other.baseline) < _SAME_PLACE
        and abs(one.box.right - other.box.right) < _SAME_PLACE
        for one, other in zip(numbers, others, strict=True)
    )


def _go_on(texts: Sequence[str]) -> bool:
    """Return whether lines that begin with these words are of sentences."""
    lower = sum(text[0].islower() for text in texts)
    return lower >= 2 and sum(text[0].isupper() for text in texts) >= 2


def _line_beginnings(numbers: Sequence[Word], words: Sequence[Word]) -> list[str]:
    """Return the first words of lines, wherever these stand beside the numbers.

    There are none where words stand before the numbers, or each line has its number: then they may
    be of a table.
    """
    right = max(number.box.right for number in numbers)
    top, bottom = numbers[0].baseline, numbers[-1].baseline
    own = set(map(id, numbers))
    found: list[Word] = []
    for word in sorted(words, key=lambda word: word.baseline):
        if id(word) in own or word.turned or not top <= word.baseline <= bottom:
            continue
        if word.box.left < right:
            return []
        if not found or word.baseline - found[-1].baseline > _SAME_LINE * word.size:
            found.append(word)
        elif word.box.left < found[-1].box.left:
            found[-1] = word
    beside = _beginnings(numbers, words) or []
    has_others = len(found) > len(beside) - beside.count(None)
    return [word.text for word in found] if has_others or None in beside else []


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
