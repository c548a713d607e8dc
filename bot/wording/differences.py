"""What is said of changes and of what differs, in Discord and at the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from bot.localization import _, ngettext
from index.comparing.comparison import Comparison, Relation
from index.comparing.stretches import Stretch
from index.store.catalog.history import ChangeKind


def became(what: ChangeKind, *, day: str, times: int = 1) -> str:
    if what is ChangeKind.CHANGED and times > 1:
        return ngettext(
            "changed {n:,} time, last on {day}", "changed {n:,} times, last on {day}", times
        ).format(n=times, day=day)
    said = {
        ChangeKind.ADDED: _("new, {day}"),
        ChangeKind.CHANGED: _("changed on {day}"),
        ChangeKind.REMOVED: _("removed on {day}"),
        ChangeKind.RENAMED: _("renamed on {day}"),
    }
    return said[what].format(day=day)


def counted(what: Collection[ChangeKind]) -> str:
    """Say how many documents changed, are new, were removed and were renamed."""
    counts = Counter(what)
    said = (
        (ChangeKind.CHANGED, _("{n:,} changed")),
        (ChangeKind.ADDED, _("{n:,} new")),
        (ChangeKind.REMOVED, _("{n:,} removed")),
        (ChangeKind.RENAMED, _("{n:,} renamed")),
    )
    return ", ".join(text.format(n=counts[one]) for one, text in said if counts[one])


def summary(comparison: Comparison, found: Collection[Stretch], *, one_document: bool) -> str:
    """Say how much differs, is on one side alone, and agrees, of one document or of two."""
    if not found:
        return _("Both say the same.")
    counts = Counter(one.relation for one in found)
    differ = counts[Relation.CHANGED]
    parts = []
    if differ:
        said = ngettext("{n:,} passage differs", "{n:,} passages differ", differ)
        parts.append(said.format(n=differ))
    for relation, of_one, of_two in (
        (Relation.REMOVED, _("{n:,} no longer there"), _("{n:,} only in the first")),
        (Relation.ADDED, _("{n:,} new"), _("{n:,} only in the second")),
        (Relation.MOVED, _("{n:,} moved"), _("{n:,} at another place")),
    ):
        if counts[relation]:
            parts.append((of_one if one_document else of_two).format(n=counts[relation]))
    agree = comparison.count(Relation.SAME)
    agreeing = ngettext("{n:,} sentence or row agrees", "{n:,} sentences and rows agree", agree)
    parts.append(agreeing.format(n=agree) if agree else _("no sentence agrees"))
    return "; ".join(parts)
