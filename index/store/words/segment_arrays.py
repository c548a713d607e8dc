"""The arrays of words that a segment has, laid out alike whether it is built or merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.segments.blocks import Arrays, narrowed, strings_of
from index.store.segments.segment import PLACES_MARKED, distinct, key_of
from index.text import fold

_Numbers = NDArray[np.int64]


def arrays_of_names(digests: NDArray[np.uint64], rows: NDArray[Any]) -> Arrays:
    """Return the arrays of what documents are called: of each digest the row of one of them."""
    known, counts = np.unique(digests, return_counts=True)
    return {
        "names.digest": known,
        "names.ends": np.cumsum(counts, dtype=np.uint32),
        "names.row": narrowed(rows[np.lexsort((rows, digests))]),
    }


def arrays_of_postings(
    texts: str,
    tokens: Sequence[str],
    postings: tuple[_Numbers, _Numbers, _Numbers, _Numbers],
    places: _Numbers,
    lengths: _Numbers,
) -> Arrays:
    """Return the arrays of the postings of documents or passages, by their token and row.

    Each of the `postings` has the number of its token, its row, and how often either column holds
    it; of each text the `lengths` have how many tokens it has.
    """
    token, row, first, second = postings
    sizes = first + second
    return {
        **strings_of(f"{texts}.token", tokens),
        f"{texts}.token_ends": narrowed(np.cumsum(np.bincount(token, minlength=len(tokens)))),
        f"{texts}.row": row.astype(np.uint32),
        f"{texts}.count0": narrowed(first),
        f"{texts}.count1": narrowed(second),
        f"{texts}.place": narrowed(places),
        f"{texts}.mark": (np.cumsum(sizes) - sizes)[::PLACES_MARKED].astype(np.uint64),
        f"{texts}.length": narrowed(lengths),
    }


def word_order(words: Iterable[str]) -> list[str]:
    """Return words in order, each once: those that may be spellings of one together."""
    plain = {word: fold(word) for word in words}
    return sorted(plain, key=lambda word: (key_of(plain[word]), word))


def arrays_of_words(
    words: Sequence[str], held: NDArray[np.uint32], ends: _Numbers, class_ends: _Numbers
) -> Arrays:
    """Return the arrays of the words of passages, which are in order.

    `held` has the numbers of those of each passage, up to each of the `ends`; the passages of each
    class are those up to each of its own.
    """
    plain = [fold(word) for word in words]
    begins = np.append(0, ends)[np.append(0, class_ends)]
    by_class = [distinct(held[a:b]) for a, b in pairwise(begins.tolist())]
    return {
        **strings_of("word", words),
        "word.letters": np.array([letters_of(each) for each in plain], np.uint32),
        "word.length": np.array([min(len(each), 255) for each in plain], np.uint8),
        "held": held,
        "held_ends": narrowed(ends),
        "class_held": np.concatenate((np.zeros(0, np.uint32), *by_class)),
        "class_held_ends": np.cumsum([len(each) for each in by_class], dtype=np.uint64),
    }


def letters_of(plain: str) -> int:
    """Return which letters a folded word has, as bits: those that are not of the alphabet share
    some."""
    bits = 0
    for letter in set(plain):
        bits |= 1 << (ord(letter) % 32)
    return bits
