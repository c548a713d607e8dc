"""An answer of several messages: the first is a reply, and what was sent is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.discord.cogs.asking.asking import Asking
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.sending import rewrite

PARTS = [MessagePart("one"), MessagePart("two"), MessagePart("three")]


class _Place:
    """A message and its channel in one; the message is gone after so many requests."""

    def __init__(self, most: int = 99) -> None:
        self.done: list[str] = []
        self._most = most

    @property
    def channel(self) -> _Place:
        return self

    async def reply(self, content: str, **_: object) -> SimpleNamespace:
        return self._do(f"reply {content}")

    async def send(self, content: str, **_: object) -> SimpleNamespace:
        return self._do(f"send {content}")

    def get_partial_message(self, number: int) -> Any:
        async def edit(**_: object) -> None:
            self._do(f"edit {number}")

        async def delete() -> None:
            self._do(f"delete {number}")

        return SimpleNamespace(id=number, edit=edit, delete=delete)

    def _do(self, what: str) -> SimpleNamespace:
        if len(self.done) == self._most:
            response = cast(Any, SimpleNamespace(status=400, reason="Bad Request"))
            raise discord.HTTPException(response, "Unknown message")
        self.done.append(what)
        return SimpleNamespace(id=100 + len(self.done))


@pytest.mark.parametrize(
    ("old", "parts", "done", "ids"),
    [
        ((), 3, ["reply one", "send two", "send three"], [101, 102, 103]),
        ((7,), 3, ["edit 7", "reply two", "send three"], [7, 102, 103]),
        ((7, 8), 1, ["edit 7", "delete 8"], [7]),
    ],
)
async def test_only_the_first_new_message_is_a_reply(
    old: Sequence[int], parts: int, done: list[str], ids: list[int]
) -> None:
    """What an edited answer has more stands far below it, and tells by that what it belongs to."""
    place = _Place()
    assert [each async for each in rewrite(cast(Any, place), old, PARTS[:parts])] == ids
    assert place.done == done


@pytest.mark.parametrize(
    ("old", "most", "recorded"),
    [((), 1, [101]), ((), 0, []), ((7, 8), 1, [7, 8]), ((7, 8, 9, 10), 3, [7, 8, 9, 10])],
)
async def test_what_was_sent_of_an_answer_is_recorded_where_the_rest_cannot_be(
    old: Sequence[int], most: int, recorded: list[int]
) -> None:
    """Otherwise it would stay for good when its question is deleted."""
    asking, kept = _asking()
    place, exchange = cast(Any, _Place(most)), cast(Any, SimpleNamespace(id=5))
    with pytest.raises(discord.HTTPException):
        await Asking._deliver(asking, place, old, PARTS, exchange, None)
    assert kept == [recorded]


async def test_so_is_what_was_sent_of_a_direct_answer() -> None:
    asking, kept = _asking()
    place, exchange = cast(Any, _Place(2)), cast(Any, SimpleNamespace(id=5))
    with pytest.raises(discord.HTTPException):
        await Asking._deliver_directly(asking, place, PARTS, exchange)
    assert kept == [[101, 102]]


def _asking() -> tuple[Any, list[list[int]]]:
    """Return what answers are sent by, and the ids that it records."""
    kept: list[list[int]] = []

    async def run_quick(_work: object, _exchange: int, replies: list[int]) -> None:
        kept.append(replies)

    admission = SimpleNamespace(run_quick=run_quick)
    records = SimpleNamespace(set_replies=None)
    services = SimpleNamespace(admission=admission, records=records)
    return SimpleNamespace(services=services), kept
