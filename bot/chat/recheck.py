"""Recheck: the last check of rights, before anything is sent.

A question may wait in line for seconds. Meanwhile a role may have been taken away, a channel opened
to more people, or a generation published in which a document is closed. Nothing here knows Discord.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from bot.access import Access, Names, Viewer, goes_beyond
from bot.chat.admission import Admission
from bot.errors import Busy
from index.errors import IndexRemoved

T = TypeVar("T")

_MOST = 3
"""How often one thing is looked up while people lose rights to it."""

ViewerSource: TypeAlias = Callable[[], Awaitable[Viewer]]
"""Returns who would see a message sent now, with the rights of this moment."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What was found among the documents `names`, None for all.

    `source_documents` are documents, maybe removed by now, whose words it holds besides. Where it
    is not to be shown, nobody's rights are looked at.
    """

    value: T
    names: Names | None = None
    source_documents: Collection[str] = ()
    is_shown: bool = True


async def rechecked(
    access: Access,
    admission: Admission,
    viewer_source: ViewerSource,
    viewer: Viewer,
    find: Callable[[Viewer], Awaitable[Found[T]]],
) -> T:
    """Return what `find` finds for those who may see all of it when it is sent.

    `viewer` is who was to see it when it was asked for. Where others would see it by now, or with
    fewer rights, it is looked up anew for them. Raises Busy after _MOST tries, IndexUnavailable,
    and what `find` raises.
    """
    for _attempt in range(_MOST):
        saw_all = access.sees_all(viewer)
        found = await find(viewer)
        if not found.is_shown:
            return found.value
        viewer = await viewer_source()
        # Who sees all may also be told of what is gone.
        if (access.sees_all(viewer) or not saw_all) and await admission.run_quick(
            _may_see, access, viewer, found
        ):
            return found.value
    raise Busy(1)


def _may_see(access: Access, viewer: Viewer, found: Found[Any]) -> bool:
    now = access.visible(viewer, fresh=True)
    try:
        beyond = goes_beyond(found.names, now)
    except IndexRemoved:  # what it was found in is gone, as after a purge
        return False
    return not beyond and access.may_know_of_all(viewer, found.source_documents)
