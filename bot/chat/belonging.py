"""Where the documents should answer a question that they do not: near its closest passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access import Access, Names, Viewer
from bot.chat.admission import Admission
from bot.chat.answering import QuestionEngine
from bot.chat.recheck import Found, ViewerSource, rechecked
from index.answering.answer import SearchResult

_NEAR = 0.0
"""The least score of a passage that is about what is asked: the reader's, as log odds."""
_FITTING = -5.0
"""The least score of one beside which the answer would not be strange."""
_READ = 3


@dataclass(frozen=True, slots=True)
class Nearest:
    """A place in the documents, with the headings above it, the outermost first.

    `is_near`: what stands there is about what was asked, though it may not answer.
    """

    document: str
    title: str
    heading: tuple[str, ...]
    is_near: bool


class Belonging:
    def __init__(self, engine: QuestionEngine, admission: Admission, access: Access) -> None:
        self._engine = engine
        self._admission = admission
        self._access = access

    async def nearest(
        self, questions: Sequence[str], viewer: Viewer, source: ViewerSource
    ) -> list[Nearest | None]:
        """Return a place for each question, None where nothing is like it.

        It is among what those may see whom `source` names by then. Questions are taken in line, one
        by one. Raises Busy and IndexUnavailable.
        """

        async def find(viewer: Viewer) -> Found[list[Nearest | None]]:
            names = await self._admission.run_quick(self._access.visible, viewer)
            found = [await self._admission.run(self._nearest, one, names) for one in questions]
            return Found(found, names)

        return await rechecked(self._access, self._admission, source, viewer, find)

    def _nearest(self, question: str, names: Names | None) -> Nearest | None:
        return nearest_of(self._engine.search(question, _READ, names))


def nearest_of(result: SearchResult) -> Nearest | None:
    """Return the place of the nearest passage; of a document that is replaced, its successor."""
    if not result.hits or result.hits[0].score < _FITTING:
        return None
    passage, is_near = result.hits[0].passage, result.hits[0].score >= _NEAR
    standing = next((one for one in result.standings if one.document == passage.document), None)
    if standing is not None and standing.replaced_by is not None:
        successor = standing.replaced_by
        return Nearest(successor.document, successor.title, (), is_near=False)
    title = standing.title if standing else passage.document
    return Nearest(passage.document, title, passage.heading if is_near else (), is_near)
