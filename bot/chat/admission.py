"""Where work leaves the event loop: a bounded queue for questions, a short way for looking up.

Every face that serves many people at once goes through one Desk. A question takes a good part of a
second on every core, so questions wait in line, and whoever cannot be served soon is told so at
once; looking something up takes milliseconds and never waits behind them.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

from bot.errors import Busy, TooMany

__all__ = ["Admission", "AdmissionLimits", "AdmissionState"]

P = ParamSpec("P")
T = TypeVar("T")

_served: ContextVar[int | None] = ContextVar("served", default=None)
"""The person whom the current task serves."""
_MEMORY = 0.2
"""The weight of the newest question in the mean duration."""
_SECONDS_AWAY = 30
"""What whoever asks a closing desk is told: by then another process should be there."""


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """`waiting` questions at most are in line, those in work included. One person may have
    `per_person` of them, and ask `per_minute` in any sixty seconds.

    Besides, `at_once` of whatever else they do is served at the same time, clicks and what is
    offered while they type included, and `at_once_in_all` of all people's.
    """

    waiting: int = 100
    per_person: int = 3
    per_minute: int = 20
    at_once: int = 10
    at_once_in_all: int = 500


@dataclass(frozen=True, slots=True)
class AdmissionState:
    """`waiting` counts questions in line or in work, `in_work` those in work; seconds are None
    before the first one."""

    waiting: int
    answered: int
    mean_seconds: float | None
    worst_seconds: float | None
    in_work: int = 0


class Admission:
    """Used from one event loop; the work itself runs in threads."""

    def __init__(
        self,
        limits: AdmissionLimits | None = None,
        *,
        workers: int = 2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`workers` questions are in work at once: one retrieves while another's pairs are read."""
        self.limits = limits or AdmissionLimits()
        self._clock = clock
        self._workers = workers
        self._askers = ThreadPoolExecutor(workers, thread_name_prefix="ask")
        self._clerks = ThreadPoolExecutor(2, thread_name_prefix="look-up")
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._present: Counter[int] = Counter()
        self._waiting: Counter[int] = Counter()
        self._recent: defaultdict[int, deque[float]] = defaultdict(deque)
        self._answered = 0
        self._mean: float | None = None
        self._recent_seconds: deque[float] = deque(maxlen=100)
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._closed = False

    @property
    def state(self) -> AdmissionState:
        worst = max(self._recent_seconds, default=None)
        waiting = self._waiting.total()
        in_work = min(waiting, self._workers)
        return AdmissionState(waiting, self._answered, self._mean, worst, in_work)

    def enter(self, person: int) -> None:
        """The current task serves this person until it ends.

        Raises Busy where they have too much going on, or all people together have: it bounds what
        passes the line, of which nobody is refused any more.
        """
        limits = self.limits
        if (
            self._present[person] >= limits.per_person + limits.at_once
            or self._present.total() >= limits.waiting + limits.at_once_in_all
        ):
            raise Busy(1)
        task = asyncio.current_task()
        assert task is not None
        _served.set(person)
        self._present[person] += 1
        task.add_done_callback(lambda _: self._leave(person))

    def _leave(self, person: int) -> None:
        self._present[person] -= 1
        if not self._present[person]:
            del self._present[person]

    @contextmanager
    def turn(self, person: int) -> Iterator[None]:
        """Keep a place in line for a question of this person's, until it is answered.

        Raises Busy and TooMany at once.
        """
        self._admit(person)
        self._waiting[person] += 1
        self._idle.clear()
        began = self._clock()
        try:
            yield
        finally:
            self._waiting[person] -= 1
            if not self._waiting[person]:
                del self._waiting[person]
            if not self._waiting:
                self._idle.set()
        self._answered += 1
        self._recent_seconds.append(self._clock() - began)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what asks the engine, in line behind all others that wait for it.

        Nobody is refused for it, only for a `turn`. Raises Busy where the desk closes before it
        has begun. Cancelling the caller takes it out of the line if it has not begun.
        """
        if self._closed:
            raise Busy(_SECONDS_AWAY)
        timed = partial(self._timed, partial(work, *args, **kwargs))
        try:
            result, seconds = await _run_in(self._askers, timed)
        except asyncio.CancelledError:
            if self._closed and not _cancelled_from_outside():
                raise Busy(_SECONDS_AWAY) from None
            raise
        self._mean = (
            seconds if self._mean is None else self._mean + _MEMORY * (seconds - self._mean)
        )
        return result

    async def run_quick(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what takes milliseconds, past the line.

        A person has one clerk at most, and waits for that one, so that nobody keeps both from the
        others.
        """
        call = partial(work, *args, **kwargs)
        person = _served.get()
        if person is None:
            return await _run_in(self._clerks, call)
        turn = self._turns.setdefault(person, asyncio.Lock())  # kept by those who wait for it
        async with turn:
            return await _run_in(self._clerks, call)

    async def close(self, patience: float) -> bool:
        """Takes no more questions; True if those in work were done within `patience` seconds.

        Else those still in line raise Busy. Looking up goes on: what is answered by then is still
        to be sent and recorded.
        """
        self._closing = True
        try:
            if not self._idle.is_set():  # without patience, `wait_for` would not look
                await asyncio.wait_for(self._idle.wait(), patience)
            return True
        except TimeoutError:
            return False
        finally:
            self._closed = True
            self._askers.shutdown(wait=False, cancel_futures=True)

    def count(self, person: int) -> None:
        """Counts what others will see as a question that was asked. Raises TooMany."""
        self._asked_of_late(person).append(self._clock())

    def _asked_of_late(self, person: int) -> deque[float]:
        """When they asked within the last minute; raises TooMany where they may not ask now."""
        now = self._clock()
        recent = self._recent[person]
        while recent and now - recent[0] >= 60:
            recent.popleft()
        if len(recent) >= self.limits.per_minute:
            raise TooMany(math.ceil(60 - (now - recent[0])))
        return recent

    def _admit(self, person: int) -> None:
        if self._closing:
            raise Busy(_SECONDS_AWAY)
        now = self._clock()
        recent = self._asked_of_late(person)
        if self._waiting[person] >= self.limits.per_person:
            raise TooMany(self._seconds_until_free())
        if self._waiting.total() >= self.limits.waiting:
            raise Busy(self._seconds_until_free())
        recent.append(now)
        if len(self._recent) > 10_000:  # whoever has not asked within the last minute
            self._recent = defaultdict(
                deque,
                {who: ts for who, ts in self._recent.items() if ts and now - ts[-1] < 60},
            )

    def _seconds_until_free(self) -> int:
        return max(1, math.ceil((self._mean or 1) * self._waiting.total() / self._workers / 2))

    def _timed(self, work: Callable[[], T]) -> tuple[T, float]:
        began = self._clock()
        return work(), self._clock() - began


async def _run_in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    # With what is bound here, so that a line logged there says which question it belongs to.
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, context.run, work)


def _cancelled_from_outside() -> bool:
    """Whether it is the caller that was cancelled, and not the work in the closing desk's line."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
