"""Of a message's wordings the newest is answered, and once, in whatever order things happen."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.in_flight import InFlight

MESSAGE = 7


class Chat:
    """One message, handled as the bot does. `shown` is what is below it: the wording that was
    answered last; `stood` is what each wording found there. `looked_up` says how many turns of the
    loop a look takes."""

    def __init__(self) -> None:
        self.flying = InFlight()
        self.shown: str | None = None
        self.asked: list[str] = []
        self.sent: list[str] = []
        self.stood: dict[str, str | None] = {}
        self.looked_up: dict[str, int] = {}
        self.let = asyncio.Event()
        self.let.set()
        self.let_send = asyncio.Event()
        self.let_send.set()
        self._tasks: list[asyncio.Task[None]] = []

    def hear(self, wording: str, *, edited: bool = True) -> None:
        self._tasks.append(asyncio.create_task(self._handle(wording, edited)))

    def delete(self) -> None:
        self._tasks.append(asyncio.create_task(self._delete()))

    async def end(self) -> None:
        """Until nothing goes on any more."""
        self.let.set()
        self.let_send.set()
        await asyncio.wait(self._tasks)
        assert not self.flying.in_work
        assert not self.flying.on_their_way
        assert not self.flying._newest

    async def _handle(self, wording: str, edited: bool) -> None:
        with self.flying.arriving(MESSAGE):
            if edited:
                stands = await self._settled(wording)
                self.stood[wording] = stands
                if stands == wording:
                    return
            else:
                await self._look_up(wording)
            if self.flying.begin(MESSAGE):
                self.asked.append(wording)
                await self.let.wait()
                await self.flying.send(MESSAGE, self._send(wording))

    async def _settled(self, wording: str) -> str | None:
        while True:
            older = await self.flying.older(MESSAGE)
            stands = await self._look_up(wording)
            if not await self.flying.drop(MESSAGE, older):
                return stands

    async def _look_up(self, wording: str) -> str | None:
        found = self.shown
        for _ in range(self.looked_up.get(wording, 1)):
            await asyncio.sleep(0)
        return found

    async def _send(self, wording: str) -> None:
        await self.let_send.wait()
        self.sent.append(wording)
        self.shown = wording

    async def _delete(self) -> None:
        await self.flying.withdraw(MESSAGE)
        self.shown = None


@pytest.fixture
async def chat() -> Chat:
    return Chat()


async def turns(number: int = 20) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_of_a_burst_of_edits_the_last_is_answered_once(chat: Chat) -> None:
    for wording in ("one", "two", "three"):
        chat.hear(wording)
    await chat.end()
    assert chat.asked == chat.sent == ["three"]


async def test_a_burst_drops_what_is_in_work(chat: Chat) -> None:
    chat.let.clear()
    chat.hear("first", edited=False)
    await turns()
    chat.hear("one")
    chat.hear("two")
    await turns()
    await chat.end()
    assert chat.asked == ["first", "two"]
    assert chat.sent == ["two"]


@pytest.mark.parametrize("slow", ["first", "one", "two"])
async def test_the_newest_is_what_came_in_last_however_long_each_look_takes(
    chat: Chat, slow: str
) -> None:
    chat.looked_up = {slow: 50}
    chat.hear("first", edited=False)
    chat.hear("one")
    chat.hear("two")
    await chat.end()
    assert chat.shown == "two"
    assert chat.sent[-1] == "two"
    assert "one" not in chat.asked


async def test_an_older_edit_that_is_late_drops_nothing(chat: Chat) -> None:
    chat.let.clear()
    chat.looked_up = {"one": 10}
    chat.hear("first", edited=False)
    await turns()
    chat.hear("one")
    chat.hear("two")
    await turns(50)
    await chat.end()
    assert chat.sent == ["two"]


async def test_what_is_answered_while_it_is_looked_up_is_found(chat: Chat) -> None:
    chat.let.clear()
    chat.looked_up = {"one": 10}
    chat.hear("first", edited=False)
    await turns()
    chat.hear("one")
    await turns(3)
    chat.let.set()
    await turns(50)
    await chat.end()
    assert chat.stood == {"one": "first"}
    assert chat.sent == ["first", "one"]


async def test_an_edit_back_to_what_stands_there_drops_the_other_wording(chat: Chat) -> None:
    chat.hear("first", edited=False)
    await turns()
    chat.let.clear()
    chat.hear("other")
    await turns()
    chat.hear("first")
    await turns()
    await chat.end()
    assert chat.asked == ["first", "other"]
    assert chat.sent == ["first"]


async def test_an_edit_back_while_the_other_answer_is_sent_is_answered_after_it(chat: Chat) -> None:
    chat.hear("first", edited=False)
    await turns()
    chat.let_send.clear()
    chat.hear("other")
    await turns()
    chat.hear("first")
    await turns()
    assert chat.asked == ["first", "other"]
    await chat.end()
    assert chat.sent == ["first", "other", "first"]


async def test_what_is_being_sent_when_the_message_is_deleted_arrives_before(chat: Chat) -> None:
    chat.let_send.clear()
    chat.hear("first", edited=False)
    await turns()
    chat.delete()
    await turns()
    assert chat.sent == []
    await chat.end()
    assert chat.sent == ["first"]
    assert chat.shown is None


@pytest.mark.parametrize("turns_before", range(6))
async def test_a_deleted_message_is_not_answered_afterwards(chat: Chat, turns_before: int) -> None:
    chat.let.clear()
    chat.looked_up = {"one": 3}
    chat.hear("first", edited=False)
    chat.hear("one")
    await turns(turns_before)
    chat.delete()
    await turns()
    await chat.end()
    assert chat.sent == []


async def test_a_message_that_is_heard_of_twice_is_answered_once(chat: Chat) -> None:
    chat.let.clear()
    chat.hear("first", edited=False)
    await turns()
    chat.hear("first", edited=False)
    await turns()
    await chat.end()
    assert chat.asked == ["first"]


async def test_what_arrives_leaves_what_is_still_on_its_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    flying, lets = InFlight(), [asyncio.Event(), asyncio.Event()]
    sending = [asyncio.create_task(flying.send(MESSAGE, _waiting(one))) for one in lets]
    await turns()
    lets[0].set()
    await sending[0]
    assert list(flying.on_their_way) == [MESSAGE]
    lets[1].set()
    await sending[1]
    assert not flying.on_their_way
    assert not caplog.records


async def test_who_is_cancelled_from_outside_leaves_nothing_behind(chat: Chat) -> None:
    chat.let.clear()
    chat.hear("first", edited=False)
    await turns()
    (task,) = chat.flying.in_work.values()
    task.cancel()
    await chat.end()
    assert task.cancelled()


async def test_a_failure_that_nobody_waits_for_is_logged(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    async def fail() -> None:
        await asyncio.sleep(0)
        raise OSError

    sending = asyncio.create_task(chat.flying.send(MESSAGE, fail()))
    await asyncio.sleep(0)
    sending.cancel()
    await turns()
    assert [one.getMessage() for one in caplog.records] == ["An answer could not be sent: OSError"]


async def _waiting(let: asyncio.Event) -> None:
    await let.wait()
