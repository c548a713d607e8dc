"""Outline: heading paths of a document, and the places in it that a person may name."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz, process

from bot.errors import UnknownPage
from bot.library.errors import UnknownHeading
from bot.library.matching import Grade, Matcher, folded_words
from bot.library.viewing.headings import DocumentHeading, headings_of
from index.document import Document

_SIMILAR = 45
"""The least similarity, from 0 to 100, of a heading that is suggested as "did you mean"."""
_ARROW = " › "
_PAGE = re.compile(
    r"(?P<word>pages?|pp?|pg|slide|sheet)?[\s.#]*+(?P<number>\d{1,6})?\s*", re.IGNORECASE
)
_MOST_LABELLED = 2_000_000
"""Characters of all labels; a heading after that has no place that can be named. Long headings
above a hundred thousand short ones would make labels of gigabytes."""


class Outline:
    """The headings of a document with their paths, which leave out its title."""

    def __init__(self, document: Document) -> None:
        self.headings: Sequence[DocumentHeading] = tuple(headings_of(document))
        self.paths = _paths(self.headings, document.title)
        self._document = document
        self._starts = [heading.span.start for heading in self.headings]
        labels = list(_labels(self.paths))
        named = self.headings[: len(labels)]
        self._places = Matcher(
            (heading.text, label) for heading, label in zip(named, labels, strict=True)
        )
        # A suggestion that is chosen must lead to this heading and to no other.
        folded = [folded_words(heading.text) for heading in named]
        times = Counter(folded)
        self._labels = [
            heading.text if times[words] == 1 else label
            for heading, words, label in zip(named, folded, labels, strict=True)
        ]

    def path_at(self, offset: int) -> tuple[str, ...]:
        """Return the headings above the character at `offset`, the outermost first."""
        above = bisect.bisect_right(self._starts, offset)
        return self.paths[above - 1] if above else ()

    def suggest(self, typed: str, limit: int) -> list[str]:
        """Return at most `limit` pages ("page 3") and headings for `resolve`, best first.

        A heading that occurs more than once has its path before it. Where nothing was typed: the
        headings in reading order, then the pages.
        """
        typed = typed.strip()
        numbers = [str(number) for number in range(1, len(self._document.pages) + 1)]
        if not folded_words(typed):
            places = [*self._labels, *(f"page {number}" for number in numbers)]
        else:
            places = [self._labels[m.index] for m in self._places.best(typed, limit)]
            page = _PAGE.fullmatch(typed)
            if page and page["number"]:
                places[:0] = [f"page {n}" for n in numbers if n.startswith(page["number"])]
            elif page or "page".startswith(typed.lower()):
                places += [f"page {n}" for n in numbers]
        named = (place for place in dict.fromkeys(places) if folded_words(place))
        return list(islice(named, limit))

    def resolve(self, place: str | None) -> int:
        """Return the offset of "3", "p. 3", "page 3", a heading or a heading path; 0 for None.

        A heading may be typed in part or with errors; the best match counts, the first of equal
        ones. Raises UnknownPage and UnknownHeading.
        """
        place = (place or "").strip()
        if not place:
            return 0
        name, pages = self._document.name, self._document.pages
        title = folded_words(self._document.title)
        words = folded_words(place).removeprefix(f"{title} ")  # as the first part of a path
        matches = self._places.best(words, 1)
        page = _PAGE.fullmatch(place)
        if page and page["number"]:
            number = int(page["number"])
            if 1 <= number <= len(pages):
                return pages[number - 1].start
            # "3" may begin a heading ("3. Fuel"), "page 3" may only be a whole one.
            least = Grade.EXACT if page["word"] else Grade.WORDS
            if not matches or matches[0].grade < least:
                raise UnknownPage(name, number, len(pages))
        if not matches:
            near = process.extract(
                folded_words(place), list(map(folded_words, self._labels)), scorer=fuzz.ratio
            )
            similar = [self._labels[index] for _, score, index in near if score >= _SIMILAR]
            raise UnknownHeading(
                name,
                place,
                similar=tuple(dict.fromkeys(similar))[:3],
                pages=len(pages) or None,
                first=tuple(dict.fromkeys(self._labels))[:3],
            )
        return self._starts[matches[0].index]

    def find(self, path: tuple[str, ...]) -> DocumentHeading | None:
        """Return the first heading with this path, or else the first with its last part."""
        if not path:
            return None
        folded = lru_cache(None)(folded_words)
        wanted = [folded(part) for part in path]
        last: DocumentHeading | None = None
        for heading, known in zip(self.headings, self.paths, strict=True):
            if folded(heading.text) != wanted[-1]:
                continue
            if [folded(part) for part in known] == wanted:
                return heading
            last = last or heading
        return last


def _labels(paths: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield how each path is written out, as far as all of them are not too long."""
    left = _MOST_LABELLED
    for path in paths:
        label = _ARROW.join(path)
        left -= len(label)
        if left < 0:
            return
        yield label


def _paths(headings: Sequence[DocumentHeading], title: str) -> list[tuple[str, ...]]:
    paths = []
    above: list[DocumentHeading] = []
    for heading in headings:
        above = [*(h for h in above if h.level < heading.level), heading]
        path = tuple(h.text for h in above)
        paths.append(path[1:] if path[0] == title else path)
    return paths
