"""Where the words of an excerpt stand on a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate

from index.parsing.page_content import Box, Word

_LONGEST = 6_000
"""Letters of an excerpt that are looked for."""
_RUNS = (5, 3, 1)
"""Words in a row by which an excerpt is known that a page has in another order or divided."""
_ENOUGH = 0.6
_MARK_GAP = 1.2
"""Of the type size: words with less between them are marked together."""


def boxes_of(words: Sequence[Word], excerpt: str, before: str = "") -> list[Box]:
    """Return boxes over the words of an excerpt, of a page's words in the order of drawing.

    Where it stands there more than once, `before`, the text before it, tells which one is meant.
    """
    texts = [_letters(word.text) for word in words]
    wanted = _letters(excerpt)[:_LONGEST]
    if not wanted:
        return []
    page = "".join(texts)
    ends = list(accumulate(map(len, texts)))
    start = _place(page, wanted, _letters(before[-200:]))
    if start >= 0:
        end = start + len(wanted)
        found = [
            number
            for number, last in enumerate(ends)
            if last > start and last - len(texts[number]) < end and texts[number]
        ]
    else:
        found = _scattered(texts, [part for part in map(_letters, excerpt.split()) if part])
    return _joined(words, found)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _place(page: str, wanted: str, before: str) -> int:
    """Return where the letters stand that have most of `before` in front of them; -1 without."""
    best, most = -1, -1
    start = page.find(wanted)
    for _ in range(200):
        if start < 0:
            break
        alike = _alike(page[max(0, start - len(before)) : start], before)
        if alike > most:
            best, most = start, alike
        start = page.find(wanted, start + 1)
    return best


def _alike(one: str, other: str) -> int:
    """Return how many letters at the end are the same."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _scattered(texts: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return the words of a page that follow each other in the excerpt as well."""
    places = [number for number, text in enumerate(texts) if text]
    page = [texts[number] for number in places]
    for run in _RUNS:
        if len(wanted) < run:
            continue
        known = {tuple(wanted[at : at + run]) for at in range(len(wanted) - run + 1)}
        found = {
            at + n
            for at in range(len(page) - run + 1)
            if tuple(page[at : at + run]) in known
            for n in range(run)
        }
        share = len({page[at] for at in found}) / len(set(wanted))
        if found and (share >= _ENOUGH or (run > 1 and len(found) >= 2 * run)):
            if run == 1 and len(found) > 2 * len(wanted):
                return []  # common words, all over the page
            return [places[at] for at in sorted(found)]
    return []


def _joined(words: Sequence[Word], numbers: Iterable[int]) -> list[Box]:
    """Return the boxes of words, those beside each other on a line in one."""
    boxes: list[Box] = []
    last = -2
    for number in numbers:
        box, size = words[number].box, words[number].size
        if boxes and number == last + 1 and _are_beside(boxes[-1], box, size * _MARK_GAP):
            one = boxes.pop()
            box = Box(
                min(one.left, box.left),
                min(one.top, box.top),
                max(one.right, box.right),
                max(one.bottom, box.bottom),
            )
        boxes.append(box)
        last = number
    return boxes


def _are_beside(one: Box, other: Box, gap: float) -> bool:
    height = min(one.bottom - one.top, other.bottom - other.top)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = max(one.left, other.left) - min(one.right, other.right)
    return shared > height / 2 and apart < gap
