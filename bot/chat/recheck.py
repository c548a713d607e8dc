"""Recheck: the last check of rights, before anything is sent.

A question may wait in line for seconds. Meanwhile a role may have been taken away, a channel opened
to more people, or a generation published in which a document is closed. Nothing here knows Discord.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.access import Access, Names, Viewer, goes_beyond
from bot.chat.admission import Admission
from bot.errors import Busy
from index.errors import IndexRemoved

_MOST = 3
"""How often one thing is looked up while people lose rights to it."""


class ViewerSource(Protocol):
    """Tells who would see a message, which depends on when it is sent."""

    async def viewer(self) -> Viewer:
        """Return who would see a message sent now, with the rights of this moment."""
        ...


class Recheck:
    """The check of one thing that is to be sent.

    `viewer`: for whom it is to be looked up. At first that is who was to see it when it was asked
    for, then who would have seen it at the last check.
    """

    def __init__(
        self, access: Access, admission: Admission, viewer_source: ViewerSource, viewer: Viewer
    ) -> None:
        self.viewer = viewer
        self._access = access
        self._admission = admission
        self._viewer_source = viewer_source
        self._tries = 0

    async def passed(self, names: Names | None, source_documents: Collection[str] = ()) -> bool:
        """Return whether a result that was found among the documents `names` may be sent.

        `source_documents` are documents, maybe removed by now, whose words it holds besides. If it
        may not, it is to be looked up anew for `viewer`. Raises Busy after _MOST tries, and
        IndexUnavailable.
        """
        self.viewer = await self._viewer_source.viewer()
        if await self._admission.run_quick(self._may_be_seen, names, source_documents):
            return True
        self._tries += 1
        if self._tries == _MOST:
            raise Busy(1)
        return False

    def _may_be_seen(self, names: Names | None, source_documents: Collection[str]) -> bool:
        access, viewer = self._access, self.viewer
        now = access.visible(viewer, fresh=True)
        try:
            beyond = goes_beyond(names, now)
        except IndexRemoved:  # what it was found in is gone, as after a purge
            return False
        return not beyond and access.may_know_of_all(viewer, source_documents)
