"""Claims of questions, where the server hears of them later than it should, or of strange ones."""

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

    def bots(self, shard: Shard) -> tuple[int, frozenset[int]]:
        return 1, frozenset({2})

    def take_over(self, bots: object, shard: Shard) -> list[ClaimedQuestion]:
        found, self.left_behind = self.left_behind, []
        return found


def claiming_over(claims: SlowClaims) -> Claiming:
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
