"""What the loopback saw: requests, gateway frames and interactions, with the moments of each.

Moments are `time.monotonic()` in the server's own thread, so that a bot which blocks its event loop
shows as late and does not stop the clock.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from testing.loopback.payloads import Payload

PATIENCE = 60.0
"""Seconds; a busy machine must not fail a test."""


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request."""

    field: str
    filename: str
    content_type: str
    data: bytes


@dataclass
class Request:
    """A request to the API, as it arrived, and what came of it."""

    method: str
    path: str  # without /api/v10
    query: Mapping[str, str]
    headers: Mapping[str, str]  # without Authorization
    authorization: str | None  # "Bot" or what else stood there; never the token
    json: Any
    files: tuple[Upload, ...]
    time: float  # when its first line arrived
    multipart: bool = False
    interaction_id: int | None = None
    status: int | None = None  # None: not answered yet; 0: the connection was dropped
    answer: Any = None

    @property
    def answered(self) -> bool:
        return self.status is not None

    def __str__(self) -> str:
        status = {None: "not answered", 0: "dropped"}.get(self.status, str(self.status))
        return f"{self.method} {self.path}: {status}"


@dataclass(frozen=True)
class Frame:
    """A message of the bot on the gateway."""

    op: int
    data: Any
    time: float
    connection: int  # the first is 1

    @property
    def answered(self) -> bool:
        return True

    def __str__(self) -> str:
        return f"op {self.op} on connection {self.connection}"


@dataclass
class Interaction:
    """One interaction, from its sending to the last thing said about it."""

    payload: Payload
    id: int = field(init=False)
    token: str = field(init=False)
    sent: float | None = None  # when it was written to the gateway
    acknowledged: float | None = None  # when the first accepted callback arrived
    response: Payload | None = None  # that callback
    original: int | None = None  # the message of @original
    thinking: bool = False  # deferred, and nothing said since
    ephemeral: bool = False
    followups: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = int(self.payload["id"])
        self.token = self.payload["token"]

    @property
    def seconds(self) -> float:
        """From the sending of the interaction to the arrival of its acknowledgement."""
        if self.sent is None:
            raise LookupError(f"Interaction {self.id} was never sent.")
        if self.acknowledged is None:
            raise LookupError(f"Interaction {self.id} was not acknowledged.")
        return self.acknowledged - self.sent


Record = TypeVar("Record", Request, Frame)


class Journal(Generic[Record]):
    """Records in order of arrival. Written by the server's thread, awaited in the test's loop."""

    def __init__(self, noun: str) -> None:
        self.records: list[Record] = []
        self._noun = noun
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()

    def add(self, record: Record) -> None:
        self.records.append(record)
        self.changed()

    def changed(self) -> None:
        """Let those who wait look again."""
        with self._lock:
            for loop, event in self._waiting:
                loop.call_soon_threadsafe(event.set)

    def forget(self) -> None:
        """Lets go of what was answered; nobody may be waiting for it."""
        self.records[:] = [record for record in self.records if not record.answered]

    async def wait_for(
        self, wanted: Callable[[Record], bool], *, count: int = 1, timeout: float = PATIENCE
    ) -> Record:
        """The `count`th answered record that is wanted, be it there already or still to come."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    waiter[1].clear()
                    found = [r for r in list(self.records) if r.answered and wanted(r)]
                    if len(found) >= count:
                        return found[count - 1]
                    await waiter[1].wait()
        except TimeoutError:
            seen = "\n  ".join(map(str, self.records)) or "nothing"
            raise AssertionError(
                f"No such {self._noun} within {timeout} s. There came:\n  {seen}"
            ) from None
        finally:
            with self._lock:
                self._waiting.discard(waiter)
