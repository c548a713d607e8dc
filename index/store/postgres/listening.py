"""Listening on a server: what others say there reaches this process as soon as it is committed."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable

import psycopg

from index.errors import DatabaseUnavailable
from index.store.postgres.connection import Connection, Server

CHANNEL = "briefing_index"
_EVERY = 1.0
"""Seconds after which a listener makes sure that it is still connected."""
_TICK = 0.1
"""Seconds within which a listener ends that is closed."""
_TRUSTED = 3.0
"""Seconds for which what was heard last is trusted; then the pointer is read instead."""
_log = logging.getLogger(__name__)


class Listener:
    """Listens to a channel in a thread of its own, until it is closed."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        channel: str,
        *,
        began: Callable[[Connection], object],
        heard: Callable[[Connection, str], object] = lambda _, __: None,
        idle: Callable[[Connection], object] = lambda _: None,
    ) -> None:
        """`began` is called whenever a connection was made: something may have been missed.

        `heard` is called with what was said, `idle` every second.
        """
        self._connect = connect
        self._channel = channel
        self._began, self._heard, self._idle = began, heard, idle
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"listen-{channel}", daemon=True)
        self._thread.start()
        # It would trip over the ruins of what it uses when Python ends.
        atexit.register(self.close)

    def close(self) -> None:
        """End; what is said from now on is not heard."""
        self._ended.set()
        self._thread.join()
        atexit.unregister(self.close)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with self._connect() as session:
                    session.execute(f"LISTEN {self._channel}")
                    self._began(session)
                    while not self._ended.is_set():
                        # All of it first: the connection is of no other use until then.
                        for said in list(session.notifies(timeout=_TICK, stop_after=1)):
                            self._heard(session, said.payload)
                        self._idle(session)
            except (psycopg.Error, DatabaseUnavailable) as exc:
                _log.info("Nothing is heard from the database: %s", type(exc).__name__)
                self._ended.wait(_EVERY)
            except Exception:  # what was said cannot be used; the next may well be
                _log.exception("What was said on the database could not be heard")
                self._ended.wait(_EVERY)


class PointerListener:
    """Knows how often the pointer was written, without a look at it each time."""

    def __init__(self, server: Server, read: Callable[[Connection], int | None]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._known: tuple[int | None, float] | None = None
        self._listener = Listener(
            server.session,
            CHANNEL,
            began=self._look,
            heard=lambda session, _: self._look(session),
            idle=self._look_in_time,
        )

    def close(self) -> None:
        self._listener.close()

    def written(self) -> tuple[bool, int | None]:
        """Return whether it is known, and how often it was written."""
        known = self._known
        if known is None or time.monotonic() - known[1] > _TRUSTED:
            return False, None
        return True, known[0]

    def keep(self, written: int | None, began: float) -> None:
        """Keep what a look at the pointer found, unless a later one found something already."""
        with self._lock:
            if self._known is None or began >= self._known[1]:
                self._known = written, began

    def _look(self, session: Connection) -> None:
        began = time.monotonic()
        with self._lock:
            self._known = None  # until it is read, whoever asks looks
        self.keep(self._read(session), began)

    def _look_in_time(self, session: Connection) -> None:
        known = self._known
        if known is None or time.monotonic() - known[1] > _EVERY:
            self._look(session)
