"""Reads of the index from a replica, as long as it has what is asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from index.errors import DatabaseUnavailable
from index.store.generation import Manifest
from index.store.postgres.connection import Connection, Server

_AVOIDED = 5.0
"""Seconds for which a replica is left alone that did not answer."""
_PATIENCE = 2.0
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Reading(Protocol):
    """What reads of a server, or of several alike."""

    def read(self, use: Callable[[Connection], _T]) -> _T:
        """Return what `use` does with a connection; raises DatabaseUnavailable."""
        ...


class Replica:
    """A replica; where it is away, its primary is read from instead. What is published and what
    answers is the primary's to say: a replica may be behind.
    """

    def __init__(self, url: str, primary: Server) -> None:
        self._server = Server(url, patience=_PATIENCE)
        self._primary = primary
        self._away_since: float | None = None

    def close(self) -> None:
        self._server.close()

    def has(self, manifest: Manifest) -> bool:
        """Return whether all of a generation has arrived there, and not one of the same number of
        an index that was there before."""
        query = """SELECT EXISTS (SELECT FROM briefing_rows.generations
            WHERE number = %s AND manifest::json ->> 'sha256' = %s)"""
        one = manifest.number, manifest.sha256
        try:
            return not self._is_away() and self._server.read(
                lambda db: db.execute(query, one).fetchone() == (True,)
            )
        except DatabaseUnavailable as exc:
            self._leave(exc)
            return False

    def read(self, use: Callable[[Connection], _T]) -> _T:
        """Return what `use` does with a connection to it; raises DatabaseUnavailable."""
        if not self._is_away():
            try:
                return self._server.read(use)
            except DatabaseUnavailable as exc:
                self._leave(exc)
        return self._primary.read(use)

    def _is_away(self) -> bool:
        return self._away_since is not None and time.monotonic() - self._away_since < _AVOIDED

    def _leave(self, why: DatabaseUnavailable) -> None:
        if self._away_since is None:
            _log.warning("The replica is not read from for now: %s", why)
        self._away_since = time.monotonic()
