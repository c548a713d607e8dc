"""Words that are written with spaces between their letters, "T h i s", as layers of scans have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from statistics import median

from index.english_words import listed_words
from index.parsing.page_content import Box, Word

__all__ = ["without_spaced_letters"]

_FEWEST = 5
"""Letters in a row that may be words written like this; "A B C" are labels."""
_SAME_LINE, _FURTHEST = 0.35, 1.6  # of the type size
_WIDEST = 0.6
"""Of the type size: usually as far apart as the letters of a word, and no cells of a rota, are."""
_APART = 1.6
"""Of the distance between two letters of a word: that between two words."""
_MOSTLY = 0.6
"""Of the words of a page: where so many are single letters, all of it is written like this."""

_listed = cache(listed_words)


def without_spaced_letters(words: list[Word]) -> list[Word]:
    """Return the words of a page with letters that are set apart joined to what they spell."""
    letters = sum(len(word.text) == 1 and word.text.isalpha() for word in words)
    if letters < _FEWEST:
        return words
    is_page = letters > _MOSTLY * len(words)
    found: list[Word] = []
    for run in _runs(words):
        joined = _joined(run) if sum(word.text.isalpha() for word in run) >= _FEWEST else []
        # Cells of a table stand at even distances, words do not.
        is_word = (is_page and len(joined) > 1) or _are_known(joined)
        found += joined if joined and is_word else run
    return found


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield single letters that follow each other on a line together, all other words alone."""
    run: list[Word] = []
    for word in words:
        if run and not (len(word.text) == 1 and _follows(run[-1], word)):
            yield run
            run = []
        if len(word.text) == 1 and not word.turned:
            run.append(word)
        else:
            yield [word]
    if run:
        yield run


def _follows(one: Word, two: Word) -> bool:
    gap = two.box.left - one.box.right
    on_line = abs(two.baseline - one.baseline) <= _SAME_LINE * one.size
    return on_line and 0 <= gap <= _FURTHEST * one.size and not two.turned


def _joined(run: Sequence[Word]) -> list[Word]:
    """Return the words that letters spell, parted where they stand further apart than others.

    There are none where all of them stand far apart.
    """
    gaps = [two.box.left - one.box.right for one, two in pairwise(run)]
    usual = median(gaps)
    if usual > _WIDEST * run[0].size:
        return []
    groups = [[run[0]]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > _APART * usual:
            groups.append([])
        groups[-1].append(word)
    return [_word(group) for group in groups]


def _word(letters: Sequence[Word]) -> Word:
    boxes = [letter.box for letter in letters]
    box = Box(
        boxes[0].left, min(box.top for box in boxes),
        boxes[-1].right, max(box.bottom for box in boxes),
    )  # fmt: skip
    return letters[0]._replace(text="".join(letter.text for letter in letters), box=box)


def _are_known(words: Sequence[Word]) -> bool:
    """Return whether most of the longer words are listed."""
    longer = [word.text.lower() for word in words if len(word.text) > 2 and word.text.isalpha()]
    return 2 * sum(word in _listed() for word in longer) > len(longer)
