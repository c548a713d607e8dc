"""A lock on the server that says that a bot runs; it ends with the bot, however that ends."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import psycopg
from pydantic import SecretStr

from bot.records.databases.server_connection import connected


class RunningLock:
    """Holds the lock of these two keys over a connection of its own, from any thread."""

    def __init__(self, url: SecretStr, keys: tuple[int, int]) -> None:
        self._url = url
        self._keys = keys
        self._connection: psycopg.Connection[Any] | None = None
        self._in_use = threading.Lock()
        self._ended = False

    def renew(self) -> bool:
        """Hold the lock; return False where it was not held since the last time, or cannot be."""
        with self._in_use:
            with suppress(psycopg.Error):
                if self._connection is not None:
                    self._connection.execute("SELECT 1")
                    return True
            self._close()
            with suppress(psycopg.Error):
                if not self._ended:
                    self._connection = connected(self._url, autocommit=True)
                    self._connection.execute("SELECT pg_try_advisory_lock(%s, %s)", self._keys)
            return False

    def end(self) -> None:
        """Give the lock back, for good."""
        with self._in_use:
            self._ended = True
            if self._connection is not None:  # the server may hear of its end only later
                with suppress(psycopg.Error):
                    self._connection.execute("SELECT pg_advisory_unlock(%s, %s)", self._keys)
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
