"""Bounded caches of the bot's process: what they hold, how often it is used, and emptying them."""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from enum import Enum
from functools import _lru_cache_wrapper, partial
from typing import Any
from weakref import WeakSet

import numpy as np

from index.answering.kinds.tables import candidates
from index.store.words.postings import _Cache

_OURS = ("bot.", "index.")
_LINK = 64
"""Bytes of an entry of an `lru_cache` beside those of its key, its value and its dictionary."""
_VALUES = (str, bytes, int, float, tuple, list, dict, set, frozenset, np.ndarray)

_loaded = WeakSet[Any]()


@dataclass(frozen=True, slots=True)
class CacheUse:
    """The use of a cache, or of all that keep results of one function, since it was last emptied.

    `kept` entries of at most `most` take so many `bytes`. Hits on posting lists are not counted.
    """

    name: str
    kept: int
    most: int
    bytes: int
    hits: int
    misses: int

    @property
    def full(self) -> float:
        """Bytes when it is full, of entries of the size that they have."""
        return self.bytes / self.kept * self.most if self.kept else 0.0


def note_caches() -> None:
    """Remember the caches that are there once the bot is loaded: what it freezes then, so that
    garbage is not looked for in it, the collector no longer lists."""
    gc.unfreeze()
    _loaded.update(_caches())
    gc.freeze()


def empty_caches() -> list[_lru_cache_wrapper[object]]:
    """Empty those with a bound, which depend on what was asked last; return those of our own
    functions."""
    emptied = []
    for cache in {*_caches(), *_loaded}:
        if isinstance(cache, _Cache):
            with cache._lock:
                cache._kept.clear()
                cache._bytes = 0
        elif cache.cache_parameters()["maxsize"] is not None:
            cache.cache_clear()
            emptied += [cache] * _is_ours(cache)
    candidates._read.clear()
    return emptied


def use_of_caches() -> list[CacheUse]:
    """Return how our own caches with a bound were used, by name, and empty all."""
    used: defaultdict[str, list[CacheUse]] = defaultdict(list)
    for cache in {*_caches(), *_loaded}:
        if (use := _use_of(cache)) is not None:
            used[use.name].append(use)
    empty_caches()
    return sorted(map(_together, used.values()), key=lambda use: -use.bytes)


def _use_of(cache: Any) -> CacheUse | None:
    if isinstance(cache, _Cache):
        with cache._lock:
            kept = [*cache._kept.items()]
        return CacheUse("posting lists", len(kept), cache._most_tokens, _bytes_of(kept), 0, 0)
    info = cache.cache_info()
    if info.maxsize is None or not _is_ours(cache):
        return None
    size = info.currsize and _bytes_of(gc.get_referents(cache)) + _LINK * info.currsize
    return CacheUse(_name_of(cache), info.currsize, info.maxsize, size, info.hits, info.misses)


def _together(uses: list[CacheUse]) -> CacheUse:
    """Return the use of caches of one name, such as of two generations, as that of one."""
    sums = [sum(values) for values in zip(*map(_figures, uses), strict=True)]
    return CacheUse(uses[0].name, *sums)


def _figures(use: CacheUse) -> tuple[int, ...]:
    return use.kept, use.most, use.bytes, use.hits, use.misses


def _bytes_of(found: Iterable[object]) -> int:
    """Return the bytes of plain values, arrays and dataclasses, and of all that they hold."""
    seen, waiting, size = set[int](), list(found), 0
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type | Enum | np.memmap):
            continue
        if not (isinstance(each, _VALUES) or is_dataclass(each)):
            continue
        seen.add(id(each))
        size += sys.getsizeof(each)
        waiting += gc.get_referents(each)
        if isinstance(each, np.ndarray) and each.base is not None:
            waiting.append(each.base)
    return size


def _is_ours(cache: _lru_cache_wrapper[object]) -> bool:
    return _name_of(cache).startswith(_OURS)


def _name_of(cache: _lru_cache_wrapper[object]) -> str:
    function = cache.__wrapped__
    while isinstance(function, partial):
        function = function.func
    # That of sqlite3, for statements, wraps no function.
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{function.__module__}.{name}"


def _caches() -> list[Any]:
    with alone():
        return [each for each in gc.get_objects() if type(each) in (_lru_cache_wrapper, _Cache)]


@contextmanager
def alone() -> Iterator[None]:
    """Let no other thread run meanwhile, as far as Python can.

    A thread that is about to fill a tuple fails with SystemError if another one has got hold of
    it, which `gc.get_objects` does: https://bugs.python.org/issue15108.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.5)
    try:
        time.sleep(0)  # whoever waits for its turn does so with the interval of before
        yield
    finally:
        sys.setswitchinterval(usual)
