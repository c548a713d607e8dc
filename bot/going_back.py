"""Going back to the generation before: what that would mean, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot import words
from bot.access import held
from index.errors import IndexUnavailable, NothingToRollBack
from index.generation import Generation, Recipe, open_generation
from index.store import IndexStore

__all__ = ["WayBack", "go_back", "way_back"]


@dataclass(frozen=True, slots=True)
class WayBack:
    """From generation `current` to `previous`, which was built at `built_at` (UTC).

    `returning` are documents that only the previous one has, `leaving` those that only the current
    one has; both are empty where the current one is damaged, as `damaged` says.
    """

    current: int
    previous: int
    built_at: datetime
    documents: int
    passages: int
    returning: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    damaged: bool = False


def way_back(
    store: IndexStore,
    recipe: Recipe,
    visible_in: Callable[[Generation], frozenset[str] | None] = lambda _: None,
) -> WayBack:
    """`recipe` is what an index must have been made by to answer; what is not visible is left out,
    and so is what is hidden in the current generation.

    Raises NothingToRollBack, IndexMissing, and IndexDamaged where it is not known what answers.
    """
    pointer = store.pointer()
    if pointer.previous is None:
        raise NothingToRollBack(words.NOTHING_TO_GO_BACK_TO)
    try:
        previous = open_generation(store.directory(pointer.previous), recipe)
    except IndexUnavailable as exc:
        raise NothingToRollBack(words.previous_unusable(generation=pointer.previous)) from exc
    visible, before = visible_in(previous), None
    try:
        current = open_generation(store.directory(pointer.current), None)
    except IndexUnavailable:
        pass
    else:
        visible_now = visible_in(current)
        before, _ = held(current, visible_now)
        if visible_now is not None:  # what is hidden now is not told of, whoever might see it then
            hidden = current.catalog.document_names() - visible_now
            names = previous.catalog.document_names() if visible is None else visible
            visible = frozenset(names - hidden)
        current.catalog.close()
    after, passages = held(previous, visible)
    found = WayBack(
        current=pointer.current,
        previous=pointer.previous,
        built_at=datetime.fromisoformat(previous.manifest.created_at),
        documents=len(after),
        passages=passages,
        returning=tuple(sorted(after - before)) if before is not None else (),
        leaving=tuple(sorted(before - after)) if before is not None else (),
        damaged=before is None,
    )
    previous.catalog.close()
    return found


def go_back(store: IndexStore, recipe: Recipe, current: int) -> int:
    """Lets the generation before answer; its number.

    Raises NothingToRollBack where another one than `current` answers, or the one before was made
    by another recipe; IndexBusy while a reindex runs, IndexMissing, and IndexDamaged.
    """
    with store.lock():
        if store.pointer().current != current:
            raise NothingToRollBack(words.ROLLBACK_OVERTAKEN)
        return store.rollback(recipe).current
