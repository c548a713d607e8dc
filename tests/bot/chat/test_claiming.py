"""Claims of questions: shared by bots, or heard of by the server late, or strange."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.chat import claiming
from bot.chat.claiming import Claiming, ReceivedQuestion
from bot.chat.sealing import Seal
from bot.config.shard import Shard
from bot.records import Records
from bot.records.databases import running_lock
from bot.records.parts.claims import ClaimedQuestion
from testing.running import until

ASKED = ReceivedQuestion(5, None, {"name": "MESSAGE_CREATE", "data": {"id": 7}})


class SlowClaims:
    """Claims on a server that takes what it is sent only once it is `let`."""

    def __init__(self, left_behind: list[ClaimedQuestion]) -> None:
        self.let = threading.Event()
        self.kept: dict[str, ClaimedQuestion] = {}
        self.closed: list[str] = []
        self.left_behind = left_behind

    def take(self, wanted: Mapping[str, ClaimedQuestion | None]) -> tuple[set[str], int]:
        assert self.let.wait(60)
        self.kept.update({what: kept for what, kept in wanted.items() if kept})
        return set(wanted), 0

    def close(self, what: str) -> None:
        self.closed.append(what)
        self.kept.pop(what, None)

    def running_key(self, shard: Shard) -> tuple[int, int]:
        return 1, 1

    def other_bots(self, shard: Shard) -> tuple[frozenset[int], frozenset[int]]:
        return frozenset(), frozenset({2})

    def take_over(self, bots: object, shard: Shard) -> list[ClaimedQuestion]:
        found, self.left_behind = self.left_behind, []
        return found


def claiming_over(claims: SlowClaims | SharedClaims) -> Claiming:
    records = SimpleNamespace(
        are_shared=True, claims=claims, place=SecretStr("postgresql://nobody@192.0.2.1/none")
    )
    return Claiming(cast("Records", records), Shard(), looks_every=0.01)


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lock:
        def __init__(self, *_: object) -> None: ...

        def renew(self) -> bool:
            return True

        def end(self) -> None: ...

    monkeypatch.setattr(running_lock, "RunningLock", Lock)


async def looking(own: Claiming, heard: list[str]) -> asyncio.Task[None]:
    def answer(what: str, event: Mapping[str, Any]) -> None:
        heard.append(what)

    return asyncio.create_task(own.keep_looking("token", lambda: True, answer))


@pytest.mark.parametrize("is_cut_off", [False, True])
async def test_what_the_server_hears_of_after_its_end_is_not_kept(
    is_cut_off: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else another bot would answer it once more, should this one end."""
    monkeypatch.setattr(claiming, "_TIMEOUT", 60 if is_cut_off else 0.01)
    claims = SlowClaims([])
    own = claiming_over(claims)
    look = await looking(own, [])
    await until(lambda: own._seal)
    question = asyncio.create_task(own.is_first("message 7", ASKED))
    if is_cut_off:
        await until(lambda: own._taking)
        question.cancel()
    await asyncio.wait([question])
    await until(lambda: not own._closing)
    assert not claims.kept
    claims.let.set()
    assert own._taking is not None
    await own._taking
    await own.close()
    assert not claims.kept
    assert claims.closed[-1] == "message 7"
    look.cancel()


async def test_what_nobody_here_has_sealed_is_kept_no_longer() -> None:
    others = Seal("another token").seal("{}", "message 8")
    moved = Seal("token").seal("{}", "message 8")
    own_one = Seal("token").seal("{}", "message 10")
    claims = SlowClaims(
        [
            ClaimedQuestion("message 8", 5, None, others),
            ClaimedQuestion("message 9", 5, None, moved),
            ClaimedQuestion("message 10", 5, None, own_one),
        ]
    )
    claims.let.set()
    own, heard = claiming_over(claims), list[str]()
    look = await looking(own, heard)
    await until(lambda: heard)
    look.cancel()
    assert heard == ["message 10"]
    assert claims.closed == ["message 8", "message 9"]


class SharedClaims:
    """Claims on a server that two bots share, which counts how often it is asked."""

    def __init__(self, bot: int, taken: dict[str, int]) -> None:
        self.bot, self.taken = bot, taken
        self.trips = 0
        self.has_others = True

    def take(self, wanted: Mapping[str, ClaimedQuestion | None]) -> tuple[set[str], int]:
        self.trips += 1
        first = {what for what in wanted if self.taken.setdefault(what, self.bot) == self.bot}
        return first, 0

    def close(self, what: str) -> None: ...

    def other_bots(self, shard: Shard) -> tuple[frozenset[int], frozenset[int]]:
        return frozenset({1, 2} - {self.bot}) if self.has_others else frozenset(), frozenset()


async def test_of_a_burst_each_bot_takes_its_part_in_few_round_trips(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody waits for a question that falls to a bot which no longer runs."""
    monkeypatch.setattr(claiming, "_HEAD_START", 0.1)
    taken: dict[str, int] = {}
    claims = [SharedClaims(bot, taken) for bot in (1, 2)]
    bots = [claiming_over(each) for each in claims]
    for own in bots:
        own._other_bots = own._records.claims.other_bots(Shard())[0]
    asked = [f"message {number << 22}" for number in range(100)]
    firsts = await asyncio.gather(*(own.is_first(what) for own in bots for what in asked))
    assert sum(firsts) == 100
    assert all(30 <= list(taken.values()).count(bot) <= 70 for bot in (1, 2))
    assert all(each.trips <= 5 for each in claims)
    edited = next(what for what in asked if taken[what] == 1).replace("message", "edit") + " now"
    await asyncio.gather(*(own.is_first(edited) for own in reversed(bots)))
    assert taken[edited] == 1
    left = next(what for what in map("message {}".format, range(1, 50)) if bots[0]._pause(what) > 0)
    assert await bots[0].is_first(left)


async def test_who_has_much_to_answer_leaves_more_to_others() -> None:
    taken: dict[str, int] = {}
    own = claiming_over(SharedClaims(1, taken))
    own._other_bots = frozenset({2})
    whats = [f"message {number << 22}" for number in range(20)]
    assert {own._pause(what) for what in whats} == {0.0, claiming._HEAD_START}
    own._of_others = 200
    assert {own._pause(what) for what in whats} == {0.0}
    own._of_others = 0
    own._in_work = dict.fromkeys(whats, 0.0)
    assert min(own._pause(what) for what in whats) == 20 * claiming._A_QUESTION
