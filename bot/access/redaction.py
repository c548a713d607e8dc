"""What admins are told of the index, without what they may not see themselves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from bot.access.access import Access
from bot.access.viewers import Viewer
from index.indexing.report import ReindexReport
from index.store.generation import Generation

__all__ = ["redact", "visible_counts"]


def visible_counts(generation: Generation, visible: frozenset[str] | None) -> tuple[set[str], int]:
    """The names of the visible documents that answer, and how many passages they have."""
    rows = [row for row in generation.catalog.rows(visible) if row.title is not None]
    return {row.name for row in rows}, sum(row.passages for row in rows)


def redact(
    report: ReindexReport,
    access: Access,
    viewer: Viewer,
    before: Generation | None,
    after: Generation | None,
) -> ReindexReport:
    """As if there were only the documents that the viewer may see.

    `before` and `after` are the generations that the reindex began from and came to, None where
    there was none. A document that was hidden and no longer is counts as added, one that is hidden
    now as removed. What was embedded cannot be parted: it is told to those who see all, and for
    others `seconds` is NaN.
    """
    all_of_it = access.sees_all(viewer)

    def seen_in(generation: Generation | None) -> Callable[[str], bool]:
        return lambda name: access.may_see(viewer, name, generation)

    was, now = seen_in(before), seen_in(after)
    documents: set[str] = set()
    passages = 0
    if after is not None:
        documents, passages = visible_counts(after, access.visible_in(after, viewer))
    return replace(
        report,
        documents=len(documents),
        passages=passages,
        added=(
            *filter(now, report.added),
            *(name for name in report.changed if now(name) and not was(name)),
        ),
        changed=tuple(name for name in report.changed if was(name) and now(name)),
        removed=(
            *filter(was, report.removed),
            *(name for name in report.changed if was(name) and not now(name)),
        ),
        unchanged=report.unchanged if all_of_it else 0,
        failed=tuple(one for one in report.failed if now(one.document)),
        embedded=report.embedded if all_of_it else 0,
        reused=report.reused if all_of_it else 0,
        seconds=report.seconds if all_of_it else math.nan,
    )
