"""Examples: questions for the help that were tried before anybody is shown them."""

from __future__ import annotations

import asyncio
import logging
from datetime import date

from bot.access import Access, Names, Viewer
from bot.chat.admission import Admission
from bot.chat.answering import Answering
from bot.chat.recheck import Found, ViewerSource, rechecked
from bot.library import Libraries
from bot.library.examples import Example
from index.errors import BriefingError, IndexUnavailable
from index.store.current import CurrentGeneration

_MOST_EXAMPLES, _MOST_TRIED = 4, 20
_PATIENCE = 2.5
"""Seconds to wait for examples to be tried."""
_CLASSES_KEPT = 16
_log = logging.getLogger(__name__)


class TriedExamples:
    """Examples of a generation and a day, for each class of viewers, tried when first asked for.

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
        self._of: tuple[int, date] | None = None
        self._trying: dict[Names | None, tuple[asyncio.Task[None], list[Example]]] = {}

    async def get(
        self, viewer: Viewer, viewer_source: ViewerSource, today: date
    ) -> list[Example] | None:
        """Return at most four questions that are answered; None where there is no document.

        With one of them stands what may follow it up, and is answered as well. Fewer where trying
        takes too long, none where none is answered. They are for the people whom `viewer_source`
        names by then. Raises Busy as `rechecked` does.
        """
        try:
            return await rechecked(
                self._access,
                self._admission,
                viewer_source,
                viewer,
                lambda viewer: self._found(viewer, today),
            )
        except IndexUnavailable:
            return None

    async def _found(self, viewer: Viewer, today: date) -> Found[list[Example] | None]:
        generation, visible, untried = await self._admission.run_quick(self._untried, viewer, today)
        if untried is None:
            return Found(None, visible)
        if self._of != (generation, today):
            self._of, self._trying = (generation, today), {}
        if visible not in self._trying:
            if len(self._trying) == _CLASSES_KEPT:
                self._trying.clear()
            answered: list[Example] = []
            task = asyncio.create_task(self._try(untried, answered, viewer, today))
            self._trying[visible] = task, answered
        task, answered = self._trying[visible]
        await asyncio.wait([task], timeout=_PATIENCE)
        if task.done() and (error := task.exception()):
            self._trying.pop(visible, None)  # they are tried again when there is less to do
            if not isinstance(error, BriefingError):
                _log.error("Examples could not be tried", exc_info=error)
        return Found(list(answered), visible)

    def _untried(
        self, viewer: Viewer, today: date
    ) -> tuple[int, Names | None, list[Example] | None]:
        """Return examples to try; None in their place where there are no documents. Blocks."""
        generation, library = self._current.generation(), self._libraries.of(viewer)
        visible = self._access.visible_in(generation, viewer)
        has_some = any(row.title is not None for row in library.rows())
        return (
            generation.number,
            visible,
            library.examples(_MOST_TRIED, today) if has_some else None,
        )

    async def _try(
        self, untried: list[Example], answered: list[Example], viewer: Viewer, today: date
    ) -> None:
        """Put those that are answered, of as many documents as possible, into `answered`."""
        for example in _one_of_each_first(untried):
            if any(each.question == example.question for each in answered):
                continue
            wanted = example.then if not any(each.then for each in answered) else ""
            questions = [example.question, *filter(None, [wanted])]
            number = await self._answering.answered(questions, example.document, viewer, today)
            if number:
                answered.append(example._replace(then=wanted if number > 1 else ""))
            if len(answered) == _MOST_EXAMPLES:
                break


def _one_of_each_first(examples: list[Example]) -> list[Example]:
    """Return the examples with the first one of each document before a second one of any."""
    first = {example.document: example for example in reversed(examples)}
    return sorted(examples, key=lambda example: example is not first[example.document])
