"""One check more before anything is sent: may all who would see it still see what it is made of?

What is asked or looked up waits in line, for tens of seconds at worst. Meanwhile a role may have
been taken away, a channel opened to more people, or a generation published in which a document is
closed to them. Nothing here knows Discord.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.access import Access, Names, Viewer, goes_beyond
from bot.chat.admission import Admission
from bot.errors import Busy

__all__ = ["Recheck", "ViewerSource"]

_MOST = 3
"""How often one thing is looked up while the rights to it grow fewer."""


class ViewerSource(Protocol):
    """Whoever will see what is sent: it depends on when it is sent."""

    async def viewer(self) -> Viewer:
        """Return who would see what were sent now, with the rights of this moment."""
        ...


class Recheck:
    """Of one thing that is to be sent to `viewers`.

    `viewer` is for whom it is to be looked up: at first whoever was to see it when it was asked
    for, then whoever would have seen it at the last check.
    """

    def __init__(
        self, access: Access, admission: Admission, viewer_source: ViewerSource, viewer: Viewer
    ) -> None:
        self.viewer = viewer
        self._access = access
        self._desk = admission
        self._viewer_source = viewer_source
        self._tries = 0

    async def passed(self, names: Names | None, source_documents: Collection[str] = ()) -> bool:
        """Return whether what was looked up among the documents of these names may be sent.

        `source_documents` are documents, maybe gone by now, whose words it holds besides. If not,
        it is
        to be looked up anew, for `viewer`. Raises Busy where that was often enough, and
        IndexUnavailable.
        """
        self.viewer = await self._viewer_source.viewer()
        if await self._desk.run_quick(self._may_be_seen, names, source_documents):
            return True
        self._tries += 1
        if self._tries == _MOST:
            raise Busy(1)
        return False

    def _may_be_seen(self, names: Names | None, source_documents: Collection[str]) -> bool:
        access, viewer = self._access, self.viewer
        beyond = goes_beyond(names, access.visible(viewer))
        return not beyond and access.may_know_of_all(viewer, source_documents)
