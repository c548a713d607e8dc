"""Only one bot at a time works with one folder of records; the other commands work beside it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import AlreadyRunning, RecordsBlocked
from bot.localization import _

LOCK = "run.lock"
_LOOKS_EVERY = 0.25
"""Seconds."""
_log = logging.getLogger(__name__)


@contextmanager
def one_instance(records: Path, *, patience: float = 0) -> Iterator[None]:
    """Be the only bot over these records; wait for another to end for as many seconds.

    The system ends the claim with the process, however that ends. Raises AlreadyRunning, and
    RecordsBlocked where the folder cannot be written.
    """
    path = records / LOCK
    try:
        records.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, mode=0o600, poll_interval=_LOOKS_EVERY)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if patience:
                _log.info("Another bot uses %s; waiting %g s for its end", records, patience)
            lock.acquire(timeout=patience)
    except Timeout as exc:
        raise AlreadyRunning(
            _(
                "Another bot runs with the records in {records}, so this one ends: two would "
                "answer every question twice. Stop the other one, or set BRIEFING_WAIT_FOR_OTHER "
                "to the seconds that this one shall wait for its end, as in a rolling restart."
            ).format(records=records)
        ) from exc
    except OSError as exc:
        raise RecordsBlocked(path, exc.strerror or str(exc)) from exc
    try:
        yield
    finally:
        lock.release()
