"""Claiming: of several bots that get the same question one answers it, whichever of them ends.

A bot claims a question before it acknowledges it, and keeps it on the server until it is answered,
sealed with what the bots of one application share. Where it ends before that, another takes the
question over. Nothing here knows Discord.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bot.config.shard import Shard
from bot.errors import Ending, RecordsUnavailable
from bot.records import Records
from bot.records.parts.claims import ClaimedQuestion

if TYPE_CHECKING:
    from bot.chat.sealing import Seal
    from bot.records.databases.running_lock import RunningLock

_TIMEOUT = 0.8
"""Seconds. Discord waits three for an answer, and not all of them are for this."""
_LOOKS_EVERY = 1.0
"""Seconds."""
_SURE = _LOOKS_EVERY
"""Seconds after a look in which no other bot can have missed this one twice."""
_UNSURE = float("-inf")
_HEAD_START = 0.2
"""Seconds for which the others leave a question to the bot that it falls to."""
_A_QUESTION = 0.003
"""Seconds that a bot leaves to others for each question that it has more than they."""
_AT_MOST = 0.1
"""Seconds, for all of them."""
_AT_ONCE = 50
"""Most claims of one round trip."""
_GO_ON_AT_ONCE = 5
"""Tasks that learn together whether they are the first: each does milliseconds of work at once."""


@dataclass(frozen=True, slots=True)
class ReceivedQuestion:
    """Who asked, in which guild, and what the chat system sent, from which it can be answered.

    `event`: a whole command, which comes once; of a message only where it stands.
    """

    person: int
    guild: int | None
    event: Mapping[str, Any]


_claimed: ContextVar[str | None] = ContextVar("claimed", default=None)
"""What the current task has claimed that asks a question."""
_taken_over: ContextVar[str | None] = ContextVar("taken over", default=None)
"""The claim of another bot whose question the current task answers."""
_log = logging.getLogger(__name__)


def is_taken_over() -> bool:
    """Return whether the current task answers a question that another bot has acknowledged."""
    return _taken_over.get() is not None


def message_nonce(position: int, *, is_direct: bool = False) -> str | None:
    """Return what the chat system knows this message of an answer by, whichever bot sends it.

    One sent to the asker directly, beside the answer for all, is another.
    """
    if (what := _claimed.get()) is None:
        return None
    told = f"{what} {position}{' directly' * is_direct}"
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


class Claiming:
    """Used from one event loop. Without a server there is one bot, and everything is its own."""

    def __init__(
        self, records: Records, shard: Shard, *, looks_every: float = _LOOKS_EVERY
    ) -> None:
        self._records = records
        self._shard = shard
        self._looks_every = looks_every
        self._in_work: dict[str, float] = {}
        """The questions of this bot, and since when they are surely its own; _UNSURE where no claim
        was heard of."""
        self._wanted: deque[tuple[str, ClaimedQuestion | None, asyncio.Future[bool]]] = deque()
        self._taking: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._of_others = 0
        self._other_bots: frozenset[int] = frozenset()
        self._ended: frozenset[int] = frozenset()
        self._held = self._unheld = float("-inf")
        """When the lock was last found to be held, and to be lost."""
        self._lock: RunningLock | None = None
        self._seal: Seal | None = None

    async def is_first(self, what: str, question: ReceivedQuestion | None = None) -> bool:
        """Return whether no other bot deals with it; True also where that is not known soon.

        With a question it is kept until the current task has ended. All bots reckon alike to which
        of them it falls; the others ask a moment later, and learn that it is taken.
        """
        if not self._records.are_shared:
            return True
        if (left := _taken_over.get()) is not None:
            self._keep(left, since=time.monotonic())
            return True
        kept = None
        if question is not None and self._seal is not None:
            sealed = self._seal.seal(json.dumps(question.event), what)
            kept = ClaimedQuestion(what, question.person, question.guild, sealed)
        if seconds := self._pause(what):
            await asyncio.sleep(seconds)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._wanted.append((what, kept, answer))
        if self._taking is None or self._taking.done():
            self._taking = asyncio.create_task(self._take())
        is_first, is_known = True, False
        with suppress(TimeoutError):
            async with asyncio.timeout(_TIMEOUT):
                is_first, is_known = await answer, True
        if is_first and kept is not None:
            self._keep(what, since=time.monotonic() if is_known else _UNSURE)
        return is_first

    async def _take(self) -> None:
        """Take what is wanted, several at once, as long as anything is."""
        while self._wanted:
            some = [self._wanted.popleft() for _ in range(min(_AT_ONCE, len(self._wanted)))]
            wanted = {what: kept for what, kept, _ in some}
            try:
                first, self._of_others = await asyncio.to_thread(self._records.claims.take, wanted)
            except Exception:
                _log.exception("What other bots deal with could not be told")
                first = set(wanted)
            for number, (what, kept, answer) in enumerate(some, start=1):
                if not answer.done():
                    answer.set_result(what in first)
                elif kept is not None and what not in self._in_work:
                    self._close(what)  # it had ended before the server heard of it
                if number % _GO_ON_AT_ONCE == 0:
                    await asyncio.sleep(0)

    def _pause(self, what: str) -> float:
        """Return for how long to let others go first: the one that it falls to, and those who have
        fewer questions to answer."""
        if not self._other_bots:
            return 0.0
        own = self._records.claims.bot
        bots = sorted((own, *self._other_bots))
        number = crc32(what.split()[1].encode())  # of a message the same, however it is edited
        start = 0.0 if bots[number % len(bots)] == own else _HEAD_START
        ahead = len(self._in_work) - self._of_others / len(self._other_bots)
        return max(0.0, start + min(_AT_MOST, ahead * _A_QUESTION))

    def _keep(self, what: str, *, since: float) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._in_work[what] = since
        _claimed.set(what)
        task.add_done_callback(lambda _: self._end(what))

    def _end(self, what: str) -> None:
        if self._in_work.pop(what, None) is not None:
            self._close(what)

    def _close(self, what: str) -> None:
        task = asyncio.create_task(self.drop(what))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def drop(self, what: str) -> None:
        """Keep a question no longer, which is answered or cannot be."""
        with suppress(RecordsUnavailable):  # it ends by itself in some minutes
            await asyncio.to_thread(self._records.claims.close, what)

    def leave(self, why: Exception) -> bool:
        """Leave the question of the current task to another bot where this one ends.

        Returns whether another runs, which answers it once this one has ended.
        """
        what = _claimed.get()
        since = self._in_work.get(what, _UNSURE) if what is not None else _UNSURE
        if what is None or since == _UNSURE or not (isinstance(why, Ending) and self._other_bots):
            return False
        del self._in_work[what]
        return True

    async def is_mine(self, *, is_acknowledged: bool = False) -> bool:
        """Return whether the answer of the current task may be sent.

        Another bot has the question where this one could not be heard of for a while. Where bots
        did not know who was the first, it is the one whose acknowledgement Discord took.
        """
        what = _claimed.get()
        if what is not None and is_acknowledged and self._in_work.get(what) == _UNSURE:
            return True
        is_known_to_run = time.monotonic() - self._held < _SURE
        if what is None or (is_known_to_run and self._in_work.get(what, 0) > self._unheld):
            return True
        return await asyncio.to_thread(self._records.claims.is_mine, what)

    async def keep_looking(
        self,
        secret: str,
        is_ready: Callable[[], bool],
        answer: Callable[[str, Mapping[str, Any]], None],
    ) -> None:
        """Call `answer` with the claim and the event of each question that another bot left behind.

        Not before this bot `is_ready`. Bots of the same `secret` answer each other's questions.
        """
        place = self._records.place
        if isinstance(place, Path):
            return
        from bot.chat.sealing import Seal
        from bot.records.databases.running_lock import RunningLock

        self._seal = self._seal or Seal(secret)
        claims = self._records.claims
        self._lock = self._lock or RunningLock(place, claims.running_key(self._shard))
        while True:
            try:
                for question in await asyncio.to_thread(self._look, is_ready()):
                    event = self._seal.unseal(question.event, question.what)
                    if event is None:  # of another token, or nobody's
                        await self.drop(question.what)
                        continue
                    _log.info("Answering %s, which another bot left behind", question.what)
                    answer(question.what, json.loads(event))
            except RecordsUnavailable as exc:
                _log.info("Questions of other bots could not be looked for: %s", exc)
            await asyncio.sleep(self._looks_every)

    def _look(self, is_ready: bool) -> list[ClaimedQuestion]:
        """Take over the questions of bots that did not run at this look and the one before."""
        assert self._lock is not None
        now = time.monotonic()
        if self._lock.renew():
            self._held = now
        else:
            self._unheld = time.monotonic()
        claims = self._records.claims
        self._other_bots, ended = claims.other_bots(self._shard)
        left_by, self._ended = self._ended & ended, ended
        return claims.take_over(left_by, self._shard) if left_by and is_ready else []

    async def close(self) -> None:
        """Wait until no question is kept that was answered, and leave the others to other bots."""
        await asyncio.sleep(0)  # for what ends with the tasks that have just ended
        if self._closing:
            await asyncio.wait(self._closing, timeout=_TIMEOUT)
        if self._lock is not None:
            await asyncio.to_thread(self._lock.end)


def answer_for_another(what: str) -> None:
    """Let the current task, and those that it begins, answer what another bot left behind."""
    _taken_over.set(what)
