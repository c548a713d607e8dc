"""Redaction: reports on the index without the documents that a viewer may not see."""

from __future__ import annotations

import math
from collections.abc import Callable, Set
from dataclasses import replace

from bot.access.access import Access
from bot.access.viewers import Viewer
from index.indexing.report import ReindexReport
from index.store.generation import Generation


def visible_counts(generation: Generation, visible: Set[str] | None) -> tuple[set[str], int]:
    """Return the names of the visible documents that answer, and the number of their passages."""
    rows = [row for row in generation.catalog.rows(visible) if row.title is not None]
    return {row.name for row in rows}, sum(row.passages for row in rows)


def redact(
    report: ReindexReport,
    access: Access,
    viewer: Viewer,
    before: Generation | None,
    after: Generation | None,
) -> ReindexReport:
    """Return the report as if there were only the documents that the viewer may see.

    `before` and `after` are the generations before and after the reindex, None where there was
    none. A document that is no longer hidden counts as added, one that is hidden now as removed.
    The numbers of embedded passages cannot be divided by document: only a viewer who sees all gets
    them, and for others `seconds` is NaN.
    """
    sees_all = access.sees_all(viewer)

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
        unchanged=report.unchanged if sees_all else 0,
        failed=tuple(one for one in report.failed if now(one.document)),
        held=tuple(
            each
            for each in report.held
            if access.may_know_of_version(viewer, each.name, each.documents)
        ),
        embedded=report.embedded if sees_all else 0,
        reused=report.reused if sees_all else 0,
        seconds=report.seconds if sees_all else math.nan,
    )
