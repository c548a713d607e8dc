"""Logs the state of the bot: what it starts with, and what changes while it serves.

Whoever runs it looks for these lines first. Each is written when it becomes true, not repeated.
"""

from __future__ import annotations

import asyncio
import logging
import platform
from collections.abc import Callable, Coroutine, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from bot.config.settings import PREFIX, TOKEN_FIELDS, Settings
from index.errors import IndexUnavailable
from index.store.current import CurrentGeneration
from index.store.generation import Generation

_EVERY = 30.0
"""Seconds between two looks."""
_MOST_NAMED = 20
_log = logging.getLogger(__name__)


def log_start(settings: Settings) -> None:
    """Log the version, the folders, and each setting that is not the default; never the token."""
    fields = {
        "version": metadata.version("briefing-bot"),
        "python": platform.python_version(),
        "corpus": str(settings.corpus.absolute()),
        "index": str(settings.index.absolute()),
        "records": str(settings.records.absolute()),
        "timezone": settings.timezone,
        "settings": differing(settings),
    }
    _log.info("Starting", extra=fields)


def differing(settings: Settings) -> Mapping[str, str]:
    """Return the settings that differ from the defaults, by their names in the environment."""
    return {
        f"{PREFIX}{name.upper()}": str(value)
        for name, field in Settings.model_fields.items()
        if name not in TOKEN_FIELDS and (value := getattr(settings, name)) != field.default
    }


class StateLog:
    """Looks at the index and the corpus, and logs what has changed since the last look."""

    def __init__(self, current: CurrentGeneration, corpus: Path) -> None:
        self._current = current
        self._corpus = corpus
        self._generation: Generation | None = None
        self._problem = ""
        self._is_there = True
        self._unread: Mapping[str, str] = {}

    async def keep(
        self, pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep
    ) -> None:
        """Look at once and then every half minute, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.look)
            except Exception:
                _log.exception("The state of the index could not be logged")
            await pause(_EVERY)

    def look(self) -> None:
        """Log what is new. Blocks while a new generation is opened."""
        self._look_at_corpus()
        try:
            generation = self._current.generation()
        except IndexUnavailable as exc:
            if str(exc) != self._problem:
                _log.warning("Questions cannot be answered: %s", str(exc))
            self._problem, self._generation = str(exc), None
            return
        self._problem = ""
        if generation is self._generation:
            return
        self._generation = generation
        generation.catalog.succession_index()  # or the first question would wait for it
        rows = generation.catalog.rows()
        unread = {row.name: row.failure for row in rows if row.failure}
        manifest = generation.manifest
        fields = {
            "generation": generation.number,
            "made": manifest.created_at,
            "documents": manifest.documents,
            "passages": manifest.passages,
            "not_read": len(unread),
        }
        _log.info("Generation %d answers", generation.number, extra=fields)
        self._name(unread)

    def _look_at_corpus(self) -> None:
        is_there = self._corpus.is_dir()
        if self._is_there and not is_there:
            _log.warning("The corpus folder is missing: %s", self._corpus.absolute())
        elif is_there and not self._is_there:
            _log.info("The corpus folder is there again: %s", self._corpus.absolute())
        self._is_there = is_there

    def _name(self, unread: Mapping[str, str]) -> None:
        """Log the documents that were not read, but for those that were named already."""
        new = sorted(unread.items() - self._unread.items())
        for name, reason in new[:_MOST_NAMED]:
            _log.warning("Not read: %s: %s", name, reason)
        if len(new) > _MOST_NAMED:
            more = len(new) - _MOST_NAMED
            _log.warning("Not read: %d more; `briefing-bot status` names them", more)
        self._unread = unread
