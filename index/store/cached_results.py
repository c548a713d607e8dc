"""Caches results of a method without keeping its object alive.

Objects here have mapped files, which take file handles and the room of files that were removed. An
`lru_cache` of a bound method makes a circle, which Python may find hours later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast
from weakref import WeakMethod

__all__ = ["KeptValues", "keep_results"]

_K = TypeVar("_K")
_P = ParamSpec("_P")
_T = TypeVar("_T")


def keep_results(method: Callable[_P, _T], most: int) -> Callable[_P, _T]:
    """Return a method of an object, for that to keep, with as many of the last results."""
    weak = WeakMethod(method)

    def called(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        bound = weak()
        assert bound is not None, "the object that keeps this is gone"
        return bound(*args, **kwargs)

    return cast(Callable[_P, _T], lru_cache(most)(called))


class KeptValues(dict[_K, _T]):
    """Values that are made of keys when they are asked for, of which the first are kept.

    Those are where each search by halves begins.
    """

    def __init__(self, make: Callable[[_K], _T], most: int) -> None:
        """Take what makes a value; it must not hold the object that keeps this."""
        self._make = make
        self._most = most

    def __missing__(self, key: _K) -> _T:
        value = self._make(key)
        if len(self) < self._most:
            self[key] = value
        return value
