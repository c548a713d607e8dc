"""Admission: a bounded queue for questions, and a lookup pool that passes it.

All work that leaves the event loop goes through one Admission. A question takes a part of a second
on every core, so questions wait in line, and people who would wait too long are refused at once. A
look-up takes milliseconds and never waits behind questions.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    nullcontext,
    suppress,
)
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, Protocol, TypeVar
from weakref import WeakValueDictionary

from bot.errors import Busy, Ending, RecordsUnavailable, TooMany
from bot.records.parts.turns import BegunTurn

P = ParamSpec("P")
T = TypeVar("T")

_served: ContextVar[int | None] = ContextVar("served", default=None)
"""The person whom the current task serves."""
_admitted: ContextVar[bool] = ContextVar("admitted", default=False)
"""Whether another bot has admitted the question of the current task to its line."""
_MEMORY = 0.2
"""The weight of the newest question in the mean duration."""
_PATIENCE = 30.0
"""Seconds after which work that nobody waits for is done although people wait."""
_CLAIM_TIMEOUT = 0.8
"""Seconds."""
_SECONDS_AWAY = 30
"""Seconds after which to ask again when this process ends: another should run by then."""


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """How much may be in line or in work at the same time.

    `waiting`: questions of all people. `per_person`: questions of one person. `per_minute`:
    questions of one person in any sixty seconds. `at_once`: other acts of one person, such as
    clicks and autocompletion; `at_once_in_all`: those of all people.
    """

    waiting: int = 100
    per_person: int = 3
    per_minute: int = 20
    at_once: int = 10
    at_once_in_all: int = 500


@dataclass(frozen=True, slots=True)
class AdmissionState:
    """Questions `waiting` in line or in work, those that were `answered`, and those `in_work`."""

    waiting: int
    answered: int
    in_work: int = 0


class TurnsOfAll(Protocol):
    """The part of `bot.records.parts.turns.QuestionTurns` that is needed here."""

    def begin(self, person: int, *, per_person: int | None, per_minute: int) -> BegunTurn: ...

    def end(self, number: int) -> None: ...


class Admission:
    """Used from one event loop; the work itself runs in threads."""

    def __init__(
        self,
        limits: AdmissionLimits | None = None,
        *,
        workers: int = 2,
        turns: TurnsOfAll | None = None,
        at_least: Callable[[int], object] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`workers`: questions in work at once; one retrieves while another is with the reader.

        With `turns`, the limits of a person hold over all bots that share these; `at_least` is told
        of which generation a person who asks has seen an answer.
        """
        self.limits = limits or AdmissionLimits()
        self._clock = clock
        self._turns_of_all = turns
        self._at_least = at_least
        self._ending: set[asyncio.Task[None]] = set()
        self._workers = workers
        self._question_pool = ThreadPoolExecutor(workers, thread_name_prefix="ask")
        self._lookup_pool = ThreadPoolExecutor(2, thread_name_prefix="look-up")
        self._drawing_pool = ThreadPoolExecutor(2, thread_name_prefix="draw")
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._drawing_turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._present: Counter[int] = Counter()
        self._waiting: Counter[int] = Counter()
        self._recent: defaultdict[int, deque[float]] = defaultdict(deque)
        self._answered = 0
        self._mean: float | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._background = asyncio.Lock()
        self._closing = False
        self._closed = False

    @property
    def state(self) -> AdmissionState:
        waiting = self._waiting.total()
        in_work = min(waiting, self._workers)
        return AdmissionState(waiting, self._answered, in_work)

    @property
    def is_closing(self) -> bool:
        """Whether no more questions are admitted, since the bot ends."""
        return self._closing

    def enter(self, person: int, *, admitted: bool = False) -> None:
        """Count the current task as this person's until it ends.

        Raises Busy where this person, or all people together, have too many such tasks. It is the
        only limit to what passes the line. What another bot has `admitted` is never refused.
        """
        limits = self.limits
        _admitted.set(admitted)
        if not admitted and (
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

    @asynccontextmanager
    async def turn(self, person: int) -> AsyncIterator[None]:
        """Keep a place in line for a question of this person, until the block ends.

        Raises Busy and TooMany at once.
        """
        number = None
        if not _admitted.get():
            self._admit(person)
            number = await self._begin_for_all(person)
        self._waiting[person] += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._waiting[person] -= 1
            if not self._waiting[person]:
                del self._waiting[person]
            if not self._waiting:
                self._idle.set()
            if number is not None:
                ending = asyncio.create_task(self._end_for_all(number))
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)
        self._answered += 1

    async def _begin_for_all(self, person: int, *, in_line: bool = True) -> int | None:
        """Begin a turn that counts at all bots; None where there is one bot, or nobody can tell."""
        if self._turns_of_all is None:
            return None
        begin = partial(
            self._turns_of_all.begin,
            per_person=self.limits.per_person if in_line else None,
            per_minute=self.limits.per_minute,
        )
        with suppress(RecordsUnavailable):
            begun = await _run_in(self._lookup_pool, partial(begin, person))
            self._at_least(begun.generation)
            return begun.number
        return None

    async def _end_for_all(self, number: int) -> None:
        assert self._turns_of_all is not None
        with suppress(RecordsUnavailable):  # it ends by itself in some minutes
            await _run_in(self._lookup_pool, partial(self._turns_of_all.end, number))

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work for the engine, in line behind all that wait for it.

        Only `turn` refuses people. Raises Busy where admission closes before the work has begun.
        Cancelling the caller takes the work out of the line if it has not begun.
        """
        timed = partial(self._timed, partial(work, *args, **kwargs))
        result, seconds = await self._in_line(timed)
        self._mean = (
            seconds if self._mean is None else self._mean + _MEMORY * (seconds - self._mean)
        )
        return result

    async def run_idle(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work for the engine that nobody waits for: one at a time, while nobody is in line.

        Where there is always somebody, it gets its turn after _PATIENCE seconds all the same.
        Raises Busy where admission closes before the work has begun.
        """
        async with self._background:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):  # `wait_for` may swallow a cancellation
                    await self._idle.wait()
            return await self._in_line(partial(work, *args, **kwargs))

    async def run_apart(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that another process does, such as drawing, past the line.

        A file may be made to take long: no question waits for it, and of one person one piece is in
        work at a time, so that nobody keeps all of the pool from the others. Raises Busy where
        admission closes before the work has begun.
        """
        call = partial(work, *args, **kwargs)
        async with _turn_of(_served.get(), self._drawing_turns):
            return await self._in_line(call, self._drawing_pool)

    async def _in_line(self, work: Callable[[], T], pool: ThreadPoolExecutor | None = None) -> T:
        if self._closed:
            raise Ending(_SECONDS_AWAY)
        try:
            return await _run_in(pool or self._question_pool, work)
        except asyncio.CancelledError:
            if self._closed and not _cancelled_from_outside():
                raise Ending(_SECONDS_AWAY) from None
            raise

    async def run_quick(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work of milliseconds in the lookup pool, past the line.

        A person uses one thread of the pool at most, so that nobody keeps it from the others.
        """
        call = partial(work, *args, **kwargs)
        async with _turn_of(_served.get(), self._turns):
            return await _run_in(self._lookup_pool, call)

    async def close(self, patience: float) -> bool:
        """Admit no more questions; return whether all were done within `patience` seconds.

        Otherwise those still in line raise Busy. The lookup pool goes on, since answers are still
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
            self._question_pool.shutdown(wait=False, cancel_futures=True)
            self._drawing_pool.shutdown(wait=False, cancel_futures=True)

    async def count(self, person: int) -> None:
        """Count an act that others see like a question of this person; raises TooMany.

        Discord may still wait for an answer to it, so it is not waited long for the other bots.
        """
        self._recent_questions(person).append(self._clock())
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLAIM_TIMEOUT):
                await self._begin_for_all(person, in_line=False)

    def _recent_questions(self, person: int) -> deque[float]:
        """Return when they asked in the last minute; raises TooMany where they may not ask now."""
        now = self._clock()
        recent = self._recent[person]
        while recent and now - recent[0] >= 60:
            recent.popleft()
        if len(recent) >= self.limits.per_minute:
            raise TooMany(math.ceil(60 - (now - recent[0])))
        return recent

    def require_room(self, person: int) -> None:
        """Raise what `turn` would raise now, before others could see that it does."""
        if not _admitted.get():
            self._room(person)
            self._require_open()

    def _room(self, person: int) -> deque[float]:
        """Return when they asked in the last minute; raises Busy and TooMany."""
        recent = self._recent_questions(person)
        if self._waiting[person] >= self.limits.per_person:
            raise TooMany(self._seconds_until_free())
        if self._waiting.total() >= self.limits.waiting:
            raise Busy(self._seconds_until_free())
        return recent

    def _admit(self, person: int) -> None:
        recent, now = self._room(person), self._clock()
        recent.append(now)  # also where another bot answers it, as this one ends
        self._require_open()
        if len(self._recent) > 10_000:  # drop people who have not asked within the last minute
            self._recent = defaultdict(
                deque,
                {who: ts for who, ts in self._recent.items() if ts and now - ts[-1] < 60},
            )

    def _require_open(self) -> None:
        if self._closing:
            raise Ending(_SECONDS_AWAY)

    def _seconds_until_free(self) -> int:
        return max(1, math.ceil((self._mean or 1) * self._waiting.total() / self._workers / 2))

    def _timed(self, work: Callable[[], T]) -> tuple[T, float]:
        began = self._clock()
        return work(), self._clock() - began


def _turn_of(
    person: int | None, turns: WeakValueDictionary[int, asyncio.Lock]
) -> AbstractAsyncContextManager[object]:
    """Return the lock of a person, which those who wait for it keep alive; none for nobody."""
    return nullcontext() if person is None else turns.setdefault(person, asyncio.Lock())


async def _run_in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    # With the context of the caller, so that lines that are logged there have the question's id.
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(pool, context.run, work)


def _cancelled_from_outside() -> bool:
    """Return whether the caller was cancelled, and not the work by `close`."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
