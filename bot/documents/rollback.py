"""Going back to the generation before: what that would mean, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.access import Policy, visible_counts
from bot.access.policy import FIELD
from bot.errors import NotAllowed
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
ROLLBACK_NOT_YOURS = _(
    "Going back would change who may see some document, so nothing was done. It takes an "
    "admin who may see all documents."
)
_PREVIOUS_UNUSABLE = _(
    "Generation {generation:,}, the one before, is damaged or was made by another "
    "version or for another model, so there is nothing to go back to."
)


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """From generation `current` to `previous`, which was built at `built_at` (UTC).

    `returning` are documents that only the previous one has, `leaving` those that only the current
    one has; `reopened` are documents of both that others could see then than may now. All are empty
    where the current one is damaged, as `damaged` says.
    """

    current: int
    previous: int
    built_at: datetime
    documents: int
    passages: int
    returning: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    damaged: bool = False


def plan_rollback(
    store: IndexStore,
    recipe: Recipe,
    visible_in: Callable[[Generation], frozenset[str] | None] = lambda _: None,
    policy: Policy | None = None,
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
    reopened: set[str] = set()
    try:
        current = open_generation(store.directory(pointer.current), None)
    except IndexUnavailable:
        pass
    else:
        visible_now = visible_in(current)
        before, _ = visible_counts(current, visible_now)
        if visible_now is not None:  # what is hidden now is not told of, whoever might see it then
            hidden = current.catalog.document_names() - visible_now
            names = previous.catalog.document_names() if visible is None else visible
            visible = frozenset(names - hidden)
        reopened = _reopened(policy or Policy(), previous, current)
        current.catalog.close()
    after, passages = visible_counts(previous, visible)
    found = RollbackPlan(
        current=pointer.current,
        previous=pointer.previous,
        built_at=datetime.fromisoformat(previous.manifest.created_at),
        documents=len(after),
        passages=passages,
        returning=tuple(sorted(after - before)) if before is not None else (),
        leaving=tuple(sorted(before - after)) if before is not None else (),
        reopened=tuple(sorted(reopened & after)),
        damaged=before is None,
    )
    previous.catalog.close()
    return found


def roll_back(
    store: IndexStore, recipe: Recipe, current: int, unless_reopened: Policy | None = None
) -> int:
    """Lets the generation before answer; its number.

    With a policy it must not show any document to others than who may see it now, by what was
    written in it then; else, and where it is not known who may, raises NotAllowed.

    Raises NothingToRollBack where another one than `current` answers, or the one before was made
    by another recipe; IndexBusy while a reindex runs, IndexMissing, and IndexDamaged.
    """
    with store.lock():
        pointer = store.pointer()
        if pointer.current != current:
            raise NothingToRollBack(ROLLBACK_OVERTAKEN)
        if unless_reopened is not None and pointer.previous is not None:
            previous = store.directory(pointer.previous)
            _require_none_reopened(unless_reopened, previous, store.directory(current))
        return store.rollback(recipe).current


def _require_none_reopened(policy: Policy, previous: Path, current: Path) -> None:
    before = open_generation(previous, None)
    try:
        now = open_generation(current, None)
        reopened = _reopened(policy, before, now)
        now.catalog.close()
    except IndexUnavailable as exc:
        raise NotAllowed(ROLLBACK_NOT_YOURS) from exc
    finally:
        before.catalog.close()
    if reopened:
        raise NotAllowed(ROLLBACK_NOT_YOURS)


def _reopened(policy: Policy, before: Generation, now: Generation) -> set[str]:
    """Documents of both that, by what was written in them before, others may see than now."""
    then = before.catalog.metadata()
    return {
        name
        for name, written in now.catalog.metadata().items()
        if name in then
        and not policy.audiences_of(name, then[name].get(FIELD))
        >= policy.audiences_of(name, written.get(FIELD))
    }
