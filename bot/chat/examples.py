"""Examples: questions for the help that were tried before anybody is shown them."""

from __future__ import annotations

import asyncio
import logging

from bot.access import Access, Names, Viewer
from bot.chat.admission import Admission
from bot.chat.answering import Answering
from bot.chat.recheck import Recheck, ViewerSource
from bot.library import Libraries
from index.errors import BriefingError, IndexUnavailable
from index.store.current import CurrentGeneration

__all__ = ["TriedExamples"]

_SHOWN, _TRIED = 3, 12
_PATIENCE = 1.5
"""Seconds to wait for examples to be tried."""
_CLASSES_KEPT = 16
_log = logging.getLogger(__name__)


class TriedExamples:
    """Examples of the current generation, for each class of viewers, tried when first asked for.

    Used from one event loop.
    """

    def __init__(
        self,
        access: Access,
        current: CurrentGeneration,
        libraries: Libraries,
        answering: Answering,
        admission: Admission,
    ) -> None:
        self._access = access
        self._current = current
        self._libraries = libraries
        self._answering = answering
        self._admission = admission
        self._generation: int | None = None
        self._trying: dict[Names | None, asyncio.Task[list[str]]] = {}

    async def get(self, person: int, viewer: Viewer, viewer_source: ViewerSource) -> list[str]:
        """Return at most three examples; `person` stands in the line of questions for them.

        Untried ones where trying takes too long; none where nothing is indexed. They are for the
        people whom `viewer_source` names by then. Raises Busy as `Recheck.passed` does.
        """
        recheck = Recheck(self._access, self._admission, viewer_source, viewer)
        try:
            while True:
                visible, found = await self._found(person, recheck.viewer)
                if await recheck.passed(visible):
                    return found
        except IndexUnavailable:
            return []

    async def _found(self, person: int, viewer: Viewer) -> tuple[Names | None, list[str]]:
        """Return examples, with the names of the documents that they were found among."""
        generation, visible, untried = await self._admission.run_quick(self._untried, viewer)
        if self._generation != generation:
            self._generation, self._trying = generation, {}
        if visible not in self._trying:
            if len(self._trying) == _CLASSES_KEPT:
                self._trying.clear()
            tried = self._tried(untried, person, viewer)
            self._trying[visible] = asyncio.create_task(tried)
        trying = self._trying[visible]
        await asyncio.wait([trying], timeout=_PATIENCE)
        if not trying.done():
            return visible, untried[:_SHOWN]
        if error := trying.exception():
            self._trying.pop(visible, None)  # they are tried again when there is less to do
            if not isinstance(error, BriefingError):
                _log.error("Examples could not be tried", exc_info=error)
            return visible, untried[:_SHOWN]
        return visible, trying.result()

    def _untried(self, viewer: Viewer) -> tuple[int, Names | None, list[str]]:
        generation = self._current.generation()
        visible = self._access.visible_in(generation, viewer)
        return generation.number, visible, self._libraries.of(viewer).examples(_TRIED)

    async def _tried(self, untried: list[str], person: int, viewer: Viewer) -> list[str]:
        """Try one after the other, so that people's questions wait for one of them at most."""
        answered: list[str] = []
        for question in untried:
            if await self._answering.is_answered(question, person, viewer):
                answered.append(question)
            if len(answered) == _SHOWN:
                break
        return answered
