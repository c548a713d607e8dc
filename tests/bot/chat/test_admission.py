"""Admission: who is admitted, who is told to come again and when, and what closing does."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from bot.chat.admission import Admission, AdmissionLimits
from bot.errors import Busy, Ending, TooMany
from index.errors import BriefingError

T = TypeVar("T")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Work:
    """Work that is done when it is let; `begun` has what was begun, in order."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.begun: list[int] = []

    def __call__(self, number: int) -> Callable[[], int]:
        def work() -> int:
            self.begun.append(number)
            assert self.let.wait(60)
            return number

        return work


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    yield work
    work.let.set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def settle() -> None:
    """Lets what was asked get into the line, and the workers take what they can."""
    for _ in range(20):
        await asyncio.sleep(0.002)


async def serve(admission: Admission, person: int, work: Callable[[], T]) -> T:
    async with admission.turn(person):
        return await admission.run(work)


def ask(admission: Admission, work: Work, *people: int) -> list[asyncio.Task[int]]:
    return [asyncio.create_task(serve(admission, person, work(person))) for person in people]


async def test_as_many_as_there_are_workers_are_in_work_and_the_rest_in_order(work: Work) -> None:
    admission = Admission(workers=2)
    asked = ask(admission, work, 1, 2, 3, 4)
    await settle()
    assert sorted(work.begun) == [1, 2]
    assert admission.state.waiting == 4
    work.let.set()
    assert await asyncio.gather(*asked) == [1, 2, 3, 4]
    assert admission.state.waiting == 0
    assert admission.state.answered == 4


async def test_what_the_work_raises_is_raised_and_makes_room() -> None:
    admission = Admission(AdmissionLimits(waiting=1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await serve(admission, 1, lambda: 1 // 0)
    assert (admission.state.waiting, admission.state.answered) == (0, 0)


async def test_a_turn_lasts_until_all_of_its_work_is_done() -> None:
    admission = Admission(AdmissionLimits(per_person=1))
    async with admission.turn(1):
        assert await admission.run(pow, 2, 3) == 8
        assert (admission.state.waiting, admission.state.answered) == (1, 0)
        with pytest.raises(TooMany):
            await serve(admission, 1, int)
        assert await admission.run(pow, 2, 3, mod=5) == 3
    assert (admission.state.waiting, admission.state.answered) == (0, 1)


async def test_no_question_waits_for_what_another_process_does(work: Work) -> None:
    admission = Admission(workers=1)
    async with admission.turn(1):
        drawn = asyncio.create_task(admission.run_apart(work(7)))
        await settle()
        assert await serve(admission, 2, int) == 0
        assert work.begun == [7]
    work.let.set()
    assert await drawn == 7
    await admission.close(0)
    with pytest.raises(Busy):
        await admission.run_apart(int)


async def test_of_one_person_one_picture_is_in_work(work: Work) -> None:
    admission = Admission()

    async def drawn(person: int, number: int) -> int:
        admission.enter(person)
        return await admission.run_apart(work(number))

    asked = [asyncio.create_task(drawn(1, number)) for number in (10, 11, 12)]
    await settle()
    asked.append(asyncio.create_task(drawn(2, 20)))
    await settle()
    assert work.begun == [10, 20]
    work.let.set()
    assert await asyncio.gather(*asked) == [10, 11, 12, 20]


async def test_work_without_a_turn_is_never_refused(work: Work) -> None:
    admission = Admission(AdmissionLimits(waiting=1), workers=1)
    asked = ask(admission, work, 1)
    await settle()
    more = asyncio.create_task(admission.run(work(2)))
    await settle()
    assert work.begun == [1]
    assert admission.state.waiting == 1
    work.let.set()
    assert await asyncio.gather(*asked, more) == [1, 2]


class TestLimits:
    async def test_a_full_line_is_told_at_once(self, work: Work) -> None:
        admission = Admission(AdmissionLimits(waiting=3), workers=1)
        asked = ask(admission, work, 1, 2, 3)
        await settle()
        with pytest.raises(Busy, match="try again in 2 seconds"):
            await serve(admission, 4, work(4))
        work.let.set()
        await asyncio.gather(*asked)
        assert await serve(admission, 4, work(4)) == 4

    async def test_one_person_has_only_so_many_in_line(self, work: Work) -> None:
        admission = Admission(AdmissionLimits(per_person=2))
        asked = ask(admission, work, 1, 1)
        await settle()
        with pytest.raises(TooMany):
            await serve(admission, 1, work(1))
        asked += ask(admission, work, 2)
        work.let.set()
        assert await asyncio.gather(*asked) == [1, 1, 2]

    async def test_one_person_asks_only_so_often(self, clock: Clock) -> None:
        admission = Admission(AdmissionLimits(per_minute=2), clock=clock)
        await serve(admission, 1, lambda: None)
        clock.now += 20
        await serve(admission, 1, lambda: None)
        clock.now += 10.5
        with pytest.raises(TooMany, match="Please ask again in 30 seconds"):
            await serve(admission, 1, lambda: None)
        await serve(admission, 2, lambda: None)
        clock.now += 29.5
        await serve(admission, 1, lambda: None)

    async def test_who_was_refused_may_ask_as_often_as_others(self, work: Work) -> None:
        admission = Admission(AdmissionLimits(waiting=1, per_minute=1))
        (asked,) = ask(admission, work, 1)
        await settle()
        for _ in range(3):
            with pytest.raises(Busy):
                await serve(admission, 2, work(2))
        work.let.set()
        await asked
        assert await serve(admission, 2, work(2)) == 2

    async def test_it_forgets_who_asked_long_ago(self, clock: Clock, work: Work) -> None:
        admission = Admission(AdmissionLimits(waiting=1), clock=clock)
        (asked,) = ask(admission, work, 1)
        await settle()
        for person in range(2, 10_010):
            with pytest.raises(Busy):
                await serve(admission, person, work(person))
        work.let.set()
        await asked
        clock.now += 100
        await serve(admission, 7, lambda: None)
        assert len(admission._recent) == 1


async def told_by_ten_in_line(admission: Admission) -> float:
    """Return the seconds that whoever comes eleventh, and is refused, is told to wait."""
    held = Work()
    asked = ask(admission, held, *range(1, 11))
    await settle()
    with pytest.raises(Busy) as refused:
        await serve(admission, 11, held(11))
    held.let.set()
    await asyncio.gather(*asked)
    return refused.value.seconds


class TestEstimates:
    async def test_they_go_by_the_line_and_by_how_long_answers_took(self, clock: Clock) -> None:
        """Half the line is a fair guess: whoever comes again then finds room, if not all of it."""
        admission = Admission(AdmissionLimits(waiting=10), workers=2, clock=clock)
        await serve(admission, 0, lambda: setattr(clock, "now", clock.now + 4))
        # 10 in line, 4 s each, 2 at once, and half of that.
        assert await told_by_ten_in_line(admission) == 10

    async def test_the_newest_weighs_a_fifth(self, clock: Clock) -> None:
        admission = Admission(AdmissionLimits(waiting=10), workers=1, clock=clock)
        for seconds in (1, 6):
            await serve(admission, 1, lambda s=seconds: setattr(clock, "now", clock.now + s))  # type: ignore[misc]
        # 10 in line, 2 s each, and half of that.
        assert await told_by_ten_in_line(admission) == 10


class TestLeavingTheLine:
    async def test_whoever_is_cancelled_is_never_begun(self, work: Work) -> None:
        admission = Admission(workers=1)
        first, second, third = ask(admission, work, 1, 2, 3)
        await settle()
        second.cancel()
        await settle()
        assert admission.state.waiting == 2
        work.let.set()
        assert [await first, await third] == [1, 3]
        assert second.cancelled()
        assert work.begun == [1, 3]

    async def test_looking_up_passes_by_a_full_line(self, work: Work) -> None:
        admission = Admission(AdmissionLimits(waiting=2))
        asked = ask(admission, work, 1, 2)
        await settle()
        assert await admission.run_quick(lambda: "found") == "found"
        work.let.set()
        await asyncio.gather(*asked)


class TestClosing:
    async def test_an_idle_desk_closes_at_once(self) -> None:
        admission = Admission()
        assert await admission.close(0)
        with pytest.raises(Busy) as refused:
            await serve(admission, 1, lambda: None)
        assert refused.value.seconds == 30
        with pytest.raises(Busy):
            await admission.run(int)

    async def test_it_waits_for_what_is_in_line(self, work: Work) -> None:
        admission = Admission(workers=1)
        asked = ask(admission, work, 1, 2)
        await settle()
        closing = asyncio.create_task(admission.close(20))
        await settle()
        with pytest.raises(Busy):
            await serve(admission, 3, work(3))
        assert not closing.done()
        work.let.set()
        assert await closing
        assert await asyncio.gather(*asked) == [1, 2]

    async def test_what_hangs_is_left_and_who_waits_behind_it_is_told(self, work: Work) -> None:
        admission = Admission(workers=1)
        first, second = ask(admission, work, 1, 2)
        await settle()
        assert not await admission.close(0.01)
        with pytest.raises(Busy):
            await second
        assert not first.done()
        work.let.set()
        assert await first == 1

    async def test_cancelling_is_no_refusal(self, work: Work) -> None:
        admission = Admission(workers=1)
        first, second = ask(admission, work, 1, 2)
        await settle()
        closing = asyncio.create_task(admission.close(20))
        await settle()
        second.cancel()
        await settle()
        assert second.cancelled()
        work.let.set()
        assert await closing
        await first

    async def test_what_was_answered_can_still_be_recorded(self) -> None:
        admission = Admission()
        await admission.close(0)
        assert await admission.run_quick(lambda: "recorded") == "recorded"


class TestWhatPassesTheLine:
    async def test_one_person_has_only_so_much_going_on_until_its_task_ends(self) -> None:
        admission = Admission(AdmissionLimits(per_person=1, at_once=2))
        let = asyncio.Event()

        async def present(person: int) -> None:
            admission.enter(person)
            await let.wait()

        served = [asyncio.create_task(present(1)) for _ in range(3)]
        await settle()
        with pytest.raises(Busy, match="try again in a second"):
            await present(1)
        served.append(asyncio.create_task(present(2)))
        served[0].cancel()
        await settle()
        served.append(asyncio.create_task(present(1)))
        await settle()
        let.set()
        done = await asyncio.gather(*served, return_exceptions=True)
        assert [type(one) for one in done if one] == [asyncio.CancelledError]
        assert admission._present == {}

    async def test_all_people_together_have_only_so_much(self) -> None:
        admission = Admission(AdmissionLimits(waiting=1, at_once_in_all=2))
        let = asyncio.Event()

        async def present(person: int) -> None:
            admission.enter(person)
            await let.wait()

        served = [asyncio.create_task(present(person)) for person in range(3)]
        await settle()
        with pytest.raises(Busy):
            await present(4)
        let.set()
        await asyncio.gather(*served)

    async def test_nobody_keeps_the_lookup_pool_from_the_others(self, work: Work) -> None:
        admission = Admission()

        async def run_quick(person: int) -> int:
            admission.enter(person)
            return await admission.run_quick(work(person))

        many = [asyncio.create_task(run_quick(1)) for _ in range(13)]
        await settle()
        assert work.begun == [1]
        other = asyncio.create_task(run_quick(2))
        await settle()
        assert work.begun == [1, 2]
        many[1].cancel()  # its turn has not come
        work.let.set()
        assert await other == 2
        done = await asyncio.gather(*many, return_exceptions=True)
        assert [one for one in done if not isinstance(one, BaseException)] == [1] * 12
        assert len(work.begun) == 13
        del many, other, done
        await settle()
        assert not admission._turns

    async def test_who_serves_nobody_looks_up_at_once(self, work: Work) -> None:
        admission = Admission()
        both = [asyncio.create_task(admission.run_quick(work(number))) for number in (1, 2)]
        await settle()
        assert sorted(work.begun) == [1, 2]
        work.let.set()
        await asyncio.gather(*both)

    async def test_what_others_see_counts_as_a_question(self, clock: Clock) -> None:
        admission = Admission(AdmissionLimits(per_minute=2), clock=clock)
        await admission.count(1)
        await serve(admission, 1, lambda: None)
        with pytest.raises(TooMany):
            await admission.count(1)
        await admission.count(2)
        clock.now += 60
        await admission.count(1)


async def test_what_nobody_waits_for_is_done_when_nobody_is_in_line(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    admission = Admission(workers=2)
    people = ask(admission, work, 1)
    await settle()
    idle = [asyncio.create_task(admission.run_idle(work(number))) for number in (8, 9)]
    await settle()
    assert work.begun == [1]
    work.let.set()
    assert await asyncio.gather(*people, *idle) == [1, 8, 9]
    assert work.begun == [1, 8, 9]
    assert admission.state.answered == 1
    work.let.clear()
    monkeypatch.setattr("bot.chat.admission._PATIENCE", 0.01)
    people = ask(admission, work, 2)
    idle = [asyncio.create_task(admission.run_idle(work(7)))]
    async with asyncio.timeout(60):
        while len(work.begun) < 5:
            await settle()
    assert work.begun[3:] == [2, 7]  # it had to wait long enough
    work.let.set()
    await asyncio.gather(*people, *idle)
    await admission.close(1)
    with pytest.raises(Busy):
        await admission.run_idle(work(6))


async def test_who_floods_while_it_ends_leaves_no_more_to_another_bot_than_they_may_ask() -> None:
    admission = Admission(AdmissionLimits(per_minute=3))
    await admission.close(0)
    refused = Counter[type[BriefingError]]()
    for _ in range(20):
        try:
            async with admission.turn(1):
                pass
        except BriefingError as exc:
            refused[type(exc)] += 1
    assert refused == {Ending: 3, TooMany: 17}
