"""The state of the index, whether or not it can be opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import utc_now
from bot.localization import LazyText
from index.errors import BriefingError, IndexMissing, IndexUnavailable
from index.sources.unread_kinds import is_unread_kind
from index.store.current import CurrentGeneration

if TYPE_CHECKING:
    from index.indexing.report import ReindexReport
    from index.store.ports import Store

STATUS_OUTDATED = LazyText(
    "The index was made by an older version and cannot answer. A reindex reads all "
    "documents anew; the bot begins one when it starts."
)


@dataclass(frozen=True, slots=True)
class IndexState:
    """The state of the index and what has changed in the corpus since.

    Where no index can be opened, `generation` to `model` are empty and `problem` is the reason.
    `changes` is what a reindex would do now; where that cannot be found out it is None, and
    `problem` is the reason. `index_bytes` counts all generations. `damaged` is as in `Pointer`.
    """

    index: str
    corpus: Path
    index_bytes: int = 0
    generation: int | None = None
    previous: int | None = None
    damaged: int | None = None
    created_at: str | None = None
    age_seconds: int | None = None
    documents: int = 0
    passages: int = 0
    failing: tuple[str, ...] = field(default=())
    unread: tuple[tuple[str, str], ...] = ()
    """The names of files of kinds that are not read, and why."""
    model: str | None = None
    changes: ReindexReport | None = None
    problem: str | None = None
    is_missing: bool = False
    """Whether there is no index: nothing was read yet, or it `is_gone`."""
    is_gone: bool = False


def index_state(
    store: Store,
    corpus: Path,
    dry_run: Callable[[], ReindexReport],
    now: datetime | None = None,
) -> IndexState:
    """Return the state of the index in `store`, whatever recipe it was made by.

    `dry_run` returns what a reindex would do; it may raise any BriefingError, which becomes the
    state's `problem`. Loads no model and raises nothing that the index or the corpus can cause.
    """
    state = IndexState(index=store.place, corpus=corpus)
    try:
        state = replace(state, index_bytes=store.size())
        generation = CurrentGeneration(store, None).generation()
        pointer = store.pointer()  # only now, as opening may have repaired the index
    except IndexUnavailable as exc:
        return replace(state, problem=str(exc), is_missing=isinstance(exc, IndexMissing))
    manifest, moment = generation.manifest, now or utc_now()
    failures = [(row.name, row.failure) for row in generation.catalog.rows() if row.failure]
    state = replace(
        state,
        generation=manifest.number,
        previous=pointer.previous,
        damaged=pointer.damaged,
        created_at=manifest.created_at,
        age_seconds=max(
            0, int((moment - datetime.fromisoformat(manifest.created_at)).total_seconds())
        ),
        documents=manifest.documents,
        passages=manifest.passages,
        failing=tuple(name for name, reason in failures if not is_unread_kind(reason)),
        unread=tuple(failure for failure in failures if is_unread_kind(failure[1])),
        model=manifest.recipe.model,
    )
    try:
        changes = dry_run()
        if changes.outdated:  # then every document counts as changed, which says nothing
            return replace(state, problem=str(STATUS_OUTDATED))
        return replace(state, changes=changes)
    except BriefingError as exc:
        return replace(state, problem=str(exc))
