"""What state the index is in, whether or not it can be opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import utc_now
from bot.localization import _
from index.errors import BriefingError, IndexUnavailable
from index.store.current import CurrentGeneration

if TYPE_CHECKING:
    from index.indexing.report import ReindexReport
    from index.store.folder import IndexStore

__all__ = ["IndexState", "index_state"]

STATUS_OUTDATED = _(
    "The index was made by an older version and cannot answer. A reindex reads all "
    "documents anew; the bot begins one when it starts."
)


@dataclass(frozen=True, slots=True)
class IndexState:
    """`generation` to `model` are empty where no index can be opened; `problem` says why.

    `changes` is what a reindex would do now, None where that cannot be found out, which `problem`
    tells as well. `index_bytes` counts both generations. `damaged` is as in
    `Pointer`.
    """

    index: Path
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
    model: str | None = None
    changes: ReindexReport | None = None
    problem: str | None = None


def index_state(
    store: IndexStore,
    corpus: Path,
    dry_run: Callable[[], ReindexReport],
    now: datetime | None = None,
) -> IndexState:
    """Return the state of the index in `store`, whatever recipe it was made by.

    `dry_run` returns what a reindex would do; it may raise any BriefingError, which becomes the
    state's `problem`. Loads no model and raises nothing that the index or the corpus can cause.
    """
    state = IndexState(index=store.root, corpus=corpus, index_bytes=_bytes_below(store.root))
    try:
        generation = CurrentGeneration(store, None).generation()
        pointer = store.pointer()  # after it, since that may have mended the index
    except IndexUnavailable as exc:
        return replace(state, problem=str(exc))
    manifest, moment = generation.manifest, now or utc_now()
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
        failing=tuple(row.name for row in generation.catalog.rows() if row.failure),
        model=manifest.recipe.model,
    )
    try:
        changes = dry_run()
        if changes.outdated:  # by which all documents have changed, which says nothing
            return replace(state, problem=STATUS_OUTDATED)
        return replace(state, changes=changes)
    except BriefingError as exc:
        return replace(state, problem=str(exc))


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in (folder / "generations").rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # removed by a reindex just now, or not ours to look at
            continue
    return total
