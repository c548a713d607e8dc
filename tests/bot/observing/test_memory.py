from __future__ import annotations

import asyncio
import ctypes

import psutil  # type: ignore[import-untyped]
import pytest

from bot.observing import memory
from bot.observing.memory import give_back, give_back_in_time


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this is not glibc")
def test_what_lies_free_between_what_is_used_is_given_back() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    resident = psutil.Process().memory_info
    taken = []
    for _ in range(1_000):
        taken.append(libc.malloc(60_000))
        ctypes.memset(taken[-1], 1, 60_000)
    for place in taken[:-1:2] + taken[1:-1:2]:  # all but the last, which holds the heap's end up
        libc.free(place)
    before = resident().rss
    assert give_back()
    assert before - resident().rss > 30_000_000
    libc.free(taken[-1])


def test_where_there_is_no_such_thing_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert not give_back()


async def test_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    pauses: list[float] = []
    monkeypatch.setattr(memory, "give_back", lambda: given.append(len(pauses)))

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await give_back_in_time(pause)
    assert (given, pauses) == ([1, 2], [60.0] * 3)
