"""Going back to the generation before: what that would mean, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.access import visible_counts
from bot.localization import _
from index.errors import IndexUnavailable, NothingToRollBack
from index.store.folder import IndexStore
from index.store.generation import Generation, Recipe, open_generation

__all__ = ["RollbackPlan", "plan_rollback", "roll_back"]

NOTHING_TO_GO_BACK_TO = _("There is no earlier generation to go back to.")
ROLLBACK_OVERTAKEN = _(
    "Another generation answers by now, so nothing was done. Use /rollback again to see "
    "what going back would mean."
)
_PREVIOUS_UNUSABLE = _(
    "Generation {generation:,}, the one before, is damaged or was made by another "
    "version or for another model, so there is nothing to go back to."
)


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """From generation `current` to what `previous` holds, which was built at `built_at` (UTC).

    `returning` are documents that only the previous one has, `changed` those that would answer with
    their earlier text. `leaving` would no longer answer: only the current one has them, or they are
    for others since; empty where the current one is damaged, as `damaged` says.
    """

    current: int
    previous: int
    built_at: datetime
    documents: int
    passages: int
    returning: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    damaged: bool = False


def plan_rollback(
    store: IndexStore,
    recipe: Recipe | None,
    visible_in: Callable[[Generation], frozenset[str] | None] = lambda _: None,
) -> RollbackPlan:
    """`recipe` is what an index must have been made by to answer; what is not visible is left out,
    and so is what is hidden in the current generation.

    Raises NothingToRollBack, IndexMissing, and IndexDamaged where it is not known what answers.
    """
    pointer = store.pointer()
    if pointer.previous is None:
        raise NothingToRollBack(NOTHING_TO_GO_BACK_TO)
    try:
        previous = open_generation(store.directory(pointer.previous), recipe)
    except IndexUnavailable as exc:
        raise NothingToRollBack(_PREVIOUS_UNUSABLE.format(generation=pointer.previous)) from exc
    visible, before = visible_in(previous), None
    names = previous.catalog.document_names() if visible is None else visible
    names -= set(pointer.closed)
    try:
        current = open_generation(store.directory(pointer.current), None)
    except IndexUnavailable:
        pass
    else:
        visible_now = visible_in(current)
        before, _ = visible_counts(current, visible_now)
        if visible_now is not None:  # what is hidden now is not told of, whoever might see it then
            names -= current.catalog.document_names() - visible_now
        current.catalog.close()
    after, passages = visible_counts(previous, frozenset(names))
    found = RollbackPlan(
        current=pointer.current,
        previous=pointer.previous,
        built_at=datetime.fromisoformat(previous.manifest.created_at),
        documents=len(after),
        passages=passages,
        returning=tuple(name for name in pointer.removed if name in after),
        changed=tuple(name for name in pointer.changed if name in after),
        leaving=tuple(sorted(before - after)) if before is not None else (),
        damaged=before is None,
    )
    previous.catalog.close()
    return found


def roll_back(store: IndexStore, recipe: Recipe | None, current: int) -> int:
    """Lets what the generation before holds answer again; the number that this has now.

    Raises NothingToRollBack where another one than `current` answers, or the one before was made
    by another recipe; IndexBusy while a reindex runs, IndexMissing, IndexNotWritten, and
    IndexDamaged.
    """
    with store.lock():
        if store.pointer().current != current:
            raise NothingToRollBack(ROLLBACK_OVERTAKEN)
        return store.rollback(recipe).current
