"""One bot serves each share of Discord's servers; another of the same share stands by."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from typing import Any

import psycopg
from pydantic import SecretStr

from bot.config.shard import Shard
from bot.errors import AlreadyRunning, RecordsBlocked
from bot.localization import _
from bot.records.databases.server_connection import connected, server_name

_KEY = 0x42725368  # "BrSh"
_ALL_SHARES = -1
"""No share: who serves any holds this together with all others who do."""
_LOOKS_EVERY = 1.0
"""Seconds between two tries of one who stands by, and between two looks of one who serves."""
_HEAD_START = 5.0
"""Seconds that one who stands by waits after the server was away, so that who served goes on."""
_log = logging.getLogger(__name__)


class ShareLock:
    """A lock on the server that lets one bot serve a share; it ends with its connection.

    `end` may be called in any thread, and never waits for one that is at the server just then.
    """

    def __init__(
        self,
        url: SecretStr,
        shard: Shard,
        *,
        looks_every: float = _LOOKS_EVERY,
        head_start: float = _HEAD_START,
    ) -> None:
        self._url = url
        self._shard = shard
        self._looks_every = looks_every
        self._head_start = head_start
        self._connection: psycopg.Connection[Any] | None = None
        self._in_use = threading.Lock()
        self._ended = threading.Event()
        self._is_on = False

    @property
    def is_on(self) -> bool:
        """Whether it was this bot's turn at the last look."""
        return self._is_on

    def wait(self) -> bool:
        """Stand by until it is this bot's turn; return False where `end` was called before."""
        said, was_away = False, False
        while not self._ended.is_set():
            try:
                if was_away and self._ended.wait(self._head_start):
                    break
                if self._try():
                    return True
                was_away = False
                if not said:
                    _log.info(
                        "Another bot serves share %s with the records on %s; standing by",
                        self._shard,
                        server_name(self._url),
                    )
                said = True
            except psycopg.Error as exc:
                if not was_away:
                    _log.warning("The server of the records is away: %s", type(exc).__name__)
                was_away = True
            self._ended.wait(self._looks_every)
        return False

    def has_it_still(self) -> bool:
        """Return False once another bot has taken over; True also while the server is away."""
        with suppress(psycopg.Error):
            if self._answers():
                return True
        try:
            return self._try()
        except psycopg.Error:
            return True

    @asynccontextmanager
    async def watched(self, lost: asyncio.Event) -> AsyncIterator[None]:
        """Set `lost` once another bot has taken over."""

        async def watch() -> None:
            has_it = True
            while has_it:
                try:
                    has_it = await asyncio.to_thread(self.has_it_still)
                except Exception:  # a bot that no longer looks would serve beside another
                    _log.exception("Whether it is still this bot's turn could not be told")
                await asyncio.sleep(self._looks_every)
            _log.error("Another bot serves share %s now, so this one ends", self._shard)
            lost.set()

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            self.end()

    def end(self) -> None:
        """Leave it to another bot; whoever stands by no longer does."""
        self._ended.set()
        self._leave_if_ended()

    def _answers(self) -> bool:
        """Return whether the connection that has the lock, if there is one, still stands."""
        with self._connected() as connection:
            if connection is not None:
                connection.execute("SELECT 1")
            return connection is not None

    def _try(self) -> bool:
        """Take the lock if it is free; return whether this bot has it, never once it ended."""
        with self._connected() as connection:
            if self._ended.is_set():
                return False
            if connection is None:
                connection = self._connection = connected(self._url, autocommit=True)
            taken = connection.execute(
                "SELECT CASE WHEN pg_try_advisory_lock(%(key)s, %(share)s)"
                " THEN pg_try_advisory_lock_shared(%(key)s, %(all)s) ELSE FALSE END",
                {"key": _KEY, "share": self._shard.number, "all": _ALL_SHARES},
            ).fetchone()
            self._is_on = taken == (True,) and not self._ended.is_set()
            return self._is_on

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any] | None]:
        """Use the connection alone; without the server, or after `end`, it is closed afterwards."""
        try:
            with self._in_use:
                try:
                    yield self._connection
                except psycopg.Error:
                    self._close()
                    raise
        finally:
            self._leave_if_ended()

    def _leave_if_ended(self) -> None:
        """Close the connection; where another thread uses it, that one comes here in the end."""
        if self._ended.is_set() and self._in_use.acquire(blocking=False):
            try:
                self._close()
            finally:
                self._in_use.release()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@contextmanager
def without_other_bots(url: SecretStr) -> Iterator[None]:
    """Keep every bot from beginning to serve; raise AlreadyRunning where one serves already."""
    try:
        connection = connected(url, autocommit=True)
    except psycopg.Error as exc:
        raise RecordsBlocked(server_name(url), str(exc).splitlines()[0]) from exc
    with closing(connection):
        free = connection.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", (_KEY, _ALL_SHARES)
        ).fetchone()
        if free != (True,):
            raise AlreadyRunning(
                _("A bot runs with the records on {server}. Stop it, then try again.").format(
                    server=server_name(url)
                )
            )
        try:
            yield
        finally:
            # The server would hear of the closed connection a moment later than the next caller.
            with suppress(psycopg.Error):
                connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_KEY, _ALL_SHARES))
