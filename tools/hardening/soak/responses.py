"""What the bot did, given to the people who wait for it, and what all of them share."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.discord.ui.errors import unexpected
from bot.errors import TooMany
from testing.layouts import buttons_of
from testing.loopback import Interaction, Loopback, Request
from testing.loopback.payloads import (
    Payload,
)

PATIENCE = 180.0
"""Seconds that anybody waits for anything: what the admin gave up on a busy machine would still be
done, unknown to whoever checks the answers."""
_UNEXPECTED = unexpected("")
_TOO_MANY = str(TooMany(9)).partition("9")[0]

Key = tuple[str, int]


def planned(text: str) -> bool:
    """Return whether a sentence is one that the bot means to say, and not a defect's."""
    return bool(text.strip()) and not text.startswith(_UNEXPECTED)


def custom_ids(payload: Payload) -> list[str]:
    """Return the ids of the buttons that can be clicked."""
    buttons = buttons_of(payload.get("components") or [])
    return [str(button["custom_id"]) for button in buttons if not button.get("disabled")]


class Responses:
    """Gives what the bot did to the person who waits for it, by a key.

    ("interaction", its id) for what ends an interaction, ("reply", id) for a reply to that message,
    or for the reaction, without an id, that says that its author asks too much, ("edited", id) and
    ("deleted", id) for the bot's own messages, and ("told", channel) for what it writes of its own
    accord. `told` counts the latter.
    """

    def __init__(self) -> None:
        self.told = 0
        self._loop = asyncio.get_running_loop()
        self._queues: dict[Key, asyncio.Queue[Payload]] = {}

    def take(self, request: Request, interactions: dict[int, Interaction]) -> None:
        """Note a request of the bot; called in the server's thread."""
        for key, payload in _meanings(request, interactions):
            self._loop.call_soon_threadsafe(self._give, key, payload)

    def _give(self, key: Key, payload: Payload) -> None:
        self.told += key[0] == "told"
        if queue := self._queues.get(key):
            queue.put_nowait(payload)

    @contextmanager
    def expected(
        self, key: Key, *, patience: float = PATIENCE
    ) -> Iterator[Callable[[], Coroutine[Any, Any, Payload]]]:
        """Give a function that waits for the next response of this key.

        It raises TimeoutError after `patience` seconds.
        """
        queue = self._queues[key] = asyncio.Queue()

        async def following() -> Payload:
            async with asyncio.timeout(patience):
                return await queue.get()

        try:
            yield following
        finally:
            del self._queues[key]


def _meanings(
    request: Request, interactions: dict[int, Interaction]
) -> Iterator[tuple[Key, Payload]]:
    """Yield what a request of the bot means to the people, with its payload."""
    done = request.status in (200, 201, 204)
    body: Payload = request.json if isinstance(request.json, dict) else {}
    path = request.path.split("/")[1:]
    answer: Payload = request.answer if done and isinstance(request.answer, dict) else {}
    if (number := request.interaction_id) is not None:
        if path[-1] == "callback":
            found = interactions.get(number)
            # It counts also where only Discord's answer was lost.
            if body.get("type") in (4, 7, 8, 9) and found and found.response is body:
                shown = (answer.get("resource") or {}).get("message")
                yield (
                    ("interaction", number),
                    shown or {**(body.get("data") or {}), "type": body["type"]},
                )
        elif done and request.method in ("PATCH", "POST"):
            yield ("interaction", number), answer
    elif (request.method, path[::2]) == ("DELETE", ["channels", "messages"]):
        if done or request.status == 404:  # it went the first time, and only that was not heard
            yield ("deleted", int(path[3])), answer
    elif done and path[0] == "channels" and path[2:3] == ["messages"]:
        match request.method, path[3:]:
            case "PUT", [id_, "reactions", *_]:  # the words are a direct message, once a minute
                yield ("reply", int(id_)), {"content": _TOO_MANY}
            case "POST", []:
                if reference := body.get("message_reference"):
                    yield ("reply", int(reference["message_id"])), answer
                else:
                    yield ("told", int(path[1])), answer
            case "PATCH", [id_]:
                yield ("edited", int(id_)), answer


@dataclass
class Shared:
    """What all of them share. `open` is cleared while nothing that happens would reach the bot.

    At the moment `ends` (`time.monotonic()`) everybody stops, however much was asked.
    """

    server: Loopback
    responses: Responses
    ends: float = float("inf")
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """From each question to its answer."""
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open.set()

    async def interact(self, payload: Payload) -> Payload:
        """Return what ends the interaction; raises TimeoutError."""
        await self.open.wait()
        with self.responses.expected(("interaction", int(payload["id"]))) as ended:
            self.server.interact(payload)
            return await ended()

    def enough(self, asked: int) -> bool:
        """Return whether so many questions were asked, or the time is over."""
        return self.asked >= asked or time.monotonic() >= self.ends

    async def wait(
        self,
        asked: int,
        *,
        seconds: float = float("inf"),
        meanwhile: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Wait until that is enough, these seconds at most and while `meanwhile` is true.

        Returns whether it is enough.
        """
        end = time.monotonic() + seconds
        while not self.enough(asked) and time.monotonic() < end and meanwhile():
            await asyncio.sleep(min(0.1, max(0.0, end - time.monotonic())))
        return self.enough(asked)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that a person was given, in one message.

    It came between the moments `before` and `after` (`time.monotonic()`); `shown` is its markup.
    `later`: the numbers of the excerpts that a button opens.
    """

    person: int
    question: str
    exchange: int
    before: float
    after: float
    shown: str
    later: tuple[range, ...] = ()
