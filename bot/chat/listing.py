"""Lists over all documents, for the people who will see them. Nothing is recorded of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot import messages
from bot.access import Access, Viewer
from bot.chat.admission import Admission
from bot.chat.question import ChatQuestion
from bot.chat.recheck import Found, rechecked
from index.answering.list_requests import RollUpRequest
from index.answering.rollups.roll_up import verified_roll_up
from index.answering.rollups.rows import RollUp
from index.decisions import DecisionsSource
from index.errors import BadQuestion
from index.store.current import CurrentGeneration


@dataclass(frozen=True, slots=True)
class ListService:
    """Makes lists from the generation of this moment."""

    current: CurrentGeneration
    admission: Admission
    access: Access
    decisions: DecisionsSource

    async def rows(
        self, asked: ChatQuestion, request: RollUpRequest, first: int, most: int
    ) -> RollUp:
        """Return `most` rows of a list from `first` on, for those who will see them when sent.

        It counts as a question of that person. Raises BadQuestion where there is no document in the
        folder, and what `Admission.turn`, `Admission.run` and `rechecked` raise.
        """
        async with self.admission.turn(asked.person):
            return await rechecked(
                self.access,
                self.admission,
                asked.viewer_source,
                asked.viewer,
                lambda viewer: self.admission.run(self._rows, asked, request, first, most, viewer),
            )

    def _rows(
        self, asked: ChatQuestion, request: RollUpRequest, first: int, most: int, viewer: Viewer
    ) -> Found[RollUp]:
        assert asked.today is not None
        visible = self.access.visible(viewer)
        if self.access.has_none(visible):
            raise BadQuestion(messages.NOTHING_TO_SEE)
        names = self.access.narrowed(visible, folder=asked.folder)
        if asked.folder and not names:
            raise BadQuestion(messages.none_narrowed(folder=asked.folder, since=None))
        found = verified_roll_up(
            request,
            self.current.generation(),
            names,
            today=asked.today,
            decisions=self.decisions(),
            first=first,
            most=most,
        )
        return Found(found, visible)
