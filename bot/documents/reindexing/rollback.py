"""Rollback to the previous generation: what it would change, and the rollback itself."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime

from bot.access import visible_counts
from bot.localization import LazyText
from index.errors import IndexUnavailable, NothingToRollBack
from index.store.generation import Generation, Recipe
from index.store.ports import Store

NOTHING_TO_GO_BACK_TO = LazyText("There is no earlier generation to go back to.")
ROLLBACK_OVERTAKEN = LazyText(
    "Another generation answers by now, so nothing was done. Use /rollback again to see "
    "what going back would mean."
)
_PREVIOUS_UNUSABLE = LazyText(
    "Generation {generation:,}, the one before, is damaged or was made by another "
    "version or for another model, so there is nothing to go back to."
)


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """What a rollback from generation `current` to that built at `built_at` (UTC) changes.

    `returning` are documents that only the previous generation has, `changed` those that would
    answer with their earlier text. `leaving` would no longer answer: only the current generation
    has them, or their audience has changed since. `damaged` says whether the current generation is
    damaged; then `leaving` is empty.
    """

    current: int
    built_at: datetime
    documents: int
    returning: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    damaged: bool = False


def plan_rollback(
    store: Store,
    recipe: Recipe | None,
    visible_in: Callable[[Generation], Set[str] | None] = lambda _: None,
) -> RollbackPlan:
    """Return what a rollback would change.

    An index made by another recipe than `recipe` cannot answer. `visible_in` returns the names that
    the viewer may see in a generation, None for all; what is hidden now or was hidden then is left
    out. Raises NothingToRollBack, IndexMissing, and IndexDamaged where it is not known which
    generation is current.
    """
    pointer = store.pointer()
    if pointer.previous is None:
        raise NothingToRollBack(NOTHING_TO_GO_BACK_TO)
    try:
        previous = store.open_number(pointer.previous, recipe)
    except IndexUnavailable as exc:
        raise NothingToRollBack(_PREVIOUS_UNUSABLE.format(generation=pointer.previous)) from exc
    visible, before = visible_in(previous), None
    names = previous.catalog.document_names() if visible is None else visible
    names -= set(pointer.closed)
    try:
        current = store.open_number(pointer.current)
    except IndexUnavailable:
        pass
    else:
        visible_now = visible_in(current)
        before, _ = visible_counts(current, visible_now)
        if visible_now is not None:  # hidden now, even if the viewer could see it then
            names -= current.catalog.document_names() - visible_now
        current.catalog.close()
    after, _ = visible_counts(previous, frozenset(names))
    found = RollbackPlan(
        current=pointer.current,
        built_at=datetime.fromisoformat(previous.manifest.created_at),
        documents=len(after),
        returning=tuple(name for name in pointer.removed if name in after),
        changed=tuple(name for name in pointer.changed if name in after),
        leaving=tuple(sorted(before - after)) if before is not None else (),
        damaged=before is None,
    )
    previous.catalog.close()
    return found


def roll_back(store: Store, recipe: Recipe | None, current: int) -> int:
    """Make a copy of the previous generation current, and return its number.

    Raises NothingToRollBack if another generation than `current` answers by now, or the previous
    one was made by another recipe. Raises IndexBusy while a reindex runs, IndexMissing,
    IndexNotWritten, and IndexDamaged.
    """
    with store.lock():
        if store.pointer().current != current:
            raise NothingToRollBack(ROLLBACK_OVERTAKEN)
        return store.rollback(recipe).current
