"""Caches results of a method without keeping its object alive.

Objects here have mapped files, which take file handles and the room of files that were removed. An
`lru_cache` of a bound method makes a circle, which Python may find hours later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast
from weakref import WeakMethod

_P = ParamSpec("_P")
_T = TypeVar("_T")


def keep_results(method: Callable[_P, _T], most: int) -> Callable[_P, _T]:
    """Return a method of an object, for that to keep, with as many of the last results."""
    weak = WeakMethod(method)

    def called(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        bound = weak()
        assert bound is not None, "the object that keeps this is gone"
        return bound(*args, **kwargs)

    called.__module__, called.__qualname__ = method.__module__, method.__qualname__
    return cast(Callable[_P, _T], lru_cache(most)(called))
